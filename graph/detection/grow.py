"""Hysteresis: strong ties make a cluster, weak ones may only join it.

A member who took part once shares too little with any single account, but shares it with many
members of one cluster. Such an account joins where its ties, weak ones included (lines.py says how
weak), reach at least LEAST members and SHARE of the cluster. Nobody joins through somebody who only
joined.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from graph.detection.communities import Partition
from graph.model import Tie

LEAST = 3
SHARE = 0.5


def grow(parts: Partition, ties: Sequence[Tie]) -> Partition:
    """`parts` with the accounts that joined; the rest of `ties` and their order do not matter."""
    home = {account: n for n, part in enumerate(parts) for account in part if len(part) >= LEAST}
    settled = {account for part in parts for account in part if len(part) >= LEAST}
    reach: dict[str, Counter[int]] = {}
    for tie in ties:
        for newcomer, member in ((tie.left, tie.right), (tie.right, tie.left)):
            if member in home and newcomer not in settled:
                reach.setdefault(newcomer, Counter())[home[member]] += 1
    joined: dict[int, list[str]] = {}
    for newcomer, counts in reach.items():
        part, met = min(counts.items(), key=lambda item: (-item[1] / len(parts[item[0]]), item[0]))
        if met >= LEAST and met >= SHARE * len(parts[part]):
            joined.setdefault(part, []).append(newcomer)
    away = {account for group in joined.values() for account in group}
    grown = [
        tuple(sorted([a for a in part if a not in away] + joined.get(n, [])))
        for n, part in enumerate(parts)
    ]
    return sorted(part for part in grown if part)
