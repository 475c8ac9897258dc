"""Neighbour aggregates: what stands around a node, as columns that trees can split.

Mean, standard deviation, most and least of each column over the neighbours, and the same over
neighbours of neighbours by way of their means. Trees on such columns are the strongest baseline
known for fraud on graphs (GADBench, NeurIPS 2023; GraphLand, NeurIPS 2025).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numba import njit
from torch_geometric.data import HeteroData

from gnn.learn.columns import Columns, beside
from gnn.learn.csr import Csr, Floats, averaged, in_parts
from gnn.learn.typed import Relation, columns_of, hearing, relations_into

STATISTICS = ("mean", "sd", "most", "least")
_RISING = ("mean", "most", "least")  # more evidence around never lowers these


def neighbour_aggregates(
    of: Csr,
    x: Columns,
    hops: int = 2,
    around: str = "neighbours",
    threads: int = 1,
) -> Columns:
    """All STATISTICS over 1 to `hops` hops and the degree. x: rows are the columns of `of`.

    Without neighbours everything is 0. Of evidence the standard deviation is left out, because
    more evidence can lower it; the rest of its aggregates are evidence too.
    """
    parts = [degree(of, around)]
    seen = x
    for hop in range(1, hops + 1):
        where = around if hop == 1 else f"{around}, {hop} hops"
        found = one_hop(of, seen, where, x.names, threads=threads)
        parts.append(found)
        if hop < hops:
            mean = [f"mean of {name} over {where}" for name in x.names]
            seen = Columns(x.names, found.only(mean).matrix, x.evidence)
    return beside(*parts)


def typed_aggregates(
    data: HeteroData,
    target: str,
    hops: int = 2,
    statistics: Sequence[str] = STATISTICS,
    threads: int = 1,
) -> Columns:
    """Own columns of the target kind and its aggregates over every relation that leads to it.

    The second hop is the mean of the middle nodes' means, a relation after another. Float32
    [targets, columns]; a relation is one way, so a graph gives each that should be heard both ways.
    """
    parts = [columns_of(data, target)]
    for last in relations_into(data, target):
        heard = hearing(data, last)
        parts.append(degree(heard, _words(last)))
        near = columns_of(data, last[0])
        if near.names:
            parts.append(
                one_hop(heard, near, _words(last), near.names, statistics, threads=threads)
            )
        if hops > 1:
            parts.extend(_second_hop(data, last, heard, threads))
    return beside(*parts)


def degree(of: Csr, around: str) -> Columns:
    """How many neighbours there are."""
    return Columns((f"number of {around}",), of.degrees.astype(np.float32)[:, None])


def one_hop(
    of: Csr,
    x: Columns,
    around: str,
    names: Sequence[str],
    statistics: Sequence[str] = STATISTICS,
    threads: int = 1,
) -> Columns:
    """The chosen statistics of each column over the neighbours, a column of `x` after the other."""
    if tuple(statistics) == ("mean",):
        matrix = averaged(of, x.matrix, threads)[:, :, None]
    else:
        at = [STATISTICS.index(one) for one in statistics]
        matrix = _every(of, x.matrix, threads)[:, :, at]
    called = [
        (f"{one} of {name} over {around}", name in x.evidence, one)
        for name in names
        for one in statistics
    ]
    kept = [i for i, (_, proves, one) in enumerate(called) if not proves or one in _RISING]
    flat = matrix.reshape(of.rows, -1)
    return Columns(
        tuple(called[i][0] for i in kept),
        flat if len(kept) == flat.shape[1] else flat[:, kept],
        frozenset(called[i][0] for i in kept if called[i][1]),
    )


def _second_hop(data: HeteroData, last: Relation, heard: Csr, threads: int) -> Iterator[Columns]:
    for first in relations_into(data, last[0]):
        far = columns_of(data, first[0])
        if far.names:
            near = averaged(hearing(data, first), far.matrix, threads)
            seen = Columns(far.names, near, far.evidence)
            words = f"{_words(first)} of {_words(last)}"
            yield one_hop(heard, seen, words, far.names, ("mean",), threads=threads)


def _words(relation: Relation) -> str:
    return f"{relation[0]} ({relation[1]})"


def _every(of: Csr, values: Floats, threads: int) -> Floats:
    """float32 [rows, width, len(STATISTICS)]."""
    out = np.zeros((of.rows, values.shape[1], len(STATISTICS)), dtype=np.float32)
    held = np.ascontiguousarray(values)
    in_parts(of, lambda a, z: _describe(of.starts, of.indices, held, out, a, z), threads)
    return out


@njit(cache=True, nogil=True)
def _describe(starts, indices, values, out, first, last):  # type: ignore[no-untyped-def]
    width = values.shape[1]
    total, squares = np.empty(width), np.empty(width)
    most, least = np.empty(width, np.float32), np.empty(width, np.float32)
    for i in range(first, last):
        begin, end = starts[i], starts[i + 1]
        if begin == end:
            continue
        base = values[indices[begin]]  # sums of differences from it keep the digits of the spread
        for k in range(width):
            total[k] = squares[k] = 0.0
            most[k] = least[k] = base[k]
        for j in range(begin, end):
            heard = values[indices[j]]
            for k in range(width):
                value = heard[k]
                apart = np.float64(value) - base[k]
                total[k] += apart
                squares[k] += apart * apart
                most[k] = max(most[k], value)
                least[k] = min(least[k], value)
        n = end - begin
        for k in range(width):
            mean = total[k] / n
            out[i, k, 0] = base[k] + mean
            out[i, k, 1] = np.sqrt(max(squares[k] / n - mean * mean, 0.0))
            out[i, k, 2] = most[k]
            out[i, k, 3] = least[k]
