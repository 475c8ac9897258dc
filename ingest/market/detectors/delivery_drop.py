"""Fewer of the traded shares were kept: the part delivered fell far below the stock's own.

NSE tells for each day how many of the traded shares were delivered; the rest was bought and sold
within the day. Robust z of the delivered part against the 60 bars before that have one. Bars whose
exchange says nothing of deliveries are left out, on both sides.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl

from ingest.market.detectors.figures import percent
from ingest.market.detectors.finding import Detector, beyond, findings
from ingest.market.detectors.past import asked, group_starts, usual

NAME = "delivery_drop"
WINDOW, FEWEST = 60, 30
LEAST_SCALE = 0.03  # of the volume: three points more or less is nobody's anomaly


def find(frame: pl.DataFrame, z_at_least: float) -> pl.DataFrame:
    """Drops only."""
    part = pl.col("delivered") / pl.col("volume")
    sound = part.is_finite() & part.is_between(0, 1)
    known = frame.with_columns(part=part).filter(sound.fill_null(False))
    parts = known["part"].to_numpy().astype(np.float64)
    norm = usual(parts, group_starts(known, "ticker"), WINDOW, FEWEST, asked(known))
    rows = known.with_columns(
        z=pl.Series(norm.z(parts, LEAST_SCALE)),
        usual=pl.Series(norm.centre),
        bars_used=pl.Series(norm.rows),
    ).filter(beyond("z", z_at_least, "down"))
    return findings(rows, NAME, f"{WINDOW} bars", "down", _say)


def _say(row: dict[str, Any]) -> str:
    return (
        f"{percent(row['part'])} of the traded shares were delivered where {percent(row['usual'])} "
        f"are usual: {-row['z']:.1f} times the usual spread of its last {row['bars_used']} bars."
    )


DETECTOR = Detector(
    name=NAME,
    says="A part of traded shares that was delivered far below the stock's own.",
    needs=("close", "volume", "delivered"),
    find=find,
)
