"""PSI, against figures worked out by hand, and when a change is one to speak of."""

from __future__ import annotations

from math import log

import numpy as np
import pytest

from gnn import drift
from gnn.dataset import prepare
from gnn.features import CLUSTER
from gnn.measure import Features, columns
from gnn.stocks import STOCK
from gnn.train import Model
from tests.gnn.toy import market

HALVES = {"edges": [10.0], "shares": [0.5, 0.5], "rows": 1_000}


def rows(*values: float, name: str = "size") -> Features:
    matrix = np.array(values, dtype=np.float64).reshape(len(values), 1)
    return Features(tuple(map(str, range(len(values)))), (name,), matrix)


NONE = Features((), (), np.zeros((0, 0)))


def test_psi_is_what_one_works_out_by_hand() -> None:
    nine_to_one = np.array([1.0] * 90 + [11.0] * 10)
    by_hand = (0.9 - 0.5) * log(0.9 / 0.5) + (0.1 - 0.5) * log(0.1 / 0.5)
    assert by_hand == pytest.approx(0.8789, abs=1e-4)
    assert drift.index(HALVES, nine_to_one) == pytest.approx(by_hand)
    assert drift.index(HALVES, np.array([1.0, 11.0])) == 0.0
    assert drift.index(HALVES, np.array([10.0, 10.1])) == 0.0  # an edge belongs to what is below


def test_an_empty_bin_counts_as_half_a_row() -> None:
    low = 0.5 / 4.5
    by_hand = (1 - low - 0.5) * log((1 - low) / 0.5) + (low - 0.5) * log(low / 0.5)
    assert drift.index(HALVES, np.array([1.0, 2.0, 3.0, 4.0])) == pytest.approx(by_hand)


def test_edges_are_the_tenths_of_the_training_rows_and_these_do_not_drift(model: Model) -> None:
    tables = [prepare(market(seed)) for seed in range(6)]
    learnt = drift.edges(tables) | drift.score_edges(tables, model)
    assert set(learnt["clusters"]) == set(columns(CLUSTER))
    assert set(learnt["stocks"]) == set(columns(STOCK)) - {"risk"}
    sizes = np.concatenate([t.clusters.matrix[:, columns(CLUSTER).index("size")] for t in tables])
    bins = learnt["clusters"]["size"]
    assert bins["rows"] == len(sizes)
    assert sum(bins["shares"]) == pytest.approx(1)
    below = [float((sizes <= edge).mean()) for edge in bins["edges"]]
    assert np.cumsum(bins["shares"])[:-1].tolist() == pytest.approx(below, abs=1e-5)
    assert drift.index(bins, sizes) < 0.05
    assert min(learnt["score"]["clusters"]["edges"]) >= 1


def test_a_market_of_another_kind_is_said_in_a_sentence() -> None:
    learnt = {"clusters": {"size": HALVES}, "stocks": {"posts": HALVES}, "score": {}}
    found = drift.psi(learnt, rows(*[99.0] * 200), rows(*[1.0, 99.0] * 50, name="posts"), [])
    assert [(one.of, one.name, one.large) for one in found] == [
        ("clusters", "size", True),
        ("stocks", "posts", False),
    ]
    assert "size of clusters" in str(drift.said(found))
    assert "posts of stocks" not in str(drift.said(found))
    assert drift.said(found[1:]) is None


def test_the_score_drifts_too() -> None:
    found = drift.psi({"score": {"clusters": HALVES}}, NONE, NONE, [99.0] * 60)
    assert [one.large for one in found] == [True]
    assert "the score" in str(drift.said(found))


def test_a_dozen_clusters_are_too_few_to_call_a_change() -> None:
    tenths = {"edges": [float(n) for n in range(1, 10)], "shares": [0.1] * 10, "rows": 1_000}
    rng = np.random.default_rng(5)
    few, many = rows(*rng.uniform(0, 10, 12)), rows(*rng.uniform(0, 4, 400))
    (by_chance,) = drift.psi({"clusters": {"size": tenths}}, few, NONE, [])
    (real,) = drift.psi({"clusters": {"size": tenths}}, many, NONE, [])
    assert by_chance.psi > drift.LINE
    assert not by_chance.large
    assert real.large


def test_a_model_without_edges_says_so() -> None:
    assert drift.psi({}, rows(1.0), NONE, [50.0]) == []
    assert drift.said([], known=False) == drift.NO_EDGES
    assert "no edges in this model" in drift.NO_EDGES


def test_no_clusters_are_no_drift() -> None:
    assert drift.psi({"clusters": {"size": HALVES}}, rows(), NONE, []) == []
