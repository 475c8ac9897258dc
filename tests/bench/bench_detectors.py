"""How long all detectors take on many stocks.

    python -m tests.bench.bench_detectors [--stocks 10000] [--years 5] [OUT.json]

Two markets of drawn bars: years of days, every detector over all of them; and one new minute of
every stock, judged against that minute of 60 days before and the last 131 minutes. Costly ones look
where two cheap ones point at the same bar. What is timed begins with a frame in memory and ends
with the table of findings; drawing the bars, compiling, and the forest that is grown once in 30
days are not counted, but shown.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from gnn.shape_net import load_shapes, shape_log_odds
from ingest.market.detectors import joint
from ingest.market.detectors.every import figures, find_every, telling
from ingest.market.detectors.forest import Forest
from ingest.market.patterns.match import matches
from ingest.market.patterns.window import windows

DAY, MINUTE = 86_400_000, 60_000
FIRST = 16_071 * DAY
SESSIONS = 252  # a year
SLOTS, RECENT = 60, 131  # days of the same minute; minutes before
OPEN = 9 * 60  # minute of the day
POSTS = 30  # a stock and 28 days
WARM = 40  # stocks of the run that only compiles


@dataclass(frozen=True, slots=True)
class Run:
    """Seconds on the clock and of processors, bars handed in, findings and shapes."""

    seconds: float
    processors: float
    bars: int
    findings: int


def drawn(stocks: int, at: NDArray[np.int64], seed: int) -> pl.DataFrame:
    """Bars of stocks at these moments: returns of Student's t (4), lasting volume, deliveries."""
    draws = np.random.default_rng(seed)
    shape = (stocks, len(at))
    returns = 0.006 * draws.standard_t(4, len(at)) + 0.01 * draws.standard_t(4, shape)
    close = 50 * np.exp(np.cumsum(np.clip(returns, -0.5, 0.5), axis=1).clip(-4, 6))
    wide = 0.008 * np.exp(0.4 * draws.standard_normal(shape))
    volume = np.round(1e6 * np.exp(0.5 * draws.standard_normal(shape)))
    part = (0.5 + 0.05 * draws.standard_normal(shape)).clip(0, 1)
    names = np.repeat([f"S{n:05}" for n in range(stocks)], len(at))
    return pl.DataFrame(
        {
            "ticker": names,
            "at": np.tile(at, stocks),
            "open": close.ravel(),
            "high": (close * (1 + wide)).ravel(),
            "low": (close / (1 + wide)).ravel(),
            "close": close.ravel(),
            "adj_close": close.ravel(),
            "volume": volume.ravel(),
            "delivered": np.round(volume * part).ravel(),
        }
    )


def talk(stocks: int, last: int, seed: int) -> pl.DataFrame:
    """Posts of the 28 days before: ticker, at, account."""
    draws = np.random.default_rng(seed)
    count = POSTS * stocks
    names = [f"S{n:05}" for n in range(stocks)]
    return pl.DataFrame(
        {
            "ticker": pl.Series(names).gather(pl.Series(draws.integers(stocks, size=count))),
            "at": last - draws.integers(28 * DAY, size=count),
            "account": pl.Series(draws.integers(50_000, size=count)).cast(pl.String),
        }
    )


def days(stocks: int, years: float, seed: int = 1) -> Run:
    """What every detector takes over years of days."""
    bars = drawn(stocks, FIRST + DAY * np.arange(int(years * SESSIONS)), seed)
    posts = talk(stocks, int(bars["at"].max()), seed)  # type: ignore[arg-type]
    begun = time.perf_counter(), time.process_time()
    found = find_every(bars, posts)
    shapes = seen(bars, found)
    return _run(begun, len(bars), len(found) + shapes)


