"""Probabilities and the published map to 1..100."""

from __future__ import annotations

import numpy as np
import pytest

from gnn.calibrate import ANCHORS, Platt, band, fit_platt, score, sigmoid


@pytest.mark.parametrize(("probability", "points"), ANCHORS)
def test_anchors_are_exact(probability: float, points: int) -> None:
    assert score(probability) == points


def test_the_map_is_monotone_and_stays_in_1_to_100() -> None:
    points = [score(float(p)) for p in np.linspace(0.0, 1.0, 4_001)]
    assert points == sorted(points)
    assert (points[0], points[-1]) == (1, 100)


@pytest.mark.parametrize(
    ("points", "word"),
    [(1, "low"), (29, "low"), (30, "watch"), (50, "elevated"), (70, "high"), (85, "critical")],
)
def test_bands(points: int, word: str) -> None:
    assert band(points) == word


def test_platt_recovers_a_known_distortion() -> None:
    rng = np.random.default_rng(1)
    truth = rng.normal(-1.0, 2.0, 20_000)
    labels = (rng.random(20_000) < sigmoid(truth)).astype(np.int64)
    platt = fit_platt((truth - 0.7) / 3.0, labels)
    assert platt.slope == pytest.approx(3.0, rel=0.05)
    assert platt.shift == pytest.approx(0.7, abs=0.08)


def test_platt_stays_finite_where_the_classes_part_perfectly() -> None:
    raw = np.array([-2.0, -1.0, 1.0, 2.0])
    p = sigmoid(fit_platt(raw, np.array([0, 0, 1, 1])).log_odds(raw))
    assert (np.diff(p) > 0).all()
    assert 0.01 < p.min() < p.max() < 0.99


def test_platt_with_one_class_changes_nothing() -> None:
    assert fit_platt(np.array([1.0, 2.0]), np.array([0, 0])) == Platt()
