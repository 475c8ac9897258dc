"""Daily prices as Yahoo writes them: Date,Open,High,Low,Close,Adj Close,Volume[,Symbol]."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from graph.errors import BadRecord
from graph.model import Bar
from ingest.market import source
from ingest.market.fields import day, number, price, sane
from ingest.market.layout import CsvSource, Layout, Line
from ingest.market.quote import Quote
from ingest.market.venues import known_at, venue_of
from ingest.rejects import Reject

PRICES = ("open", "high", "low", "close")
EXPECTED = "Date,Open,High,Low,Close,Adj Close,Volume and, for several stocks in a file, Symbol"


def looks_like(head: str) -> bool:
    """Does a file that begins with this text hold prices of this shape?"""
    return LAYOUT.fits([head.encode()])


def read(path: Path | str) -> Iterator[Bar | Reject]:
    """The file's bars, and a reject for each line that holds none; .gz and .zip are read as well.

    The ticker is the Symbol column's, else the file's name. Raises SourceRefused for a file that
    has other columns, is not text, or ends in the middle (after its good lines), SourceUnavailable
    for one that cannot be opened.
    """
    return source.bars(CsvSource(LAYOUT, Path(path)))


def ticker_of(path: Path) -> str:
    """The stock that a file without a Symbol column is about: `aapl.csv.gz` is AAPL."""
    name = path.name.removesuffix(".gz")
    return name.rsplit(".", 1)[0].strip().upper() if "." in name else name.upper()


def _quote(line: Line) -> Quote:
    ticker = line["symbol"].upper() if "symbol" in line else ticker_of(Path(line.file))
    if not ticker:
        raise BadRecord("names no stock: Symbol is empty")
    at = day(line["date"])
    opened, high, low, close = (price(line[name], name) for name in PRICES)
    adjusted = price(line["adj close"], "adj close") if "adj close" in line else close
    volume = number(line["volume"], "volume")
    known = known_at(ticker, at)
    bar = sane(Bar(ticker, at, known, opened, high, low, close, adjusted, volume))
    venue = venue_of(ticker)
    if venue is None:
        return Quote(bar)
    return Quote(bar, exchange=venue.exchange, currency=venue.currency)


LAYOUT = Layout(
    name="yahoo-csv",
    what="Yahoo prices",
    expected=EXPECTED,
    needed={
        name.casefold(): (name,) for name in ("Date", "Open", "High", "Low", "Close", "Volume")
    },
    quote=_quote,
    optional={name: (name,) for name in ("adj close", "symbol")},
)
