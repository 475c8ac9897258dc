"""What a schema is made of: node and edge kinds with their properties."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Property:
    """A property of a node or edge: its name, its type, what it means."""

    name: str
    type: str  # string, int, float, bool, list<string>, list<int>, list<float>, vector
    says: str


@dataclass(frozen=True, slots=True)
class Node:
    """A node kind; `id` is its unique key and is not repeated in `properties`."""

    label: str
    says: str
    key: str  # what the id looks like
    properties: tuple[Property, ...]
    indexed: tuple[str, ...] = ()
    fulltext: tuple[str, ...] = ()
    vector: str | None = None


@dataclass(frozen=True, slots=True)
class Edge:
    """An edge kind from one label to another."""

    type: str
    start: str
    end: str
    says: str
    properties: tuple[Property, ...] = ()


def properties(*rows: str) -> tuple[Property, ...]:
    """Properties from rows of `name | type | what it means`."""
    return tuple(Property(*(part.strip() for part in row.split("|"))) for row in rows)
