"""The property graph as the rest of the project knows it: named statements in, plain values out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    import pyarrow as pa

Row = Mapping[str, Any]
Progress = Callable[[str, int, int], None]  # (step, done, total)


@dataclass(frozen=True, slots=True)
class Counters:
    """What a write changed, as the store counted it."""

    nodes_created: int = 0
    nodes_deleted: int = 0
    edges_created: int = 0
    edges_deleted: int = 0
    properties_set: int = 0

    def __add__(self, other: Counters) -> Counters:
        return Counters(
            self.nodes_created + other.nodes_created,
            self.nodes_deleted + other.nodes_deleted,
            self.edges_created + other.edges_created,
            self.edges_deleted + other.edges_deleted,
            self.properties_set + other.properties_set,
        )

    @property
    def changed(self) -> bool:
        """Did anything change at all?"""
        return self != Counters()


class GraphStore(Protocol):
    """A graph store. Statements are named by their file under cypher/, without the suffix."""

    dialect: str

    def read(self, name: str, /, **params: Any) -> list[dict[str, Any]]:
        """The statement's rows. Raises QueryFailed or StoreUnavailable."""
        ...

    def columns(self, name: str, windows: Iterable[tuple[int, int]], /, **params: Any) -> pa.Table:
        """A long read by columns, run once a window: the statement takes `since` and `until`
        (half-open) and returns one row of collected lists of equal length; results are joined."""
        ...

    def write(self, name: str, /, **params: Any) -> Counters:
        """Runs one writing statement."""
        ...

    def write_rows(
        self,
        name: str,
        rows: Sequence[Row],
        /,
        batch: int = 5_000,
        progress: Progress | None = None,
        **params: Any,
    ) -> Counters:
        """Runs a statement that takes `$rows`, in batches. Running it twice changes nothing."""
        ...

    def apply_schema(self) -> None:
        """Makes constraints and indexes, and writes the schema's version.

        Raises UsageError where the graph is newer than this program."""
        ...

    def close(self) -> None:
        """Lets go of the connection, and stops what this store itself started."""
        ...
