"""More accounts than usual named a stock within the hour.

Distinct accounts, not posts, so that one account that repeats itself is no crowd. A count k becomes
2 sqrt(k + 3/8) (Anscombe, 1948), whose spread is about 1 for a Poisson count of any mean; robust z
against the same hour of the DAYS days before, hours without a post counting as none. A spread below
that of a Poisson counts as it. A stock's history begins with its first post.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
from numba import njit
from numpy.typing import NDArray

from graph.errors import UsageError
from ingest.market.detectors.finding import Detector, beyond, findings
from ingest.market.detectors.past import group_starts
from ingest.market.detectors.volume_spike import DAY_MS
from ingest.market.event_study import MAD_TO_SD

NAME = "attention_spike"
HOUR_MS = 3_600_000
DAYS, FEWEST = 28, 14
POISSON = 1.0  # the spread of a transformed Poisson count

Floats = NDArray[np.float64]


def detector(hours: int = 1) -> Detector:
    """Counts within stretches of so many hours, a divisor of 24. Raises UsageError for others."""
    if hours < 1 or 24 % hours:
        raise UsageError(f"{hours} hours do not divide a day; give 1, 2, 3, 4, 6, 8, 12 or 24.")
    return Detector(
        name=NAME,
        says="More distinct accounts naming a stock than it is used to at this hour.",
        needs=("account",),
        find=lambda frame, line: find(frame, line, hours),
        of="posts",
    )


def find(frame: pl.DataFrame, z_at_least: float, hours: int = 1) -> pl.DataFrame:
    """Upward spikes; `at` is when the hour begins, and it can be known when the hour is over."""
    asked = None
    if "asked" in frame.columns:
        # A stretch is judged by the same hours of other days: no other post is looked at.
        asked = frame.filter("asked").select(_stretch(hours)).unique()
        slots = asked.select(pl.col("at") % DAY_MS).unique().to_series()
        begun = frame.group_by("ticker").agg(begun=pl.col("at").min() // DAY_MS)
        frame = frame.filter((_stretch(hours) % DAY_MS).is_in(slots.implode())).join(
            begun, on="ticker"
        )
    rows = attention(frame, hours).filter(beyond("z", z_at_least, "up"))
    if asked is not None:
        rows = rows.join(asked, on="at", how="semi")
    return findings(rows, NAME, f"{hours}h, {DAYS} days", "up", _say)


def _stretch(hours: int) -> pl.Expr:
    """When the stretch begins that a post falls into."""
    long = hours * HOUR_MS
    return (pl.col("at") // long * long).alias("at")


def attention(posts: pl.DataFrame, hours: int = 1) -> pl.DataFrame:
    """ticker, at, accounts, usual, z, bars_used of each stretch with a post (`hours` as above).

    `posts` may have `begun`, the day of the stock's first post, where not all are given.
    """
    if "begun" not in posts.columns:
        posts = posts.with_columns(begun=(pl.col("at").min() // DAY_MS).over("ticker"))
    counts = (
        posts.group_by("ticker", _stretch(hours))
        .agg(accounts=pl.col("account").n_unique().cast(pl.Int64), begun=pl.col("begun").first())
        .with_columns(day=pl.col("at") // DAY_MS, slot=pl.col("at") % DAY_MS)
        .sort("ticker", "slot", "at")
    )
    value = 2 * np.sqrt(counts["accounts"].to_numpy() + 0.375)
    day = counts["day"].to_numpy()
    seen = np.minimum(day - counts["begun"].to_numpy(), DAYS)
    centre, spread = _before(value, day, group_starts(counts, "ticker", "slot"), seen)
    z = np.where(seen >= FEWEST, (value - centre) / np.maximum(MAD_TO_SD * spread, POISSON), np.nan)
    return counts.with_columns(
        z=pl.Series(z),
        usual=pl.Series(np.maximum((centre / 2) ** 2 - 0.375, 0.0)),
        bars_used=pl.Series(seen),
        hours=pl.lit(hours),
    )


@njit(cache=True, nogil=True)
def _before(value, day, first, seen):  # type: ignore[no-untyped-def]
    """(median, MAD) of each row's `seen` days before, a day without a row being a count of none."""
    centre, spread = np.zeros(value.shape[0]), np.zeros(value.shape[0])
    for row in range(value.shape[0]):
        if seen[row] == 0:
            continue
        past = np.full(seen[row], 2 * np.sqrt(0.375))
        place, filled = row - 1, 0
        while place >= first[row] and day[place] >= day[row] - seen[row]:
            past[filled] = value[place]
            filled += 1
            place -= 1
        centre[row] = np.median(past)
        spread[row] = np.median(np.abs(past - centre[row]))
    return centre, spread


def _say(row: dict[str, Any]) -> str:
    span = "an hour" if row["hours"] == 1 else f"{row['hours']} hours"
    return (
        f"{row['accounts']} accounts named it within {span} where {row['usual']:.0f} are usual at "
        f"that time: {row['z']:.1f} times the usual spread of {row['bars_used']} days."
    )


DETECTOR = detector()
