"""All detectors over one market at once: what several look at is computed once.

    found = find_every(bars, posts)                    # years of days
    found = find_every(bars, posts, since=minute)      # one new minute: earlier rows are its past

The costly ones look where TELLING cheap ones point at the same bar.
"""

from __future__ import annotations

import polars as pl
import pyarrow as pa

from ingest.market.detectors import (
    abnormal_return,
    attention_spike,
    change_point,
    delivery_drop,
    drift,
    illiquidity,
    joint,
    spread,
    volume_spike,
)
from ingest.market.detectors.figures import with_abnormal
from ingest.market.detectors.finding import SCHEMA, Detector, detect, judged, prepared, since_then
from ingest.market.detectors.forest import Forest
from ingest.market.detectors.volume_spike import with_volume_z

TELLING = ("volume_spike", "abnormal_return")  # a bar with all of these is looked at by costly ones


def find_every(
    bars: pl.DataFrame | pa.Table,
    posts: pl.DataFrame | None = None,
    z_at_least: float = 3.0,
    *,
    since: int | None = None,
    zone: str = "UTC",
    forest: Forest | None = None,
) -> pl.DataFrame:
    """The findings of every detector, by ticker, at and kind.

    `bars` as `detect` takes them; deliveries are judged where there is a column `delivered`.
    `posts`: ticker, at, account. `since`: only rows from this moment on are judged. `zone`: in
    which minutes of the day are told. `forest`: of `joint.trained`, where `bars` hold no year.
    """
    frame = figures(bars, since, zone, forest)
    cheap: list[Detector] = [
        volume_spike.detector(zone),
        abnormal_return.DETECTOR,
        drift.DETECTOR,
        spread.DETECTOR,
        illiquidity.DETECTOR,
        joint.detector(forest),
    ]
    if "delivered" in frame.columns:
        cheap.append(delivery_drop.DETECTOR)
    found = [judged(one, frame, z_at_least) for one in cheap]
    found.append(judged(change_point.DETECTOR, frame, z_at_least, telling(pl.concat(found))))
    if posts is not None:
        found.append(detect(attention_spike.DETECTOR, posts, z_at_least, since=since))
    return pl.concat(found).sort("ticker", "at", "kind")


def figures(
    bars: pl.DataFrame | pa.Table,
    since: int | None = None,
    zone: str = "UTC",
    forest: Forest | None = None,
) -> pl.DataFrame:
    """The bars as detectors see them, with the figures that several share.

    With `since` and a forest, volume and range of earlier rows are not judged; without a forest
    they are, because `joint` grows its own of them.
    """
    frame = prepared(joint.DETECTOR, bars)
    if forest is not None:
        frame = since_then(frame, since)
    frame = joint.with_range_z(with_volume_z(with_abnormal(frame), zone))
    return since_then(frame, since)


def telling(found: pl.DataFrame) -> pl.DataFrame:
    """ticker, at of the bars that all kinds of TELLING name."""
    told = found.filter(pl.col("kind").is_in(TELLING)).group_by("ticker", "at")
    rows = told.agg(kinds=pl.col("kind").n_unique())
    return rows.filter(pl.col("kinds") == len(TELLING)).select("ticker", "at")


__all__ = ["SCHEMA", "figures", "find_every", "telling"]
