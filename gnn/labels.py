"""From known campaigns to labels of what was found."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from graph.model import Cluster

PURE = 0.5  # a cluster is a campaign's when at least this share of its members belong to it


@dataclass(frozen=True, slots=True)
class ClusterLabels:
    """cluster -> 0 or 1, and which campaign a positive one shows."""

    labels: Mapping[str, int]
    campaigns: Mapping[str, str]


def label_clusters(
    clusters: Sequence[Cluster], truth_members: Mapping[str, Collection[str]]
) -> ClusterLabels:
    """1 where at least half of a cluster's members are members of one campaign."""
    campaigns = {
        cluster.id: campaign
        for cluster in clusters
        if (campaign := _campaign(cluster, truth_members)) is not None
    }
    return ClusterLabels({c.id: int(c.id in campaigns) for c in clusters}, campaigns)


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
