"""Runs every statement on a store with the small graph of samples.py, and notes what comes of it.

The graph is made by the writing statements themselves.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from cypher import contract, names, query
from graph.backends.bolt import BoltStore
from graph.errors import SentinelError
from graph.schema import NODES
from graph.store import Counters
from tests.contract import samples

INDEXED = 2  # texts that the samples put into an index


@dataclass
class Outcome:
    """What one statement did on one store."""

    rows: list[list[dict[str, Any]]] = field(default_factory=list)  # a list for each parameter set
    counters: list[Counters] = field(default_factory=list)  # an entry for each run
    plans: list[list[str]] = field(default_factory=list)
    error: Exception | None = None


def body(name: str, dialect: str = "") -> str:
    """The statement without its head and other comments."""
    return re.sub(r"//.*", "", query(name, dialect))


def deletes(name: str) -> bool:
    """Does it take something away?"""
    return bool(re.search(r"\b(DELETE|REMOVE)\b", body(name)))


def fills(name: str) -> bool:
    """Is it one of those that make the graph, from rows?"""
    return bool(contract(name).rows) and not deletes(name)


def reads(name: str) -> bool:
    """Does it only read?"""
    return not contract(name).writes


def run_all(store: BoltStore) -> dict[str, Outcome]:
    """Each statement's outcome; an error is noted, not raised."""
    outcomes = {name: Outcome() for name in names()}
    _fill(store, outcomes)
    _fill(store, outcomes)
    for name in filter(reads, names()):
        _noted(outcomes[name], lambda name=name: _read(store, name, outcomes[name]))
    if store.dialect == "neo4j":
        for name in names():
            _noted(outcomes[name], lambda name=name: _plan(store, name, outcomes[name]))
    for name in (n for n in names() if not reads(n) and not fills(n)):
        _noted(outcomes[name], lambda name=name: _write(store, name, outcomes[name]))
        _fill(store, {n: Outcome() for n in names()})
    return outcomes


def _noted(outcome: Outcome, work: Callable[[], None]) -> None:
    try:
        work()
    except (SentinelError, LookupError, TypeError, ValueError) as error:
        outcome.error = outcome.error or error


def _fill(store: BoltStore, outcomes: dict[str, Outcome]) -> None:
    """Nodes, then edges. Done twice: the second time must change nothing."""
    labels = {node.label for node in NODES}
    ordered = sorted(filter(fills, names()), key=lambda n: contract(n).writes[0] not in labels)
    for name in ordered:
        _noted(outcomes[name], lambda name=name: _write(store, name, outcomes[name]))


def _write(store: BoltStore, name: str, outcome: Outcome) -> None:
    promise = contract(name, store.dialect)
    extra = {"rows": samples.rows_of(promise)} if promise.rows else {}
    for params in samples.params_of(name, promise):
        outcome.counters.append(store.write(name, **params, **extra))


def _read(store: BoltStore, name: str, outcome: Outcome) -> None:
    for params in samples.params_of(name, contract(name, store.dialect)):
        outcome.rows.append(_settled(store, name, params))


def _settled(store: BoltStore, name: str, params: dict[str, Any]) -> list[dict[str, Any]]:
    """The rows; of an index of vectors, which may lag behind a write on a busy machine,
    those of the first answer with all that the samples hold, or the last one in ten seconds."""
    rows = store.read(name, **params)
    end = time.monotonic() + (10 if "vector.queryNodes" in body(name) else 0)
    while len(rows) < INDEXED and time.monotonic() < end:
        time.sleep(0.2)
        rows = store.read(name, **params)
    return rows


def _plan(store: BoltStore, name: str, outcome: Outcome) -> None:
    promise = contract(name, store.dialect)
    extra = {"rows": samples.rows_of(promise)} if promise.rows else {}
    params = next(samples.params_of(name, promise))
    outcome.plans.append(store.plan(name, **params, **extra))
