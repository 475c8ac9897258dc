"""Splits, bonuses and dividends: dated facts, and prices that carry them.

Exchanges write prices as traded. A share of 329.05 that gives three new ones for each opens near 82
the next day and nobody has lost anything. `adjusted` puts that into `adj_close`, so that whoever
judges returns sees what an owner saw. Adjustment is backwards, as Yahoo's is: the newest bar keeps
its price, bars before an action are scaled by 1 / ratio, or by 1 - amount / close for a dividend.

Causal: an action counts from the moment it was known, and it scales all earlier bars by one number,
so no return but that over its own day depends on it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import log
from typing import Literal

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from graph.bars import SCHEMA
from graph.model import Millis

Kind = Literal["split", "bonus", "dividend"]
KINDS: tuple[Kind, ...] = ("split", "bonus", "dividend")


@dataclass(frozen=True, slots=True)
class Action:
    """What a company did to its shares. `at` is the ex-date, the first day without, 00:00 UTC."""

    ticker: str
    kind: Kind
    at: Millis
    known_at: Millis
    ratio: float = 1.0  # shares afterwards for each one before: 4 for a bonus of 3:1
    amount: float = 0.0  # of a dividend, a share, in the currency of the price
    isin: str | None = None


@dataclass(frozen=True, slots=True)
class Skipped:
    """An action that was not applied, and why."""

    action: Action
    reason: str


@dataclass(frozen=True, slots=True)
class Adjusted:
    """Bars (`graph.bars.SCHEMA`) whose adj_close carries the actions applied."""

    bars: pa.Table
    applied: tuple[Action, ...]
    skipped: tuple[Skipped, ...]


def adjusted(bars: pa.Table, actions: Iterable[Action], as_of: Millis) -> Adjusted:
    """The bars with adj_close as one could have computed it at `as_of`.

    `bars` is sorted by ticker and at. What they already carry is not put into them twice: a split
    by whose ratio the price does not jump, dividends where adj_close is not close.
    """
    prices = _Prices(bars)
    applied: list[Action] = []
    skipped: list[Skipped] = []
    for action in sorted(actions, key=_in_time):
        reason = "was not known yet" if _ahead(action, as_of) else prices.apply(action)
        if reason is None:
            applied.append(action)
        else:
            skipped.append(Skipped(action, reason))
    place = SCHEMA.get_field_index("adj_close")
    found = bars.set_column(place, SCHEMA.field(place), pa.array(prices.adjusted))
    return Adjusted(found, tuple(applied), tuple(skipped))


def _in_time(action: Action) -> tuple[str, Millis, str, float, float]:
    return action.ticker, action.at, action.kind, action.ratio, action.amount


def _ahead(action: Action, as_of: Millis) -> bool:
    return max(action.at, action.known_at) > as_of


class _Prices:
    """The prices of a table of bars, and their adj_close as it becomes."""

    def __init__(self, bars: pa.Table) -> None:
        self._ticker = bars["ticker"].to_numpy().astype(object)
        self._at = np.asarray(bars["at"].to_numpy(), dtype=np.int64)
        self._open, self._close = _floats(bars, "open"), _floats(bars, "close")
        self._before = _floats(bars, "adj_close")
        self.adjusted = self._before.copy()

    def apply(self, action: Action) -> str | None:
        """Scales the bars before an action, or says why not."""
        first, end = (
            int(np.searchsorted(self._ticker, action.ticker, s)) for s in ("left", "right")
        )
        day = first + int(np.searchsorted(self._at[first:end], action.at))
        if day in (first, end):
            return "has no bars on both sides of its day"
        if action.kind == "dividend":
            carried = not np.array_equal(self._before[first:end], self._close[first:end])
            share = action.amount / self._close[day - 1]
            if carried or share >= 1:
                return "is in adj_close already" if carried else "is no less than the price"
            self.adjusted[first:day] *= 1 - share
            return None
        jump = self.adjusted[day - 1] / (self._open[day] * self.adjusted[day] / self._close[day])
        if abs(log(jump / action.ratio)) >= abs(log(jump)):
            return "is in the prices already: they do not jump by its ratio"
        self.adjusted[first:day] /= action.ratio
        return None


def _floats(bars: pa.Table, name: str) -> NDArray[np.float64]:
    return np.array(bars[name].to_numpy(), dtype=np.float64)
