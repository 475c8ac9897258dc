"""The two models that a graph model has to beat: how much did they post, and a logistic regression.

Fitted with scikit-learn, kept as plain numbers, applied with numpy alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression

from gnn.view import Floats, Ints

FLOOR = "member_posts"  # the floor's one column: posts by the members, all together
PENALTY = 0.1  # C of the logistic: few campaigns, many features


@dataclass(frozen=True, slots=True)
class Logistic:
    """log odds = intercept + weights . (x - mean) / spread, over named columns."""

    names: tuple[str, ...]
    mean: Floats
    spread: Floats
    weights: Floats
    intercept: float

    def log_odds(self, x: Floats) -> Floats:
        """x: [n, len(names)] on the scale of `gnn.measure.scaled`."""
        return np.asarray((x - self.mean) / self.spread @ self.weights + self.intercept)

    def as_json(self) -> dict[str, Any]:
        """Plain numbers; floats keep every bit through JSON."""
        return {
            "names": list(self.names),
            "mean": self.mean.tolist(),
            "spread": self.spread.tolist(),
            "weights": self.weights.tolist(),
            "intercept": self.intercept,
        }


def from_json(kept: Mapping[str, Any]) -> Logistic:
    """The model that `as_json` described."""
    mean, spread, weights = (np.array(kept[k], dtype=np.float64) for k in _VECTORS)
    return Logistic(tuple(kept["names"]), mean, spread, weights, float(kept["intercept"]))


_VECTORS = ("mean", "spread", "weights")


def fit_logistic(
    x: Floats, labels: Ints, names: Sequence[str], penalty: float = PENALTY
) -> Logistic:
    """A standardised logistic regression. With one class only it always answers the base rate."""
    mean = x.mean(axis=0)
    spread = x.std(axis=0)
    spread = np.where(spread > 1e-9, spread, 1.0)
    if len(set(labels.tolist())) < 2:
        rate = (float(labels.sum()) + 0.5) / (len(labels) + 1.0)
        return Logistic(tuple(names), mean, spread, np.zeros(len(names)), _log_odds(rate))
    fitted = LogisticRegression(C=penalty, max_iter=2_000).fit((x - mean) / spread, labels)
    return Logistic(tuple(names), mean, spread, fitted.coef_[0], float(fitted.intercept_[0]))


def _log_odds(rate: float) -> float:
    return float(np.log(rate) - np.log1p(-rate))
