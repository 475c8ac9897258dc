"""Risks and their reasons."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from gnn.calibrate import logit, score
from gnn.dataset import Table, prepare
from gnn.features import CLUSTER, cluster_features
from gnn.labels import label_clusters, label_stocks
from gnn.measure import columns, directions, group, scaled
from gnn.registry import save
from gnn.sample import Sample
from gnn.score import HELD_AT, Scorer, load_scorer
from gnn.train import Model, calibrated, log_odds
from graph.errors import UsageError
from graph.model import Risk
from tests.gnn.toy import cluster, market, post


@pytest.fixture(scope="module")
def scorer(model: Model) -> Scorer:
    return Scorer(model, "logistic-test")


def _risks(scorer: Scorer, seed: int = 50) -> dict[str, Risk]:
    sample = market(seed)
    return scorer.clusters(sample.observed, sample.ties, sample.clusters, sample.events)


def test_campaigns_score_above_harmless_clusters(scorer: Scorer) -> None:
    sample = market(50)
    risks = _risks(scorer)
    assert set(risks) == set(sample.labels)
    planted = [risks[c].score for c, y in sample.labels.items() if y]
    harmless = [risks[c].score for c, y in sample.labels.items() if not y]
    assert min(planted) > max(harmless)
    for risk in risks.values():
        assert risk.score == score(risk.probability)
        assert risk.as_of == sample.observed.as_of
        assert 1 <= len(risk.factors) <= 8


def test_the_effect_of_a_factor_is_exactly_what_replacing_it_does(
    scorer: Scorer, model: Model
) -> None:
    sample = market(50)
    features = cluster_features(sample.observed, sample.ties, sample.clusters, sample.events)
    names = columns(CLUSTER)
    free = log_odds(model, "logistic", prepare(sample))  # before a cluster is held low
    for row, risk in enumerate(_risks(scorer).values()):
        before = float(free[row])
        for factor in risk.factors:
            if factor.name == "names_no_stock":
                assert factor.effect == pytest.approx(HELD_AT - before)
                assert logit(np.array(risk.probability)) == pytest.approx(HELD_AT)
                continue
            feature = next(f for f in CLUSTER if f.name == factor.name)
            changed = features.matrix[row].copy()
            for name in group(feature):
                changed[names.index(name)] = model.typical[names.index(name)]
            raw = model.logistic.log_odds(scaled(CLUSTER, changed[None, :]))
            after = float(model.platt["logistic"].log_odds(raw)[0])
            assert factor.effect == pytest.approx(before - after, abs=1e-6)
            assert factor.value == features.matrix[row, names.index(factor.name)]
            assert feature.words in factor.text


@pytest.mark.parametrize("chosen", ["trees", "stack"])
def test_trees_and_stack_explain_themselves_the_same_way(model: Model, chosen: str) -> None:
    settled = calibrated(model, [prepare(market(seed)) for seed in (100, 101)], chosen)
    table = prepare(market(50))
    risks = _risks(Scorer(settled, chosen))
    typical = scaled(CLUSTER, settled.typical[None, :])[0]
    told = 0
    for row, subject in enumerate(table.clusters.ids):
        for factor in risks[subject].factors:
            feature = next((f for f in CLUSTER if f.name == factor.name), None)
            if feature is None:  # held low: no measure of the model's
                continue
            at = [columns(CLUSTER).index(name) for name in group(feature)]
            matrix = table.clusters.matrix.copy()
            matrix[row, at] = settled.typical[at]
            changed = replace(table, clusters=replace(table.clusters, matrix=matrix))
            assert changed.x[row, at] == pytest.approx(typical[at])
            after = log_odds(settled, chosen, changed)[row]
            before = log_odds(settled, chosen, table)[row]
            assert factor.effect == pytest.approx(float(before - after), abs=1e-6)
            told += 1
    assert told


def test_what_cannot_be_explained_is_refused_with_a_sentence(model: Model) -> None:
    graphic = calibrated(model, [prepare(market(seed)) for seed in (100, 101)], "sage")
    with pytest.raises(UsageError, match="cannot be explained"):
        _risks(Scorer(graphic, "sage-test"))


@pytest.mark.parametrize("chosen", ["logistic", "trees", "stack"])
def test_more_evidence_never_lowers_the_final_score(model: Model, chosen: str) -> None:
    settled = calibrated(model, [prepare(market(seed)) for seed in (100, 101)], chosen)
    _never_lowered(settled, prepare(market(50)))


def test_more_evidence_never_lowers_the_shipped_score() -> None:
    _never_lowered(load_scorer().model, prepare(market(50)))


def _never_lowered(model: Model, table: Table) -> None:
    """Each measure that may raise is raised, each that may lower is lowered, one at a time."""
    before = log_odds(model, model.chosen, table)
    moved = 0
    for at, sign in enumerate(directions(CLUSTER)):
        for step in (0.1, 1.0, 10.0):
            matrix = table.clusters.matrix.copy()
            matrix[:, at] += sign * step
            changed = replace(table, clusters=replace(table.clusters, matrix=matrix))
            after = log_odds(model, model.chosen, changed)
            assert (after >= before - 1e-9).all(), columns(CLUSTER)[at]
            moved += int((after > before).any())
    assert moved


def test_a_stock_takes_its_risk_from_the_clusters_that_promote_it(scorer: Scorer) -> None:
    sample = market(50)
    inputs = (sample.observed, sample.ties, sample.clusters, sample.events)
    risks = scorer.clusters(*inputs)
    stocks = scorer.stocks(*inputs, risks)
    promoted = [stocks[t].score for t, y in sample.stocks.items() if y]
    others = [stocks[t].score for t in ("ACME", "BETA", "GAMA")]
    assert min(promoted) > max(others)
    calm = {c: replace(r, probability=0.001) for c, r in risks.items()}
    assert scorer.stocks(*inputs, calm)["TK1"].score < stocks["TK1"].score


def test_clusters_and_stocks_are_scored_from_one_measuring(
    scorer: Scorer, monkeypatch: pytest.MonkeyPatch
) -> None:
    sample = market(50)
    inputs = (sample.observed, sample.ties, sample.clusters, sample.events)
    risks = scorer.clusters(*inputs)
    apart = (risks, scorer.stocks(*inputs, risks))
    measured = []

    def counting(seen: Sample, stocks_too: bool = True) -> Table:
        measured.append(seen)
        return prepare(seen, stocks_too)

    monkeypatch.setattr("gnn.score.prepare", counting)
    assert scorer.both(*inputs) == apart
    assert len(measured) == 1


def test_scores_do_not_depend_on_what_else_is_scored(scorer: Scorer) -> None:
    sample = market(50)
    alone = scorer.clusters(sample.observed, sample.ties, sample.clusters[:1], sample.events)
    assert alone[sample.clusters[0].id] == _risks(scorer)[sample.clusters[0].id]


def test_nothing_found_is_nothing_scored(scorer: Scorer) -> None:
    sample = market(50)
    assert scorer.clusters(sample.observed, [], [], sample.events) == {}
    assert set(scorer.stocks(sample.observed, [], [], sample.events, {})) == set(sample.stocks)


def test_a_scorer_from_a_folder_carries_its_version(model: Model, tmp_path: Path) -> None:
    save(model, tmp_path)
    loaded = load_scorer(tmp_path)
    assert loaded.name.startswith("logistic-")
    assert {r.score for r in _risks(loaded).values()} == {
        r.score for r in _risks(Scorer(model, "x")).values()
    }


def test_a_cluster_is_a_campaigns_when_half_its_members_are() -> None:
    posts = [post("1", "a", "x", 0)]
    found = [cluster("half", ["a", "b"], posts), cluster("third", ["a", "c", "d"], posts)]
    labels = label_clusters(found, {"k": {"x:a"}, "other": {"x:z"}})
    assert labels.labels == {"half": 1, "third": 0}
    assert labels.campaigns == {"half": "k"}
    assert label_stocks(["B", "A"], {"A"}) == {"A": 1, "B": 0}


def test_the_evidence_decides_where_members_only_met_by_chance() -> None:
    posts = [post(str(i), "a", "x", i) for i in range(8)]
    found = [cluster("c", ["a", "b"], posts)]
    members = {"k": {"x:a", "x:b"}}
    assert label_clusters(found, members, {"k": {"x:0", "x:1"}}).labels == {"c": 1}
    assert label_clusters(found, members, {"k": {"x:0"}}).labels == {"c": 0}
