"""Piecewise-linear encoding: a number as how far it has come through each piece of its range.

A linear layer on it can bend at every quantile, which trees do by themselves and a network does not
(Gorishniy, Rubachev and Babenko, NeurIPS 2022).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from gnn.learn.columns import Columns
from gnn.learn.csr import Floats

PIECES = 16


@dataclass(frozen=True, slots=True, eq=False)
class Pieces:
    """Ascending edges of each column, float32; a column that never changes has none."""

    names: tuple[str, ...]
    edges: tuple[Floats, ...]

    @property
    def width(self) -> int:
        """How many columns come out."""
        return sum(max(len(edges) - 1, 0) for edges in self.edges)

    def encoded(self, x: Columns) -> Floats:
        """float32 [rows, width]: 1 for pieces below the value, 0 above, the share in its own."""
        held = x.only(self.names).matrix
        parts = [
            _through(held[:, i], edges) for i, edges in enumerate(self.edges) if len(edges) > 1
        ]
        return np.concatenate(parts, axis=1) if parts else np.empty((x.rows, 0), np.float32)

    def as_json(self) -> list[list[Any]]:
        """A name and its edges, in order; float32 keeps every bit through JSON."""
        return [[name, edges.tolist()] for name, edges in zip(self.names, self.edges, strict=True)]


def fit_pieces(x: Columns, rows: Sequence[int] | np.ndarray, count: int = PIECES) -> Pieces:
    """Edges at quantiles of the named rows, each once: up to `count` pieces a column."""
    at = np.linspace(0.0, 1.0, count + 1)
    return Pieces(
        x.names,
        tuple(
            np.unique(np.quantile(x.matrix[rows, i], at, method="nearest")).astype(np.float32)
            for i in range(len(x.names))
        ),
    )


def pieces_from_json(kept: Sequence[Sequence[Any]]) -> Pieces:
    """What `as_json` told."""
    return Pieces(
        tuple(str(name) for name, _ in kept),
        tuple(np.array(edges, dtype=np.float32) for _, edges in kept),
    )


def _through(values: Floats, edges: Floats) -> Floats:
    low, high = edges[:-1], edges[1:]
    return np.clip((values[:, None] - low) / (high - low), 0.0, 1.0).astype(np.float32)
