"""The resolution whose clusters stand when some ties are taken away."""

from __future__ import annotations

from itertools import combinations

import pytest

from graph.detection.stability import overlap_of, stable_resolution
from tests.graph.test_detection import tie


def rings(number=6, size=8):
    """Rings with a few ties between neighbours."""
    names = [[f"r{n}m{k}" for k in range(size)] for n in range(number)]
    ties = [tie(a, b) for ring in names for a, b in combinations(ring, 2)]
    return ties + [tie(names[n][0], names[n + 1][0], 2.6) for n in range(number - 1)]


def test_rings_are_stable_at_a_middling_resolution_and_fall_apart_at_a_high_one():
    choice = stable_resolution(rings(), candidates=(1.0, 8.0, 30.0))
    assert choice.resolution == 1.0
    assert choice.overlap[1.0] > 0.95 > choice.overlap[8.0] >= choice.overlap[30.0] == 0


def test_the_order_of_ties_changes_nothing_and_no_ties_are_no_error():
    assert stable_resolution(rings()) == stable_resolution(rings()[::-1])
    assert stable_resolution([]).overlap[1.0] == 0.0


def test_overlap_is_the_best_jaccard_of_each_cluster():
    whole = [("a", "b", "c"), ("d", "e", "f"), ("x", "y")]
    other = [("a", "b", "c"), ("d", "e"), ("f", "x")]
    assert overlap_of(whole, other) == pytest.approx((1 + 2 / 3) / 2)
    assert overlap_of(whole, []) == 0
