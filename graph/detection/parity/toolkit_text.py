"""Texts as coordination-network-toolkit compares them: one form for copies, word sets for kin."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
import regex

from graph.detection.sweep import Ints

# Unicode word bounds, with the spaces and the apostrophe that follow one.
_BOUND = regex.compile(r"(?V1)\b\p{WB=WSegSpace}*'?", regex.WORD)
_MENTION = r"@\S*"
_SPACES = r"[\s\x1c-\x1f]+"  # what str.split() of Python splits at


@dataclass(frozen=True, slots=True)
class WordSets:
    """Sets of words, a row per distinct text: `words[starts[t]:starts[t + 1]]`, sorted; `text` is
    the text of each act. Two are alike at a Jaccard similarity of at least `threshold`."""

    text: Ints
    starts: Ints
    words: Ints
    threshold: float


def coded(values: pl.Series) -> tuple[Ints, pl.Series]:
    """Strings as numbers from 0 without a gap, and the string of each number."""
    distinct = values.unique(maintain_order=True)
    numbers = values.cast(pl.Enum(distinct)).to_physical()
    return numbers.cast(pl.Int64).to_numpy(), distinct


def same_form(text: pl.Expr) -> pl.Expr:
    """Lower case, without @mentions, words parted by one space."""
    plain = text.str.to_lowercase().str.replace_all(_MENTION, "")
    return plain.str.replace_all(_SPACES, " ").str.strip_chars(" ")


def word_sets(texts: pl.Series, threshold: float) -> WordSets:
    """The word set of each text: pieces between Unicode word bounds, in lower case, no mentions."""
    text, distinct = coded(texts)
    plain = distinct.str.to_lowercase().str.replace_all(_MENTION, "")
    known: dict[str, int] = {}
    sets = [sorted({known.setdefault(word, len(known)) for word in _words(t)}) for t in plain]
    sizes = np.fromiter((len(one) for one in sets), np.int64, len(sets))
    starts = np.concatenate([np.zeros(1, np.int64), np.cumsum(sizes)])
    flat = np.fromiter((word for one in sets for word in one), np.int64, int(starts[-1]))
    return WordSets(text, starts, flat, threshold)


def _words(text: str) -> list[str]:
    return [word for piece in _BOUND.split(text) if piece for word in piece.split()]
