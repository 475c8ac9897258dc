"""Alerts follow lineages: one a lineage, raised once, brought up to date by every run that sees it.

An alert is raised where a cluster's score reaches the line and its lineage has none. From then on
it stays, with its id, its state and its history, whatever joins or leaves. Each run writes what is
new into the history, with its as_of:

- `rose …`           its score is in a higher band than any since an analyst last set the state
- `turned to …`      the lineage turned to another stock
- `grew …`           it has twice the accounts it had when the history last spoke of its size
- `took in …`        another lineage went into it
- `came back …`      it was gone and is there again
- `went into …`, `ended …`  it is part of another lineage, or nothing holds its accounts any more

A dismissed alert opens again where one of the first three holds, or where it took in a lineage
whose alert nobody had dismissed or muted: what was dismissed is then not what stands there now. A
muted alert stays muted and an acknowledged one acknowledged; their history says the same.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from gnn.calibrate import band
from graph.detection.lineage import Event, Kind, Story
from graph.model import Alert, AlertState, Cluster, Risk
from graph.publish import AlertUpdate, RunRow
from graph.store import GraphStore

GREW = 2  # times the accounts that the history last spoke of
_ENDS = (Kind.MERGE, Kind.DEATH)
_SETTLED = (AlertState.DISMISSED, AlertState.MUTED)

Known = Mapping[str, Mapping[str, Any]]  # lineage id → its alert's columns


@dataclass(frozen=True, slots=True)
class Alerts:
    """`standing`: those of clusters above the line, gravest first, as they are after this run;
    `raised`: those among them that are new; `updates`: what to write of the older ones."""

    standing: tuple[Alert, ...]
    raised: tuple[Alert, ...]
    updates: tuple[AlertUpdate, ...]


@dataclass(frozen=True, slots=True)
class _Seen:
    """One lineage in this run: its cluster, what is said of it, and whether that opens it again."""

    lineage: str
    cluster: Cluster
    score: int
    entries: tuple[str, ...]
    reopens: tuple[str, ...]  # the entries that open a dismissed alert


def known_alerts(store: GraphStore, story: Story) -> Known:
    """The alerts there are of every lineage that this run saw or saw end."""
    ids = sorted({*story.of.values(), *(event.lineage for event in story.events)})
    rows = store.read("detect/known_alerts", ids=ids) if ids else []
    return {row["lineage_id"]: row for row in rows}


def alerts(
    clusters: Sequence[Cluster],
    risks: Mapping[str, Risk],
    story: Story,
    run: RunRow,
    known: Known,
    line: int,
    title: Callable[[Cluster], str],
) -> Alerts:
    """What this run makes of alerts. `line` is the score from which one is raised."""
    events: defaultdict[str, list[Event]] = defaultdict(list)
    for event in story.events:
        events[event.lineage].append(event)
        if event.kind is Kind.MERGE and event.other:
            events[event.other].append(event)
    seen = [
        _seen(story.of[c.id], c, risks[c.id].score, events[story.of[c.id]], known) for c in clusters
    ]
    seen.sort(key=lambda s: (-s.score, s.cluster.id))
    raised = {
        s.lineage: _new(s, run, title) for s in seen if s.score >= line and s.lineage not in known
    }
    updates = {
        s.lineage: _update(s, known[s.lineage], run, title) for s in seen if s.lineage in known
    }
    ended = [_over(events[id], row, run) for id, row in known.items() if id not in updates]
    standing = [
        raised.get(s.lineage) or _after(known[s.lineage], updates[s.lineage])
        for s in seen
        if s.score >= line
    ]
    every = [*updates.values(), *(update for update in ended if update)]
    once = tuple(u for u in every if _not_yet(u, known))
    return Alerts(tuple(standing), tuple(raised.values()), once)


def _seen(
    lineage: str, cluster: Cluster, score: int, events: Sequence[Event], known: Known
) -> _Seen:
    """What a run has to say of a lineage that it found."""
    turned = [e.says for e in events if e.kind is Kind.REUSE]
    back = [e.says for e in events if e.kind is Kind.RETURN]
    absorbed = [e for e in events if e.kind is Kind.MERGE and e.other == lineage]
    took = [(_took(e, known.get(e.lineage)), _stands(known.get(e.lineage))) for e in absorbed]
    size = len(cluster.members)
    changed = [*_rose(score, known.get(lineage)), *turned, *_grew(size, known.get(lineage))]
    return _Seen(
        lineage,
        cluster,
        score,
        (*changed, *(text for text, _ in took), *back),
        (*changed, *(text for text, stands in took if stands)),
    )


def _rose(score: int, alert: Mapping[str, Any] | None) -> list[str]:
    before = alert["noted_score"] if alert else None
    if before is None or score <= before or band(score) == band(before):
        return []
    return [f"rose from {band(before)} to {band(score)}: score {score}, at most {before} before"]


def _grew(size: int, alert: Mapping[str, Any] | None) -> list[str]:
    before = alert["noted_size"] if alert else None
    if not before or size < GREW * before:
        return []
    return [f"grew from {before} to {size} accounts"]


def _took(event: Event, alert: Mapping[str, Any] | None) -> str:
    """That another lineage went into this one, with what had been made of its alert."""
    said = f"; its alert {alert['id']} was {alert['state']}" if alert else ""
    return f"took in {event.lineage}{said}"


def _stands(alert: Mapping[str, Any] | None) -> bool:
    return alert is not None and alert["state"] not in _SETTLED


def _new(seen: _Seen, run: RunRow, title: Callable[[Cluster], str]) -> Alert:
    return Alert(
        id="a-" + seen.lineage.removeprefix("l-"),
        cluster_id=seen.cluster.id,
        title=title(seen.cluster),
        score=seen.score,
        raised_at=run.as_of,
        run_id=run.id,
        tickers=_tickers(seen.cluster),
        history=tuple(f"{run.as_of} {entry}" for entry in seen.entries),
        lineage_id=seen.lineage,
        size=len(seen.cluster.members),
    )


def _update(
    seen: _Seen, alert: Mapping[str, Any], run: RunRow, title: Callable[[Cluster], str]
) -> AlertUpdate:
    again = bool(seen.reopens) and alert["state"] == AlertState.DISMISSED
    why = f"it was dismissed ({alert['reason']}) and then {'; '.join(seen.reopens)}"
    entries = [*seen.entries, *([f"{AlertState.OPEN} again, by run {run.id}"] if again else [])]
    size = len(seen.cluster.members)
    spoken = size >= GREW * (alert["noted_size"] or size)
    return AlertUpdate(
        id=alert["id"],
        found_by=run.id,
        cluster_id=seen.cluster.id,
        title=title(seen.cluster),
        score=seen.score,
        size=size,
        tickers=_tickers(seen.cluster),
        noted_score=max(seen.score, alert["noted_score"] or 0),
        noted_size=size if spoken or not alert["noted_size"] else alert["noted_size"],
        entries=tuple(f"{run.as_of} {entry}" for entry in entries),
        reopens=bool(seen.reopens),
        reason=why if seen.reopens else None,
    )


def _over(events: Sequence[Event], alert: Mapping[str, Any], run: RunRow) -> AlertUpdate | None:
    """The alert of a lineage that ended in this run: as it was, with a line that says so."""
    ends = [e for e in events if e.kind in _ENDS and e.lineage == alert["lineage_id"]]
    if not ends:
        return None
    (end,) = ends
    columns = ("id", "title", "score", "size", "noted_score", "noted_size")
    return AlertUpdate(
        found_by=run.id,
        cluster_id=end.cluster,
        tickers=tuple(alert["tickers"] or ()),
        entries=(f"{run.as_of} {end.says}",),
        **{name: alert[name] for name in columns},
    )


def _not_yet(update: AlertUpdate, known: Known) -> bool:
    """False where this very run has spoken of the alert before."""
    return all(a["found_by"] != update.found_by for a in known.values() if a["id"] == update.id)


def _after(row: Mapping[str, Any], update: AlertUpdate) -> Alert:
    """An alert that was there, as it is after this run."""
    alert = Alert(
        id=row["id"],
        cluster_id=update.cluster_id,
        title=update.title,
        score=update.score,
        raised_at=row["raised_at"],
        run_id=row["run_id"],
        tickers=update.tickers,
        state=AlertState(row["state"]),
        reason=row["reason"],
        history=tuple(row["history"] or ()),
        lineage_id=row["lineage_id"],
        size=update.size,
    )
    if row["found_by"] == update.found_by:
        return alert
    history = (*alert.history, *update.entries)
    if update.reopens and alert.state is AlertState.DISMISSED:
        return replace(alert, state=AlertState.OPEN, reason=update.reason, history=history)
    return replace(alert, history=history)


def _tickers(cluster: Cluster) -> tuple[str, ...]:
    return tuple(p.ticker for p in cluster.promotions[:3])
