"""Explanations of the newest run's clusters, computed when asked and kept while that run stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from threading import Lock
from typing import Any
from weakref import WeakKeyDictionary

from api.found import clusters_of, events_of, ties_of
from api.runs import newest_run
from gnn.features import cluster_features
from gnn.measure import Features
from gnn.removal import Explanation, explain
from gnn.score import Scorer, load_scorer
from graph.detection.observed import Observed
from graph.detection.stored import observe
from graph.errors import UsageError
from graph.model import Cluster, PriceEvent, Risk, Tie
from graph.store import GraphStore, Progress

KEPT = 64  # explanations, the newest
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Run:
    """All that a run's scores rest on, and the scores made again."""

    id: str
    observed: Observed
    ties: tuple[Tie, ...]
    clusters: Mapping[str, Cluster]
    rows: Mapping[str, Row]
    events: tuple[PriceEvent, ...]
    scorer: Scorer
    risks: Mapping[str, Risk]
    peers: Features


class Explainer:
    """Explains clusters of a store's newest run. Of several threads one works, the others wait."""

    def __init__(self, store: GraphStore) -> None:
        self._store = store
        self._lock = Lock()
        self._run: _Run | None = None
        self._told: dict[str, Explanation] = {}

    def of(self, id: str, progress: Progress | None = None) -> Explanation:
        """Of the cluster `id`; the id of its lineage or alert does as well.

        Raises UsageError where the newest run has no such cluster, and where nothing was run yet.
        The first one of a run reads all posts that the run saw.
        """
        with self._lock:
            run = newest_run(self._store)
            if self._run is None or self._run.id != run["id"]:
                self._run, self._told = None, {}
            name = self._named(run, id)
            if name not in self._told:
                self._run = self._run or _read(self._store, run, progress)
                self._told[name] = _explained(self._run, name)
                for old in list(self._told)[:-KEPT]:
                    del self._told[old]
            return self._told[name]

    def _named(self, run: Row, id: str) -> str:
        """Before anything is read: a name that nothing has should not take as long as one."""
        names = [id]
        names += [row["cluster_id"] for row in self._store.read("read/lineages_by_ids", ids=[id])]
        names += [row["cluster_id"] for row in self._store.read("read/alerts_by_ids", ids=[id])]
        found = self._store.read("read/clusters_by_ids", run_id=run["id"], ids=names)
        if not found:
            raise UsageError(
                f"the newest run has no cluster {id!r}, nor one of such a lineage or alert;"
                " `sentinelmarket clusters` lists what it has"
            )
        return str(found[0]["id"])


_EXPLAINERS: WeakKeyDictionary[GraphStore, Explainer] = WeakKeyDictionary()
_MAKING = Lock()


def explainer(store: GraphStore) -> Explainer:
    """The one explainer of a store, which lives as long as the store does."""
    with _MAKING:
        return _EXPLAINERS.setdefault(store, Explainer(store))


def _read(store: GraphStore, run: Row, progress: Progress | None) -> _Run:
    rows, clusters = clusters_of(store, run)
    observed = observe(store, run["as_of"], progress)
    ties, events = ties_of(store, run, clusters), events_of(store, observed)
    scorer = load_scorer()
    if progress:
        progress("scoring", 0, 1)
    return _Run(
        run["id"],
        observed,
        tuple(ties),
        {cluster.id: cluster for cluster in clusters},
        {row["id"]: row for row in rows},
        tuple(events),
        scorer,
        scorer.clusters(observed, ties, clusters, events),
        cluster_features(observed, ties, clusters, events),
    )


def _explained(run: _Run, id: str) -> Explanation:
    found = explain(
        run.observed,
        run.ties,
        run.clusters[id],
        run.events,
        run.scorer.clusters,
        run.peers,
        known=run.risks[id],
        versions={"run": run.id},
    )
    changed = _changed(run.rows[id], run.risks[id])
    return replace(found, caveats=(changed, *found.caveats)) if changed else found


def _changed(row: Row, risk: Risk) -> str | None:
    """A caveat where scoring again does not give what the run gave."""
    if row["score"] is None or (row["probability"], row["score"]) == (risk.probability, risk.score):
        return None
    why = (
        f"by model {row['model']}, and this is by {risk.model}"
        if row["model"] != risk.model
        else "of what was known then, and more was loaded since"
    )
    return f"The run gave {row['score']}, {why}; `sentinelmarket run` brings them together."
