"""Looking as often as one likes must not manufacture a finding."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.stats import poisson

from graph.detection.anytime import anytime_p, log_e_values


def p_of(count: int, mean: float) -> float:
    log_e = log_e_values(np.array([count]), np.array([mean]))
    return float(anytime_p(log_e, np.array([0]), 1, 1)[0])


def test_the_e_value_is_the_mixture_it_is_said_to_be():
    for count, mean in ((0, 0.0), (1, 0.5), (3, 2.0), (7, 0.01)):
        said = sum(
            2.0 ** (j * count) * math.exp(-(2.0**j - 1) * mean) / (j * (j + 1))
            for j in range(1, 65)
        )
        assert log_e_values(np.array([count]), np.array([mean]))[0] == pytest.approx(math.log(said))


def test_its_mean_under_the_null_is_at_most_one():
    for mean in (0.01, 0.5, 3.0):
        counts = np.arange(0, 80)
        e = np.exp(log_e_values(counts, np.full(80, mean)))
        assert (e * poisson.pmf(counts, mean)).sum() <= 1.0


def test_looking_a_thousand_times_passes_the_line_no_more_often_than_promised():
    rng = np.random.default_rng(7)
    looks, pairs, rate = 1000, 2000, 0.01
    counts = rng.poisson(rate, (pairs, looks)).cumsum(axis=1)
    means = np.broadcast_to(rate * np.arange(1, looks + 1), counts.shape)
    anytime = np.exp(-log_e_values(counts.ravel(), means.ravel())).reshape(counts.shape)
    once = poisson.sf(counts - 1, means)
    for line in (0.05, 0.01):
        sure = 2 * math.sqrt(line * (1 - line) / pairs)
        assert (anytime.min(axis=1) <= line).mean() <= line + sure
        assert (once.min(axis=1) <= line).mean() > 3 * line  # what it protects from


def test_it_costs_some_powers_of_ten_and_still_finds_what_is_plain():
    assert poisson.sf(3, 0.01) < p_of(4, 0.01) < 1e-4
    assert p_of(0, 0.5) == 1
    assert p_of(1, 2.0) == 1


def test_questions_that_say_nothing_dilute_the_answer():
    log_e = np.log(np.array([1000.0, 200.0, 8.0]))
    assert anytime_p(log_e, np.array([0, 0, 1]), 3, 4) == pytest.approx([4 / 1200, 0.5, 1.0])
