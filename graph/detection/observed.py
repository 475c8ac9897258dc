"""What detection and scoring look at: posts as columns, as known at a moment.

Both ways in give the same frames: from a store, and from values (a test holds them equal).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import polars as pl

from graph.model import Account, Millis, Post
from graph.text import text_key

POSTS = {
    "post": pl.String,
    "account": pl.String,
    "at": pl.Int64,
    "text": pl.String,
    "text_id": pl.String,
    "repost_of": pl.String,
    "client": pl.String,
}
NAMED = {"post": pl.String, "ticker": pl.String}
LINKED = {"post": pl.String, "link": pl.String}
ACCOUNTS = {
    "account": pl.String,
    "handle": pl.String,
    "created_at": pl.Int64,
    "followers": pl.Int64,
    "following": pl.Int64,
    "posts_count": pl.Int64,
}


@dataclass(frozen=True, slots=True)
class Observed:
    """Frames with the columns POSTS, NAMED, LINKED and ACCOUNTS, each sorted by its first column.

    Post ids are unique in `posts`; `named` and `linked` have a row per (post, ticker or link).
    """

    posts: pl.DataFrame
    named: pl.DataFrame
    linked: pl.DataFrame
    accounts: pl.DataFrame
    as_of: Millis


def from_values(posts: Iterable[Post], accounts: Iterable[Account], as_of: Millis) -> Observed:
    """Frames straight from values. What was not known at `as_of` is left out."""
    known = sorted((p for p in posts if p.known_at <= as_of), key=lambda p: p.id)
    people = sorted((a for a in accounts if a.known_at <= as_of), key=lambda a: a.id)
    return Observed(
        posts=pl.DataFrame(
            [
                (p.id, p.account_id, p.at, p.text, text_key(p.text), p.repost_of, p.client)
                for p in known
            ],
            schema=POSTS,
            orient="row",
        ),
        named=_pairs(((p.id, t) for p in known for t in p.tickers), NAMED),
        linked=_pairs(((p.id, link) for p in known for link in p.links), LINKED),
        accounts=pl.DataFrame(
            [
                (a.id, a.handle, a.created_at, a.followers, a.following, a.posts_count)
                for a in people
            ],
            schema=ACCOUNTS,
            orient="row",
        ),
        as_of=as_of,
    )


def _pairs(rows: Iterable[tuple[str, str]], schema: dict[str, type[pl.String]]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=schema, orient="row").unique().sort(list(schema))
