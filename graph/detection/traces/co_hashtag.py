"""co_hashtag: using the same hashtag within minutes.

Chance is taken within the hashtag, as co_ticker does within the stock. A post with a long list of
hashtags says little of each and is left out; such lists are what hashtag_sequence looks at.
"""

from __future__ import annotations

import polars as pl

from graph.detection.observed import Observed
from graph.detection.traces.trace import Trace, as_acts, own_posts

MOST_HASHTAGS = 5


def acts(observed: Observed) -> pl.DataFrame:
    """A row per (post, hashtag) of posts with at most MOST_HASHTAGS different ones."""
    tags = observed.hashtags.select("post", "hashtag").unique()
    few = tags.filter(pl.len().over("post") <= MOST_HASHTAGS)
    return as_acts(own_posts(observed).join(few, on="post"), "hashtag", pl.col("hashtag"))


TRACE = Trace("co_hashtag", "used the same hashtag", ("10m",), acts)
