"""Which format a file is in, found by looking into it. Adding a source means adding a row here."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from graph.errors import SourceRefused, SourceUnavailable, UsageError
from ingest import x_v11
from ingest.lines import head
from ingest.market import (
    action_files,
    bse_legacy,
    fundamentals,
    mapped_csv,
    nse_delivery,
    nse_legacy,
    nse_listed,
    tabular,
    texts,
    udiff,
    yahoo_csv,
)
from ingest.market.actions import Action
from ingest.market.columns import ColumnMap
from ingest.market.fundamentals import Fact
from ingest.market.layout import CsvSource, Layout
from ingest.market.nse_listed import Company
from ingest.market.quote import Interval, Quote
from ingest.news import newsapi
from ingest.news.companies import Companies
from ingest.news.item import NewsItem
from ingest.record import Record
from ingest.rejects import Reject, shorten

if TYPE_CHECKING:
    import pyarrow as pa

LOOK_AT = 50  # lines: the first ones may be bad records in a good file
SHOWN = 80
LONGEST_OPENING = 4_096  # bytes within which news says what it is
_FEED = re.compile(r"<(?:rss|feed|rdf:RDF)[\s>]")
_NEWSAPI = re.compile(r'\ufeff?\s*\{\s*"(?:status|totalResults|articles)"[\s\S]*?"articles"\s*:')
PARQUET_EXPECTED = "Parquet with the columns of prices-csv"
Item = Record | Quote | Action | Fact | Company | NewsItem | Reject
Reader = Callable[[Path, frozenset[str]], Iterator[Item]]
Tables = Callable[[Path], Iterator[tuple["pa.Table", list[Reject]]]]


@dataclass(frozen=True, slots=True)
class Format:
    """One format: what it is called, what a person should expect, how to know it and read it."""

    name: str
    expected: str
    fits: Callable[[Sequence[bytes]], bool]
    read: Reader
    zipped: bool = False  # may it stand in a zip?
    interval: Interval = "1d"  # of its bars
    tables: Tables | None = None  # its bars by the column, where a file may hold millions
    asks_for_stocks: bool = False  # does what it says depend on which stocks are known?


def _is_x(lines: Sequence[bytes]) -> bool:
    return any(x_v11.looks_like(line) for line in lines)


def _prices(layout: Layout) -> Format:
    def read(path: Path, known: frozenset[str]) -> Iterator[Item]:
        return CsvSource(layout, path).quotes()

    said = f"daily prices, {layout.expected}"
    return Format(layout.name, said, layout.fits, read, zipped=True, interval=layout.interval)


def _table_of(
    name: str,
    what: str,
    needed: Sequence[str],
    read: Callable[[Path], Iterator[Item]],
    any_of: Collection[str] = (),
) -> Format:
    """A file of comma-separated records that is no file of prices."""

    def fits(lines: Sequence[bytes]) -> bool:
        first = lines[0].decode("utf-8", "replace") if lines else ""
        some = not any_of or any(tabular.fits(first, [one]) for one in any_of)
        return some and tabular.fits(first, needed)

    said = f"{what}, {','.join(needed)}" + (f" and some of {','.join(any_of)}" if any_of else "")
    return Format(name, said, fits, lambda path, known: read(path), zipped=True)


def _is_actions(lines: Sequence[bytes]) -> bool:
    text = _joined(lines)
    return text.lstrip("\ufeff \n").startswith("[") and all(
        f'"{name}"' in text for name in ("symbol", "subject", "exDate")
    )


def _feed(path: Path, known: frozenset[str]) -> Iterator[NewsItem | Reject]:
    from ingest.news import feeds  # its parser takes long to import

    return feeds.read(path, Companies())


def _newsapi(path: Path, known: frozenset[str]) -> Iterator[NewsItem | Reject]:
    return newsapi.read(path, Companies())


def _is_feed(lines: Sequence[bytes]) -> bool:
    text = _joined(lines)
    return not texts.is_page(text) and bool(_FEED.search(text))


def _is_newsapi(lines: Sequence[bytes]) -> bool:
    return bool(_NEWSAPI.match(_joined(lines)))


def _joined(lines: Sequence[bytes]) -> str:
    return b"\n".join(lines)[:LONGEST_OPENING].decode("utf-8", "replace")


def _parquet(columns: ColumnMap) -> Format:
    def read(path: Path, known: frozenset[str]) -> Iterator[Item]:
        from ingest.market import parquet  # pyarrow takes long to import; posts do without

        return parquet.ParquetSource(path, columns).quotes()

    def tables(path: Path) -> Iterator[tuple[pa.Table, list[Reject]]]:
        from ingest.market import parquet

        return parquet.ParquetSource(path, columns).tables()

    return Format(
        "prices-parquet",
        f"prices, {PARQUET_EXPECTED}",
        _is_parquet,
        read,
        interval=columns.interval,
        tables=tables,
    )


def _is_parquet(lines: Sequence[bytes]) -> bool:
    return bool(lines) and lines[0].startswith(b"PAR1")


LAYOUTS = (
    yahoo_csv.LAYOUT,
    nse_legacy.LAYOUT,
    nse_delivery.LAYOUT,
    udiff.LAYOUT,
    bse_legacy.LAYOUT,
    mapped_csv.layout(ColumnMap()),  # the least particular of all
)
FORMATS = {
    one.name: one
    for one in (
        Format(
            "x-v1.1-jsonl",
            f"posts of X API v1.1, {x_v11.EXPECTED}",
            _is_x,
            x_v11.read,
            asks_for_stocks=True,
        ),
        Format("news-feed", "news, RSS or Atom, XML with item or entry elements", _is_feed, _feed),
        Format("newsapi", f"news, {newsapi.EXPECTED}", _is_newsapi, _newsapi),
        Format(
            "nse-actions",
            "corporate actions of NSE, a JSON list of objects with symbol, subject and exDate",
            _is_actions,
            lambda path, known: action_files.read_nse(path),
        ),
        _table_of("actions-csv", "corporate actions", action_files.NEEDED, action_files.read_csv),
        _table_of("nse-list", "companies listed at NSE", nse_listed.NEEDED, nse_listed.read),
        *map(_prices, LAYOUTS),
        _parquet(ColumnMap()),
        _table_of(
            "fundamentals-csv",
            "fundamentals",
            fundamentals.NEEDED,
            fundamentals.read_csv,
            fundamentals.FACTS,
        ),
    )
}


def named(name: str) -> Format:
    """The format of that name. Raises UsageError with the known ones."""
    if name not in FORMATS:
        raise UsageError(f"no format is called {name!r}; known: {', '.join(FORMATS)}")
    return FORMATS[name]


def chosen(path: Path, name: str | None = None, columns: ColumnMap | None = None) -> Format:
    """The format to read a file in: as it is named, as its columns are mapped, else by looking.

    Raises UsageError where a format that takes no map is given one, and as `named` and `detect`.
    """
    if columns is None:
        return named(name or detect(path))
    binary = _is_parquet(head(path, 1))
    found = _parquet(columns) if binary else _prices(mapped_csv.layout(columns))
    if name in (None, found.name):
        return found
    raise UsageError(f"a map of columns goes with {found.name} and not with {name}; leave one away")


def detect(path: Path | str) -> str:
    """The name of the file's format; .gz is looked into.

    Raises SourceRefused, saying what was expected and what stood there, for a file of no known
    format, SourceUnavailable for one that cannot be opened.
    """
    path = Path(path)
    if path.is_dir():
        raise SourceRefused(f"{path} is a folder; name the files in it")
    if not path.exists():
        raise SourceUnavailable(f"{path} does not exist; look at how it is written")
    zipped = texts.is_zip(path)
    heads = list(texts.heads(path, LOOK_AT)) if zipped else [head(path, LOOK_AT)]
    for lines in heads:
        for format in FORMATS.values():
            if lines and (format.zipped or not zipped) and format.fits(lines):
                return format.name
    raise SourceRefused(_unknown(path, heads[0]))


def _unknown(path: Path, lines: Sequence[bytes]) -> str:
    first = shorten(lines[0].decode("utf-8", "replace"), SHOWN) if lines else ""
    if texts.is_page(first):
        return texts.page_instead(path)
    there = f"its first line is {first!r}" if lines else "it is empty"
    known = "; ".join(f"{one.name}: {one.expected}" for one in FORMATS.values())
    return f"{path} is in no known format: {there}. Expected is one of {known}; .gz of these too"
