"""Sums, shifts and models over the rows before each row, stock by stock, in one pass each.

Rows stand by stock and time; `first` says for each row where its stock begins. Sums of a window are
made of a block's end and the next block's beginning (van Herk, 1992), never by taking off what left
it: a wild value that is gone leaves no rounding behind.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


def shifted(values: Floats, first: Integers, rows: int) -> Floats:
    """The value so many rows before, nan where the stock had none yet."""
    place = np.arange(len(values)) - rows
    return np.where(place >= first, values[np.maximum(place, 0)], np.nan)


def change(values: Floats, first: Integers) -> Floats:
    """Each value over the one before, minus one; nan on a stock's first row."""
    return np.asarray(_change(np.ascontiguousarray(values, dtype=np.float64), first))


def rolled(values: Floats, first: Integers, rows: int) -> Floats:
    """The sum of the `rows` values that end with each row; nan where one is not known."""
    return np.asarray(_rolled(np.ascontiguousarray(values, dtype=np.float64), first, rows))


@njit(cache=True, nogil=True, error_model="numpy")
def _change(values, first):  # type: ignore[no-untyped-def]
    found = np.full(values.shape[0], np.nan)
    for row in range(1, values.shape[0]):
        if row > first[row]:
            found[row] = values[row] / values[row - 1] - 1
    return found


@njit(cache=True, nogil=True, error_model="numpy")
def _rolled(values, first, rows):  # type: ignore[no-untyped-def]
    found = np.full(values.shape[0], np.nan)
    for row in range(values.shape[0]):
        if row - rows + 1 >= first[row]:
            total = 0.0
            for place in range(row - rows + 1, row + 1):
                total += values[place]
            found[row] = total
    return found


@njit(cache=True, nogil=True, error_model="numpy")
def _window_sums(values, long, gap, suffix, prefix, found):  # type: ignore[no-untyped-def]
    """found[row]: sum of the `long` values of one stock that end gap + 1 rows before."""
    size = values.shape[0]
    for row in range(size):
        prefix[row] = values[row] + (prefix[row - 1] if row % long else 0.0)
    for row in range(size - 1, -1, -1):
        last = row % long == long - 1 or row == size - 1
        suffix[row] = values[row] + (0.0 if last else suffix[row + 1])
    for row in range(size):
        end = row - gap - 1
        start = end - long + 1
        if end < 0:
            found[row] = 0.0
        elif start <= 0 or start % long == 0:
            found[row] = prefix[end]
        else:
            found[row] = suffix[start] + prefix[end]


@njit(cache=True, nogil=True, error_model="numpy")
def models(returns, market, first, long, gap, fewest, least):  # type: ignore[no-untyped-def]
    """(explained, swing, market_based, rows used) of each row: see `event_study`.

    Least squares of return on market over the `long` rows that end gap + 1 rows before, where at
    least `fewest` of them are known; else the mean of the returns there; else nan.
    """
    size = returns.shape[0]
    explained, swing = np.full(size, np.nan), np.full(size, np.nan)
    based, used = np.zeros(size, dtype=np.bool_), np.zeros(size, dtype=np.int64)
    begin = 0
    while begin < size:
        end = begin + 1
        while end < size and first[end] == begin:
            end += 1
        _one(
            returns[begin:end],
            market[begin:end],
            long,
            gap,
            fewest,
            least,
            explained[begin:end],
            swing[begin:end],
            based[begin:end],
            used[begin:end],
        )
        begin = end
    return explained, swing, based, used


@njit(cache=True, nogil=True, error_model="numpy")
def _one(returns, market, long, gap, fewest, least, explained, swing, based, used):  # type: ignore[no-untyped-def]
    """Fills the last four arrays for one stock."""
    size = returns.shape[0]
    value, sums = np.zeros((9, size)), np.zeros((9, size))
    for row in range(size):
        y, x = returns[row], market[row]
        if np.isfinite(y):
            value[6, row], value[7, row], value[8, row] = 1.0, y, y * y
            if np.isfinite(x):
                value[0, row], value[1, row], value[2, row] = 1.0, x, y
                value[3, row], value[4, row], value[5, row] = x * x, x * y, y * y
    suffix, prefix = np.zeros(size), np.zeros(size)
    for column in range(9):
        _window_sums(value[column], long, gap, suffix, prefix, sums[column])
    for row in range(size):
        n, sx, sy, sxx, sxy, syy = sums[:6, row]
        own, total, squares = sums[6:, row]
        spread = sxx - sx * sx / n if n > 0 else 0.0
        if n >= fewest and spread > n * least**2 and np.isfinite(market[row]):
            beta = (sxy - sx * sy / n) / spread
            alpha = (sy - beta * sx) / n
            rest = (syy - sy * sy / n) - beta * (sxy - sx * sy / n)
            explained[row] = alpha + beta * market[row]
            swing[row] = max(np.sqrt(max(rest, 0.0) / (n - 2)), least)
            based[row], used[row] = True, int(n)
            continue
        used[row] = int(own)
        if own >= fewest:
            mean = total / own
            explained[row] = mean
            swing[row] = max(np.sqrt(max(squares - total * mean, 0.0) / (own - 1)), least)


@njit(cache=True, nogil=True, error_model="numpy")
def segment_medians(values, begins):  # type: ignore[no-untyped-def]
    """The median of each run of values; `begins` holds where each begins, and the end."""
    found = np.full(begins.shape[0] - 1, np.nan)
    for segment in range(begins.shape[0] - 1):
        if begins[segment + 1] > begins[segment]:
            found[segment] = np.median(values[begins[segment] : begins[segment + 1]])
    return found
