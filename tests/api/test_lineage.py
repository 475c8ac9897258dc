"""A cluster followed over runs, as GraphQL tells it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from graph.detection.lineage import follow
from graph.lineages import fronts, groups
from graph.model import Alert
from graph.publish import publish
from graph.store import GraphStore
from tests.api import market
from tests.api.conftest import Ask

CLUSTER = """query($id: ID!) { cluster(id: $id) { coordination lineage {
  id bornAt alive size tickers
  events { at runId kind lineageId other size joined gone says } } } }"""
ALERTS = "{ alerts { nodes { id lineage { id alive } } } }"


@pytest.fixture
def grown(store: GraphStore, asked: Ask) -> Ask:
    """A ring of four, then of five, by two runs; an alert on it."""
    market.put_posts(store, market.ring_posts(0, 5, "T0"))
    for number, size in ((2, 4), (3, 5)):
        run = replace(market.RUN, id=f"r-{number}", as_of=market.AS_OF + number)
        run = replace(run, finished_at=run.as_of)
        ring = market.ring_cluster(0, market.ring_posts(0, size, "T0"))
        ring = replace(ring, id=f"c-of-{size}", coordination=0.5)
        story = follow(fronts(store, run.id), groups([ring]), run.id)
        raised = Alert(
            "a-ring", ring.id, "A ring", 90, run.as_of, run.id, lineage_id=story.of[ring.id]
        )
        publish(store, run, [], [ring], {}, {}, [], [raised], story=story)
    return asked


def test_a_cluster_tells_its_lineage_and_what_happened_to_it(grown: Ask) -> None:
    found = grown(CLUSTER, id="c-of-5")["cluster"]
    assert found["coordination"] == 0.5
    lineage = found["lineage"]
    assert (lineage["alive"], lineage["size"], lineage["tickers"]) == (True, 5, ["T0"])
    birth, growth = lineage["events"]
    assert (birth["kind"], birth["runId"], birth["size"]) == ("birth", "r-2", 4)
    assert birth["at"] == lineage["bornAt"]
    assert growth == {
        "at": growth["at"],
        "runId": "r-3",
        "kind": "growth",
        "lineageId": lineage["id"],
        "other": None,
        "size": 5,
        "joined": 1,
        "gone": 0,
        "says": "grew from 4 to 5 accounts (1 joined, 0 left)",
    }


def test_an_alert_names_its_lineage(grown: Ask) -> None:
    alerts = {a["id"]: a["lineage"] for a in grown(ALERTS)["alerts"]["nodes"]}
    assert alerts["a-ring"]["alive"] is True
    assert alerts["a-c-00"] is None  # raised by a program that knew of no lineages


def test_a_cluster_of_an_older_program_has_none(asked: Ask) -> None:
    assert asked(CLUSTER, id="c-00")["cluster"]["lineage"] is None
