"""co_domain: pointing to the same site, within an hour or within a week.

Chance is taken within the site, as co_ticker does within the stock: two readers of one newspaper
meet there all the time. Contains co_link, which is narrower and names what both saw.
"""

from __future__ import annotations

import polars as pl

from graph.detection.observed import Observed
from graph.detection.traces.trace import Trace, as_acts, own_posts

_HOST = r"^(?:[a-z]+://)?(?:www\.)?([^/?#]+)"  # of a normalised address


def acts(observed: Observed) -> pl.DataFrame:
    """A row per (post, site)."""
    site = pl.col("link").str.extract(_HOST).alias("site")
    sites = observed.linked.select("post", site).drop_nulls().unique()
    return as_acts(own_posts(observed).join(sites, on="post"), "site", pl.col("site"))


TRACE = Trace("co_domain", "pointed to the same site", ("1h", "7d"), acts)
