"""Texts as coordination-network-toolkit compares them: one form for copies, word sets for kin."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
import regex

from graph.detection.sweep import Ints

# Unicode word bounds, with the spaces and the apostrophe that follow one.
_BOUND = regex.compile(r"(?V1)\b\p{WB=WSegSpace}*'?", regex.WORD)
_PLAIN = r"^[a-z0-9_ ]*$"
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
    said = pl.DataFrame({"word": _word_lists(plain)}).with_row_index("text").explode("word")
    said = said.drop_nulls("word")
    words = pl.DataFrame({"text": said["text"], "word": coded(said["word"])[0]})
    words = words.unique().sort("text", "word")
    starts = words["text"].search_sorted(np.arange(len(distinct) + 1)).to_numpy().astype(np.int64)
    return WordSets(text, starts, words["word"].to_numpy(), threshold)


def _word_lists(texts: pl.Series) -> pl.Series:
    """The words of each text; where it is plain, bounds are what is no letter and no digit."""
    plain = texts.str.contains(_PLAIN)
    lists = texts.str.extract_all("[a-z0-9_]+")
    rest = pl.Series([_words(text) for text in texts.filter(~plain)], dtype=pl.List(pl.String))
    if plain.all():
        return lists
    order = np.argsort(np.concatenate([plain.arg_true(), (~plain).arg_true()]))
    return pl.concat([lists.filter(plain), rest]).gather(order)


def _words(text: str) -> list[str]:
    return [word for piece in _BOUND.split(text) if piece for word in piece.split()]
