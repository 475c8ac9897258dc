"""The shipped recipe: trees on the graph's columns, a GNN that has to earn its weight, one score.

Rows are cut into blocks. `learn` fits trees and net, `tune` stops the net and weighs the two,
`judge` says what was gained and calibrates; nothing else is chosen on it. On a forward split the
blocks follow each other in time.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from torch_geometric.data import HeteroData

from gnn.baseline import Logistic, fit_logistic
from gnn.calibrate import Platt, fit_platt, score, sigmoid
from gnn.learn.calibrators import (
    Mondrian,
    VennAbers,
    fit_mondrian,
    fit_venn_abers,
)
from gnn.learn.columns import Columns, beside
from gnn.learn.fit_sage import USUAL, Schedule, fit_sage, sage_log_odds
from gnn.learn.gain import Gain, holm, paired_gain
from gnn.learn.pieces import Pieces, fit_pieces
from gnn.learn.sage import Messages, SageNet, messages, without_edges
from gnn.learn.trees import SEEDS, Trees, fit_trees
from gnn.learn.typed import columns_of
from gnn.learn.views import View, exposed
from gnn.view import Floats, Ints
from graph.errors import UsageError

PARTS = ("trees", "sage")
GRAPH_GAIN = "the graph, over the node alone (trees)"
NET_GAIN = "the GNN, over trees on the graph"
MESSAGE_GAIN = "the GNN's messages, over the same net without edges"
_SAYS = {
    ("trees", "sage"): "The score is of trees on the graph and of the GNN.",
    ("trees",): "The score is of trees on the graph; the GNN has no weight in it.",
    ("flat",): "The graph did not help: the score is of trees on the node alone.",
}
_STACK_PENALTY = 10.0  # C of the stacker: it weighs two log odds and has hundreds of rows for that


@dataclass(frozen=True, slots=True, eq=False)
class Task:
    """What is learnt: nodes of one kind, labels 0 or 1, and -1 where unknown."""

    data: HeteroData
    target: str
    labels: Ints  # [targets]
    learn: Ints  # rows, each block apart from the others
    tune: Ints
    judge: Ints
    groups: Ints | None = None  # [targets] rows of one campaign are drawn together

    def __post_init__(self) -> None:
        blocks = np.concatenate([self.learn, self.tune, self.judge])
        if len(np.unique(blocks)) != len(blocks):
            raise UsageError("a row may be in one block only: learn, tune or judge")
        if (self.labels[blocks] < 0).any():
            raise UsageError("rows of a block need a label of 0 or 1")


@dataclass(frozen=True, slots=True, eq=False)
class Learned:
    """What was fitted. `gains` is the report on what the graph and the GNN were worth."""

    target: str
    trees: Trees
    net: SageNet | None  # None: it did not earn a weight, and is not asked
    encoders: dict[str, Pieces]  # by kind, of columns that are no evidence
    stacker: Logistic  # of log odds, no weight below 0
    platt: Platt
    doubt: VennAbers
    sets: Mondrian
    gains: tuple[Gain, ...]
    seed: int

    @property
    def parts(self) -> tuple[str, ...]:
        """What has a say: trees and sage, trees, or flat where the graph did not help."""
        return self.stacker.names


@dataclass(frozen=True, slots=True, eq=False)
class Fitted:
    """The parts before they are weighed, and their log odds for every target."""

    flat: Trees  # on the node alone
    trees: Trees
    net: SageNet
    encoders: dict[str, Pieces]
    odds: dict[str, Floats]  # flat, trees, sage, blind (the net without edges)


def learn(
    task: Task,
    seen: View,
    seed: int,
    schedule: Schedule = USUAL,
    seeds: Sequence[int] = SEEDS,
    threads: int = 1,
) -> Learned:
    """Fits everything. Same task and seed, same model, bit for bit, on one thread."""
    return weighed(task, fitted(task, seen, seed, schedule, seeds, threads), seed)


def fitted(
    task: Task,
    seen: View,
    seed: int,
    schedule: Schedule = USUAL,
    seeds: Sequence[int] = SEEDS,
    threads: int = 1,
) -> Fitted:
    """Trees on the node alone, trees on the graph, the net. Looks at `learn` and `tune`."""
    x = features(task, seen, seed)
    at, labels = task.learn, task.labels[task.learn]
    trees = fit_trees(_rows(x, at), labels, seeds)
    flat = fit_trees(_rows(seen.own, at), labels, seeds)
    inputs = net_inputs(task.data, task.target, seen)
    encoders = fit_encoders(inputs, {task.target: at})
    read = read_messages(task.data, inputs, encoders, threads)
    told, stop = {task.target: _only(task, at)}, {task.target: _only(task, task.tune)}
    net = fit_sage(read, told, stop, seed, schedule)
    silent = without_edges(read)
    blind = fit_sage(silent, told, stop, seed, schedule)
    odds = {
        "flat": flat.log_odds(seen.own),
        "trees": trees.log_odds(x),
        "sage": sage_log_odds(net, read)[task.target],
        "blind": sage_log_odds(blind, silent)[task.target],
    }
    return Fitted(flat, trees, net, encoders, odds)


def weighed(task: Task, parts: Fitted, seed: int) -> Learned:
    """The stacker on `tune`; on `judge` what was gained, and the calibration."""
    both = fit_stacker(task, parts.odds, PARTS)
    without = fit_stacker(task, parts.odds, ("trees", "blind"))
    odds = {
        **parts.odds,
        "both": stacked(both, parts.odds),
        "without": stacked(without, parts.odds),
    }
    gains = judged(task, odds, seed)
    graph = gains[0].held
    earned = graph and gains[1].held and gains[2].held
    alone = "trees" if graph else "flat"
    stacker = both if earned else fit_stacker(task, parts.odds, (alone,))
    raw = stacked(stacker, parts.odds)[task.judge]
    labels = task.labels[task.judge]
    platt = fit_platt(raw, labels)
    calibrated = platt.log_odds(raw)
    return Learned(
        target=task.target,
        trees=parts.trees if graph else parts.flat,
        net=parts.net if earned else None,
        encoders=parts.encoders if earned else {},
        stacker=stacker,
        platt=platt,
        doubt=fit_venn_abers(calibrated, labels),
        sets=fit_mondrian(calibrated, labels),
        gains=tuple(gains),
        seed=seed,
    )


def features(task: Task, seen: View, seed: int) -> Columns:
    """All columns of the trees: the view, and exposure to the labels of `learn`, out of fold."""
    known = np.zeros(len(task.labels), dtype=np.bool_)
    known[task.learn] = True
    return beside(seen.graph, exposed(task.data, task.target, task.labels, known, seed))


def net_inputs(data: HeteroData, target: str, seen: View) -> dict[str, Columns]:
    """What the net sees of each kind: its own columns, and where the target's nodes stand.

    Evidence is left to the trees: they alone can promise that more of it only raises.
    """
    found = {kind: columns_of(data, kind) for kind in sorted(data.node_types)}
    found[target] = beside(seen.own, seen.standing)
    return {
        kind: x.only([name for name in x.names if name not in x.evidence])
        for kind, x in found.items()
    }


def fit_encoders(inputs: Mapping[str, Columns], rows: Mapping[str, Ints]) -> dict[str, Pieces]:
    """Pieces by kind, from the named rows or, where none are named, from all of a kind."""
    return {kind: fit_pieces(x, rows.get(kind, np.arange(x.rows))) for kind, x in inputs.items()}


def read_messages(
    data: HeteroData,
    inputs: Mapping[str, Columns],
    encoders: Mapping[str, Pieces],
    threads: int = 1,
) -> Messages:
    """The graph as the net reads it."""
    encoded = {kind: code.encoded(inputs[kind]) for kind, code in encoders.items()}
    return messages(data, encoded, threads)


def fit_stacker(task: Task, odds: Mapping[str, Floats], parts: Sequence[str]) -> Logistic:
    """A logistic regression of the parts' log odds on `tune`, no weight below 0."""
    x = np.stack([odds[part][task.tune] for part in parts], axis=1)
    signs = np.ones(len(parts))
    return fit_logistic(x, task.labels[task.tune], parts, penalty=_STACK_PENALTY, signs=signs)


