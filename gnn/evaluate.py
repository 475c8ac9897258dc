"""What the models are worth on campaign kinds that they have not seen.

For each kind: train without its clusters, calibrate on other markets without them, and judge on a
third set of markets where that kind alone counts as positive. Nothing is chosen on what is judged.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from gnn import metrics
from gnn.calibrate import sigmoid
from gnn.dataset import Table, learnable
from gnn.endtoend import Counts, counts, gain, rates
from gnn.learn.calibrators import brier_skill, calibration_slope
from gnn.train import (
    LEARNT,
    MODELS,
    SCORERS,
    Model,
    calibrated,
    doubted,
    held,
    log_odds,
    raw_log_odds,
    train_tables,
)
from gnn.view import Floats, Ints
from graph.store import Progress

FALSE_ALARMS = 0.01
LIKELY = 0.05
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
    end_to_end: dict[str, Any] = field(default_factory=dict)  # background -> see gnn.endtoend
    calibration: dict[str, Any] = field(default_factory=dict)  # of the recipe with every kind

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
            "end_to_end": self.end_to_end,
            "calibration": self.calibration,
        }


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A model trained without one kind, and the whole markets for learning and for choosing."""

    kind: str
    model: Model
    train: Sequence[Table]
    choice: Sequence[Table]
    known: dict[tuple[str, str], Floats] = field(default_factory=dict, compare=False)

    def odds(self, name: str, table: Table) -> Floats:
        """A named model's calibrated log odds for a market's clusters, worked out once; of what was
        not learnt as it is, for a calibration may turn it round."""
        key = name, table.market
        if key not in self.known:
            read = log_odds if name in LEARNT else raw_log_odds
            self.known[key] = read(self.model, name, table)
        return self.known[key]

    def held(self, name: str, table: Table) -> Floats:
        """The same as they score: held low where `gnn.hold` says so."""
        return held(name, table, self.odds(name, table))


def evaluate(
    train: Sequence[Table],
    choice: Sequence[Table],
    test: Sequence[Table],
    seed: int,
    progress: Progress | None = None,
) -> Report:
    """Leave one campaign kind out, for every kind that `test` holds.

    `choice` calibrates, chooses the scorer and sets the line of 1 % false alarms; `test` is only
    judged on.
    """
    kinds = sorted({ring.kind for table in test for ring in table.rings})
    found = judge(leave_out_each(train, choice, kinds, seed, progress), test, seed)
    learnt, held_out = ([learnable(table) for table in part] for part in (train, choice))
    whole = doubted(calibrated(train_tables(learnt, seed), held_out, found.chosen), held_out)
    return replace(found, calibration=calibration(whole, choice, test, seed))


def calibration(
    model: Model, choice: Sequence[Table], test: Sequence[Table], seed: int
) -> dict[str, Any]:
    """Whether probabilities mean what they say on markets that nothing was chosen on, every kind
    learnt; skill against the prevalence of `choice`, intervals by market."""
    odds = [log_odds(model, model.chosen, table) for table in test]
    labels = [table.labels for table in test]
    x, y = np.concatenate(odds), np.concatenate(labels)
    p = sigmoid(x)
    before = float(np.mean(np.concatenate([table.labels for table in choice])))

    def skill(scores: Floats, truth: Ints) -> float:
        return brier_skill(sigmoid(scores), truth, before)

    low, high = metrics.interval(skill, odds, labels, seed)
    above = p >= LIKELY
    sets = model.sets.sets(x) if model.sets else np.zeros((len(x), 2), dtype=bool)
    return {
        "clusters": len(y),
        "positives": int(y.sum()),
        "prevalence_assumed": before,
        "slope": calibration_slope(p, y),
        "skill": skill(x, y),
        "skill_low": low,
        "skill_high": high,
        "ece": metrics.calibration_error(p, y),
        "ece_likely": metrics.calibration_error(p[above], y[above]),
        "covered_harmless": float(sets[y == 0, 0].mean()),
        "covered_campaigns": float(sets[y == 1, 1].mean()),
        "both_in_set": float(sets.all(axis=1).mean()),
        "bins": _bins(p, y),
    }


