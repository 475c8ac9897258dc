"""A store with a small market in it, and a way to ask it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from api.graphql.schema import build_schema, context
from graph.backends import embedded_database
from graph.bars import Bars
from graph.store import GraphStore
from tests.api import market
from tests.conftest import empty

SCHEMA = build_schema()
NOW = 1_800_000_000_000

Ask = Callable[..., dict[str, Any]]


@pytest.fixture
def bars(tmp_path: Path) -> Iterator[Bars]:
    """Ten days of T0."""
    with Bars(tmp_path / "bars.sqlite") as found:
        market.put_bars(found)
        yield found


@pytest.fixture(scope="module", params=["embedded", "neo4j"])
def ask(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ask]:
    """Asks a store that holds the market and that a module's tests share: they only read."""
    with ExitStack() as stack:
        bars = stack.enter_context(Bars(tmp_path_factory.mktemp("bars") / "bars.sqlite"))
        market.put_bars(bars)
        found = stack.enter_context(shared(request.param, request))
        market.put_market(found)
        yield asker(found, bars)


@contextmanager
def shared(kind: str, request: pytest.FixtureRequest) -> Iterator[GraphStore]:
    """An empty store of a kind, for all the tests of a module."""
    if kind == "neo4j":
        server = request.getfixturevalue("neo4j_server")
        empty(server)
        yield server
        return
    sidecar = request.getfixturevalue("sidecar")
    name = f"api{abs(hash(request.node.nodeid))}"
    sidecar.ensure_database(name)
    with closing(embedded_database(sidecar, name)) as found:
        found.apply_schema()
        yield found
    sidecar.server_command(f"drop database {name}")


@pytest.fixture
def asked(store: GraphStore, bars: Bars) -> Ask:
    """Asks a store that holds the market; gives the data, and fails on errors."""
    market.put_market(store)
    return asker(store, bars)


def asker(store: GraphStore, bars: Bars) -> Ask:
    """Asks in process, as the service would."""

    def ask(document: str, **variables: Any) -> dict[str, Any]:
        answer = answer_to(store, bars, document, variables)
        assert not answer.errors, answer.errors
        return dict(answer.data)

    return ask


def answer_to(store: GraphStore, bars: Bars, document: str, variables: Mapping[str, Any]) -> Any:
    """The whole answer, with its errors."""
    return asyncio.run(
        SCHEMA.execute(
            document,
            variable_values=dict(variables),
            context_value=context(store, bars, lambda: NOW),
        )
    )
