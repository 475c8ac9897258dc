"""A window: what price and volume did over the BARS bars that end with one.

Three rows of BARS numbers. Price: the abnormal returns summed up from the window's first bar, over
the window's highest distance from where it began, so that a small and a large pump look alike.
Volume: z of log volume, a value beyond LOUD counted as that, over LOUD. Fall: how far below its
highest so far the price stands, which is what a pump ends in.
"""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from ingest.market.detectors.figures import values, with_abnormal
from ingest.market.detectors.past import group_starts
from ingest.market.detectors.volume_spike import with_volume_z

BARS = 30
LOUD = 8.0
LEAST_MOVE = 1e-4
MOST_UNKNOWN = 3  # bars of a window whose figures may be missing

Floats = NDArray[np.float64]


def shaped(abnormal: Floats, volume_z: Floats) -> Floats:
    """[windows, 3, BARS] of abnormal returns and volume z, each [windows, BARS]."""
    price = np.cumsum(np.nan_to_num(abnormal), axis=1)
    price = price / np.maximum(np.abs(price).max(axis=1, keepdims=True), LEAST_MOVE)
    volume = np.clip(np.nan_to_num(volume_z), -LOUD, LOUD) / LOUD
    fall = price - np.maximum.accumulate(np.maximum(price, 0.0), axis=1)
    return np.stack([price, volume, fall], axis=1)


def windows(bars: pl.DataFrame) -> tuple[pl.DataFrame, Floats]:
    """The rows whose column `triggered` is true and that have a window; and these windows.

    `bars`: as detectors take them. A window with more than MOST_UNKNOWN bars of no figure is none.
    """
    frame = with_volume_z(with_abnormal(bars))
    rows = np.flatnonzero(frame["triggered"].to_numpy())
    rows = rows[rows - group_starts(frame, "ticker")[rows] >= BARS]
    places = rows[:, None] + np.arange(1 - BARS, 1)
    abnormal, volume = values(frame, "abnormal")[places], values(frame, "volume_z")[places]
    unknown = ~(np.isfinite(abnormal) & np.isfinite(volume))
    whole = unknown.sum(axis=1) <= MOST_UNKNOWN
    told = frame[rows[whole]].with_columns(pl.col("ticker").cast(pl.String))
    return told, shaped(abnormal[whole], volume[whole])
