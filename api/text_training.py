"""Joins the generators of texts and the word model, which do not know each other, and judges it.

Two models: one that ships as the reader of texts, and one for judging planted campaigns, which
learns only from manners that no campaign has. Each is judged on manners left out of training.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from api.text_card import card
from api.text_real import Real, judged_on_real
from api.text_said import APART, CAMPAIGNS, KINDS, PITCHES, borrowed, ordinary, promoting
from gnn.calibrate import fit_platt
from gnn.metrics import auroc, average_precision
from gnn.text.fit import PENALTY, fit_words
from gnn.text.words import Words, rounded, save_words, text_manifest
from gnn.view import Floats, Ints
from graph.errors import UsageError
from graph.store import Progress
from ingest.synthetic.touting import SOBER

SEED, JUDGED_SEED = 20, 21
EACH = 1_500  # texts of a manner; of a kind of ordinary talk half as many
_FOLDS = 4  # of the kinds of ordinary talk, left out in turn


@dataclass(frozen=True)
class Recipe:
    """What a model learns from, and which manners are left out together to judge it."""

    name: str
    manners: tuple[str, ...]
    kinds: tuple[str, ...]
    left_out: tuple[tuple[str, ...], ...]


# The older pitches speak of deals and takeovers as the manner "news" does: they go out together.
_OUT = (("news", PITCHES), *((m,) for m in (*CAMPAIGNS, *APART) if m not in ("news", PITCHES)))
RECIPES = (
    Recipe("whole", (*CAMPAIGNS, *APART), KINDS, _OUT),
    Recipe("apart", APART, tuple(SOBER), tuple((manner,) for manner in APART)),
)


@dataclass(frozen=True)
class Said:
    """Texts by manner and by kind."""

    manners: Mapping[str, list[str]]
    kinds: Mapping[str, list[str]]


def run_train_text(
    out: Path, real: Real | None = None, each: int = EACH, progress: Progress | None = None
) -> dict[str, Any]:
    """Trains both models, judges them, and writes weights, manifest and card to `out`.

    With `real`, real posts and prices are judged too; they change no weight. Returns the manifest.
    """
    if each < 20:
        raise UsageError("train on at least 20 texts of each manner")
    learnt, fresh = generated(each, SEED), generated(each, JUDGED_SEED)
    models, figures = {}, {}
    for recipe in RECIPES:
        model, found = _trained(recipe, learnt, fresh, real.texts if real else [], progress)
        models[recipe.name], figures[recipe.name] = model, found
    figures["apart"]["campaigns"] = _on_campaigns(models["apart"], fresh)
    figures["borrowed"] = _borrowed(models["whole"], fresh, each)
    if real is not None:
        figures["real"] = judged_on_real(models, real)
    save_words(models, out, {"figures": figures, "about": _about(each)})
    told = text_manifest(out)
    (out / "CARD.md").write_text(card(told), encoding="utf-8")
    return told


def generated(each: int, seed: int) -> Said:
    """`each` texts of every manner, half as many of every kind of ordinary talk."""
    return Said(
        {manner: promoting(manner, each, seed) for manner in (*CAMPAIGNS, *APART)},
        {kind: ordinary(kind, each // 2, seed) for kind in KINDS},
    )


def _trained(
    recipe: Recipe, learnt: Said, fresh: Said, real: list[str], progress: Progress | None
) -> tuple[Words, dict[str, Any]]:
    """The model of a recipe, calibrated on manners left out, and its figures on them: against
    ordinary talk of kinds left out too, and against real posts where there are some."""
    scores, labels, names, beside = [], [], [], {}
    for place, out in enumerate(recipe.left_out):
        if progress is not None:
            progress(f"leaving out manners ({recipe.name})", place, len(recipe.left_out))
        unseen = recipe.kinds[place % _FOLDS :: _FOLDS]
        manners = [manner for manner in recipe.manners if manner not in out]
        model = _fitted(learnt, manners, [k for k in recipe.kinds if k not in unseen])
        found, truth = _scored(model, fresh, out, unseen)
        scores.append(found)
        labels.append(truth)
        names.append(" and ".join(out))
        if real:
            beside[names[-1]] = _figures(*_beside(found[truth == 1], model.raw(real)))
    platt = fit_platt(*_balanced(np.concatenate(scores), np.concatenate(labels)))
    whole = _fitted(learnt, recipe.manners, recipe.kinds)
    kept = rounded(Words(whole.weights, whole.intercept, platt))
    rows = {
        name: _figures(kept.platt.log_odds(found), truth)
        for name, found, truth in zip(names, scores, labels, strict=True)
    }
    told: dict[str, Any] = {"unseen": rows, "mean": mean_of(rows)}
    if beside:
        ranks = {name: {"auroc": row["auroc"]} for name, row in beside.items()}
        told["unseen_among_real"] = {**ranks, "mean": mean_of(ranks)}
    return kept, told


def _fitted(learnt: Said, manners: Sequence[str], kinds: Sequence[str]) -> Words:
    up = [text for manner in manners for text in learnt.manners[manner]]
    down = [text for kind in kinds for text in learnt.kinds[kind]]
    return fit_words([*up, *down], _labels(len(up), len(down)))


def _scored(
    model: Words, said: Said, manners: Sequence[str], kinds: Sequence[str]
) -> tuple[Floats, Ints]:
    up = [text for manner in manners for text in said.manners[manner]]
    down = [text for kind in kinds for text in said.kinds[kind]]
    return model.raw([*up, *down]), _labels(len(up), len(down))


def _beside(up: Floats, down: Floats) -> tuple[Floats, Ints]:
    return np.concatenate([up, down]), _labels(len(up), len(down))


def _on_campaigns(model: Words, fresh: Said) -> dict[str, Any]:
    """What the model that knows no campaign is worth on their manners, against all made life."""
    life = [kind for kind in KINDS if kind not in SOBER]
    rows = {}
    for manner in CAMPAIGNS:
        raw, truth = _scored(model, fresh, [manner], life)
        rows[manner] = _figures(model.platt.log_odds(raw), truth)
    return {"unseen": rows, "mean": mean_of(rows)}


def _borrowed(model: Words, fresh: Said, each: int) -> dict[str, float]:
    """Campaigns that speak as everybody does, against everybody."""
    up = borrowed(each, JUDGED_SEED)
    down = [t for kind in KINDS if kind.startswith("topic") for t in fresh.kinds[kind]]
    odds = model.platt.log_odds(model.raw([*up, *down]))
    return _figures(odds, _labels(len(up), len(down)))


def _figures(log_odds: Floats, labels: Ints) -> dict[str, float]:
    """AUROC, AUPRC with its prevalence, and what a line of 0.5 catches and wrongly catches."""
    return {
        "auroc": round(auroc(log_odds, labels), 3),
        "auprc": round(average_precision(log_odds, labels), 3),
        "prevalence": round(float(labels.mean()), 3),
        "recall": round(float((log_odds[labels == 1] > 0).mean()), 3),
        "false_alarms": round(float((log_odds[labels == 0] > 0).mean()), 3),
    }


def mean_of(rows: Mapping[str, Mapping[str, float]]) -> dict[str, float]:
    """The mean of each figure over manners."""
    names = next(iter(rows.values()))
    return {n: round(float(np.mean([row[n] for row in rows.values()])), 3) for n in names}


def _balanced(scores: Floats, labels: Ints) -> tuple[Floats, Ints]:
    """As many of each class, evenly picked: 0.5 then means as likely as not among equals."""
    fewest = int(min((labels == 1).sum(), (labels == 0).sum()))
    rows = [np.flatnonzero(labels == side) for side in (0, 1)]
    kept = [r[np.linspace(0, len(r) - 1, fewest).astype(np.int64)] for r in rows]
    picked = np.concatenate(kept)
    return scores[picked], labels[picked]


def _labels(up: int, down: int) -> Ints:
    return np.repeat(np.array([1, 0], dtype=np.int64), [up, down])


def _about(each: int) -> dict[str, Any]:
    return {
        "manners": {recipe.name: list(recipe.manners) for recipe in RECIPES},
        "kinds": {recipe.name: list(recipe.kinds) for recipe in RECIPES},
        "texts": {"of a manner": each, "of a kind of talk": each // 2},
        "seeds": {"learnt": SEED, "judged": JUDGED_SEED},
        "penalty": PENALTY,
        "versions": {name: version(name) for name in ("numpy", "scipy", "scikit-learn")},
    }
