"""co_reply: answering the same post, within minutes or within a day.

Promoters fill the answers under a widely read post. Who goes on below what it wrote itself makes a
thread and does not act.
"""

from __future__ import annotations

import polars as pl

from graph.detection.observed import Observed
from graph.detection.traces.trace import Trace, as_acts, own_posts


def acts(observed: Observed) -> pl.DataFrame:
    """A row per answer to somebody else's post; the object is that post, known or by id only."""
    authors = observed.posts.select(pl.col("post").alias("reply_to"), author="account")
    answers = own_posts(observed).filter(pl.col("reply_to").is_not_null())
    answers = answers.join(authors, on="reply_to", how="left")
    return as_acts(answers.filter(pl.col("account").ne_missing(pl.col("author"))), "reply_to")


TRACE = Trace("co_reply", "answered the same post", ("10m", "1d"), acts)
