"""A community of accounts becomes a cluster: members with roles, posts, stocks, times."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import polars as pl

from graph.detection.benign import Habits, benign
from graph.detection.communities import Partition
from graph.detection.coordination import coordination
from graph.detection.observed import Observed, active
from graph.detection.roles import Echoes, echoes, members
from graph.model import Cluster, Promotion, Tie

SMALLEST = 3
ABOUT = 0.1  # share of the evidence posts from which a stock is one of the cluster's


@dataclass(frozen=True, slots=True)
class _Seen:
    """What clusters are made from: evidence posts with their stocks and links, and by account the
    own posts (at, stocks) and reposts (author) of everybody in a cluster."""

    posts: pl.DataFrame
    named: pl.DataFrame
    linked: pl.DataFrame
    wrote: pl.DataFrame  # account, post, at: own posts
    stocks: pl.DataFrame  # post, ticker of these
    reposted: pl.DataFrame  # account, author
    echoes: Echoes
    active: int  # accounts that could be tied


def clusters(
    parts: Partition, ties: Sequence[Tie], observed: Observed, accounts: int | None = None
) -> tuple[Cluster, ...]:
    """A cluster per community of at least SMALLEST accounts, heaviest first.

    `accounts`: how many could be tied, where that was counted already.
    """
    home = {account: n for n, part in enumerate(parts) for account in part}
    inside: dict[int, list[Tie]] = {}
    for tie in ties:
        if home[tie.left] == home[tie.right]:
            inside.setdefault(home[tie.left], []).append(tie)
    large = {n: ts for n, ts in inside.items() if len(parts[n]) >= SMALLEST}
    seen = _seen(observed, [a for n in large for a in parts[n]], large.values(), accounts)
    found = [_cluster(parts[n], ts, seen) for n, ts in large.items()]
    return tuple(sorted(found, key=lambda c: (-c.weight, c.id)))


def _seen(
    observed: Observed, accounts: list[str], ties: Iterable[Sequence[Tie]], number: int | None
) -> _Seen:
    shown = {p for ts in ties for t in ts for a in t.evidence for p in (a.left_post, a.right_post)}
    posts, named, linked = (
        frame.filter(pl.col("post").is_in(list(shown)))
        for frame in (observed.posts, observed.named, observed.linked)
    )
    theirs = observed.posts.filter(pl.col("account").is_in(accounts))
    own = theirs.filter(pl.col("repost_of").is_null()).select("account", "post", "at")
    authors = observed.posts.select(repost_of="post", author="account")
    return _Seen(
        posts,
        named,
        linked,
        own,
        observed.named.join(own.select("post"), on="post", how="semi"),
        theirs.join(authors, on="repost_of").select("account", "author"),
        echoes(observed, set(accounts)),
        active(observed) if number is None else number,
    )


def _cluster(accounts: Sequence[str], ties: Sequence[Tie], seen: _Seen) -> Cluster:
    ids = list({p for t in ties for a in t.evidence for p in (a.left_post, a.right_post)})
    shown = seen.posts.filter(pl.col("post").is_in(ids)).sort("at", "post")
    stocks, links = (f.filter(pl.col("post").is_in(ids)) for f in (seen.named, seen.linked))
    possible = len(accounts) * (len(accounts) - 1) / 2
    promotions = _promotions(shown, stocks)
    reposted = seen.reposted.filter(pl.col("account").is_in(list(accounts)))["author"].to_list()
    own = seen.wrote.filter(pl.col("account").is_in(list(accounts)))
    return Cluster(
        id="c-" + hashlib.blake2b("\n".join(sorted(accounts)).encode(), digest_size=8).hexdigest(),
        members=members(accounts, ties, seen.echoes, seen.active),
        traces=tuple(sorted({trace for t in ties for trace in t.traces})),
        promotions=promotions,
        posts=tuple(shown["post"]),
        density=len(ties) / possible,
        weight=sum(t.weight for t in ties),
        first_at=int(shown["at"].min() or 0),  # type: ignore[arg-type]
        last_at=int(shown["at"].max() or 0),  # type: ignore[arg-type]
        benign=benign(Habits(shown, stocks, links, reposted, own.height)),
        coordination=coordination(accounts, ties, _acted(own, shown, promotions, seen.stocks)),
    )


def _acted(
    own: pl.DataFrame,
    shown: pl.DataFrame,
    promotions: Sequence[Promotion],
    stocks: pl.DataFrame,
) -> dict[str, int]:
    """Own posts of each member while the cluster acted: evidence, and what names a stock of it.

    Stocks of it are those that at least ABOUT of the evidence posts name; where it has none, every
    post counts.
    """
    during = own.filter(pl.col("at").is_between(shown["at"].min(), shown["at"].max()))
    tickers = [p.ticker for p in promotions if p.share >= ABOUT]
    if tickers:
        on = stocks.filter(pl.col("ticker").is_in(tickers))["post"]
        kept = pl.concat([on, shown["post"]]).unique()
        during = during.filter(pl.col("post").is_in(kept.implode()))
    return dict(during.group_by("account").len().iter_rows())


def _promotions(shown: pl.DataFrame, stocks: pl.DataFrame) -> tuple[Promotion, ...]:
    """Stocks by how many evidence posts name them."""
    rows = (
        stocks.join(shown.select("post", "at"), on="post")
        .group_by("ticker")
        .agg(
            pl.len().alias("posts"),
            pl.col("at").min().alias("first"),
            pl.col("at").max().alias("last"),
        )
        .sort("posts", "ticker", descending=[True, False])
    )
    return tuple(
        Promotion(r["ticker"], r["posts"], r["posts"] / shown.height, r["first"], r["last"])
        for r in rows.iter_rows(named=True)
    )
