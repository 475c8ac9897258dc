"""One cluster with all that its score looks at, small enough to be scored again a hundred times.

A scene is a part of a market: every post of the members, the posts of others that name a stock of
the evidence, and how many accounts of the whole name any stock. Its score is that of the whole
market, to the last bit; `scenes` gives larger parts for models that look further, up to the whole.

Taking posts out of a scene means that they were never seen. Then these are made anew: what the
members posted and named, who named the stocks; the evidence of each tie, its traces and its shared
acts, and a tie without any evidence goes; the cluster's evidence posts, of which those that share
nothing with any other any more are none, its stocks, traces, times, density and weight. What chance
gives is not judged again: a tie that stays keeps its p and its weight, and so does a thing that
members say alike, which has fewer accounts then or goes (voicing.py). The members stay, with their
roles; so do the cluster's coordination and the sentence that it is harmless.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from math import ceil

import polars as pl

from gnn.habits import LATELY
from gnn.removal.voicing import Said, left, said
from gnn.view import HOUR
from graph.detection.observed import Observed
from graph.model import Cluster, CoAction, Millis, PriceEvent, Promotion, Risk, Tie

# Clusters of a market as known at a moment, scored: what `Scorer.clusters` does.
Rescore = Callable[
    [Observed, Sequence[Tie], Sequence[Cluster], Sequence[PriceEvent]], Mapping[str, Risk]
]
BY_POST = ("named", "linked", "hashtags", "mentioned", "images")


@dataclass(frozen=True, slots=True)
class Scene:
    """A cluster, and the part of its market that its score looks at.

    `tickers`: the stocks of which everybody who named them is there.
    """

    observed: Observed
    ties: tuple[Tie, ...]
    cluster: Cluster
    events: tuple[PriceEvent, ...]
    tickers: frozenset[str] = frozenset()

    def risk(self, rescore: Rescore) -> Risk:
        """The cluster's risk in this scene."""
        found = rescore(self.observed, self.ties, (self.cluster,), self.events)
        return found[self.cluster.id]

    def without(self, posts: Collection[str]) -> Scene:
        """The scene as if these posts had never been seen."""
        if not posts:
            return self
        gone = set(posts)
        ties = tuple(kept for tie in self.ties if (kept := _tie_without(tie, gone)) is not None)
        observed = _filtered(self.observed, ~pl.col("post").is_in(sorted(gone)))
        inside = self._inside(ties)
        heard = said(self.cluster, self.observed)
        still = left(heard, gone)
        lone = _shown(self._inside(self.ties), heard) - _shown(inside, still)
        posts_left = tuple(post for post in self.cluster.posts if post not in gone | lone)
        cluster = _cluster_of(self.cluster, posts_left, inside, observed)
        cluster = replace(cluster, voices=tuple(one.voice for one in still))
        if self.observed.namers is not None:
            wrote = pl.col("post").is_in(sorted(gone))
            owners = self.observed.posts.filter(wrote)["account"].unique()
            silent = _naming(self.observed, owners) - _naming(observed, owners)
            observed = replace(observed, namers=self.observed.namers - len(silent))
        return replace(self, observed=observed, ties=ties, cluster=cluster)

    def _inside(self, ties: Sequence[Tie]) -> list[Tie]:
        members = {member.account_id for member in self.cluster.members}
        return [tie for tie in ties if tie.left in members and tie.right in members]


def scenes(whole: Scene) -> tuple[Scene, ...]:
    """Parts of a market around a cluster, each inside the next, and the whole as the last.

    The first two have every post of the members. Of others the first has what they named from
    LATELY before the cluster posted to an hour after, and the first time each of them named a
    stock, of all stocks that the evidence names; the second all that names them.
    """
    named = _named(whole)
    counts = Counter(named.filter(pl.col("post").is_in(list(whole.cluster.posts)))["ticker"])
    if not counts:
        return _part(whole, named, (), pl.lit(True)), whole
    times = whole.observed.posts.filter(pl.col("post").is_in(list(whole.cluster.posts)))["at"]
    first, last = _span(times)
    rank = pl.struct("at", "post").rank("ordinal").over("account", "ticker")
    telling = pl.col("at").is_between(first - LATELY, last + HOUR) | (rank == 1)
    return (
        _part(whole, named, list(counts), telling),
        _part(whole, named, list(counts), pl.lit(True)),
        whole,
    )


def _naming(observed: Observed, accounts: pl.Series) -> set[str]:
    """Those of the accounts that name any stock."""
    theirs = observed.posts.filter(pl.col("account").is_in(accounts.implode()))
    return set(theirs.join(observed.named, on="post", how="semi")["account"])


