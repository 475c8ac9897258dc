"""Numbers in sentences: one function writes them, one reads them back.

A sentence of an explanation gives no number that the data beside it does not have.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal

_NUMBER = re.compile(r"(?<![\w$.:\-−])[+\-−]?\d[\d,]*(?:\.\d+)?(?:e[+-]?\d+)?(?: %)?(?!\w)")


def figure(value: float, show: str = "number") -> str:
    """A number as a person reads it. `show`: count, share (0.38 is 38 %), change (with its sign),
    minutes, hours, days, or number (three digits)."""
    if show == "share":
        return f"{value:.0%}".replace("%", " %")
    if show == "change":
        return f"{value:+.0f}" if round(value) else "0"
    if show == "count":
        return f"{value:,.0f}"
    if show in ("minutes", "hours", "days"):
        return f"{value:.3g} {show}"
    return f"{value:.3g}"


def counted(number: int, one: str, many: str = "") -> str:
    """`1 post`, `2 posts`."""
    return f"{figure(number, 'count')} {one if number == 1 else many or one + 's'}"


def numbers(text: str) -> list[tuple[float, float]]:
    """The numbers of a text, each with half a unit of its last digit; a per cent is a hundredth.

    Digits inside a word, a ticker or an id are none.
    """
    return [_read(found) for found in _NUMBER.findall(text)]


def strange(text: str, data: Iterable[float]) -> list[float]:
    """Numbers of a text that are no rounding of any of the data."""
    known = list(data)
    return [
        value
        for value, half in numbers(text)
        if not any(abs(value - one) <= half * (1 + 1e-9) for one in known)
    ]


def _read(found: str) -> tuple[float, float]:
    plain = found.replace(",", "").replace("−", "-").removesuffix(" %")
    number = Decimal(plain)
    unit = Decimal(1).scaleb(int(number.as_tuple().exponent))
    scale = Decimal(100) if found.endswith("%") else Decimal(1)
    return float(number / scale), float(unit / scale / 2)
