"""Lineages in the graph: written with a run, told the same again, and begun for an older graph."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from graph.backends import migrations
from graph.backends.bolt import BoltStore
from graph.detection.lineage import Story, follow
from graph.forget import forget_account
from graph.lineages import event_rows, fronts, groups, lineage_rows
from graph.model import Cluster, Post
from graph.publish import RunRow, publish
from graph.schema import VERSION
from graph.store import Counters, GraphStore
from tests.api import market
from tests.graph.test_publish import everything

FIRST = market.RUN
SECOND = replace(FIRST, id="r-2", as_of=FIRST.as_of + 1, finished_at=FIRST.finished_at + 1)
THIRD = replace(FIRST, id="r-3", as_of=FIRST.as_of + 2, finished_at=FIRST.finished_at + 2)


def ring(size: int, number: int = 0, first: int = 0) -> Cluster:
    """A ring of `size` accounts from the `first` on, as a run would find it."""
    posts = market.ring_posts(number, first + size, f"T{number}")[first:]
    return replace(market.ring_cluster(number, posts), id=f"c-{number}-{first}-{size}")


def put(store: GraphStore, run: RunRow, *clusters: Cluster) -> tuple[Story, Counters]:
    """A run that found these clusters, with what became of those of before."""
    story = follow(fronts(store, run.id), groups(clusters), run.id)
    return story, publish(store, run, [], clusters, {}, {}, [], [], story=story)


@pytest.fixture
def filled(store: BoltStore) -> BoltStore:
    """Ten accounts of two rings with a post each."""
    posts: list[Post] = [p for n in range(2) for p in market.ring_posts(n, 10, f"T{n}")]
    market.put_posts(store, posts)
    return store


def lineage(store: GraphStore, run: RunRow, cluster: Cluster) -> str:
    (row,) = store.read("read/clusters_by_ids", run_id=run.id, ids=[cluster.id])
    return str(row["lineage_id"])


def told(store: GraphStore, id: str) -> list[tuple[str, int]]:
    """What happened to a lineage: kinds, and the size after each."""
    rows = store.read("read/events_of_lineages", ids=[id], most=50)
    return [(row["kind"], row["size"]) for row in rows]


def test_a_cluster_keeps_its_lineage_while_it_grows(filled: BoltStore) -> None:
    put(filled, FIRST, ring(4))
    born = lineage(filled, FIRST, ring(4))
    put(filled, SECOND, ring(6))
    assert lineage(filled, SECOND, ring(6)) == born
    assert told(filled, born) == [("birth", 4), ("growth", 6)]
    (row,) = filled.read("read/lineages_by_ids", ids=[born])
    assert (row["born_at"], row["size"], row["alive"]) == (FIRST.as_of, 6, True)
    assert (row["cluster_id"], row["tickers"]) == (ring(6).id, ["T0"])


def test_the_same_run_again_changes_nothing(filled: BoltStore) -> None:
    put(filled, FIRST, ring(4), ring(4, 1))
    put(filled, SECOND, ring(6), ring(3, 1), ring(3, 0, 6))
    before = everything(filled)
    story, counters = put(filled, SECOND, ring(6), ring(3, 1), ring(3, 0, 6))
    assert not counters.changed
    assert everything(filled) == before
    assert {event.kind for event in story.events} == {"growth", "shrink", "birth"}


def test_a_run_that_was_cut_short_tells_the_same_when_it_is_repeated(filled: BoltStore) -> None:
    """One lineage of two was written before it stopped."""
    put(filled, FIRST, ring(4), ring(4, 1))
    found = [ring(6), ring(6, 1)]
    whole = follow(fronts(filled, SECOND.id), groups(found), SECOND.id)
    rows = lineage_rows(whole, SECOND.id, SECOND.as_of)
    filled.write_rows("detect/publish_lineages", rows[:1])
    story, _ = put(filled, SECOND, *found)
    assert story == whole
    for cluster in found:
        assert told(filled, lineage(filled, SECOND, cluster)) == [("birth", 4), ("growth", 6)]


def test_going_on_unchanged_is_no_event(filled: BoltStore) -> None:
    put(filled, FIRST, ring(4))
    story, _ = put(filled, SECOND, ring(4))
    assert [event.kind for event in story.events] == ["continuation"]
    assert event_rows(story, SECOND.id, SECOND.as_of) == []
    assert told(filled, lineage(filled, SECOND, ring(4))) == [("birth", 4)]


def test_a_lineage_that_ended_is_kept_and_comes_back(filled: BoltStore) -> None:
    put(filled, FIRST, ring(4))
    born = lineage(filled, FIRST, ring(4))
    put(filled, SECOND, ring(4, 1))
    assert filled.read("read/lineages_by_ids", ids=[born])[0]["alive"] is False
    put(filled, THIRD, ring(5), ring(4, 1))
    assert lineage(filled, THIRD, ring(5)) == born
    assert [kind for kind, _ in told(filled, born)] == ["birth", "death", "return"]


def test_both_sides_of_a_split_are_told(filled: BoltStore) -> None:
    put(filled, FIRST, ring(8))
    put(filled, SECOND, ring(5), ring(3, 0, 5))
    old = lineage(filled, SECOND, ring(5))
    new = lineage(filled, SECOND, ring(3, 0, 5))
    assert sorted(told(filled, old)) == [("birth", 8), ("shrink", 5), ("split", 3)]
    assert told(filled, new) == [("split", 3)]


def test_an_event_hangs_on_its_lineage(filled: BoltStore) -> None:
    put(filled, FIRST, ring(4))
    edges = [e for e in filled.read("ingest/every_edge") if "HAPPENED_TO" in map(str, e.values())]
    assert len(edges) == 1


def test_a_forgotten_account_is_in_no_lineage(filled: BoltStore) -> None:
    put(filled, FIRST, ring(4))
    put(filled, SECOND, ring(5))
    gone = market.account_id(0, 1)
    forget_account(filled, gone)
    (row,) = filled.read("detect/known_lineages", after="", limit=10)
    assert len(row["members"]) == 4
    assert len(row["earlier_members"]) == 3
    assert gone not in str(everything(filled))
    assert not forget_account(filled, gone).changed


def version_1(store: BoltStore) -> None:
    """A graph as a program of schema version 1 leaves it: no lineages anywhere."""
    market.put_market(store)
    store.write("schema/set_version", version=1)


def alert(store: GraphStore, id: str) -> dict[str, Any]:
    (row,) = store.read("detect/known_alerts", ids=["l-" + id.rsplit("-", 1)[1]])
    return row


def test_a_graph_of_version_1_gets_a_lineage_for_each_cluster_and_alert(store: BoltStore) -> None:
    version_1(store)
    state = {"state": "dismissed", "reason": "a fan club", "entry": "1 dismissed"}
    store.write("detect/set_alert_state", id="a-c-00", **state)
    store.apply_schema()
    assert migrations.version_of(store) == VERSION
    for number in range(3):
        cluster = replace(market.ring_cluster(number, market.ring_posts(number, 4, "T0")))
        assert lineage(store, market.RUN, cluster) == f"l-{number:02}"
    found = alert(store, "a-c-00")
    assert (found["state"], found["size"], found["noted_size"]) == ("dismissed", 4, 4)
    assert (found["noted_score"], found["found_by"]) == (found["score"], market.RUN.id)
    before = everything(store)
    store.write("schema/set_version", version=1)
    store.apply_schema()  # as after a crash
    assert everything(store) == before


def test_the_next_run_goes_on_with_the_lineages_of_a_migrated_graph(store: BoltStore) -> None:
    version_1(store)
    store.apply_schema()
    market.put_posts(store, market.ring_posts(0, 5, "T0"))
    grown = replace(market.ring_cluster(0, market.ring_posts(0, 5, "T0")), id="c-grown")
    story, _ = put(store, SECOND, grown)
    assert story.of == {"c-grown": "l-00"}
    assert ("growth", 5) in told(store, "l-00")
