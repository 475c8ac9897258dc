"""Fits every model on the same markets, and keeps them together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

import numpy as np

from gnn.baseline import FLOOR, Logistic, fit_logistic
from gnn.calibrate import Platt, fit_platt, sigmoid
from gnn.dataset import Table, learnable, prepare
from gnn.features import CLUSTER
from gnn.hold import hold
from gnn.learn.calibrators import Mondrian, VennAbers, fit_mondrian, fit_venn_abers
from gnn.learn.columns import Columns
from gnn.learn.columns import columns as named
from gnn.learn.gain import holm, paired_gain
from gnn.learn.trees import Trees, fit_trees
from gnn.measure import columns, directions, scaled
from gnn.model import Sage, fit_sage, sage_log_odds
from gnn.sample import Sample
from gnn.stocks import STOCK
from gnn.view import Floats, Ints
from graph.errors import UsageError

MODELS = ("floor", "heuristic", "logistic", "trees", "sage", "stack", "joint")
LEARNT = MODELS[2:]
SCORERS = ("logistic", "trees", "stack")  # none of these lowers a risk for more evidence
PLAIN = ("logistic", "trees")  # what the stack always joins
NET_EVERY = 4  # markets: the graph model costs fifty times the rest, and is fitted for each family
NET_GAIN = "the GNN, over logistic regression and trees"
STOCK_COLUMNS = ("risk", "clustered", "spike", "events")
_FLOOR_AT = columns(CLUSTER).index(FLOOR)


@dataclass(frozen=True, slots=True)
class Model:
    """What was fitted. `chosen` names the one that scores; `about` goes to the manifest."""

    floor: Logistic
    logistic: Logistic
    trees: Trees
    sage: Sage
    typical: Floats  # median of harmless training clusters, a column of CLUSTER each
    typical_stock: Floats  # the same for stocks
    seed: int
    chosen: str = "logistic"
    stack: Logistic | None = None  # of log odds, no weight below 0
    joint: Logistic | None = None  # the same with the graph model, which nothing holds to a side
    platt: dict[str, Platt] = field(default_factory=dict)
    stocks: Logistic | None = None
    doubt: VennAbers | None = None  # of the chosen one's calibrated log odds
    sets: Mondrian | None = None
    about: dict[str, Any] = field(default_factory=dict)


def train(samples: Sequence[Sample], seed: int) -> Model:
    """Fits floor, logistic regression, trees and GraphSAGE. Same samples and seed, same model."""
    return train_tables([learnable(prepare(sample)) for sample in samples], seed)


def train_tables(tables: Sequence[Table], seed: int) -> Model:
    """The same, on markets measured before."""
    x, y = joined(tables)
    return Model(
        floor=fit_logistic(x[:, [_FLOOR_AT]], y, (FLOOR,), penalty=1.0),
        logistic=fit_logistic(x, y, columns(CLUSTER), signs=directions(CLUSTER)),
        trees=fit_trees(tree_columns(x), y),
        sage=_fit_sage(tables[::NET_EVERY], seed),
        typical=_typical(
            np.concatenate([t.clusters.matrix for t in tables]),
            np.concatenate([t.labels for t in tables]),
        ),
        typical_stock=_typical(
            np.concatenate([t.stocks.matrix for t in tables]),
            np.concatenate([t.stock_labels for t in tables]),
        ),
        seed=seed,
    )


def _fit_sage(tables: Sequence[Table], seed: int) -> Sage:
    labels = [table.labels for table in tables]
    return fit_sage([t.graph for t in tables], labels, [t.stock_labels for t in tables], seed)


def tree_columns(x: Floats) -> Columns:
    """What trees see of a cluster: the measures that may only raise or only lower a risk, turned so
    that each raises. The others tell kinds of campaigns apart, and a new kind is like none."""
    matrix = (x * _SIGNS)[:, _SIGNED]
    names = [columns(CLUSTER)[at] for at in _SIGNED]
    return named(names, matrix, names)


def calibrated(model: Model, held_out: Sequence[Table], chosen: str) -> Model:
    """Fits stacks, calibration and the stocks' regression on markets that the models have not seen.

    Every other market weighs the parts of the stacks; the rest say what the graph model would add,
    and calibrate.
    """
    weigh, judge = (held_out[::2], held_out[1::2]) if len(held_out) > 1 else (held_out, held_out)
    stack, joint = (_fit_stack(model, weigh, parts) for parts in (PLAIN, (*PLAIN, "sage")))
    whole = replace(model, chosen=chosen, stack=stack, joint=joint)
    whole = replace(whole, about={**model.about, "gains": _gains(whole, judge)})
    _, y = joined(judge)
    raw = {name: _labelled(judge, partial(raw_log_odds, whole, name)) for name in MODELS}
    settled = replace(whole, platt={name: fit_platt(raw[name], y) for name in MODELS})
    return replace(settled, stocks=_fit_stocks(settled, held_out))


def doubted(model: Model, held_out: Sequence[Table]) -> Model:
    """Adds how sure a probability is: the Venn-Abers pair and conformal sets by class, from the
    markets that calibrated."""
    judge = held_out[1::2] if len(held_out) > 1 else held_out
    _, y = joined(judge)
    odds = _labelled(judge, partial(log_odds, model, model.chosen))
    return replace(model, doubt=fit_venn_abers(odds, y), sets=fit_mondrian(odds, y))


def _gains(model: Model, judge: Sequence[Table]) -> list[str]:
    """What the graph model would add to the stack on `judge`, in a sentence."""
    _, y = joined(judge)
    if len(set(y.tolist())) < 2:
        return []
    better, worse = (_labelled(judge, partial(_READERS[n], model)) for n in ("joint", "stack"))
    markets = np.repeat(np.arange(len(judge)), [int((t.labels >= 0).sum()) for t in judge])
    (gain,) = holm([paired_gain(NET_GAIN, better, worse, y, model.seed, markets)])
    return [gain.words]


def _fit_stack(model: Model, tables: Sequence[Table], parts: Sequence[str]) -> Logistic:
    _, y = joined(tables)
    odds = [_labelled(tables, partial(_READERS[part], model)) for part in parts]
    return fit_logistic(np.stack(odds, axis=1), y, parts, 10.0, np.ones(len(parts)))


def _labelled(tables: Sequence[Table], odds: Callable[[Table], Floats]) -> Floats:
    return np.concatenate([odds(table)[table.labels >= 0] for table in tables])


def _joined_by(stack: Logistic | None, model: Model, table: Table) -> Floats:
    if stack is None:
        raise UsageError("this model has no stack yet; `sentinelmarket train` makes one")
    return stack.log_odds(np.stack([_READERS[p](model, table) for p in stack.names], axis=1))


def raw_log_odds(model: Model, name: str, table: Table) -> Floats:
    """A named model's log odds for the clusters of one market, before calibration."""
    return _READERS[name](model, table)