def stacked(stacker: Logistic, odds: Mapping[str, Floats]) -> Floats:
    """Log odds of the parts together, before calibration."""
    return stacker.log_odds(np.stack([odds[part] for part in stacker.names], axis=1))


def judged(task: Task, odds: Mapping[str, Floats], seed: int) -> list[Gain]:
    """What graph and GNN gained on `judge`, after Holm: GRAPH_GAIN, NET_GAIN, MESSAGE_GAIN.

    A network can beat trees by reading a node's own columns better, which says nothing of the
    graph. So the GNN is also held against itself without edges, each beside the trees.
    """
    at, labels = task.judge, task.labels[task.judge]
    groups = None if task.groups is None else task.groups[at]
    compared = (
        (GRAPH_GAIN, "trees", "flat"),
        (NET_GAIN, "both", "trees"),
        (MESSAGE_GAIN, "both", "without"),
    )
    return holm(
        [
            paired_gain(name, odds[better][at], odds[worse][at], labels, seed, groups)
            for name, better, worse in compared
        ]
    )


def log_odds(model: Learned, x: Columns, data: HeteroData, seen: View, threads: int = 1) -> Floats:
    """Calibrated log odds of every target, float64 [targets]. x: `features` of the same view."""
    odds = {model.parts[0]: model.trees.log_odds(x)}
    if model.net is not None:
        inputs = net_inputs(data, model.target, seen)
        read = read_messages(data, inputs, model.encoders, threads)
        odds["sage"] = sage_log_odds(model.net, read)[model.target]
    return model.platt.log_odds(stacked(model.stacker, odds))


def scores(odds: Floats) -> Ints:
    """1 to 100 of calibrated log odds, by the published map."""
    return np.array([score(float(p)) for p in sigmoid(odds)], dtype=np.int64)


def report(model: Learned) -> str:
    """What the graph and the GNN were worth, in sentences."""
    return "\n".join([*(f"{gain.words}." for gain in model.gains), _SAYS[model.parts]])


def _only(task: Task, rows: Ints) -> Ints:
    out = np.full(len(task.labels), -1, dtype=np.int64)
    out[rows] = task.labels[rows]
    return out


def _rows(x: Columns, rows: Ints) -> Columns:
    return Columns(x.names, x.matrix[rows], x.evidence)
