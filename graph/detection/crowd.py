"""Crowds: many accounts that each did one thing that many did, hours or weeks apart.

No two entrants of a giveaway share more than its one text, so no tie between them is strong, yet
dozens of them are tied among each other. Among accounts that no cluster holds, take the ties from
the crowd's line on (lines.py), and of their graph the k-core: what is left once everybody with
fewer than k ties to what is left is gone (Seidman 1983). Its communities of at least CROWD are
clusters of their own, or join the cluster where at least REACH of them are so tied to LEAST
members.

Chance ties make no core: k is at least CORE and so large that a random graph of SPARE times as many
ties would have none. Such a graph gets a k-core at once, where an account has c_k ties on average:
3.35 for k = 3, 5.14 for 4, 6.80 for 5 (Pittel, Spencer and Wormald 1996).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import factorial

import numpy as np

from graph.detection.communities import Partition
from graph.detection.grow import LEAST
from graph.model import Tie

CROWD = 8
CORE = 4
SPARE = 1.5  # accounts differ in activity, so chance ties gather more than at random
REACH = 0.25


def with_crowds(
    parts: Partition,
    ties: Sequence[Tie],
    line: float,
    communities: Callable[[Sequence[Tie]], Partition],
    accounts: int,
) -> Partition:
    """`parts` and the crowds among the accounts outside its clusters; the order never matters.

    `line`: the weight from which a tie counts here; `accounts`: how many could be tied.
    """
    tied = {(tie.left, tie.right) for tie in ties if tie.weight >= line}
    clusters = [set(part) for part in parts if len(part) >= LEAST]
    inside = set().union(*clusters)
    loose = [t for t in ties if (t.left, t.right) in tied and not inside & {t.left, t.right}]
    crowds = [set(part) for part in communities(_core(loose, accounts)) if len(part) >= CROWD]
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


def _core(ties: Sequence[Tie], accounts: int) -> list[Tie]:
    """The ties of the k-core."""
    import networkx as nx  # half a second that `ties` has no use for

    k = core_beyond_chance(SPARE * 2 * len(ties) / max(accounts, 1))
    core = nx.k_core(nx.Graph((tie.left, tie.right) for tie in ties), k)
    return [tie for tie in ties if core.has_edge(tie.left, tie.right)]


def core_beyond_chance(degree: float) -> int:
    """The smallest k from CORE on for which a random graph of this mean degree has no k-core."""
    k = CORE
    while threshold(k) <= degree:
        k += 1
    return k


def threshold(k: int) -> float:
    """The mean degree c_k at which a random graph gets a k-core: the least x / P(Poisson(x) >= k-1)
    over x > 0 (Pittel, Spencer and Wormald 1996), to a thousandth."""
    x = np.arange(0.01, 4 * k, 0.01)
    fewer = sum(x**i * np.exp(-x) / factorial(i) for i in range(k - 1))
    return float((x / (1 - fewer)).min())


def _reach(tied: set[tuple[str, str]], crowd: set[str], cluster: set[str]) -> float:
    """The share of a crowd that is tied to at least LEAST members of a cluster."""
    met = (sum((min(a, b), max(a, b)) in tied for b in cluster) for a in crowd)
    return sum(n >= LEAST for n in met) / len(crowd)
