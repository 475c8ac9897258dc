"""From schema version 1 to 2: every cluster and every alert gets its lineage.

A cluster of version 1 begins a lineage that is named after its members, as a new one would be, so
that the next run goes on with it. An alert gets the name that its cluster's lineage has or would
have: where the cluster is gone, its members are not known, and the alert waits for a cluster of
just these members, as it did in version 1.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from graph.paging import pages
from graph.store import GraphStore

BATCH = 500
MOST = 1_000_000


def begin_lineages(store: GraphStore) -> None:
    """Writes what is missing; what is there already stays, so that it may be run twice."""
    clusters = [row for row in pages(store, "schema/every_cluster") if not row["lineage_id"]]
    for start in range(0, len(clusters), BATCH):
        part = clusters[start : start + BATCH]
        store.write_rows("detect/publish_lineages", _lineages(store, part))
        owners = [{"cluster_id": c["id"], "lineage_id": _lineage(c["id"])} for c in part]
        store.write_rows("schema/set_cluster_lineage", owners)
    sizes = {row["id"]: row["size"] for row in pages(store, "schema/every_cluster")}
    alerts = [row for row in pages(store, "schema/every_alert") if not row["lineage_id"]]
    store.write_rows("schema/set_alert_lineage", [_alert(row, sizes) for row in alerts])


def _lineage(id: str) -> str:
    """The name of the lineage that a cluster or its alert belongs to: ids end in one hash."""
    return "l-" + id.partition("-")[2]


def _lineages(store: GraphStore, clusters: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows of lineages as the run that found the clusters last saw them, and never before."""
    ids = [c["id"] for c in clusters]
    members: defaultdict[str, list[str]] = defaultdict(list)
    for row in store.read("read/members_of_clusters", ids=ids, most=MOST):
        members[row["owner"]].append(row["account_id"])
    named: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for row in store.read("read/promotions_of_clusters", ids=ids):
        named[row["owner"]][row["ticker"]] = row["posts"]
    earlier = ("cluster_id", "alive", "members", "tickers", "named", "named_posts")
    return [
        {
            "id": _lineage(c["id"]),
            "at": c["as_of"],
            "run_id": c["run_id"],
            "cluster_id": c["id"],
            "alive": True,
            "members": sorted(members[c["id"]]),
            "tickers": sorted(named[c["id"]]),  # all: what it was about was not kept
            "named": sorted(named[c["id"]]),
            "named_posts": [n for _, n in sorted(named[c["id"]].items())],
        }
        | {f"earlier_{name}": None for name in earlier}
        for c in clusters
    ]


def _alert(row: dict[str, Any], sizes: dict[str, int]) -> dict[str, Any]:
    return {
        "alert_id": row["id"],
        "lineage_id": _lineage(row["cluster_id"]),
        "run_id": row["run_id"],
        "score": row["score"],
        "size": sizes.get(row["cluster_id"], 0),
    }
