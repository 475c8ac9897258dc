"""Which column of a file holds what: by usual names, or as a person maps them.

`close=CLOSE_PRICE,volume=QTY,zone=Asia/Kolkata,interval=1m` says where close and volume stand, that
times without an offset are India's, and that a line is a minute. What is not mapped is looked for
under its usual names, in any case.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, get_args
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from graph.errors import BadRecord, UsageError
from graph.model import Millis
from ingest.market.fields import day
from ingest.market.quote import MINUTE_MS, Interval
from ingest.market.venues import known_at

NEEDED = {
    "time": ("date", "time", "datetime", "timestamp", "day", "at"),
    "open": ("open", "open_price", "open price"),
    "high": ("high", "high_price", "high price"),
    "low": ("low", "low_price", "low price"),
    "close": ("close", "close_price", "close price"),
    "volume": ("volume", "vol"),
}
OPTIONAL = {
    "ticker": ("ticker", "symbol"),
    "adj_close": ("adj_close", "adj close", "adjclose", "adjusted_close"),
    "known_at": ("known_at",),
    "isin": ("isin",),
    "exchange": ("exchange",),
    "currency": ("currency",),
    "series": ("series",),
    "name": ("name",),
    "last": ("last", "last_price"),
    "previous": ("previous_close", "prev_close"),
    "turnover": ("turnover",),
    "trades": ("trades",),
    "delivered": ("delivered",),
}
FIELDS = (*NEEDED, *OPTIONAL)
SETTINGS = ("zone", "interval")
MS_FROM = 100_000_000_000  # an epoch this far is in milliseconds; as seconds it is the year 5138
_EPOCH = re.compile(r"-?\d{9,13}(\.0+)?")


@dataclass(frozen=True, slots=True)
class ColumnMap:
    """Where a file's columns are what, in which zone its times are, what a line spans."""

    columns: Mapping[str, str] = field(default_factory=dict)
    zone: str = "UTC"
    interval: Interval = "1d"

    @property
    def needed(self) -> dict[str, tuple[str, ...]]:
        """What a file must have: our field, and the names to look for. What is mapped is a must."""
        mapped = {ours: (theirs,) for ours, theirs in self.columns.items()}
        return {**NEEDED, **mapped}

    @property
    def optional(self) -> dict[str, tuple[str, ...]]:
        """What a file may have besides."""
        return {ours: names for ours, names in OPTIONAL.items() if ours not in self.columns}

    def at(self, value: Any) -> Millis:
        """A time as this file writes it. Raises BadRecord.

        Of a day, the date that is written counts, whatever the offset behind it; of a minute, the
        moment.
        """
        if self.interval == "1d":
            return day(str(value) if not _is_epoch(value) else self._moment(value).isoformat())
        moment = self._moment(value)
        at = _millis(moment)
        if at % MINUTE_MS:
            raise BadRecord(f"time {str(value)!r} is not the beginning of a minute")
        return at

    def moment(self, value: Any) -> Millis:
        """A moment to the millisecond, as for known_at. Raises BadRecord."""
        return _millis(self._moment(value))

    def known_at(self, ticker: str, at: Millis) -> Millis:
        """When a bar that began at `at` could be known, where the file does not say."""
        return at + MINUTE_MS if self.interval == "1m" else known_at(ticker, at)

    def _moment(self, value: Any) -> datetime:
        if _is_epoch(value):
            number = float(value)
            seconds = number / 1000 if abs(number) >= MS_FROM else number
            return datetime.fromtimestamp(seconds, ZoneInfo(self.zone))
        try:
            found = datetime.fromisoformat(str(value))
        except ValueError:
            raise BadRecord(
                f"time {str(value)!r} is neither written YYYY-MM-DD HH:MM nor seconds since 1970"
            ) from None
        return found if found.tzinfo else found.replace(tzinfo=ZoneInfo(self.zone))


def column_map(text: str) -> ColumnMap:
    """What a person wrote: `field=COLUMN,...`. Raises UsageError with the fields there are."""
    columns: dict[str, str] = {}
    settings: dict[str, str] = {}
    for part in filter(None, (part.strip() for part in text.split(","))):
        ours, equals, theirs = (piece.strip() for piece in part.partition("="))
        if not equals or not theirs or ours not in (*FIELDS, *SETTINGS):
            known = ", ".join((*FIELDS, *SETTINGS))
            raise UsageError(f"{part!r} maps no field; write field=COLUMN with a field of {known}")
        (settings if ours in SETTINGS else columns)[ours] = theirs
    return ColumnMap(columns, _zone(settings.get("zone", "UTC")), _interval(settings))


def _zone(name: str) -> str:
    try:
        return ZoneInfo(name).key
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise UsageError(f"{name!r} is no time zone; write it like Asia/Kolkata") from None


def _interval(settings: Mapping[str, str]) -> Interval:
    for known in get_args(Interval):
        if settings.get("interval", "1d") == known:
            return known  # type: ignore[no-any-return]
    raise UsageError(f"interval {settings['interval']!r} is not one of 1d, 1m")


def _is_epoch(value: Any) -> bool:
    return bool(_EPOCH.fullmatch(str(value)))


def _millis(moment: datetime) -> Millis:
    return round(moment.timestamp() * 1000)
