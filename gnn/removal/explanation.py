"""Why a cluster has its score: factors, evidence by what it is worth, what would drop its band.

Every figure comes of scoring again; docs/explanation.md has the fields.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from gnn.calibrate import BANDS
from gnn.measure import SCHEMA, Features
from gnn.removal import told
from gnn.removal.factors import TopFactor, top_factors
from gnn.removal.items import groups, pieces
from gnn.removal.ranking import Ranked, minimal, ranked
from gnn.removal.scene import Rescore, Scene
from gnn.removal.told import Item
from gnn.removal.weighing import Weighing
from graph.detection.observed import Observed
from graph.model import Cluster, PriceEvent, Risk, Tie

VERSION = 1  # of this JSON; raise it when a field changes


@dataclass(frozen=True, slots=True)
class Counterfactual:
    """The smallest set found whose loss drops the band: none of it can be left out. `source_ids`
    is None where even the loss of all evidence drops nothing."""

    source_ids: tuple[str, ...] | None
    score: int | None
    band: str | None
    text: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """All of it. `interval` is None where the model gives none. Times are ISO 8601, UTC."""

    cluster: str
    score: int
    p: float
    interval: tuple[float, float] | None
    band: str
    top_factors: tuple[TopFactor, ...]
    evidence: tuple[Item, ...]
    groups: tuple[Item, ...]
    counterfactual: Counterfactual
    not_considered: tuple[str, ...]
    caveats: tuple[str, ...]
    versions: dict[str, str]
    as_of: str

    def as_json(self) -> dict[str, Any]:
        """As plain values."""
        return asdict(self)


def explain(
    observed: Observed,
    ties: Sequence[Tie],
    cluster: Cluster,
    events: Sequence[PriceEvent],
    rescore: Rescore,
    peers: Features,
    *,
    known: Risk | None = None,
    versions: dict[str, str] | None = None,
) -> Explanation:
    """Explains the score of one cluster of a market.

    `peers`: measures of all clusters of the run; `known`: the cluster's risk in the whole market,
    where it was scored already. The order in which posts and ties come changes nothing.
    """
    whole = Scene(observed, tuple(ties), cluster, tuple(events))
    weighing = Weighing(whole, rescore, known)
    risk = weighing.risk
    found = pieces(whole)
    shares = {p: len(one.acts) + len(one.voices) for p, one in found.items()}
    order = ranked(list(found), shares, weighing)
    shared = groups(list(found.values()))
    return Explanation(
        cluster=cluster.id,
        score=risk.score,
        p=risk.probability,
        interval=None,
        band=risk.band,
        top_factors=top_factors(risk.factors, peers, cluster.id),
        evidence=told.evidence(order, found, weighing),
        groups=told.in_order(told.group(one, found, weighing) for one in shared),
        counterfactual=_counterfactual(order, weighing),
        not_considered=told.not_considered(order, whole),
        caveats=told.caveats(cluster),
        versions={"explanation": str(VERSION), "features": str(SCHEMA), "model": risk.model}
        | (versions or {}),
        as_of=datetime.fromtimestamp(risk.as_of / 1000, UTC).isoformat(),
    )


def _counterfactual(order: Ranked, weighing: Weighing) -> Counterfactual:
    """The smallest set found, most telling first."""
    risk = weighing.risk
    floor = next(least for least, word in BANDS if word == risk.band)
    fewest = minimal(order.posts, lambda gone: weighing.without(gone).score < floor)
    if fewest is None:
        rest = weighing.without(order.posts).score
        return Counterfactual(None, None, None, told.nothing_drops(risk, floor, rest))
    after = weighing.without(fewest)
    text = told.drops(len(fewest), len(order.posts), risk, after)
    return Counterfactual(fewest, after.score, after.band, text)
