"""Directed weights: how many messages of one account have a match by another.

Every message's neighbours in time are walked from its own side, account by account, so memory is
one counter an account and what is kept, however many pairs meet.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from numba import njit

from graph.detection.parity.toolkit_text import WordSets
from graph.detection.sweep import Ints

Found = tuple[Ints, Ints, Ints]


@dataclass(frozen=True, slots=True)
class Timeline:
    """Acts sorted by (object, at), as integers from 0. With `words` (of each act), two acts match
    only if their word sets are alike."""

    objects: Ints
    at: Ints
    users: Ints
    messages: Ints
    words: WordSets | None = None


def by_two(first: Ints, second: Ints) -> Ints:
    """The order of rows by two columns of numbers from 0 up, or of times."""
    if not len(first):
        return np.zeros(0, np.int64)
    low, high = int(second.min()), int(second.max())
    span = high - low + 1
    if (int(first.max()) + 1) * span >= 2**63:
        return np.lexsort((second, first))
    return np.argsort(first * span + (second - low))


def weigh(line: Timeline, window: int, least: int, loops: bool) -> Found:
    """(user_1, user_2, weight) of each two with at least `least` messages of user_1 matched.

    Without `loops` the accounts differ. A message matches itself.
    """
    walk = by_two(line.users, line.messages)
    begins, ends = _reach(line.objects, line.at, window)
    return _weigh(walk, begins, ends, line.users, line.messages, least, loops, *_words(line))  # type: ignore[no-any-return]


def alike(line: Timeline, i: Ints, j: Ints) -> npt.NDArray[np.bool_]:
    """Of each two acts, whether their words are alike; true where words do not matter."""
    return _each_alike(i, j, *_words(line))  # type: ignore[no-any-return]


def _words(line: Timeline) -> tuple[Ints, Ints, Ints, npt.NDArray[np.uint64], float]:
    """Words as the loops below take them; a threshold below 0: they do not matter."""
    none = np.zeros(0, np.int64)
    if line.words is None:
        return none, none, none, np.zeros(0, np.uint64), -1.0
    one = line.words
    return one.text, one.starts, one.words, _signs(one.starts, one.words), one.threshold


@njit(cache=True, nogil=True)
def _signs(starts, words):  # type: ignore[no-untyped-def]
    """64 bits a set: each word sets one."""
    signs = np.zeros(len(starts) - 1, np.uint64)
    for t in range(len(signs)):
        for k in range(starts[t], starts[t + 1]):
            signs[t] |= np.uint64(1) << np.uint64(words[k] & 63)
    return signs


@njit(cache=True, nogil=True)
def _bits(x):  # type: ignore[no-untyped-def]
    """How many bits are set."""
    x = x - ((x >> np.uint64(1)) & np.uint64(0x5555555555555555))
    x = (x & np.uint64(0x3333333333333333)) + ((x >> np.uint64(2)) & np.uint64(0x3333333333333333))
    x = (x + (x >> np.uint64(4))) & np.uint64(0x0F0F0F0F0F0F0F0F)
    return np.int64((x * np.uint64(0x0101010101010101)) >> np.uint64(56))


@njit(cache=True, nogil=True)
def _reach(objects, at, window):  # type: ignore[no-untyped-def]
    """The half-open span of rows of one object within the window of each row."""
    n = len(at)
    begins, ends = np.empty(n, np.int64), np.empty(n, np.int64)
    low = high = 0
    for i in range(n):
        while objects[low] != objects[i] or at[i] - at[low] > window:
            low += 1
        high = max(high, i + 1)
        while high < n and objects[high] == objects[i] and at[high] - at[i] <= window:
            high += 1
        begins[i], ends[i] = low, high
    return begins, ends


@njit(cache=True, nogil=True)
def _alike(a, b, text, starts, words, signs, threshold):  # type: ignore[no-untyped-def]
    """Jaccard of two sorted word sets at least the threshold; an empty set is like nothing."""
    if threshold < 0:
        return True
    i, j = starts[text[a]], starts[text[b]]
    i_end, j_end = starts[text[a] + 1], starts[text[b] + 1]
    both, either = 0, i_end - i + j_end - j
    if i == i_end or j == j_end:
        return False
    # A bit of one that the other lacks is a word that the other lacks: what both can share at most.
    one, other = signs[text[a]], signs[text[b]]
    most = min(i_end - i - _bits(one & ~other), j_end - j - _bits(other & ~one))
    if most / (either - most) < threshold:
        return False
    while i < i_end and j < j_end:
        if words[i] == words[j]:
            both += 1
            i += 1
            j += 1
        elif words[i] < words[j]:
            i += 1
        else:
            j += 1
    return both / (either - both) >= threshold


@njit(cache=True, nogil=True)
def _each_alike(i, j, text, starts, words, signs, threshold):  # type: ignore[no-untyped-def]
    found = np.empty(len(i), np.bool_)
    for k in range(len(i)):
        found[k] = _alike(i[k], j[k], text, starts, words, signs, threshold)
    return found


@njit(cache=True, nogil=True)
def _more(array):  # type: ignore[no-untyped-def]
    bigger = np.empty(2 * len(array), np.int64)
    bigger[: len(array)] = array
    return bigger


@njit(cache=True, nogil=True)
def _weigh(  # type: ignore[no-untyped-def]
    walk, begins, ends, users, messages, least, loops, text, starts, words, signs, threshold
):
    accounts = users.max() + 1 if len(users) else 0
    counts, seen = np.zeros(accounts, np.int64), np.full(accounts, -1, np.int64)
    met = np.empty(accounts, np.int64)
    first, second, weight = (
        np.empty(1024, np.int64),
        np.empty(1024, np.int64),
        np.empty(1024, np.int64),
    )
    found = many = 0
    for k in range(len(walk)):
        a = walk[k]
        mine = users[a]
        for b in range(begins[a], ends[a]):
            other = users[b]
            if seen[other] == messages[a] or (other == mine and not loops):
                continue
            if not _alike(a, b, text, starts, words, signs, threshold):
                continue
            seen[other] = messages[a]
            if counts[other] == 0:
                met[many] = other
                many += 1
            counts[other] += 1
        if k + 1 < len(walk) and users[walk[k + 1]] == mine:
            continue
        for m in range(many):
            other = met[m]
            if counts[other] >= least:
                if found == len(first):
                    first, second, weight = _more(first), _more(second), _more(weight)
                first[found], second[found], weight[found] = mine, other, counts[other]
                found += 1
            counts[other], seen[other] = 0, -1
        many = 0
    return first[:found], second[:found], weight[:found]
