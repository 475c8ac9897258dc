"""The run that readers see."""

from __future__ import annotations

from typing import Any

import orjson

from graph.errors import UsageError
from graph.store import GraphStore

Row = dict[str, Any]


def newest_run(store: GraphStore) -> Row:
    """The newest finished run with what it was told. Raises UsageError where there is none."""
    found = store.read("read/newest_run")
    if not found:
        raise UsageError(
            "nothing was run yet; load posts with `sentinelmarket ingest FILE...`,"
            " then `sentinelmarket run`"
        )
    (run,) = store.read("explain/run", id=found[0]["id"])
    return run


def told(run: Row) -> Row:
    """What a run was told: its settings."""
    found: Row = orjson.loads(run["settings"] or "{}")
    return found
