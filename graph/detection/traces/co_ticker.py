"""co_ticker: naming the same stock within minutes.

Chance is taken within the ticker: who among those that ever name it did so when. Two honest fans
of one stock, who meet in every burst, are therefore expected to meet and not tied. A post that
names many stocks says little of each and is left out.
"""

from __future__ import annotations

import polars as pl

from graph.detection.observed import Observed
from graph.detection.traces.trace import Trace, as_acts, own_posts

MOST_TICKERS = 3


def acts(observed: Observed) -> pl.DataFrame:
    """A row per (post, ticker) of posts naming at most MOST_TICKERS stocks."""
    few = observed.named.filter(pl.len().over("post") <= MOST_TICKERS)
    named = own_posts(observed).join(few, on="post")
    return as_acts(named, "ticker", pl.col("ticker"))


TRACE = Trace("co_ticker", "named the same stock", ("10m",), acts)
