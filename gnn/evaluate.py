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
class LeftOut:
    """A model trained without one kind, and the whole markets for learning and for choosing."""

    kind: str
    model: Model
    train: Sequence[Table]
    choice: Sequence[Table]


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
    judged = leave_out_each(train_samples, choice_samples, seed, progress)
    return judge(judged, [prepare(sample) for sample in test_samples], seed)


def leave_out_each(
    train_samples: Sequence[Sample],
    choice_samples: Sequence[Sample],
    seed: int,
    progress: Progress | None = None,
) -> list[LeftOut]:
    """The recipe trained once for each campaign kind of the training markets, without that kind."""
    kinds = sorted({kind for sample in train_samples for kind in sample.groups.values()})
    parts = (train_samples, choice_samples)
    tables = [[prepare(sample) for sample in part] for part in parts]
    found = []
    for done, kind in enumerate(kinds):
        _say(progress, f"training without {kind}", done, len(kinds))
        found.append(_leave_out(kind, parts, tables, seed))
    _say(progress, "trained", len(kinds), len(kinds))
    return found


def judge(left_out: Sequence[LeftOut], test: Sequence[Table], seed: int) -> Report:
    """Judges each trained model on the kind it has not seen, on the markets of `test`."""
    figures = {each.kind: _figures(each, test, seed) for each in left_out}
    choice = {each.kind: _auprc(each.model, each.choice, each.kind) for each in left_out}
    chosen = choose(choice)
    parts = {"train": left_out[0].train, "choice": left_out[0].choice, "test": test}
    return Report(
        chosen=chosen,
        kinds=tuple(figures),
        figures=figures,
        choice=choice,
        counts={name: _count(part) for name, part in parts.items()},
        mean=_mean(figures),
        harmless=_harmless(left_out, test, chosen),
    )


def choose(choice: dict[str, dict[str, float]]) -> str:
    """The scorer with the larger mean AUPRC over left-out kinds; the readable one where equal."""
    mean = {name: _finite_mean([by[name] for by in choice.values()]) for name in SCORERS}
    return max(SCORERS, key=lambda name: (mean[name], name == "logistic"))


def _leave_out(
    kind: str, parts: Sequence[Sequence[Sample]], tables: Sequence[Sequence[Table]], seed: int
) -> LeftOut:
    learnt, held_out = (
        [
            prepare(without(sample, kind)) if kind in sample.groups.values() else table
            for sample, table in zip(samples, prepared, strict=True)
        ]
        for samples, prepared in zip(parts, tables, strict=True)
    )
    model = calibrated(train_tables(learnt, seed), held_out, chosen="logistic")
    return LeftOut(kind, model, *tables)


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


def _figures(left_out: LeftOut, test: Sequence[Table], seed: int) -> dict[str, dict[str, float]]:
    return {
        name: _judge(*_rows(left_out.model, name, test, left_out.kind), seed) for name in MODELS
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


def _harmless(
    left_out: Sequence[LeftOut], test: Sequence[Table], chosen: str
) -> dict[str, dict[str, float]]:
    """Harmless clusters by what they are: how many, how often flagged, the highest probability.

    Over all left-out kinds, so a cluster counts once for each model that judged it.
    """
    found: dict[str, list[float]] = {}
    for each in left_out:
        for table in test:
            p = sigmoid(log_odds(each.model, chosen, table))
            for row in np.flatnonzero(table.labels == 0).tolist():
                found.setdefault(table.decoys[row] or "other", []).append(float(p[row]))
    return {
        decoy: {
            "clusters": len(p) / len(left_out),
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
