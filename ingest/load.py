"""Files into the store: the only writer of accounts, posts, stocks and links, of bars and news.

What markets say goes to the store of bars, by way of `market/keep.py`.

A load may be repeated, stopped by kill -9 and started again, and given its files in any order:
every statement adds what is missing and keeps the earliest sight of a post and the newest profile
of an account, so the graph that results is one and the same. Whether `$GOLD` is a stock or slang
depends on which stocks are known: files of prices are read before posts, and posts that were loaded
before their prices may be loaded again.

A record that cannot be used goes to the rejects file. Every file's format is known before anything
is written, so a file of no known format stops the load with nothing changed. A damaged file (a cut
.gz) is read as far as it goes and that part is kept; its end goes to the rejects file, the other
files are loaded, and then SourceRefused says which file it was and how many records were read.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from graph.bars import Bars
from graph.errors import SourceRefused, SourceUnavailable
from graph.model import Millis, News
from graph.store import Counters, GraphStore, Progress
from ingest import formats, lines
from ingest.ahead import ahead
from ingest.formats import Format, Item
from ingest.market.columns import ColumnMap
from ingest.market.keep import Kept, keep, keep_table
from ingest.market.quote import Interval
from ingest.news.item import NewsItem
from ingest.news.write import link_news, listed, write_news
from ingest.record import Record
from ingest.rejects import Reject, RejectsFile
from ingest.rows import STATEMENTS, Batch, Rows

CHUNK = 5_000  # records at once: memory stays flat, and a killed load loses no more than this
BATCH = 10_000  # rows a transaction
FAR_AHEAD = 2**53

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True, slots=True)
class FileRead:
    """What one file gave."""

    path: Path
    format: str
    records: int  # with the rejected ones
    rejected: int


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a load read and what it changed. Things are counted once, however often they came."""

    files: tuple[FileRead, ...] = ()
    records: int = 0  # of all files, with the rejected ones; a line of prices is one too
    rejected: int = 0
    posts: int = 0  # with those that stand only inside others
    stub_posts: int = 0  # known by id only
    accounts: int = 0  # with a profile
    stub_accounts: int = 0  # known by name only
    stocks: int = 0
    links: int = 0
    mentions: int = 0
    account_mentions: int = 0
    links_to: int = 0
    reposts: int = 0
    quotes: int = 0
    replies: int = 0
    bars: int = 0
    bars_changed: int = 0  # new, or other than what was there
    listings_changed: int = 0  # ISINs and names of tickers that were new or seen longer
    actions: int = 0  # splits, bonuses and dividends
    actions_changed: int = 0
    facts: int = 0  # figures of companies
    facts_changed: int = 0
    news: int = 0  # articles and filings
    counters: Counters = field(default_factory=Counters)

    @property
    def changed(self) -> bool:
        """Did anything change in the graph or in the bars?"""
        kept = Kept(**{name: getattr(self, name) for name in asdict(Kept())})
        return self.counters.changed or kept.changed


