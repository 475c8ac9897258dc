"""The few figures a ranking of rare things is judged by, in numpy."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from gnn.view import Floats, Ints

Metric = Callable[[Floats, Ints], float]


def average_precision(scores: Floats, labels: Ints) -> float:
    """Area under precision and recall (step-wise, ties as one step). nan without positives."""
    if not labels.any():
        return float("nan")
    _, caught, flagged = _steps(scores, labels)
    gained = np.diff(caught, prepend=0.0) / labels.sum()
    return float((gained * caught / flagged).sum())


def auroc(scores: Floats, labels: Ints) -> float:
    """Chance that a positive outranks a negative; half for ties. nan with one class."""
    up, down = scores[labels == 1], scores[labels == 0]
    if not len(up) or not len(down):
        return float("nan")
    below = np.searchsorted(np.sort(down), up, side="left")
    upto = np.searchsorted(np.sort(down), up, side="right")
    return float((below + upto).mean() / (2 * len(down)))


def recall_at_fpr(scores: Floats, labels: Ints, rate: float = 0.01) -> float:
    """Recall at the lowest threshold that flags at most `rate` of the negatives."""
    return recall_above(scores, labels, threshold_at_fpr(scores, labels, rate))


def threshold_at_fpr(scores: Floats, labels: Ints, rate: float = 0.01) -> float:
    """What a score must exceed so that at most `rate` of the negatives do."""
    down = np.sort(scores[labels == 0])[::-1]
    allowed = int(rate * len(down))
    return float(down[allowed]) if len(down) else float("-inf")


def recall_above(scores: Floats, labels: Ints, threshold: float) -> float:
    """Share of positives above a threshold. nan without positives."""
    up = scores[labels == 1]
    return float((up > threshold).mean()) if len(up) else float("nan")


def false_alarms(scores: Floats, labels: Ints, threshold: float) -> float:
    """Share of negatives above a threshold. nan without negatives."""
    down = scores[labels == 0]
    return float((down > threshold).mean()) if len(down) else float("nan")


def brier(probabilities: Floats, labels: Ints) -> float:
    """Mean squared error of probabilities."""
    return float(((probabilities - labels) ** 2).mean()) if len(labels) else float("nan")


def calibration_error(probabilities: Floats, labels: Ints, bins: int = 10) -> float:
    """Adaptive expected calibration error: bins of equal count, weighted gap of mean and rate."""
    order = np.argsort(probabilities, kind="stable")
    parts = [part for part in np.array_split(order, bins) if len(part)]
    gaps = [abs(probabilities[part].mean() - labels[part].mean()) * len(part) for part in parts]
    return float(sum(gaps) / len(labels)) if len(labels) else float("nan")


def interval(
    metric: Metric,
    scores: Sequence[Floats],
    labels: Sequence[Ints],
    seed: int,
    draws: int = 500,
) -> tuple[float, float]:
    """95 % interval by drawing whole markets with replacement: rows of one market go together."""
    rng = np.random.default_rng(seed)
    found = [_drawn(metric, scores, labels, rng) for _ in range(draws)]
    kept = [value for value in found if np.isfinite(value)]
    if not kept:
        return float("nan"), float("nan")
    low, high = np.percentile(kept, [2.5, 97.5])
    return float(low), float(high)


def _drawn(
    metric: Metric,
    scores: Sequence[Floats],
    labels: Sequence[Ints],
    rng: np.random.Generator,
) -> float:
    picked = rng.integers(len(scores), size=len(scores))
    return metric(
        np.concatenate([scores[i] for i in picked]), np.concatenate([labels[i] for i in picked])
    )


def _steps(scores: Floats, labels: Ints) -> tuple[Floats, Floats, Floats]:
    """Thresholds from high to low, positives and all rows at or above each."""
    order = np.argsort(-scores, kind="stable")
    ranked = scores[order]
    last = np.append(np.diff(ranked) != 0, True)
    caught = np.cumsum(labels[order])[last].astype(np.float64)
    flagged = (np.flatnonzero(last) + 1).astype(np.float64)
    return ranked[last], caught, flagged
