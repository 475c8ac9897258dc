"""All detectors over one market at once: what several look at is computed once.

    found = find_every(bars, posts)                    # years of days
    found = find_every(bars, posts, since=minute)      # one new minute: earlier rows are its past

The costly ones look where TELLING cheap ones point at the same bar.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
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
from ingest.market.detectors.past import asked, group_starts
from ingest.market.detectors.volume_spike import with_volume_z

# Bars before a judged one that detectors look at, given the figures: a drift and a reversal; a
# window of 60 of means of 5.
NEXT, NEAR = 20, 80
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
    with ThreadPoolExecutor(2) as pool:  # most of the work leaves Python's lock alone
        talk = pool.submit(_heard, posts, z_at_least, since)
        frame = figures(bars, since, zone, forest)
        near = latest(frame, NEAR)
        looks = _looks(frame, near, zone, forest)
        found = list(pool.map(lambda look: judged(look[0], look[1], z_at_least), looks))
    found.append(judged(change_point.DETECTOR, near, z_at_least, telling(pl.concat(found))))
    return pl.concat([*found, talk.result()]).sort("ticker", "at", "kind")


def _looks(
    frame: pl.DataFrame, near: pl.DataFrame, zone: str, forest: Forest | None
) -> list[tuple[Detector, pl.DataFrame]]:
    """The cheap detectors, each with the rows that it has to see."""
    next_to = latest(near, NEXT)
    return [
        # These two may look further back: where trees are to be grown, or deliveries have holes.
        (joint.detector(forest), frame if forest is None else near),
        *([(delivery_drop.DETECTOR, frame)] if "delivered" in frame.columns else []),
        *((one, near) for one in (spread.DETECTOR, illiquidity.DETECTOR)),
        *((one, next_to) for one in (volume_spike.detector(zone), abnormal_return.DETECTOR)),
        (drift.DETECTOR, next_to),
    ]


def _heard(posts: pl.DataFrame | None, z_at_least: float, since: int | None) -> pl.DataFrame:
    if posts is None:
        return SCHEMA.to_frame()
    return detect(attention_spike.DETECTOR, posts, z_at_least, since=since)


def latest(frame: pl.DataFrame, bars: int) -> pl.DataFrame:
    """The rows asked about and so many before the first of them, stock by stock; all without
    `asked`. Stocks that have no row asked about are left out."""
    wanted = asked(frame)
    if wanted is None:
        return frame
    first = group_starts(frame, "ticker")
    places, begins = np.flatnonzero(wanted), np.unique(first)
    ends = np.append(begins[1:], len(frame))
    at = np.append(places, len(frame))[np.searchsorted(places, begins)]
    since = np.where(at < ends, at - bars, len(frame))
    kept = np.arange(len(frame)) >= np.repeat(since, ends - begins)
    return frame.filter(pl.Series(kept))


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
    with ThreadPoolExecutor(1) as pool:  # neither needs what the other finds
        beside = pool.submit(lambda: joint.with_range_z(with_volume_z(frame, zone)))
        judged_by_market = with_abnormal(frame)
        more = beside.result()
    names = [name for name in more.columns if name not in judged_by_market.columns]
    return since_then(judged_by_market.hstack(more.select(names)), since)


def telling(found: pl.DataFrame) -> pl.DataFrame:
    """ticker, at of the bars that all kinds of TELLING name."""
    told = found.filter(pl.col("kind").is_in(TELLING)).group_by("ticker", "at")
    rows = told.agg(kinds=pl.col("kind").n_unique())
    return rows.filter(pl.col("kinds") == len(TELLING)).select("ticker", "at")


__all__ = ["SCHEMA", "figures", "find_every", "telling"]
