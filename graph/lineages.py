"""Lineages in the graph: read before a run is published, and written with it.

A Lineage node holds two fronts: how it was last seen, and how it was before the run that saw it so.
A run that is published again, or once more after a crash, starts from the second one wherever the
first is its own, and so tells the same story.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from graph.detection.lineage import Front, Group, Kind, Story
from graph.model import Cluster, Millis
from graph.paging import pages
from graph.store import GraphStore


def groups(clusters: Iterable[Cluster]) -> list[Group]:
    """Clusters as lineages are matched: members, and posts by stock."""
    return [
        Group(
            c.id,
            frozenset(member.account_id for member in c.members),
            {promotion.ticker: promotion.posts for promotion in c.promotions},
        )
        for c in clusters
    ]


def fronts(store: GraphStore, run_id: str) -> list[Front]:
    """Every lineage as it was before the run `run_id`; those that began with it are left out."""
    found = []
    for row in pages(store, "detect/known_lineages"):
        earlier = "earlier_" if row["run_id"] == run_id else ""
        if row[f"{earlier}alive"] is not None:
            found.append(_front(row, earlier))
    return found


def lineage_rows(story: Story, run_id: str, at: Millis) -> list[dict[str, Any]]:
    """A row for each lineage that changed, with how it was before."""
    return [
        {"id": new.lineage, "at": at, "run_id": run_id}
        | _columns(new, "")
        | _columns(old, "earlier_")
        for new, old in story.fronts
    ]


def event_rows(
    story: Story, run_id: str, at: Millis, recorded_at: Millis = 0
) -> list[dict[str, Any]]:
    """A row for each event; to go on with the same members is none."""
    return [
        {
            "id": "|".join((run_id, event.lineage, event.kind, event.other or "")),
            "run_id": run_id,
            "at": at,
            "recorded_at": recorded_at,
            "kind": event.kind.value,
            "lineage_id": event.lineage,
            "cluster_id": event.cluster,
            "other": event.other,
            "size": event.size,
            "joined": event.joined,
            "gone": event.gone,
            "says": event.says,
        }
        for event in story.events
        if event.kind is not Kind.CONTINUATION or event.joined
    ]


def owner_rows(events: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Rows that join each event to its lineage."""
    return [{"lineage_event_id": e["id"], "lineage_id": e["lineage_id"]} for e in events]


def _front(row: Mapping[str, Any], earlier: str) -> Front:
    names, counts = row[f"{earlier}named"] or [], row[f"{earlier}named_posts"] or []
    return Front(
        row["id"],
        row[f"{earlier}cluster_id"],
        frozenset(row[f"{earlier}members"] or ()),
        tuple(row[f"{earlier}tickers"] or ()),
        dict(zip(names, counts, strict=True)),
        row[f"{earlier}alive"],
    )


def _columns(front: Front | None, earlier: str) -> dict[str, Any]:
    names = ("cluster_id", "alive", "members", "tickers", "named", "named_posts")
    if front is None:
        return {f"{earlier}{name}": None for name in names}
    named = sorted(front.named)
    values = (
        front.cluster,
        front.alive,
        sorted(front.members),
        list(front.tickers),
        named,
        [front.named[ticker] for ticker in named],
    )
    return {f"{earlier}{name}": value for name, value in zip(names, values, strict=True)}
