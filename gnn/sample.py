"""One market with what detection found in it and what the caller knows to be true."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from graph.detection.observed import Observed
from graph.model import Cluster, PriceEvent, Tie


@dataclass(frozen=True, slots=True)
class Ring:
    """A planted campaign: its kind and who is in it, found or not."""

    kind: str
    members: frozenset[str]


@dataclass(frozen=True, slots=True)
class Sample:
    """A market to learn from or to be judged on. Labels come from outside, never from here."""

    market: str  # what splits and intervals are grouped by
    observed: Observed
    ties: Sequence[Tie]
    clusters: Sequence[Cluster]
    events: Sequence[PriceEvent]
    labels: Mapping[str, int]  # cluster -> 1: a campaign, 0: not
    stocks: Mapping[str, int]  # ticker -> 1: promoted by a campaign, 0: not
    groups: Mapping[str, str] = field(default_factory=dict)  # positive cluster -> campaign kind
    decoys: Mapping[str, str] = field(default_factory=dict)  # harmless cluster -> what it is
    rings: Sequence[Ring] = ()
