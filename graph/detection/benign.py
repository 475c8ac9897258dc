"""Coordination that is ordinary life is said, not hidden: a sentence on the cluster.

These are readings of behaviour. They never remove a cluster, and none of them alone lowers a
score: a promoter who copies a harmless habit is still shown with everything found.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from graph.windows import DAY


def benign(posts: pl.DataFrame, tickers: pl.DataFrame) -> str | None:
    """Why evidence posts (post, at, text_id) naming `tickers` (post, ticker) look harmless."""
    if posts.is_empty():
        return None
    days = float(np.ptp(posts["at"].to_numpy())) / DAY
    naming = tickers["post"].n_unique() / posts.height
    if naming < 0.2:
        return (
            f"{posts.height} posts over {days:.0f} days and hardly any names a stock:"
            " a giveaway or a chain post looks like this."
        )
    top = tickers["ticker"].value_counts().sort("count", "ticker", descending=[True, False])
    share = top["count"][0] / posts.height
    texts = posts["text_id"].n_unique()
    if texts <= max(2, posts.height // 20) and days > 7 and _gap_hours(posts) >= 1:
        return (
            f"One text repeated for {days:.0f} days, an account at a time:"
            " a giveaway or a chain post looks like this."
        )
    if top.height >= 6 and share < 0.3:
        return (
            f"The same posts about {top.height} different stocks, none above {share:.0%}:"
            " automated feeds look like this."
        )
    return None


def _gap_hours(posts: pl.DataFrame) -> float:
    """Median time between one post and the next."""
    gaps = np.diff(np.sort(posts["at"].to_numpy()))
    return float(np.median(gaps)) / 3_600_000 if len(gaps) else 0.0
