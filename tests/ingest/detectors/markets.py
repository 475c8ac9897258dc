"""Bars and posts that give every detector something to find."""

from __future__ import annotations

import numpy as np
import polars as pl

from ingest.market.detectors import ALL, Detector, detect
from tests.ingest.market_days import DAY, FIRST

BARS = tuple(name for name, detector in ALL.items() if detector.of == "bars")


def market(stocks: int = 20, days: int = 240, seed: int = 5) -> pl.DataFrame:
    """Stocks S00, S01 … with fat-tailed returns, volumes, ranges and deliveries, a bar a day."""
    draws = np.random.default_rng(seed)
    shared = 0.01 * draws.standard_t(4, days)
    frames = []
    for number in range(stocks):
        returns = shared + 0.01 * draws.standard_t(2, days)
        close = 100 * np.exp(np.cumsum(np.clip(returns, -0.3, 0.3)))
        volume = np.round(1e6 * np.exp(0.4 * draws.standard_t(2, days).clip(-4, 4)))
        wide = 0.01 * np.exp(0.5 * draws.standard_t(2, days).clip(-4, 4))
        frames.append(
            pl.DataFrame(
                {
                    "ticker": [f"S{number:02}"] * days,
                    "at": FIRST + DAY * np.arange(days),
                    "open": close,
                    "high": close * (1 + wide),
                    "low": close / (1 + wide),
                    "close": close,
                    "adj_close": close,
                    "volume": volume,
                    "delivered": np.round(
                        volume * (0.5 + 0.03 * draws.standard_t(2, days)).clip(0, 1)
                    ),
                }
            )
        )
    return pl.concat(frames)


def crowd(stocks: int = 5, days: int = 240, seed: int = 5) -> pl.DataFrame:
    """Posts by ticker, at and account: a few an hour, and at times many."""
    draws = np.random.default_rng(seed)
    rows = []
    for number in range(stocks):
        for day in range(days):
            for _ in range(int(draws.poisson(2)) + (20 if draws.random() < 0.03 else 0)):
                at = FIRST + DAY * day + 3_600_000 * int(draws.choice([9, 9, 9, 15]))
                rows.append((f"S{number:02}", at, f"x:{draws.integers(500)}"))
    return pl.DataFrame(rows, schema=["ticker", "at", "account"], orient="row")


def given(name: str) -> pl.DataFrame:
    """What the detector looks at."""
    return crowd() if ALL[name].of == "posts" else market()


def found(name: str, rows: pl.DataFrame, z_at_least: float = 3.0) -> pl.DataFrame:
    """The detector's findings; a costly one looks at every third day."""
    detector: Detector = ALL[name]
    return detect(
        detector,
        rows,
        z_at_least,
        rows.filter(pl.col("at") % (3 * DAY) == 0) if detector.costly else None,
    )


def one_stock(**columns: object) -> pl.DataFrame:
    """Rows of stock A, one a day; constants where nothing is said."""
    size = max(len(c) for c in columns.values() if hasattr(c, "__len__"))
    plain: dict[str, object] = {
        "ticker": "A",
        "at": FIRST + DAY * np.arange(size),
        "high": 101.0,
        "low": 99.0,
        "close": 100.0,
        "adj_close": 100.0,
        "volume": 1e6,
    }
    frame = pl.DataFrame({"at": plain["at"]})
    return frame.with_columns(
        **{
            name: pl.Series(value)
            if hasattr(value, "__len__") and name != "ticker"
            else pl.lit(value)
            for name, value in {**plain, **columns}.items()
            if name != "at"
        }
    )
