"""Long reads by pages: for what is too much for one answer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from graph.store import GraphStore

PAGE = 2_000


def pages(store: GraphStore, name: str) -> Iterator[dict[str, Any]]:
    """All rows of a statement that takes `after` and `limit` and gives rows by id."""
    after = ""
    while rows := store.read(name, after=after, limit=PAGE):
        yield from rows
        after = rows[-1]["id"]
