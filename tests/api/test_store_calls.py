"""A page costs as many store calls as it has kinds of fields, however long it is."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from graph.bars import Bars
from graph.store import GraphStore
from tests.api import market
from tests.api.conftest import asker

DOCUMENT = """query($n: Int!) { clusters(first: $n) { nodes { name risk { score }
  members { role account { handle } } ties { left { id } right { id } evidence { left { text } } }
  evidence { text account { handle } stocks links }
  promotions { stock { ticker name risk { score } bars { close } postsPerDay { posts } } }
  priceEvents { event { id } } graph { nodes { id } } } } }"""


class Counting:
    """A real store that counts how often each statement is read."""

    def __init__(self, store: GraphStore) -> None:
        self.calls: Counter[str] = Counter()
        self._store = store

    def read(self, name: str, /, **params: Any) -> list[dict[str, Any]]:
        self.calls[name] += 1
        return self._store.read(name, **params)


class CountingBars(Counting):
    """The same for bars."""

    def read(self, *args: Any, **params: Any) -> Any:
        self.calls["bars"] += 1
        return self._store.read(*args, **params)


@pytest.fixture
def counted(embedded_store: GraphStore, bars: Bars) -> dict[int, Counter[str]]:
    """How often each statement was read, for pages of 2 and of 12."""
    market.put_market(embedded_store, rings=12)
    found = {}
    for size in (2, 12):
        store, counting_bars = Counting(embedded_store), CountingBars(bars)  # type: ignore[arg-type]
        answer = asker(store, counting_bars)(DOCUMENT, n=size)  # type: ignore[arg-type]
        assert len(answer["clusters"]["nodes"]) == size
        found[size] = store.calls + counting_bars.calls
    return found


def test_a_longer_page_costs_no_more_calls(counted: dict[int, Counter[str]]) -> None:
    assert counted[2] == counted[12]


def test_no_statement_runs_often(counted: dict[int, Counter[str]]) -> None:
    # Accounts are asked for by members, ties and posts, which become known one after the other.
    assert max(counted[12].values()) <= 3
    assert counted[12].total() <= 24
