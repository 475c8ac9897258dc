"""Two stages: cheap vectors let a pair through, sentence vectors decide. Vectors made by hand."""

from __future__ import annotations

import math
from collections.abc import Mapping
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.detection.traces import same_meaning
from graph.detection.traces.same_meaning import FIRST_STAGE, THRESHOLD, Encode, Floats
from graph.model import Post
from graph.text import text_key
from tests.graph.acts import observed, post

OURS = "grab $ZORP right now, a merger offer is expected on Monday"
THEIRS = "on Monday a merger bid for $ZORP is expected: buy it right away"
ABOVE, BELOW = 0.02, -0.02


def apart(cosine: float) -> Encode:
    """Unit vectors with this cosine between the two texts."""
    vectors = {
        text_key(OURS): (1.0, 0.0),
        text_key(THEIRS): (cosine, math.sqrt(1 - cosine * cosine)),
    }

    def encode(texts: Mapping[str, str]) -> Floats:
        return np.array([vectors[key] for key in texts], dtype=np.float32).reshape(-1, 2)

    return encode


def pairs(cheap: float, exact: float, posts: list[Post] | None = None) -> list[set[str]]:
    """The texts that mean the same where the two stages see these cosines."""
    both = [post("a", OURS, 0, ["ZORP"]), post("b", THEIRS, 60, ["ZORP"])]
    found = same_meaning.neighbours(observed(posts or both), apart(cheap), apart(exact))
    return [set(row) for row in found.iter_rows()]


@pytest.mark.parametrize(
    ("cheap", "exact", "same"),
    [
        (FIRST_STAGE + ABOVE, THRESHOLD + ABOVE, True),
        (FIRST_STAGE + ABOVE, THRESHOLD + BELOW, False),
        (0.99, THRESHOLD + BELOW, False),
        (FIRST_STAGE + BELOW, THRESHOLD + ABOVE, False),
        (FIRST_STAGE + BELOW, 0.99, False),
    ],
)
def test_both_stages_must_agree(cheap: float, exact: float, same: bool) -> None:
    assert pairs(cheap, exact) == ([{text_key(OURS), text_key(THEIRS)}] if same else [])


def test_a_pair_far_below_either_cosine_is_refused() -> None:
    """As numbers: the figures of docs/evaluation.md and of the README were made with these."""
    assert (FIRST_STAGE, THRESHOLD) == (0.8, 0.75)
    assert pairs(cheap=0.99, exact=0.7) == []
    assert pairs(cheap=0.7, exact=0.99) == []


@pytest.mark.parametrize(
    ("who", "minute", "ticker"),
    [("a", 60, "ZORP"), ("b", 2 * 24 * 60 + 1, "ZORP"), ("b", 60, "ACME")],
    ids=["the same account", "later than the window", "another stock"],
)
def test_who_does_not_meet_is_not_compared(who: str, minute: float, ticker: str) -> None:
    posts = [post("a", OURS, 0, ["ZORP"]), post(who, THEIRS, minute, [ticker])]
    assert pairs(0.99, 0.99, posts) == []
    assert pairs(0.99, 0.99, [posts[0], post("b", THEIRS, 2 * 24 * 60, ["ZORP"])])


SAID = [f"one two three four five six and then number{n}" for n in range(6)]
KEYS = [text_key(text) for text in SAID]
ANGLES = st.lists(st.integers(0, 9), min_size=6, max_size=6)
POSTS = st.lists(
    st.tuples(
        st.sampled_from("abc"), st.integers(0, 5), st.integers(0, 4), st.sampled_from(["UP", "ON"])
    ),
    max_size=10,
    unique=True,
)


def turned(tens: list[int]) -> Encode:
    """Unit vectors of the six texts, each at so many times ten degrees."""
    by_key = {
        key: (math.cos(math.radians(10 * n)), math.sin(math.radians(10 * n)))
        for key, n in zip(KEYS, tens, strict=True)
    }
    return lambda texts: np.array([by_key[key] for key in texts], np.float32).reshape(-1, 2)


@settings(deadline=None, max_examples=200)
@given(POSTS, ANGLES, ANGLES)
def test_it_finds_exactly_what_plain_python_finds(
    drawn: list[tuple[str, int, int, str]], cheap: list[int], exact: list[int]
) -> None:
    posts = [post(who, SAID[n], day * 24 * 60, [ticker]) for who, n, day, ticker in drawn]
    near = same_meaning.neighbours(observed(posts), turned(cheap), turned(exact))
    want = {
        tuple(sorted((KEYS[n], KEYS[m])))
        for (who, n, day, ticker), (other, m, then, named) in combinations(drawn, 2)
        if n != m and who != other and ticker == named and abs(day - then) <= 2
        if abs(cheap[n] - cheap[m]) <= 3 and abs(exact[n] - exact[m]) <= 4  # cos 30°, cos 40°
    }
    assert set(near.iter_rows()) == want


def test_the_sentence_model_reads_candidates_only() -> None:
    asked: list[str] = []

    def exact(texts: Mapping[str, str]) -> Floats:
        asked.extend(texts)
        return apart(0.9)(texts)

    seen = observed([post("a", OURS, 0, ["ZORP"]), post("b", THEIRS, 60, ["ZORP"])])
    assert same_meaning.neighbours(seen, apart(FIRST_STAGE + BELOW), exact).is_empty()
    assert asked == []
    assert same_meaning.neighbours(seen, apart(FIRST_STAGE + ABOVE), exact).height == 1
    assert sorted(asked) == sorted([text_key(OURS), text_key(THEIRS)])


def test_the_budget_goes_to_the_closest(monkeypatch: pytest.MonkeyPatch) -> None:
    ranked = np.array([[0, 1], [1, 2], [3, 4], [0, 2]])
    monkeypatch.setattr(same_meaning, "MOST_TEXTS", 3)
    assert same_meaning._within_budget(ranked).tolist() == [[0, 1], [1, 2]]
    monkeypatch.setattr(same_meaning, "MOST_TEXTS", 5)
    assert same_meaning._within_budget(ranked).tolist() == ranked.tolist()


def test_the_closest_are_read_first(monkeypatch: pytest.MonkeyPatch) -> None:
    cheap, exact = turned([0, 3, 9, 8, 5, 5]), turned([0] * 6)
    posts = [post(who, SAID[n], n, ["UP"]) for n, who in enumerate("abcd")]
    far, near = {KEYS[0], KEYS[1]}, {KEYS[2], KEYS[3]}
    for most, found in ((2, [near]), (4, [near, far])):
        monkeypatch.setattr(same_meaning, "MOST_TEXTS", most)
        got = same_meaning.neighbours(observed(posts), cheap, exact)
        assert [set(row) for row in got.iter_rows()] == found
