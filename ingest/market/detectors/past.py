"""What was usual before each row: median and MAD of the rows before it, in one pass.

The window is kept sorted: a value goes in, a value comes out, and the MAD is read by walking out
from the middle. Sorting each window anew would cost many times that.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numba import njit
from numpy.typing import NDArray

from ingest.market.event_study import MAD_TO_SD

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Usual:
    """One value a row; nan where too few earlier rows have a value."""

    centre: Floats  # median
    spread: Floats  # MAD times 1.4826, so that of a normal it is the standard deviation
    rows: Integers  # how many values it rests on

    def z(self, values: Floats, floor: float) -> Floats:
        """How many spreads a value is off; a spread below `floor` counts as that."""
        return np.asarray((values - self.centre) / np.maximum(self.spread, floor))


def usual(values: Floats, first: Integers, window: int, fewest: int) -> Usual:
    """Of the `window` rows before each row within its group; values not finite are left out.

    `first`: for each row, where its group begins (see `group_starts`).
    """
    centre, spread = np.full(len(values), np.nan), np.full(len(values), np.nan)
    rows = np.zeros(len(values), dtype=np.int64)
    _roll(np.ascontiguousarray(values, dtype=np.float64), first, window, centre, spread, rows)
    known = rows >= fewest
    return Usual(np.where(known, centre, np.nan), np.where(known, MAD_TO_SD * spread, np.nan), rows)


def group_starts(frame: pl.DataFrame, *keys: str) -> Integers:
    """For each row, where the run of rows with its keys begins."""
    if not len(frame):
        return np.empty(0, dtype=np.int64)
    new = frame.select(pl.struct(keys).rle_id()).to_series().to_numpy()
    begins = np.flatnonzero(np.concatenate([[True], new[1:] != new[:-1]]))
    return np.asarray(begins[new], dtype=np.int64)


@njit(cache=True, nogil=True)
def _roll(values, first, window, centre, spread, rows):  # type: ignore[no-untyped-def]
    """Fills centre, spread and rows for each row."""
    held, size = np.empty(window + 1), 0
    for row in range(values.shape[0]):
        if row == first[row]:
            size = 0
        else:
            gone = row - 1 - window
            if gone >= first[row] and np.isfinite(values[gone]):
                size = _without(held, size, values[gone])
            if np.isfinite(values[row - 1]):
                size = _with(held, size, values[row - 1])
        rows[row] = size
        if size:
            centre[row], spread[row] = _median_and_mad(held, size)


@njit(cache=True, nogil=True)
def _with(held, size, value):  # type: ignore[no-untyped-def]
    place = size
    while place > 0 and held[place - 1] > value:
        held[place] = held[place - 1]
        place -= 1
    held[place] = value
    return size + 1


@njit(cache=True, nogil=True)
def _without(held, size, value):  # type: ignore[no-untyped-def]
    place = np.searchsorted(held[:size], value)
    for i in range(place, size - 1):
        held[i] = held[i + 1]
    return size - 1


@njit(cache=True, nogil=True)
def _median_and_mad(held, size):  # type: ignore[no-untyped-def]
    """Of a sorted array: distances grow outwards on both sides, so they are merged in order."""
    low, high = (size - 1) // 2, size // 2
    centre = (held[low] + held[high]) / 2
    left, right = low, low + 1
    total = 0.0
    for rank in range(high + 1):
        if right >= size or (left >= 0 and centre - held[left] <= held[right] - centre):
            distance = centre - held[left]
            left -= 1
        else:
            distance = held[right] - centre
            right += 1
        if rank == low:
            total += distance
        if rank == high:
            total += distance
    return centre, total / 2
