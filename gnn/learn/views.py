"""A graph as columns, in the steps of the ladder: a node alone, what is around it, where it stands,
what is known of its neighbours.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from torch_geometric.data import HeteroData

from gnn.learn.aggregates import neighbour_aggregates, typed_aggregates
from gnn.learn.columns import Columns, beside
from gnn.learn.csr import Csr, csr
from gnn.learn.exposure import label_exposure, routes_to_itself
from gnn.learn.structure import structure
from gnn.learn.typed import columns_of, hearing, relations, relations_into, size
from gnn.view import Ints


@dataclass(frozen=True, slots=True, eq=False)
class View:
    """The target kind's columns. Rows are its nodes; nothing here has looked at a label."""

    own: Columns
    around: Columns  # neighbour aggregates
    standing: Columns  # structure

    @property
    def graph(self) -> Columns:
        """All that does not need labels."""
        return beside(self.own, self.around, self.standing)


def view(
    data: HeteroData, target: str, walks: int = 0, eigenvectors: int = 0, threads: int = 1
) -> View:
    """Measures a graph once. Walks and eigenvectors are dear on large graphs (`structure`)."""
    own = columns_of(data, target)
    return View(
        own,
        aggregates(data, target, threads),
        standing(data, target, walks, eigenvectors, threads),
    )


def aggregates(data: HeteroData, target: str, threads: int = 1) -> Columns:
    """What is around, without the own columns. One kind and one relation: all statistics twice."""
    into = relations_into(data, target)
    if len(data.node_types) == len(into) == 1 and into[0][0] == target:
        heard = hearing(data, into[0])
        return neighbour_aggregates(heard, columns_of(data, target), threads=threads)
    found = typed_aggregates(data, target, threads=threads)
    own = set(columns_of(data, target).names)
    return found.only([name for name in found.names if name not in own])


def standing(
    data: HeteroData, target: str, walks: int, eigenvectors: int, threads: int = 1
) -> Columns:
    """Structure of the whole graph, kinds forgotten, at the target's nodes."""
    whole, first = _kinds_forgotten(data, target)
    found = structure(whole, walks, eigenvectors, threads)
    rows = slice(first, first + size(data, target))
    return Columns(found.names, np.ascontiguousarray(found.matrix[rows]))


def exposed(
    data: HeteroData, target: str, labels: Ints, known: npt.NDArray[np.bool_], seed: int
) -> Columns:
    """Out-of-fold label exposure of the target's nodes over every way back to its kind."""
    return label_exposure(routes_to_itself(data, target), labels, known, seed)


def _kinds_forgotten(data: HeteroData, target: str) -> tuple[Csr, int]:
    """All nodes as one kind, heard both ways, and where the target's begin."""
    first, nodes = {}, 0
    for kind in sorted(data.node_types):
        first[kind] = nodes
        nodes += size(data, kind)
    parts = [
        data[relation].edge_index.numpy() + np.array([[first[relation[0]]], [first[relation[2]]]])
        for relation in relations(data)
    ]
    edges = np.concatenate([np.empty((2, 0), dtype=np.int64), *parts], axis=1)
    edges = edges[:, edges[0] != edges[1]]
    return csr(np.concatenate([edges, edges[::-1]], axis=1), nodes, nodes), first[target]
