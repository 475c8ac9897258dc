"""The schema that clients are built against, and that it says what everything means."""

from __future__ import annotations

from pathlib import Path

from graphql import GraphQLObjectType, build_schema

from api.graphql import schema

KEPT = Path(schema.__file__).parents[1] / "schema.graphql"


def test_the_schema_is_the_one_that_is_checked_in() -> None:
    how = "run `python -m api.graphql.schema > api/schema.graphql` and tell those who use it"
    assert KEPT.read_text(encoding="utf-8") == schema.sdl(), how


def test_everything_is_described() -> None:
    types = [
        kind
        for name, kind in build_schema(schema.sdl()).type_map.items()
        if isinstance(kind, GraphQLObjectType) and not name.startswith("__")
    ]
    silent = [t.name for t in types if not t.description]
    silent += [f"{t.name}.{n}" for t in types for n, f in t.fields.items() if not f.description]
    assert types
    assert silent == []
