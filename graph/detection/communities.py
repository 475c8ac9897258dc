"""Ties into communities: three methods behind one signature, each deterministic."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from graph.errors import UsageError
from graph.model import Tie

if TYPE_CHECKING:  # each method imports its library when it is asked for
    import networkx as nx

SEED = 20261
Partition = list[tuple[str, ...]]  # communities, each sorted, in the order of their first member
Method = Callable[[Sequence[tuple[str, str, float]], float], dict[str, int]]


def communities(ties: Sequence[Tie], method: str = "leiden", resolution: float = 1.0) -> Partition:
    """Accounts in communities by `method` (see METHODS), whatever the order of `ties`."""
    if method not in METHODS:
        raise UsageError(f"no community method {method!r}; there are {', '.join(sorted(METHODS))}")
    edges = sorted((t.left, t.right, t.weight) for t in ties)
    if not edges:
        return []
    parts: dict[int, list[str]] = {}
    for account, part in METHODS[method](edges, resolution).items():
        parts.setdefault(part, []).append(account)
    return sorted(tuple(sorted(part)) for part in parts.values())


def _leiden(edges: Sequence[tuple[str, str, float]], resolution: float) -> dict[str, int]:
    import graspologic_native

    _, parts = graspologic_native.leiden(
        list(edges), resolution=resolution, iterations=5, seed=SEED, trials=3
    )
    return dict(parts)


def _louvain(edges: Sequence[tuple[str, str, float]], resolution: float) -> dict[str, int]:
    import community as python_louvain

    # python-louvain's resolution is the inverse of the usual one: larger means fewer communities.
    return dict(
        python_louvain.best_partition(_graph(edges), resolution=1 / resolution, random_state=SEED)
    )


def _networkx(edges: Sequence[tuple[str, str, float]], resolution: float) -> dict[str, int]:
    import networkx as nx

    found = nx.community.louvain_communities(_graph(edges), resolution=resolution, seed=SEED)
    return {account: number for number, part in enumerate(found) for account in part}


def _graph(edges: Sequence[tuple[str, str, float]]) -> nx.Graph:
    import networkx as nx

    graph = nx.Graph()
    graph.add_weighted_edges_from(edges)
    return graph


METHODS: dict[str, Method] = {"leiden": _leiden, "louvain": _louvain, "networkx": _networkx}
