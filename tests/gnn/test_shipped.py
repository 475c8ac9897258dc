"""The model that ships: whole, described truly, and able to score."""

from __future__ import annotations

from gnn.registry import SHIPPED, load, manifest
from gnn.report import card
from gnn.score import load_scorer
from gnn.train import SCORERS
from tests.gnn.toy import market


def test_the_model_card_is_the_manifests() -> None:
    kept = (SHIPPED.parent / "MODEL_CARD.md").read_text(encoding="utf-8")
    assert kept == card(manifest()), "run `sentinelmarket train`, or commit the card it wrote"


def test_the_shipped_model_loads_and_is_no_pickle() -> None:
    assert load().chosen in SCORERS
    assert {path.suffix for path in SHIPPED.iterdir()} == {".json", ".safetensors"}


def test_the_shipped_model_scores_a_market_it_never_saw() -> None:
    sample = market(1)
    scorer = load_scorer()
    risks = scorer.clusters(sample.observed, sample.ties, sample.clusters, sample.events)
    assert set(risks) == set(sample.labels)
    assert all(risk.factors for risk in risks.values())
    stocks = scorer.stocks(sample.observed, sample.ties, sample.clusters, sample.events, risks)
    assert set(stocks) == set(sample.stocks)
