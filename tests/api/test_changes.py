"""What the API answers while the graph changes under it."""

from __future__ import annotations

from dataclasses import replace

from graph.bars import Bars
from graph.store import GraphStore
from tests.api import market
from tests.api.conftest import Ask, asker


def test_rows_that_come_while_paging_shift_nothing(store: GraphStore, asked: Ask) -> None:
    document = """query($after: String) { posts(first: 6, after: $after) {
        nodes { id } pageInfo { endCursor } } }"""
    before = asked(document)["posts"]
    market.put_posts(store, market.ring_posts(9, 3, "T9"))  # newer than everything
    after = asked(document, after=before["pageInfo"]["endCursor"])["posts"]
    ids = [node["id"] for node in before["nodes"] + after["nodes"]]
    assert ids == [f"x:p{ring:02}{n:03}" for ring in (2, 1, 0) for n in (3, 2, 1, 0)]


def test_stocks_come_riskiest_first_and_then_those_nobody_promotes(
    store: GraphStore, asked: Ask
) -> None:
    store.write_rows("ingest/stocks", [{"id": "AAA"}, {"id": "BBB"}])
    document = "{ stocks { nodes { ticker risk { score } } } }"
    found = [(n["ticker"], n["risk"]) for n in asked(document)["stocks"]["nodes"]]
    assert found == [("T0", {"score": 90}), ("T1", {"score": 89}), ("AAA", None), ("BBB", None)]


def test_only_the_newest_finished_run_is_seen(store: GraphStore, bars: Bars) -> None:
    ask = asker(store, bars)
    document = """{ run { id clusters } clusters { nodes { id } }
                    account(id: "x:00000") { ties { weight } } }"""
    assert ask("{ run { id } clusters { nodes { id } } }") == {
        "run": None,
        "clusters": {"nodes": []},
    }
    market.put_market(store)
    second = replace(market.RUN, id="r-2", finished_at=market.RUN.finished_at + 1)
    market.put_results(store, [market.ring_posts(1, 4, "T1")], second)
    found = ask(document)
    assert found["run"] == {"id": "r-2", "clusters": 1}
    assert [n["id"] for n in found["clusters"]["nodes"]] == ["c-01"]
    assert found["account"]["ties"] == []
