"""Which resolution? The one whose clusters change least when a tenth of the ties is taken away.

For each candidate the communities of all ties are compared with those of random nine tenths, by
the mean over clusters of the best Jaccard overlap (Hennig 2007). The most stable candidate is
taken, the coarser one where two are within TIED of each other; the choice is stated, not hidden.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

from graph.detection.communities import SEED, Partition, communities
from graph.model import Tie

CANDIDATES = (0.5, 1.0, 1.5, 2.0)
DRAWS = 5
KEPT = 0.9
TIED = 0.01
SMALLEST = 3


@dataclass(frozen=True, slots=True)
class Choice:
    """The `resolution` taken, and the mean overlap of every candidate that was tried."""

    resolution: float
    overlap: dict[float, float]


def stable_resolution(
    ties: Sequence[Tie],
    method: str = "leiden",
    candidates: Sequence[float] = CANDIDATES,
    seed: int = SEED,
) -> Choice:
    """The most stable of `candidates`, whatever the order of `ties`. Seeded."""
    ranked = sorted(ties, key=lambda tie: (tie.left, tie.right))
    draws = [
        random.Random(seed + n).sample(ranked, round(KEPT * len(ranked))) for n in range(DRAWS)
    ]
    overlap = {}
    for resolution in sorted(candidates):
        whole = communities(ranked, method, resolution)
        each = [overlap_of(whole, communities(draw, method, resolution)) for draw in draws]
        overlap[resolution] = sum(each) / len(each)
    best = max(overlap.values())
    return Choice(min(r for r, value in overlap.items() if value >= best - TIED), overlap)


def overlap_of(whole: Partition, other: Partition) -> float:
    """Mean over the clusters of `whole` of the best Jaccard overlap with one of `other`.

    Without a cluster it is 0: nothing was found that could stand."""
    parts = [set(part) for part in other]
    home = {account: n for n, part in enumerate(parts) for account in part}
    best = []
    for part in (set(p) for p in whole if len(p) >= SMALLEST):
        near = {home[account] for account in part if account in home}
        best.append(max((len(part & parts[n]) / len(part | parts[n]) for n in near), default=0.0))
    return sum(best) / len(best) if best else 0.0
