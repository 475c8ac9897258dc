"""A new level of volume or return set in lately, and held.

Costly: looks only at bars that a cheap detector named. Of the WINDOW bars that end with such a bar,
log volume and return, scaled by median and MAD of the older ones, are cut in two where the squared
errors are least (Truong, Oudre and Vayatis, 2020; ruptures). The fall of the squared errors is
chi-square of two degrees for one given cut; p is that tail times the number of cuts. Volume of one
day resembles that of the day before, which p does not know: it ranks. A value beyond REACH counts
as that, and at least HELD bars must lie after the cut, so that one wild bar is no new level.
"""

from __future__ import annotations

from datetime import UTC, datetime
from math import exp
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray
from ruptures import KernelCPD
from scipy.special import ndtri

from ingest.market.detectors.figures import percent, with_returns, with_shares
from ingest.market.detectors.finding import LEAST_P, Detector, findings
from ingest.market.detectors.past import group_starts
from ingest.market.event_study import LEAST_SPREAD, LEAST_VOLUME_SCALE, MAD_TO_SD

NAME = "change_point"
WINDOW, FEWEST = 60, 40
RECENT, HELD = 10, 3
REACH = 6.0
FLOORS = np.array([LEAST_VOLUME_SCALE, LEAST_SPREAD])

Floats = NDArray[np.float64]


def find(frame: pl.DataFrame, z_at_least: float) -> pl.DataFrame:
    """Changes of level that lie within the RECENT bars before a triggered one."""
    judged = with_returns(with_shares(frame))
    logs = (pl.col("volume") / pl.col("shares")).log1p().alias("log_volume")
    signal = judged.select(logs, pl.col("returns").fill_null(0.0)).to_numpy()
    first = group_starts(judged, "ticker")
    at = judged["at"].to_numpy()
    found: list[dict[str, Any]] = []
    for row in np.flatnonzero(judged["triggered"].to_numpy()).tolist():
        # The stock's first bar has no return.
        begin = max(int(first[row]) + 1, row + 1 - WINDOW)
        if (change := level_change(signal[begin : row + 1])) and change["z"] >= z_at_least:
            place = {"row": row, "since": int(at[begin + change["cut"]])}
            found.append({**change, **place, "bars_used": row + 1 - begin})
    rows = judged[[change["row"] for change in found]].select("ticker", "at")
    told = pl.DataFrame(found) if found else pl.DataFrame(schema={"z": pl.Float64, **_NONE})
    return findings(rows.hstack(told), NAME, f"{WINDOW} bars", "up", _say)


def level_change(signal: Floats) -> dict[str, Any] | None:
    """cut (first row of the new level), z, p_value, volume_times and return_more.

    `signal`: log volume and return, a row a bar, oldest first. None where there are too few bars or
    the best cut is not among the last ones.
    """
    bars = len(signal)
    if bars < FEWEST or not np.isfinite(signal).all():
        return None
    scaled = _scaled(signal)
    cut = int(KernelCPD(kernel="linear", min_size=HELD).fit(scaled).predict(n_bkps=1)[0])
    if cut < bars - RECENT:
        return None
    gain = _errors(scaled) - _errors(scaled[:cut]) - _errors(scaled[cut:])
    p_value = max(min((bars - 2 * HELD + 1) * exp(-gain / 2), 1.0), LEAST_P)
    more = signal[cut:].mean(axis=0) - signal[:cut].mean(axis=0)
    return {
        "cut": cut,
        "z": float(-ndtri(p_value)),
        "p_value": p_value,
        "volume_times": float(np.exp(more[0])),
        "return_more": float(more[1]),
    }


def _scaled(signal: Floats) -> Floats:
    """In spreads of the bars before the last RECENT."""
    older = signal[:-RECENT]
    centre = np.median(older, axis=0)
    spread = MAD_TO_SD * np.median(np.abs(older - centre), axis=0)
    scaled = (signal - centre) / np.maximum(spread, FLOORS)
    return np.asarray(np.clip(scaled, -REACH, REACH), dtype=np.float64)


def _errors(part: Floats) -> float:
    return float(((part - part.mean(axis=0)) ** 2).sum())


def _say(row: dict[str, Any]) -> str:
    day = datetime.fromtimestamp(row["since"] / 1000, UTC).strftime("%Y-%m-%d %H:%M")
    return (
        f"Since {day.removesuffix(' 00:00')} it has been on another level: "
        f"{row['volume_times']:.1f} times the volume and {percent(row['return_more'])} more return "
        f"a bar than in the bars before."
    )


_NONE = {
    "cut": pl.Int64,
    "p_value": pl.Float64,
    "volume_times": pl.Float64,
    "return_more": pl.Float64,
    "row": pl.Int64,
    "since": pl.Int64,
    "bars_used": pl.Int64,
}

DETECTOR = Detector(
    name=NAME,
    says="A new level of volume or return that set in lately and held.",
    needs=("close", "volume"),
    find=find,
    costly=True,
)