def minute(stocks: int, forest: Forest, seed: int = 2) -> Run:
    """What every detector takes for one new minute."""
    now = FIRST // DAY + SLOTS
    slots = (np.arange(now - SLOTS, now) * DAY + (OPEN + RECENT) * MINUTE).astype(np.int64)
    recent = now * DAY + (OPEN + np.arange(RECENT + 1)) * MINUTE
    bars = drawn(stocks, np.concatenate([slots, recent]), seed).drop("delivered")
    last = int(recent[-1])
    posts = talk(stocks, last + MINUTE, seed)
    begun = time.perf_counter(), time.process_time()
    found = find_every(bars, posts, since=last, forest=forest)
    shapes = seen(bars, found)
    return _run(begun, len(bars), len(found) + shapes)


def _run(begun: tuple[float, float], bars: int, findings: int) -> Run:
    wall, own = time.perf_counter() - begun[0], time.process_time() - begun[1]
    return Run(round(wall, 3), round(own, 3), bars, findings)


def seen(bars: pl.DataFrame, found: pl.DataFrame) -> int:
    """How many of the bars that cheap detectors point at were given a nearest case and odds."""
    rows = telling(found)
    if not len(rows):
        return 0
    stocks = rows["ticker"].unique()
    part = bars.filter(pl.col("ticker").is_in(stocks.implode()))
    marked = part.join(rows.with_columns(triggered=True), on=["ticker", "at"], how="left")
    marked = marked.with_columns(pl.col("triggered").fill_null(False)).sort("ticker", "at")
    _, shapes = windows(marked)
    shape_log_odds(load_shapes(), shapes)
    return len(matches(shapes))


def grown() -> tuple[Forest, float]:
    """The forest of minutes, and the seconds it takes, once in 30 days."""
    days, minutes = np.arange(SLOTS) * DAY, (OPEN + np.arange(20)) * MINUTE
    bars = drawn(100, (FIRST + days[:, None] + minutes).ravel(), 3)
    begun = time.perf_counter()
    forest = joint.trained(figures(bars))
    if forest is None:
        raise ValueError("too few bars to grow a forest of; draw more")
    return forest, time.perf_counter() - begun


def measure(stocks: int, years: float) -> dict[str, Any]:
    """Both figures, the best of three minutes and one run of years, after one that compiles."""
    days(WARM, 2)
    forest, growing = grown()
    minute(WARM, forest)
    runs = [minute(stocks, forest, seed) for seed in (2, 3, 4)]
    slow = days(stocks, years)
    return {
        "stocks": stocks,
        "minute": [asdict(run) for run in runs],
        "forest_seconds": round(growing, 2),
        "days": {"years": years, **asdict(slow)},
        "peak_gigabytes": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20, 1),
        "load": [round(one, 1) for one in os.getloadavg()],
    }


def show(found: dict[str, Any]) -> str:
    """The table a person reads."""
    years = found["days"]
    minutes = ", ".join(
        f"{run['seconds']:.2f} ({run['processors']:.2f} of processors)" for run in found["minute"]
    )
    return "\n".join(
        [
            f"{found['stocks']} stocks, all detectors; load of the machine {found['load'][1]:g}",
            f"one new minute: {minutes} s; goal 1 s; {found['minute'][0]['bars']} bars handed in",
            f"{years['years']:g} years of days: {years['seconds']:.1f} "
            f"({years['processors']:.1f} of processors) s; goal 60 s; {years['bars']} bars, "
            f"{years['findings']} findings",
            f"peak memory {found['peak_gigabytes']} GB",
        ]
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Returns the exit code."""
    parser = argparse.ArgumentParser(description="How long all detectors take on many stocks.")
    parser.add_argument("--stocks", type=int, default=10_000)
    parser.add_argument("--years", type=float, default=5)
    parser.add_argument("out", nargs="?", type=Path, default=Path("build/bench/detectors.json"))
    args = parser.parse_args(arguments)
    found = measure(args.stocks, args.years)
    print(show(found))
    args.out.parent.mkdir(parents=True, exist_ok=True)
    args.out.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
