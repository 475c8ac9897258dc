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
def entries(owner, starts, items, num, den, k):  # type: ignore[no-untyped-def]
    """Each stretch of a set under its rarest items (k = 1) or pairs of them (k = 2): the key, the
    stretch, and the position of the key's last item in the set."""
    kinds = items.max() + 1 if items.shape[0] else 1
    total = 0
    for stretch in range(owner.shape[0]):
        prefix = _prefix(starts, owner[stretch], num, den, k)
        total += prefix if k == 1 else prefix * (prefix - 1) // 2
    key = np.empty(total, dtype=np.int64)
    stretches = np.empty(total, dtype=np.int32)
    last = np.empty(total, dtype=np.int32)
    count = 0
    for stretch in range(owner.shape[0]):
        start = starts[owner[stretch]]
        for i in range(_prefix(starts, owner[stretch], num, den, k)):
            for j in range(0 if k == 2 else i, i if k == 2 else i + 1):
                key[count] = items[start + i] + (items[start + j] * kinds if k == 2 else 0)
                stretches[count] = stretch
                last[count] = i
                count += 1
    return key, stretches, last


@njit(cache=True)
def _prefix(starts, a, num, den, k):  # type: ignore[no-untyped-def]
    """Among how many of its rarest items a set has its k-th common one with any near set."""
    size = starts[a + 1] - starts[a]
    return min(size, size + num * -size // den + k) if size > 0 else 0


@njit(cache=True)
def candidates(  # type: ignore[no-untyped-def]
    key, owner, last, mark, begin, end, starts, items, marks, window, num, den, k, beyond
):
    """Near pairs a < b as a * n + b, of which one has more than `beyond` items. Rows are `entries`
    with the set and the stretch's time, sorted by key, then by `begin`. `mark` is marks[owner, 0],
    kept beside the row because most pairs end there."""
    n = starts.shape[0] - 1
    found = np.empty(1024, dtype=np.int64)
    count = 0
    for x in range(key.shape[0]):
        a, i = owner[x], np.int64(last[x])
        size_a = starts[a + 1] - starts[a]
        y = x + 1
        while y < key.shape[0] and key[y] == key[x] and begin[y] <= end[x] + window:
            z, b, j = y, owner[y], np.int64(last[y])
            y += 1
            size_b = starts[b + 1] - starts[b]
            need = -(-num * (size_a + size_b) // (num + den))
            apart = size_a + size_b - 2 * need  # at most so many items may be in one set only
            if (
                a == b
                or k + min(size_a - i, size_b - j) - 1 < need
                or max(size_a, size_b) <= beyond
            ):
                continue
            if bits_set(mark[x] ^ mark[z]) > apart or _apart(marks[a], marks[b]) > apart:
                continue
            if _similar(a, b, starts[a] + i, starts[b] + j, starts, items, need, k):
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
def _similar(a, b, i, j, starts, items, need, k):  # type: ignore[no-untyped-def]
    """Do sets a and b, whose items at i and j are their k-th common one, share `need` items? Where
    fewer or more are common before, the pair is another entry's."""
    x, y = starts[a], starts[b]
    both = 1
    while x < i and y < j:
        if items[x] == items[y]:
            both += 1
            x += 1
            y += 1
        elif items[x] < items[y]:
            x += 1
        else:
            y += 1
    if both != k:
        return False
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
