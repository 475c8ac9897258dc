"""The engine against plain Python: every pair, every window, whatever the order of rows."""

from __future__ import annotations

import random

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.detection.coaction import meet
from tests.graph.acts import acts

ROWS = st.lists(
    st.tuples(st.sampled_from("abcde"), st.sampled_from("xyz"), st.integers(0, 60)), max_size=25
)
SPAN = 10**9


def found(rows: list[tuple[str, str, int]], window: int) -> set[tuple[str, str, str, int]]:
    pairs = meet(acts(rows), window, SPAN).pairs
    return {(r["left"], r["right"], r["object"], r["gap"]) for r in pairs.iter_rows(named=True)}


def plainly(rows: list[tuple[str, str, int]], window: int) -> set[tuple[str, str, str, int]]:
    """Closest meetings of each pair in each stretch of an object's timeline."""
    best: dict[tuple[str, str, str, int], int] = {}
    for what in {row[1] for row in rows}:
        line = sorted((at, who) for who, thing, at in rows if thing == what)
        episode, previous = 0, None
        numbered = []
        for at, who in line:
            if previous is not None and at - previous > window:
                episode += 1
            previous = at
            numbered.append((at, who, episode))
        for i, (at, who, part) in enumerate(numbered):
            for later, other, again in numbered[i + 1 :]:
                if who != other and part == again and later - at <= window:
                    key = (min(who, other), max(who, other), what, part)
                    best[key] = min(best.get(key, 10**9), later - at)
    return {(a, b, what, gap) for (a, b, what, _), gap in best.items()}


@settings(deadline=None, max_examples=150)
@given(ROWS, st.integers(0, 30))
def test_the_engine_finds_what_plain_python_finds(rows, window):
    assert found(rows, window) == plainly(rows, window)


@settings(deadline=None, max_examples=40)
@given(ROWS, st.integers(0, 30), st.randoms())
def test_the_order_of_rows_changes_nothing(rows, window, shuffler):
    frame = acts(rows)
    order = list(range(frame.height))
    shuffler.shuffle(order)
    one, other = meet(frame, window, SPAN), meet(frame[order], window, SPAN)
    assert one.pairs.drop("episode").equals(other.pairs.drop("episode"))


def test_the_window_is_inclusive_and_nobody_meets_himself():
    rows = [("a", "x", 0), ("a", "x", 1), ("b", "x", 11), ("c", "x", 22)]
    assert found(rows, 10) == {("a", "b", "x", 10)}


def test_what_everybody_does_ties_nobody_but_is_counted():
    crowd = [(f"u{i:04}", "headline", i) for i in range(257)]
    meetings = meet(acts(crowd), 5, SPAN)
    assert meetings.pairs.is_empty()
    assert meetings.too_popular == 1


def test_texts_meet_only_where_they_are_equal_or_neighbours():
    frame = acts([("a", "g", 0), ("b", "g", 1), ("c", "g", 2)]).with_columns(
        pl.Series("text_id", ["t1", "t2", "t3"])
    )
    near = pl.DataFrame({"left": ["t1"], "right": ["t2"]})
    pairs = meet(frame, 10, SPAN, near).pairs
    assert list(zip(pairs["left"], pairs["right"], strict=True)) == [("a", "b")]


def test_repeating_oneself_within_an_episode_gains_nothing():
    once = [("a", "x", 0), ("b", "x", 1)]
    often = once + [("a", "x", i) for i in range(2, 9)]
    assert len(found(often, 10)) == len(found(once, 10)) == 1


def test_many_rows_are_the_same_in_any_order():
    rows = [(f"u{random.Random(i).randrange(40)}", f"o{i % 7}", i * 3) for i in range(400)]
    assert found(rows, 30) == found(rows[::-1], 30)