def _named(whole: Scene) -> pl.DataFrame:
    """post, ticker, account, at of every naming of a stock that was known."""
    posts = whole.observed.posts.filter(pl.col("at") <= whole.observed.as_of)
    return whole.observed.named.join(posts.select("post", "account", "at"), on="post")


def _part(whole: Scene, named: pl.DataFrame, tickers: Sequence[str], others: pl.Expr) -> Scene:
    """Members' posts, and of others' namings of `tickers` those for which `others` holds."""
    observed, cluster = whole.observed, whole.cluster
    members = [member.account_id for member in cluster.members]
    is_member = pl.col("account").is_in(members)
    theirs = observed.posts.filter(is_member)["post"]
    on_stock = named.filter(pl.col("ticker").is_in(tickers) & ~is_member).filter(others)
    kept = pl.concat([theirs, on_stock["post"]]).unique()
    part = _filtered(observed, pl.col("post").is_in(kept.implode()))
    mine = pl.col("post").is_in(theirs.implode())
    shown = part.named.filter(pl.col("post").is_in(list(cluster.posts)))["ticker"].unique()
    return Scene(
        replace(
            part,
            named=part.named.filter(mine | pl.col("ticker").is_in(tickers)),
            accounts=observed.accounts.filter(is_member),
            namers=named["account"].n_unique() if observed.namers is None else observed.namers,
        ),
        tuple(tie for tie in whole.ties if tie.left in members or tie.right in members),
        cluster,
        tuple(event for event in whole.events if event.ticker in set(shown)),
        frozenset(tickers),
    )


def _filtered(observed: Observed, kept: pl.Expr) -> Observed:
    """The posts for which it holds, with what hangs on them."""
    frames = {name: getattr(observed, name) for name in ("posts", *BY_POST)}
    return replace(observed, **{n: f.filter(kept) for n, f in frames.items() if f.height})


def _span(at: pl.Series) -> tuple[Millis, Millis]:
    return int(at.min()), int(at.max())  # type: ignore[arg-type]


def _tie_without(tie: Tie, gone: Collection[str]) -> Tie | None:
    """The tie by the evidence that stays; None where none does.

    Its shared acts shrink as its evidence does, rounded up; those of a part as that of its trace.
    """
    if not any(a.left_post in gone or a.right_post in gone for a in tie.evidence):
        return tie
    kept = tuple(a for a in tie.evidence if a.left_post not in gone and a.right_post not in gone)
    if not kept:
        return None
    before, after = _by_trace(tie.evidence), _by_trace(kept)
    parts = (
        replace(part, co_actions=_less(part.co_actions, after, before, part.trace))
        for part in tie.parts
    )
    shown = {trace for trace in tie.traces if trace in after or trace not in before}
    return replace(
        tie,
        evidence=kept,
        traces=tuple(trace for trace in tie.traces if trace in shown),
        co_actions=ceil(tie.co_actions * len(kept) / len(tie.evidence)),
        parts=tuple(part for part in parts if part.co_actions),
    )


def _shown(ties: Sequence[Tie], heard: Sequence[Said]) -> set[str]:
    """The posts of their evidence."""
    tied = {post for tie in ties for a in tie.evidence for post in (a.left_post, a.right_post)}
    return tied.union(*(one.posts for one in heard))


def _by_trace(acts: Sequence[CoAction]) -> Counter[str]:
    return Counter(act.trace for act in acts)


def _less(number: int, after: Counter[str], before: Counter[str], trace: str) -> int:
    return ceil(number * after[trace] / before[trace]) if before[trace] else number


def _cluster_of(
    cluster: Cluster, posts: tuple[str, ...], inside: Sequence[Tie], observed: Observed
) -> Cluster:
    """The cluster as its remaining posts and ties show it."""
    shown = observed.posts.filter(pl.col("post").is_in(list(posts))).select("post", "at")
    pairs = len(cluster.members) * (len(cluster.members) - 1) / 2
    first, last = _span(shown["at"]) if shown.height else (cluster.first_at, cluster.last_at)
    return replace(
        cluster,
        posts=posts,
        traces=tuple(sorted({trace for tie in inside for trace in tie.traces})),
        promotions=_promotions(shown, observed.named),
        density=len(inside) / pairs if pairs else 0.0,
        weight=sum(tie.weight for tie in inside),
        first_at=first,
        last_at=last,
    )


def _promotions(shown: pl.DataFrame, named: pl.DataFrame) -> tuple[Promotion, ...]:
    """Stocks by how many of the posts (post, at) name them."""
    at = pl.col("at")
    rows = (
        named.join(shown, on="post")
        .group_by("ticker")
        .agg(posts=pl.len(), first=at.min(), last=at.max())
        .sort("posts", "ticker", descending=[True, False])
    )
    return tuple(
        Promotion(ticker, posts, posts / shown.height, first, last)
        for ticker, posts, first, last in rows.iter_rows()
    )
