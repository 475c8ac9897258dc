"""The schema as statements: graph/schema.py poured into the templates under cypher/schema/.

A template is one statement with {label}, {property}, {name} and {size}; one that a store words
differently stands beside it as NAME.embedded.sql.template (ArcadeDB makes vector and full-text
indexes by SQL), one statement a line.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import cypher
from graph.schema import NODES, VECTOR_SIZE, Node

TEMPLATES = Path(cypher.__file__).parent / "schema"


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement of the schema, in Cypher or SQL."""

    text: str
    language: str  # cypher or sql


def statements(dialect: str, nodes: tuple[Node, ...] = NODES) -> list[Statement]:
    """Constraints first, then range, full-text and vector indexes. Each says IF NOT EXISTS."""
    wanted = [(kind, node.label, name) for node in nodes for kind, name in _wanted(node)]
    order = ("unique", "range_index", "fulltext_index", "vector_index")
    wanted.sort(key=lambda item: order.index(item[0]))
    return [part for kind, label, name in wanted for part in _rendered(dialect, kind, label, name)]


def index_name(label: str, prop: str) -> str:
    """The name an index is asked for by: text_embedding, post_text."""
    return f"{label.lower()}_{prop}"


def _wanted(node: Node) -> Iterator[tuple[str, str]]:
    yield "unique", "id"
    yield from (("range_index", name) for name in node.indexed)
    yield from (("fulltext_index", name) for name in node.fulltext)
    if node.vector:
        yield "vector_index", node.vector


def _rendered(dialect: str, kind: str, label: str, prop: str) -> Iterator[Statement]:
    language, lines = _template(dialect, kind)
    for line in lines:
        text = line.format(
            label=label, property=prop, name=index_name(label, prop), size=VECTOR_SIZE
        )
        yield Statement(text, language)


@cache
def _template(dialect: str, kind: str) -> tuple[str, tuple[str, ...]]:
    special = TEMPLATES / f"{kind}.{dialect}.sql.template"
    path = special if special.exists() else TEMPLATES / f"{kind}.template"
    lines = path.read_text("utf-8").splitlines()
    return (
        "sql" if path == special else "cypher",
        tuple(line for line in lines if line and not line.startswith("//")),
    )
