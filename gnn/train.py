"""Fits every model on the same markets, and keeps them together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from gnn.baseline import FLOOR, Logistic, fit_logistic
from gnn.calibrate import Platt, fit_platt, sigmoid
from gnn.dataset import Table, prepare
from gnn.features import CLUSTER
from gnn.measure import columns, directions, scaled
from gnn.model import Sage, fit_sage, sage_log_odds
from gnn.sample import Sample
from gnn.stocks import STOCK
from gnn.view import Floats, Ints

MODELS = ("floor", "logistic", "sage")
SCORERS = ("logistic", "sage")  # the floor is there to be beaten, not to score
STOCK_COLUMNS = ("risk", "clustered", "spike", "events")
_FLOOR_AT = columns(CLUSTER).index(FLOOR)


@dataclass(frozen=True, slots=True)
class Model:
    """What was fitted. `chosen` names the one that scores; `about` goes to the manifest."""

    floor: Logistic
    logistic: Logistic
    sage: Sage
    typical: Floats  # median of harmless training clusters, a column of CLUSTER each
    typical_stock: Floats  # the same for stocks
    seed: int
    chosen: str = "logistic"
    platt: dict[str, Platt] = field(default_factory=dict)
    stocks: Logistic | None = None
    about: dict[str, Any] = field(default_factory=dict)


def train(samples: Sequence[Sample], seed: int) -> Model:
    """Fits floor, logistic regression and GraphSAGE. Same samples and seed, same model."""
    return train_tables([prepare(sample) for sample in samples], seed)


def train_tables(tables: Sequence[Table], seed: int) -> Model:
    """The same, on markets measured before."""
    x, y = joined(tables)
    return Model(
        floor=fit_logistic(x[:, [_FLOOR_AT]], y, (FLOOR,), penalty=1.0),
        logistic=fit_logistic(x, y, columns(CLUSTER), signs=directions(CLUSTER)),
        sage=fit_sage(
            [t.graph for t in tables],
            [t.labels for t in tables],
            [t.stock_labels for t in tables],
            seed,
        ),
        typical=_typical(np.concatenate([t.clusters.matrix for t in tables]), y),
        typical_stock=_typical(
            np.concatenate([t.stocks.matrix for t in tables]),
            np.concatenate([t.stock_labels for t in tables]),
        ),
        seed=seed,
    )


def calibrated(model: Model, held_out: Sequence[Table], chosen: str) -> Model:
    """Fits calibration and the stocks' regression on markets that the models have not seen."""
    _, y = joined(held_out)
    raw = {
        name: np.concatenate([raw_log_odds(model, name, table) for table in held_out])
        for name in MODELS
    }
    platt = {name: fit_platt(raw[name], y) for name in MODELS}
    settled = replace(model, chosen=chosen, platt=platt)
    return replace(settled, stocks=_fit_stocks(settled, held_out))


def raw_log_odds(model: Model, name: str, table: Table) -> Floats:
    """A named model's log odds for the clusters of one market, before calibration."""
    return _READERS[name](model, table)


def log_odds(model: Model, name: str, table: Table) -> Floats:
    """The same, calibrated."""
    return model.platt.get(name, Platt()).log_odds(raw_log_odds(model, name, table))


def stock_matrix(table: Table, probabilities: Floats) -> Floats:
    """A market's stock measures with the risk column filled: the largest probability among the
    clusters that promote the stock, each times the share of its evidence that names it."""
    risk = np.max(table.shares * probabilities, axis=1, initial=0.0)
    return np.where(_RISK, risk[:, None], table.stocks.matrix)


def stock_inputs(matrix: Floats) -> Floats:
    """The columns that the stocks' regression takes, on its scale."""
    return scaled(STOCK, matrix)[:, _STOCK_AT]


def joined(tables: Sequence[Table]) -> tuple[Floats, Ints]:
    """Cluster rows of several markets: x on the models' scale, labels."""
    x = np.concatenate([table.x for table in tables])
    return x, np.concatenate([table.labels for table in tables])


_RISK = np.array([name == "risk" for name in columns(STOCK)])
_STOCK_AT = [columns(STOCK).index(name) for name in STOCK_COLUMNS]
_READERS: dict[str, Callable[[Model, Table], Floats]] = {
    "floor": lambda model, table: model.floor.log_odds(table.x[:, [_FLOOR_AT]]),
    "logistic": lambda model, table: model.logistic.log_odds(table.x),
    "sage": lambda model, table: sage_log_odds(model.sage, table.graph)[0],
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
