"""Somebody bought before: abnormal returns had summed up before the bar of an abnormal return.

At each bar whose own abnormal return is beyond the line, the abnormal returns of the BARS before it
are summed (the event's own is not); z is the sum over the root of their summed squared swings. The
run-up before announcements: Keown and Pinkerton (1981). The models of the last of these bars rest
in part on the first of them (GAP is 5), which makes a drift look a fiftieth smaller at most.
"""

from __future__ import annotations

from typing import Any

import polars as pl

from ingest.market.detectors.abnormal_return import before, with_car
from ingest.market.detectors.figures import percent, with_abnormal
from ingest.market.detectors.finding import Detector, beyond, findings

NAME = "drift"
BARS = 10


def find(frame: pl.DataFrame, z_at_least: float) -> pl.DataFrame:
    """Drifts up or down; both the drift and the event after it are beyond the line."""
    judged = with_car(with_abnormal(frame), BARS)
    earlier = [before(judged, name, 1) for name in ("car", "car_z", "model_bars")]
    rows = judged.with_columns(earlier).filter(
        beyond("abnormal_z", z_at_least, "both") & beyond("car_z", z_at_least, "both")
    )
    rows = rows.with_columns(z="car_z", bars_used="model_bars")
    return findings(rows, NAME, f"[-{BARS}, -1]", "both", _say)


def _say(row: dict[str, Any]) -> str:
    return (
        f"Before its abnormal return of {percent(row['abnormal'])} it had "
        f"{'gained' if row['car'] >= 0 else 'lost'} {percent(abs(row['car']))} in {BARS} bars "
        f"beyond what is explained: {abs(row['z']):.1f} times the usual swing of so many bars."
    )


DETECTOR = Detector(
    name=NAME,
    says="A run-up, or a run-down, in the bars before an abnormal return.",
    needs=("close", "volume"),
    find=find,
)
