"""Time travel, checked: a run measured again from the store as it is now, as of the run's moment.

What became known since must not show: neither later posts nor profiles, prices or labels.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

import numpy as np

from api.feature_rows import KINDS, Measured, Rows, measured_of
from api.market import trained_events
from api.pipeline import detected
from gnn.measure import SCHEMA
from gnn.score import load_scorer, measured
from graph.bars import Bars
from graph.detection.stored import observe
from graph.errors import UsageError
from graph.store import GraphStore, Progress

SHOWN = 20
_SPOKEN = frozenset(["risk"])  # a measure of stocks that the model fills


@dataclass(frozen=True, slots=True)
class Audited:
    """What an audit found. `differences`: the first SHOWN, in words. `scored`: whether scores were
    compared as well, which only the model of the run can give."""

    rows: Rows
    differences: tuple[str, ...]
    scored: bool

    @property
    def equal(self) -> bool:
        """Whether every bit is the same."""
        return not self.differences


def audit(store: GraphStore, bars: Bars, rows: Rows, progress: Progress | None = None) -> Audited:
    """Detects, measures and scores a run again and compares bits; the store is only read.

    Raises UsageError where the run's features are of another version than this program's.
    """
    if rows.schema != SCHEMA:
        raise UsageError(
            f"run {rows.run} has features of version {rows.schema}, this program measures version"
            f" {SCHEMA}; run again with `sentinelmarket run`"
        )
    observed = observe(store, rows.as_of, progress)
    events = trained_events(bars, observed, progress)
    found = detected(store, observed, rows.settings, rows.official, progress, keeps=False)
    scorer = load_scorer()
    table = measured(observed, found.ties, found.clusters, events)
    again = measured_of(table, *scorer.of(table, rows.as_of))
    scored = scorer.name == rows.model
    different = (
        text
        for kind, now in zip(KINDS, again, strict=True)
        for text in differences(kind, getattr(rows, kind), now, scored)
    )
    return Audited(rows, tuple(islice(different, SHOWN)), scored)


def differences(kind: str, then: Measured, now: Measured, scored: bool) -> Iterator[str]:
    """What is not the same to the last bit, in words; scores only if they were to be compared."""
    old, new = (dict(_cells(one, scored)) for one in (then, now))
    before, after = set(then.features.ids), set(now.features.ids)
    yield from (f"{kind}: {id} is there no more" for id in sorted(before - after))
    yield from (f"{kind}: {id} was not there" for id in sorted(after - before))
    if tuple(then.features.names) != tuple(now.features.names):
        yield f"{kind}: other measures"
    for key in old:
        if key in new and np.float64(old[key]).tobytes() != np.float64(new[key]).tobytes():
            id, name = key
            yield f"{kind}: {name} of {id} was {old[key]!r} and is {new[key]!r}"


def _cells(of: Measured, scored: bool) -> Iterator[tuple[tuple[str, str], float]]:
    features = of.features
    for row, id in enumerate(features.ids):
        for name, value in zip(features.names, features.matrix[row].tolist(), strict=True):
            if scored or name not in _SPOKEN:
                yield (id, name), value
        if scored:
            yield (id, "probability"), of.probability[row]
            yield (id, "score"), of.score[row]
