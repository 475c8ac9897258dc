"""What was found becomes a risk from 1 to 100, with the measures that moved it most."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from gnn.calibrate import band, score, sigmoid
from gnn.dataset import Table, prepare
from gnn.explain import FACTORS, cluster_rescorer, factors, variants
from gnn.features import CLUSTER
from gnn.hold import HELD_AT as HELD_AT
from gnn.hold import hold as hold
from gnn.measure import columns
from gnn.registry import load, manifest, version
from gnn.sample import Sample
from gnn.stocks import STOCK
from gnn.train import Model, log_odds, stock_inputs, stock_matrix
from gnn.view import Floats
from graph.detection.observed import Observed
from graph.errors import UsageError
from graph.model import Cluster, Factor, Millis, PriceEvent, Risk, Tie

_NAMES_STOCK, _GIVEAWAY = map(columns(CLUSTER).index, ("names_stock", "giveaway"))


@dataclass(frozen=True, slots=True)
class Scorer:
    """A loaded model that scores. `name` is what its risks carry as their model."""

    model: Model
    name: str

    def both(
        self,
        observed: Observed,
        ties: Sequence[Tie],
        clusters: Sequence[Cluster],
        events: Sequence[PriceEvent],
    ) -> tuple[dict[str, Risk], dict[str, Risk]]:
        """The risks of `clusters` and of `stocks` because of them; the market is measured once."""
        return self.of(measured(observed, ties, clusters, events), observed.as_of)

    def of(self, table: Table, as_of: Millis) -> tuple[dict[str, Risk], dict[str, Risk]]:
        """The same of a market that was measured before."""
        risks = self._of_clusters(table, as_of)
        return risks, self._of_stocks(table, as_of, risks)

    def clusters(
        self,
        observed: Observed,
        ties: Sequence[Tie],
        clusters: Sequence[Cluster],
        events: Sequence[PriceEvent],
    ) -> dict[str, Risk]:
        """The risk of each cluster, as known at `observed.as_of`."""
        reads_graph = self.model.chosen == "sage"
        table = measured(observed, ties, clusters, events, stocks_too=reads_graph)
        return self._of_clusters(table, observed.as_of)

    def stocks(
        self,
        observed: Observed,
        ties: Sequence[Tie],
        clusters: Sequence[Cluster],
        events: Sequence[PriceEvent],
        cluster_risks: Mapping[str, Risk],
    ) -> dict[str, Risk]:
        """The risk of each stock that a post names: that of the clusters promoting it, weighed by
        a small regression with how much they wrote of it, its busiest day and its price events."""
        table = measured(observed, ties, clusters, events)
        return self._of_stocks(table, observed.as_of, cluster_risks)

    def _of_clusters(self, table: Table, as_of: Millis) -> dict[str, Risk]:
        if not table.clusters.ids:
            return {}
        found = log_odds(self.model, self.model.chosen, table)
        rescore = cluster_rescorer(self.model, table)
        values, typical = table.clusters.matrix, self.model.typical
        risks = {}
        for row, subject in enumerate(table.clusters.ids):
            moved = factors(CLUSTER, row, values[row], typical, float(found[row]), rescore)
            naming = float(values[row][_NAMES_STOCK])
            gifts = float(values[row][_GIVEAWAY])
            burst, pitch = table.bursts[row], table.pitched[row]
            held, why = hold(float(found[row]), naming, burst, gifts, pitch)
            of = (subject, "cluster", as_of)
            risks[subject] = self._risk(of, held, (*why, *moved)[:FACTORS])
        return risks

    def _of_stocks(
        self, table: Table, as_of: Millis, cluster_risks: Mapping[str, Risk]
    ) -> dict[str, Risk]:
        regression = self.model.stocks
        if regression is None:
            raise UsageError("this model scores no stocks; `sentinelmarket train` makes one")
        known = [cluster_risks.get(cluster) for cluster in table.clusters.ids]
        matrix = stock_matrix(table, np.array([k.probability if k else 0.0 for k in known]))
        found, typical = regression.log_odds(stock_inputs(matrix)), self.model.typical_stock

        def rescore(row: int, replaced: Sequence[Sequence[int]]) -> Floats:
            return regression.log_odds(stock_inputs(variants(matrix[row], typical, replaced)))

        return {
            subject: self._risk(
                (subject, "stock", as_of),
                float(found[row]),
                factors(STOCK, row, matrix[row], typical, float(found[row]), rescore),
            )
            for row, subject in enumerate(table.stocks.ids)
        }

    def _risk(self, of: tuple[str, str, int], found: float, moved: tuple[Factor, ...]) -> Risk:
        subject, kind, as_of = of
        probability = float(sigmoid(np.array(found)))
        points = score(probability)
        return Risk(subject, kind, points, probability, band(points), self.name, as_of, moved)


def load_scorer(path: Path | None = None) -> Scorer:
    """The shipped model, or one from a folder that `sentinelmarket train` wrote.

    Raises UsageError where the files are missing, changed or of other features.
    """
    return Scorer(load(path), version(manifest(path)))


def measured(
    observed: Observed,
    ties: Sequence[Tie],
    clusters: Sequence[Cluster],
    events: Sequence[PriceEvent],
    stocks_too: bool = True,
) -> Table:
    """What `Scorer.of` scores: one market, measured once, as known at `observed.as_of`."""
    sample = Sample("", observed, ties, clusters, events, labels={}, stocks={})
    return prepare(sample, stocks_too)
