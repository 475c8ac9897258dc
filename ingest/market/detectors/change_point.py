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
from numba import njit
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
    signal = np.ascontiguousarray(signal)
    at = judged["at"].to_numpy()
    rows = np.flatnonzero(judged["triggered"].to_numpy())
    # The stock's first bar has no return.
    begins = np.maximum(group_starts(judged, "ticker")[rows] + 1, rows + 1 - WINDOW)
    likely = _likely(signal, rows, begins, z_at_least)
    found: list[dict[str, Any]] = []
    for row, begin in zip(rows[likely].tolist(), begins[likely].tolist(), strict=True):
        if (change := level_change(signal[begin : row + 1])) and change["z"] >= z_at_least:
            place = {"row": row, "since": int(at[begin + change["cut"]])}
            found.append({**change, **place, "bars_used": row + 1 - begin})
    places = judged[[change["row"] for change in found]].select("ticker", "at")
    told = pl.DataFrame(found) if found else pl.DataFrame(schema={"z": pl.Float64, **_NONE})
    return findings(places.hstack(told), NAME, f"{WINDOW} bars", "up", _say)


def _likely(
    signal: Floats, rows: NDArray[np.int64], begins: NDArray[np.int64], z_at_least: float
) -> NDArray[np.bool_]:
    """Whether a look at every cut promises a finding: ruptures then finds the cut among these."""
    gains, cuts = _best_cuts(signal, rows, begins, FLOORS)
    bars = rows + 1 - begins
    with np.errstate(divide="ignore", invalid="ignore"):
        log_p = np.log(np.maximum(bars - 2 * HELD + 1, 1)) - gains / 2
        z = -ndtri(np.exp(np.clip(log_p, np.log(LEAST_P), 0.0)))
    # A hair under the line, and cuts of a hair's difference, are left to ruptures.
    return np.asarray((gains >= 0) & (cuts >= bars - RECENT - 1) & (z >= z_at_least - 0.01))


@njit(cache=True, nogil=True, error_model="numpy")
def _best_cuts(signal, rows, begins, floors):  # type: ignore[no-untyped-def]
    """(fall of the squared errors, cut) of the best cut of each window; -1 where there is none."""
    gains, cuts = np.full(rows.shape[0], -1.0), np.zeros(rows.shape[0], dtype=np.int64)
    for place in range(rows.shape[0]):
        bars = rows[place] + 1 - begins[place]
        if bars < FEWEST:
            continue
        scaled = np.empty((2, bars))
        for column in range(2):
            part = signal[begins[place] : rows[place] + 1, column]
            older = part[: bars - RECENT]
            centre = np.median(older)
            spread = max(MAD_TO_SD * np.median(np.abs(older - centre)), floors[column])
            for bar in range(bars):
                scaled[column, bar] = min(max((part[bar] - centre) / spread, -REACH), REACH)
        if not np.isfinite(scaled).all():
            continue
        total = scaled.sum(axis=1)
        left = np.zeros(2)
        for cut in range(1, bars - HELD + 1):
            left += scaled[:, cut - 1]
            if cut < HELD:
                continue
            gain = 0.0
            for column in range(2):
                right = total[column] - left[column]
                gain += left[column] ** 2 / cut + right**2 / (bars - cut)
                gain -= total[column] ** 2 / bars
            if gain > gains[place]:
                gains[place], cuts[place] = gain, cut
    return gains, cuts


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
