"""The inner loops of `jaccard.py`: sets as starts and items, every item list ascending."""

from __future__ import annotations

import numpy as np
from numba import njit


@njit(cache=True)
def marks(starts, items):  # type: ignore[no-untyped-def]
    """256 bits a set, each item setting one: where d bits differ, at least d items do."""
    found = np.zeros((starts.shape[0] - 1, 4), dtype=np.uint64)
    for i in range(found.shape[0]):
        for k in range(starts[i], starts[i + 1]):
            bit = (np.uint64(items[k]) * np.uint64(0x9E3779B97F4A7C15)) >> np.uint64(56)
            found[i, bit >> np.uint64(6)] |= np.uint64(1) << (bit & np.uint64(63))
    return found


@njit(cache=True)
def hashes(starts, items):  # type: ignore[no-untyped-def]
    """A hash a set; equal sets have equal ones."""
    found = np.zeros(starts.shape[0] - 1, dtype=np.uint64)
    for i in range(found.shape[0]):
        value = np.uint64(14695981039346656037)
        for k in range(starts[i], starts[i + 1]):
            value = (value ^ np.uint64(items[k])) * np.uint64(1099511628211)
            value ^= value >> np.uint64(29)
        found[i] = value
    return found


@njit(cache=True)
def first_of_run(starts, items, hashes, order):  # type: ignore[no-untyped-def]
    """For each set the first equal one; `order` sorts sets by hash, `hashes` are so sorted."""
    first = np.arange(order.shape[0])
    run = 0
    for i in range(1, order.shape[0]):
        if hashes[i] != hashes[run]:
            run = i
        for j in range(run, i):
            if first[order[j]] == order[j] and _equal(order[i], order[j], starts, items):
                first[order[i]] = order[j]
                break
    return first


@njit(cache=True)
def candidates(  # type: ignore[no-untyped-def]
    item, owner, position, mark, begin, end, starts, items, marks, window, num, den
):
    """Near pairs a < b as a * n + b. An entry is a set's item at a position, in a stretch from
    `begin` to `end`; entries are sorted by item, then by `begin`. `mark` is marks[owner, 0], kept
    beside the entry because most pairs end there."""
    n = starts.shape[0] - 1
    found = np.empty(1024, dtype=np.int64)
    count = 0
    for x in range(item.shape[0]):
        a, i = owner[x], position[x]
        size_a = starts[a + 1] - starts[a]
        y = x + 1
        while y < item.shape[0] and item[y] == item[x] and begin[y] <= end[x] + window:
            z, b, j = y, owner[y], position[y]
            y += 1
            size_b = starts[b + 1] - starts[b]
            need = -(-num * (size_a + size_b) // (num + den))
            apart = size_a + size_b - 2 * need  # at most so many items may be in one set only
            if a == b or min(size_a - i, size_b - j) < need or bits_set(mark[x] ^ mark[z]) > apart:
                continue
            if _apart(marks[a], marks[b]) > apart:
                continue
            if _similar(a, b, starts[a] + i, starts[b] + j, starts, items, need):
                if count == found.shape[0]:
                    bigger = np.empty(2 * count, dtype=np.int64)
                    bigger[:count] = found
                    found = bigger
                found[count] = min(a, b) * n + max(a, b)
                count += 1
    return found[:count]


@njit(cache=True)
def within(left, right, bounds, begin, end, window):  # type: ignore[no-untyped-def]
    """Which pairs have two stretches within the window of each other."""
    kept = np.zeros(left.shape[0], dtype=np.bool_)
    for k in range(left.shape[0]):
        i, j = bounds[left[k]], bounds[right[k]]
        while i < bounds[left[k] + 1] and j < bounds[right[k] + 1]:
            if begin[i] > end[j] + window:
                j += 1
            elif begin[j] > end[i] + window:
                i += 1
            else:
                kept[k] = True
                break
    return kept


@njit(cache=True)
def bits_set(x):  # type: ignore[no-untyped-def]
    """How many bits are set."""
    x = x - ((x >> np.uint64(1)) & np.uint64(0x5555555555555555))
    x = (x & np.uint64(0x3333333333333333)) + ((x >> np.uint64(2)) & np.uint64(0x3333333333333333))
    x = (x + (x >> np.uint64(4))) & np.uint64(0x0F0F0F0F0F0F0F0F)
    return np.int64((x * np.uint64(0x0101010101010101)) >> np.uint64(56))


@njit(cache=True)
def _apart(one, two):  # type: ignore[no-untyped-def]
    """How many bits differ: two sets differ in at least as many items."""
    return (
        bits_set(one[0] ^ two[0])
        + bits_set(one[1] ^ two[1])
        + bits_set(one[2] ^ two[2])
        + bits_set(one[3] ^ two[3])
    )


@njit(cache=True)
def _equal(a, b, starts, items):  # type: ignore[no-untyped-def]
    size = starts[a + 1] - starts[a]
    if starts[b + 1] - starts[b] != size:
        return False
    k = 0
    while k < size and items[starts[a] + k] == items[starts[b] + k]:
        k += 1
    return k == size


@njit(cache=True)
def _similar(a, b, i, j, starts, items, need):  # type: ignore[no-untyped-def]
    """Do sets a and b, whose items at i and j are their first common one, share `need` items?
    Places before i and j hold common items only where a smaller one comes first: then it is not
    the first, and the pair is another entry's."""
    k, m = starts[a], starts[b]
    while k < i and m < j:
        if items[k] == items[m]:
            return False
        if items[k] < items[m]:
            k += 1
        else:
            m += 1
    both = 1
    i += 1
    j += 1
    end_a, end_b = starts[a + 1], starts[b + 1]
    while i < end_a and j < end_b:
        if both + min(end_a - i, end_b - j) < need:
            return False
        if items[i] == items[j]:
            both += 1
            i += 1
            j += 1
        elif items[i] < items[j]:
            i += 1
        else:
            j += 1
    return both >= need
