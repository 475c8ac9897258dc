"""When exchanges trade: the session that a moment belongs to, by the exchange's own clock.

Sessions come from `exchange_calendars` and, for India, from `special_sessions`. An exchange that
the library does not have trades on the days that have bars. A day is written as everywhere: its
date at 00:00 UTC, whatever the zone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from graph.model import Millis
from ingest.market.special_sessions import INDIA, Special
from ingest.market.venues import venue_of

Ints = NDArray[np.int64]

DAY_MS = 86_400_000
NONE: Millis = -(2**62)  # of a moment that lies after the last session known
# Exchanges as sources name them, in capitals, with the library's name of their calendar.
CALENDARS = {
    **dict.fromkeys(("NSE", "BSE", "XNSE", "XBOM"), "XBOM"),
    **dict.fromkeys(("NYSE", "NASDAQ", "AMEX", "OTC", "OTCMKTS", "XNYS", "XNAS"), "XNYS"),
    **dict.fromkeys(("LSE", "LON", "XLON"), "XLON"),
    **dict.fromkeys(("TSX", "TSXV", "XTSE"), "XTSE"),
    **dict.fromkeys(("XETRA", "XETR"), "XETR"),
    # As Yahoo writes them.
    **dict.fromkeys(("NYQ", "NMS", "NGM", "NCM", "ASE", "PCX", "BTS", "PNK"), "XNYS"),
    "NSI": "XBOM",
    "TOR": "XTSE",
    "VAN": "XTSE",
    "GER": "XETR",
}
# What Yahoo puts behind the tickers of an exchange; tickers of the United States have nothing.
SUFFIXES = {"": "NYSE", ".L": "LSE", ".TO": "TSX", ".V": "TSX", ".DE": "XETRA"}
SPECIALS: dict[str, tuple[Special, ...]] = {"XBOM": INDIA}
FEWEST_PART = 0.5  # of a usual day's bars, from which a day that the calendar lacks is a session


@dataclass(frozen=True, slots=True)
class Sessions:
    """The days on which an exchange trades, in order, each with opening and close (epoch ms)."""

    calendar: str | None  # the library's name; None where days with bars stand in
    zone: str
    days: Ints
    opens: Ints
    closes: Ints

    def session_of(self, at: Sequence[Millis] | Ints) -> Ints:
        """The session in which what happens at `at` can first be traded on: after the close, the
        next one. NONE after the last one known."""
        place = np.searchsorted(self.closes, np.asarray(at, dtype=np.int64), side="right")
        return np.asarray(np.append(self.days, NONE)[place], dtype=np.int64)

    def is_session(self, day: Millis) -> bool:
        """Is there trading on that date?"""
        return bool(self.place([day])[0] >= 0)

    def place(self, days: Sequence[Millis] | Ints) -> Ints:
        """Which session each date is, counted from 0; -1 where it is none."""
        wanted = np.asarray(days, dtype=np.int64)
        place = np.searchsorted(self.days, wanted)
        found = np.append(self.days, NONE)[place] == wanted
        return np.where(found, place, -1)

    def hours(self, day: Millis) -> tuple[Millis, Millis]:
        """When the session of that date opens and closes; the whole date where it is none."""
        place = int(self.place([day])[0])
        if place < 0:
            return day, day + DAY_MS
        return int(self.opens[place]), int(self.closes[place])


def calendar_of(ticker: str, exchange: str | None = None) -> str | None:
    """The library's calendar for a ticker, by its exchange where that is told, else by its suffix.

    None where neither is one of those listed here: then days with bars are its sessions. A ticker
    without a suffix, at an exchange that is told and not listed, is not taken for American.
    """
    told = CALENDARS.get(exchange.strip().upper()) if exchange else None
    if told or (exchange and "." not in ticker):
        return told
    venue = venue_of(ticker)
    if venue is not None:
        return CALENDARS[venue.exchange]
    stem, dot, suffix = ticker.rpartition(".")
    place = SUFFIXES.get(dot + suffix) if stem else SUFFIXES[""]
    return CALENDARS[place] if place else None


def sessions(calendar: str, since: Millis, until: Millis) -> Sessions:
    """The sessions of a calendar with since <= day < until, whole years of them at least.

    Years that the library does not reach hold special sessions only.
    """
    first = datetime.fromtimestamp(since / 1000, UTC).year
    last = datetime.fromtimestamp(max(since, until - 1) / 1000, UTC).year
    return _sessions(calendar, first, last)


@lru_cache(maxsize=64)
def _sessions(calendar: str, first: int, last: int) -> Sessions:
    import exchange_calendars as library  # brings pandas: only where sessions are asked for

    default = library.get_calendar(calendar)
    zone = str(default.tz)
    rows = _scheduled(type(default), f"{first}-01-01", f"{last}-12-31")
    for one in SPECIALS.get(calendar, ()):
        if first <= int(one.day[:4]) <= last:
            rows[_day(one.day)] = tuple(_local(one.day, at, zone) for at in (one.opens, one.closes))
    return _made(calendar, zone, rows)


def _scheduled(kind: Any, start: str, end: str) -> dict[Millis, tuple[Millis, ...]]:
    """Opening and close of each session, as far as the library's holidays reach."""
    low, high = kind.bound_min(), kind.bound_max()
    start = start if low is None else max(start, str(low.date()))
    end = end if high is None else min(end, str(high.date()))
    if start > end:
        return {}
    schedule = kind(start=start, end=end).schedule
    times = zip(schedule.index, schedule["open"], schedule["close"], strict=True)
    return {
        day.value // 1_000_000: (opens.value // 1_000_000, closes.value // 1_000_000)
        for day, opens, closes in times
    }


