"""The baseline ladder: each step beside the one below it, on true and on shuffled wiring.

A step that is no better than the one below is not worth its cost; one that is as good on shuffled
wiring learnt how many neighbours there are, not who they are; and where permuted labels give more
than the prevalence, something leaks.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from torch_geometric.data import HeteroData

from gnn.learn.columns import Columns, beside
from gnn.learn.recipe import PARTS, Fitted, Task, features, fit_stacker, stacked
from gnn.learn.trees import fit_trees
from gnn.learn.views import View
from gnn.metrics import auroc, average_precision
from gnn.view import Floats, Ints

STEPS = {
    "flat": "trees on the node alone",
    "nfa": "trees on neighbour aggregates",
    "nfa_shuffled": "the same, edges shuffled",
    "standing": "trees on aggregates and structure",
    "trees": "trees on all, with label exposure",
    "trees_shuffled": "the same, edges shuffled",
    "trees_permuted": "the same, labels permuted",
    "blind": "SAGE without edges",
    "sage": "SAGE alone",
    "both": "trees and SAGE, stacked",
}


@dataclass(frozen=True, slots=True)
class Step:
    """A row: average precision (prevalence is what chance gives) and, beside it, AUROC."""

    name: str
    words: str
    precision: float
    auroc: float
    prevalence: float


def ladder(
    task: Task, seen: View, mixed: HeteroData, lost: View, parts: Fitted, seed: int
) -> dict[str, Floats]:
    """Log odds of every target by step. `mixed`, `lost`: the shuffled graph and its view."""
    permuted, other = _permuted(task, seed), replace(task, data=mixed)
    return {
        **parts.odds,
        "nfa": _trees(beside(seen.own, seen.around), task),
        "nfa_shuffled": _trees(beside(lost.own, lost.around), task),
        "standing": _trees(seen.graph, task),
        "trees_shuffled": _trees(features(other, lost, seed), task),
        "trees_permuted": _trees(features(permuted, seen, seed), permuted),
        "both": stacked(fit_stacker(task, parts.odds, PARTS), parts.odds),
    }


def steps(odds: dict[str, Floats], labels: Ints, rows: Ints) -> list[Step]:
    """The table on the named rows."""
    y = labels[rows]
    return [
        Step(
            name,
            words,
            average_precision(odds[name][rows], y),
            auroc(odds[name][rows], y),
            float(y.mean()),
        )
        for name, words in STEPS.items()
        if name in odds
    ]


def _permuted(task: Task, seed: int) -> Task:
    mixed = task.labels.copy()
    mixed[task.learn] = np.random.default_rng(seed).permutation(task.labels[task.learn])
    return replace(task, labels=mixed)


def _trees(x: Columns, task: Task) -> Floats:
    rows = Columns(x.names, x.matrix[task.learn], x.evidence)
    return fit_trees(rows, task.labels[task.learn]).log_odds(x)
