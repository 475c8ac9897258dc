"""source: whose posts are reposted in bursts. Not a trace: it looks at one account, not at two.

A burst is a stretch of one post's reposts without a gap longer than a window, by several accounts.
Any popular account has bursts; those of a ring come from the same few, again and again.
"""

from __future__ import annotations

import polars as pl

from graph.detection.observed import Observed
from graph.detection.traces.trace import reposts
from graph.windows import millis

WINDOW = "10m"
LEAST_ACCOUNTS = 5  # that repost within one burst
LEAST_POSTS = 2  # of the source, reposted in a burst

SOURCES = {
    "account": pl.String,
    "posts": pl.UInt32,
    "bursts": pl.UInt32,
    "reposters": pl.UInt32,
    "faithful": pl.UInt32,
    "first_at": pl.Int64,
    "last_at": pl.Int64,
}


def sources(
    observed: Observed,
    window: str = WINDOW,
    least_accounts: int = LEAST_ACCOUNTS,
    least_posts: int = LEAST_POSTS,
) -> pl.DataFrame:
    """Accounts with at least `least_posts` posts that were reposted in a burst, most first.

    Columns SOURCES: how many of its posts, in how many bursts, by how many accounts, how many of
    these in bursts of at least two of its posts, and from when to when (epoch ms). Only posts
    whose author is known count.
    """
    burst = _bursts(reposts(observed).drop_nulls("author"), millis(window))
    burst = burst.filter(pl.col("account").n_unique().over("burst") >= least_accounts)
    loyal = burst.group_by("author", "account").agg(pl.col("repost_of").n_unique().alias("times"))
    loyal = loyal.group_by("author").agg((pl.col("times") >= 2).sum().alias("faithful"))
    found = burst.group_by("author").agg(
        pl.col("repost_of").n_unique().alias("posts"),
        pl.col("burst").n_unique().alias("bursts"),
        pl.col("account").n_unique().alias("reposters"),
        pl.col("at").min().alias("first_at"),
        pl.col("at").max().alias("last_at"),
    )
    found = found.filter(pl.col("posts") >= least_posts).join(loyal, on="author")
    found = found.sort("posts", "faithful", "author", descending=[True, True, False])
    return found.rename({"author": "account"}).select(list(SOURCES)).cast(pl.Schema(SOURCES))


def _bursts(rows: pl.DataFrame, window: int) -> pl.DataFrame:
    """Reposts with the number of the stretch that they are in."""
    rows = rows.sort("repost_of", "at", "post")
    new = (pl.col("repost_of") != pl.col("repost_of").shift(1)) | (pl.col("at").diff() > window)
    return rows.with_columns(new.fill_null(True).cum_sum().alias("burst"))
