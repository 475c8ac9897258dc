"""What an analyst makes of an alert is kept, also when the next run raises it again."""

from __future__ import annotations

from dataclasses import replace

from graph.store import GraphStore
from tests.api import market
from tests.api.conftest import NOW, Ask

SET = """mutation($id: ID!, $state: AlertState!, $reason: String) {
  setAlertState(id: $id, state: $state, reason: $reason) {
    id state reason history cluster { id } } }"""
LIST = "query($state: AlertState) { alerts(state: $state) { nodes { id state reason tickers } } }"


def test_a_change_is_kept_with_its_history(asked: Ask) -> None:
    asked(SET, id="a-c-00", state="ACKNOWLEDGED")
    found = asked(SET, id="a-c-00", state="DISMISSED", reason="a fan\nclub")["setAlertState"]
    assert found == {
        "id": "a-c-00",
        "state": "DISMISSED",
        "reason": "a fan club",
        "history": [f"{NOW} acknowledged", f"{NOW} dismissed a fan club"],
        "cluster": {"id": "c-00"},
    }
    dismissed = asked(LIST, state="DISMISSED")["alerts"]["nodes"]
    assert [alert["id"] for alert in dismissed] == ["a-c-00"]
    assert [alert["id"] for alert in asked(LIST, state="OPEN")["alerts"]["nodes"]] == ["a-c-01"]


def test_saying_the_same_again_changes_nothing(asked: Ask) -> None:
    for _ in range(2):
        found = asked(SET, id="a-c-00", state="MUTED", reason="known")["setAlertState"]
    assert found["history"] == [f"{NOW} muted known"]


def test_the_next_run_does_not_undo_it(store: GraphStore, asked: Ask) -> None:
    asked(SET, id="a-c-00", state="DISMISSED", reason="a fan club")
    market.put_market(store, run=replace(market.RUN, id="r-2", finished_at=market.AS_OF + 2))
    states = {a["id"]: a["state"] for a in asked(LIST)["alerts"]["nodes"]}
    assert states == {"a-c-00": "DISMISSED", "a-c-01": "OPEN"}


def test_an_alert_outlives_its_cluster(store: GraphStore, asked: Ask) -> None:
    second = replace(market.RUN, id="r-2", finished_at=market.AS_OF + 2)
    market.put_results(store, [market.ring_posts(1, 4, "T1")], second)
    found = asked("{ alerts { nodes { id cluster { id } } } }")["alerts"]["nodes"]
    assert found == [{"id": "a-c-00", "cluster": None}, {"id": "a-c-01", "cluster": {"id": "c-01"}}]
