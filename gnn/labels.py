"""From known campaigns to labels of what was found."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from graph.model import Cluster

PURE = 0.5  # a cluster is a campaign's when at least this share of its members belong to it
SHOWN = 0.25  # and at least this share of its evidence is the campaign's, where posts are known


@dataclass(frozen=True, slots=True)
class ClusterLabels:
    """cluster -> 0 or 1, and which campaign a positive one shows."""

    labels: Mapping[str, int]
    campaigns: Mapping[str, str]


def label_clusters(
    clusters: Sequence[Cluster],
    truth_members: Mapping[str, Collection[str]],
    truth_posts: Mapping[str, Collection[str]] | None = None,
) -> ClusterLabels:
    """1 where at least half of a cluster's members are members of one campaign.

    Members lead an ordinary life too: where the posts of campaigns are given, a cluster whose
    evidence is something else, such as a news day on which members met, is 0.
    """
    campaigns = {
        cluster.id: campaign
        for cluster in clusters
        if (campaign := _campaign(cluster, truth_members)) is not None
        and (truth_posts is None or share_of(cluster.posts, truth_posts[campaign]) >= SHOWN)
    }
    return ClusterLabels({c.id: int(c.id in campaigns) for c in clusters}, campaigns)


def share_of(part: Collection[str], whole: Collection[str]) -> float:
    """The share of `part` that is in `whole`."""
    known = set(whole)
    return sum(item in known for item in part) / len(part) if part else 0.0


def label_stocks(tickers: Iterable[str], promoted: Collection[str]) -> dict[str, int]:
    """1 for the stocks that campaigns promoted."""
    return {ticker: int(ticker in promoted) for ticker in sorted(tickers)}


def _campaign(cluster: Cluster, truth: Mapping[str, Collection[str]]) -> str | None:
    members = {member.account_id for member in cluster.members}
    shared = {campaign: len(members & set(people)) for campaign, people in truth.items()}
    if not members or not shared:
        return None
    best = min(shared, key=lambda campaign: (-shared[campaign], campaign))
    return best if shared[best] / len(members) >= PURE else None
