"""The list of clusters to judge: it stands until it is done, and tells how many there are."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from api.cli import main
from api.review import audit, draw_review, review
from api.settings import Settings
from api.stores import open_both
from graph.bars import Bars
from graph.errors import UsageError
from graph.label_store import write_labels
from graph.labels import Label, SubjectKind, Tier, Verdict
from graph.store import GraphStore
from tests.api import market
from tests.api.conftest import NOW, Ask, answer_to, asker
from tests.api.test_alerts import SET
from tests.api.test_verdicts import JUDGE

RINGS = 12
QUEUE = """query($size: Int! = 20, $asOf: DateTime) { reviewQueue(size: $size, asOf: $asOf) {
  id drawnAt number unknown known
  items { place subject part stratum probability propensity says verdict cluster { id } } } }"""
DRAW = "mutation { drawReviewQueue(size: 5) { id drawnAt items { cluster { id } } } }"
PREVALENCE = "{ prevalence { share low high judged drawn unseen } }"


@pytest.fixture
def followed(store: GraphStore, bars: Bars) -> Ask:
    """Twelve rings with lineages."""
    market.put_market(store, rings=RINGS, size=2)
    store.write("schema/set_version", version=1)
    store.apply_schema()
    return asker(store, bars)


def ids(queue: dict[str, Any]) -> list[str]:
    return [item["cluster"]["id"] for item in queue["items"]]


def test_a_list_says_why_and_nothing_is_kept_by_asking(store: GraphStore, followed: Ask) -> None:
    found = followed(QUEUE)["reviewQueue"]
    assert followed(QUEUE)["reviewQueue"] == found
    assert (found["drawnAt"], found["unknown"], found["known"]) == (None, RINGS, 0)
    assert sorted(ids(found)) == [f"c-{n:02}" for n in range(RINGS)]
    assert {item["part"] for item in found["items"]} >= {"top", "random"}
    assert all(item["says"] for item in found["items"])
    assert store.read("read/review_queues", as_of=2**53) == []


def test_a_kept_list_stands_until_it_is_worked_through(store: GraphStore, followed: Ask) -> None:
    kept = followed(DRAW)["drawReviewQueue"]
    assert len(kept["items"]) == 5
    first, *others = ids(kept)
    followed(JUDGE, id=first, verdict="PROMOTION")
    again = followed(QUEUE, size=5)["reviewQueue"]
    assert (again["id"], ids(again)) == (kept["id"], ids(kept))
    assert [item["verdict"] for item in again["items"]] == ["PROMOTION", None, None, None, None]
    assert followed(DRAW)["drawReviewQueue"]["id"] == kept["id"]
    for cluster in others:
        followed(JUDGE, id=cluster, verdict="HARMLESS", reason="a fan club")
    after = followed(QUEUE, size=5)["reviewQueue"]
    assert (after["number"], after["unknown"], after["known"]) == (1, RINGS - 5, 5)
    assert not set(ids(after)) & set(ids(kept))


def test_the_past_is_seen_as_it_was(store: GraphStore, followed: Ask) -> None:
    followed(DRAW)
    before = followed(QUEUE, size=5, asOf="2020-01-01T00:00:00Z")["reviewQueue"]
    assert before["drawnAt"] is None
    now = followed(QUEUE, size=5)["reviewQueue"]
    assert now["drawnAt"] is not None
    assert ids(before) == ids(now)  # the draw hangs on the run and what was judged, not on the day


def test_what_was_judged_by_chance_tells_how_many_there_are(
    store: GraphStore, followed: Ask
) -> None:
    assert followed(PREVALENCE)["prevalence"] is None
    kept = draw_review(store, NOW, RINGS)
    for item in kept.items:
        followed(JUDGE, id=item.cluster_id, verdict="PROMOTION")
    found = followed(PREVALENCE)["prevalence"]
    assert found["judged"] == found["drawn"] == sum(i.part == "random" for i in kept.items) > 0
    assert 0 < found["low"] < found["share"] <= found["high"] <= 1
    assert audit(store, NOW - 1) is None


def test_what_counts_as_decided(store: GraphStore, followed: Ask) -> None:
    gold = Label(SubjectKind.CLUSTER, "l-03", Verdict.PROMOTION, Tier.GOLD, 1.0, "release", NOW - 9)
    rule = Label(SubjectKind.CLUSTER, "l-04", Verdict.HARMLESS, Tier.BRONZE, 1.0, "rule", NOW - 9)
    write_labels(store, [gold, rule], NOW)
    followed(JUDGE, id="c-03", verdict="HARMLESS", reason="no")  # enforcement knows better
    followed(JUDGE, id="c-05", verdict="UNCLEAR")
    found = review(store, 20)
    assert (found.unknown, found.known, found.known_promotions) == (RINGS - 1, 1, 1)
    assert "c-04" in {item.cluster_id for item in found.items}
    assert {i.part for i in found.items if i.cluster_id == "c-05"} <= {"random"}


def test_a_dismissed_cluster_whose_alert_is_open_again_is_asked_again(
    store: GraphStore, followed: Ask
) -> None:
    followed(SET, id="a-c-00", state="DISMISSED", reason="a fan club")
    assert review(store).known == 1
    reopened = {"state": "open", "reason": "it grew", "entry": "1 open again, by run r-2"}
    store.write("detect/set_alert_state", id="a-c-00", **reopened)  # as a run does
    assert review(store).known == 0


@pytest.mark.parametrize("document", [QUEUE, "mutation { drawReviewQueue(size: 0) { id } }"])
def test_what_is_refused(embedded_store: GraphStore, bars: Bars, document: str) -> None:
    with pytest.raises(UsageError, match="nothing was run yet"):
        review(embedded_store)
    market.put_market(embedded_store)
    (error,) = answer_to(embedded_store, bars, document, {"size": 5_000}).errors
    assert "ask for 1 to 1000" in error.message
    assert error.extensions["code"] == "BAD_USER_INPUT"


def test_from_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    store, bars = open_both(Settings(tmp_path))
    market.put_market(store)  # it stays open: the commands join its server
    words = ["--home", str(tmp_path), "queue"]
    assert main([*words, "--size", "3", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [row["place"] for row in found] == [1, 2, 3]
    assert main([*words, "--size", "3"]) == 0
    assert "Of 3 clusters that nobody has decided on" in capsys.readouterr().out
    assert main([*words, "--estimate"]) == 0
    assert "Nothing that was drawn by chance is judged yet" in capsys.readouterr().out
    assert main([*words, "--size", "0"]) == 1
    assert "ask for 1 to 1000" in capsys.readouterr().err
    store.close()
    bars.close()
