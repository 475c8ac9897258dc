"""near_text: posting nearly the same text: Jaccard similarity of word sets at least THRESHOLD.

Exact at the threshold, by prefix filtering (Chaudhuri, Ganti and Kaushik 2006): two sets of sizes
a <= b with J >= t share a word among the rarest a - ceil(t a) + 1 of the one and
b - ceil(t b) + 1 of the other, so only texts that share a rare word are compared, and each
comparison is settled in integers.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import polars as pl
from numba import njit

from graph.text import words

THRESHOLD = (4, 5)  # 0.8 as a fraction, so that the comparison is exact

Ints = npt.NDArray[np.int64]


def neighbours(texts: pl.DataFrame) -> pl.DataFrame:
    """Pairs (`left` < `right`) of distinct texts (text_id, text) that are nearly the same."""
    distinct = texts.unique("text_id", keep="any").sort("text_id")
    starts, tokens = _ranked([sorted(set(words(text))) for text in distinct["text"]])
    left, right = _join(starts, tokens, *THRESHOLD)
    ids = distinct["text_id"]
    return pl.DataFrame({"left": ids.gather(left), "right": ids.gather(right)})


def _ranked(sets: list[list[str]]) -> tuple[Ints, Ints]:
    """Word sets as CSR, words numbered by rarity (rarest first), each set sorted."""
    counts: dict[str, int] = {}
    for one in sets:
        for word in one:
            counts[word] = counts.get(word, 0) + 1
    rank = {w: i for i, w in enumerate(sorted(counts, key=lambda w: (counts[w], w)))}
    starts = np.cumsum([0] + [len(one) for one in sets], dtype=np.int64)
    flat = [rank[word] for one in sets for word in sorted(one, key=rank.__getitem__)]
    return starts, np.asarray(flat, dtype=np.int64)


def _join(starts: Ints, tokens: Ints, num: int, den: int) -> tuple[Ints, Ints]:
    """Index pairs of sets with intersection * den >= num * union."""
    sizes = np.diff(starts)
    prefix = np.where(sizes > 0, sizes - -(-num * sizes // den) + 1, 0)
    owner = np.repeat(np.arange(len(sizes)), prefix)
    offset = np.arange(len(owner)) - np.repeat(np.cumsum(prefix) - prefix, prefix)
    word = tokens[starts[:-1][owner] + offset] if len(owner) else owner
    order = np.lexsort((owner, word))
    keys = _candidates(word[order], owner[order], starts, tokens, num, den)
    keys = np.unique(keys)
    return keys // len(sizes) if len(sizes) else keys, keys % max(len(sizes), 1)


@njit(cache=True)
def _similar(a: int, b: int, starts, tokens, num: int, den: int) -> bool:  # type: ignore[no-untyped-def]
    i, j = starts[a], starts[b]
    end_a, end_b = starts[a + 1], starts[b + 1]
    la, lb = end_a - i, end_b - j
    if la * den < num * lb or lb * den < num * la:
        return False
    both = 0
    while i < end_a and j < end_b:
        if tokens[i] == tokens[j]:
            both += 1
            i += 1
            j += 1
        elif tokens[i] < tokens[j]:
            i += 1
        else:
            j += 1
    return bool(both * den >= num * (la + lb - both))


@njit(cache=True)
def _candidates(word, owner, starts, tokens, num: int, den: int):  # type: ignore[no-untyped-def]
    n = starts.shape[0] - 1
    found = np.empty(1024, dtype=np.int64)
    count = 0
    for i in range(word.shape[0]):
        j = i + 1
        while j < word.shape[0] and word[j] == word[i]:
            if _similar(owner[i], owner[j], starts, tokens, num, den):
                if count == found.shape[0]:
                    bigger = np.empty(2 * count, dtype=np.int64)
                    bigger[:count] = found
                    found = bigger
                found[count] = owner[i] * n + owner[j]
                count += 1
            j += 1
    return found[:count]
