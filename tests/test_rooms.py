"""The walls of the house: who imports whom, who reads the environment, where statements are."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MAY_IMPORT = {
    "cypher": set(),
    "graph": {"cypher"},
    "ingest": {"graph", "cypher"},
    "gnn": {"graph", "cypher"},
    "api": {"gnn", "ingest", "graph", "cypher"},
}
ROOMS = tuple(MAY_IMPORT)
FILES = [path for room in ROOMS for path in sorted((ROOT / room).rglob("*.py"))]
ENVIRONMENT = {"environ", "environb", "getenv", "putenv"}
STATEMENT = re.compile(
    r"\b(MATCH\s*\(|MERGE\s*\(|UNWIND\s+\$|DETACH\s+DELETE|ON\s+CREATE\s+SET|CREATE\s*\(\w*:"
    r"|CALL\s*\{|RETURN\s+\w+\.\w+|WITH\s+\w+\s+(MATCH|WHERE|ORDER)\b)"
)


def imported(source: str) -> Iterator[str]:
    """Every module a source imports, also inside functions and by name in import_module."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Import(names=names):
                yield from (alias.name for alias in names)
            case ast.ImportFrom(module=str(module), level=0):
                yield module
            case ast.Call(
                func=ast.Name("import_module" | "__import__") | ast.Attribute(attr="import_module"),
                args=[ast.Constant(value=str(module)), *_],
            ):
                yield module


def through_walls(room: str, source: str) -> list[str]:
    """The modules of other rooms that this room may not import."""
    own = {room} | MAY_IMPORT[room]
    return [
        name for name in imported(source) if (top := name.split(".")[0]) in ROOMS and top not in own
    ]


def reads_environment(source: str) -> bool:
    """Whether a source touches os.environ or os.getenv, however it is imported."""
    return any(
        (isinstance(node, ast.Attribute) and node.attr in ENVIRONMENT)
        or (isinstance(node, ast.alias) and node.name in ENVIRONMENT)
        for node in ast.walk(ast.parse(source))
    )


def statements(source: str) -> list[str]:
    """String constants, docstrings apart, that hold a piece of Cypher."""
    tree = ast.parse(source)
    prose = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    return [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and id(node) not in prose
        and STATEMENT.search(node.value)
    ]


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_imports_only_what_the_picture_allows(room: str) -> None:
    found = {
        named(path): bad
        for path in FILES
        if path.relative_to(ROOT).parts[0] == room
        and (bad := through_walls(room, path.read_text(encoding="utf-8")))
    }
    assert not found, f"{room} may import {sorted(MAY_IMPORT[room])} only: {found}"


def test_every_room_has_files_to_look_at() -> None:
    assert {path.relative_to(ROOT).parts[0] for path in FILES} == set(ROOMS)


def test_only_settings_read_the_environment() -> None:
    readers = [named(path) for path in FILES if reads_environment(path.read_text(encoding="utf-8"))]
    assert readers == ["api/settings.py"]


def test_statements_are_files() -> None:
    found = {
        named(path): held
        for path in FILES
        if (held := statements(path.read_text(encoding="utf-8")))
    }
    assert not found, f"move these under cypher/: {found}"


def test_the_statement_pattern_knows_our_own_statements() -> None:
    """The pattern that searches Python finds nearly every statement there is."""
    files = sorted((ROOT / "cypher").rglob("*.cypher"))
    known = [path for path in files if STATEMENT.search(path.read_text(encoding="utf-8"))]
    assert len(known) >= 0.9 * len(files), sorted(set(map(named, files)) - set(map(named, known)))


@pytest.mark.parametrize("name", ROOMS)
def test_no_dependency_brings_a_package_of_our_name(name: str) -> None:
    owners = set(packages_distributions().get(name, ())) - {"sentinelmarket"}
    assert not owners, f"{sorted(owners)} also installs a top-level package called {name!r}"


BAD = '''
"""MATCH (a) in a docstring is prose."""
from api.cli import main
import ingest.load
def late():
    from gnn import score
    import importlib; importlib.import_module("api.pipeline")
    from os import getenv
    return store.run(f"MATCH (p:Post {{id: {x}}}) DETACH DELETE p")
'''


def test_a_bad_source_is_flagged() -> None:
    assert set(through_walls("graph", BAD)) == {"api.cli", "ingest.load", "gnn", "api.pipeline"}
    assert set(through_walls("ingest", BAD)) == {"api.cli", "gnn", "api.pipeline"}
    assert reads_environment(BAD)
    assert reads_environment("import os\nhome = os.environ['HOME']")
    assert len(statements(BAD)) == 2


def test_a_good_source_is_not() -> None:
    good = 'from graph.model import Post\nimport ast\nsay = "a match (of two) is merged on return"'
    assert not through_walls("ingest", good)
    assert not reads_environment(good)
    assert not statements(good)
