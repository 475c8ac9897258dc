"""Brings a graph to this program's schema: its version is a node in the graph itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from graph.backends.events_migration import grade_events
from graph.backends.labels_migration import label_alerts
from graph.backends.lineage_migration import begin_lineages
from graph.backends.render import statements
from graph.errors import UsageError
from graph.schema import VERSION
from graph.store import GraphStore


class SchemaStore(GraphStore, Protocol):
    """A store that also runs rendered schema statements."""

    def execute_ddl(self, statement: str, language: str) -> None:
        """Runs one statement; `language` is cypher or sql."""
        ...


@dataclass(frozen=True, slots=True)
class Migration:
    """One step: what it does to a graph of version `to - 1`. It may be run twice after a crash."""

    to: int
    says: str
    run: Callable[[GraphStore], None]


MIGRATIONS: tuple[Migration, ...] = (
    Migration(2, "every cluster and every alert gets its lineage", begin_lineages),
    Migration(3, "every price event gets its severity", grade_events),
    Migration(4, "what analysts made of alerts becomes labels", label_alerts),
)


def apply(
    store: SchemaStore, steps: Sequence[Migration] = MIGRATIONS, version: int = VERSION
) -> None:
    """Makes constraints and indexes, runs the missing steps in order, records the version.

    Raises UsageError where the graph is newer than this program, before anything is changed.
    """
    found = version_of(store)
    if found is not None and found > version:
        raise UsageError(
            f"this graph follows schema version {found}, this program knows {version}: "
            "update the program, or use another SENTINELMARKET_HOME or GRAPH_URI"
        )
    for statement in statements(store.dialect):
        store.execute_ddl(statement.text, statement.language)
    if found is not None:
        _migrate(store, found, steps)
    if found != version:
        store.write("schema/set_version", version=version)


def version_of(store: GraphStore) -> int | None:
    """The graph's version; None where it never had a schema."""
    rows = store.read("schema/version")
    return int(rows[0]["version"]) if rows else None


def _migrate(store: GraphStore, found: int, steps: Sequence[Migration]) -> None:
    """Runs what is missing. Each step is recorded, so that a crash goes on where it was."""
    for step in sorted(steps, key=lambda step: step.to):
        if step.to > found:
            step.run(store)
            store.write("schema/set_version", version=step.to)
