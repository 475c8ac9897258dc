"""Little money moves the price much: Amihud's illiquidity rose far above the stock's own.

Amihud (2002), "Illiquidity and stock returns", Journal of Financial Markets 5(1): |return| over the
money traded (close times volume). Here in logs, as a mean over SMOOTH bars, since one bar says
little; robust z against the stock's own past. Splits do not touch money.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl

from ingest.market.detectors.figures import values, with_returns
from ingest.market.detectors.finding import Detector, beyond, findings
from ingest.market.detectors.past import asked, group_starts, usual
from ingest.market.rolling import rolled

NAME = "illiquidity"
SMOOTH = 5
WINDOW, FEWEST = 60, 30
LEAST_RETURN = 1e-5  # a bar that did not move would have a log of nothing
LEAST_SCALE = 0.2  # in logs: a fifth more or less is nobody's anomaly


def find(frame: pl.DataFrame, z_at_least: float) -> pl.DataFrame:
    """Rises of illiquidity."""
    judged = with_illiquidity(frame)
    logs = judged["illiquidity"].fill_null(np.nan).to_numpy()
    norm = usual(logs, group_starts(judged, "ticker"), WINDOW, FEWEST, asked(judged))
    rows = judged.with_columns(
        z=pl.Series(norm.z(logs, LEAST_SCALE)),
        times=pl.Series(np.exp(logs - norm.centre)),
        bars_used=pl.Series(norm.rows),
    ).filter(beyond("z", z_at_least, "up"))
    return findings(rows, NAME, f"{SMOOTH} of {WINDOW} bars", "up", _say)


def with_illiquidity(frame: pl.DataFrame) -> pl.DataFrame:
    """Adds illiquidity: the mean log of |return| over money of the SMOOTH bars that end here."""
    frame = with_returns(frame)
    returns, money = values(frame, "returns"), frame["close"] * frame["volume"]
    moved = np.where(np.isfinite(returns), np.maximum(np.abs(returns), LEAST_RETURN), np.nan)
    total = rolled(np.log(moved / money.to_numpy()), group_starts(frame, "ticker"), SMOOTH)
    return frame.with_columns(illiquidity=pl.Series(total / SMOOTH).fill_nan(None))


def _say(row: dict[str, Any]) -> str:
    return (
        f"The same money moved its price {row['times']:.1f} times as much as usual over {SMOOTH} "
        f"bars: {row['z']:.1f} times the usual spread of its last {row['bars_used']} bars."
    )


DETECTOR = Detector(
    name=NAME,
    says="A price that the same money moves far more than it is used to.",
    needs=("close", "volume"),
    find=find,
)