@dataclass(slots=True)
class _Tally:
    """What one load counts as it goes."""

    rows: Rows = field(default_factory=Rows)
    files: list[FileRead] = field(default_factory=list)
    records: int = 0
    market: Kept = field(default_factory=Kept)
    news: set[str] = field(default_factory=set)
    counters: Counters = field(default_factory=Counters)
    now: Millis = field(default_factory=lambda: time.time_ns() // 1_000_000)


def load(
    store: GraphStore,
    bars: Bars,
    paths: Sequence[Path | str],
    *,
    format: str | None = None,
    rejects: Path,
    progress: Progress | None = None,
    known_tickers: frozenset[str] = frozenset(),
    columns: ColumnMap | None = None,
) -> Loaded:
    """Loads the files; see the module for what is kept, repeated and refused.

    `format` names the format of all of them instead of looking; `known_tickers` are stocks even
    where they look like slang; `columns` says which column of prices is what. Raises SourceRefused,
    SourceUnavailable, UsageError, or the store's errors.
    """
    files = [Path(path).resolve() for path in paths]
    kinds = [formats.chosen(path, format, columns) for path in files]
    tally = _Tally()
    troubles: list[str] = []
    with RejectsFile(Path(rejects), map(str, files)) as rejected:
        for path, kind in sorted(
            zip(files, kinds, strict=True), key=lambda one: one[1].asks_for_stocks
        ):
            known = known_tickers | (_stocks(bars) if kind.asks_for_stocks else frozenset())
            before = (tally.records, rejected.count)
            try:
                parts = _parts(path, kind, known, tally.rows)
                _load_file(store, bars, path, kind.interval, parts, tally, rejected, progress)
            except _Damaged as trouble:
                troubles.append(str(trouble))
            read, bad = tally.records - before[0], rejected.count - before[1]
            tally.files.append(FileRead(path, kind.name, read, bad))
    tally.files.sort(key=lambda one: files.index(one.path))
    if tally.news:
        tally.counters += link_news(store, listed(bars), progress)
    if troubles:
        raise SourceRefused("; ".join(troubles))
    return _loaded(tally, rejected.count)


class _Damaged(Exception):
    """A file that could be read only in part."""


def _load_file(
    store: GraphStore,
    bars: Bars,
    path: Path,
    interval: Interval,
    parts: Iterator[_Chunk],
    tally: _Tally,
    rejected: RejectsFile,
    progress: Progress | None,
) -> None:
    total = lines.count(path) if progress else 0
    before = tally.records
    for chunk in ahead(parts):
        tally.records += chunk.records
        for reject in chunk.rejects:
            rejected.add(replace(reject, file=str(path)))
        tally.counters += _write(store, chunk.batch)
        tally.counters += write_news(store, chunk.news) if chunk.news else Counters()
        tally.news.update(one.id for one in chunk.news)
        tally.market += keep(bars, chunk.market, interval, tally.now)
        if chunk.table is not None:
            tally.market += keep_table(bars, chunk.table, interval)
        if progress:
            done = tally.records - before
            progress(f"load {path.name}", done, max(total, done))
        if chunk.trouble:
            raise _Damaged(_kept(chunk.trouble, tally.records - before))


@dataclass(frozen=True, slots=True)
class _Chunk:
    """A part of a file, ready to be written."""

    records: int
    batch: Batch
    market: Sequence[Item]  # what the store of bars has a place for
    news: list[News]
    rejects: list[Reject]
    trouble: str | None  # why the file could not be read further
    table: pa.Table | None = None  # bars of a file that is read by the column


def _parts(path: Path, kind: Format, known: frozenset[str], rows: Rows) -> Iterator[_Chunk]:
    if kind.tables is None:
        return _chunks(path, kind.read(path, known), rows)
    return _tables(path, kind.tables(path), rows)


def _tables(
    path: Path, source: Iterator[tuple[pa.Table, list[Reject]]], rows: Rows
) -> Iterator[_Chunk]:
    """The bars of a file that is read by the column; where it is damaged, as in `_chunks`."""
    read = 0
    try:
        for table, rejects in source:
            read += table.num_rows + len(rejects)
            count = table.num_rows + len(rejects)
            yield _Chunk(count, rows.batch(()), [], [], rejects, None, table)
    except (SourceRefused, SourceUnavailable) as error:
        rest = Reject(str(path), read + 1, str(error), "")
        yield _Chunk(0, rows.batch(()), [], [], [rest], str(error))


def _chunks(path: Path, source: Iterator[Item], rows: Rows) -> Iterator[_Chunk]:
    """The file in parts; where it is damaged, the last part says so and rejects the rest."""
    while True:
        found: list[Item] = []
        trouble = _take(source, found)
        rejects = [one for one in found if isinstance(one, Reject)]
        if trouble:
            rejects.append(Reject(str(path), lines.count(path) + 1, trouble, ""))
        batch = rows.batch(one for one in found if isinstance(one, Record))
        market = [one for one in found if not isinstance(one, Record | NewsItem | Reject)]
        news = [one.news for one in found if isinstance(one, NewsItem)]
        if found or trouble:
            yield _Chunk(len(found), batch, market, news, rejects, trouble)
        if trouble or len(found) < CHUNK:
            return


def _take(source: Iterator[Item], into: list[Item]) -> str | None:
    """Moves up to CHUNK items over; the reason if the source broke."""
    try:
        into.extend(islice(source, CHUNK))
    except (SourceRefused, SourceUnavailable) as error:
        return str(error)
    return None


def write_records(store: GraphStore, records: Iterable[Record], rows: Rows) -> Counters:
    """Writes posts and their authors; `rows` remembers what was sent before."""
    return _write(store, rows.batch(records))


def _write(store: GraphStore, batch: Batch) -> Counters:
    changed = Counters()
    for statement in STATEMENTS:
        if batch[statement]:
            changed += store.write_rows(f"ingest/{statement}", batch[statement], batch=BATCH)
    return changed


def _stocks(bars: Bars) -> frozenset[str]:
    """What names one stock, as far as prices and listings are loaded by now."""
    return bars.names(as_of=FAR_AHEAD).symbols


def _kept(trouble: str, records: int) -> str:
    return f"{trouble.rstrip('.')}. The {records:,} records before that were read and are kept"


def _loaded(tally: _Tally, rejected: int) -> Loaded:
    once, rows = tally.rows.once, tally.rows
    return Loaded(
        files=tuple(tally.files),
        records=tally.records,
        rejected=rejected,
        posts=rows.posts.count,
        stub_posts=rows.stub_posts,
        accounts=rows.profiles.count,
        stub_accounts=rows.stub_accounts,
        stocks=once["stocks"].count,
        links=once["links"].count,
        mentions=once["mentions"].count,
        account_mentions=once["mentions_account"].count,
        links_to=once["links_to"].count,
        reposts=once["reposts"].count,
        quotes=once["quotes"].count,
        replies=once["replies"].count,
        **asdict(tally.market),
        news=len(tally.news),
        counters=tally.counters,
    )
