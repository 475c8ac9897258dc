"""What chance gives two accounts, by stratum: unlikely trials summed by level, likely ones listed.

In a stratum, accounts of equal activity have equal chances: their rows of chances begin at the same
place (margins.py). What two rows expect of each other is therefore worked out once and remembered,
as long as there is room; a pair adds up its strata. Remembered or not, the numbers are the same.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from graph.detection.loops import level_of
from graph.detection.margins import together

LIKELY = 0.1  # chance above which a trial is counted exactly
MOST_CELLS = 1 << 22  # two classes of accounts that may be remembered, 45 bytes each when they are
MOST_TRIALS = 1 << 18


@njit(cache=True, nogil=True)
def of_pair(a, b, by, mean, likely):  # type: ignore[no-untyped-def]
    """Sums the unlikely trials of two accounts into `mean` by level; lists the likely ones: chance,
    trials, level. Returns how many are listed; those that do not fit are added to the mean.

    `by`: the fields of Margins, in order.
    """
    active, stratum, row = by[0], by[1], by[2]
    for level in range(4):
        mean[level] = 0
    listed = 0
    i, j = active[a], active[b]
    while i < active[a + 1] and j < active[b + 1]:
        if stratum[i] < stratum[j]:
            i += 1
        elif stratum[i] > stratum[j]:
            j += 1
        else:
            listed = _of_stratum(row[i], row[j], stratum[i], by, mean, likely, listed)
            i += 1
            j += 1
    return listed


@njit(cache=True, nogil=True)
def memory(by):  # type: ignore[no-untyped-def]
    """Room to remember: of each account's strata, stratum * 2^32 + class; by stratum, where its
    table of two classes begins (-1: there is no room) and how wide it is; by cell of the tables, 0
    for unknown, 1 for known, 2 for known and with likely trials, then means by level, and where
    those trials begin and end; the trials; and how many there are."""
    stratum, row, first = by[1], by[2], by[4]
    strata = first.shape[0] - 1
    low, wide = np.full(strata, np.int64(2**62)), np.zeros(strata, dtype=np.int64)
    for i in range(stratum.shape[0]):
        s = stratum[i]
        low[s], wide[s] = min(low[s], row[i]), max(wide[s], row[i])
    begin, cells = np.full(strata, -1, dtype=np.int64), 0
    for s in range(strata):
        classes = first[s + 1] - first[s]
        if classes and low[s] <= wide[s]:
            wide[s] = (wide[s] - low[s]) // classes + 1
            if cells + wide[s] ** 2 <= MOST_CELLS:
                begin[s] = cells
                cells += wide[s] ** 2
    entry = np.empty(stratum.shape[0], dtype=np.int64)
    for i in range(stratum.shape[0]):
        s = stratum[i]
        entry[i] = s << 32 | (row[i] - low[s]) // max(first[s + 1] - first[s], 1)
    return (
        entry,
        begin,
        wide,
        np.zeros(cells, dtype=np.int8),
        np.empty((cells, 4), dtype=np.float64),
        np.empty((cells, 2), dtype=np.int64),
        np.empty((MOST_TRIALS, 3), dtype=np.float64),
        np.zeros(1, dtype=np.int64),
    )


@njit(cache=True, nogil=True)
def plain(a, b, active, entry, begin, wide, state, means, mean):  # type: ignore[no-untyped-def]
    """Whether all that two accounts expect is remembered and nothing of it likely; then `mean` is
    what `of_pair` says. The arrays are those of Margins and `memory`, one by one: handing them on
    as tuples would cost more than the rest, a pair at a time."""
    for level in range(4):
        mean[level] = 0
    i, i_end, j, j_end = active[a], active[a + 1], active[b], active[b + 1]
    while i < i_end and j < j_end:
        s, t = entry[i] >> 32, entry[j] >> 32
        if s == t:
            cell = begin[s]
            cell += (entry[i] & 0xFFFFFFFF) * wide[s] + (entry[j] & 0xFFFFFFFF)
            if begin[s] < 0 or state[cell] != 1:
                return False
            for level in range(4):
                mean[level] += means[cell, level]
        i += s <= t
        j += t <= s
    return True


@njit(cache=True, nogil=True)
def remembered(a, b, by, mean, likely, known):  # type: ignore[no-untyped-def]
    """`of_pair`, from memory where it can."""
    active, entry, begin, wide, state, means = (
        by[0],
        known[0],
        known[1],
        known[2],
        known[3],
        known[4],
    )
    for level in range(4):
        mean[level] = 0
    listed = 0
    i, i_end, j, j_end = active[a], active[a + 1], active[b], active[b + 1]
    while i < i_end and j < j_end:
        s, t = entry[i] >> 32, entry[j] >> 32
        if s == t:
            cell = begin[s]
            if cell >= 0:
                cell += (entry[i] & 0xFFFFFFFF) * wide[s] + (entry[j] & 0xFFFFFFFF)
                if state[cell] == 0:
                    _remember(cell, by[2][i], by[2][j], s, by, known)
            if cell >= 0 and state[cell] > 0:
                for level in range(4):
                    mean[level] += means[cell, level]
                if state[cell] == 2:
                    listed = _recalled(cell, mean, likely, listed, known)
            else:
                listed = _of_stratum(by[2][i], by[2][j], s, by, mean, likely, listed)
        i += s <= t
        j += t <= s
    return listed


@njit(cache=True, nogil=True)
def _remember(cell, low, high, s, by, known):  # type: ignore[no-untyped-def]
    """Works a cell out, unless there is no room for its trials."""
    state, means, bounds, trials, used = known[3], known[4], known[5], known[6], known[7]
    if used[0] + by[4][s + 1] - by[4][s] > trials.shape[0]:
        return
    for level in range(4):
        means[cell, level] = 0
    found = _of_stratum(low, high, s, by, means[cell], trials[used[0] :], 0)
    bounds[cell, 0], bounds[cell, 1] = used[0], used[0] + found
    state[cell] = 2 if found else 1
    used[0] += found


@njit(cache=True, nogil=True)
def _recalled(cell, mean, likely, listed, known):  # type: ignore[no-untyped-def]
    """Lists the likely trials of a cell; returns how many are listed now."""
    bounds, trials = known[5], known[6]
    for t in range(bounds[cell, 0], bounds[cell, 1]):
        if listed < likely.shape[0]:
            for n in range(3):
                likely[listed, n] = trials[t, n]
            listed += 1
        else:
            mean[int(trials[t, 2])] += trials[t, 0] * trials[t, 1]
    return listed


@njit(cache=True, nogil=True)
def _of_stratum(low, high, s, by, mean, likely, listed):  # type: ignore[no-untyped-def]
    """Adds a stratum: its unlikely trials as one sum a level, then the likely ones that do not fit
    the list. Returns how many are listed now."""
    chance, first, popularity, episodes, meeting, spread = by[3], by[4], by[5], by[6], by[7], by[8]
    total, fit = np.zeros(4, dtype=np.float64), likely.shape[0] - listed
    found = 0
    for c in range(first[s + 1] - first[s]):
        k = first[s] + c
        p = together(chance[low + c], chance[high + c], spread[k]) * meeting[k]
        if p <= LIKELY:
            total[level_of(popularity[k])] += p * episodes[k]
        else:
            if found < fit:
                at = listed + found
                likely[at, 0], likely[at, 1] = p, episodes[k]
                likely[at, 2] = level_of(popularity[k])
            found += 1
    for level in range(4):
        mean[level] += total[level]
    if found <= fit:
        return listed + found
    nth = 0
    for c in range(first[s + 1] - first[s]):
        k = first[s] + c
        p = together(chance[low + c], chance[high + c], spread[k]) * meeting[k]
        if p > LIKELY:
            nth += 1
            if nth > fit:
                mean[level_of(popularity[k])] += p * episodes[k]
    return likely.shape[0]
