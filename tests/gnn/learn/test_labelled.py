"""Labels as training rows: as known then, the strongest tier, weighed, and kept in groups."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from gnn.learn.csr import undirected
from gnn.learn.exposure import label_exposure
from gnn.learn.labelled import apart, as_arrays, training_rows
from graph.labels import Label, SubjectKind, Tier, Verdict

UP, DOWN = Verdict.PROMOTION, Verdict.HARMLESS
ANN = Label(SubjectKind.ACCOUNT, "x:ann", UP, Tier.GOLD, 1.0, "release 7", 100)


def said(*labels: Label, as_of: int = 1_000) -> list[tuple[str, int, float, str]]:
    return [
        (r.subject, r.label, round(r.weight, 6), r.tier.value)
        for r in training_rows(labels, as_of, SubjectKind.ACCOUNT)
    ]


def test_a_row_is_what_was_known_then() -> None:
    later = replace(ANN, verdict=DOWN, known_at=200)
    assert said(ANN, later, as_of=99) == []
    assert said(ANN, later, as_of=199) == [("x:ann", 1, 1.0, "gold")]
    assert said(later, ANN, as_of=200) == [("x:ann", 0, 1.0, "gold")]


@pytest.mark.parametrize(
    ("tier", "weight"), [("gold", 0.8), ("silver", 0.8), ("bronze", 0.24), ("synthetic", 0.16)]
)
def test_the_weight_is_the_tier_times_the_confidence(tier: str, weight: float) -> None:
    ((*_, found, of),) = said(replace(ANN, tier=Tier(tier), confidence=0.8))
    assert (found, of) == (weight, tier)


def test_the_strongest_tier_speaks_and_unclear_says_nothing() -> None:
    silver = replace(ANN, tier=Tier.SILVER, verdict=DOWN, confidence=0.9)
    bronze = replace(ANN, tier=Tier.BRONZE, confidence=1.0)
    assert said(bronze, silver) == [("x:ann", 0, 0.9, "silver")]
    assert said(bronze, replace(silver, verdict=Verdict.UNCLEAR)) == [("x:ann", 1, 0.3, "bronze")]


def test_sources_that_disagree_weigh_less_or_nothing() -> None:
    other = replace(ANN, provenance="another", verdict=DOWN)
    assert said(ANN, other) == []
    assert said(ANN, replace(other, confidence=0.5)) == [("x:ann", 1, round(1 / 3, 6), "gold")]


def test_what_was_said_of_the_account_goes_before_what_was_drawn_from_its_cluster() -> None:
    drawn = replace(ANN, tier=Tier.SILVER, provenance="p", through="l-1", confidence=0.4)
    own = replace(drawn, through=None, provenance="q", verdict=DOWN, confidence=0.3)
    assert said(drawn, own) == [("x:ann", 0, 0.3, "silver")]
    assert training_rows([drawn], 1_000, SubjectKind.ACCOUNT)[0].group == "l-1"
    assert training_rows([drawn], 1_000, SubjectKind.CLUSTER) == []


def test_arrays_follow_the_ids_and_groups_stay_together() -> None:
    drawn = replace(ANN, tier=Tier.SILVER, through="l-1", provenance="p")
    rows = training_rows([drawn, replace(drawn, subject="x:bob")], 1_000, SubjectKind.ACCOUNT)
    labels, known, weights, groups = as_arrays(rows, ["x:cat", "x:bob", "x:ann"])
    assert labels.tolist() == [0, 1, 1]
    assert known.tolist() == [False, True, True]
    assert weights.tolist() == [0.0, 1.0, 1.0]
    assert groups[1] == groups[2] != groups[0]


def test_tiers_are_told_apart() -> None:
    rows = training_rows(
        [ANN, replace(ANN, subject="x:bob", tier=Tier.SYNTHETIC)], 1_000, SubjectKind.ACCOUNT
    )
    assert apart(rows, len) == {Tier.GOLD: 1, Tier.SYNTHETIC: 1}


def test_a_group_never_sees_the_labels_of_its_own_verdict() -> None:
    """Two groups of four, each a clique: whoever sees a label sees one of its own group."""
    pairs = [(base + a, base + b) for base in (0, 4) for a in range(4) for b in range(a)]
    near = undirected(np.array(pairs), 8)
    labels, known = np.repeat([1, 0], 4), np.ones(8, np.bool_)
    groups = np.repeat([0, 4], 4)
    alone = label_exposure({"ties": [near]}, labels, known, seed=0)
    together = label_exposure({"ties": [near]}, labels, known, seed=0, groups=groups)
    at = together.names.index("known ties")
    assert alone.matrix[:, at].max() > 0
    assert together.matrix[:, at].max() == 0
