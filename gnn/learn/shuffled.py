"""The control: the same graph with its wiring lost. Every node keeps its number of neighbours.

What a model gains on the true edges and not on these comes from who is tied to whom.
"""

from __future__ import annotations

import numpy as np
import torch
from torch_geometric.data import HeteroData

from gnn.learn.csr import Ints
from gnn.learn.typed import Relation, relations

_ROUNDS = 20  # tries an edge; beyond 10 the wiring does not change any further (Milo et al. 2003)


def shuffled_edges(pairs: Ints, seed: int, undirected: bool = True) -> Ints:
    """Pairs [n, 2] after 20 rounds of swapped ends (Maslov and Sneppen 2002). One seed, one result.

    No pair is made twice, and none of a node with itself where `undirected`. A directed edge keeps
    its source's and its target's count each.
    """
    held = np.ascontiguousarray(pairs, dtype=np.int64).copy()
    if undirected:
        held.sort(axis=1)
    held = np.unique(held, axis=0)
    rng = np.random.default_rng(seed)
    nodes = int(held.max(initial=0)) + 1
    for _ in range(_ROUNDS if len(held) > 1 else 0):
        held = _round(held, nodes, undirected, rng)
    return held


def shuffled_graph(data: HeteroData, seed: int) -> HeteroData:
    """A typed graph with every relation shuffled; two that are each other's reverse stay so."""
    out = data.clone()
    done: set[Relation] = set()
    for n, relation in enumerate(relations(data)):
        if relation in done:
            continue
        edges = data[relation].edge_index.numpy()
        one_kind = relation[0] == relation[2]
        both_ways = one_kind and _same(edges, edges[::-1])
        mixed = shuffled_edges(edges.T, seed + n, undirected=both_ways).T
        if both_ways:
            mixed = np.concatenate([mixed, mixed[::-1]], axis=1)
        out[relation].edge_index = torch.from_numpy(np.ascontiguousarray(mixed))
        for back in () if both_ways else _reverses(data, relation):
            out[back].edge_index = torch.from_numpy(np.ascontiguousarray(mixed[::-1]))
            done.add(back)
        done.add(relation)
    return out


def _reverses(data: HeteroData, relation: Relation) -> list[Relation]:
    edges = data[relation].edge_index.numpy()
    return [
        other
        for other in relations(data)
        if other != relation
        and (other[0], other[2]) == (relation[2], relation[0])
        and _same(edges, data[other].edge_index.numpy()[::-1])
    ]


def _same(left: Ints, right: Ints) -> bool:
    if left.shape != right.shape:
        return False
    return bool((_sorted(left) == _sorted(right)).all())


def _sorted(edges: Ints) -> Ints:
    return edges[:, np.lexsort(edges)]


def _round(pairs: Ints, nodes: int, undirected: bool, rng: np.random.Generator) -> Ints:
    """Every edge meets one other; the two change ends where that makes two new edges."""
    order = rng.permutation(len(pairs))
    half = len(pairs) // 2
    left, right = order[:half], order[half : 2 * half]
    first, second = pairs[left], pairs[right]
    if undirected:
        turned = rng.random(half) < 0.5
        second = np.where(turned[:, None], second[:, ::-1], second)
    made = np.stack([first[:, 0], second[:, 1], second[:, 0], first[:, 1]], axis=1)
    made = made.reshape(half, 2, 2)
    if undirected:
        made = np.sort(made, axis=2)
    keys = made[:, :, 0] * nodes + made[:, :, 1]
    there = np.sort(np.concatenate([pairs[:, 0] * nodes + pairs[:, 1], keys.ravel()]))
    at = np.searchsorted(there, keys)  # an edge that is there, or is made twice, follows itself
    fresh = there[np.minimum(at + 1, len(there) - 1)] != keys
    fresh |= at + 1 == len(there)
    if undirected:
        fresh &= made[:, :, 0] != made[:, :, 1]
    kept = fresh.all(axis=1)
    out = pairs.copy()
    out[left[kept]], out[right[kept]] = made[kept, 0], made[kept, 1]
    return out
