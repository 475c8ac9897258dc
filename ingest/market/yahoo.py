"""Bars from Yahoo: days of any span, minutes of the last month, and the actions beside them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import isnan
from typing import Any

from graph.errors import BadRecord
from graph.model import Bar, Millis
from ingest.market.actions import Action
from ingest.market.fields import day, sane
from ingest.market.fundamentals import Fact, of_yahoo
from ingest.market.quote import DAY_MS, MINUTE_MS, Interval, Quote
from ingest.market.venues import HUNDREDTHS, known_at, venue_of
from ingest.market.yahoo_client import History, YahooClient
from ingest.rejects import Reject

MINUTES_KEPT = 29 * DAY_MS  # Yahoo has minutes of 30 days, and means it to the second
MINUTES_ASKED = 7 * DAY_MS  # at once
FIELDS = {"open": "Open", "high": "High", "low": "Low", "close": "Close", "adj close": "Adj Close"}


@dataclass(frozen=True, slots=True)
class YahooSource:
    """The bars of some tickers with since <= time < until, whole days of UTC."""

    client: YahooClient
    tickers: Sequence[str]
    since: Millis
    until: Millis
    interval: Interval = "1d"

    @property
    def name(self) -> str:
        return "yahoo"

    def quotes(self) -> Iterator[Quote | Reject]:
        """See BarSource. A reject names `yahoo:TICKER` as its file and the row of the answer.

        A ticker of which Yahoo gives nothing is a reject of row 0; the others go on.
        """
        for found in self._found():
            yield from [found] if isinstance(found, Reject) else self._quotes(found)

    def actions(self) -> Iterator[Action | Reject]:
        """Splits and dividends of the same answers, known on their day. Ask for days.

        Yahoo's prices carry splits already, and its dividends are of shares as they are now.
        """
        for found in self._found():
            yield from [found] if isinstance(found, Reject) else _actions(found)

    def told(self) -> Iterator[Quote | Action | Reject]:
        """Quotes, and of days the actions too, each answer asked for once."""
        for found in self._found():
            if isinstance(found, Reject):
                yield found
                continue
            yield from self._quotes(found)
            yield from _actions(found) if self.interval == "1d" else ()

    def facts(self) -> Iterator[Fact | Reject]:
        """What Yahoo says of the companies now, known from now on."""
        for ticker in self.tickers:
            try:
                yield from of_yahoo(ticker, self.client.info(ticker), self.client.now())
            except BadRecord as error:
                yield _reject(ticker, 0, str(error), "")

    def _found(self) -> Iterator[History | Reject]:
        for ticker in self.tickers:
            yield from self._histories(ticker)

    def _quotes(self, found: History) -> Iterator[Quote | Reject]:
        for place, row in enumerate(found.rows.to_pylist(), 1):
            yield self._quote_or_reject(found, row, place)

    def _histories(self, ticker: str) -> Iterator[History | Reject]:
        start = self.since
        if self.interval == "1m" and start < (oldest := self._oldest_minute()):
            yield _reject(ticker, 0, "Yahoo keeps minutes for 30 days; what is older is gone", "")
            start = oldest
        step = MINUTES_ASKED if self.interval == "1m" else max(self.until - start, 1)
        for since in range(start, self.until, step):
            until = min(since + step, self.until)
            try:
                yield self.client.history(ticker, since, until, self.interval)
            except BadRecord as error:
                yield _reject(ticker, 0, str(error), "")

    def _oldest_minute(self) -> Millis:
        return (self.client.now() - MINUTES_KEPT) // DAY_MS * DAY_MS

    def _quote_or_reject(self, found: History, row: dict[str, Any], place: int) -> Quote | Reject:
        try:
            quote = _quote(found, row, self.interval)
            if quote.bar.known_at > self.client.now():
                raise BadRecord("had not ended when it was read")
            return quote
        except BadRecord as error:
            record = ",".join(str(value) for value in row.values())
            return _reject(found.ticker, place, str(error), record)


def _quote(found: History, row: dict[str, Any], interval: Interval) -> Quote:
    ticker = found.ticker.upper()
    at = day(row["day"]) if interval == "1d" else int(row["time"])
    if interval == "1m" and at % MINUTE_MS:
        raise BadRecord("is the last trade and no whole minute")
    known = known_at(ticker, at) if interval == "1d" else at + MINUTE_MS
    opened, high, low, close, adjusted = (_price(row[theirs], n) for n, theirs in FIELDS.items())
    bar = sane(Bar(ticker, at, known, opened, high, low, close, adjusted, row["Volume"]))
    venue = venue_of(ticker)
    currency = HUNDREDTHS.get(found.currency or "", found.currency)
    return Quote(bar, exchange=venue.exchange if venue else found.exchange, currency=currency)


def _price(value: float | None, name: str) -> float:
    if value is None or isnan(value):
        raise BadRecord(f"{name} is empty")
    if value <= 0:
        raise BadRecord(f"{name} is {value:g}; a price is above zero")
    return value


def _actions(found: History) -> Iterator[Action]:
    ticker = found.ticker.upper()
    for row in found.rows.to_pylist():
        at = day(row["day"])
        if row["Stock Splits"] > 0:
            yield Action(ticker, "split", at, at, ratio=row["Stock Splits"])
        if row["Dividends"] > 0:
            yield Action(ticker, "dividend", at, at, amount=row["Dividends"])


def _reject(ticker: str, row: int, reason: str, record: str) -> Reject:
    return Reject(f"yahoo:{ticker}", row, reason, record)
