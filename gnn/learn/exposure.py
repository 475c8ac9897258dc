"""What is already known of a node's neighbours, without telling a node its own label.

A training row that sees its own label come back over two hops learns to look at that, and fails
where labels are unknown. So training rows are cut into folds, and a row sees only the labels of the
other folds; every other row sees all training labels.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import numpy.typing as npt
from torch_geometric.data import HeteroData

from gnn.learn.columns import Columns
from gnn.learn.csr import Csr, Floats, Ints, averaged, summed
from gnn.learn.typed import hearing, relations_into
from graph.errors import UsageError

FOLDS = 10
_PRIOR_WEIGHT = 2.0  # neighbours that stand for "as everywhere" beside those that are known
Route = Sequence[Csr]  # from the nodes themselves over one or two hops back to nodes of that kind


def label_exposure(
    routes: Mapping[str, Route],
    labels: Ints,
    known: npt.NDArray[np.bool_],
    seed: int,
    folds: int = FOLDS,
    groups: Ints | None = None,
) -> Columns:
    """The rate of positives and the number known along each route, out of fold.

    labels: 0 or 1, read only where `known`, which must hold what was knowable at the moment. A rate
    leans towards the rate everywhere. Two hops: the mean over the middle nodes' rates. Rows of one
    group, where `groups` are given, are hidden together: they were labelled by one verdict.
    """
    if not known.any():
        raise UsageError("no label is known, so there is nothing to be exposed to")
    out = np.zeros((len(labels), 2 * len(routes)), dtype=np.float32)
    for hidden, rows in _folds(known, seed, folds, groups):
        seen = known & ~hidden
        if seen.any() and rows.any():
            out[rows] = _exposed(routes, labels, seen)[rows]
    names = [f"{what} {route}" for route in routes for what in ("rate of known", "known")]
    return Columns(tuple(names), out)


def routes_to_itself(data: HeteroData, kind: str) -> dict[str, Route]:
    """How a kind hears of itself: directly, and there and back over each other kind."""
    found: dict[str, Route] = {}
    for last in relations_into(data, kind):
        if last[0] == kind:
            near = hearing(data, last)
            found[f"by {last[1]}"] = [near]
            found[f"by {last[1]} twice"] = [near, near]
            continue
        for first in relations_into(data, last[0]):
            if first[0] == kind:
                over = f"over {last[0]} ({first[1]}, {last[1]})"
                found[over] = [hearing(data, first), hearing(data, last)]
    return found


def fold_of(rows: int, seed: int, folds: int) -> Ints:
    """A fold a row, of equal sizes, in an order drawn by seed."""
    cut = np.arange(rows) % folds
    return np.random.default_rng(seed).permutation(cut)


def _folds(
    known: npt.NDArray[np.bool_], seed: int, folds: int, groups: Ints | None
) -> Iterator[tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]]:
    """(labels hidden, rows then filled): the unknown rows with nothing hidden, then the folds."""
    yield np.zeros_like(known), ~known
    at = np.flatnonzero(known)
    names = at if groups is None else groups[at]
    found, group = np.unique(names, return_inverse=True)
    cut = fold_of(len(found), seed, folds)[group]
    for fold in range(folds):
        hidden = np.zeros_like(known)
        hidden[at[cut == fold]] = True
        yield hidden, hidden


def _exposed(routes: Mapping[str, Route], labels: Ints, seen: npt.NDArray[np.bool_]) -> Floats:
    prior = float(labels[seen].mean())
    own = np.stack([seen * (labels == 1), seen], axis=1).astype(np.float32)
    parts = []
    for route in routes.values():
        met = summed(route[0], own)
        rate = (met[:, :1] + _PRIOR_WEIGHT * prior) / (met[:, 1:] + _PRIOR_WEIGHT)
        both = np.concatenate([rate, met[:, 1:]], axis=1)
        for step in route[1:]:
            both = averaged(step, both)
        parts.append(both)
    return np.concatenate(parts, axis=1)
