"""A store with a small market in it, and a way to ask it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from api.graphql.schema import build_schema, context
from graph.bars import Bars
from graph.store import GraphStore
from tests.api import market

SCHEMA = build_schema()
NOW = 1_800_000_000_000

Ask = Callable[..., dict[str, Any]]


@pytest.fixture
def bars(tmp_path: Path) -> Iterator[Bars]:
    """Ten days of T0."""
    with Bars(tmp_path / "bars.sqlite") as found:
        market.put_bars(found)
        yield found


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
