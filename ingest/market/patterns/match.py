"""Which known case a window resembles most, by dynamic time warping, and why.

Price, volume and fall are warped together (dtaidistance, multivariate): a pump of four days and one
of eight are one shape. Sakoe and Chiba (1978); the band is a third of the window.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from dtaidistance import dtw_ndim
from numpy.typing import NDArray

from ingest.market.patterns.library import Case, library
from ingest.market.patterns.window import BARS, LOUD

Floats = NDArray[np.float64]
BAND = BARS // 3


@dataclass(frozen=True, slots=True)
class Match:
    """The nearest case. `lead`: how much nearer it is than the nearest case of the other side."""

    case: Case
    distance: float
    lead: float
    why: str


def matches(shapes: Floats, cases: Sequence[Case] | None = None) -> list[Match]:
    """The match of each window ([windows, 3, BARS]) among the cases (the whole library)."""
    known = library() if cases is None else cases
    told = np.array([case.pump for case in known])
    return [
        _match(shape, row, known, told)
        for shape, row in zip(shapes, distances(shapes, known), strict=True)
    ]


def distances(shapes: Floats, cases: Sequence[Case]) -> Floats:
    """[windows, cases], by dynamic time warping."""
    if not len(shapes) or not cases:
        return np.empty((len(shapes), len(cases)))
    rows = [np.ascontiguousarray(shape.T) for shape in (*shapes, *(c.shape for c in cases))]
    split = len(shapes)
    found = dtw_ndim.distance_matrix_fast(
        rows, window=BAND, block=((0, split), (split, len(rows))), parallel=False
    )
    return np.asarray(found)[:split, split:]


def pump_scores(shapes: Floats, cases: Sequence[Case]) -> Floats:
    """How much nearer the nearest pump is than the nearest other case: above 0 is a pump."""
    found = distances(shapes, cases)
    told = np.array([case.pump for case in cases])
    return np.asarray(found[:, ~told].min(axis=1) - found[:, told].min(axis=1))


def _match(shape: Floats, row: Floats, cases: Sequence[Case], told: NDArray[np.bool_]) -> Match:
    best = int(row.argmin())
    others = row[told != told[best]]
    lead = float(others.min() - row[best]) if len(others) else float("inf")
    return Match(cases[best], float(row[best]), lead, _why(shape, cases[best]))


def _why(shape: Floats, case: Case) -> str:
    price, volume, _ = shape
    peak = int(price.argmax())
    after = BARS - 1 - peak
    kept = float(price[-1] / price[peak]) if price[peak] > 0 else 0.0
    end = (
        "and stands at its peak"
        if after == 0
        else f"and {after} bars after its peak {max(0, round(100 * kept))} % of that is left"
    )
    loud = int((volume >= 3 / LOUD).sum())
    return (
        f"It rose over {_rising(price, peak)} bars {end}, with unusual volume on {loud} of {BARS}: "
        f"nearest to {case.name} ({case.says})."
    )


def _rising(price: Floats, peak: int) -> int:
    """Bars from the last one at which it stood at a tenth of its peak, to the peak."""
    low = np.flatnonzero(price[: peak + 1] <= 0.1 * price[peak])
    return peak - int(low[-1]) if len(low) else peak + 1
