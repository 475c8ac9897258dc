"""Reading a typed graph: PyTorch Geometric's HeteroData with named columns.

A kind of node has `x` float32 [nodes, columns], and where it likes `names` (a list of str) and
`evidence` (names of columns of which more may never lower a score). A kind without `x` tells its
size by `num_nodes`.
"""

from __future__ import annotations

import numpy as np
import torch
from torch_geometric.data import HeteroData

from gnn.learn.columns import Columns
from gnn.learn.csr import Csr, Ints, csr
from graph.errors import UsageError

Relation = tuple[str, str, str]  # source kind, what relates them, target kind


def relations(data: HeteroData) -> list[Relation]:
    """Every relation, sorted, so that nothing depends on the order in which a graph was put up."""
    return sorted((str(s), str(r), str(t)) for s, r, t in data.edge_types)


def relations_into(data: HeteroData, kind: str) -> list[Relation]:
    """The relations by which a kind hears. Raises UsageError for a kind that is not there."""
    size(data, kind)
    return [relation for relation in relations(data) if relation[2] == kind]


def columns_of(data: HeteroData, kind: str) -> Columns:
    """The columns of a kind, named "KIND NAME"; none where it has no `x`.

    Raises UsageError where a value is missing: a flag beside a stand-in says so better than nan.
    """
    nodes, store = size(data, kind), data[kind]
    if "x" not in store:
        return Columns((), np.empty((nodes, 0), dtype=np.float32))
    matrix = store.x.numpy().astype(np.float32, copy=False)
    if not np.isfinite(matrix).all():
        raise UsageError(f"a value of kind {kind} is not finite; fill it in and flag it beside")
    names = store.names if "names" in store else [str(i) for i in range(matrix.shape[1])]
    proving = store.evidence if "evidence" in store else ()
    return Columns(
        tuple(f"{kind} {name}" for name in names),
        matrix,
        frozenset(f"{kind} {name}" for name in proving),
    )


def size(data: HeteroData, kind: str) -> int:
    """How many nodes of a kind there are. Raises UsageError for a kind that is not there."""
    if kind not in data.node_types:
        known = ", ".join(sorted(data.node_types))
        raise UsageError(f"the graph has no nodes of kind {kind!r}; it has {known}")
    return int(data[kind].num_nodes)


def hearing(data: HeteroData, relation: Relation) -> Csr:
    """Who hears whom by a relation."""
    edges = data[relation].edge_index.numpy()
    return csr(edges, size(data, relation[0]), size(data, relation[2]))


def one_kind(kind: str, x: Columns, pairs: Ints) -> HeteroData:
    """A graph of one kind of node and undirected pairs [n, 2], as a typed graph."""
    data = HeteroData()
    data[kind].x = torch.from_numpy(x.matrix)
    data[kind].names = list(x.names)
    data[kind].evidence = sorted(x.evidence)
    both = np.concatenate([pairs.T, pairs.T[::-1]], axis=1)
    data[kind, "beside", kind].edge_index = torch.from_numpy(np.ascontiguousarray(both))
    return data
