"""The null model: its mean against shuffles, its corrections, its care for fans and crowds."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import poisson

from graph.detection.coaction import meet
from graph.detection.significance import LEVELS, benjamini_hochberg, judge
from tests.graph.acts import acts

SPAN = 10**9


def verdict(rows, pair=("a", "b"), window=10):
    table = judge(meet(acts(rows), window, SPAN))
    (row,) = [r for r in table.iter_rows(named=True) if (r["left"], r["right"]) == pair]
    return row


def background(n=60):
    """Accounts that share nothing, each once."""
    return [(f"u{i}", f"own{i}", i) for i in range(n)]


def test_expected_meetings_equal_the_mean_of_shuffles():
    rows = [("a", f"o{i}", 100 * i) for i in range(5)] + [
        ("b", f"o{i}", 100 * i + 1) for i in range(3)
    ]
    rows += [(f"u{i}", f"o{i % 5}", 100 * (i % 5) + 2) for i in range(12)]
    said = verdict(rows)
    names = np.array([who for who, _, _ in rows])
    rng = np.random.default_rng(1)
    met = []
    for _ in range(4000):
        who = rng.permutation(names)
        places: dict[str, list[str]] = {}
        for name, (_, what, _) in zip(who, rows, strict=True):
            places.setdefault(what, []).append(name)
        met.append(sum(p.count("a") * p.count("b") for p in places.values()))
    assert np.mean(met) == pytest.approx(said["expected"], abs=4 * np.std(met) / np.sqrt(len(met)))


def test_p_is_the_tail_of_what_chance_expects_times_the_levels_tried():
    rows = [("a", "x", 0), ("b", "x", 1), *background()]
    said = verdict(rows)
    n = 2 + 60
    assert said["expected"] == pytest.approx(2 / (n * (n - 1)))
    assert said["p_value"] == pytest.approx(len(LEVELS) * poisson.sf(0, said["expected"]))


def test_two_meetings_say_more_than_one_and_a_busy_account_less_than_a_quiet_one():
    one = verdict([("a", "x", 0), ("b", "x", 1), *background()])
    two = verdict([("a", "x", 0), ("b", "x", 1), ("a", "y", 50), ("b", "y", 51), *background()])
    busy = [("a", f"noise{i}", 100 + i) for i in range(30)]
    loud = verdict([("a", "x", 0), ("b", "x", 1), *busy, *background()])
    assert two["p_value"] < one["p_value"] < loud["p_value"]


def test_sharing_what_few_share_says_more_than_sharing_what_many_share():
    rare = verdict([("a", "x", 0), ("b", "x", 1), *background(100)])
    crowd = [(f"u{i}", "x", 2) for i in range(60)] + background(40)
    assert rare["p_value"] * 100 < verdict([("a", "x", 0), ("b", "x", 1), *crowd])["p_value"]


def test_benjamini_hochberg_counts_the_pairs_that_never_met():
    p = np.array([0.0001, 0.2, 0.001])
    assert benjamini_hochberg(p, 3) == pytest.approx([0.0003, 0.2, 0.0015])
    assert benjamini_hochberg(p, 3000)[0] == pytest.approx(0.3)
