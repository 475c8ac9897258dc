"""Is a planted market fair? No one-line score on raw posts may tell members from the others.

A generator whose campaign members simply post more, or have fewer followers, would let anything
pass for a detector.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

from ingest.synthetic.market import Planted
from ingest.synthetic.one_line import Scores, raw_scores

__all__ = ["LIMIT", "Finding", "Scores", "audit", "auroc", "market_aurocs", "raw_scores"]

LIMIT = 0.70


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


def market_aurocs(
    planted: Planted, kind: str | None = None, scores: Mapping[str, Scores] | None = None
) -> dict[str, float]:
    """AUROC of each score in one market, members against accounts in no campaign.

    An account without a score, such as the rarity of stocks of one that names none, is left out.
    """
    members = {
        account
        for campaign in planted.truth.campaigns
        for account in campaign.account_ids
        if kind in (None, campaign.kind)
    }
    others = {account.id for account in planted.accounts} - planted.truth.planted
    found: Mapping[str, Scores] = scores or raw_scores(planted.posts, planted.accounts)
    return {
        name: auroc(_of(members, values), _of(others, values)) for name, values in found.items()
    }


def auroc(positives: Sequence[float], negatives: Sequence[float]) -> float:
    """The chance that a positive lies above a negative, ties counting half."""
    if not positives or not negatives:
        raise ValueError("AUROC needs members and others; this market lacks one of them")
    ranks = _mean_ranks([*positives, *negatives])
    above = sum(ranks[: len(positives)]) - len(positives) * (len(positives) + 1) / 2
    return above / (len(positives) * len(negatives))


def _of(accounts: Collection[str], values: Scores) -> list[float]:
    return [values[account] for account in sorted(accounts) if account in values]


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
