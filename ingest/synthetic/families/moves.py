"""What campaigns and happenings do to prices and volumes of bars that are there already."""

from __future__ import annotations

import math
import random
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from graph.model import Bar, Millis
from ingest.synthetic.families.plan import Plan
from ingest.synthetic.settings import DAY

_QUIET = 3 * DAY  # after a campaign's last post, within which the price turns


@dataclass(frozen=True, slots=True)
class Move:
    """A log return over the sessions of [since, until], and what their volume is multiplied by."""

    ticker: str
    since: Millis
    until: Millis
    log_return: float
    loud: float


def spread(ticker: str, since: Millis, until: Millis, change: float, loud: float) -> list[Move]:
    """A change of price (fraction) over the days of both moments and those between."""
    days = since // DAY * DAY, until // DAY * DAY
    return [Move(ticker, *days, math.log1p(change), loud)]


def campaign_moves(
    rng: random.Random, plan: Plan, first: Millis, last: Millis, after: bool
) -> list[Move]:
    """A run and what is lost again. The run comes while they post, or only when they have posted
    for a while (`after`); nothing where there is no effect."""
    if plan.effect == 0:
        return []
    gain, loud = math.log1p(plan.effect), 1 + 5 * plan.effect
    begin, end = first // DAY * DAY, last // DAY * DAY
    run = (end - 2 * DAY, end + _QUIET) if after else (begin, max(end, begin + 2 * DAY))
    lost = -gain * rng.uniform(0.8, 1.2)
    days = rng.randint(2, 5)
    quiet = Move(plan.ticker, run[0] - 6 * DAY, run[0] - DAY, 0.15 * gain, 1 + plan.effect)
    up = Move(plan.ticker, *run, 0.85 * gain, loud)
    return [quiet, up, Move(plan.ticker, run[1] + DAY, run[1] + days * DAY, lost, loud)]


def moved(bars: Sequence[Bar], moves: Iterable[Move]) -> list[Bar]:
    """The bars by stock and time, moved; what is left of a move stays in all later prices.

    A move whose days have no session happens in the next one.
    """
    by_ticker: dict[str, list[Move]] = defaultdict(list)
    for move in moves:
        by_ticker[move.ticker].append(move)
    series: dict[str, list[Bar]] = defaultdict(list)
    for bar in sorted(bars, key=lambda bar: (bar.ticker, bar.at)):
        series[bar.ticker].append(bar)
    return [
        bar
        for ticker, rows in series.items()
        for bar in (_moved(rows, by_ticker[ticker]) if ticker in by_ticker else rows)
    ]


def _moved(rows: Sequence[Bar], moves: Sequence[Move]) -> list[Bar]:
    change = [0.0] * len(rows)
    loud = [1.0] * len(rows)
    for move in moves:
        inside = [n for n, bar in enumerate(rows) if move.since <= bar.at <= move.until]
        later = [n for n, bar in enumerate(rows) if bar.at > move.until][:1]
        for n in inside or later:
            change[n] += move.log_return / len(inside or later)
            loud[n] = max(loud[n], move.loud)
    level = [0.0]
    for one in change:
        level.append(level[-1] + one)
    return [
        _bar(bar, math.exp(before), math.exp(after), factor)
        for bar, (before, after), factor in zip(rows, pairwise(level), loud, strict=True)
    ]


def _bar(bar: Bar, before: float, after: float, loud: float) -> Bar:
    """Opened where the day before ended, closed where the move went."""
    if before == after == loud == 1.0:
        return bar
    opened, close = bar.open * before, bar.close * after
    return replace(
        bar,
        open=opened,
        high=max(bar.high * max(before, after), opened, close),
        low=min(bar.low * min(before, after), opened, close),
        close=close,
        adj_close=bar.adj_close * after,
        volume=float(round(bar.volume * loud)),
    )
