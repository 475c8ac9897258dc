"""Baselines, the graph and the graph model, training and files."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score, roc_auc_score

from gnn import metrics
from gnn.baseline import PENALTY, fit_logistic, from_json
from gnn.dataset import EDGES, hetero, learnable, prepare
from gnn.evaluate import choose, evaluate
from gnn.features import cluster_features
from gnn.measure import SCHEMA
from gnn.model import sage_log_odds
from gnn.registry import load, save
from gnn.report import page
from gnn.sample import Ring
from gnn.score import HELD_AT, hold
from gnn.stocks import stock_features
from gnn.train import Model, joined, log_odds, train
from graph.detection.observed import from_values
from graph.errors import UsageError
from tests.gnn.toy import AS_OF, market


def test_logistic_agrees_with_scikit_learn_and_survives_json() -> None:
    rng = np.random.default_rng(2)
    x = rng.normal(size=(200, 4)) * [1, 10, 0.1, 0] + 3
    y = (x[:, 0] + rng.normal(size=200) > 3).astype(np.int64)
    ours = from_json(json.loads(json.dumps(fit_logistic(x, y, "abcd").as_json())))
    spread = np.where(x.std(axis=0) > 1e-9, x.std(axis=0), 1.0)
    theirs = LogisticRegression(C=PENALTY, max_iter=5_000, tol=1e-10).fit(
        (x - x.mean(axis=0)) / spread, y
    )
    expected = theirs.decision_function((x - x.mean(axis=0)) / spread)
    np.testing.assert_allclose(ours.log_odds(x), expected, atol=1e-6)


def test_the_graph_has_a_row_for_each_thing_and_both_directions() -> None:
    sample = market(1)
    inputs = (sample.observed, sample.ties, sample.clusters, sample.events)
    graph = hetero(*inputs)
    members = {m.account_id for c in sample.clusters for m in c.members}
    assert graph["cluster"].x.shape == cluster_features(*inputs).matrix.shape
    assert graph["stock"].x.shape == stock_features(*inputs).matrix.shape
    assert len(graph["account"].x) == len(members)
    assert len(graph["price_event"].x) == len(sample.events)
    ties = graph["account", "tie", "account"]
    assert ties.edge_index.shape == (2, 2 * len(sample.ties))
    assert ties.edge_weight.shape == (2 * len(sample.ties),)
    there, back = (graph[edge].edge_index for edge in EDGES[:2])
    assert torch.equal(there, back.flip(0))
    graph.validate()


def test_a_market_without_clusters_is_a_graph_too(model: Model) -> None:
    table = prepare(replace(market(1), clusters=[], ties=[]))
    assert sage_log_odds(model.sage, table.graph)[0].shape == (0,)
    empty = from_values([], [], AS_OF)
    graph = hetero(empty, [], [], [])
    assert [len(x) for x in sage_log_odds(model.sage, graph)] == [0, 0]


def test_a_message_travels_from_an_account_to_its_cluster(model: Model) -> None:
    graph = prepare(market(1)).graph
    before = sage_log_odds(model.sage, graph)[0]
    moved = graph.clone()
    moved["account"].x = moved["account"].x + 3.0
    assert not np.allclose(sage_log_odds(model.sage, moved)[0], before)


def test_training_twice_writes_the_same_bytes(tmp_path: Path) -> None:
    samples = [market(seed) for seed in range(3)]
    for folder in ("a", "b"):
        save(train(samples, seed=5), tmp_path / folder)
    names = sorted(path.name for path in (tmp_path / "a").iterdir())
    files = {"calibration.json", "logistic.json", "sage.safetensors", "trees.json"}
    assert set(names) == files | {"manifest.json"}
    for name in names:
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()
    save(train(samples, seed=6), tmp_path / "c")
    other, first = (tmp_path / f / "sage.safetensors" for f in "ca")
    assert other.read_bytes() != first.read_bytes()


def test_training_leaves_torch_as_it_was() -> None:
    state = torch.random.get_rng_state()
    threads, strict = torch.get_num_threads(), torch.are_deterministic_algorithms_enabled()
    train([market(0)], seed=5)
    assert torch.equal(torch.random.get_rng_state(), state)
    assert torch.get_num_threads() == threads
    assert torch.are_deterministic_algorithms_enabled() == strict


def test_a_saved_model_scores_the_same(model: Model, tmp_path: Path) -> None:
    save(model, tmp_path)
    table = prepare(market(50))
    for name in ("floor", "logistic", "sage"):
        np.testing.assert_array_equal(
            log_odds(load(tmp_path), name, table), log_odds(model, name, table)
        )


def test_a_changed_file_and_a_missing_model_are_refused(model: Model, tmp_path: Path) -> None:
    save(model, tmp_path / "w")
    changed = tmp_path / "w" / "logistic.json"
    changed.write_text(changed.read_text().replace("0", "1", 1))
    with pytest.raises(UsageError, match="sentinelmarket train"):
        load(tmp_path / "w")
    with pytest.raises(UsageError, match="holds no model"):
        load(tmp_path / "nowhere")


def test_a_model_of_other_features_is_refused(model: Model, tmp_path: Path) -> None:
    save(model, tmp_path)
    path = tmp_path / "manifest.json"
    path.write_text(path.read_text().replace(f'"schema": {SCHEMA}', '"schema": 0'))
    with pytest.raises(UsageError, match="other features"):
        load(tmp_path)


def test_both_models_beat_the_floor_on_toy_markets(model: Model) -> None:
    tables = [prepare(market(seed)) for seed in range(200, 208)]
    _, y = joined(tables)
    ap = {
        name: metrics.average_precision(
            np.concatenate([log_odds(model, name, t) for t in tables]), y
        )
        for name in ("floor", "logistic", "sage")
    }
    assert min(ap["logistic"], ap["sage"]) > ap["floor"] + 0.1


def test_leaving_a_kind_out_hides_its_clusters_and_their_stocks() -> None:
    table = prepare(market(1))
    reduced = learnable(table, "burst")
    hidden = np.array([kind == "burst" for kind in table.kinds])
    assert hidden.any()
    assert (reduced.labels[hidden] == -1).all()
    assert (reduced.labels[~hidden] == table.labels[~hidden]).all()
    assert reduced.stock_labels[table.stocks.ids.index("TK1")] == -1
    unheard = learnable(table, "unheard of")
    assert (unheard.labels == table.labels).all()
    assert (unheard.stock_labels == table.stock_labels).all()


def test_a_cluster_that_is_partly_a_campaigns_is_judged_and_not_learnt_from() -> None:
    sample = market(1)
    harmless = next(c for c in sample.clusters if not sample.labels[c.id])
    some = frozenset(m.account_id for m in harmless.members[: (len(harmless.members) + 2) // 3])
    table = prepare(replace(sample, rings=[Ring("burst", some)]))
    row = table.clusters.ids.index(harmless.id)
    assert table.labels[row] == 0
    assert learnable(table).labels[row] == -1


def test_an_evaluation_judges_each_kind_alone_and_says_what_it_does_not_show() -> None:
    parts = [[prepare(market(s)) for s in range(start, start + 4)] for start in (0, 100, 200)]
    report = evaluate(*parts, seed=3)
    assert report.kinds == ("burst", "drip")
    for by_model in report.figures.values():
        for figures in by_model.values():
            assert figures["positives"] == 4  # one a market, of this kind only
            assert figures["clusters"] == 12
            assert figures["auprc_low"] <= figures["auprc"] <= figures["auprc_high"]
    assert report.chosen in ("logistic", "sage")
    text = page({**report.as_json(), "seeds": {"train": "0 to 3"}, "meaning": "read by hand"})
    assert "What this does not show" in text
    assert "| train | 0 to 3 | 4 |" in text
    assert "same_meaning: read by hand." in text
    assert f"{report.mean['logistic']['auprc']:.3f}" in text
    json.dumps(report.as_json())


def test_the_simpler_model_wins_a_tie_and_what_may_fall_with_evidence_never_scores() -> None:
    never = {"floor": 1.0, "heuristic": 1.0, "sage": 1.0, "joint": 1.0}
    assert choose({"a": {**never, "logistic": 0.8, "trees": 0.8, "stack": 0.8}}) == "logistic"
    assert choose({"a": {**never, "logistic": 0.7, "trees": 0.8, "stack": 0.9}}) == "stack"


def test_metrics_agree_with_scikit_learn() -> None:
    rng = np.random.default_rng(4)
    scores = rng.integers(0, 20, 300).astype(np.float64)
    labels = (rng.random(300) < 0.2).astype(np.int64)
    assert metrics.average_precision(scores, labels) == pytest.approx(
        average_precision_score(labels, scores)
    )
    assert metrics.auroc(scores, labels) == pytest.approx(roc_auc_score(labels, scores))


def test_recall_at_a_rate_of_false_alarms_by_hand() -> None:
    scores = np.array([9.0, 8, 7, 6, *range(-100, 0)])
    labels = np.array([1, 1, 0, 1, *[0] * 100])
    assert metrics.recall_at_fpr(scores, labels, 0.0) == pytest.approx(2 / 3)
    assert metrics.recall_at_fpr(scores, labels, 0.01) == 1.0
    assert metrics.false_alarms(scores, labels, 6.5) == pytest.approx(1 / 101)


def test_a_weight_stays_on_its_side_and_beyond_training_nothing_is_guessed() -> None:
    rng = np.random.default_rng(3)
    x = rng.normal(size=(300, 3))
    y = (x[:, 0] - x[:, 1] + rng.normal(size=300) > 0).astype(np.int64)
    held = fit_logistic(x, y, "abc", signs=np.array([-1.0, -1.0, 0.0]))
    assert held.weights[0] == 0  # it would raise, and may only lower
    assert held.weights[1] < 0
    assert held.weights[2] == 0
    free = fit_logistic(x, y, "abc")
    far = free.high[None, :] + 100
    np.testing.assert_array_equal(free.log_odds(far), free.log_odds(free.high[None, :]))


def test_a_cluster_that_names_no_stock_is_held_low_and_says_so() -> None:
    held, (why,) = hold(5.0, 0.1)
    assert held == HELD_AT
    assert "10%" in why.text
    assert why.effect == HELD_AT - 5.0
    assert hold(5.0, 0.2) == (5.0, ())
    assert hold(HELD_AT - 1, 0.0) == (HELD_AT - 1, ())
