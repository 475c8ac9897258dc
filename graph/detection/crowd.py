"""Crowds: many accounts that each did one thing that many did, hours or weeks apart.

No two entrants of a giveaway share more than its one text, so no tie between them is strong, yet
dozens of them are tied at nearly that strength. Accounts that no cluster holds, tied at most MARGIN
below the line into communities of at least CROWD, are a cluster of their own, or join the cluster
where at least REACH of them are so tied to LEAST members.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from graph.detection.communities import Partition
from graph.detection.grow import LEAST
from graph.model import Tie

MARGIN = 0.5  # weight
CROWD = 8
REACH = 0.25


def with_crowds(
    parts: Partition,
    ties: Sequence[Tie],
    min_weight: float,
    communities: Callable[[Sequence[Tie]], Partition],
) -> Partition:
    """`parts` and the crowds among the accounts outside its clusters; the order never matters."""
    tied = {(tie.left, tie.right) for tie in ties if tie.weight >= min_weight - MARGIN}
    clusters = [set(part) for part in parts if len(part) >= LEAST]
    inside = set().union(*clusters)
    loose = [t for t in ties if (t.left, t.right) in tied and not inside & {t.left, t.right}]
    crowds = [set(part) for part in communities(loose) if len(part) >= CROWD]
    for crowd in crowds:
        reached = [(_reach(tied, crowd, cluster), -n) for n, cluster in enumerate(clusters)]
        best, n = max(reached, default=(0.0, 0))
        if best >= REACH:
            clusters[-n] |= crowd
        else:
            clusters.append(crowd)
    taken = set().union(*clusters)
    small = [set(part) - taken for part in parts if len(part) < LEAST]
    return sorted(tuple(sorted(part)) for part in (*clusters, *small) if part)


def _reach(tied: set[tuple[str, str]], crowd: set[str], cluster: set[str]) -> float:
    """The share of a crowd that is tied to at least LEAST members of a cluster."""
    met = (sum((min(a, b), max(a, b)) in tied for b in cluster) for a in crowd)
    return sum(n >= LEAST for n in met) / len(crowd)
