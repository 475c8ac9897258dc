"""Labels as training rows, as known at a moment, with a weight by tier.

Of each subject its strongest tier speaks, and tiers are reported apart: a figure over enforcement
cases and planted ones together would say nothing of either. `group` must stay together in every
split: accounts that were labelled through one cluster know each other's label.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from graph.labels import Label, SubjectKind, Tier, Verdict, current
from graph.model import Millis

# Chosen, not measured: a rule about prices repeats what features see, planted rows are our own.
TIER_WEIGHT: Mapping[Tier, float] = {
    Tier.GOLD: 1.0,
    Tier.SILVER: 1.0,  # times its confidence, as every tier
    Tier.BRONZE: 0.3,
    Tier.SYNTHETIC: 0.2,
}
T = TypeVar("T")
Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class LabelRow:
    """One subject with what its strongest tier says: 1 is a promotion, 0 harmless."""

    subject: str
    label: int
    weight: float  # of the tier, times how sure it is, times how far its sources agree
    tier: Tier
    group: str


def training_rows(
    labels: Iterable[Label],
    as_of: Millis,
    kind: SubjectKind,
    tiers: Sequence[Tier] = tuple(Tier),
) -> list[LabelRow]:
    """The rows of one kind of subject, by subject, from what was known at `as_of`.

    `unclear` says nothing, and so do sources of one tier that are evenly divided. What was said of
    an account itself goes before what was drawn from a cluster.
    """
    found: defaultdict[str, list[Label]] = defaultdict(list)
    for label in current((x for x in labels if x.kind is kind and x.tier in tiers), as_of):
        if label.verdict is not Verdict.UNCLEAR:
            found[label.subject].append(label)
    rows = (_row(subject, many) for subject, many in sorted(found.items()))
    return [row for row in rows if row is not None]


def as_arrays(
    rows: Sequence[LabelRow], ids: Sequence[str]
) -> tuple[Ints, npt.NDArray[np.bool_], Floats, Ints]:
    """Labels, known, weights and groups, a value an id: what `label_exposure` and a fit take.

    Where nothing is known the label is 0, the weight 0, and the group the id's own.
    """
    at = {id: place for place, id in enumerate(ids)}
    labels, known = np.zeros(len(ids), np.int64), np.zeros(len(ids), np.bool_)
    weights, groups = np.zeros(len(ids)), np.arange(len(ids))
    numbers: dict[str, int] = {}
    for row in rows:
        if (place := at.get(row.subject)) is not None:
            labels[place], known[place], weights[place] = row.label, True, row.weight
            groups[place] = numbers.setdefault(row.group, place)
    return labels, known, weights, groups


def apart(rows: Sequence[LabelRow], measure: Callable[[Sequence[LabelRow]], T]) -> dict[Tier, T]:
    """A measure of each tier's rows, the strongest tier first; there is none of all together."""
    by = {tier: [row for row in rows if row.tier is tier] for tier in Tier}
    return {tier: measure(some) for tier, some in by.items() if some}


def _row(subject: str, labels: Sequence[Label]) -> LabelRow | None:
    tier = next(tier for tier in Tier if any(x.tier is tier for x in labels))
    of_tier = [x for x in labels if x.tier is tier]
    said = [x for x in of_tier if x.through is None] or of_tier
    up = sum(x.confidence for x in said if x.verdict is Verdict.PROMOTION)
    down = sum(x.confidence for x in said if x.verdict is Verdict.HARMLESS)
    if up == down:
        return None
    side = Verdict.PROMOTION if up > down else Verdict.HARMLESS
    best = max((x for x in said if x.verdict is side), key=lambda x: (x.confidence, x.id))
    agree = abs(up - down) / (up + down)
    weight = TIER_WEIGHT[tier] * best.confidence * agree
    return LabelRow(subject, int(up > down), weight, tier, best.through or subject)
