"""Models trained once on toy markets."""

from __future__ import annotations

import pytest

from gnn.dataset import prepare
from gnn.train import Model, calibrated, train
from tests.gnn.toy import market


@pytest.fixture(scope="session")
def model() -> Model:
    """Trained on eight toy markets, calibrated on four others."""
    trained = train([market(seed) for seed in range(8)], seed=7)
    return calibrated(trained, [prepare(market(seed)) for seed in range(100, 104)], "logistic")
