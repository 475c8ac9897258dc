"""Named columns: what a model sees, what each is called, and what more of it may do to a score."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from gnn.learn.csr import Floats
from graph.errors import UsageError


@dataclass(frozen=True, slots=True, eq=False)
class Columns:
    """matrix: float32 [rows, len(names)].

    `evidence` names the columns of which more may never lower a score; the others are free.
    """

    names: tuple[str, ...]
    matrix: Floats
    evidence: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        if self.matrix.ndim != 2 or self.matrix.shape[1] != len(self.names):
            raise UsageError(
                f"{len(self.names)} names for a matrix of shape {list(self.matrix.shape)}"
            )
        if unknown := sorted(self.evidence - set(self.names)):
            raise UsageError(f"evidence names columns that are not there: {', '.join(unknown)}")
        if len(set(self.names)) != len(self.names):
            raise UsageError("two columns have one name; name every column once")

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return len(self.matrix)

    @property
    def raises(self) -> list[int]:
        """A column each: 1 where it is evidence, 0 where it is free."""
        return [int(name in self.evidence) for name in self.names]

    def only(self, names: Sequence[str]) -> Columns:
        """The named columns, in the order asked. Raises UsageError for one that is not there."""
        if unknown := [name for name in names if name not in self.names]:
            raise UsageError(f"there is no column {unknown[0]!r}")
        at = [self.names.index(name) for name in names]
        return Columns(tuple(names), self.matrix[:, at], self.evidence & set(names))


def columns(
    names: Sequence[str], matrix: npt.NDArray[np.floating], evidence: Sequence[str] = ()
) -> Columns:
    """Columns of a matrix of any float type."""
    held = np.ascontiguousarray(matrix, dtype=np.float32)
    return Columns(tuple(names), held, frozenset(evidence))


def beside(*parts: Columns) -> Columns:
    """Parts of the same rows, side by side. Raises UsageError where rows differ or names repeat."""
    if len({part.rows for part in parts}) != 1:
        raise UsageError("columns side by side must have the same rows")
    return Columns(
        tuple(name for part in parts for name in part.names),
        np.concatenate([part.matrix for part in parts], axis=1),
        frozenset().union(*(part.evidence for part in parts)),
    )
