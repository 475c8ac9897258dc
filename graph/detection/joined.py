"""What is observed, grown by what came: the same frames as if all had come at once.

A post that is there already stays as it is; of an account the newer profile counts.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import polars as pl

from graph.detection.observed import Observed
from graph.model import Millis

BY_POST = ("named", "linked", "hashtags", "mentioned", "images")


def joined(seen: Observed, came: Observed) -> Observed:
    """`seen` and the posts of `came` that it does not hold; as of the later of the two."""
    new = came.posts.join(seen.posts.select("post"), on="post", how="anti").sort("post")
    frames: dict[str, Any] = {"posts": seen.posts.merge_sorted(new, key="post")}
    for name in BY_POST:
        more = getattr(came, name).join(new.select("post"), on="post", how="semi").sort("post")
        frames[name] = getattr(seen, name).merge_sorted(more, key="post")
    frames["accounts"] = _newer(seen.accounts, came.accounts)
    return replace(seen, **frames, as_of=max(seen.as_of, came.as_of))


def since(seen: Observed, at: Millis) -> Observed:
    """What of it was posted at `at` or later."""
    posts = seen.posts.filter(pl.col("at") >= at)
    held = posts.select("post")
    frames = {n: getattr(seen, n).join(held, on="post", how="semi").sort("post") for n in BY_POST}
    return replace(seen, posts=posts, **frames)


def _newer(old: pl.DataFrame, new: pl.DataFrame) -> pl.DataFrame:
    """Profiles by account. One that tells a name only does not replace one that tells more."""
    told = pl.col("created_at").is_not_null() | pl.col("posts_count").is_not_null()
    sure, named = new.filter(told), new.filter(~told)
    kept = old.join(sure.select("account"), on="account", how="anti")
    unknown = named.join(old.select("account"), on="account", how="anti")
    unknown = unknown.join(sure.select("account"), on="account", how="anti")
    return pl.concat([kept, sure, unknown]).sort("account")
