"""Which format a file is in, found by looking into it. Adding a source means adding a row here."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from graph.errors import SourceRefused, SourceUnavailable, UsageError
from graph.model import Bar
from ingest import x_v11
from ingest.lines import head
from ingest.market import (
    bse_legacy,
    mapped_csv,
    nse_delivery,
    nse_legacy,
    texts,
    udiff,
    yahoo_csv,
)
from ingest.market.columns import ColumnMap
from ingest.market.layout import CsvSource, Layout
from ingest.market.source import bars
from ingest.record import Record
from ingest.rejects import Reject, shorten

LOOK_AT = 50  # lines: the first ones may be bad records in a good file
SHOWN = 80
PARQUET_EXPECTED = "Parquet with the columns of prices-csv"
Reader = Callable[[Path, frozenset[str]], Iterator[Record | Bar | Reject]]


@dataclass(frozen=True, slots=True)
class Format:
    """One format: what it is called, what a person should expect, how to know it and read it."""

    name: str
    expected: str
    fits: Callable[[Sequence[bytes]], bool]
    read: Reader
    zipped: bool = False  # may it stand in a zip?


def _is_x(lines: Sequence[bytes]) -> bool:
    return any(x_v11.looks_like(line) for line in lines)


def _prices(layout: Layout) -> Format:
    def read(path: Path, known: frozenset[str]) -> Iterator[Bar | Reject]:
        return bars(CsvSource(layout, path))

    return Format(layout.name, f"daily prices, {layout.expected}", layout.fits, read, zipped=True)


def _parquet(columns: ColumnMap) -> Format:
    def read(path: Path, known: frozenset[str]) -> Iterator[Bar | Reject]:
        from ingest.market import parquet  # pyarrow takes long to import; posts do without

        return bars(parquet.ParquetSource(path, columns))

    return Format("prices-parquet", f"prices, {PARQUET_EXPECTED}", _is_parquet, read)


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
        Format("x-v1.1-jsonl", f"posts of X API v1.1, {x_v11.EXPECTED}", _is_x, x_v11.read),
        *map(_prices, LAYOUTS),
        _parquet(ColumnMap()),
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
