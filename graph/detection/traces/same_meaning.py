"""same_meaning: saying the same thing of the same stock in other words.

A sentence model on two cores reads some hundred texts a second, so it sees only candidates:
distinct texts that name the same stock within WINDOW of each other, by different accounts, whose
cheap vectors (a mean over words, distilled from the same model) are already close. The sentence
model then decides at THRESHOLD.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache

import numpy as np
import numpy.typing as npt
import polars as pl
from numba import njit

from graph.detection.groups import group
from graph.detection.observed import Observed
from graph.detection.traces import near_text
from graph.detection.traces.same_text import acts as text_acts
from graph.detection.traces.same_text import texts
from graph.detection.traces.trace import Trace
from graph.embedding import Embedder
from graph.model import Millis
from graph.windows import millis

WINDOW = "2d"
FIRST_STAGE = 0.8  # cosine of the cheap vectors
THRESHOLD = 0.75  # cosine of the sentence vectors
MOST_TEXTS = 8_000  # candidates the sentence model reads at most, closest first

Floats = npt.NDArray[np.float32]
# distinct texts by key → unit vectors, shape [n, d], in the order of the mapping
Encode = Callable[[Mapping[str, str]], Floats]


def neighbours(
    observed: Observed, cheap: Encode, exact: Encode, window: str = WINDOW
) -> pl.DataFrame:
    """Pairs (`left` < `right`) of distinct texts that mean the same."""
    posts = texts(observed).join(observed.named, on="post").sort("ticker", "at", "post")
    distinct = posts.unique("text_id", keep="any").sort("text_id")
    if distinct.height < 2:
        return pl.DataFrame(schema={"left": pl.String, "right": pl.String})
    candidates = _candidates(posts, distinct, cheap, millis(window))
    chosen = np.unique(candidates)
    read = distinct[chosen]
    vectors = exact(dict(zip(read["text_id"], read["text"], strict=True)))
    at = np.searchsorted(chosen, candidates)
    near = np.einsum("ij,ij->i", vectors[at[:, 0]], vectors[at[:, 1]]) >= THRESHOLD
    ids = distinct["text_id"]
    return pl.DataFrame(
        {"left": ids.gather(candidates[near, 0]), "right": ids.gather(candidates[near, 1])}
    )


def look(
    observed: Observed, embedder: Embedder, windows: tuple[str, ...] = (WINDOW,)
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Acts whose object is the group of texts of one meaning, and which texts mean the same: near
    copies do too."""
    longest = max(windows, key=millis)
    copies = near_text.neighbours(texts(observed), window=millis(longest))
    alike = neighbours(observed, embedder.cheap, embedder.exact, longest)
    near = pl.concat([copies, alike]).unique().sort("left", "right")
    return group(text_acts(observed), near), near


def trace(embedder: Callable[[], Embedder], windows: tuple[str, ...] = (WINDOW,)) -> Trace:
    """The trace with a model of one's own, which is made when it is first needed."""
    return Trace(
        "same_meaning",
        "said the same in other words",
        windows,
        lambda observed: look(observed, embedder(), windows)[0],
        look=lambda observed: look(observed, embedder(), windows),
        within=lambda others: trace(embedder, others),
    )


@cache
def _model() -> Embedder:
    return Embedder()


def _carried() -> Embedder:
    """The model that comes with the program: loaded once, remembering no texts between looks."""
    _model().kept.clear()
    return _model()


TRACE = trace(_carried)


def _candidates(
    posts: pl.DataFrame, distinct: pl.DataFrame, cheap: Encode, window: Millis
) -> npt.NDArray[np.int64]:
    """Index pairs into `distinct`, shape [n, 2], the closest first, of at most MOST_TEXTS texts."""
    vectors = cheap(dict(zip(distinct["text_id"], distinct["text"], strict=True)))
    order = distinct["text_id"]
    text = order.search_sorted(posts["text_id"]).to_numpy().astype(np.int64)
    stock = posts["ticker"].rank("dense").cast(pl.Int64).to_numpy()
    account = posts["account"].rank("dense").cast(pl.Int64).to_numpy()
    keys, close = _close(text, stock, account, posts["at"].to_numpy(), vectors, window, FIRST_STAGE)
    keys, first = np.unique(keys, return_index=True)
    ranked = np.argsort(-close[first], kind="stable")
    pairs = np.column_stack([keys // len(order), keys % len(order)])[ranked]
    return _within_budget(pairs)


def _within_budget(pairs: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """The longest head of `pairs` that names at most MOST_TEXTS texts."""
    flat = pairs.ravel()
    _, first = np.unique(flat, return_index=True)
    if len(first) <= MOST_TEXTS:
        return pairs
    return pairs[: np.sort(first)[MOST_TEXTS] // 2]


@njit(cache=True, fastmath=False)
def _close(text, stock, account, at, vectors, window, threshold):  # type: ignore[no-untyped-def]
    n = vectors.shape[0]
    keys = np.empty(1024, dtype=np.int64)
    close = np.empty(1024, dtype=np.float32)
    count = 0
    for i in range(at.shape[0]):
        j = i + 1
        while j < at.shape[0] and stock[j] == stock[i] and at[j] - at[i] <= window:
            if account[i] != account[j] and text[i] != text[j]:
                dot = np.float32(0)
                for k in range(vectors.shape[1]):
                    dot += vectors[text[i], k] * vectors[text[j], k]
                if dot >= threshold:
                    if count == keys.shape[0]:
                        more, closer = (
                            np.empty(2 * count, np.int64),
                            np.empty(2 * count, np.float32),
                        )
                        more[:count], closer[:count] = keys, close
                        keys, close = more, closer
                    keys[count] = min(text[i], text[j]) * n + max(text[i], text[j])
                    close[count] = dot
                    count += 1
            j += 1
    return keys[:count], close[:count]
