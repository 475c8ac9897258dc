"""What moved a score, in words, with where the cluster stands among the others of its run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from gnn.features import CLUSTER
from gnn.measure import Features
from gnn.removal.words import counted, figure
from graph.model import Factor

# What a factor is about. A measure that is in none of them is told under "other".
GROUPS: Mapping[str, tuple[str, ...]] = {
    "coordination": (
        *("density", "tie_weight", "tie_weight_max", "surprise", "co_actions", "kinds"),
        *("within_hour", "busiest_hour", "distinct_texts", "commonest_text", "linked"),
        *("distinct_links", "one_client", "reposts", "giveaway", "gives_away"),
        *("voices", "voice_cover", "voice_sure", "voice_phrase", "voice_link", "voice_post"),
        *("answers", "said_alike"),
    ),
    "attention": (
        *("names_stock", "names_no_stock", "top_share", "entropy", "popularity", "outsiders"),
        *("ours", "gap", "span", "waves", "others_surge", "known_before", "surge"),
    ),
    "market": ("events", "largest_move", "lead"),
    "account": (
        *("age", "young", "born_together", "followers", "stocks_per_member", "member_posts"),
        *("posts_per_member", "evidence_share", "repeaters", "newcomers"),
    ),
    "structure": ("size",),
}
RULES = {"names_no_stock": "names_stock", "gives_away": "giveaway"}  # gnn/hold.py: what they go by


@dataclass(frozen=True, slots=True)
class TopFactor:
    """A measure that moved the score. `peer_percentile`: the share of the `peers` (other clusters
    of the run) with less of it, those with as much counting half, in per cent; None without peers.
    `effect`: change in log odds against what harmless clusters typically show."""

    name: str
    group: str
    text: str
    value: float
    peer_percentile: float | None
    peers: int
    effect: float


def top_factors(factors: Sequence[Factor], peers: Features, id: str) -> tuple[TopFactor, ...]:
    """The factors of the cluster `id`, which `peers` may or may not hold."""
    return tuple(_told(factor, peers, id) for factor in factors)


def group_of(name: str) -> str:
    """What a factor of this name is about."""
    if name.startswith("trace_"):
        return "coordination"
    return next((group for group, names in GROUPS.items() if name in names), "other")


def words_of(factor: Factor) -> str:
    """What was measured, without any number of it."""
    declared = {feature.name: feature.words for feature in CLUSTER}
    name = RULES.get(factor.name, factor.name)
    return declared.get(name) or factor.text.partition(":")[0]


def _told(factor: Factor, peers: Features, id: str) -> TopFactor:
    among = _percentile(factor, peers, id)
    count = len([peer for peer in peers.ids if peer != id])
    shows = {feature.name: feature.show for feature in CLUSTER}
    value = figure(factor.value, shows.get(RULES.get(factor.name, factor.name), "number"))
    place = (
        "no other cluster to compare with"
        if among is None
        else f"percentile {figure(among, 'count')} among {counted(count, 'other cluster')}"
    )
    held = "; this holds the score down" if factor.name in RULES else ""
    return TopFactor(
        name=factor.name,
        group=group_of(factor.name),
        text=f"{words_of(factor)}: {value} ({place}){held}",
        value=factor.value,
        peer_percentile=among,
        peers=count,
        effect=factor.effect,
    )


def _percentile(factor: Factor, peers: Features, id: str) -> float | None:
    name = RULES.get(factor.name, factor.name)
    rows = [row for row, peer in enumerate(peers.ids) if peer != id]
    if name not in peers.names or not rows:
        return None
    values = peers.matrix[rows, peers.names.index(name)]
    below = np.sum(values < factor.value) + np.sum(values == factor.value) / 2
    return float(100 * below / len(rows))
