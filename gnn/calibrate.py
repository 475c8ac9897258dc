"""From a model's log odds to a probability, and from that to the published 1 to 100.

The map is fixed: the same probability is the same score in every version of the model.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.interpolate import PchipInterpolator
from sklearn.linear_model import LogisticRegression

from gnn.view import Floats, Ints

ANCHORS = (
    (0.0005, 1),
    (0.002, 10),
    (0.01, 30),
    (0.05, 50),
    (0.20, 70),
    (0.50, 85),
    (0.90, 97),
    (0.99, 100),
)
BANDS = ((85, "critical"), (70, "high"), (50, "elevated"), (30, "watch"), (0, "low"))
_TINY = 1e-9


def logit(p: Floats) -> Floats:
    """Log odds, kept finite."""
    kept = np.clip(p, _TINY, 1 - _TINY)
    return np.asarray(np.log(kept) - np.log1p(-kept), dtype=np.float64)


def sigmoid(x: Floats) -> Floats:
    """The probability of log odds, without overflow."""
    return np.asarray(0.5 * (1.0 + np.tanh(0.5 * x)), dtype=np.float64)


_CURVE = PchipInterpolator(
    logit(np.array([p for p, _ in ANCHORS])), np.array([s for _, s in ANCHORS], dtype=np.float64)
)


def score(probability: float) -> int:
    """1 to 100, monotone; see ANCHORS."""
    least, most = ANCHORS[0][0], ANCHORS[-1][0]
    kept = np.array([min(max(probability, least), most)])
    return round(float(_CURVE(logit(kept))[0]))


def band(points: int) -> str:
    """The word for a score: low, watch, elevated, high, critical."""
    return next(word for least, word in BANDS if points >= least)


@dataclass(frozen=True, slots=True)
class Platt:
    """Calibrated log odds = slope * raw + shift. The slope is positive: order is kept."""

    slope: float = 1.0
    shift: float = 0.0

    def log_odds(self, raw: Floats) -> Floats:
        """Calibrated log odds of raw ones."""
        return self.slope * raw + self.shift


def fit_platt(raw: Floats, labels: Ints) -> Platt:
    """Fits on markets that the model has not seen. With one class only, it changes nothing.

    Targets are Platt's, (n + 1) / (n + 2) and 1 / (n + 2): the slope stays finite, and no
    probability more certain than the number of rows allows, where the classes part perfectly.
    """
    up, down = int((labels == 1).sum()), int((labels == 0).sum())
    if not up or not down:
        return Platt()
    target = np.where(labels == 1, (up + 1) / (up + 2), 1 / (down + 2))
    spread = float(np.std(raw)) or 1.0
    x = np.tile(raw.reshape(-1, 1) / spread, (2, 1))
    sides = np.repeat([1, 0], len(raw))
    fitted = LogisticRegression(C=1e4, max_iter=1_000).fit(
        x, sides, sample_weight=np.append(target, 1 - target)
    )
    return Platt(max(float(fitted.coef_[0, 0]) / spread, 1e-3), float(fitted.intercept_[0]))
