"""What detection and scoring look at: posts as columns, as known at a moment.

Both ways in give the same frames: from a store, and from values (a test holds them equal).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, TypeVar

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
    "reply_to": pl.String,
    "quote_of": pl.String,
}
NAMED = {"post": pl.String, "ticker": pl.String}
LINKED = {"post": pl.String, "link": pl.String}
HASHTAGS = {"post": pl.String, "hashtag": pl.String, "position": pl.Int64}
MENTIONED = {"post": pl.String, "mentioned": pl.String}
IMAGES = {"post": pl.String, "image": pl.String}
ACCOUNTS = {
    "account": pl.String,
    "handle": pl.String,
    "created_at": pl.Int64,
    "followers": pl.Int64,
    "following": pl.Int64,
    "posts_count": pl.Int64,
}


Thing = TypeVar("Thing", Post, Account)


def _none(schema: dict[str, Any]) -> Callable[[], pl.DataFrame]:
    return lambda: pl.DataFrame(schema=schema)


@dataclass(frozen=True, slots=True)
class Observed:
    """Frames with the columns POSTS, NAMED, LINKED and ACCOUNTS, each sorted by its first column.

    Post ids are unique in `posts`; `named` and `linked` have a row per (post, ticker or link),
    `hashtags` per (post, place in it from 0), `mentioned` per (post, account that it names).
    `images` has a perceptual hash of 16 hex digits per picture of a post. No reader gives one yet;
    who has the pictures adds them with `dataclasses.replace` (traces/same_image.py).
    `namers`, of a part of a market: how many accounts of the whole name any stock.
    """

    posts: pl.DataFrame
    named: pl.DataFrame
    linked: pl.DataFrame
    accounts: pl.DataFrame
    as_of: Millis
    hashtags: pl.DataFrame = field(default_factory=_none(HASHTAGS))
    mentioned: pl.DataFrame = field(default_factory=_none(MENTIONED))
    images: pl.DataFrame = field(default_factory=_none(IMAGES))
    namers: int | None = None


def from_values(posts: Iterable[Post], accounts: Iterable[Account], as_of: Millis) -> Observed:
    """Frames straight from values. What was not known at `as_of` is left out.

    Of a post that comes twice the earliest sight counts, of an account the newest, as in a store;
    what a post names or points to is what any sight of it does.
    """
    seen = [p for p in posts if p.known_at <= as_of]
    known = _best(seen, _post_rank)
    people = _best((a for a in accounts if a.known_at <= as_of), _account_rank)
    return Observed(
        posts=_rows(map(_post, known), POSTS),
        named=_pairs(((p.id, t) for p in seen for t in p.tickers), NAMED),
        linked=_pairs(((p.id, link) for p in seen for link in p.links), LINKED),
        accounts=_rows(map(_account, people), ACCOUNTS),
        as_of=as_of,
        hashtags=_rows(
            ((p.id, tag, place) for p in known for place, tag in enumerate(p.hashtags)), HASHTAGS
        ),
        mentioned=_pairs(((p.id, who) for p in seen for who in p.mentions), MENTIONED),
    )


def _best(things: Iterable[Thing], rank: Callable[[Thing], tuple[Any, ...]]) -> list[Thing]:
    """One of each id, the highest in rank; sorted by id."""
    best: dict[str, Thing] = {}
    for one in things:
        other = best.setdefault(one.id, one)
        if other is not one and rank(one) > rank(other):
            best[one.id] = one
    return [best[key] for key in sorted(best)]


def _post_rank(post: Post) -> tuple[Any, ...]:
    return -post.known_at, text_key(post.text), post.client or ""


def _account_rank(account: Account) -> tuple[Any, ...]:
    counts = (account.posts_count, account.followers, account.following)
    known = account.created_at is not None or any(one is not None for one in counts)
    return known, account.known_at, *(-1 if one is None else one for one in counts)


def _post(p: Post) -> tuple[Any, ...]:
    said = (p.text, text_key(p.text), p.repost_of, p.client, p.reply_to, p.quote_of)
    return p.id, p.account_id, p.at, *said


def _account(a: Account) -> tuple[Any, ...]:
    return a.id, a.handle, a.created_at, a.followers, a.following, a.posts_count


def _rows(rows: Iterable[tuple[Any, ...]], schema: dict[str, Any]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=schema, orient="row")


def _pairs(rows: Iterable[tuple[str, str]], schema: dict[str, Any]) -> pl.DataFrame:
    return _rows(rows, schema).unique().sort(list(schema))


def active(observed: Observed) -> int:
    """Accounts that posted anything of their own: those that could be tied."""
    return observed.posts.filter(pl.col("repost_of").is_null())["account"].n_unique()
