"""What the models are worth on campaign kinds that they have not seen.

For each kind: train without its clusters, calibrate on other markets without them, and judge on a
third set of markets where that kind alone counts as positive. Nothing is chosen on what is judged.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from gnn import metrics
from gnn.calibrate import sigmoid
from gnn.dataset import Table, prepare, without
from gnn.sample import Sample
from gnn.train import MODELS, SCORERS, Model, calibrated, log_odds, train_tables
from gnn.view import Floats, Ints
from graph.store import Progress

FALSE_ALARMS = 0.01
FLAGGED = 0.2  # the fixed threshold: probability 0.2 is a score of 70, "high"


@dataclass(frozen=True, slots=True)
class Report:
    """Everything the evaluation found, ready for JSON. `chosen` is the model that should score."""

    chosen: str
    kinds: tuple[str, ...]
    figures: dict[str, dict[str, dict[str, float]]]  # kind -> model -> figure -> value
    choice: dict[str, dict[str, float]]  # kind -> model -> AUPRC where the choice was made
    counts: dict[str, dict[str, int]]  # part -> markets, clusters, positives
    mean: dict[str, dict[str, float]] = field(default_factory=dict)  # model -> figure -> mean
    harmless: dict[str, dict[str, float]] = field(default_factory=dict)  # decoy -> figures

    def as_json(self) -> dict[str, Any]:
        """Plain values."""
        return {
            "chosen": self.chosen,
            "kinds": list(self.kinds),
            "figures": self.figures,
            "choice": self.choice,
            "counts": self.counts,
            "mean": self.mean,
            "harmless": self.harmless,
        }


@dataclass(frozen=True, slots=True)
class Judged:
    """One left-out kind: the model trained without it and the market tables to judge it on."""

    kind: str
    model: Model
    choice: Sequence[Table]
    test: Sequence[Table]


def evaluate(
    train_samples: Sequence[Sample],
    choice_samples: Sequence[Sample],
    test_samples: Sequence[Sample],
    seed: int,
    progress: Progress | None = None,
) -> Report:
    """Leave one campaign kind out, for every kind that training holds.

    `choice_samples` calibrate and choose the scorer; `test_samples` are only judged on.
    """
    kinds = tuple(sorted({kind for s in train_samples for kind in s.groups.values()}))
    parts = {"train": train_samples, "choice": choice_samples, "test": test_samples}
    tables = {name: [prepare(sample) for sample in part] for name, part in parts.items()}
    judged = []
    for done, kind in enumerate(kinds):
        _say(progress, f"train without {kind}", done, len(kinds))
        judged.append(_leave_out(kind, parts, tables, seed))
    _say(progress, "judge", len(kinds), len(kinds))
    figures = {j.kind: _figures(j, seed) for j in judged}
    choice = {j.kind: _auprc(j.model, j.choice, j.kind) for j in judged}
    chosen = choose(choice)
    return Report(
        chosen=chosen,
        kinds=kinds,
        figures=figures,
        choice=choice,
        counts={name: _count(part) for name, part in tables.items()},
        mean=_mean(figures),
        harmless=_harmless(judged, chosen),
    )


def choose(choice: dict[str, dict[str, float]]) -> str:
    """The scorer with the larger mean AUPRC over left-out kinds; the readable one where equal."""
    mean = {name: _finite_mean([by[name] for by in choice.values()]) for name in SCORERS}
    return max(SCORERS, key=lambda name: (mean[name], name == "logistic"))


def _leave_out(
    kind: str,
    parts: dict[str, Sequence[Sample]],
    tables: dict[str, list[Table]],
    seed: int,
) -> Judged:
    reduced = {
        name: [
            prepare(without(sample, kind)) if kind in sample.groups.values() else table
            for sample, table in zip(parts[name], tables[name], strict=True)
        ]
        for name in ("train", "choice")
    }
    fitted = train_tables(reduced["train"], seed)
    model = calibrated(fitted, reduced["choice"], chosen="logistic")
    return Judged(kind, model, tables["choice"], tables["test"])


def _rows(
    model: Model, name: str, tables: Sequence[Table], kind: str
) -> tuple[list[Floats], list[Ints]]:
    """Log odds and labels by market: clusters of the kind, and harmless ones; no other kinds."""
    kept = [np.array([of in ("", kind) for of in table.kinds], dtype=bool) for table in tables]
    scores = [log_odds(model, name, table)[mask] for table, mask in zip(tables, kept, strict=True)]
    return scores, [table.labels[mask] for table, mask in zip(tables, kept, strict=True)]


def _auprc(model: Model, tables: Sequence[Table], kind: str) -> dict[str, float]:
    found = {}
    for name in MODELS:
        scores, labels = _rows(model, name, tables, kind)
        found[name] = metrics.average_precision(np.concatenate(scores), np.concatenate(labels))
    return found


def _figures(judged: Judged, seed: int) -> dict[str, dict[str, float]]:
    return {
        name: _judge(*_rows(judged.model, name, judged.test, judged.kind), seed) for name in MODELS
    }


def _judge(scores: Sequence[Floats], labels: Sequence[Ints], seed: int) -> dict[str, float]:
    x, y = np.concatenate(scores), np.concatenate(labels)
    p = sigmoid(x)
    low, high = metrics.interval(metrics.average_precision, scores, labels, seed)
    recall_low, recall_high = metrics.interval(metrics.recall_at_fpr, scores, labels, seed)
    line = float(np.log(FLAGGED / (1 - FLAGGED)))
    return {
        "positives": float(y.sum()),
        "clusters": float(len(y)),
        "prevalence": float(y.mean()) if len(y) else float("nan"),
        "auprc": metrics.average_precision(x, y),
        "auprc_low": low,
        "auprc_high": high,
        "auroc": metrics.auroc(x, y),
        "recall_at_1pct": metrics.recall_at_fpr(x, y, FALSE_ALARMS),
        "recall_at_1pct_low": recall_low,
        "recall_at_1pct_high": recall_high,
        "recall_flagged": metrics.recall_above(x, y, line),
        "false_flagged": metrics.false_alarms(x, y, line),
        "brier": metrics.brier(p, y),
        "ece": metrics.calibration_error(p, y),
    }


def _harmless(judged: Sequence[Judged], chosen: str) -> dict[str, dict[str, float]]:
    """Harmless clusters by what they are: how many, how often flagged, the highest probability.

    Over all left-out kinds, so a cluster counts once for each model that judged it.
    """
    found: dict[str, list[float]] = {}
    for each in judged:
        for table in each.test:
            p = sigmoid(log_odds(each.model, chosen, table))
            for row in np.flatnonzero(table.labels == 0).tolist():
                found.setdefault(table.decoys[row] or "other", []).append(float(p[row]))
    return {
        decoy: {
            "clusters": len(p) / len(judged),
            "flagged": float(np.mean(np.array(p) >= FLAGGED)),
            "highest": max(p),
        }
        for decoy, p in sorted(found.items())
    }


def _mean(figures: dict[str, dict[str, dict[str, float]]]) -> dict[str, dict[str, float]]:
    keys = ("auprc", "auroc", "recall_at_1pct", "recall_flagged", "false_flagged", "brier", "ece")
    return {
        name: {key: _finite_mean([by[name][key] for by in figures.values()]) for key in keys}
        for name in MODELS
    }


def _finite_mean(values: Sequence[float]) -> float:
    kept = [value for value in values if np.isfinite(value)]
    return float(np.mean(kept)) if kept else float("nan")


def _count(tables: Sequence[Table]) -> dict[str, int]:
    return {
        "markets": len(tables),
        "clusters": int(sum(len(table.labels) for table in tables)),
        "positives": int(sum(table.labels.sum() for table in tables)),
    }


def _say(progress: Progress | None, step: str, done: int, total: int) -> None:
    if progress is not None:
        progress(step, done, total)
