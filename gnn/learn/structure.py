"""Where a node stands in a graph, whatever it says of itself.

Triangles and cores are counted here because networkx takes minutes on half a million pairs; the
tests hold every column against it.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from scipy.sparse import csr_array, diags_array
from scipy.sparse.linalg import eigsh

from gnn.learn.columns import Columns, beside
from gnn.learn.csr import Csr, Floats, Ints, summed
from graph.errors import UsageError

DAMPING = 0.85
_ROUNDS, _CLOSE = 200, 1e-10
_BLOCK = 64  # nodes whose walks are followed at a time; what they touch stays in the cache


def structure(of: Csr, walks: int = 8, eigenvectors: int = 0, threads: int = 1) -> Columns:
    """PageRank, triangles, clustering, core; returning walks of 2 to `walks` steps; eigenvectors.

    `of` is undirected. Walks cost nodes * edges * walks / 2: 0 leaves them out of large graphs.
    Eigenvectors turn and flip from one snapshot to the next: use them within one graph only.
    """
    if of.rows != of.columns:
        raise UsageError("structure is of one kind of node; give it an undirected graph")
    triangles = _triangles(of.starts, of.indices)
    possible = np.maximum(of.degrees * (of.degrees - 1) / 2, 1)
    plain = {
        "PageRank": pagerank(of) * of.rows,
        "triangles": triangles,
        "clustering": triangles / possible,
        "core": cores(of),
    }
    named = Columns(tuple(plain), np.stack(list(plain.values()), axis=1).astype(np.float32))
    parts = [named]
    if walks >= 2:
        steps = tuple(f"walks back in {k} steps" for k in range(2, walks + 1))
        parts.append(Columns(steps, walk_returns(of, walks, threads)))
    if eigenvectors:
        called = tuple(f"eigenvector {k}" for k in range(1, eigenvectors + 1))
        parts.append(Columns(called, laplacian_eigenvectors(of, eigenvectors)))
    return beside(*parts)


def pagerank(of: Csr) -> np.ndarray:
    """PageRank with damping 0.85, float64 [nodes], sums to 1; who hears nobody jumps anywhere."""
    degrees = of.degrees.astype(np.float64)
    weights = of.sparse(np.float64)
    alone = degrees == 0
    rank = np.full(of.rows, 1.0 / max(of.rows, 1))
    for _ in range(_ROUNDS):
        flow = weights @ np.divide(rank, degrees, out=np.zeros_like(rank), where=~alone)
        found = DAMPING * (flow + rank[alone].sum() / of.rows) + (1 - DAMPING) / of.rows
        moved, rank = np.abs(found - rank).sum(), found
        if moved < _CLOSE:
            break
    return rank


def cores(of: Csr) -> Ints:
    """The largest k for which a node lies in a part where all have k neighbours, int64 [nodes]."""
    return np.asarray(_cores(of.starts, of.indices, of.degrees))


def walk_returns(of: Csr, steps: int, threads: int = 1) -> Floats:
    """Chance that a random walk is back after 2, 3 … `steps` steps, float32 [nodes, steps - 1].

    Exact. A walk there and half way back is the same walk: with S = D^-1/2 A D^-1/2 the chance
    after i + j steps is the product of columns of S^i and S^j, so half the steps suffice.
    """
    out = np.zeros((of.rows, steps - 1), dtype=np.float32)
    scale = (1.0 / np.sqrt(np.maximum(of.degrees, 1))).astype(np.float32)[:, None]
    for first in range(0, of.rows, _BLOCK):
        own = np.arange(first, min(first + _BLOCK, of.rows))
        before = np.zeros((of.rows, len(own)), dtype=np.float32)
        before[own, np.arange(len(own))] = 1.0
        for length in range(1, steps // 2 + 1):
            now = scale * summed(of, scale * before, threads)
            if length > 1:
                out[own, 2 * length - 3] = np.einsum("nk,nk->k", before, now)
            out[own, 2 * length - 2] = np.einsum("nk,nk->k", now, now)
            before = now
        if steps % 2:
            again = scale * summed(of, scale * before, threads)
            out[own, steps - 2] = np.einsum("nk,nk->k", before, again)
    return out


def laplacian_eigenvectors(of: Csr, count: int) -> Floats:
    """The smoothest directions of the normalised Laplacian after the first, float32 [nodes, count].

    Signs are free in mathematics; here the entry of largest size is positive. Scaled to a mean
    square of 1.
    """
    if count + 1 >= of.rows:
        raise UsageError(f"{count} eigenvectors need more than {count + 1} nodes")
    scale = diags_array(1.0 / np.sqrt(np.maximum(of.degrees, 1).astype(np.float64)))
    smooth = csr_array(scale @ of.sparse(np.float64) @ scale)
    values, vectors = eigsh(smooth, k=count + 1, which="LA", v0=np.ones(of.rows))
    kept = vectors[:, np.argsort(-values, kind="stable")[1:]]
    largest = np.abs(kept).argmax(axis=0)
    signs = np.sign(kept[largest, np.arange(count)])
    return np.asarray(kept * signs * np.sqrt(of.rows), dtype=np.float32)


@njit(cache=True, nogil=True)
def _triangles(starts, indices):  # type: ignore[no-untyped-def]
    """A triangle is met once, at its smallest pair, and counted at its three corners."""
    found = np.zeros(starts.shape[0] - 1, dtype=np.int64)
    for u in range(starts.shape[0] - 1):
        for at in range(starts[u], starts[u + 1]):
            v = indices[at]
            if v <= u:
                continue
            i, j = at + 1, starts[v]
            while i < starts[u + 1] and j < starts[v + 1]:
                if indices[i] == indices[j]:
                    found[u] += 1
                    found[v] += 1
                    found[indices[i]] += 1
                    i += 1
                    j += 1
                elif indices[i] < indices[j]:
                    i += 1
                else:
                    j += 1
    return found


@njit(cache=True, nogil=True)
def _cores(starts, indices, degrees):  # type: ignore[no-untyped-def]
    """Peels nodes from the fewest neighbours up (Batagelj and Zaversnik 2003), in O(edges)."""
    n = degrees.shape[0]
    left = degrees.copy()
    begins = np.zeros(left.max() + 2 if n else 1, dtype=np.int64)
    for i in range(n):
        begins[left[i] + 1] += 1
    begins = np.cumsum(begins)
    order, place, free = np.empty(n, np.int64), np.empty(n, np.int64), begins.copy()
    for i in range(n):
        place[i] = free[left[i]]
        order[place[i]] = i
        free[left[i]] += 1
    for at in range(n):
        u = order[at]
        for j in range(starts[u], starts[u + 1]):
            v = indices[j]
            if left[v] > left[u]:  # v changes places with the first of its degree, then falls by 1
                head = begins[left[v]]
                w = order[head]
                order[place[v]], order[head] = w, v
                place[w], place[v] = place[v], head
                begins[left[v]] += 1
                left[v] -= 1
    return left
