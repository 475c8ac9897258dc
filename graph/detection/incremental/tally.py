"""Counts by key under additions and removals in any order, sorted whenever they are read.

Changes are noted in a log, added up to what changed since the last reading, and folded in when
somebody reads or when they are many: an update costs what it changes, a reader gets sorted arrays,
and memory is twelve bytes a key.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from graph.detection.acts import Codes, Ints

MOST_NOTED = 1 << 17  # changes that may wait, at each step; or a quarter of the keys


class Tally:
    """How often each key stands. Keys lie in 0 .. 2^62 - 1."""

    def __init__(self) -> None:
        self._base = self._recent = _nothing()
        self._noted: list[Ints] = []
        self._waiting = 0

    def note(self, signed: Ints) -> None:
        """Changes as key * 2 + 1 for one more and key * 2 for one less."""
        self._noted.append(signed)
        self._waiting += len(signed)
        if self._waiting > MOST_NOTED:
            self._settle()
        if len(self._recent[0]) > max(MOST_NOTED, len(self._base[0]) // 4):
            self.read()

    def read(self) -> tuple[Ints, Codes]:
        """Keys, sorted, and their counts above 0. Raises ValueError where more left than came."""
        self._settle()
        if len(self._recent[0]):
            self._base = _folded(*self._base, *self._recent)
            self._recent = _nothing()
            if self._base[1].min(initial=1) < 0:
                raise ValueError("more was taken away than there was")
        return self._base

    def counts(self, keys: Ints) -> Ints:
        """The counts of `keys`, at the cost of what changed and not of what stands."""
        self._settle()
        return _looked_up(*self._base, keys) + _looked_up(*self._recent, keys)

    def _settle(self) -> None:
        """Adds what is noted to what changed since the last reading."""
        if self._noted:
            log = np.concatenate(self._noted)
            log.sort()
            self._recent = _folded(*self._recent, *_netted(log))
            self._noted, self._waiting = [], 0


def _nothing() -> tuple[Ints, Codes]:
    return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int32)


def _looked_up(known: Ints, counts: Codes, keys: Ints) -> Ints:
    if not len(known):
        return np.zeros(len(keys), dtype=np.int64)
    at = np.minimum(np.searchsorted(known, keys), len(known) - 1)
    return np.where(known[at] == keys, counts[at], 0).astype(np.int64)


@njit(cache=True, nogil=True)
def _netted(log):  # type: ignore[no-untyped-def]
    """Sorted changes as keys and what is left of each when all are added up, zeros left out."""
    keys = np.empty(log.shape[0], dtype=np.int64)
    change = np.empty(log.shape[0], dtype=np.int32)
    count = i = 0
    while i < log.shape[0]:
        key, net = log[i] >> 1, 0
        while i < log.shape[0] and log[i] >> 1 == key:
            net += 1 if log[i] & 1 else -1
            i += 1
        if net != 0:
            keys[count], change[count] = key, net
            count += 1
    return keys[:count], change[:count]


@njit(cache=True, nogil=True)
def _folded(keys, counts, more, change):  # type: ignore[no-untyped-def]
    """Two sorted lists of keys as one, counts added, zeros left out."""
    room = keys.shape[0] + more.shape[0]
    out, total = np.empty(room, dtype=np.int64), np.empty(room, dtype=np.int32)
    i = j = n = 0
    while i < keys.shape[0] or j < more.shape[0]:
        if j == more.shape[0] or (i < keys.shape[0] and keys[i] < more[j]):
            out[n], total[n] = keys[i], counts[i]
            i += 1
        elif i == keys.shape[0] or more[j] < keys[i]:
            out[n], total[n] = more[j], change[j]
            j += 1
        else:
            out[n], total[n] = keys[i], counts[i] + change[j]
            i, j = i + 1, j + 1
        n += total[n] != 0
    return out[:n].copy(), total[:n].copy()
