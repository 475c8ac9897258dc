"""Files into the store: the only writer of accounts, posts, stocks and links, and of bars.

A load may be repeated, stopped by kill -9 and started again, and given its files in any order:
every statement adds what is missing and keeps the earliest sight of a post and the newest profile
of an account, so the graph that results is one and the same.

A record that cannot be used goes to the rejects file. Every file's format is known before anything
is written, so a file of no known format stops the load with nothing changed. A damaged file (a cut
.gz) is read as far as it goes and that part is kept; its end goes to the rejects file, the other
files are loaded, and then SourceRefused says which file it was and how many records were read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import TypeVar

from graph.bars import Bars
from graph.errors import SourceRefused, SourceUnavailable
from graph.model import Bar
from graph.store import Counters, GraphStore, Progress
from ingest import formats, lines
from ingest.ahead import ahead
from ingest.market.columns import ColumnMap
from ingest.record import Record
from ingest.rejects import Reject, RejectsFile
from ingest.rows import STATEMENTS, Batch, Rows

CHUNK = 5_000  # records at once: memory stays flat, and a killed load loses no more than this
BATCH = 10_000  # rows a transaction

Item = TypeVar("Item")


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
    counters: Counters = field(default_factory=Counters)

    @property
    def changed(self) -> bool:
        """Did anything change in the graph or in the bars?"""
        return self.counters.changed or self.bars_changed > 0


@dataclass(slots=True)
class _Tally:
    """What one load counts as it goes."""

    rows: Rows = field(default_factory=Rows)
    files: list[FileRead] = field(default_factory=list)
    records: int = 0
    bars: int = 0
    bars_changed: int = 0
    counters: Counters = field(default_factory=Counters)


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
        for path, kind in zip(files, kinds, strict=True):
            source = kind.read(path, known_tickers)
            before = (tally.records, rejected.count)
            try:
                _load_file(store, bars, path, source, tally, rejected, progress)
            except _Damaged as trouble:
                troubles.append(str(trouble))
            read, bad = tally.records - before[0], rejected.count - before[1]
            tally.files.append(FileRead(path, kind.name, read, bad))
    if troubles:
        raise SourceRefused("; ".join(troubles))
    return _loaded(tally, rejected.count)


class _Damaged(Exception):
    """A file that could be read only in part."""


def _load_file(
    store: GraphStore,
    bars: Bars,
    path: Path,
    source: Iterator[Record | Bar | Reject],
    tally: _Tally,
    rejected: RejectsFile,
    progress: Progress | None,
) -> None:
    total = lines.count(path) if progress else 0
    before = tally.records
    for chunk in ahead(_chunks(path, source, tally.rows)):
        tally.records += chunk.records
        for reject in chunk.rejects:
            rejected.add(replace(reject, file=str(path)))
        tally.counters += _write(store, chunk.batch)
        _put(bars, chunk.bars, tally)
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
    bars: list[Bar]
    rejects: list[Reject]
    trouble: str | None  # why the file could not be read further


def _chunks(path: Path, source: Iterator[Record | Bar | Reject], rows: Rows) -> Iterator[_Chunk]:
    """The file in parts; where it is damaged, the last part says so and rejects the rest."""
    while True:
        found: list[Record | Bar | Reject] = []
        trouble = _take(source, found)
        rejects = [one for one in found if isinstance(one, Reject)]
        if trouble:
            rejects.append(Reject(str(path), lines.count(path) + 1, trouble, ""))
        batch = rows.batch(one for one in found if isinstance(one, Record))
        prices = [one for one in found if isinstance(one, Bar)]
        if found or trouble:
            yield _Chunk(len(found), batch, prices, rejects, trouble)
        if trouble or len(found) < CHUNK:
            return


def _take(source: Iterator[Item], into: list[Item]) -> str | None:
    """Moves up to CHUNK items over; the reason if the source broke."""
    try:
        into.extend(islice(source, CHUNK))
    except (SourceRefused, SourceUnavailable) as error:
        return str(error)
    return None


def _write(store: GraphStore, batch: Batch) -> Counters:
    changed = Counters()
    for statement in STATEMENTS:
        if batch[statement]:
            changed += store.write_rows(f"ingest/{statement}", batch[statement], batch=BATCH)
    return changed


def _put(bars: Bars, found: Iterable[Bar], tally: _Tally) -> None:
    prices = list(found)
    if prices:
        tally.bars += len(prices)
        tally.bars_changed += bars.put(prices)


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
        bars=tally.bars,
        bars_changed=tally.bars_changed,
        counters=tally.counters,
    )
