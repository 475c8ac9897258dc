"""same_text: posting the same normalised text, within minutes or within a week.

Short texts repeat by themselves ("watching $ACME today"): fewer than LEAST_WORDS words never count.
"""

from __future__ import annotations

import polars as pl

from graph.detection.observed import Observed
from graph.detection.tokens import word_lists
from graph.detection.traces.trace import Trace, as_acts, own_posts

LEAST_WORDS = 6


def texts(observed: Observed) -> pl.DataFrame:
    """Own posts whose text is long enough to be somebody's."""
    posts = own_posts(observed).filter(pl.col("text_id") != "")
    distinct = posts.unique("text_id", keep="any")
    long = word_lists(distinct["text"]).list.n_unique() >= LEAST_WORDS
    return posts.join(distinct.filter(long).select("text_id"), on="text_id", how="semi")


def acts(observed: Observed) -> pl.DataFrame:
    """A row per post; the object is its text."""
    return as_acts(texts(observed), "text_id")


TRACE = Trace("same_text", "posted the same text", ("10m", "7d"), acts)
