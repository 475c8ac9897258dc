"""Fields of a line of prices as values. Each raises BadRecord with the name of the field."""

from __future__ import annotations

import re
from datetime import date, datetime
from functools import lru_cache
from math import isfinite

from graph.errors import BadRecord
from graph.model import Bar, Millis
from ingest.market.quote import DAY_MS

NOTHING = frozenset({"", "-"})  # how exchanges write that there is no value
_EPOCH = date(1970, 1, 1)
_ISIN = re.compile(r"[A-Z]{2}[A-Z0-9]{9}[0-9]")
_MONTHS = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"]
_DAY_MONTH_YEAR = re.compile(r"(\d{1,2})-([A-Za-z]{3})-(\d{4}|\d{2})")


@lru_cache(maxsize=20_000)
def day(text: str) -> Millis:
    """`2015-03-02`, also with a time after it, as that day's 00:00 UTC."""
    try:
        return _midnight(date.fromisoformat(text[:10]))
    except ValueError:
        raise BadRecord(f"date {text!r} is not a day written YYYY-MM-DD") from None


@lru_cache(maxsize=20_000)
def day_of_month_name(text: str) -> Millis:
    """`01-JAN-2024`, `2-Jan-1995`, `03-Jan-23` as that day's 00:00 UTC, in any locale."""
    try:
        number, name, year = _DAY_MONTH_YEAR.fullmatch(text).groups()  # type: ignore[union-attr]
        full = int(year) if len(year) == 4 else int(year) + (1900 if int(year) >= 69 else 2000)
        return _midnight(date(full, _MONTHS.index(name.upper()) + 1, int(number)))
    except (AttributeError, ValueError):
        raise BadRecord(f"date {text!r} is not a day written DD-MON-YYYY") from None


def day_of_digits(digits: str) -> Millis:
    """`010124` (day, month, year) as that day's 00:00 UTC; years before 69 are of this century."""
    try:
        return _midnight(datetime.strptime(digits, "%d%m%y").date())
    except ValueError:
        raise BadRecord(f"date {digits!r} is not a day written DDMMYY") from None


def number(text: str, name: str) -> float:
    """A finite number that is not negative."""
    try:
        value = float(text)
    except ValueError:
        shown = f"{text.strip()!r}, which is no number" if text.strip() else "empty"
        raise BadRecord(f"{name} is {shown}") from None
    if not isfinite(value) or value < 0:
        raise BadRecord(f"{name} is {text.strip()}, which no {name} can be")
    return value


def price(text: str, name: str) -> float:
    """A number above zero."""
    value = number(text, name)
    if value == 0:
        raise BadRecord(f"{name} is 0; a price is above zero")
    return value


def optional(text: str, name: str) -> float | None:
    """A number, or None where nothing stands; exchanges write nothing as `-` too."""
    return None if text.strip() in NOTHING else number(text, name)


def count(text: str, name: str) -> int | None:
    """A whole number, or None where nothing stands."""
    value = optional(text, name)
    if value is not None and value != int(value):
        raise BadRecord(f"{name} is {text.strip()}, which is no whole number")
    return None if value is None else int(value)


def isin(text: str) -> str | None:
    """A well-formed ISIN with a right check digit, or None where nothing stands."""
    code = text.strip().upper()
    if code in NOTHING:
        return None
    if not _ISIN.fullmatch(code) or not _checks(code):
        raise BadRecord(f"ISIN {code!r} is not well-formed; a digit of it is wrong or missing")
    return code


def sane(bar: Bar) -> Bar:
    """The bar, if its low and high can stand together."""
    if bar.high < bar.low:
        raise BadRecord(f"high {bar.high:g} is below low {bar.low:g}")
    return bar


def within(bar: Bar) -> Bar:
    """The bar, if it opened and closed between its low and high, as in an exchange's own file."""
    for name, value in (("open", bar.open), ("close", bar.close)):
        if not bar.low <= value <= bar.high:
            raise BadRecord(
                f"{name} {value:g} is not between low {bar.low:g} and high {bar.high:g}"
            )
    return bar


def _midnight(value: date) -> Millis:
    return (value - _EPOCH).days * DAY_MS


def _checks(code: str) -> bool:
    """ISO 6166: letters count as 10 to 35, then every second digit from the right is doubled."""
    digits = [int(d) for c in code for d in str(int(c, 36))][::-1]
    return sum(sum(divmod(d * (1 + i % 2), 10)) for i, d in enumerate(digits)) % 10 == 0
