"""A run's results: written once, replacing those of older runs."""

from __future__ import annotations

from dataclasses import replace

from graph.model import CoAction, TiePart
from graph.publish import EVIDENCE_KEPT, publish
from graph.store import GraphStore
from graph.voice_rows import voices_of
from tests.api import market

SECOND = replace(market.RUN, id="r-2", finished_at=market.AS_OF + 2)


def everything(store: GraphStore) -> list[object]:
    rows = store.read("ingest/every_node") + store.read("ingest/every_edge")
    return sorted(rows, key=lambda row: repr(sorted(row.items(), key=repr)))


def test_the_same_run_twice_changes_nothing(store: GraphStore) -> None:
    assert market.put_market(store).changed
    before = everything(store)
    again = market.put_market(store, run=replace(market.RUN, finished_at=market.AS_OF + 9))
    assert not again.changed
    assert everything(store) == before


def test_a_new_run_leaves_what_it_would_leave_in_an_empty_graph(store: GraphStore) -> None:
    market.put_market(store, run=SECOND)
    alone = everything(store)
    market.put_market(store, rings=3, size=4, run=market.RUN)
    market.put_market(store, run=SECOND)
    assert everything(store) == alone


def test_what_only_an_older_run_found_goes(store: GraphStore) -> None:
    market.put_market(store)
    market.put_results(store, [market.ring_posts(1, 4, "T1")], SECOND)
    left = store.read("read/clusters_by_ids", run_id="r-2", ids=["c-00", "c-01", "c-02"])
    assert [row["id"] for row in left] == ["c-01"]
    assert store.read("explain/tie", left="x:00000", right="x:00001") == []
    assert store.read("explain/tie", left="x:01000", right="x:01001")[0]["run_id"] == "r-2"
    assert [r["id"] for r in store.read("read/newest_run")] == ["r-2"]
    assert store.read("read/risks_of_stocks", run_id="r-1", ids=["T0"]) == []


def test_a_cluster_found_again_keeps_no_edge_of_before(store: GraphStore) -> None:
    market.put_market(store)
    posts = market.ring_posts(0, 4, "T0")
    cluster = market.ring_cluster(0, posts)
    other = replace(cluster, posts=(posts[1].id,), promotions=())
    publish(store, SECOND, [], [other], {}, {}, [], [])
    evidence = store.read("read/evidence_of_clusters", ids=["c-00"], most=50)
    assert [row["id"] for row in evidence] == [posts[1].id]
    assert store.read("read/promotions_of_clusters", ids=["c-00"]) == []
    assert store.read("read/price_events_of_clusters", ids=["c-00"]) == []
    (found,) = store.read("read/clusters_by_ids", run_id="r-2", ids=["c-00"])
    assert (found["posts"], found["tickers"], found["score"]) == (1, [], None)


def test_a_tie_carries_at_most_fifty_shared_acts(embedded_store: GraphStore) -> None:
    market.put_market(embedded_store)
    (tie,) = market.ring_ties(market.ring_posts(0, 2, "T0"))
    acts = tuple(CoAction("x:p00000", "x:p00001", "co_link", f"{n}", "1h", n) for n in range(80))
    publish(embedded_store, SECOND, [replace(tie, evidence=acts)], [], {}, {}, [], [])
    (found,) = embedded_store.read("explain/tie", left=tie.left, right=tie.right)
    assert len(found["evidence_left"]) == len(found["evidence_seconds"]) == EVIDENCE_KEPT


def test_a_tie_keeps_what_each_trace_says_by_itself(embedded_store: GraphStore) -> None:
    market.put_market(embedded_store)
    (tie,) = market.ring_ties(market.ring_posts(0, 2, "T0"))
    parts = (TiePart("same_text", "10m", 3, 0.5, 1e-6), TiePart("co_link", "7d", 2, 0.25, 1e-3))
    told = replace(tie, parts=parts, by_value=0.2, anytime_p=0.03, synchrony_p=0.004)
    publish(embedded_store, SECOND, [told], [], {}, {}, [], [])
    (found,) = embedded_store.read("explain/tie", left=tie.left, right=tie.right)
    assert (found["by_value"], found["anytime_p"], found["synchrony_p"]) == (0.2, 0.03, 0.004)
    names = ("trace", "window", "co_actions", "expected", "p")
    kept = zip(*(found[f"part_{name}"] for name in names), strict=True)
    assert [TiePart(*row) for row in kept] == list(parts)


def test_what_is_said_alike_comes_back_and_goes_with_the_next_run(store: GraphStore) -> None:
    market.put_market(store)
    (found,) = store.read("read/clusters_by_ids", run_id="r-1", ids=["c-00"])
    posts = market.ring_posts(0, 4, "T0")
    assert voices_of(found["voices"]) == market.ring_voices(posts)
    silent = replace(market.ring_cluster(0, posts), voices=())
    publish(store, SECOND, [], [silent], {}, {}, [], [])
    page = {"min_score": 0, "ticker": "", "after_score": 101, "after_id": "", "limit": 9}
    (found,) = store.read("read/clusters_page", run_id="r-2", **page)
    assert voices_of(found["voices"]) == ()


def test_a_graph_of_an_older_program_has_no_voices() -> None:
    assert voices_of(None) == ()
