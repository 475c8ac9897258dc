"""A run's results into the graph, and the results of older runs out of it.

The Run node is written last: until then readers go on with the run before. Everything is merged, so
that the same run published twice changes nothing, and an alert keeps what an analyst made of it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, NamedTuple

import orjson

from graph.detection.lineage import Story
from graph.lineages import event_rows, lineage_rows, owner_rows
from graph.model import Alert, Cluster, Millis, Risk, Tie
from graph.store import Counters, GraphStore, Progress, Row
from graph.voice_rows import voices_json

EVIDENCE_KEPT = 50  # co-actions a tie carries in the graph
BATCH = 1_000
FORGET_BATCH = 5_000


class Aligned(NamedTuple):
    """A cluster that was active around a price event of a stock that its posts name."""

    cluster_id: str
    event_id: str
    lead_minutes: float  # its first such post before the event began; negative: after
    lag_minutes: float | None = None  # its last one after that; negative: before


@dataclass(frozen=True, slots=True)
class RunRow:
    """One pass of detection and scoring. `id` must change whenever data, settings, as_of or the
    model do: results under an id that is in the graph already are taken to be the same."""

    id: str
    as_of: Millis
    finished_at: Millis
    posts: int
    ties: int
    clusters: int
    model: str
    settings: str = "{}"


@dataclass(frozen=True, slots=True)
class AlertUpdate:
    """What a run saw of the lineage of an alert that is there already.

    `entries` go to the end of its history. Where an analyst dismissed it and `reopens` holds, it is
    open again, with `reason`.
    """

    id: str
    found_by: str
    cluster_id: str
    title: str
    score: int
    size: int
    tickers: tuple[str, ...]
    noted_score: int
    noted_size: int
    entries: tuple[str, ...] = ()
    reopens: bool = False
    reason: str | None = None


def publish(
    store: GraphStore,
    run: RunRow,
    found_ties: Sequence[Tie],
    clusters: Sequence[Cluster],
    cluster_risks: Mapping[str, Risk],
    stock_risks: Mapping[str, Risk],
    aligned: Sequence[Aligned],
    alerts: Sequence[Alert],
    progress: Progress | None = None,
    *,
    story: Story | None = None,
    updates: Sequence[AlertUpdate] = (),
) -> Counters:
    """Writes what a run found, then removes what only older runs had found.

    Risks are keyed by cluster id and by ticker. Accounts, posts, stocks and price events must be in
    the graph; an edge to one that is not is left out. `story` says which lineages the clusters go
    on with; `updates` are of alerts that older runs raised. Raises QueryFailed or StoreUnavailable.
    """
    lineages = story.of if story else {}
    steps = [
        ("clusters", [_cluster_row(c, run, cluster_risks.get(c.id), lineages) for c in clusters]),
        ("members", list(_member_rows(clusters))),
        ("promotions", list(_promotion_rows(clusters))),
        ("evidence", list(_evidence_rows(clusters))),
        ("price_alignment", list(_aligned_rows(aligned))),
        ("ties", [_tie_row(tie, run.id) for tie in found_ties]),
        ("stock_risks", [_stock_risk_row(t, r, run) for t, r in stock_risks.items()]),
        *(_lineage_steps(story, run) if story else ()),
        ("alerts", [asdict(alert) | {"state": alert.state.value} for alert in alerts]),
        ("alerts_again", [asdict(update) for update in updates]),
        ("alert_cluster", _alert_owners([*alerts, *updates])),
    ]
    counters = Counters()
    for step, rows in steps:
        counters += _write(store, f"detect/publish_{step}", rows, progress)
    counters += _forget_outdated_edges(store, clusters, aligned)
    counters += _write(store, "detect/publish_runs", [asdict(run)], None)
    return counters + forget_other_runs(store, run.id)


def _lineage_steps(story: Story, run: RunRow) -> list[tuple[str, list[dict[str, Any]]]]:
    events = event_rows(story, run.id, run.as_of, run.finished_at)
    return [
        ("lineages", lineage_rows(story, run.id, run.as_of)),
        ("lineage_events", events),
        ("event_lineage", owner_rows(events)),
    ]


def _alert_owners(alerts: Sequence[Alert | AlertUpdate]) -> list[dict[str, Any]]:
    """Which cluster each alert is about; an update says it last."""
    about = {alert.id: alert.cluster_id for alert in alerts}
    return [{"alert_id": id, "cluster_id": cluster} for id, cluster in about.items()]


def forget_other_runs(store: GraphStore, run_id: str) -> Counters:
    """Removes the results of every run but this one, in batches. Alerts stay."""
    statements = (
        "detect/forget_other_runs",
        "detect/forget_ties_of_other_runs",
        "detect/forget_clusters_of_other_runs",
        "detect/forget_stock_risks_of_other_runs",
    )
    counters = Counters()
    for name in statements:
        counters += _until_nothing_goes(store, name, run_id)
    return counters


def factors_json(risk: Risk) -> str:
    """What moved a score, as the `factors` property holds it: [{name, text, value, effect}]."""
    return orjson.dumps([asdict(factor) for factor in risk.factors]).decode()


def _until_nothing_goes(store: GraphStore, name: str, run_id: str) -> Counters:
    counters = Counters()
    while True:
        gone = store.write(name, run_id=run_id, batch=FORGET_BATCH)
        counters += gone
        if not gone.nodes_deleted and not gone.edges_deleted:
            return counters


def _write(
    store: GraphStore, name: str, rows: Sequence[Row], progress: Progress | None
) -> Counters:
    return store.write_rows(name, rows, batch=BATCH, progress=progress) if rows else Counters()


def _forget_outdated_edges(
    store: GraphStore, clusters: Sequence[Cluster], aligned: Sequence[Aligned]
) -> Counters:
    """A cluster found again may name other stocks and rest on other posts than before."""
    events: dict[str, list[str]] = defaultdict(list)
    for one in aligned:
        events[one.cluster_id].append(one.event_id)
    kept = {
        "promotions": [_keep(c.id, (p.ticker for p in c.promotions)) for c in clusters],
        "evidence": [_keep(c.id, c.posts) for c in clusters],
        "price_alignment": [_keep(c.id, events[c.id]) for c in clusters],
    }
    counters = Counters()
    for kind, rows in kept.items():
        counters += _write(store, f"detect/forget_{kind}_not_in", rows, None)
    return counters


def _keep(cluster_id: str, ids: Iterable[str]) -> dict[str, Any]:
    return {"cluster_id": cluster_id, "keep": list(ids)}


def _cluster_row(
    cluster: Cluster, run: RunRow, risk: Risk | None, lineages: Mapping[str, str]
) -> dict[str, Any]:
    return {
        "id": cluster.id,
        "run_id": run.id,
        "as_of": run.as_of,
        "size": len(cluster.members),
        "posts": len(cluster.posts),
        "density": cluster.density,
        "weight": cluster.weight,
        "traces": list(cluster.traces),
        "tickers": _most_named_first(cluster),
        "first_at": cluster.first_at,
        "last_at": cluster.last_at,
        "benign": cluster.benign,
        "coordination": cluster.coordination,
        "voices": voices_json(cluster.voices),
        "lineage_id": lineages.get(cluster.id),
        **_risk_columns(risk),
    }


def _most_named_first(cluster: Cluster) -> list[str]:
    return [p.ticker for p in sorted(cluster.promotions, key=lambda p: (-p.posts, p.ticker))]


def _risk_columns(risk: Risk | None) -> dict[str, Any]:
    if risk is None:
        return dict.fromkeys(("score", "probability", "band", "model", "factors"))
    return {
        "score": risk.score,
        "probability": risk.probability,
        "band": risk.band,
        "model": risk.model,
        "factors": factors_json(risk),
    }


def _stock_risk_row(ticker: str, risk: Risk, run: RunRow) -> dict[str, Any]:
    return {
        "id": f"{run.id}|{ticker}",
        "run_id": run.id,
        "ticker": ticker,
        "as_of": risk.as_of,
        **_risk_columns(risk),
    }


def _member_rows(clusters: Iterable[Cluster]) -> Iterator[dict[str, Any]]:
    for cluster in clusters:
        for member in cluster.members:
            yield asdict(member) | {"cluster_id": cluster.id}


def _promotion_rows(clusters: Iterable[Cluster]) -> Iterator[dict[str, Any]]:
    for cluster in clusters:
        for promotion in cluster.promotions:
            yield asdict(promotion) | {"cluster_id": cluster.id}


def _evidence_rows(clusters: Iterable[Cluster]) -> Iterator[dict[str, Any]]:
    for cluster in clusters:
        for post_id in cluster.posts:
            yield {"cluster_id": cluster.id, "post_id": post_id}


def _aligned_rows(aligned: Iterable[Aligned]) -> Iterator[dict[str, Any]]:
    for one in aligned:
        yield one._asdict()


def _tie_row(tie: Tie, run_id: str) -> dict[str, Any]:
    shown = tie.evidence[:EVIDENCE_KEPT]
    return {
        "left": tie.left,
        "right": tie.right,
        "run_id": run_id,
        "traces": list(tie.traces),
        "weight": tie.weight,
        "p_value": tie.p_value,
        "q_value": tie.q_value,
        "co_actions": tie.co_actions,
        "expected": tie.expected,
        "first_at": tie.first_at,
        "last_at": tie.last_at,
        "evidence_left": [act.left_post for act in shown],
        "evidence_right": [act.right_post for act in shown],
        "evidence_trace": [act.trace for act in shown],
        "evidence_object": [act.object for act in shown],
        "evidence_window": [act.window for act in shown],
        "evidence_seconds": [float(act.seconds) for act in shown],
        "by_value": tie.by_value,
        "anytime_p": tie.anytime_p,
        "synchrony_p": tie.synchrony_p,
        "part_trace": [part.trace for part in tie.parts],
        "part_window": [part.window for part in tie.parts],
        "part_co_actions": [part.co_actions for part in tie.parts],
        "part_expected": [part.expected for part in tie.parts],
        "part_p": [part.p_value for part in tie.parts],
    }
