"""Texts as sets that can be compared: words as `graph.text.words` gives them, or shingles.

Whole columns at once. Printable ASCII goes through polars, where our rules are plain regular
expressions; any other text goes through `words` itself, so that the answer is the same.
"""

from __future__ import annotations

from typing import cast

import numpy as np
import numpy.typing as npt
import polars as pl

from graph.text import words

Ints = npt.NDArray[np.int64]

# What polars and Python read alike: \w, \s and letter case mean the same there.
_PRINTABLE = r"^[\t\n\r\x20-\x7e]*$"
_REPOST = r"^rt\s+@\w+:\s*"
_ADDRESS = r"https?://\S+|www\.\S+"
_HANDLE = r"(^|\W)@\w+"  # polars has no look-behind; what stood before the handle is kept
_WORD = r"[$#]?[0-9a-z_]+(?:'[0-9a-z_]+)*"


def word_lists(texts: pl.Series) -> pl.Series:
    """The words of each text, as `words` gives them: a list of strings a row."""
    texts = texts.cast(pl.String).fill_null("")
    plain = texts.str.contains(_PRINTABLE)
    if plain.all():
        return _plain_words(texts)
    parts = pl.concat([_plain_words(texts.filter(plain)), _other_words(texts.filter(~plain))])
    order = np.argsort(np.concatenate([plain.arg_true(), (~plain).arg_true()]))
    return parts.gather(order)


def _plain_words(texts: pl.Series) -> pl.Series:
    lower = texts.str.to_lowercase()
    if lower.str.contains("@", literal=True).any():
        lower = lower.str.replace(_REPOST, "")
    if lower.str.contains("://|www\\.").any():
        lower = lower.str.replace_all(_ADDRESS, " ")
    if lower.str.contains("@", literal=True).any():
        lower = lower.str.replace_all(_HANDLE, "${1} ")
    return lower.str.extract_all(_WORD)


def _other_words(texts: pl.Series) -> pl.Series:
    spaced = [" ".join(words(text)) for text in texts]
    return pl.Series(spaced, dtype=pl.String).str.extract_all("[^ ]+")


def shingle_lists(texts: pl.Series, size: int = 3) -> pl.Series:
    """Every run of `size` characters of each text's normal form, numbered: a list of ints a row.

    Equal numbers mean equal runs within one call. A text shorter than `size` has none.
    """
    forms = word_lists(texts).list.join(" ")
    lengths = forms.str.len_chars().to_numpy().astype(np.int64)
    runs = np.maximum(lengths - size + 1, 0)
    first = np.repeat(np.cumsum(lengths) - lengths, runs)
    first = first + np.arange(len(first)) - np.repeat(np.cumsum(runs) - runs, runs)
    letters, alphabet = _letters("".join(forms))
    number, largest = np.zeros(len(first), dtype=np.int64), 1
    for step in range(size):
        if largest * alphabet >= 2**62:
            kinds, number = np.unique(number, return_inverse=True)
            largest = len(kinds)
        number = number * alphabet + letters[first + step]
        largest *= alphabet
    return in_lists(number, runs)


def _letters(text: str) -> tuple[Ints, int]:
    """Each character's number among those that occur, and how many occur."""
    points = np.frombuffer(text.encode("utf-32-le"), dtype=np.uint32)
    there = np.zeros(0x110000, dtype=np.int64)
    there[points] = 1
    return (np.cumsum(there) - 1)[points], max(int(there.sum()), 1)


def in_lists(flat: Ints, counts: Ints) -> pl.Series:
    """Cuts a column into lists of these lengths, empty ones included."""
    offsets = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    import pyarrow as pa

    array = pa.LargeListArray.from_arrays(pa.array(offsets), pa.array(flat))
    return cast(pl.Series, pl.from_arrow(array))
