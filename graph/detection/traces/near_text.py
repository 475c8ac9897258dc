"""near_text: posting nearly the same text: Jaccard similarity of word sets at least THRESHOLD.

Exact at the threshold; `graph/detection/jaccard.py` says how. Words may be exchanged for
`shingle_lists`, runs of characters, which see through a changed ending or a broken word.
"""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from graph.detection.groups import group
from graph.detection.jaccard import Threshold, neighbours_of_sets
from graph.detection.observed import Observed
from graph.detection.tokens import word_lists
from graph.detection.traces import same_text
from graph.detection.traces.trace import Trace, as_acts
from graph.model import Millis
from graph.windows import millis

__all__ = ["THRESHOLD", "TRACE", "neighbours", "neighbours_of_sets"]

THRESHOLD: Threshold = (4, 5)  # 0.8 as a fraction, so that the comparison is exact
WINDOWS = ("10m", "7d")

Tokens = Callable[[pl.Series], pl.Series]  # texts into a list a row, of strings or of ints


def neighbours(
    texts: pl.DataFrame,
    threshold: Threshold = THRESHOLD,
    tokens: Tokens = word_lists,
    window: Millis | None = None,
) -> pl.DataFrame:
    """Pairs (`left` < `right`) of distinct texts (text_id, text) that are nearly the same.

    With `window`, of texts (text_id, text, at) that were posted within it of each other.
    """
    seen = [pl.col("text").first()] + ([pl.col("at")] if window is not None else [])
    distinct = texts.group_by("text_id").agg(seen).sort("text_id")
    times = distinct["at"] if window is not None else None
    found = neighbours_of_sets(tokens(distinct["text"]), threshold, times, window)
    ids = distinct["text_id"]
    return found.select(ids.gather(found[side]).alias(side) for side in ("left", "right"))


def look(
    observed: Observed, windows: tuple[str, ...] = WINDOWS
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Acts whose object is the group of near texts, and which texts are near each other and were
    posted within the longest window of each other."""
    texts = same_text.texts(observed)
    near = neighbours(texts, window=max(map(millis, windows)))
    return group(as_acts(texts, "text_id"), near), near


def within(windows: tuple[str, ...]) -> Trace:
    """The trace in these windows."""
    return Trace(
        "near_text",
        "posted nearly the same text",
        windows,
        lambda observed: look(observed, windows)[0],
        look=lambda observed: look(observed, windows),
        within=within,
    )


TRACE = within(WINDOWS)
