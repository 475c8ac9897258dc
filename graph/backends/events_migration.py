"""From schema version 2 to 3: price events get their severity; news and what it says are new.

Of the other new properties an older program kept nothing: the next run writes them.
"""

from __future__ import annotations

from graph.store import GraphStore

STRONG, EXTREME = 5.0, 8.0  # |z| from which an event is called so
BATCH = 2_000
EVER = 2**53


def grade_events(store: GraphStore) -> None:
    """Writes what is missing; what is there already stays, so that it may be run twice."""
    known = store.read("detect/known_price_events", as_of=EVER)
    rows = [{"id": row["id"], "severity": severity(row["z"])} for row in known]
    store.write_rows("schema/grade_price_events", rows, batch=BATCH)


def severity(z: float) -> str:
    """notable, strong or extreme."""
    return "extreme" if abs(z) >= EXTREME else "strong" if abs(z) >= STRONG else "notable"
