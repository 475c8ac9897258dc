"""From schema version 3 to 4: what analysts made of alerts before becomes labels.

An alert's history says when it was dismissed, acknowledged or opened again, and since then each was
known. Which accounts were members then was not kept, so only the clusters get labels.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from graph.label_store import put_labels
from graph.labels import ANALYST, MEANINGS, REASON_LENGTH, Label, SubjectKind, Tier
from graph.model import AlertState
from graph.paging import pages
from graph.store import GraphStore

BATCH = 500
_STATES = "|".join(state.value for state in MEANINGS)
_LINE = re.compile(rf"(\d+) ({_STATES})(?!\S)(?! again, by run)\s*(.*)")


def label_alerts(store: GraphStore) -> None:
    """Writes what is missing; what is there already stays, so that it may be run twice."""
    known = [row["lineage_id"] for row in pages(store, "schema/every_alert") if row["lineage_id"]]
    for start in range(0, len(known), BATCH):
        rows = store.read("detect/known_alerts", ids=known[start : start + BATCH])
        for label in (label for row in rows for label in _labels(row)):
            put_labels(store, [label], label.known_at)


def _labels(alert: dict[str, Any]) -> Iterator[Label]:
    for line in alert["history"] or ():
        if found := _LINE.fullmatch(line):
            meaning = MEANINGS[AlertState(found[2])]
            yield Label(
                SubjectKind.CLUSTER,
                alert["lineage_id"],
                meaning.verdict,
                Tier.SILVER,
                meaning.confidence,
                ANALYST,
                int(found[1]),
                found[3][:REASON_LENGTH] or None,
            )
