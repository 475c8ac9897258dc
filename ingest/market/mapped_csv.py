"""Prices in any file of comma-separated values: usual column names, or a map of them."""

from __future__ import annotations

import re
from pathlib import Path

from graph.errors import BadRecord
from graph.model import Bar
from ingest.market.columns import ColumnMap
from ingest.market.fields import count, isin, number, optional, price, sane
from ingest.market.layout import Layout, Line
from ingest.market.quote import Quote
from ingest.market.venues import venue_of
from ingest.market.yahoo_csv import ticker_of

# 12,34,567.50 and 1,234 but not 12,50, which may be a decimal comma.
_GROUPED = re.compile(r"\d{1,3}(,\d{2,3})*,\d{3}(\.\d+)?")
EXPECTED = "date (or time), open, high, low, close, volume and, for several stocks, ticker"


def layout(columns: ColumnMap) -> Layout:
    """The layout of files whose columns are so."""
    return Layout(
        name="prices-csv",
        what="prices",
        expected=_expected(columns),
        needed=columns.needed,
        optional=columns.optional,
        quote=lambda line: _quote(line, columns),
        interval=columns.interval,
    )


def _expected(columns: ColumnMap) -> str:
    if not columns.columns:
        return EXPECTED
    mapped = ", ".join(f"{theirs} as {ours}" for ours, theirs in columns.columns.items())
    return f"{EXPECTED}, with {mapped}"


def _quote(line: Line, columns: ColumnMap) -> Quote:
    ticker = (line["ticker"] if "ticker" in line else ticker_of(Path(line.file))).upper()
    if not ticker:
        raise BadRecord("names no stock: ticker is empty")
    at = columns.at(line["time"])
    opened, high, low, close = (
        price(_plain(line[name]), name) for name in ("open", "high", "low", "close")
    )
    adjusted = price(_plain(line["adj_close"]), "adj_close") if line["adj_close"] else close
    known = columns.moment(line["known_at"]) if line["known_at"] else columns.known_at(ticker, at)
    if known < at:
        raise BadRecord("known_at lies before the time of the bar")
    volume = number(_plain(line["volume"]), "volume")
    bar = sane(Bar(ticker, at, known, opened, high, low, close, adjusted, volume))
    return _with_rest(bar, line)


def _with_rest(bar: Bar, line: Line) -> Quote:
    venue = venue_of(bar.ticker)
    return Quote(
        bar,
        isin=isin(line["isin"]),
        exchange=line["exchange"] or (venue.exchange if venue else None),
        currency=line["currency"].upper() or (venue.currency if venue else None),
        series=line["series"] or None,
        name=line["name"] or None,
        last=optional(_plain(line["last"]), "last"),
        previous_close=optional(_plain(line["previous"]), "previous close"),
        turnover=optional(_plain(line["turnover"]), "turnover"),
        trades=count(_plain(line["trades"]), "trades"),
        delivered=optional(_plain(line["delivered"]), "deliveries"),
    )


def _plain(text: str) -> str:
    """A number without the commas that group its digits."""
    return text.replace(",", "") if _GROUPED.fullmatch(text) else text
