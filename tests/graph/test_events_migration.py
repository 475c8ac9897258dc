"""From schema version 2 to 3: price events get their severity."""

from __future__ import annotations

from typing import Any

import pytest

from graph.backends import migrations
from graph.backends.bolt import BoltStore
from graph.backends.events_migration import grade_events, severity
from graph.schema import VERSION

EVER = 2**53
ZS = {"A:1": 3.2, "A:2": -5.0, "A:3": 8.0}


def old(id: str, z: float) -> dict[str, Any]:
    """An event as an older program wrote it."""
    new = ("severity", "window", "bars_used", "begins_at", "circuit", "halted", "split_ratio")
    said = {"kind": "abnormal_return", "p_value": 0.1, "explanation": "It rose."}
    figures = {"z": z, "abnormal_return": 0.1, "volume_z": 1.0, "at": 1, "known_at": 2}
    return {"id": id, "ticker": "A", **said, **figures, **dict.fromkeys(new)}


def graded(store: BoltStore) -> dict[str, str]:
    store.write_rows("ingest/stocks", [{"id": "A"}])
    rows = store.read("read/price_events_of_stocks", ids=["A"], as_of=EVER, most=9)
    return {row["id"]: row["severity"] for row in rows}


def test_a_graph_of_version_2_is_graded_when_it_is_opened(store: BoltStore) -> None:
    store.write_rows("ingest/price_events", [old(id, z) for id, z in ZS.items()])
    store.write("schema/set_version", version=2)
    store.apply_schema()
    assert migrations.version_of(store) == VERSION
    assert graded(store) == {"A:1": "notable", "A:2": "strong", "A:3": "extreme"}


def test_what_a_newer_program_said_stays_and_twice_is_once(store: BoltStore) -> None:
    store.write_rows("ingest/price_events", [old("A:1", 9.0) | {"severity": "notable"}])
    grade_events(store)
    grade_events(store)
    assert graded(store) == {"A:1": "notable"}


@pytest.mark.parametrize(
    ("z", "said"), [(4.99, "notable"), (-5.0, "strong"), (7.99, "strong"), (-8.0, "extreme")]
)
def test_how_grave(z: float, said: str) -> None:
    assert severity(z) == said
