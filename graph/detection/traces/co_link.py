"""co_link: pointing to the same normalised address, within an hour or within a week."""

from __future__ import annotations

import polars as pl

from graph.detection.observed import Observed
from graph.detection.traces.trace import Trace, as_acts, own_posts


def acts(observed: Observed) -> pl.DataFrame:
    """A row per (post, link)."""
    return as_acts(own_posts(observed).join(observed.linked, on="post"), "link")


TRACE = Trace("co_link", "shared the same link", ("1h", "7d"), acts)
