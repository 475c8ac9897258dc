"""A community of accounts becomes a cluster: members with roles, posts, stocks, times."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence

import polars as pl

from graph.detection.benign import benign
from graph.detection.communities import Partition
from graph.detection.observed import Observed
from graph.model import Cluster, Member, Promotion, Tie

SMALLEST = 3


def clusters(parts: Partition, ties: Sequence[Tie], observed: Observed) -> tuple[Cluster, ...]:
    """A cluster per community of at least SMALLEST accounts, heaviest first."""
    home = {account: n for n, part in enumerate(parts) for account in part}
    inside: dict[int, list[Tie]] = {}
    for tie in ties:
        if home[tie.left] == home[tie.right]:
            inside.setdefault(home[tie.left], []).append(tie)
    wanted = {
        p
        for ts in inside.values()
        for t in ts
        for a in t.evidence
        for p in (a.left_post, a.right_post)
    }
    posts = observed.posts.filter(pl.col("post").is_in(list(wanted)))
    named = observed.named.filter(pl.col("post").is_in(list(wanted)))
    found = [
        _cluster(parts[n], ts, posts, named)
        for n, ts in inside.items()
        if len(parts[n]) >= SMALLEST
    ]
    return tuple(sorted(found, key=lambda c: (-c.weight, c.id)))


def _cluster(
    accounts: Sequence[str], ties: Sequence[Tie], posts: pl.DataFrame, named: pl.DataFrame
) -> Cluster:
    ids = {p for t in ties for a in t.evidence for p in (a.left_post, a.right_post)}
    shown = posts.filter(pl.col("post").is_in(list(ids))).sort("at", "post")
    stocks = named.filter(pl.col("post").is_in(list(ids)))
    possible = len(accounts) * (len(accounts) - 1) / 2
    return Cluster(
        id="c-" + hashlib.blake2b("\n".join(sorted(accounts)).encode(), digest_size=8).hexdigest(),
        members=_members(accounts, ties, shown),
        traces=tuple(sorted({trace for t in ties for trace in t.traces})),
        promotions=_promotions(shown, stocks),
        posts=tuple(shown["post"]),
        density=len(ties) / possible,
        weight=sum(t.weight for t in ties),
        first_at=int(shown["at"].min() or 0),  # type: ignore[arg-type]
        last_at=int(shown["at"].max() or 0),  # type: ignore[arg-type]
        benign=benign(shown, stocks),
    )


def _members(
    accounts: Sequence[str], ties: Sequence[Tie], shown: pl.DataFrame
) -> tuple[Member, ...]:
    """Strongest first. The leader is who most often comes first of the two in a co-action."""
    strength: Counter[str] = Counter(dict.fromkeys(accounts, 0))
    firsts: Counter[str] = Counter()
    for tie in ties:
        strength.update({tie.left: tie.weight, tie.right: tie.weight})
        for act in tie.evidence:
            if act.seconds:
                firsts[tie.left if act.seconds > 0 else tie.right] += 1
    lead = min(firsts, key=lambda a: (-firsts[a], a)) if firsts else None
    ranked = sorted(accounts, key=lambda a: (-strength[a], a))
    return tuple(
        Member(a, "leader" if a == lead else "amplifier", float(strength[a])) for a in ranked
    )


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