def with_days(known: Sessions, days: Sequence[Millis] | Ints) -> Sessions:
    """The sessions, and those days on which there was trading although the calendar has none.

    `days` has the date of every bar, one for each stock. The bar of one stock on a closed day is an
    error of its source and makes no session: half as many as on the session before do. Hours are
    those of that session.
    """
    dates, bars = np.unique(np.asarray(days, dtype=np.int64), return_counts=True)
    is_known = known.place(dates) >= 0
    new = dates[~is_known & (bars >= FEWEST_PART * _bars_before(dates, bars, is_known))]
    new = new[np.searchsorted(known.days, new) > 0]
    before = np.searchsorted(known.days, new) - 1
    shift = new - known.days[before]
    order = np.argsort(every := np.concatenate([known.days, new]), kind="stable")
    return Sessions(
        known.calendar,
        known.zone,
        every[order],
        np.concatenate([known.opens, known.opens[before] + shift])[order],
        np.concatenate([known.closes, known.closes[before] + shift])[order],
    )


def of_bars(days: Sequence[Millis] | Ints) -> Sessions:
    """Of an exchange without a calendar: every day with a bar, from midnight to midnight UTC."""
    dates = np.unique(np.asarray(days, dtype=np.int64))
    return Sessions(None, "UTC", dates, dates, dates + DAY_MS)


def _bars_before(dates: Ints, bars: Ints, is_known: NDArray[np.bool_]) -> Ints:
    """How many bars the known session before each date has; far too many where there is none."""
    counts = np.append(bars[is_known], DAY_MS)
    return counts[np.searchsorted(dates[is_known], dates) - 1]


def _made(calendar: str | None, zone: str, rows: dict[Millis, tuple[Millis, ...]]) -> Sessions:
    days = np.array(sorted(rows), dtype=np.int64)
    opens = np.array([rows[int(day)][0] for day in days], dtype=np.int64)
    closes = np.array([rows[int(day)][1] for day in days], dtype=np.int64)
    return Sessions(calendar, zone, days, opens, closes)


def _day(date: str) -> Millis:
    return int(datetime.fromisoformat(date).replace(tzinfo=UTC).timestamp()) * 1000


def _local(date: str, clock: str, zone: str) -> Millis:
    local = datetime.fromisoformat(f"{date}T{clock}").replace(tzinfo=ZoneInfo(zone))
    return int(local.timestamp()) * 1000
