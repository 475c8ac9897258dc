"""LightGBM, the same trees on every machine, monotone in evidence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import lightgbm as lgb
import numpy as np

from gnn.learn.columns import Columns
from gnn.view import Floats, Ints
from graph.errors import UsageError

SEEDS = (0, 1, 2)
MANY = 300  # positives from which larger trees pay
_SAME_EVERYWHERE = {
    "objective": "binary",
    "verbosity": -1,
    "num_threads": 1,
    "deterministic": True,
    "force_row_wise": True,
    "monotone_constraints_method": "basic",  # the only one that holds without approximations
}
_LARGE = {
    "num_leaves": 31,
    "learning_rate": 0.02,
    "min_data_in_leaf": 20,
    "lambda_l2": 5.0,
    "feature_fraction": 0.3,
    "bagging_fraction": 0.8,
    "bagging_freq": 1,
}
_SMALL = {
    "num_leaves": 7,
    "learning_rate": 0.03,
    "min_data_in_leaf": 8,
    "lambda_l2": 5.0,
    "feature_fraction": 0.2,
    "bagging_fraction": 0.7,
    "bagging_freq": 1,
}
_ROUNDS = 400
_SEEN = 12  # columns at least that a tree may look at


@dataclass(frozen=True, slots=True)
class Trees:
    """Models of several seeds as LightGBM's text. Log odds are the mean over the seeds."""

    names: tuple[str, ...]
    texts: tuple[str, ...]

    def log_odds(self, x: Columns) -> Floats:
        """float64 [rows]. Raises UsageError where a column is missing."""
        matrix = x.matrix if x.names == self.names else x.only(self.names).matrix
        raw = [
            np.asarray(_booster(text).predict(matrix, raw_score=True, num_threads=1), np.float64)
            for text in self.texts
        ]
        return np.asarray(np.mean(raw, axis=0))


def fit_trees(x: Columns, labels: Ints, seeds: Sequence[int] = SEEDS) -> Trees:
    """Trees on rows with labels 0 or 1. Same rows and seeds, same text.

    How large the trees are follows from the number of positives and from nothing else, so no row is
    used up in choosing. Columns of evidence may only raise. Raises UsageError with one class only.
    """
    positives = int((labels == 1).sum())
    if not 0 < positives < len(labels):
        raise UsageError("trees need rows of both labels; there is only one here")
    few = positives < MANY
    shape = _SMALL if few else _LARGE
    settings: dict[str, Any] = {**_SAME_EVERYWHERE, **shape}
    # a tree that sees one column cannot join two, so few columns are all seen
    settings["feature_fraction"] = min(1.0, max(shape["feature_fraction"], _SEEN / len(x.names)))
    if x.evidence:
        settings["monotone_constraints"] = x.raises
    texts = [_grown(x, labels, {**settings, "seed": seed}) for seed in seeds]
    return Trees(x.names, tuple(texts))


@lru_cache(maxsize=32)
def _booster(text: str) -> lgb.Booster:
    return lgb.Booster(model_str=text)


def _grown(x: Columns, labels: Ints, settings: dict[str, Any]) -> str:
    data = lgb.Dataset(x.matrix, labels, params={**settings, "verbosity": -1})
    return lgb.train(settings, data, num_boost_round=_ROUNDS).model_to_string()