def log_odds(model: Model, name: str, table: Table) -> Floats:
    """The same, calibrated."""
    return model.platt.get(name, Platt()).log_odds(raw_log_odds(model, name, table))


def held(name: str, table: Table, odds: Floats) -> Floats:
    """Log odds of a named model held low where a cluster hardly names a stock or gives away, as
    `gnn.hold` has it; of what was not learnt, as they are."""
    if name not in SCORERS:
        return odds
    naming, gifts = (table.clusters.matrix[:, columns(CLUSTER).index(c)] for c in _HOLDING)
    rows = zip(odds, naming, table.bursts, gifts, table.pitched, strict=True)
    return np.array(
        [hold(float(o), float(n), b, float(g), p)[0] for o, n, b, g, p in rows], dtype=np.float64
    )


def stock_matrix(table: Table, probabilities: Floats) -> Floats:
    """A market's stock measures with the risk column filled: the largest probability among the
    clusters that promote the stock, each times the share of its evidence that names it."""
    risk = np.max(table.shares * probabilities, axis=1, initial=0.0)
    return np.where(_RISK, risk[:, None], table.stocks.matrix)


def stock_inputs(matrix: Floats) -> Floats:
    """The columns that the stocks' regression takes, on its scale."""
    return scaled(STOCK, matrix)[:, _STOCK_AT]


def heuristic(table: Table) -> Floats:
    """What one would look at without learning: attention times how unlikely it is by chance, the
    surest tie's or voice's -log10 p. float64 [clusters]."""
    names, matrix = columns(CLUSTER), table.clusters.matrix
    surge, tie, voice = (
        matrix[:, names.index(name)] for name in ("surge", "tie_weight_max", "voice_sure")
    )
    return np.asarray(np.maximum(surge, 0.0) * np.maximum(tie, voice))


def joined(tables: Sequence[Table]) -> tuple[Floats, Ints]:
    """Labelled cluster rows of several markets: x on the models' scale, labels."""
    y = np.concatenate([table.labels for table in tables])
    return np.concatenate([table.x for table in tables])[y >= 0], y[y >= 0]


_HOLDING = ("names_stock", "giveaway")
_RISK = np.array([name == "risk" for name in columns(STOCK)])
_STOCK_AT = [columns(STOCK).index(name) for name in STOCK_COLUMNS]
_SIGNS = directions(CLUSTER)
_SIGNED = np.flatnonzero(_SIGNS)
_READERS: dict[str, Callable[[Model, Table], Floats]] = {
    "heuristic": lambda model, table: heuristic(table),
    "floor": lambda model, table: model.floor.log_odds(table.x[:, [_FLOOR_AT]]),
    "logistic": lambda model, table: model.logistic.log_odds(table.x),
    "trees": lambda model, table: model.trees.log_odds(tree_columns(table.x)),
    "sage": lambda model, table: sage_log_odds(model.sage, table.graph)[0],
    "stack": lambda model, table: _joined_by(model.stack, model, table),
    "joint": lambda model, table: _joined_by(model.joint, model, table),
}


def _typical(matrix: Floats, labels: Ints) -> Floats:
    harmless = matrix[labels == 0]
    return np.asarray(np.median(harmless if len(harmless) else matrix, axis=0))


def _fit_stocks(model: Model, tables: Sequence[Table]) -> Logistic:
    """A small regression on the cluster's risk and a few measures of the stock itself."""
    probabilities = [sigmoid(log_odds(model, model.chosen, table)) for table in tables]
    x = np.concatenate(
        [stock_inputs(stock_matrix(t, p)) for t, p in zip(tables, probabilities, strict=True)]
    )
    y = np.concatenate([table.stock_labels for table in tables])
    return fit_logistic(x[y >= 0], y[y >= 0], STOCK_COLUMNS, penalty=1.0)
