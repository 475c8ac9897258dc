"""How far what a run saw lies from what its model learnt from: the population stability index.

Training rows are cut into tenths by each measure; the edges and the share of rows between them go
into the model's manifest. PSI sums (seen - learnt) * ln(seen / learnt) over these shares: 0 where
both are alike, and by custom a change above 0.25 (LINE) is large.

A run may have a dozen clusters, and then chance alone gives more than that. Without any change PSI
is near chi-squared over the rows, so a measure has drifted only where it also passes what SURE of
unchanged markets stay below (docs/as_of.md).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from gnn.calibrate import score, sigmoid
from gnn.dataset import Table
from gnn.features import CLUSTER
from gnn.measure import Features, columns
from gnn.stocks import STOCK
from gnn.train import Model, held, log_odds
from gnn.view import Floats

LINE = 0.25
BINS = 10
SURE = 0.999
LEAST = 0.5  # of a row: what an empty bin counts as, so that no logarithm is of 0
NO_EDGES = "no edges in this model, so its drift is unknown; `sentinelmarket train` keeps them"
_SPOKEN = ("risk",)  # what a model said and not what was measured; the score has a row of its own
_SHOWN = 3

Bins = dict[str, Any]  # edges: ascending; shares: one more than edges; rows: how many were learnt
Edges = dict[str, dict[str, Bins]]  # "clusters", "stocks" and "score", a name each


@dataclass(frozen=True, slots=True)
class Drift:
    """One measure of one run. `chance`: what SURE of unchanged markets stay below."""

    of: str  # clusters, stocks or score
    name: str
    psi: float
    chance: float
    rows: int

    @property
    def large(self) -> bool:
        """Whether this is a change to speak of."""
        return self.psi > max(LINE, self.chance)


def edges(tables: Sequence[Table]) -> Edges:
    """Where the tenths of every measure lie in training markets, for the model's manifest."""
    return {
        "clusters": _bins(columns(CLUSTER), [table.clusters for table in tables]),
        "stocks": _bins(columns(STOCK), [table.stocks for table in tables]),
    }


def score_edges(tables: Sequence[Table], model: Model) -> Edges:
    """The same of the score, from markets that the model has not learnt from: of those that it has
    it is surer than it will ever be."""
    found = [points(model, table) for table in tables]
    values = np.concatenate(found) if found else np.zeros(0)
    return {"score": {"clusters": _binned(values)}} if len(values) else {"score": {}}


def points(model: Model, table: Table) -> Floats:
    """The score, 1 to 100, of each cluster of a market. float64 [clusters]."""
    name = model.chosen
    odds = held(name, table, log_odds(model, name, table))
    return np.array([score(float(p)) for p in sigmoid(odds)], dtype=np.float64)


def psi(
    learnt: Edges, clusters: Features, stocks: Features, scores: Sequence[float]
) -> list[Drift]:
    """The drift of each measure of a run that has rows, and of its scores of clusters.

    `learnt` is what the manifest keeps; without anything in it (NO_EDGES) there is no drift to
    know, and the list is empty. Measures that the model did not learn from are left out.
    """
    seen = {"clusters": clusters, "stocks": stocks, "score": _as_features(scores)}
    return [
        drift
        for of, features in seen.items()
        for drift in _of_each(of, learnt.get(of, {}), features)
    ]


def index(bins: Bins, values: Floats) -> float:
    """PSI of some values against what was learnt. At least one value."""
    expected = _shares(np.array(bins["shares"]) * bins["rows"])
    actual = _shares(_counts(bins["edges"], values))
    return float(((actual - expected) * np.log(actual / expected)).sum())


def said(found: Sequence[Drift], known: bool = True) -> str | None:
    """One sentence where something drifted, or where it is not `known`; else none."""
    if not known:
        return NO_EDGES
    moved = sorted((d for d in found if d.large), key=lambda d: (-d.psi, d.of, d.name))
    if not moved:
        return None
    worst = ", ".join(f"{_name(drift)} {drift.psi:.2f}" for drift in moved[:_SHOWN])
    more = f" and {len(moved) - _SHOWN} more" if len(moved) > _SHOWN else ""
    return (
        f"this market is unlike those the model learnt from (PSI above {LINE:g}): {worst}{more};"
        " read its scores as a ranking"
    )


def _name(drift: Drift) -> str:
    return "the score" if drift.of == "score" else f"{drift.name} of {drift.of}"


def _bins(names: Sequence[str], parts: Sequence[Features]) -> dict[str, Bins]:
    matrix = np.concatenate([part.matrix for part in parts]) if parts else np.zeros((0, 0))
    if not len(matrix):
        return {}
    asked = [(at, name) for at, name in enumerate(names) if name not in _SPOKEN]
    return {name: _binned(matrix[:, at]) for at, name in asked}


def _binned(values: Floats) -> Bins:
    """Tenths of these values; fewer where many are the same."""
    tenths = np.arange(1, BINS) / BINS
    cut = np.unique(np.quantile(values, tenths, method="inverted_cdf")).tolist()
    shares = _counts(cut, values) / len(values)
    return {"edges": cut, "shares": shares.round(6).tolist(), "rows": len(values)}


def _counts(cut: Sequence[float], values: Floats) -> Floats:
    """How many values lie up to each edge, and how many above the last."""
    inside = np.searchsorted(np.array(cut), values, side="left")
    return np.bincount(inside, minlength=len(cut) + 1).astype(np.float64)


def _shares(counts: Floats) -> Floats:
    filled = np.maximum(counts, LEAST)
    return np.asarray(filled / filled.sum())


def _of_each(of: str, learnt: Mapping[str, Bins], features: Features) -> Iterator[Drift]:
    rows = len(features.ids)
    for at, name in enumerate(features.names):
        if rows and name in learnt:
            bins = learnt[name]
            found = index(bins, features.matrix[:, at])
            yield Drift(of, name, found, _chance(bins, rows), rows)


def _chance(bins: Bins, rows: int) -> float:
    from scipy.stats import chi2  # a third of a second, which training does not need

    free = max(len(bins["edges"]), 1)
    return float(chi2.ppf(SURE, free) * (1 / rows + 1 / bins["rows"]))


def _as_features(scores: Sequence[float]) -> Features:
    matrix = np.array(scores, dtype=np.float64).reshape(len(scores), 1)
    return Features(tuple(str(at) for at in range(len(scores))), ("clusters",), matrix)
