"""Stores for tests: real ones, never mocks.

`store`            a GraphStore with its schema and no data, yours for one test. A test that asks
                   for it runs once on each kind of store, as [embedded] and [neo4j].
`embedded_store`   the same on the embedded store only, for tests that say nothing about stores.
`sidecar`          the session's embedded server, e.g. to make a second database on it.

The embedded server is started once a session in a temporary folder, and each test has a database of
its own. Neo4j has one database: it is emptied before each test. It is used where NEO4J_URI is set
(NEO4J_USER, NEO4J_PASSWORD); `.ci/neo4j` starts one and prints these lines. A Neo4j that holds a
graph is not touched: set NEO4J_MAY_EMPTY=1 where it may be emptied.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

import cypher
from graph.backends import embedded, embedded_database, open_neo4j
from graph.backends.bolt import BoltStore

HOW_TO_NEO4J = "NEO4J_URI is not set; start one with .ci/neo4j or `docker compose up neo4j`"
_numbers = count()


_statements_run: dict[str, int] = {}


@pytest.fixture(scope="session")
def statements_run() -> dict[str, int]:
    """How many statements ran on each store; shown at the end of the session."""
    return _statements_run


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Says how many statements ran on each store."""
    if not _statements_run:
        return
    missing = {} if "neo4j" in _statements_run else {"neo4j": f"0 ({HOW_TO_NEO4J})"}
    counted = ", ".join(f"{kind} {ran}" for kind, ran in (_statements_run | missing).items())
    terminalreporter.write_line(f"statements run of {len(cypher.names())}: {counted}")


@pytest.fixture(scope="session")
def sidecar(tmp_path_factory: pytest.TempPathFactory) -> Iterator[embedded.Sidecar]:
    """The session's embedded server."""
    running = embedded.join(tmp_path_factory.mktemp("graph"), heap="1g")
    yield running
    running.close()


@pytest.fixture(scope="session")
def neo4j_server() -> Iterator[BoltStore]:
    """The Neo4j that NEO4J_URI names, empty at first; without it the test is skipped."""
    if not (uri := os.environ.get("NEO4J_URI")):
        pytest.skip(HOW_TO_NEO4J)
    running = open_neo4j(
        uri, user=os.environ.get("NEO4J_USER"), password=os.environ.get("NEO4J_PASSWORD")
    )
    if os.environ.get("NEO4J_MAY_EMPTY") != "1" and running.read("schema/count")[0]["nodes"]:
        pytest.fail(f"{uri} holds a graph; set NEO4J_MAY_EMPTY=1 if the tests may empty it")
    empty(running)
    running.apply_schema()
    yield running
    empty(running)
    running.close()


@pytest.fixture
def embedded_store(sidecar: embedded.Sidecar) -> Iterator[BoltStore]:
    """A store on a new database of the embedded server, with its schema."""
    name = f"t{next(_numbers)}"
    sidecar.ensure_database(name)
    fresh = embedded_database(sidecar, name)
    fresh.apply_schema()
    yield fresh
    fresh.close()
    sidecar.server_command(f"drop database {name}")


@pytest.fixture
def neo4j_store(neo4j_server: BoltStore) -> BoltStore:
    """The Neo4j store, emptied, with its schema."""
    empty(neo4j_server)
    return neo4j_server


@pytest.fixture(params=["embedded", "neo4j"])
def store(request: pytest.FixtureRequest) -> BoltStore:
    """An empty store with its schema, once of each kind."""
    found: BoltStore = request.getfixturevalue(f"{request.param}_store")
    return found


def empty(store: BoltStore) -> None:
    """Deletes every node in batches, all but the schema's version."""
    while store.write("schema/empty", limit=5_000).changed:
        pass


def data_file(name: str) -> Path:
    """A file of the shared data folder beside the checkout; where it is not, the test skips."""
    path = Path(__file__).parents[2] / "shared" / "data" / name
    if not path.exists():
        pytest.skip(f"{name} is not beside this checkout")
    return path
