"""Exchanges by the suffix of a ticker: `RELIANCE.NS` trades at NSE, in rupees.

When a day's bar could be known is said here and nowhere else, until a calendar says it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from graph.model import Millis

HOUR_MS = 3_600_000
# What Yahoo calls prices in a hundredth of the currency; `GBp` in upper case would be pounds.
HUNDREDTHS = {"GBp": "GBX", "ZAc": "ZAC", "ILA": "ILA"}
# US sessions close at 16:00 in New York, which is 20:00 or 21:00 UTC; the later one is never too
# early. Other exchanges and half days need their calendar, and get this until they have one.
SESSION_CLOSE_MS = 21 * HOUR_MS


@dataclass(frozen=True, slots=True)
class Venue:
    """An exchange. `known_after` is from the session's day at 00:00 UTC, in milliseconds."""

    exchange: str
    suffix: str
    currency: str
    known_after: Millis


# 19:30 in India: the evening session of a holiday is over, and the day's file is out.
NSE = Venue("NSE", ".NS", "INR", 14 * HOUR_MS)
BSE = Venue("BSE", ".BO", "INR", 14 * HOUR_MS)
VENUES = {venue.suffix: venue for venue in (NSE, BSE)}


@lru_cache(maxsize=20_000)
def venue_of(ticker: str) -> Venue | None:
    """Where a ticker trades; None where its suffix does not say, as with US tickers."""
    stem, dot, suffix = ticker.rpartition(".")
    return VENUES.get(dot + suffix) if stem else None


def known_at(ticker: str, day: Millis) -> Millis:
    """When the bar of that day could be known, rather too late than too early."""
    venue = venue_of(ticker)
    return day + (SESSION_CLOSE_MS if venue is None else venue.known_after)
