"""Every two rows of one object that lie at most a window apart: the sweep under exact windows.

Rows come sorted by (object, at), both as integers. Two passes over them with two pointers: the
first counts, the second fills, so that memory is what is found and not the square of an object.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from numba import njit

Ints = npt.NDArray[np.int64]


def pairs(objects: Ints, at: Ints, window: int) -> tuple[Ints, Ints]:
    """Row numbers (first, second), first < second, of one object with |dt| <= window.

    In the order of the first row, then of the second. Raises ValueError for rows out of order.
    """
    if len(at) != len(objects):
        raise ValueError(f"{len(objects)} objects, {len(at)} times")
    if not _sorted(objects, at):
        raise ValueError("rows must be sorted by object and time")
    ends = _ends(objects, at, window)
    first, second = _fill(ends, int((ends - np.arange(1, len(ends) + 1)).sum()))
    return first, second


@njit(cache=True, nogil=True)
def _sorted(objects, at):  # type: ignore[no-untyped-def]
    for i in range(1, len(at)):
        if objects[i] < objects[i - 1]:
            return False
        if objects[i] == objects[i - 1] and at[i] < at[i - 1]:
            return False
    return True


@njit(cache=True, nogil=True)
def _ends(objects, at, window):  # type: ignore[no-untyped-def]
    """Past the last row that each row still reaches."""
    ends = np.empty(len(at), np.int64)
    j = 0
    for i in range(len(at)):
        j = max(j, i + 1)
        while j < len(at) and objects[j] == objects[i] and at[j] - at[i] <= window:
            j += 1
        ends[i] = j
    return ends


@njit(cache=True, nogil=True)
def _fill(ends, count):  # type: ignore[no-untyped-def]
    first, second = np.empty(count, np.int64), np.empty(count, np.int64)
    k = 0
    for i in range(len(ends)):
        for j in range(i + 1, ends[i]):
            first[k], second[k] = i, j
            k += 1
    return first, second
