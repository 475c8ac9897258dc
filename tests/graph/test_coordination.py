"""Acting together beyond chance: bounded, 0 under chance, and no measure of how much is posted."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import spearmanr

from graph.detection.coordination import beyond_chance, coordination
from graph.model import Tie


def tie(left: str, right: str, met: int, expected: float = 0.0) -> Tie:
    return Tie(left, right, ("co_ticker",), 3.0, 1e-3, 0.01, met, expected, 0, 0)


def every(names: str, met: int, expected: float = 0.0) -> list[Tie]:
    return [tie(a, b, met, expected) for a, b in combinations(names, 2)]


def test_who_meets_whenever_it_posts_is_wholly_coordinated() -> None:
    assert coordination("abcd", every("abcd", 5), dict.fromkeys("abcd", 5)) == 1.0


def test_one_meeting_in_many_posts_is_hardly_any() -> None:
    assert coordination("abcd", every("abcd", 1), dict.fromkeys("abcd", 50)) == 0.02


def test_what_chance_gives_does_not_count() -> None:
    assert coordination("abcd", every("abcd", 5, 5.0), dict.fromkeys("abcd", 10)) == 0.0
    half = coordination("abcd", every("abcd", 6, 2.0), dict.fromkeys("abcd", 10))
    assert half == pytest.approx((6 - 2) / (10 - 2))


def test_fewer_than_chance_gives_is_none_and_not_less() -> None:
    posts = dict.fromkeys("abcd", 10)
    assert coordination("abcd", every("abcd", 1, 4.0), posts) == 0.0
    assert beyond_chance("abcd", every("abcd", 1, 4.0), posts) < 0


def test_pairs_that_never_met_count() -> None:
    """A chain of four: three of six pairs."""
    chain = [tie("a", "b", 5), tie("b", "c", 5), tie("c", "d", 5)]
    assert coordination("abcd", chain, dict.fromkeys("abcd", 5)) == 0.5


def test_the_chance_of_untied_pairs_is_that_of_the_tied_ones() -> None:
    posts = dict.fromkeys("abc", 10)
    found = beyond_chance("abc", [tie("a", "b", 6, 2.0)], posts)
    assert found == pytest.approx((6 - 3 * 2.0) / (3 * 10 - 3 * 2.0))


def test_without_posts_or_ties_it_is_none() -> None:
    assert coordination("abc", [], {}) == 0.0
    assert coordination("abc", every("abc", 1, 1.0), {}) == 0.0


@st.composite
def clusters(draw: st.DrawFn) -> tuple[str, list[Tie], dict[str, int]]:
    names = "abcdef"[: draw(st.integers(3, 6))]
    posts = {name: draw(st.integers(1, 40)) for name in names}
    ties = [
        tie(a, b, draw(st.integers(1, 40)), draw(st.floats(0, 30)))
        for a, b in combinations(names, 2)
        if draw(st.booleans())
    ]
    return names, ties, posts


@given(clusters())
def test_it_is_between_none_and_all(cluster: tuple[str, list[Tie], dict[str, int]]) -> None:
    assert 0.0 <= coordination(*cluster) <= 1.0


@given(clusters(), st.integers(2, 9))
def test_the_same_life_at_another_pace_is_as_coordinated(
    cluster: tuple[str, list[Tie], dict[str, int]], times: int
) -> None:
    """Everything that happens, happens `times` as often: posts, meetings and chance alike."""
    names, ties, posts = cluster
    more = [tie(t.left, t.right, times * t.co_actions, times * t.expected) for t in ties]
    faster = {name: times * n for name, n in posts.items()}
    assert beyond_chance(names, more, faster) == pytest.approx(beyond_chance(names, ties, posts))


@given(clusters(), st.randoms(use_true_random=False))
def test_no_order_matters(
    cluster: tuple[str, list[Tie], dict[str, int]], rng: np.random.Generator
) -> None:
    names, ties, posts = cluster
    mixed, order = list(ties), list(names)
    rng.shuffle(mixed)
    rng.shuffle(order)
    assert coordination(order, mixed, posts) == pytest.approx(coordination(names, ties, posts))


def by_chance(rate: float, groups: int = 500) -> tuple[list[float], list[int], list[int]]:
    """Groups that share nothing but chance; their scores, posts and meetings."""
    rng = np.random.default_rng(7)
    scores, wrote, met = [], [], []
    for _ in range(groups):
        size, pace = int(rng.integers(4, 12)), rng.lognormal(0, 0.7)
        posts = np.maximum(1, rng.lognormal(2.5, 1.0, size) * pace).astype(int)
        names = [f"a{n:02}" for n in range(size)]
        of = dict(zip(names, posts.tolist(), strict=True))
        ties = []
        for a, b in combinations(names, 2):
            expected = min(rate * of[a] * of[b], 0.8 * min(of[a], of[b]))
            if seen := rng.poisson(expected):
                ties.append(tie(a, b, int(seen), expected))
        scores.append(coordination(names, ties, of))
        wrote.append(int(posts.sum()))
        met.append(sum(t.co_actions for t in ties))
    return scores, wrote, met


@pytest.mark.parametrize("rate", [0.002, 0.005, 0.02])
def test_under_chance_it_is_next_to_nothing_and_says_nothing_of_activity(rate: float) -> None:
    scores, wrote, met = by_chance(rate)
    assert np.mean(scores) < 0.05
    assert abs(spearmanr(scores, wrote).statistic) < 0.12
    assert spearmanr(met, wrote).statistic > 0.6  # as meetings alone do
