"""Episodes by stratum and popularity, under change: how many, and how many pairs met in them."""

from __future__ import annotations

import numpy as np

from graph.detection.acts import Ints
from graph.detection.incremental.stretches import ACCOUNT, Difference

MOST_NOTED = 1 << 18


class Classes:
    """Sorted keys (see stretches.py) with their episodes and met pairs. `touched`: strata whose
    episodes or incidences changed since it was last emptied."""

    def __init__(self) -> None:
        empty = np.zeros(0, dtype=np.int64)
        self._rows: tuple[Ints, Ints, Ints] = (empty, empty, empty)
        self._noted: list[tuple[Ints, Ints, Ints]] = []
        self._waiting = 0
        self.touched: set[int] = set()

    def note(self, change: Difference) -> None:
        """Adds what changed. An incidence never changes without an episode of its stratum."""
        self._noted.append((change.classes, change.episodes, change.met))
        self._waiting += len(change.classes)
        self.touched.update(np.unique(change.classes >> ACCOUNT).tolist())
        if self._waiting > MOST_NOTED:
            self.read()

    def read(self) -> tuple[Ints, Ints, Ints]:
        """Keys, numbers of episodes above 0, and pairs that met."""
        if self._waiting:
            keys, episodes, met = (
                np.concatenate(part) for part in zip(self._rows, *self._noted, strict=True)
            )
            known, at = np.unique(keys, return_inverse=True)
            total, pairs = np.zeros(len(known), np.int64), np.zeros(len(known), np.int64)
            np.add.at(total, at, episodes)
            np.add.at(pairs, at, met)
            left = total != 0
            self._rows = (known[left], total[left], pairs[left])
            self._noted, self._waiting = [], 0
        return self._rows
