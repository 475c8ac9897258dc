"""Is a planted market fair? No one-line score on raw posts may tell members from the others.

A generator whose campaign members simply post more, or have fewer followers, would let anything
pass for a detector.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

from graph.model import Account, Post
from ingest.synthetic.market import Planted

LIMIT = 0.70
Scores = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Finding:
    """How well a score tells members from others: the mean AUROC, turned to lie above 0.5."""

    score: str
    auroc: float
    given_away: bool


def audit(markets: Iterable[Planted], kind: str | None = None) -> list[Finding]:
    """A finding for each score over all markets, for members of one kind of campaign or of all.

    Raises ValueError where a market has no such members.
    """
    measured = [market_aurocs(planted, kind) for planted in markets]
    means = {name: fmean(one[name] for one in measured) for name in measured[0]}
    folded = {name: max(mean, 1 - mean) for name, mean in means.items()}
    return [Finding(name, value, value >= LIMIT) for name, value in folded.items()]


def market_aurocs(planted: Planted, kind: str | None = None) -> dict[str, float]:
    """AUROC of each score in one market, members against accounts in no campaign."""
    members = {
        account
        for campaign in planted.truth.campaigns
        for account in campaign.account_ids
        if kind in (None, campaign.kind)
    }
    others = {account.id for account in planted.accounts} - planted.truth.planted
    return {
        name: auroc([values[a] for a in sorted(members)], [values[a] for a in sorted(others)])
        for name, values in raw_scores(planted.posts, planted.accounts).items()
    }


def raw_scores(posts: Sequence[Post], accounts: Sequence[Account]) -> dict[str, Scores]:
    """What anybody can count of an account, by score and account id."""
    own: dict[str, list[Post]] = {account.id: [] for account in accounts}
    for post in posts:
        own[post.account_id].append(post)
    return {
        "posts": {a: float(len(theirs)) for a, theirs in own.items()},
        "degree": {a: float(_degree(theirs)) for a, theirs in own.items()},
        "reposts": {a: float(sum(p.repost_of is not None for p in t)) for a, t in own.items()},
        "text_length": {a: fmean(len(p.text) for p in t) for a, t in own.items() if t},
        "links": {a: fmean(len(p.links) for p in t) for a, t in own.items() if t},
        "hashtags": {a: fmean(len(p.hashtags) for p in t) for a, t in own.items() if t},
        "followers": {a.id: float(a.followers or 0) for a in accounts},
        "following": {a.id: float(a.following or 0) for a in accounts},
        "created_at": {a.id: float(a.created_at or 0) for a in accounts},
    }


def auroc(positives: Sequence[float], negatives: Sequence[float]) -> float:
    """The chance that a positive lies above a negative, ties counting half."""
    if not positives or not negatives:
        raise ValueError("AUROC needs members and others; this market lacks one of them")
    ranks = _mean_ranks([*positives, *negatives])
    above = sum(ranks[: len(positives)]) - len(positives) * (len(positives) + 1) / 2
    return above / (len(positives) * len(negatives))


def _degree(posts: Iterable[Post]) -> int:
    return len({ticker for post in posts for ticker in post.tickers})


def _mean_ranks(values: Sequence[float]) -> list[float]:
    order = sorted(range(len(values)), key=values.__getitem__)
    ranks = [0.0] * len(values)
    start = 0
    while start < len(order):
        end = start
        while end < len(order) and values[order[end]] == values[order[start]]:
            end += 1
        for place in order[start:end]:
            ranks[place] = (start + 1 + end) / 2
        start = end
    return ranks
