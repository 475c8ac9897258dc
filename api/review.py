"""The list of clusters to judge next: drawn from the newest run, kept, worked through, weighed.

A list that was drawn stands until it is worked through; then the next one is drawn. So a list is
the same after a reload, and the part by chance is drawn once and not until it pleases.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from api.runs import newest_run
from gnn.prevalence import ChanceRow, Frame, Prevalence, prevalence
from gnn.queue import DECIDED, Candidate, Drawn, draw
from graph.label_store import EVER, labels_of
from graph.labels import Label, Tier, Verdict, current
from graph.model import AlertState, Millis
from graph.store import GraphStore

SIZE = 20
PAGE = 2_000
JUDGES = (Tier.GOLD, Tier.SILVER)  # whose word decides; a rule's does not
Rows = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Item:
    """A row of a list, and what stands of it now. `subject`: the lineage, or the cluster."""

    place: int
    cluster_id: str
    subject: str
    part: str
    stratum: str
    probability: float | None
    score: int | None
    propensity: float | None
    says: str
    verdict: str | None = None


@dataclass(frozen=True, slots=True)
class Review:
    """A list. `drawn_at` is None for one that was not kept (yet)."""

    id: str
    run_id: str
    as_of: Millis
    number: int
    size: int
    unknown: int
    known: int
    known_promotions: int
    items: tuple[Item, ...]
    drawn_at: Millis | None = None


def review(store: GraphStore, size: int = SIZE, as_of: Millis | None = None) -> Review:
    """The list to work through as of a moment (now): the one that stands, or the one that would be
    drawn. Writes nothing. Raises UsageError where nothing was run, or for a wrong size."""
    at = EVER if as_of is None else as_of
    run = newest_run(store)
    rows = _population(store, run["id"])
    verdicts = _verdicts(store, [row["subject"] for row in rows], at)
    drawn = [
        row
        for row in store.read("read/review_queues", as_of=at)
        if (row["run_id"], row["size"]) == (run["id"], size)
    ]
    if drawn:
        stands = _kept(store, drawn[0], verdicts)
        if any(item.verdict is None for item in stands.items):
            return stands
    return _drawn(run, rows, verdicts, size, len(drawn))


def draw_review(store: GraphStore, now: Millis, size: int = SIZE) -> Review:
    """The same, kept: a list that stands is not drawn again, and one without rows is not kept."""
    found = review(store, size)
    if found.drawn_at is not None or not found.items:
        return found
    items = [
        {k: v for k, v in asdict(item).items() if k != "verdict"}
        | {"queue_id": found.id, "id": f"{found.id}|{item.place}"}
        for item in found.items
    ]
    store.write_rows("detect/publish_review_items", items)  # the list last: it stands for them
    head = {k: v for k, v in asdict(found).items() if k != "items"} | {"drawn_at": now}
    store.write_rows("detect/publish_review_queues", [head])
    return review(store, size)


def audit(store: GraphStore, as_of: Millis | None = None) -> Prevalence | None:
    """How many clusters are promotions, from every kept list's part by chance; None: none judged.

    A row counts with what is said of it as of that moment, `unclear` as not decided.
    """
    at = EVER if as_of is None else as_of
    heads = store.read("read/review_queues", as_of=at)
    ids = [head["id"] for head in heads]
    items = [
        row for row in store.read("read/review_items", ids=ids) if row["propensity"] is not None
    ]
    verdicts = _verdicts(store, [row["subject"] for row in items], at)
    by: defaultdict[str, list[ChanceRow]] = defaultdict(list)
    for row in items:
        said = verdicts.get(row["subject"])
        promotion = said == Verdict.PROMOTION if said in DECIDED else None
        by[row["owner"]].append(ChanceRow(row["stratum"], row["propensity"], promotion))
    return prevalence(
        [
            Frame(head["unknown"], head["known"], head["known_promotions"], tuple(by[head["id"]]))
            for head in heads
        ]
    )


def _population(store: GraphStore, run_id: str) -> Rows:
    """Every cluster of the run, with the subject that a verdict on it is about."""
    found: Rows = []
    after: dict[str, Any] = {"after_score": 101, "after_id": ""}
    asked = {"run_id": run_id, "min_score": 0, "ticker": "", "limit": PAGE}
    while rows := store.read("read/clusters_page", **asked, **after):
        found += rows
        after = {"after_score": rows[-1]["score"] or 0, "after_id": rows[-1]["id"]}
    return [row | {"subject": row["lineage_id"] or row["id"]} for row in found]


def _verdicts(store: GraphStore, subjects: Iterable[str], as_of: Millis) -> dict[str, str]:
    """What stands of each: the strongest tier's last word.

    Harmless does not stand where the alert was opened again since, for the cluster changed.
    """
    ids = sorted(set(subjects))
    stands: dict[str, Label] = {}
    for label in current(labels_of(store, ids, as_of), as_of):
        before = stands.get(label.subject)
        if label.tier in JUDGES and (before is None or _rank(label) > _rank(before)):
            stands[label.subject] = label
    reopened = {
        row["lineage_id"]
        for row in store.read("detect/known_alerts", ids=sorted(stands))
        if row["state"] == AlertState.OPEN
    }
    return {
        subject: label.verdict.value
        for subject, label in stands.items()
        if not (label.verdict is Verdict.HARMLESS and subject in reopened)
    }


def _rank(label: Label) -> tuple[bool, Millis, str]:
    return (label.tier is Tier.GOLD, label.known_at, label.id)


def _drawn(
    run: dict[str, Any], rows: Rows, verdicts: dict[str, str], size: int, number: int
) -> Review:
    """A list drawn anew; its chances hang on the run, the size and how many there were before."""
    of = {row["id"]: row for row in rows}
    candidates = [_candidate(row, verdicts.get(row["subject"])) for row in rows]
    chosen = draw(candidates, size, f"{run['id']}|{size}|{number}")
    known = [c for c in candidates if c.judged in DECIDED]
    told = "\n".join((run["id"], str(size), str(number), *(row.id for row in chosen)))
    return Review(
        "q-" + hashlib.sha256(told.encode()).hexdigest()[:16],
        run["id"],
        run["as_of"],
        number,
        size,
        len(candidates) - len(known),
        len(known),
        sum(c.judged == Verdict.PROMOTION for c in known),
        tuple(_item(at, row, of[row.id]) for at, row in enumerate(chosen, 1)),
    )


def _candidate(row: dict[str, Any], judged: str | None) -> Candidate:
    """`doubt` and `novelty` where the run wrote any."""
    return Candidate(
        row["id"],
        row["probability"],
        row["band"] or "unscored",
        row.get("doubt") or 0.0,
        row.get("novelty") or 0.0,
        judged,
    )


def _item(place: int, row: Drawn, cluster: dict[str, Any]) -> Item:
    return Item(
        place,
        row.id,
        cluster["subject"],
        row.part,
        row.stratum,
        row.probability,
        cluster["score"],
        row.propensity,
        row.says,
    )


def _kept(store: GraphStore, head: dict[str, Any], verdicts: dict[str, str]) -> Review:
    rows: Sequence[dict[str, Any]] = store.read("read/review_items", ids=[head["id"]])
    items = (
        Item(**{k: v for k, v in row.items() if k != "owner"}, verdict=verdicts.get(row["subject"]))
        for row in rows
    )
    return Review(**head, items=tuple(items))
