"""Which tickers are one security, and quotes of several files made one.

An ISIN is the same on every exchange and survives a change of symbol. It does change where a share
is split into ones of another face value: then one ticker has two, one after the other.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime

from graph.model import Millis
from ingest.market.quote import Quote
from ingest.rejects import Reject

_SAME_PRICE = 0.005  # of the currency: files differ in how many digits they write


@dataclass(frozen=True, slots=True)
class Listing:
    """One security under one ticker, and the first and last day on which it was seen so."""

    isin: str
    ticker: str
    exchange: str | None
    currency: str | None
    symbol: str | None
    name: str | None
    since: Millis
    until: Millis


@dataclass(frozen=True, slots=True)
class SecurityDay:
    """What one security did on one day on all exchanges, the one with most turnover first."""

    isin: str
    at: Millis
    quotes: tuple[Quote, ...]

    @property
    def main(self) -> Quote:
        """Where most of it traded: its price is the one to judge."""
        return self.quotes[0]

    @property
    def volume(self) -> float:
        """Shares traded on all exchanges together."""
        return sum(quote.bar.volume for quote in self.quotes)


class Listings:
    """What is known of tickers and ISINs from quotes that have both."""

    def __init__(self, found: Iterable[Listing]) -> None:
        self._by_ticker: dict[str, list[Listing]] = defaultdict(list)
        for listing in sorted(found, key=lambda one: (one.since, one.until)):
            self._by_ticker[listing.ticker].append(listing)

    def isin(self, ticker: str, at: Millis) -> str | None:
        """The ISIN that a ticker had on a day: of the listing begun last before it, else the first.

        A symbol may pass to another company, so the day matters.
        """
        listings = self._by_ticker.get(ticker, [])
        begun = [one for one in listings if one.since <= at]
        return (begun[-1] if begun else listings[0]).isin if listings else None


def listings(quotes: Iterable[Quote]) -> list[Listing]:
    """Each pair of ISIN and ticker that occurs, by ticker and time."""
    seen: dict[tuple[str, str], Listing] = {}
    for quote in quotes:
        if quote.isin is None:
            continue
        key, at = (quote.isin, quote.bar.ticker), quote.bar.at
        known = seen.get(key)
        seen[key] = _listing(quote, at) if known is None else _longer(known, at)
    return sorted(seen.values(), key=lambda one: (one.ticker, one.since))


def joined(found: Iterable[Quote | Reject], known: Listings) -> Iterator[Quote | Reject]:
    """One quote a ticker and day, with the ISIN of its listing and what each file adds.

    Where two disagree on the close, the first stands and the other is a reject: joining them would
    put the deliveries of one share beside the price of another. Sorted by ticker and day, rejects
    as they come.
    """
    days: dict[tuple[str, Millis], Quote] = {}
    for one in found:
        if isinstance(one, Reject):
            yield one
            continue
        quote = replace(one, isin=one.isin or known.isin(one.bar.ticker, one.bar.at))
        key = (quote.bar.ticker, quote.bar.at)
        first = days.setdefault(key, quote)
        if abs(first.bar.close - quote.bar.close) > _SAME_PRICE:
            yield _disagreement(first, quote)
        else:
            days[key] = _filled(first, quote)
    yield from (days[key] for key in sorted(days))


def security_days(quotes: Iterable[Quote]) -> list[SecurityDay]:
    """Each security's days over all exchanges; quotes without an ISIN are left out."""
    days: dict[tuple[str, Millis], list[Quote]] = defaultdict(list)
    for quote in quotes:
        if quote.isin is not None:
            days[quote.isin, quote.bar.at].append(quote)
    return [SecurityDay(*key, tuple(sorted(days[key], key=_by_turnover))) for key in sorted(days)]


def _listing(quote: Quote, at: Millis) -> Listing:
    assert quote.isin is not None
    return Listing(
        quote.isin,
        quote.bar.ticker,
        quote.exchange,
        quote.currency,
        quote.symbol,
        quote.name,
        at,
        at,
    )


def _longer(known: Listing, at: Millis) -> Listing:
    return replace(known, since=min(known.since, at), until=max(known.until, at))


def _filled(first: Quote, second: Quote) -> Quote:
    """The first, with what only the second says."""
    missing = [field.name for field in fields(Quote) if getattr(first, field.name) is None]
    return replace(first, **{name: getattr(second, name) for name in missing})


def _by_turnover(quote: Quote) -> tuple[float, str]:
    turnover = quote.turnover
    return -(quote.bar.volume * quote.bar.close if turnover is None else turnover), quote.bar.ticker


def _disagreement(first: Quote, second: Quote) -> Reject:
    day = datetime.fromtimestamp(first.bar.at / 1000, UTC).date()
    closes = f"{first.bar.close:g} in one file and at {second.bar.close:g} in another"
    reason = f"{first.bar.ticker} closes on {day} at {closes}; the first is kept"
    return Reject(second.exchange or "", 0, reason, "")
