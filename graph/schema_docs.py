"""Writes docs/schema.md out of graph/schema.py: `python -m graph.schema_docs > docs/schema.md`."""

from __future__ import annotations

from collections.abc import Iterator

from graph.backends.render import index_name
from graph.schema import EDGES, NODES, VERSION, Edge, Node, Property

HEAD = f"""# The graph

Made from `graph/schema.py` by `python -m graph.schema_docs > docs/schema.md`; do not edit it here.
This is schema version {VERSION}; a graph carries its version in the node `SchemaVersion`.

Every node has a unique string key `id`. Times are integers: milliseconds since 1970, UTC. A score
is an indicator, never a verdict.
"""


def markdown() -> str:
    """The whole page."""
    lines = [HEAD, "## Nodes", ""]
    for node in NODES:
        lines += _node(node)
    lines += ["## Edges", "", "| edge | from | to | says |", "|---|---|---|---|"]
    lines += [f"| {e.type} | {e.start} | {e.end} | {e.says} |" for e in EDGES]
    for edge in EDGES:
        lines += _edge(edge)
    return "\n".join(lines).rstrip() + "\n"


def _node(node: Node) -> Iterator[str]:
    yield from (f"### {node.label}", "", f"{node.says} Key: {node.key}.", "")
    yield from _table(node.properties)
    yield from (f"- {line}" for line in _indexes(node))
    yield ""


def _edge(edge: Edge) -> Iterator[str]:
    if edge.properties:
        yield from ("", f"### {edge.type}", "")
        yield from _table(edge.properties)


def _table(properties: tuple[Property, ...]) -> Iterator[str]:
    yield from ("| property | type | says |", "|---|---|---|")
    yield from (f"| {p.name} | {p.type} | {p.says} |" for p in properties)
    yield ""


def _indexes(node: Node) -> Iterator[str]:
    yield f"unique: `id` (`{index_name(node.label, 'id')}_unique`)"
    if node.indexed:
        yield "range index: " + ", ".join(f"`{name}`" for name in node.indexed)
    yield from (f"full-text index `{index_name(node.label, name)}`" for name in node.fulltext)
    if node.vector:
        yield f"vector index `{index_name(node.label, node.vector)}`, cosine"


if __name__ == "__main__":
    print(markdown(), end="")
