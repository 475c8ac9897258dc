"""co_mention: naming the same account within minutes.

Chance is taken within the account that is named: fans of one speaker meet there all the time. Who
names itself, or a whole list, says little of each.
"""

from __future__ import annotations

import polars as pl

from graph.detection.observed import Observed
from graph.detection.traces.trace import Trace, as_acts, own_posts

MOST_MENTIONS = 5


def acts(observed: Observed) -> pl.DataFrame:
    """A row per (post, account it names) of posts that name at most MOST_MENTIONS."""
    few = observed.mentioned.unique().filter(pl.len().over("post") <= MOST_MENTIONS)
    named = own_posts(observed).join(few, on="post")
    others = named.filter(pl.col("mentioned") != pl.col("account"))
    return as_acts(others, "mentioned", pl.col("mentioned"))


TRACE = Trace("co_mention", "named the same account", ("10m",), acts)
