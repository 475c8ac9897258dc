"""When a gain is one."""

from __future__ import annotations

import numpy as np
import pytest

from gnn.learn.gain import Gain, holm, paired_gain
from graph.errors import UsageError
from tests.gnn.learn.planted import labelled

ROWS = 600


def scored(seed: int, noise: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Labels, a score of them, and the score with noise."""
    rng = np.random.default_rng(seed)
    truth = 2 * rng.normal(size=ROWS) - 1
    return labelled(truth, seed), truth, truth + noise * rng.normal(size=ROWS)


def test_a_better_model_gains_and_the_interval_holds_the_gain() -> None:
    labels, truth, noisy = scored(1, noise=4)
    found = paired_gain("it", truth, noisy, labels, seed=1, draws=300)
    assert 0 < found.low < found.gain < found.high
    assert found.p < 0.02
    back = paired_gain("it", noisy, truth, labels, seed=1, draws=300)
    assert (back.gain, back.low, back.high) == pytest.approx((-found.gain, -found.high, -found.low))


def test_the_same_model_gains_nothing() -> None:
    labels, truth, _ = scored(2, noise=0)
    found = paired_gain("it", truth, truth, labels, seed=1, draws=100)
    assert (found.gain, found.low, found.high, found.p) == (0, 0, 0, 1)
    assert not holm([found])[0].held


def test_chance_is_called_a_gain_about_as_often_as_it_may() -> None:
    held = 0
    for seed in range(60):
        labels, _, one = scored(seed, noise=2)
        other = scored(seed, noise=0)[1] + 2 * np.random.default_rng(900 + seed).normal(size=ROWS)
        held += holm([paired_gain("it", one, other, labels, seed, draws=200)])[0].held
    assert held <= 5  # 2.5 % of 60 are expected on this side


def test_rows_of_a_group_are_drawn_together() -> None:
    """Twenty campaigns copied thirty times are not six hundred rows."""
    labels, truth, noisy = (part[:20].repeat(30) for part in scored(3, noise=4))
    groups = np.arange(20).repeat(30)
    alone = paired_gain("it", truth, noisy, labels, seed=1, draws=300)
    together = paired_gain("it", truth, noisy, labels, seed=1, groups=groups, draws=300)
    assert together.high - together.low > 3 * (alone.high - alone.low)


def test_labels_of_one_class_are_refused() -> None:
    with pytest.raises(UsageError, match="rows of both labels"):
        paired_gain("it", np.ones(4), np.ones(4), np.zeros(4, dtype=np.int64), seed=1)


def gain(p: float, low: float = 0.1) -> Gain:
    return Gain("it", 0.2, low, 0.3, p)


def test_holm_by_hand() -> None:
    """Of three: 0.01 <= 0.05 / 3 stands, 0.03 > 0.05 / 2 falls and takes 0.04 with it."""
    found = holm([gain(0.03), gain(0.01), gain(0.04)])
    assert [one.held for one in found] == [False, True, False]


def test_a_sure_loss_is_no_gain() -> None:
    assert not holm([Gain("it", -0.2, -0.3, -0.1, 0.001)])[0].held


def test_the_words_say_either() -> None:
    assert Gain("it", 0.02, 0.01, 0.03, 0.01, held=True).words.startswith("it: helped, +2.00")
    assert "did not help, +2.00 (-1.00 to +3.00)" in Gain("it", 0.02, -0.01, 0.03, 0.3).words
