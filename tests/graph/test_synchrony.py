"""Closer in time than what they share explains: exact on what can be counted by hand."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom

from graph.detection.acts import encode
from graph.detection.synchrony import _sort, synchrony, tail
from tests.graph.acts import acts

HOUR = 3_600_000


def p_of(rows, pair=("a", "b"), window=10):
    found = encode(acts(rows))
    left, right = (found.accounts.to_list().index(name) for name in pair)
    return float(synchrony(found, window, np.array([left * len(found.accounts) + right]))[0])


def test_one_meeting_among_n_acts_has_the_share_of_pairs_that_met():
    rows = [("a", "x", 0), ("b", "x", 5), ("c", "x", HOUR), ("d", "x", 2 * HOUR)]
    assert p_of(rows) == pytest.approx(1 / 6)
    times = [at for _, _, at in rows]
    met = [abs(t[0] - t[1]) <= 10 for t in permutations(times)]
    assert p_of(rows) == pytest.approx(np.mean(met))


def test_meetings_over_several_objects_are_a_sum_of_trials():
    rows = []
    for thing in "xyz":
        rows += [("a", thing, 0), ("b", thing, 5), ("c", thing, HOUR), ("d", thing, 2 * HOUR)]
    assert p_of(rows) == pytest.approx((1 / 6) ** 3)
    apart = [
        *rows[:-4],
        ("a", "z", 0),
        ("b", "z", HOUR),
        ("c", "z", HOUR + 5),
        ("d", "z", 2 * HOUR),
    ]
    assert p_of(apart) == pytest.approx(binom.sf(1, 3, 1 / 6))


def test_what_only_two_touched_or_what_was_never_close_says_nothing():
    assert p_of([("a", "x", 0), ("b", "x", 5)]) == 1
    assert p_of([("a", "x", 0), ("b", "x", HOUR), ("c", "x", HOUR + 1)]) == 1
    assert p_of([("a", "x", 0), ("b", "y", 0)]) == 1


def test_the_window_is_inclusive():
    crowd = [(f"u{i}", "x", (i + 1) * HOUR) for i in range(8)]
    assert p_of([("a", "x", 0), ("b", "x", 10), *crowd]) < 0.05
    assert p_of([("a", "x", 0), ("b", "x", 11), *crowd]) == 1


def test_the_tail_is_the_binomial_where_chances_are_equal():
    for k in range(1, 6):
        assert tail(np.full(5, 0.2), k) == pytest.approx(binom.sf(k - 1, 5, 0.2))


@given(st.lists(st.sampled_from([0.1, 0.4, 0.9, 1.0]), min_size=1, max_size=12), st.data())
def test_certain_trials_are_counted_as_any_other(values: list[float], data: st.DataObject) -> None:
    k = data.draw(st.integers(1, len(values)))
    truth = np.ones(1)
    for p in values:
        truth = np.convolve(truth, [1 - p, p])
    assert tail(np.array(values), k) == pytest.approx(truth[k:].sum())


@given(st.lists(st.floats(0, 1), max_size=60), st.integers(0, 60))
def test_chances_are_sorted(values: list[float], count: int) -> None:
    count = min(count, len(values))
    found = _sort.py_func(np.array(values), count).tolist()
    assert found == sorted(values[:count]) + values[count:]
