"""Neighbours as compressed rows, and the passes over them that everything here is made of.

A row's result is computed by one thread in the order of its neighbours, so the number of threads
changes no bit of it.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from numba import njit
from scipy.sparse import csr_array

from graph.errors import UsageError

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float32]
_WORTH_A_THREAD = 200_000  # neighbours; below it, starting a thread costs more than it saves


@dataclass(frozen=True, slots=True, eq=False)
class Csr:
    """Row i hears from `indices[starts[i]:starts[i + 1]]`, ascending, each once."""

    starts: Ints  # [rows + 1]
    indices: npt.NDArray[np.int32]  # [edges], each below `columns`
    columns: int

    @property
    def rows(self) -> int:
        """How many nodes hear."""
        return len(self.starts) - 1

    @property
    def degrees(self) -> Ints:
        """How many each hears from, int64 [rows]."""
        return np.diff(self.starts)

    def sparse(self, kind: type[np.floating] = np.float32) -> Any:
        """The same as a scipy matrix of ones, [rows, columns], float32 unless told otherwise."""
        ones = np.ones(len(self.indices), dtype=kind)
        return csr_array((ones, self.indices, self.starts), shape=(self.rows, self.columns))


def csr(edges: npt.NDArray[np.integer], sources: int, targets: int) -> Csr:
    """Edges [2, n] from source to target, as in PyTorch Geometric; an edge given twice counts once.

    Raises UsageError where an end lies outside the given numbers of nodes.
    """
    if edges.ndim != 2 or edges.shape[0] != 2:
        raise UsageError(f"edges must be of shape [2, n], these are {list(edges.shape)}")
    for end, nodes, name in ((edges[0], sources, "source"), (edges[1], targets, "target")):
        if len(end) and (end.min() < 0 or end.max() >= nodes):
            raise UsageError(f"an edge has the {name} {end.max()} where there are {nodes} nodes")
    ones = np.ones(edges.shape[1], dtype=np.float32)
    return _of_sparse(csr_array((ones, (edges[1], edges[0])), shape=(targets, sources)))


def undirected(pairs: npt.NDArray[np.integer], nodes: int) -> Csr:
    """Pairs [n, 2] of one kind of node; each end hears from the other, nobody from itself."""
    apart = pairs[pairs[:, 0] != pairs[:, 1]].T
    return csr(np.concatenate([apart, apart[::-1]], axis=1), nodes, nodes)


def transposed(of: Csr) -> Csr:
    """Who hears becomes who is heard."""
    return _of_sparse(csr_array(of.sparse().T))


def summed(of: Csr, values: Floats, threads: int = 1) -> Floats:
    """Sum of the neighbours' values: float32 [rows, width] of [columns, width]."""
    out = np.zeros((of.rows, values.shape[1]), dtype=np.float32)
    held = np.ascontiguousarray(values, dtype=np.float32)
    in_parts(of, lambda a, z: _sum(of.starts, of.indices, held, out, a, z), threads)
    return out


def averaged(of: Csr, values: Floats, threads: int = 1) -> Floats:
    """Mean of the neighbours' values, 0 where there are none: float32 [rows, width]."""
    out = summed(of, values, threads)
    out *= shares(of)[:, None]
    return out


def shares(of: Csr) -> Floats:
    """What one neighbour counts in a mean: 1 / degree, float32 [rows]."""
    return (1.0 / np.maximum(of.degrees, 1)).astype(np.float32)


def in_parts(of: Csr, work: Callable[[int, int], None], threads: int) -> None:
    """Calls work(first, last) over all rows, in parts of about as many neighbours each."""
    parts = min(threads, 1 + len(of.indices) // _WORTH_A_THREAD)
    if parts == 1:
        work(0, of.rows)
        return
    lines = np.linspace(0, len(of.indices), parts + 1)[1:-1]
    cuts = [0, *np.searchsorted(of.starts, lines).tolist(), of.rows]
    with ThreadPoolExecutor(parts) as pool:
        list(pool.map(work, cuts[:-1], cuts[1:]))


def _of_sparse(matrix: Any) -> Csr:
    matrix.sum_duplicates()
    return Csr(
        matrix.indptr.astype(np.int64), matrix.indices.astype(np.int32), int(matrix.shape[1])
    )


@njit(cache=True, nogil=True)
def _sum(starts, indices, values, out, first, last):  # type: ignore[no-untyped-def]
    width = values.shape[1]
    for i in range(first, last):
        row = out[i]
        for j in range(starts[i], starts[i + 1]):
            heard = values[indices[j]]
            for k in range(width):
                row[k] += heard[k]
