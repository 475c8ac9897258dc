"""Small graphs of which one knows what decides the label."""

from __future__ import annotations

import numpy as np
import torch
from torch_geometric.data import HeteroData

from gnn.learn.columns import Columns, columns
from gnn.learn.recipe import Task
from gnn.learn.typed import one_kind

NODES, DEGREE = 900, 6


def pairs(seed: int, nodes: int = NODES) -> np.ndarray:
    """Random pairs, each node in about DEGREE of them."""
    rng = np.random.default_rng(seed)
    drawn = rng.integers(0, nodes, size=(nodes * DEGREE // 2, 2))
    return np.unique(np.sort(drawn[drawn[:, 0] != drawn[:, 1]], axis=1), axis=0)


def drawn(seed: int, width: int, evidence: tuple[str, ...] = (), nodes: int = NODES) -> Columns:
    """Normal columns c0, c1 …"""
    matrix = np.random.default_rng(seed).normal(size=(nodes, width))
    return columns([f"c{i}" for i in range(width)], matrix, evidence)


def labelled(odds: np.ndarray, seed: int) -> np.ndarray:
    """Labels drawn from log odds."""
    chance = 1 / (1 + np.exp(-odds))
    return (np.random.default_rng(seed).random(len(odds)) < chance).astype(np.int64)


def task(data: HeteroData, target: str, labels: np.ndarray, seed: int = 0) -> Task:
    """Half to learn from, a quarter each to tune and to judge."""
    order = np.random.default_rng(seed).permutation(len(labels))
    half, rest = len(order) // 2, 3 * len(order) // 4
    blocks = (np.sort(part) for part in np.split(order, [half, rest]))
    return Task(data, target, labels, *blocks)


def useless(seed: int = 1) -> Task:
    """Labels from the node's own columns alone, edges at random."""
    x = drawn(seed, 4)
    labels = labelled(2.5 * x.matrix[:, 0] - 2 * x.matrix[:, 1] - 0.5, seed)
    return task(one_kind("account", x, pairs(seed)), "account", labels)


def useful(seed: int = 1) -> Task:
    """Labels from the mean over neighbours of the sum of two columns."""
    x, edges = drawn(seed, 2), pairs(seed)
    labels = by_neighbours(x.matrix.sum(axis=1), edges, seed)
    return task(one_kind("account", x, edges), "account", labels)


def waves(seed: int = 1, evidence: bool = False) -> Task:
    """Labels from the mean over neighbours of a wave in one column.

    A net can bend the column before it takes the mean; aggregates of the column have lost the wave.
    With `evidence` there is a column "seen", and much of it goes with the label 0: what a model
    would learn if it were let.
    """
    nodes = 1_200
    x, edges = drawn(seed, 1, nodes=nodes), pairs(seed, nodes)
    labels = by_neighbours(np.cos(4 * x.matrix[:, 0]), edges, seed)
    if evidence:
        seen = np.abs(np.random.default_rng(seed + 1).normal(size=(nodes, 1)))
        labels = np.where(seen[:, 0] > 1.5, 0, labels)
        x = columns([*x.names, "seen"], np.hstack([x.matrix, seen]), ["seen"])
    return task(one_kind("account", x, edges), "account", labels)


def by_neighbours(of: np.ndarray, edges: np.ndarray, seed: int) -> np.ndarray:
    """Labels from the mean over neighbours of a value."""
    total, count = np.zeros(len(of)), np.zeros(len(of))
    for left, right in edges:
        for one, other in ((left, right), (right, left)):
            total[one] += of[other]
            count[one] += 1
    mean = total / np.maximum(count, 1)
    return labelled(5 * (mean - mean.mean()) / mean.std() - 1, seed)


def typed(seed: int = 3, times: int = 1) -> HeteroData:
    """Accounts write posts that name stocks; both ways; price events and clusters beside them."""
    rng = np.random.default_rng(seed)
    data = HeteroData()
    sizes = {"account": 60, "post": 200, "stock": 8, "price_event": 12, "cluster": 5}
    sizes = {kind: nodes * times for kind, nodes in sizes.items()}
    for kind, nodes in sizes.items():
        data[kind].x = torch.from_numpy(rng.normal(size=(nodes, 3)).astype(np.float32))
        data[kind].names = [f"c{i}" for i in range(3)]
        data[kind].evidence = ["c2"] if kind == "post" else []
    for source, name, target, edges in (
        ("account", "wrote", "post", 200),
        ("post", "names", "stock", 220),
        ("price_event", "of", "stock", 12),
        ("account", "member", "cluster", 30),
    ):
        ends = [rng.integers(0, sizes[kind], size=edges * times) for kind in (source, target)]
        there = torch.from_numpy(np.unique(np.stack(ends), axis=1))
        data[source, name, target].edge_index = there
        data[target, f"{name} by", source].edge_index = there.flip(0).contiguous()
    return data
