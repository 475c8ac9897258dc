"""Bars for tests: a day is a number, a stock is a letter, nothing else needs saying."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import astuple

import numpy as np
import pyarrow as pa

from graph.bars import SCHEMA
from graph.model import Bar, Millis

DAY = 86_400_000
FIRST = 16_071 * DAY  # 2014-01-01
LATE = 2**60


def at(day: int) -> Millis:
    return FIRST + day * DAY


def bar(
    ticker: str,
    day: int,
    close: float = 10.0,
    volume: float = 1e6,
    adj_close: float | None = None,
) -> Bar:
    adjusted = close if adj_close is None else adj_close
    return Bar(ticker, at(day), at(day) + 1000, close, close, close, close, adjusted, volume)


def series(
    ticker: str, returns: Sequence[float], volumes: Sequence[float] | None = None
) -> list[Bar]:
    """One bar a day: a first at 100, then one for each return."""
    prices = 100 * np.cumprod([1.0, *(1 + r for r in returns)])
    traded = [1e6] * len(prices) if volumes is None else volumes
    pairs = zip(prices, traded, strict=True)
    return [bar(ticker, day, float(p), float(v)) for day, (p, v) in enumerate(pairs)]


def calm_market(stocks: int = 8, days: int = 200, seed: int = 7) -> list[Bar]:
    """Stocks S0, S1 … that follow one market with a little of their own, at steady volume."""
    draws = np.random.default_rng(seed)
    market = draws.normal(0, 0.01, days)
    bars: list[Bar] = []
    for number in range(stocks):
        own = draws.uniform(-0.01, 0.01, days)
        volumes = 1e6 * np.exp(draws.uniform(-0.3, 0.3, days + 1))
        bars += series(f"S{number}", list(market + own), list(volumes))
    return bars


def closes(bars: Iterable[Bar], ticker: str) -> list[float]:
    return [b.close for b in bars if b.ticker == ticker]


def table(bars: Iterable[Bar]) -> pa.Table:
    """The bars as graph.bars gives them."""
    rows = sorted((astuple(b) for b in bars), key=lambda row: row[:2])
    columns = list(zip(*rows, strict=True)) or [()] * len(SCHEMA)
    arrays = [pa.array(c, f.type) for c, f in zip(columns, SCHEMA, strict=True)]
    return pa.Table.from_arrays(arrays, schema=SCHEMA)
