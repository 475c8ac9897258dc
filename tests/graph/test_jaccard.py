"""Near sets are exactly those at the threshold: held against comparing every pair."""

from __future__ import annotations

import random
from itertools import combinations

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graph.detection import jaccard
from graph.detection.jaccard import neighbours_of_sets
from graph.errors import UsageError

ITEMS = st.sets(st.sampled_from("abcdefghijkl"), max_size=12)
THRESHOLDS = st.sampled_from([(4, 5), (1, 2), (9, 10), (1, 10), (2, 3), (1, 1), (5, 6)])
TIMES = st.lists(st.integers(0, 60), max_size=4)


def pairs(frame):
    return [tuple(row) for row in frame.iter_rows()]


def near(one, two, threshold):
    num, den = threshold
    return bool(one) and bool(two) and len(one & two) * den >= num * len(one | two)


ON_BOTH_SIDES = [HealthCheck.function_scoped_fixture]


@pytest.mark.parametrize("large", [5, jaccard.LARGE])
@settings(deadline=None, max_examples=200, suppress_health_check=ON_BOTH_SIDES)
@given(st.lists(ITEMS, max_size=14), THRESHOLDS)
def test_it_finds_exactly_what_comparing_every_pair_finds(monkeypatch, large, sets, threshold):
    monkeypatch.setattr(jaccard, "LARGE", large)
    want = [
        (i, j) for i, j in combinations(range(len(sets)), 2) if near(sets[i], sets[j], threshold)
    ]
    assert pairs(neighbours_of_sets([sorted(s) for s in sets], threshold)) == want


@pytest.mark.parametrize("threshold", [(4, 5), (3, 5), (1, 2), (1, 4), (1, 1)])
@pytest.mark.parametrize("large", [0, 2, 4, 5, 9])
def test_among_all_subsets_of_six(monkeypatch, large, threshold):
    monkeypatch.setattr(jaccard, "LARGE", large)
    sets = [set(one) for size in range(7) for one in combinations("abcdef", size)]
    want = [(i, j) for i, j in combinations(range(64), 2) if near(sets[i], sets[j], threshold)]
    assert pairs(neighbours_of_sets([sorted(s) for s in sets], threshold)) == want


@settings(deadline=None, max_examples=300)
@given(st.lists(st.tuples(ITEMS, TIMES), max_size=10), THRESHOLDS, st.integers(0, 20))
def test_within_a_window_it_finds_those_that_occur_within_it(rows, threshold, window):
    sets, times = [one for one, _ in rows], [at for _, at in rows]
    want = [
        (i, j)
        for i, j in combinations(range(len(rows)), 2)
        if near(sets[i], sets[j], threshold)
        and any(abs(a - b) <= window for a in times[i] for b in times[j])
    ]
    series = pl.Series(times, dtype=pl.List(pl.Int64))
    assert pairs(neighbours_of_sets([sorted(s) for s in sets], threshold, series, window)) == want


@pytest.mark.parametrize(
    ("one", "two", "near"),
    [
        ("abcd", "abcde", True),  # 4 of 5: exactly the threshold
        ("abcdefgh", "abcdefghij", True),  # 8 of 10
        ("abcdefghi", "abcdefghxy", False),  # 8 of 11
        ("abc", "abcd", False),  # 3 of 4
        ("a", "a", True),
        ("", "", False),  # an empty set is near nobody
        ("", "a", False),
    ],
)
def test_at_the_threshold(one, two, near):
    assert pairs(neighbours_of_sets([list(one), list(two)], (4, 5))) == ([(0, 1)] if near else [])


def test_equal_sets_are_told_each_and_what_is_near_one_is_near_all():
    found = neighbours_of_sets([["a", "b"], ["b", "a", "a"], ["a", "b", "c"], ["b", "a"]], (2, 3))
    assert pairs(found) == [(0, 1), (0, 2), (0, 3), (1, 2), (1, 3), (2, 3)]


def test_equal_hashes_of_different_sets_are_looked_at_twice():
    sets = jaccard._numbered(pl.Series([["a", "b"], ["a", "c"], ["a", "b"], ["a", "c"]]))
    assert jaccard._first_equal(*sets, jaccard.hashes(*sets) * 0).tolist() == [0, 1, 0, 1]


def test_numbers_serve_as_items_and_no_sets_are_no_pairs():
    assert pairs(neighbours_of_sets(pl.Series([[7, 10**12], [10**12, 7, 7]]), (4, 5))) == [(0, 1)]
    assert pairs(neighbours_of_sets([], (4, 5))) == []
    assert pairs(neighbours_of_sets([[], []], (4, 5))) == []


@pytest.mark.parametrize("threshold", [(0, 5), (-1, 5), (6, 5), (1, 0)])
def test_a_threshold_that_is_none_is_refused(threshold):
    with pytest.raises(UsageError, match="is no threshold; write a fraction"):
        neighbours_of_sets([["a"]], threshold)


@pytest.mark.parametrize("large", [5, 40, jaccard.LARGE])
@settings(deadline=None, max_examples=20, suppress_health_check=ON_BOTH_SIDES)
@given(st.integers(0, 10**6))
def test_large_sets_that_differ_in_a_few_items(monkeypatch, large, seed):
    """Sets of up to 80 of 200 items, most of them changed copies of others, on both sides of what
    is large."""
    monkeypatch.setattr(jaccard, "LARGE", large)
    draw = random.Random(seed)
    sets = [set(draw.sample(range(200), draw.randrange(1, 80)))]
    for _ in range(60):
        copy = set(draw.choice(sets))
        copy ^= set(draw.sample(range(200), draw.randrange(0, 12)))
        sets.append(copy)
    want = [(i, j) for i, j in combinations(range(61), 2) if near(sets[i], sets[j], (4, 5))]
    assert pairs(neighbours_of_sets(pl.Series([sorted(s) for s in sets]), (4, 5))) == want
