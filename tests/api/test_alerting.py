"""An alert follows its lineage: what keeps its state, what opens it again, what history says."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from api.alerting import Alerts, alerts, known_alerts
from api.pipeline import ALERT_AT, title
from graph.detection.lineage import follow
from graph.lineages import fronts, groups
from graph.model import AlertState, Cluster, Member, Promotion
from graph.publish import publish
from graph.store import GraphStore
from tests.api import market

REASON = "a known fan club"


def cluster(members: str, **named: int) -> Cluster:
    """A cluster of one-letter accounts whose evidence posts name these stocks so often."""
    base = market.ring_cluster(0, market.ring_posts(0, 3, "T0"))
    total = sum(named.values()) or 1
    return replace(
        base,
        id="c-" + "".join(sorted(members)),
        members=tuple(Member(f"x:{who}", "amplifier", 1.0) for who in members),
        promotions=tuple(Promotion(t, n, n / total, 0, 1) for t, n in named.items()),
    )


class Runs:
    """Runs after each other over one store; each is given what it finds and how it scores."""

    def __init__(self, store: GraphStore) -> None:
        self.store = store
        self.number = 0

    def find(self, *found: tuple[Cluster, int], again: bool = False) -> Alerts:
        self.number += not again
        run = replace(market.RUN, id=f"r-{self.number}", as_of=self.number)
        clusters = [c for c, _ in found]
        risks = {c.id: market.risk(c.id, "cluster", score) for c, score in found}
        story = follow(fronts(self.store, run.id), groups(clusters), run.id)
        known = known_alerts(self.store, story)
        made = alerts(clusters, risks, story, run, known, ALERT_AT, title)
        publish(
            self.store, run, [], clusters, risks, {}, [], made.raised,
            story=story, updates=made.updates,
        )  # fmt: skip
        return made

    def says(self, id: str, state: str) -> None:
        """What an analyst sets."""
        entry = f"{self.number} {state} {REASON}"
        self.store.write("detect/set_alert_state", id=id, state=state, reason=REASON, entry=entry)

    def alert(self, id: str) -> dict[str, Any]:
        (row,) = self.store.read("read/alerts_by_ids", ids=[id])
        return row


@pytest.fixture
def runs(embedded_store: GraphStore) -> Runs:
    return Runs(embedded_store)


@pytest.fixture
def dismissed(runs: Runs) -> str:
    """The id of an alert on four accounts with a score of 75, dismissed."""
    (alert,) = runs.find((cluster("abcd", ACME=20), 75)).raised
    runs.says(alert.id, "dismissed")
    return alert.id


def test_a_lineage_is_raised_once(runs: Runs) -> None:
    first = runs.find((cluster("abcd", ACME=20), 75), (cluster("xyz", ZORP=9), 69))
    (alert,) = first.raised
    assert (alert.score, alert.size, alert.state) == (75, 4, AlertState.OPEN)
    second = runs.find((cluster("abcde", ACME=20), 76), (cluster("xyz", ZORP=9), 69))
    assert second.raised == ()
    assert [a.id for a in second.standing] == [alert.id]
    assert second.standing[0].title == "5 accounts on $ACME"


def test_one_account_more_does_not_bring_a_dismissed_alert_back(runs: Runs, dismissed: str) -> None:
    made = runs.find((cluster("abcde", ACME=24), 80))
    assert made.raised == ()
    row = runs.alert(dismissed)
    assert (row["state"], row["reason"]) == ("dismissed", REASON)
    assert row["history"] == [f"1 dismissed {REASON}"]
    assert (row["cluster_id"], row["score"]) == ("c-abcde", 80)
    assert made.standing[0].state is AlertState.DISMISSED


@pytest.mark.parametrize(
    ("found", "score", "line"),
    [
        (cluster("abcd", ACME=20), 90, "rose from high to critical: score 90, at most 75 before"),
        (
            cluster("abcd", ACME=20, ZORP=8),
            75,
            "turned to $ZORP: 8 evidence posts on it since it was last seen",
        ),
        (cluster("abcdefgh", ACME=20), 75, "grew from 4 to 8 accounts"),
    ],
)
def test_what_opens_a_dismissed_alert_again(
    runs: Runs, dismissed: str, found: Cluster, score: int, line: str
) -> None:
    made = runs.find((found, score))
    row = runs.alert(dismissed)
    assert row["state"] == "open"
    assert row["history"][1:] == [f"2 {line}", "2 open again, by run r-2"]
    assert row["reason"] == f"it was dismissed ({REASON}) and then {line}"
    (alert,) = made.standing
    assert (alert.id, alert.state.value, alert.reason) == (dismissed, "open", row["reason"])
    assert list(alert.history) == row["history"]


def test_it_is_told_once_and_a_second_dismissal_holds(runs: Runs, dismissed: str) -> None:
    runs.find((cluster("abcd", ACME=20), 90))
    runs.says(dismissed, "dismissed")
    runs.find((cluster("abcd", ACME=20), 96))
    row = runs.alert(dismissed)
    assert row["state"] == "dismissed"
    assert [line.split()[1] for line in row["history"]] == [
        "dismissed",
        "rose",
        "open",
        "dismissed",
    ]


def test_a_fall_and_a_rise_back_are_no_news(runs: Runs, dismissed: str) -> None:
    runs.find((cluster("abcd", ACME=20), 40))
    assert runs.alert(dismissed)["score"] == 40
    runs.find((cluster("abcd", ACME=20), 78))
    assert runs.alert(dismissed)["state"] == "dismissed"


def test_after_a_dismissal_at_a_lower_score_the_old_height_is_news(runs: Runs) -> None:
    (alert,) = runs.find((cluster("abcd", ACME=20), 90)).raised
    runs.find((cluster("abcd", ACME=20), 72))
    runs.says(alert.id, "dismissed")
    runs.find((cluster("abcd", ACME=20), 90))
    assert runs.alert(alert.id)["state"] == "open"


@pytest.mark.parametrize("state", ["muted", "acknowledged"])
def test_muted_and_acknowledged_alerts_stay_so_and_their_history_tells(
    runs: Runs, dismissed: str, state: str
) -> None:
    runs.says(dismissed, state)
    runs.find((cluster("abcd", ACME=20), 90))
    row = runs.alert(dismissed)
    assert (row["state"], row["reason"]) == (state, REASON)
    assert "rose from high to critical" in row["history"][-1]


@pytest.mark.parametrize(("other", "opens"), [("open", True), ("dismissed", False)])
def test_taking_in_a_lineage_whose_alert_stands_opens_it_again(
    runs: Runs, other: str, opens: bool
) -> None:
    small, large = cluster("xyz", ACME=9), cluster("abcde", ACME=20)
    first = runs.find((large, 75), (small, 75)).raised
    ids = {alert.cluster_id: alert.id for alert in first}
    runs.says(ids[large.id], "dismissed")
    if other == "dismissed":
        runs.says(ids[small.id], "dismissed")
    runs.find((cluster("abcdexyz", ACME=29), 75))
    kept, gone = runs.alert(ids[large.id]), runs.alert(ids[small.id])
    assert kept["state"] == ("open" if opens else "dismissed")
    assert any(f"its alert {ids[small.id]} was {other}" in line for line in kept["history"])
    assert gone["state"] == other
    assert "went into" in gone["history"][-1]
    assert gone["cluster_id"] == "c-abcdexyz"


def test_an_ended_lineage_keeps_its_alert_and_comes_back_to_it(runs: Runs, dismissed: str) -> None:
    runs.find()
    runs.find()
    assert runs.find((cluster("abce", ACME=20), 75)).raised == ()
    row = runs.alert(dismissed)
    assert row["state"] == "dismissed"
    assert [line.split()[:2] for line in row["history"][1:]] == [["2", "ended:"], ["4", "came"]]


def test_a_new_lineage_that_took_in_a_dismissed_one_is_raised_and_says_so(
    runs: Runs, dismissed: str
) -> None:
    crowd = cluster("abcdefghijklmnopqrstuvwxyz", ACME=60)
    (alert,) = runs.find((crowd, 88)).raised
    assert alert.id != dismissed
    assert f"its alert {dismissed} was dismissed" in alert.history[0]


def test_the_same_run_again_says_the_same(runs: Runs, dismissed: str) -> None:
    found = (cluster("abcde", ACME=20, ZORP=9), 90)
    made = runs.find(found)
    row = runs.alert(dismissed)
    again = runs.find(found, again=True)
    assert again.standing == made.standing
    assert again.updates == ()
    assert runs.alert(dismissed) == row
    runs.says(dismissed, "dismissed")
    runs.find(found, again=True)
    assert runs.alert(dismissed)["state"] == "dismissed"
