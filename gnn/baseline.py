"""The two models that a graph model has to beat: how much did they post, and a logistic regression.

Fitted with scipy, kept as plain numbers, applied with numpy alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.optimize import minimize

from gnn.view import Floats, Ints

FLOOR = "member_posts"  # the floor's one column: posts by the members, all together
PENALTY = 0.1  # C of the logistic: few campaigns, many features


@dataclass(frozen=True, slots=True)
class Logistic:
    """log odds = intercept + weights . (x - mean) / spread, over named columns.

    x is first held within what was seen in training: beyond it a straight line is a guess.
    """

    names: tuple[str, ...]
    mean: Floats
    spread: Floats
    weights: Floats
    intercept: float
    low: Floats
    high: Floats

    def log_odds(self, x: Floats) -> Floats:
        """x: [n, len(names)] on the scale of `gnn.measure.scaled`."""
        inside = np.clip(x, self.low, self.high)
        # summed row by row: a matrix product's last bits depend on how many rows there are
        terms = np.ascontiguousarray((inside - self.mean) / self.spread * self.weights)
        return np.asarray(terms.sum(axis=1) + self.intercept)

    def as_json(self) -> dict[str, Any]:
        """Plain numbers; floats keep every bit through JSON."""
        vectors = {name: getattr(self, name).tolist() for name in _VECTORS}
        return {"names": list(self.names), **vectors, "intercept": self.intercept}


_VECTORS = ("mean", "spread", "weights", "low", "high")


def from_json(kept: Mapping[str, Any]) -> Logistic:
    """The model that `as_json` described."""
    vectors = {k: np.array(kept[k], dtype=np.float64) for k in _VECTORS}
    return Logistic(names=tuple(kept["names"]), intercept=float(kept["intercept"]), **vectors)


def fit_logistic(
    x: Floats,
    labels: Ints,
    names: Sequence[str],
    penalty: float = PENALTY,
    signs: Floats | None = None,
) -> Logistic:
    """A standardised ridge logistic regression. With one class only it answers the base rate.

    `signs` holds each weight to a side: 1 not below zero, -1 not above, 0 at zero; None frees all.
    So more evidence never lowers a score, whatever the training markets happened to hold.
    """
    mean, spread = x.mean(axis=0), x.std(axis=0)
    spread = np.where(spread > 1e-9, spread, 1.0)
    low, high = x.min(axis=0), x.max(axis=0)
    if len(set(labels.tolist())) < 2:
        rate = (float(labels.sum()) + 0.5) / (len(labels) + 1.0)
        none = np.zeros(len(names))
        return Logistic(tuple(names), mean, spread, none, _log_odds(rate), low, high)
    weights, intercept = _fitted((x - mean) / spread, labels, penalty, signs)
    return Logistic(tuple(names), mean, spread, weights, intercept, low, high)


def _fitted(z: Floats, labels: Ints, penalty: float, signs: Floats | None) -> tuple[Floats, float]:
    """Minimises penalty * log loss + |weights|^2 / 2 within the bounds (L-BFGS-B)."""
    side = np.where(labels == 1, 1.0, -1.0)

    def loss(theta: Any) -> tuple[float, Any]:
        margin = side * (z @ theta[:-1] + theta[-1])
        pull = -penalty * side / (1.0 + np.exp(np.clip(margin, -500, 500)))
        gradient = np.append(z.T @ pull + theta[:-1], pull.sum())
        return float(
            penalty * np.logaddexp(0, -margin).sum() + theta[:-1] @ theta[:-1] / 2
        ), gradient

    bounds: list[tuple[float | None, float | None]] = [(None, None)] * (z.shape[1] + 1)
    if signs is not None:
        bounds[:-1] = [(0 if s >= 0 else None, 0 if s <= 0 else None) for s in signs]
    start = np.zeros(z.shape[1] + 1)
    options = {"maxiter": 2_000, "ftol": 1e-12, "gtol": 1e-8}
    found = minimize(  # type: ignore[call-overload]
        loss, start, jac=True, bounds=bounds, method="L-BFGS-B", options=options
    )
    return np.asarray(found.x[:-1]), float(found.x[-1])


def _log_odds(rate: float) -> float:
    return float(np.log(rate) - np.log1p(-rate))
