"""hashtag_sequence: using the same hashtags in the same order, within an hour or within a week.

From LEAST hashtags on, an order is a signature (Pacheco et al. 2021 take five a day, we take the
list of one post): two people who choose three tags of one subject order them alike by chance only.
"""

from __future__ import annotations

import polars as pl

from graph.detection.observed import Observed
from graph.detection.traces.trace import Trace, as_acts, own_posts

LEAST = 3


def acts(observed: Observed) -> pl.DataFrame:
    """A row per post; the object is its hashtags in order, each where it first stands."""
    tags = observed.hashtags.sort("post", "position").unique(
        ["post", "hashtag"], keep="first", maintain_order=True
    )
    lists = tags.group_by("post", maintain_order=True).agg(
        ("#" + pl.col("hashtag")).str.join(" ").alias("sequence"), pl.len().alias("tags")
    )
    long = lists.filter(pl.col("tags") >= LEAST)
    return as_acts(own_posts(observed).join(long, on="post"), "sequence")


TRACE = Trace("hashtag_sequence", "used the same hashtags in the same order", ("1h", "7d"), acts)