def _bins(p: Floats, y: Ints, bins: int = 10) -> list[dict[str, float]]:
    """Equal counts, by probability: mean probability, rate of campaigns, how many."""
    parts = np.array_split(np.argsort(p, kind="stable"), bins)
    return [
        {"said": float(p[at].mean()), "was": float(y[at].mean()), "clusters": float(len(at))}
        for at in parts
        if len(at)
    ]


def leave_out_each(
    train: Sequence[Table],
    choice: Sequence[Table],
    kinds: Sequence[str],
    seed: int,
    progress: Progress | None = None,
) -> list[LeftOut]:
    """The recipe trained once for each of `kinds`, as if its clusters had not been looked at."""
    found = []
    for done, kind in enumerate(kinds):
        _say(progress, f"training without {kind}", done, len(kinds))
        learnt, held_out = ([learnable(t, kind) for t in part] for part in (train, choice))
        model = calibrated(train_tables(learnt, seed), held_out, chosen="stack")
        found.append(LeftOut(kind, model, train, choice))
    _say(progress, "trained", len(kinds), len(kinds))
    return found


def judge(left_out: Sequence[LeftOut], test: Sequence[Table], seed: int) -> Report:
    """Judges each trained model on the kind it has not seen, on the markets of `test`."""
    figures = {each.kind: _figures(each, test, seed) for each in left_out}
    choice = {each.kind: _auprc(each) for each in left_out}
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
        end_to_end=_end_to_end(left_out, test, chosen, seed),
    )


def _end_to_end(
    left_out: Sequence[LeftOut], test: Sequence[Table], chosen: str, seed: int
) -> dict[str, Any]:
    """Campaigns found at the line that lets 1 % of harmless clusters of `choice` pass, on each
    background and on all; and what the chosen one has over what nobody had to learn."""
    backgrounds = sorted({table.market.split()[0] for table in test})
    told: dict[str, Any] = {}
    for background in ("all", *backgrounds):
        part = [t for t in test if background in ("all", t.market.split()[0])]
        found = {name: _counts(left_out, part, name) for name in MODELS}
        told[background] = {
            "models": {name: rates(of, seed) for name, of in found.items()},
            "gains": {
                name: gain(found[chosen], found[name], seed) for name in MODELS if name != chosen
            },
        }
    return told


def _counts(left_out: Sequence[LeftOut], test: Sequence[Table], name: str) -> dict[str, Counts]:
    return {
        each.kind: counts(test, [raw > line for raw in odds], each.kind)
        for each in left_out
        for line, odds in [(_line(each, name), [each.held(name, t) for t in test])]
    }


def _line(each: LeftOut, name: str) -> float:
    """What a score must exceed so that 1 % of the harmless clusters of `choice` do."""
    odds = np.concatenate([each.held(name, t) for t in each.choice])
    labels = np.concatenate([table.labels for table in each.choice])
    return metrics.threshold_at_fpr(odds, labels, FALSE_ALARMS)


def choose(choice: dict[str, dict[str, float]]) -> str:
    """The scorer with the larger mean AUPRC over left-out kinds; the simpler one where equal."""
    mean = {name: _finite_mean([by[name] for by in choice.values()]) for name in SCORERS}
    return max(SCORERS, key=lambda name: (mean[name], -SCORERS.index(name)))


def _rows(each: LeftOut, name: str, tables: Sequence[Table]) -> tuple[list[Floats], list[Ints]]:
    """Log odds and labels by market: clusters of the kind, and harmless ones; no other kinds."""
    kept = [np.array([of in ("", each.kind) for of in t.kinds], dtype=bool) for t in tables]
    scores = [each.odds(name, table)[mask] for table, mask in zip(tables, kept, strict=True)]
    return scores, [table.labels[mask] for table, mask in zip(tables, kept, strict=True)]


def _auprc(each: LeftOut) -> dict[str, float]:
    found = {}
    for name in MODELS:
        scores, labels = _rows(each, name, each.choice)
        found[name] = metrics.average_precision(np.concatenate(scores), np.concatenate(labels))
    return found


def _figures(each: LeftOut, test: Sequence[Table], seed: int) -> dict[str, dict[str, float]]:
    return {name: _judge(*_rows(each, name, test), seed) for name in MODELS}


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
            p = sigmoid(each.odds(chosen, table))
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
