"""A planted market, found and scored once, and an explanation of each of its clusters."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import pytest

from api.samples import QuickEmbedder, as_of, bar_table
from gnn.features import cluster_features
from gnn.measure import Features
from gnn.removal import Explanation, explain
from gnn.removal.scene import Rescore, Scene
from gnn.sample import Sample
from gnn.score import load_scorer
from graph.detection import detect
from graph.detection.observed import from_values
from graph.model import Cluster, Risk
from ingest.market.events import price_events
from ingest.synthetic.market import MarketSettings, plant


@dataclass(frozen=True)
class Case:
    """A market with the risks of its clusters."""

    sample: Sample
    rescore: Rescore

    @cached_property
    def risks(self) -> dict[str, Risk]:
        s = self.sample
        return dict(self.rescore(s.observed, s.ties, s.clusters, s.events))

    @cached_property
    def peers(self) -> Features:
        s = self.sample
        return cluster_features(s.observed, s.ties, s.clusters, s.events)

    @cached_property
    def shortest(self) -> list[Cluster]:
        """Clusters that are quick to explain, the highest score first."""
        few = sorted(self.sample.clusters, key=lambda c: (len(c.posts), c.id))[:6]
        return sorted(few, key=lambda c: (-self.risks[c.id].score, c.id))

    @cached_property
    def told(self) -> list[Explanation]:
        """Those explained."""
        return [self.explained(cluster) for cluster in self.shortest]

    def whole(self, cluster: Cluster) -> Scene:
        s = self.sample
        return Scene(s.observed, tuple(s.ties), cluster, tuple(s.events))

    def explained(self, cluster: Cluster) -> Explanation:
        s = self.sample
        known = self.risks[cluster.id]
        args = (s.observed, s.ties, cluster, s.events, self.rescore, self.peers)
        return explain(*args, known=known)


@pytest.fixture(scope="session")
def case() -> Case:
    planted = plant(MarketSettings(seed=3001, accounts=300, days=30))
    observed = from_values(planted.posts, planted.accounts, as_of(planted))
    found = detect(observed, embedder=QuickEmbedder())
    events = price_events(bar_table(planted.bars), observed.as_of)
    sample = Sample("3001", observed, found.ties, found.clusters, events, {}, {})
    return Case(sample, load_scorer().clusters)
