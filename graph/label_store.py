"""Labels in the graph: written once, never changed, read as of a moment."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, replace
from typing import Any

from graph.errors import UsageError
from graph.labels import Label, SubjectKind, Tier, Verdict, checked, day_of, said
from graph.model import Millis
from graph.store import Counters, GraphStore

EVER = 2**53
BATCH = 500
PAGE = 2_000


def write_labels(store: GraphStore, labels: Sequence[Label], now: Millis) -> Counters:
    """Writes labels; one that is there already changes nothing.

    Raises UsageError, before anything is written, for a label that makes no sense, a subject that
    the graph does not hold, and one that says something else than its source said at that moment.
    """
    meant = as_meant(store, [checked(label, now) for label in labels])
    wrong = refusals(store, meant)
    if wrong:
        raise UsageError(wrong[min(wrong)])
    return put_labels(store, meant, now)


def put_labels(store: GraphStore, labels: Iterable[Label], now: Millis) -> Counters:
    """Writes labels that were checked, in their order, a batch a transaction."""
    rows = [_row(replace(label, recorded_at=now)) for label in labels]
    return store.write_rows("ingest/labels", rows, batch=BATCH) if rows else Counters()


def read_labels(store: GraphStore, as_of: Millis) -> list[Label]:
    """Every label known as of a moment, superseded ones too, by id."""
    found: list[Label] = []
    after = ""
    while rows := store.read("read/labels_page", after=after, as_of=as_of, limit=PAGE):
        found += map(_label, rows)
        after = rows[-1]["id"]
    return found


def labels_of(store: GraphStore, subjects: Collection[str], as_of: Millis) -> list[Label]:
    """The same, about these subjects only."""
    ids = sorted(set(subjects))
    parts = [ids[start : start + PAGE] for start in range(0, len(ids), PAGE)]
    return [
        _label(row)
        for part in parts
        for row in store.read("read/labels_of_subjects", ids=part, as_of=as_of)
    ]


def labels_through(store: GraphStore, subject: str, as_of: Millis) -> list[Label]:
    """The same, of those that were drawn from the verdicts about one cluster."""
    return [_label(r) for r in store.read("read/labels_through", id=subject, as_of=as_of)]


def as_meant(store: GraphStore, labels: Sequence[Label]) -> list[Label]:
    """Labels of clusters (c-…) as labels of their lineages, where the newest run knows one."""
    asked = {
        label.subject
        for label in labels
        if label.kind is SubjectKind.CLUSTER and label.subject.startswith("c-")
    }
    runs = store.read("read/newest_run") if asked else []
    rows = (
        store.read("read/clusters_by_ids", run_id=runs[0]["id"], ids=sorted(asked)) if runs else []
    )
    lineage = {row["id"]: row["lineage_id"] or row["id"] for row in rows}
    return [replace(label, subject=lineage.get(label.subject, label.subject)) for label in labels]


def refusals(store: GraphStore, labels: Sequence[Label]) -> dict[int, str]:
    """Which of these labels cannot be taken, by position, and why, in a sentence.

    An unknown subject, or a source that said something else at the same moment, in the graph or
    earlier in this list: a correction is a label of a later moment.
    """
    known = _known(store, labels)
    said_before = {label.id: label for label in labels_of(store, [x.subject for x in labels], EVER)}
    wrong = {}
    for at, label in enumerate(labels):
        if label.subject not in known[label.kind]:
            wrong[at] = f"the graph holds no {label.kind} {label.subject!r}; load it first"
        elif said_before.setdefault(label.id, label).says != label.says:
            wrong[at] = (
                f"{label.provenance!r} says {said_before[label.id].verdict} of {label.subject} at "
                f"{said(label.known_at)} already; a correction needs a later known_at"
            )
    return wrong


def _known(store: GraphStore, labels: Sequence[Label]) -> dict[SubjectKind, set[str]]:
    """The subjects among these that the graph holds, by kind."""
    asked = {kind: sorted({x.subject for x in labels if x.kind is kind}) for kind in SubjectKind}
    runs = store.read("read/newest_run") if asked[SubjectKind.CLUSTER] else []
    lineages = _ids(store, "read/lineages_by_ids", asked[SubjectKind.CLUSTER])
    clusters = (
        _ids(store, "read/clusters_by_ids", asked[SubjectKind.CLUSTER], run_id=runs[0]["id"])
        if runs
        else set()
    )
    days = [subject for subject in asked[SubjectKind.STOCK_DAY] if day_of(subject)]
    stocks = _ids(store, "read/stocks_by_ids", sorted({d.rpartition(":")[0] for d in days}))
    return {
        SubjectKind.ACCOUNT: _ids(store, "read/accounts_by_ids", asked[SubjectKind.ACCOUNT]),
        SubjectKind.CLUSTER: lineages | clusters,
        SubjectKind.STOCK_DAY: {d for d in days if d.rpartition(":")[0] in stocks},
    }


def _ids(store: GraphStore, name: str, ids: Sequence[str], **params: str) -> set[str]:
    parts = [ids[start : start + PAGE] for start in range(0, len(ids), PAGE)]
    return {row["id"] for part in parts for row in store.read(name, ids=list(part), **params)}


def _row(label: Label) -> dict[str, Any]:
    words = {"kind": label.kind.value, "verdict": label.verdict.value, "tier": label.tier.value}
    return asdict(label) | words | {"id": label.id, "confidence": float(label.confidence)}


def _label(row: dict[str, Any]) -> Label:
    return Label(
        kind=SubjectKind(row["kind"]),
        subject=row["subject"],
        verdict=Verdict(row["verdict"]),
        tier=Tier(row["tier"]),
        confidence=row["confidence"],
        provenance=row["provenance"],
        known_at=row["known_at"],
        reason=row["reason"],
        through=row["through"],
        recorded_at=row["recorded_at"],
    )
