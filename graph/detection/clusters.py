"""A community of accounts becomes a cluster: members with roles, posts, stocks, times."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from graph.detection.benign import Habits, benign
from graph.detection.choirs import Group
from graph.detection.coordination import coordination
from graph.detection.observed import Observed, active
from graph.detection.roles import Echoes, echoes, members
from graph.model import Cluster, Promotion, Tie

SMALLEST = 3
ABOUT = 0.1  # share of the evidence posts from which a stock is one of the cluster's


@dataclass(frozen=True, slots=True)
class _Seen:
    """What a cluster is made from: its evidence posts by time with their stocks and links, and its
    members' own posts and reposts."""

    posts: pl.DataFrame  # post, at, text, text_id
    named: pl.DataFrame  # post, ticker, at
    linked: pl.DataFrame
    wrote: pl.DataFrame  # account, post, at: own posts
    stocks: pl.DataFrame  # post, ticker of these
    reposted: pl.DataFrame  # account, author


def clusters(
    groups: Sequence[Group], ties: Sequence[Tie], observed: Observed, accounts: int | None = None
) -> tuple[Cluster, ...]:
    """A cluster per group of at least SMALLEST accounts that is tied or sings, heaviest first.

    `accounts`: how many could be tied, where that was counted already.
    """
    inside = _inside(groups, ties)
    large = {
        n: group
        for n, group in enumerate(groups)
        if len(group.accounts) >= SMALLEST and (inside[n] or group.voices)
    }
    seen = _seen(observed, large, inside)
    heard = echoes(observed, {account for group in large.values() for account in group.accounts})
    able = active(observed) if accounts is None else accounts
    found = [_cluster(group, inside[n], seen[n], heard, able) for n, group in large.items()]
    return tuple(sorted(found, key=lambda c: (-c.weight, c.id)))


def _inside(groups: Sequence[Group], ties: Sequence[Tie]) -> list[list[Tie]]:
    """The ties within each group; a group may share accounts with another."""
    homes: dict[str, set[int]] = {}
    for n, group in enumerate(groups):
        for account in group.accounts:
            homes.setdefault(account, set()).add(n)
    nowhere: set[int] = set()
    inside: list[list[Tie]] = [[] for _ in groups]
    for tie in ties:
        for n in homes.get(tie.left, nowhere) & homes.get(tie.right, nowhere):
            inside[n].append(tie)
    return inside


def _seen(
    observed: Observed, groups: Mapping[int, Group], ties: Sequence[Sequence[Tie]]
) -> dict[int, _Seen]:
    """By cluster: the posts are gone through once for all of them."""
    shown = _shown(observed, groups, ties)
    member = _labelled("account", {n: group.accounts for n, group in groups.items()})
    theirs = _of(observed.posts.select("account", "post", "at", "repost_of"), member)
    own = theirs.filter(pl.col("repost_of").is_null()).drop("repost_of")
    authors = observed.posts.select(repost_of="post", author="account")
    again = theirs.filter(pl.col("repost_of").is_not_null()).join(authors, on="repost_of")
    posts = _of(observed.posts.select("post", "at", "text", "text_id"), shown)
    either = pl.concat([shown["post"], own["post"]]).unique()
    named = observed.named.filter(pl.col("post").is_in(either.implode()))
    frames = (
        posts.sort("cluster", "at", "post"),
        named.join(posts.select("post", "at", "cluster"), on="post"),
        _of(observed.linked, shown),
        own,
        named.join(own.select("post", "cluster"), on="post"),
        again.select("account", "author", "cluster"),
    )
    apart = [frame.partition_by("cluster", include_key=False, as_dict=True) for frame in frames]
    none = [frame.drop("cluster").clear() for frame in frames]
    return {
        n: _Seen(*(one.get((n,), empty) for one, empty in zip(apart, none, strict=True)))
        for n in groups
    }


def _shown(
    observed: Observed, groups: Mapping[int, Group], ties: Sequence[Sequence[Tie]]
) -> pl.DataFrame:
    """post, cluster: the posts of a group's co-actions and of its voices. Of one that sings, those
    of its stocks: whatever else its members did together is another matter."""
    tied = _labelled("post", {n: _evidence(ties[n]) for n in groups})
    sung = _labelled("post", {n: group.posts for n, group in groups.items()})
    sings = [n for n, group in groups.items() if group.tickers]
    of = _labelled("ticker", {n: groups[n].tickers for n in sings})
    about = tied.join(observed.named, on="post").join(of, on=["cluster", "ticker"], how="semi")
    plain = tied.filter(~pl.col("cluster").is_in(sings))
    return pl.concat([plain, about.select("post", "cluster"), sung]).unique(maintain_order=True)


def _evidence(ties: Iterable[Tie]) -> set[str]:
    return {p for tie in ties for act in tie.evidence for p in (act.left_post, act.right_post)}


def _labelled(name: str, of: Mapping[int, Collection[str]]) -> pl.DataFrame:
    """The column `name` with what each cluster has, and the column cluster."""
    numbers = np.repeat(np.array(list(of), dtype=np.int64), [len(values) for values in of.values()])
    values = [value for some in of.values() for value in some]
    return pl.DataFrame({name: pl.Series(values, dtype=pl.String), "cluster": numbers})


def _of(frame: pl.DataFrame, labelled: pl.DataFrame) -> pl.DataFrame:
    """The rows of a large frame that have a label, with it."""
    on = labelled.columns[0]
    few = frame.filter(pl.col(on).is_in(labelled[on].implode()))
    return few.join(labelled, on=on, maintain_order="left")


def _cluster(group: Group, ties: Sequence[Tie], seen: _Seen, heard: Echoes, able: int) -> Cluster:
    accounts = group.accounts
    shown, stocks = seen.posts, seen.named
    possible = len(accounts) * (len(accounts) - 1) / 2
    promotions = _promotions(shown, stocks)
    habits = Habits(
        shown, stocks, seen.linked, seen.reposted["author"].to_list(), seen.wrote.height
    )
    return Cluster(
        id="c-" + hashlib.blake2b("\n".join(sorted(accounts)).encode(), digest_size=8).hexdigest(),
        members=members(accounts, ties, heard, able),
        traces=tuple(sorted({trace for t in ties for trace in t.traces})),
        promotions=promotions,
        posts=tuple(shown["post"].to_list()),
        density=len(ties) / possible,
        weight=sum(t.weight for t in ties),
        first_at=int(shown["at"].min() or 0),  # type: ignore[arg-type]
        last_at=int(shown["at"].max() or 0),  # type: ignore[arg-type]
        benign=benign(habits),
        coordination=coordination(
            accounts, ties, _acted(seen.wrote, shown, promotions, seen.stocks)
        ),
        voices=group.voices,
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
    """Stocks by how many evidence posts name them; `stocks`: a row per post, time and ticker."""
    rows = (
        stocks.group_by("ticker")
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
