"""`significance.judge` of what stands: keys that come once, with a count, and few that are kept.

Nearly all pairs met by chance and are put aside at a glance, so what a pair costs is two looks into
the memory of expected.py. That memory is shared by the readings of one state.
"""

from __future__ import annotations

from dataclasses import fields
from itertools import pairwise

import numpy as np
import numpy.typing as npt
from numba import njit

from graph.detection.acts import Codes, Ints
from graph.detection.expected import memory, plain, remembered
from graph.detection.incremental.stretches import ACCOUNT, ACCOUNTS
from graph.detection.margins import Margins
from graph.detection.significance import MOST_LISTED, hopeless, verdict

# The columns JUDGED.
Columns = tuple[Ints, Ints, npt.NDArray[np.float64], npt.NDArray[np.int8], npt.NDArray[np.float64]]


class Null:
    """What a pair expects, under margins that are known."""

    def __init__(self, by: Margins) -> None:
        self._by = tuple(getattr(by, one.name) for one in fields(Margins))
        self._known = memory(self._by)

    def beside(self) -> Null:
        """Another one with a memory of its own, for another thread."""
        other = object.__new__(Null)
        fixed, learnt = self._known[:3], self._known[3:]
        other._by = self._by
        other._known = (*fixed, np.zeros_like(learnt[0]), *map(np.empty_like, learnt[1:4]), _none())
        return other

    def judge(self, keys: Ints, counts: Codes, keep: float) -> Columns:
        """`significance.judge_by` of sorted meeting keys (see stretches.py) with their counts."""
        found: Columns = _judge(keys, counts, self._by, self._known, keep)
        return found


def _none() -> Ints:
    return np.zeros(1, dtype=np.int64)


def in_parts(keys: Ints, parts: int) -> list[slice]:
    """Sorted meeting keys in about equal parts, no pair in two of them."""
    if not len(keys):
        return [slice(0)] * parts
    pairs = keys[len(keys) * np.arange(1, parts) // parts] >> 2
    cuts = [0, *np.searchsorted(keys, pairs << 2).tolist(), len(keys)]
    return [slice(low, high) for low, high in pairwise(cuts)]


@njit(cache=True, nogil=True)
def _judge(keys, counts, by, known, keep):  # type: ignore[no-untyped-def]
    room = keys.shape[0]  # memory that is not written to costs nothing
    pair, met = np.empty(room, dtype=np.int64), np.empty(room, dtype=np.int64)
    expected, level = np.empty(room, dtype=np.float64), np.empty(room, dtype=np.int8)
    p_value = np.empty(room, dtype=np.float64)
    seen, mean = np.zeros(4, dtype=np.int64), np.zeros(4, dtype=np.float64)
    likely = np.zeros((MOST_LISTED, 3), dtype=np.float64)
    active, entry, begin = by[0], known[0], known[1]
    wide, state, means = known[2], known[3], known[4]
    out = i = 0
    while i < keys.shape[0]:
        key = keys[i] >> 2
        if counts[i] == 1 and keep < 1 and (i + 1 == keys.shape[0] or keys[i + 1] >> 2 != key):
            least = _once(key, keys[i] & 3, active, entry, begin, wide, state, means)
            if least > keep * (1 + 1e-9):
                i += 1
                continue
        for k in range(4):
            seen[k] = 0
        while i < keys.shape[0] and keys[i] >> 2 == key:
            seen[keys[i] & 3] = counts[i]
            i += 1
        a, b, listed = key >> ACCOUNT, key & (ACCOUNTS - 1), 0
        if not plain(a, b, active, entry, begin, wide, state, means, mean):
            listed = remembered(a, b, by, mean, likely, known)
        if hopeless(seen, mean, likely, listed, keep):
            continue
        best, at, count, told = verdict(seen, mean, likely, listed)
        if best <= keep:
            pair[out], met[out], expected[out] = key, count, told
            level[out], p_value[out] = at, best
            out += 1
    return (
        pair[:out].copy(),
        met[:out].copy(),
        expected[:out].copy(),
        level[:out].copy(),
        p_value[:out].copy(),
    )


@njit(cache=True, nogil=True)
def _once(key, level, active, entry, begin, wide, state, means):  # type: ignore[no-untyped-def]
    """What p is at least of a pair that met once, at this level; `hopeless` looks closer. 0 where
    something that they expect is not remembered, or likely."""
    a, b, m = key >> ACCOUNT, key & (ACCOUNTS - 1), 0.0
    i, i_end, j, j_end = active[a], active[a + 1], active[b], active[b + 1]
    while i < i_end and j < j_end:
        s, t = entry[i] >> 32, entry[j] >> 32
        if s == t:
            cell = begin[s] + (entry[i] & 0xFFFFFFFF) * wide[s] + (entry[j] & 0xFFFFFFFF)
            if begin[s] < 0 or state[cell] != 1:
                return 0.0
            for k in range(level + 1):
                m += means[cell, k]
        i += s <= t
        j += t <= s
    return m - m * m / 2
