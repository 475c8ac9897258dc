"""How rare a row is among others: an Isolation Forest, walked by our own loop.

scikit-learn grows the trees. Scoring millions of rows by it costs most of a run, so its trees are
laid flat and walked here: the sum of path lengths is what its `score_samples` is a falling function
of (Liu, Ting and Zhou, 2008), and only the order of scores is used.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray
from sklearn.ensemble import IsolationForest

Floats = NDArray[np.float64]
TREES, SEED = 64, 0
_EULER = 0.5772156649015329


@dataclass(frozen=True)
class Forest:
    """Flat trees, and the sorted path lengths of the rows to compare with."""

    feature: NDArray[np.int64]  # -1 at a leaf
    threshold: Floats  # at a leaf: how long the path is there
    left: NDArray[np.int64]
    right: NDArray[np.int64]
    roots: NDArray[np.int64]
    compared: Floats

    def lengths(self, values: Floats) -> Floats:
        """The summed path length of each row; short is odd."""
        # The trees were grown on, and are asked with, single precision.
        rows = np.ascontiguousarray(values, dtype=np.float32)
        return np.asarray(
            _walk(rows, self.feature, self.threshold, self.left, self.right, self.roots)
        )

    def rarity(self, values: Floats) -> Floats:
        """p of each row: (1 + compared rows at least as odd) / (1 + compared rows)."""
        at_least = np.searchsorted(self.compared, self.lengths(values), side="right")
        return np.asarray((1 + at_least) / (1 + len(self.compared)))


def grow(grown: Floats, compared: Floats) -> Forest:
    """A forest of the rows of `grown`, to compare with the rows of `compared`."""
    model = IsolationForest(n_estimators=TREES, random_state=SEED).fit(grown)
    parts = [_flat(one.tree_) for one in model.estimators_]
    sizes = [len(part[0]) for part in parts]
    roots = np.cumsum([0, *sizes[:-1]], dtype=np.int64)
    feature, threshold = (np.concatenate([part[n] for part in parts]) for n in (0, 1))
    left, right = (
        np.concatenate([part[n] + root for part, root in zip(parts, roots, strict=True)])
        for n in (2, 3)
    )
    bare = Forest(feature, threshold, left, right, roots, np.empty(0))
    return Forest(feature, threshold, left, right, roots, np.sort(bare.lengths(compared)))


def _flat(tree: object) -> tuple[NDArray[np.int64], Floats, NDArray[np.int64], NDArray[np.int64]]:
    """feature, threshold, left, right of one tree's nodes."""
    left = np.asarray(tree.children_left, dtype=np.int64)  # type: ignore[attr-defined]
    right = np.asarray(tree.children_right, dtype=np.int64)  # type: ignore[attr-defined]
    leaf = left < 0
    feature = np.where(leaf, -1, np.asarray(tree.feature, dtype=np.int64))  # type: ignore[attr-defined]
    depth = np.zeros(len(left))
    for node in range(len(left)):  # a parent stands before its children
        if not leaf[node]:
            depth[[left[node], right[node]]] = depth[node] + 1
    rows = np.asarray(tree.n_node_samples, dtype=np.float64)  # type: ignore[attr-defined]
    threshold = np.asarray(tree.threshold, dtype=np.float64)  # type: ignore[attr-defined]
    return feature, np.where(leaf, depth + _unsplit(rows), threshold), left, right


def _unsplit(rows: Floats) -> Floats:
    """How long a path would go on among so many rows that a tree left together."""
    many = np.maximum(rows, 3.0)
    more = 2 * (np.log(many - 1) + _EULER) - 2 * (many - 1) / many
    return np.where(rows <= 1, 0.0, np.where(rows <= 2, 1.0, more))


@njit(cache=True, nogil=True)
def _walk(rows, feature, threshold, left, right, roots):  # type: ignore[no-untyped-def]
    found = np.zeros(rows.shape[0])
    for row in range(rows.shape[0]):
        total = 0.0
        for root in roots:
            node = root
            while feature[node] >= 0:
                below = rows[row, feature[node]] <= threshold[node]
                node = left[node] if below else right[node]
            total += threshold[node]
        found[row] = total
    return found
