"""What an alert on a stock-day is: accounts say one new thing of it while price and volume rise.

The score of a stock-day sums three figures of `stock_days`, each in spreads, from 0 to its most:

    chorus_z                      to 8
    half of the steadiest rise    of 3, 5 or 10 sessions, to 6
    a quarter of the volume       the highest mean z of 1, 3, 5 or 10 sessions, to 6

The chorus weighs most because coordination is what an innocent day lacks: a crowd that comes for
figures or news comes with words of its own. The rise is steady, each day counted to 2.5 spreads,
because a jump in one session is news far more often than a promotion. docs/market.md has what the
rule costs and finds; LINE was chosen there, on other data than it was judged on.

Some dozen accounts that say one new thing of a quiet stock are an alert by themselves: posts often
come before the price. Reversal after the peak is the future at that moment and is not looked at.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from graph.model import Millis
from ingest.market.detectors.volume_spike import DAY_MS

LINE = 6.03
MERGE = 7  # days: alert days nearer than that are one alert
MOST_CHORUS, MOST_RISE, MOST_VOLUME = 8.0, 6.0, 6.0
RISE_WEIGHT, VOLUME_WEIGHT = 0.5, 0.25
RISES = ("steady_3", "steady_5", "steady_10")
VOLUMES = ("volume_1", "volume_3", "volume_5", "volume_10")


@dataclass(frozen=True, slots=True)
class JointAlert:
    """A run of stock-days whose score is at the line, as its first day showed it."""

    ticker: str
    at: Millis  # the first day
    until: Millis  # the last day
    score: float  # of the first day
    p_value: float  # (1 + earlier stock-days at least as high) / (1 + earlier stock-days)
    thing: str  # what the accounts say
    explanation: str


def with_score(days: pl.DataFrame) -> pl.DataFrame:
    """Adds rise, volume (both as summed, before their weights) and score to `stock_days`."""
    rise = _most([pl.col(name) for name in RISES], MOST_RISE)
    volume = _most([pl.col(name) for name in VOLUMES], MOST_VOLUME)
    chorus = _most([pl.col("chorus_z")], MOST_CHORUS)
    return days.with_columns(
        rise=rise,
        volume=volume,
        score=chorus + RISE_WEIGHT * rise + VOLUME_WEIGHT * volume,
    )


def runs(days: pl.DataFrame, line: float = LINE) -> pl.DataFrame:
    """ticker, at, until: the first and last day of each alert. `days`: ticker, at, score."""
    told = days.filter(pl.col("score") >= line).sort("ticker", "at")
    new = (pl.col("at").diff().over("ticker") > MERGE * DAY_MS).fill_null(True)
    told = told.with_columns(run=new.cast(pl.Int64).cum_sum())
    return (
        told.group_by("ticker", "run")
        .agg(at=pl.col("at").min(), until=pl.col("at").max())
        .sort("ticker", "at")
        .drop("run")
    )


def joint_alerts(days: pl.DataFrame, line: float = LINE) -> list[JointAlert]:
    """The alerts in `days` (as `stock_days` gives them), by day and ticker."""
    scored = with_score(days)
    first = runs(scored, line).join(scored, on=["ticker", "at"]).sort("at", "ticker")
    scores, at = scored["score"].to_numpy(), scored["at"].to_numpy()
    return [_alert(row, scores, at) for row in first.iter_rows(named=True)]


def _most(columns: list[pl.Expr], most: float) -> pl.Expr:
    """The highest of them from 0 to `most`; 0 where none is known."""
    return pl.max_horizontal(c.fill_nan(None) for c in columns).fill_null(0.0).clip(0.0, most)


def _alert(row: dict[str, Any], scores: NDArray[np.float64], at: NDArray[np.int64]) -> JointAlert:
    earlier = scores[at < row["at"]]
    higher = int((earlier >= row["score"]).sum())
    return JointAlert(
        ticker=row["ticker"],
        at=row["at"],
        until=row["until"],
        score=row["score"],
        p_value=(1 + higher) / (1 + len(earlier)),
        thing=row["thing"] or "",
        explanation=_say(row, higher, len(earlier)),
    )


def _say(row: dict[str, Any], higher: int, earlier: int) -> str:
    return (
        f"{row['chorus']} of the {row['accounts_10']} accounts that named it in ten sessions say "
        f"the same new thing, {row['chorus_z']:.1f} spreads more than usual, while it rose "
        f"steadily by {row['rise']:.1f} and traded {row['volume']:.1f} spreads above its own: "
        f"{higher} of {earlier} earlier stock-days scored as high."
    )
