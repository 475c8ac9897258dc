"""What an analyst makes of an alert or a cluster becomes labels, also after a crash."""

from __future__ import annotations

from typing import Any

import pytest

from api.verdicts import MEMBER_SHARE
from graph.bars import Bars
from graph.label_store import EVER, read_labels
from graph.labels import Label, current
from graph.store import GraphStore
from tests.api import market
from tests.api.conftest import NOW, Ask, answer_to
from tests.api.test_alerts import SET

JUDGE = """mutation($id: ID!, $verdict: Verdict!, $reason: String, $confidence: Float! = 0.8) {
  judgeCluster(id: $id, verdict: $verdict, reason: $reason, confidence: $confidence) {
    subject verdict tier confidence provenance reason } }"""
MEMBERS = {market.account_id(0, number) for number in range(4)}


def standing(store: GraphStore) -> dict[str, Label]:
    """What stands now, by subject."""
    return {label.subject: label for label in current(read_labels(store, EVER), EVER)}


def short(store: GraphStore) -> dict[str, tuple[str, float]]:
    return {subject: label.says for subject, label in standing(store).items()}


@pytest.fixture
def followed(store: GraphStore, asked: Ask) -> Ask:
    """The market, whose clusters have lineages."""
    store.write("schema/set_version", version=1)
    store.apply_schema()
    return asked


def test_a_dismissal_labels_the_cluster_and_its_members_harmless(
    store: GraphStore, followed: Ask
) -> None:
    followed(SET, id="a-c-00", state="DISMISSED", reason="a fan club")
    found = short(store)
    assert found.pop("l-00") == ("harmless", 0.8)
    assert found == dict.fromkeys(MEMBERS, ("harmless", 0.8 * MEMBER_SHARE))
    label = standing(store)["l-00"]
    assert (label.tier, label.reason, label.known_at) == ("silver", "a fan club", NOW)


def test_a_change_of_mind_supersedes_and_a_repetition_changes_nothing(
    store: GraphStore, followed: Ask
) -> None:
    for _ in range(2):
        followed(SET, id="a-c-00", state="ACKNOWLEDGED")
    assert short(store)["l-00"] == ("promotion", 0.6)
    assert len(read_labels(store, EVER)) == 5
    followed(SET, id="a-c-00", state="DISMISSED", reason="a fan club")
    assert {verdict for verdict, _ in short(store).values()} == {"harmless"}
    assert len(read_labels(store, EVER)) == 10  # the first five are still there
    followed(SET, id="a-c-00", state="OPEN")
    assert {verdict for verdict, _ in short(store).values()} == {"unclear"}


def test_to_mute_or_open_says_nothing_of_the_cluster(store: GraphStore, followed: Ask) -> None:
    followed(SET, id="a-c-00", state="MUTED", reason="later")
    followed(SET, id="a-c-00", state="OPEN")
    assert read_labels(store, EVER) == []


def test_what_a_crash_left_out_is_written_when_it_is_said_again(
    store: GraphStore, followed: Ask
) -> None:
    state = {"state": "dismissed", "reason": "a fan club", "entry": f"{NOW} dismissed a fan club"}
    store.write("detect/set_alert_state", id="a-c-00", **state)  # and no label
    found = followed(SET, id="a-c-00", state="DISMISSED", reason="a fan club")["setAlertState"]
    assert found["history"] == [f"{NOW} dismissed a fan club"]
    assert len(read_labels(store, EVER)) == 5
    store.write("ingest/forget_account_labels", id=min(MEMBERS))  # a member's was not written
    followed(SET, id="a-c-00", state="DISMISSED", reason="a fan club")
    assert len(read_labels(store, EVER)) == 5


def test_a_verdict_on_a_cluster_settles_its_alert(store: GraphStore, followed: Ask) -> None:
    for _ in range(2):
        found = followed(JUDGE, id="c-00", verdict="PROMOTION", confidence=0.9)["judgeCluster"]
    assert found == {
        "subject": "l-00",
        "verdict": "PROMOTION",
        "tier": "silver",
        "confidence": 0.9,
        "provenance": "analyst",
        "reason": None,
    }
    (alert,) = store.read("read/alerts_by_ids", ids=["a-c-00"])
    assert (alert["state"], alert["history"]) == ("acknowledged", [f"{NOW} acknowledged"])
    followed(SET, id="a-c-00", state="ACKNOWLEDGED")  # less sure: what is surer stays
    assert short(store)["l-00"] == ("promotion", 0.9)
    followed(JUDGE, id="c-00", verdict="HARMLESS", reason="their own fund")
    (alert,) = store.read("read/alerts_by_ids", ids=["a-c-00"])
    assert (alert["state"], alert["reason"]) == ("dismissed", "their own fund")


def test_a_cluster_without_an_alert_and_an_unclear_one(store: GraphStore, followed: Ask) -> None:
    followed(JUDGE, id="c-02", verdict="UNCLEAR")
    assert short(store) == {"l-02": ("unclear", 0.8)}


def test_who_left_before_the_verdict_changed_is_unclear(store: GraphStore, followed: Ask) -> None:
    followed(JUDGE, id="c-00", verdict="PROMOTION")
    gone = min(MEMBERS)
    store.write("ingest/forget_profile", id=gone)
    store.write("detect/forget_clusters_of_other_runs", run_id="r-none", batch=100)
    rows = [market.ring_posts(0, 4, "T0")[1:]]
    market.put_results(store, rows, market.RUN)
    store.write_rows("schema/set_cluster_lineage", [{"cluster_id": "c-00", "lineage_id": "l-00"}])
    followed(JUDGE, id="c-00", verdict="PROMOTION", reason="still", confidence=0.7)
    assert short(store)[gone] == ("promotion", 0.4)
    followed(JUDGE, id="c-00", verdict="HARMLESS", reason="a fan club")
    assert short(store)[gone][0] == "unclear"
    assert {short(store)[account][0] for account in MEMBERS - {gone}} == {"harmless"}


@pytest.mark.parametrize(
    ("given", "says", "code"),
    [
        ({"id": "c-00", "verdict": "HARMLESS", "reason": " "}, "takes a reason", "BAD_USER_INPUT"),
        ({"id": "c-9", "verdict": "PROMOTION"}, "finds no cluster 'c-9'", "NOT_FOUND"),
        ({"id": "c-00", "verdict": "PROMOTION", "confidence": 2.0}, "above 0", "BAD_USER_INPUT"),
        (
            {"id": "c-00", "verdict": "PROMOTION", "reason": "password: 1234"},
            "leave it out",
            "BAD_USER_INPUT",
        ),
    ],
)
def test_what_is_refused(
    embedded_store: GraphStore, bars: Bars, given: dict[str, Any], says: str, code: str
) -> None:
    market.put_market(embedded_store)
    (error,) = answer_to(embedded_store, bars, JUDGE, given).errors
    assert says in error.message
    assert error.extensions["code"] == code
    assert read_labels(embedded_store, EVER) == []
