"""The graph carries its schema's version; a newer program migrates it or says how."""

from __future__ import annotations

from pathlib import Path

import pytest

from graph.backends import migrations
from graph.backends.bolt import BoltStore
from graph.backends.migrations import Migration
from graph.backends.render import index_name, statements
from graph.errors import UsageError
from graph.schema import NODES, VERSION
from graph.schema_docs import markdown
from graph.store import GraphStore


def test_a_graph_carries_its_version(store: BoltStore) -> None:
    assert migrations.version_of(store) == VERSION


def test_the_schema_twice_is_the_schema_once(store: BoltStore) -> None:
    store.apply_schema()
    assert migrations.version_of(store) == VERSION


def test_a_newer_graph_is_refused_with_what_to_do(store: BoltStore) -> None:
    store.write("schema/set_version", version=VERSION + 1)
    try:
        with pytest.raises(UsageError, match=f"version {VERSION + 1}.*update the program"):
            store.apply_schema()
    finally:
        store.write("schema/set_version", version=VERSION)


def test_an_older_graph_is_migrated_in_order_and_what_is_done_is_not_done_again(
    store: BoltStore,
) -> None:
    done: list[int] = []

    def step(to: int) -> Migration:
        return Migration(to, "notes that it ran", lambda _: done.append(to))

    steps = (step(VERSION + 2), step(VERSION), step(VERSION + 1))
    try:
        migrations.apply(store, steps, VERSION + 2)
        assert done == [VERSION + 1, VERSION + 2]
        assert migrations.version_of(store) == VERSION + 2
    finally:
        store.write("schema/set_version", version=VERSION)


def test_a_step_that_fails_leaves_the_version_of_the_last_good_one(store: BoltStore) -> None:
    def fails(_: GraphStore) -> None:
        raise RuntimeError("no")

    steps = (
        Migration(VERSION + 1, "does nothing", lambda _: None),
        Migration(VERSION + 2, "fails", fails),
    )
    try:
        with pytest.raises(RuntimeError):
            migrations.apply(store, steps, VERSION + 2)
        assert migrations.version_of(store) == VERSION + 1
    finally:
        store.write("schema/set_version", version=VERSION)


def test_the_docs_table_is_what_the_declaration_says() -> None:
    page = Path(__file__).parents[2] / "docs" / "schema.md"
    assert page.read_text("utf-8") == markdown(), "python -m graph.schema_docs > docs/schema.md"


@pytest.mark.parametrize("dialect", ["embedded", "neo4j"])
def test_every_declared_index_is_rendered(dialect: str) -> None:
    texts = " ".join(statement.text for statement in statements(dialect))
    for node in NODES:
        wanted = ["id", *node.indexed, *node.fulltext, *([node.vector] if node.vector else [])]
        for name in wanted:
            assert f" {index_name(node.label, name)}" in texts
    assert "{" not in texts.replace("{indexConfig", "").replace("{`vector", "").replace('{"dim', "")
