"""From log odds to probabilities one may act on, and how sure these are.

`gnn.calibrate` holds Platt's map and the published map to 1 to 100; this adds the beta map, the
Venn-Abers pair and conformal sets. None of them turns an order round.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from sklearn.isotonic import isotonic_regression

from gnn.calibrate import logit, sigmoid
from gnn.view import Floats, Ints
from graph.errors import UsageError


@dataclass(frozen=True, slots=True)
class Beta:
    """Calibrated log odds = a ln p - b ln(1 - p) + c of the raw p, a and b at least 0.

    Kull, Silva Filho and Flach (AISTATS 2017). Where a = b it is Platt's map on log odds.
    """

    a: float = 1.0
    b: float = 1.0
    c: float = 0.0

    def log_odds(self, raw: Floats) -> Floats:
        """Calibrated log odds of raw ones."""
        return np.asarray(-self.a * _softplus(-raw) + self.b * _softplus(raw) + self.c)


def fit_beta(raw: Floats, labels: Ints) -> Beta:
    """Fits on rows that the model has not seen; with one class only it changes nothing.

    Targets are Platt's, (n + 1) / (n + 2) and 1 / (n + 2), so that classes that part perfectly give
    no probability more certain than the number of rows allows.
    """
    up, down = int((labels == 1).sum()), int((labels == 0).sum())
    if not up or not down:
        return Beta()
    target = np.where(labels == 1, (up + 1) / (up + 2), 1 / (down + 2))
    x = np.stack([-_softplus(-raw), _softplus(raw), np.ones(len(raw))], axis=1)

    def loss(theta: Any) -> tuple[float, Any]:
        odds = x @ theta
        value = np.logaddexp(0, odds) - target * odds
        return float(value.mean()), x.T @ (sigmoid(odds) - target) / len(raw)

    bounds = [(0.0, None), (0.0, None), (None, None)]
    options = {"maxiter": 1_000, "ftol": 1e-14, "gtol": 1e-10}
    found = minimize(  # type: ignore[call-overload]
        loss, np.array([1.0, 1.0, 0.0]), jac=True, bounds=bounds, method="L-BFGS-B", options=options
    )
    return Beta(*(float(value) for value in found.x))


@dataclass(frozen=True, slots=True, eq=False)
class VennAbers:
    """The pair of probabilities of a score: one as if it were harmless, one as if it were not.

    Isotonic regression with the score put among the calibration rows under either label (Vovk and
    Petej, UAI 2014). What it gives depends only on where the score falls, so there is a row of
    `pairs` for each place: before, on and between the knots. The width is how much is not known.
    """

    knots: Floats  # distinct calibration scores, ascending
    pairs: Floats  # [2 * knots + 1, 2]

    def pair(self, scores: Floats) -> Floats:
        """[p if harmless, p if not] of each score, float64 [n, 2]; the first is the smaller."""
        left = np.searchsorted(self.knots, scores, side="left")
        right = np.searchsorted(self.knots, scores, side="right")
        return np.asarray(self.pairs[left + right])

    def single(self, scores: Floats) -> Floats:
        """The pair as one probability, p1 / (1 - p0 + p1): the least regret in log loss."""
        low, high = self.pair(scores).T
        return np.asarray(high / (1 - low + high))

    def as_json(self) -> dict[str, Any]:
        """Plain numbers; floats keep every bit through JSON."""
        return {"knots": self.knots.tolist(), "pairs": self.pairs.tolist()}


def fit_venn_abers(scores: Floats, labels: Ints, most: int = 2_000) -> VennAbers:
    """Exact for up to `most` distinct scores; of more, neighbours are pooled to that many.

    Raises UsageError without rows.
    """
    if not len(scores):
        raise UsageError("no calibration rows: a Venn-Abers pair needs some")
    knots, at = np.unique(scores, return_inverse=True)
    if len(knots) > most:
        parts = np.array_split(np.arange(len(knots)), most)
        at = np.repeat(np.arange(most), [len(part) for part in parts])[at]
        knots = np.array([knots[part].mean() for part in parts])
    weight = np.bincount(at, minlength=len(knots)).astype(np.float64)
    raised = np.bincount(at, weights=labels, minlength=len(knots)).astype(np.float64)
    pairs = [
        [_with_one_more(weight, raised, place, label) for label in (0, 1)]
        for place in range(2 * len(knots) + 1)
    ]
    return VennAbers(knots, np.array(pairs))


def venn_abers_from_json(kept: Mapping[str, Any]) -> VennAbers:
    """What `as_json` told."""
    return VennAbers(np.array(kept["knots"]), np.array(kept["pairs"]).reshape(-1, 2))


@dataclass(frozen=True, slots=True, eq=False)
class Mondrian:
    """Conformal sets, each class judged among its own (Vovk, Gammerman and Shafer 2005).

    Of new rows of a class that are exchangeable with its calibration rows, at least 1 - alpha have
    their class in their set, in each class. Both in the set: an analyst's case.
    """

    harmless: Floats  # calibration scores by class, ascending
    raised: Floats

    def p_values(self, scores: Floats) -> Floats:
        """How ordinary a score is among each class, float64 [n, 2]: harmless, raised."""
        n, m = len(self.harmless), len(self.raised)
        as_high = n - np.searchsorted(self.harmless, scores, side="left")
        as_low = np.searchsorted(self.raised, scores, side="right")
        return np.stack([(as_high + 1) / (n + 1), (as_low + 1) / (m + 1)], axis=1)

    def sets(self, scores: Floats, alpha: float = 0.1) -> npt.NDArray[np.bool_]:
        """Which classes are in the set, bool [n, 2]."""
        return self.p_values(scores) > alpha

    def as_json(self) -> dict[str, list[float]]:
        """Plain numbers."""
        return {"harmless": self.harmless.tolist(), "raised": self.raised.tolist()}


def mondrian_from_json(kept: Mapping[str, Any]) -> Mondrian:
    """What `as_json` told."""
    return Mondrian(np.array(kept["harmless"]), np.array(kept["raised"]))


def fit_mondrian(scores: Floats, labels: Ints) -> Mondrian:
    """From calibration rows. Raises UsageError where a class has none."""
    if not (labels == 0).any() or not (labels == 1).any():
        raise UsageError("conformal sets need calibration rows of both classes")
    return Mondrian(np.sort(scores[labels == 0]), np.sort(scores[labels == 1]))


def brier_skill(probabilities: Floats, labels: Ints, prevalence: float) -> float:
    """1 - Brier / Brier of always saying `prevalence`, which was known before. nan without rows."""
    if not len(labels):
        return float("nan")
    plain = float(((prevalence - labels) ** 2).mean())
    return 1.0 - float(((probabilities - labels) ** 2).mean()) / plain if plain else float("nan")


def calibration_slope(probabilities: Floats, labels: Ints) -> float:
    """Slope of the labels' regression on log odds: below 1 is too sure. nan of one class."""
    if len(set(labels.tolist())) < 2:
        return float("nan")
    x = np.stack([logit(probabilities), np.ones(len(labels))], axis=1)

    def loss(theta: Any) -> tuple[float, Any]:
        odds = x @ theta
        value = np.logaddexp(0, odds) - labels * odds
        return float(value.mean()), x.T @ (sigmoid(odds) - labels) / len(labels)

    found = minimize(loss, np.array([1.0, 0.0]), jac=True, method="BFGS")
    return float(found.x[0])


def _softplus(x: Floats) -> Floats:
    """ln(1 + e^x): -ln p of raw log odds -x, without overflow."""
    return np.asarray(np.logaddexp(0.0, x))


def _with_one_more(weight: Floats, raised: Floats, place: int, label: int) -> float:
    """Isotonic value of a score at a place: 2 k is before knot k, 2 k + 1 on it."""
    knot, on = divmod(place, 2)
    if on:
        heavier, more = weight.copy(), raised.copy()
        heavier[knot] += 1
        more[knot] += label
    else:
        heavier, more = np.insert(weight, knot, 1.0), np.insert(raised, knot, float(label))
    return float(isotonic_regression(more / heavier, sample_weight=heavier)[knot])
