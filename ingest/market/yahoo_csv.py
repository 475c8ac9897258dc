"""Daily prices as Yahoo writes them: Date,Open,High,Low,Close,Adj Close,Volume[,Symbol]."""

from __future__ import annotations

import csv
import gzip
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from functools import lru_cache
from math import isfinite
from pathlib import Path
from typing import TextIO

from graph.errors import BadRecord, SourceRefused, SourceUnavailable
from graph.model import Bar, Millis
from ingest.rejects import Reject

DAY_MS = 86_400_000
# US sessions close at 16:00 in New York, which is 20:00 or 21:00 UTC; the later one is never too
# early. Other exchanges and half days need their calendar, and get this until they have one.
SESSION_CLOSE_MS = 21 * 3_600_000
PRICES = ("open", "high", "low", "close")
NEEDED = ("date", *PRICES, "volume")
EXPECTED = "Date,Open,High,Low,Close,Adj Close,Volume and, for several stocks in a file, Symbol"
_EPOCH = date(1970, 1, 1)


def looks_like(head: str) -> bool:
    """Does a file that begins with this text hold prices of this shape?"""
    return not _missing(_places(next(csv.reader(head.splitlines()[:1]), [])))


def read(path: Path | str) -> Iterator[Bar | Reject]:
    """The file's bars, and a reject for each line that holds none; .gz is read as well.

    The ticker is the Symbol column's, else the file's name. Raises SourceRefused for a file that
    has other columns, is not text, or ends in the middle (after its good lines), SourceUnavailable
    for one that cannot be opened.
    """
    path = Path(path)
    with _opened(path) as text:
        lines = csv.reader(text)
        places = _places(next(lines, []))
        if missing := _missing(places):
            raise SourceRefused(_wrong_columns(path, missing))
        ticker = ticker_of(path)
        for row in lines:
            if row:
                yield _bar_or_reject(row, places, ticker, path.name, lines.line_num)


def ticker_of(path: Path) -> str:
    """The stock that a file without a Symbol column is about: `aapl.csv.gz` is AAPL."""
    name = path.name.removesuffix(".gz")
    return name.rsplit(".", 1)[0].strip().upper() if "." in name else name.upper()


def _bar_or_reject(
    row: Sequence[str], places: Mapping[str, int], ticker: str, file: str, line: int
) -> Bar | Reject:
    try:
        return _bar(row, places, ticker)
    except BadRecord as error:
        return Reject(file, line, str(error), ",".join(row))


def _bar(row: Sequence[str], places: Mapping[str, int], ticker: str) -> Bar:
    if len(row) <= max(places.values()):
        raise BadRecord(f"has {len(row)} columns where {max(places.values()) + 1} are needed")
    if "symbol" in places:
        ticker = row[places["symbol"]].strip().upper()
    if not ticker:
        raise BadRecord("names no stock: Symbol is empty")
    at = day(row[places["date"]].strip())
    opened, high, low, close = (_price(row[places[name]], name) for name in PRICES)
    if high < low:
        raise BadRecord(f"high {high:g} is below low {low:g}")
    adjusted = _price(row[places["adj close"]], "adj close") if "adj close" in places else close
    volume = _number(row[places["volume"]], "volume")
    return Bar(ticker, at, at + SESSION_CLOSE_MS, opened, high, low, close, adjusted, volume)


@lru_cache(maxsize=20_000)
def day(text: str) -> Millis:
    """`2015-03-02`, also with a time after it, as that day's 00:00 UTC. Raises BadRecord."""
    try:
        return (date.fromisoformat(text[:10]) - _EPOCH).days * DAY_MS
    except ValueError:
        raise BadRecord(f"date {text!r} is not a day written YYYY-MM-DD") from None


def _price(text: str, name: str) -> float:
    value = _number(text, name)
    if value == 0:
        raise BadRecord(f"{name} is 0; a price is above zero")
    return value


def _number(text: str, name: str) -> float:
    try:
        value = float(text)
    except ValueError:
        shown = f"{text.strip()!r}, which is no number" if text.strip() else "empty"
        raise BadRecord(f"{name} is {shown}") from None
    if not isfinite(value) or value < 0:
        raise BadRecord(f"{name} is {text.strip()}, which no {name} can be")
    return value


def _places(header: Sequence[str]) -> dict[str, int]:
    """Where each column that we read stands, by its lower-case name."""
    names = [name.strip().lstrip("\ufeff").casefold() for name in header]
    wanted = (*NEEDED, "adj close", "symbol")
    return {name: names.index(name) for name in wanted if name in names}


def _missing(places: Mapping[str, int]) -> list[str]:
    return [name.capitalize() for name in NEEDED if name not in places]


def _wrong_columns(path: Path, missing: Sequence[str]) -> str:
    return (
        f"{path} is not a file of Yahoo prices: it has no column {', '.join(missing)}. "
        f"Expected is a first line {EXPECTED}."
    )


@contextmanager
def _opened(path: Path) -> Iterator[TextIO]:
    """The file as text, its troubles as ours."""
    try:
        with path.open("rb") as raw:
            zipped = raw.read(2) == b"\x1f\x8b"
        opener = gzip.open if zipped else open
        with opener(path, "rt", encoding="utf-8", newline="") as text:
            yield text
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise SourceRefused(
            f"{path} is damaged or ends in the middle ({error}); get the whole file again."
        ) from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise SourceRefused(f"{path} is not CSV text ({error}). Expected is {EXPECTED}.") from error
    except OSError as error:
        raise SourceUnavailable(f"{path} cannot be read: {error.strerror or error}.") from error
