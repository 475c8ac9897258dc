"""The reader of texts that ships: a linear model over hashed words; a list of good and bad ones.

The promotion score is a logistic over words, first letters of longer words, pairs of words and the
groups of lexicon.py, each counted once. No feature may lower it: an ordinary word in a promotion
does not make it less of one, and a text of unknown words is not called one. `whole` has learnt from
all campaign texts that we generate. `apart` has learnt from none of those that are planted, so that
what is judged on planted campaigns may use it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from safetensors.numpy import load_file, save_file

from gnn.calibrate import Platt, sigmoid
from gnn.text import loops
from gnn.text.lexicon import GROUPS, Table, mood_table, promotion_table
from gnn.text.reading import read
from gnn.text.scores import TextScores, checked
from gnn.view import Floats
from graph.errors import UsageError
from graph.store import Progress

SHIPPED = Path(__file__).parent / "weights"
COLUMNS = loops.BUCKETS + len(GROUPS) + loops.SEVERAL
SCHEMA = 1  # of the features; raise it where loops, reading or lexicon change what they give
WHOLE, APART = "whole", "apart"
_WEIGHTS = "words.safetensors"
_CHUNK = 20_000
_CALM = 2.0  # good or bad words less than this many leave a text near 0

_AS_IT_IS = Platt()


@dataclass(frozen=True)
class Words:
    """Log odds of promotional language = slope * (sum of weights / root of features + intercept)
    + shift. `weights`: float64 [COLUMNS], none below zero."""

    weights: Floats
    intercept: float
    platt: Platt = _AS_IT_IS

    def raw(self, texts: Sequence[str]) -> Floats:
        """Log odds before calibration, [n]."""
        data, starts = read(texts)
        keys, values = _promotion_table()
        sums = loops.all_sums(data, starts, keys, values, len(GROUPS), self.weights)
        return np.asarray(sums + self.intercept)

    def promotion(self, texts: Sequence[str]) -> Floats:
        """How much each text reads like a promotion, [n], 0 to 1."""
        return sigmoid(self.platt.log_odds(self.raw(texts)))


@dataclass(frozen=True)
class WordScorer:
    """Promotion by `words`, sentiment by the list of good and bad words."""

    words: Words
    model: str

    def score(self, texts: Sequence[str], progress: Progress | None = None) -> TextScores:
        """As TextScorer says; some 100,000 texts a second."""
        asked = checked(texts)
        promotion, sentiment = [np.empty(0)], [np.empty(0)]
        for begin in range(0, len(asked), _CHUNK):
            part = asked[begin : begin + _CHUNK]
            promotion.append(self.words.promotion(part))
            sentiment.append(sentiment_of(part))
            if progress is not None:
                progress("reading texts", begin + len(part), len(asked))
        return TextScores(np.concatenate(promotion), np.concatenate(sentiment), self.model)


def sentiment_of(texts: Sequence[str]) -> Floats:
    """Good words minus bad words, squeezed into -1 to 1; 0 where there is neither. [n]"""
    data, starts = read(texts)
    moods = loops.all_moods(data, starts, *_mood_table())
    return np.asarray(moods / np.sqrt(moods**2 + _CALM**2))


def promotion_of(texts: Sequence[str]) -> Floats:
    """How much texts read like a promotion, float64 [n], 0 to 1, by the shipped model that has
    learnt from no planted campaign: fit to be a feature of what is judged on them."""
    return shipped(APART).words.promotion(checked(texts))


@cache
def shipped(which: str = WHOLE) -> WordScorer:
    """The shipped model, read once."""
    return load_words(SHIPPED, which)


def save_words(models: Mapping[str, Words], folder: Path, about: Mapping[str, Any]) -> None:
    """Writes models by name, and a manifest. The same models give the same bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    kept = {name: model.weights.astype(np.float16) for name, model in models.items()}
    save_file(kept, folder / _WEIGHTS)
    told = {
        **about,
        "schema": SCHEMA,
        "columns": COLUMNS,
        "models": {name: _numbers(model) for name, model in models.items()},
        "files": {_WEIGHTS: _digest(folder / _WEIGHTS)},
    }
    text = json.dumps(told, indent=1, sort_keys=True) + "\n"
    (folder / "manifest.json").write_text(text, encoding="utf-8")


def load_words(folder: Path, which: str = WHOLE) -> WordScorer:
    """Reads what `save_words` wrote.

    Raises UsageError where a file is missing or was changed, or is of other features.
    """
    about = text_manifest(folder)
    weights = folder / _WEIGHTS
    if about.get("schema") != SCHEMA or about.get("columns") != COLUMNS:
        raise UsageError(
            f"the word model in {folder} is of other features than this program's;"
            " `sentinelmarket train-text` makes it anew"
        )
    if not weights.is_file() or _digest(weights) != about["files"].get(_WEIGHTS):
        raise UsageError(
            f"{weights} is missing or was changed; `sentinelmarket train-text` makes it anew"
        )
    if which not in about["models"]:
        raise UsageError(f"{folder} has no model {which!r}; it has {', '.join(about['models'])}")
    numbers = about["models"][which]
    words = Words(
        load_file(weights)[which].astype(np.float64),
        numbers["intercept"],
        Platt(numbers["slope"], numbers["shift"]),
    )
    return WordScorer(words, _version(which, about))


def text_manifest(folder: Path = SHIPPED) -> dict[str, Any]:
    """What a word model says of itself. Raises UsageError where there is none."""
    path = folder / "manifest.json"
    if not path.is_file():
        raise UsageError(f"{folder} holds no word model; `sentinelmarket train-text` makes one")
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def rounded(model: Words) -> Words:
    """The model as it will be read back: what is judged is what ships."""
    weights = model.weights.astype(np.float16).astype(np.float64)
    platt = Platt(round(model.platt.slope, 6), round(model.platt.shift, 6))
    return Words(weights, round(model.intercept, 6), platt)


def _version(which: str, about: Mapping[str, Any]) -> str:
    numbers = {name: about[name] for name in ("schema", "models", "files")}
    digest = hashlib.sha256(json.dumps(numbers, sort_keys=True).encode()).hexdigest()
    return f"words-{which}-{digest[:8]}"


def _numbers(model: Words) -> dict[str, float]:
    kept = rounded(model)
    return {
        "intercept": kept.intercept,
        "slope": kept.platt.slope,
        "shift": kept.platt.shift,
    }


@cache
def _promotion_table() -> Table:
    return promotion_table()


@cache
def _mood_table() -> Table:
    return mood_table()


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
