"""Daily bars: a market factor, each stock's own noise, news, campaigns that ramp and dump."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass

from graph.model import Bar, Millis
from ingest.synthetic.campaigns import Plan
from ingest.synthetic.clock import session_of, weekend
from ingest.synthetic.settings import DAY, HOUR, MarketSettings
from ingest.synthetic.stocks import Listing
from ingest.synthetic.world import Push, World

_KNOWN_AFTER = 21 * HOUR  # a session's close, from its midnight
_MARKET_SPREAD = 0.009


@dataclass(frozen=True, slots=True)
class _Nature:
    """How a stock trades when nothing happens."""

    price: float
    beta: float
    spread: float  # of a day's own log return
    volume: float


def sessions(settings: MarketSettings) -> list[Millis]:
    """Days of trading: `history_days` before the posts, the span, `after_days` after it."""
    days: list[Millis] = [d for d in range(settings.first, settings.last, DAY) if not weekend(d)]
    before, after = settings.first, settings.last - DAY
    while len(days) < settings.history_days + _weekdays(settings):
        before -= DAY
        days += [] if weekend(before) else [before]
    while len(days) < settings.history_days + _weekdays(settings) + settings.after_days:
        after += DAY
        days += [] if weekend(after) else [after]
    return sorted(days)


def bars(rng: random.Random, world: World, pushes: Sequence[Push]) -> list[Bar]:
    """A bar for each stock and session, by stock and time."""
    days = sessions(world.settings)
    market = [rng.gauss(0.0003, _MARKET_SPREAD) for _ in days]
    pushed = _by_place(pushes)
    return [bar for stock in world.stocks for bar in _stock_bars(rng, stock, days, market, pushed)]


def campaign_pushes(rng: random.Random, plan: Plan, end: Millis) -> list[Push]:
    """Drift before, the ramp up to the peak, the dump; nothing where there is no effect."""
    if plan.effect == 0:
        return []
    gain = math.log1p(plan.effect)
    before = _workdays(plan.start - 7 * DAY, plan.start - DAY)[-4:]
    ramp = _workdays(plan.start, min(end, plan.start + 9 * DAY))
    dump = _next_workdays(ramp[-1], rng.randint(2, 4))
    lost = gain * rng.uniform(0.8, 1.2)
    loud = 1 + 5 * plan.effect
    return [
        *_spread(plan.ticker, before, 0.15 * gain, 1 + plan.effect),
        *_spread(plan.ticker, ramp, 0.85 * gain, loud),
        *_spread(plan.ticker, dump, -lost, loud),
    ]


def _spread(ticker: str, days: Sequence[Millis], total: float, volume: float) -> list[Push]:
    return [Push(ticker, day, total / len(days), volume) for day in days]


def _stock_bars(
    rng: random.Random,
    stock: Listing,
    days: Sequence[Millis],
    market: Sequence[float],
    pushed: dict[tuple[str, Millis], tuple[float, float]],
) -> list[Bar]:
    nature, made = _nature(rng, stock), []
    close = nature.price
    for day, factor in zip(days, market, strict=True):
        push, loud = pushed.get((stock.ticker, day), (0.0, 1.0))
        own = nature.beta * factor + _fat(rng) * nature.spread
        bar = _bar(rng, stock.ticker, day, close, own + push, nature, loud)
        close = bar.close
        made.append(bar)
    return made


def _bar(
    rng: random.Random,
    ticker: str,
    day: Millis,
    before: float,
    log_return: float,
    nature: _Nature,
    loud: float,
) -> Bar:
    opened = _cents(before * math.exp(rng.gauss(0, nature.spread / 3)))
    close = _cents(before * math.exp(log_return))
    high = max(
        opened, close, _cents(max(opened, close) * (1 + abs(rng.gauss(0, nature.spread / 2))))
    )
    low = min(
        opened, close, _cents(min(opened, close) / (1 + abs(rng.gauss(0, nature.spread / 2))))
    )
    busy = math.exp(rng.gauss(0, 0.35) + 6 * min(abs(log_return), 0.15))
    volume = float(int(nature.volume * busy * loud))
    return Bar(ticker, day, day + _KNOWN_AFTER, opened, high, low, close, close, volume)


def _nature(rng: random.Random, stock: Listing) -> _Nature:
    if stock.thin:
        return _Nature(
            rng.uniform(2, 14),
            rng.uniform(0.3, 1.3),
            rng.uniform(0.018, 0.035),
            rng.lognormvariate(11.9, 0.6),
        )
    return _Nature(
        rng.uniform(12, 160),
        rng.uniform(0.6, 1.6),
        rng.uniform(0.009, 0.019),
        rng.lognormvariate(14.6, 0.6),
    )


def _fat(rng: random.Random) -> float:
    """Mostly quiet, now and then a day three times as wild."""
    return rng.gauss(0, 0.92) if rng.random() < 0.97 else rng.gauss(0, 2.4)


def _cents(price: float) -> float:
    return max(0.0001, round(price, 4))


def _by_place(pushes: Sequence[Push]) -> dict[tuple[str, Millis], tuple[float, float]]:
    summed: dict[tuple[str, Millis], tuple[float, float]] = {}
    for push in pushes:
        move, loud = summed.get((push.ticker, push.day), (0.0, 1.0))
        summed[push.ticker, push.day] = (move + push.log_return, max(loud, push.volume_factor))
    return summed


def _weekdays(settings: MarketSettings) -> int:
    return sum(not weekend(d) for d in range(settings.first, settings.last, DAY))


def _workdays(first: Millis, last: Millis) -> list[Millis]:
    start = first // DAY * DAY
    return [day for day in range(start, last + 1, DAY) if not weekend(day)] or [session_of(start)]


def _next_workdays(after: Millis, count: int) -> list[Millis]:
    return _workdays(after + DAY, after + (count + 5) * DAY)[:count]
