"""Maps to probabilities against values computed by hand."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.isotonic import IsotonicRegression

from gnn.calibrate import ANCHORS, fit_platt, logit, score, sigmoid
from gnn.learn.calibrators import (
    Beta,
    brier_skill,
    calibration_slope,
    fit_beta,
    fit_mondrian,
    fit_venn_abers,
    mondrian_from_json,
    venn_abers_from_json,
)
from gnn.learn.recipe import scores
from gnn.metrics import calibration_error
from graph.errors import UsageError


def test_beta_of_equal_slopes_is_platts_map() -> None:
    odds = np.array([-3.0, -0.2, 0.0, 4.0])
    assert Beta(2.0, 2.0, 0.5).log_odds(odds) == pytest.approx(2 * odds + 0.5)


def test_beta_by_hand() -> None:
    # p = 0.8: ln 0.8 = -0.2231, -ln 0.2 = 1.6094
    found = Beta(2.0, 0.5, 1.0).log_odds(logit(np.array([0.8])))
    assert found[0] == pytest.approx(2 * np.log(0.8) - 0.5 * np.log(0.2) + 1.0)


def test_beta_recovers_a_distortion_that_no_slope_describes() -> None:
    rng = np.random.default_rng(1)
    raw = rng.normal(-1.0, 2.0, 40_000)
    truth = Beta(0.5, 2.0, -0.3)
    labels = (rng.random(len(raw)) < sigmoid(truth.log_odds(raw))).astype(np.int64)
    found = fit_beta(raw, labels)
    assert (found.a, found.b, found.c) == pytest.approx((0.5, 2.0, -0.3), abs=0.1)
    slopes_only = fit_platt(raw, labels)
    gaps = [calibration_error(sigmoid(one.log_odds(raw)), labels) for one in (found, slopes_only)]
    assert gaps[0] < 0.5 * gaps[1]


def test_beta_never_turns_an_order_round() -> None:
    rng = np.random.default_rng(2)
    raw = rng.normal(size=500)
    labels = (rng.random(500) < sigmoid(-2 * raw)).astype(np.int64)  # the model is upside down
    assert (np.diff(fit_beta(raw, labels).log_odds(np.linspace(-5, 5, 50))) >= 0).all()


def test_beta_stays_finite_where_classes_part_and_changes_nothing_with_one() -> None:
    raw = np.array([-2.0, -1.0, 1.0, 2.0])
    p = sigmoid(fit_beta(raw, np.array([0, 0, 1, 1])).log_odds(raw))
    assert 0.01 < p.min() < p.max() < 0.99
    assert fit_beta(raw, np.zeros(4, dtype=np.int64)) == Beta()


def test_the_pair_by_hand() -> None:
    """Scores 1, 2, 3 with labels 0, 1, 1.

    A new 2.5 as 0: values 0, then 1 and 0 pool to 1/2, then 1: p0 = 1/2. As 1: 0, 1, 1, 1: p1 = 1.
    A new 2 as 0: its place holds 1 and 0: 1/2; as 1: 1. A new 0 as 0: 0; as 1: 1 and 0 pool to 1/2.
    """
    found = fit_venn_abers(np.array([1.0, 2, 3]), np.array([0, 1, 1]))
    pairs = found.pair(np.array([2.5, 2.0, 0.0]))
    assert pairs == pytest.approx(np.array([[0.5, 1], [0.5, 1], [0, 0.5]]))
    assert found.single(np.array([2.5])) == pytest.approx(1 / (1 - 0.5 + 1))


def test_the_pair_is_isotonic_regression_with_one_more_row() -> None:
    rng = np.random.default_rng(3)
    held = np.round(rng.normal(size=60), 1)  # with ties
    labels = (rng.random(60) < sigmoid(2 * held)).astype(np.int64)
    found = fit_venn_abers(held, labels)
    for new in (-4.0, held[7], 0.05, 0.1, 4.0):
        for label in (0, 1):
            peer = IsotonicRegression().fit(np.append(held, new), np.append(labels, label))
            assert found.pair(np.array([new]))[0, label] == pytest.approx(peer.predict([new])[0])


def test_the_pair_rises_with_the_score_and_survives_json() -> None:
    rng = np.random.default_rng(4)
    held = rng.normal(size=400)
    found = fit_venn_abers(held, (rng.random(400) < sigmoid(held)).astype(np.int64), most=100)
    assert len(found.knots) == 100
    grid = np.linspace(-4, 4, 301)
    pairs = found.pair(grid)
    assert (np.diff(pairs, axis=0) >= -1e-12).all()
    assert (pairs[:, 0] <= pairs[:, 1]).all()
    assert venn_abers_from_json(found.as_json()).pair(grid).tobytes() == pairs.tobytes()


def test_a_pair_without_rows_is_refused() -> None:
    with pytest.raises(UsageError, match="needs some"):
        fit_venn_abers(np.empty(0), np.empty(0, dtype=np.int64))


def test_conformal_p_values_by_hand() -> None:
    """Harmless 1, 2, 3, 4; raised 3, 5. A new 3.5: one of four harmless as high, (1 + 1) / 5; one
    of two raised is as low, (1 + 1) / 3. A new 9: none as high, 1 / 5; both as low, 3 / 3."""
    held = np.array([1.0, 2, 3, 4, 3, 5])
    found = fit_mondrian(held, np.array([0, 0, 0, 0, 1, 1]))
    expected = np.array([[2 / 5, 2 / 3], [1 / 5, 1.0]])
    assert found.p_values(np.array([3.5, 9.0])) == pytest.approx(expected)
    assert found.sets(np.array([3.5, 9.0]), alpha=0.3).tolist() == [[True, True], [False, True]]
    assert mondrian_from_json(found.as_json()).p_values(held) == pytest.approx(found.p_values(held))


def test_conformal_sets_cover_each_class_also_the_rare_one() -> None:
    rng = np.random.default_rng(5)
    labels = (rng.random(40_000) < 0.05).astype(np.int64)
    odds = rng.normal(size=40_000) + 1.5 * labels
    found = fit_mondrian(odds[:20_000], labels[:20_000])
    sets, of = found.sets(odds[20_000:], alpha=0.1), labels[20_000:]
    for label in (0, 1):
        assert sets[of == label, label].mean() == pytest.approx(0.9, abs=0.03)


def test_conformal_sets_of_one_class_are_refused() -> None:
    with pytest.raises(UsageError, match="both classes"):
        fit_mondrian(np.ones(3), np.ones(3, dtype=np.int64))


def test_adaptive_error_by_hand() -> None:
    """Two bins of two: means 0.15 and 0.7 against rates 0 and 1/2, so (0.15 + 0.2) / 2."""
    p, labels = np.array([0.6, 0.1, 0.8, 0.2]), np.array([1, 0, 0, 0])
    assert calibration_error(p, labels, bins=2) == pytest.approx(0.175)


def test_brier_skill_by_hand() -> None:
    """Errors 0.04 and 0.25 against 0.25 and 0.25 of always saying one half."""
    p, labels = np.array([0.2, 0.5]), np.array([0, 1])
    assert brier_skill(p, labels, 0.5) == pytest.approx(1 - 0.145 / 0.25)
    assert np.isnan(brier_skill(np.empty(0), np.empty(0, dtype=np.int64), 0.5))


@pytest.mark.parametrize("truth", [0.5, 1.0, 2.0])
def test_calibration_slope_tells_too_sure_from_too_shy(truth: float) -> None:
    rng = np.random.default_rng(6)
    odds = rng.normal(size=30_000)
    labels = (rng.random(30_000) < sigmoid(truth * odds)).astype(np.int64)
    assert calibration_slope(sigmoid(odds), labels) == pytest.approx(truth, rel=0.06)
    assert np.isnan(calibration_slope(sigmoid(odds[:5]), np.ones(5, dtype=np.int64)))


def test_the_published_map_passes_its_anchors_and_between_them_by_hand() -> None:
    assert scores(logit(np.array([p for p, _ in ANCHORS]))).tolist() == [s for _, s in ANCHORS]
    # between 20 % (70) and 50 % (85): Fritsch and Carlson's slopes are weighted harmonic means
    x = logit(np.array([0.05, 0.2, 0.5, 0.9]))
    h, rise = np.diff(x), np.diff([50.0, 70.0, 85.0, 97.0]) / np.diff(x)
    slopes = [
        (3 * (h[i] + h[i + 1]))
        / ((2 * h[i + 1] + h[i]) / rise[i] + (h[i + 1] + 2 * h[i]) / rise[i + 1])
        for i in (0, 1)
    ]
    t = (logit(np.array([0.35]))[0] - x[1]) / h[1]
    by_hand = (
        (1 + 2 * t) * (1 - t) ** 2 * 70
        + t * (1 - t) ** 2 * h[1] * slopes[0]
        + t**2 * (3 - 2 * t) * 85
        + t**2 * (t - 1) * h[1] * slopes[1]
    )
    assert score(0.35) == round(by_hand)
