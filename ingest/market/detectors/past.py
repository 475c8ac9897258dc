"""What was usual before each row: median and MAD of the rows before it, in one pass.

The window is kept sorted: a value goes in, a value comes out, and the MAD is read by walking out
from the middle. Sorting each window anew would cost many times that.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import polars as pl
from numba import njit
from numpy.typing import NDArray

from ingest.market.event_study import MAD_TO_SD

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Booleans = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Usual:
    """One value a row; nan where too few earlier rows have a value."""

    centre: Floats  # median
    spread: Floats  # MAD times 1.4826, so that of a normal it is the standard deviation
    rows: Integers  # how many values it rests on

    def z(self, values: Floats, floor: float) -> Floats:
        """How many spreads a value is off; a spread below `floor` counts as that."""
        return np.asarray((values - self.centre) / np.maximum(self.spread, floor))


def usual(
    values: Floats, first: Integers, window: int, fewest: int, asked: Booleans | None = None
) -> Usual:
    """Of the `window` rows before each row within its group; values not finite are left out.

    `first`: for each row, where its group begins (see `group_starts`). `asked`: the rows to judge,
    all where it is None; the others are nan.
    """
    centre, spread = np.full(len(values), np.nan), np.full(len(values), np.nan)
    rows = np.zeros(len(values), dtype=np.int64)
    values = np.ascontiguousarray(values, dtype=np.float64)
    if asked is None:
        _roll_in_two(values, first, window, centre, spread, rows)
    else:
        _some(values, first, np.flatnonzero(asked), window, centre, spread, rows)
    unknown = rows < fewest
    centre[unknown], spread[unknown] = np.nan, np.nan
    spread *= MAD_TO_SD
    return Usual(centre, spread, rows)


def _roll_in_two(
    values: Floats, first: Integers, window: int, centre: Floats, spread: Floats, rows: Integers
) -> None:
    """`_roll`, the first groups beside the others: it leaves Python's lock alone."""
    half = int(first[len(first) // 2]) if len(first) else 0
    parts = [(slice(0, half), 0), (slice(half, len(first)), half)]

    def one(part: slice, begin: int) -> None:
        _roll(values[part], first[part] - begin, window, centre[part], spread[part], rows[part])

    with ThreadPoolExecutor(len(parts)) as pool:
        list(pool.map(one, *zip(*parts, strict=True)))


def group_starts(frame: pl.DataFrame, *keys: str) -> Integers:
    """For each row, where the run of rows with its keys begins."""
    if not len(frame):
        return np.empty(0, dtype=np.int64)
    new = np.zeros(len(frame), dtype=np.bool_)
    for key in keys:
        new |= frame[key].ne_missing(frame[key].shift(1)).to_numpy()
    new[0] = True
    return np.asarray(np.maximum.accumulate(np.where(new, np.arange(len(frame)), 0)))


def asked(frame: pl.DataFrame) -> Booleans | None:
    """The rows that `detect` was asked about; None for all."""
    return frame["asked"].to_numpy() if "asked" in frame.columns else None


@njit(cache=True, nogil=True, error_model="numpy")
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


@njit(cache=True, nogil=True, error_model="numpy")
def _some(values, first, places, window, centre, spread, rows):  # type: ignore[no-untyped-def]
    """The same for the rows of `places` alone: each sorts its own window."""
    held = np.empty(window)
    for row in places:
        size = 0
        for place in range(max(first[row], row - window), row):
            if np.isfinite(values[place]):
                held[size] = values[place]
                size += 1
        rows[row] = size
        if size:
            held[:size].sort()
            centre[row], spread[row] = _median_and_mad(held, size)


@njit(cache=True, nogil=True, error_model="numpy")
def _with(held, size, value):  # type: ignore[no-untyped-def]
    place = size
    while place > 0 and held[place - 1] > value:
        held[place] = held[place - 1]
        place -= 1
    held[place] = value
    return size + 1


@njit(cache=True, nogil=True, error_model="numpy")
def _without(held, size, value):  # type: ignore[no-untyped-def]
    place = np.searchsorted(held[:size], value)
    for i in range(place, size - 1):
        held[i] = held[i + 1]
    return size - 1


@njit(cache=True, nogil=True, error_model="numpy")
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
