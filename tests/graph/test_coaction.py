"""The engine against plain Python: every pair, every window, whatever the order of rows."""

from __future__ import annotations

import random

import numpy as np
import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.detection.acts import encode
from graph.detection.coaction import Meetings, evidence, meet
from tests.graph.acts import acts

ROWS = st.lists(
    st.tuples(st.sampled_from("abcde"), st.sampled_from("xyz"), st.integers(0, 60)), max_size=25
)
SPAN = 10**9


def seen(meetings: Meetings) -> pl.DataFrame:
    """The evidence of every pair that met."""
    return evidence(meetings, meetings.pairs)


def found(rows: list[tuple[str, str, int]], window: int) -> set[tuple[str, str, str, int]]:
    pairs = seen(meet(encode(acts(rows)), window, SPAN))
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


FEW = st.lists(
    st.tuples(st.sampled_from("abc"), st.just("x"), st.integers(0, 40)), min_size=20, max_size=90
)


@settings(deadline=None, max_examples=100)
@given(FEW, st.integers(0, 30))
def test_few_accounts_that_act_again_and_again_are_found_the_same_way(rows, window):
    assert found(rows, window) == plainly(rows, window)


@settings(deadline=None, max_examples=40)
@given(ROWS, st.integers(0, 30), st.randoms())
def test_the_order_of_rows_changes_nothing(rows, window, shuffler):
    frame = acts(rows)
    order = list(range(frame.height))
    shuffler.shuffle(order)
    one, other = (meet(encode(f), window, SPAN) for f in (frame, frame[order]))
    assert np.array_equal(one.keys, other.keys)
    assert seen(one).drop("episode").equals(seen(other).drop("episode"))


@settings(deadline=None, max_examples=60)
@given(ROWS, st.integers(0, 30))
def test_a_pair_has_as_many_meetings_as_episodes_of_evidence(rows, window):
    meetings = meet(encode(acts(rows)), window, SPAN)
    counted = np.unique(meetings.keys >> 2, return_counts=True)
    rows_of = seen(meetings).group_by("pair").len().sort("pair")
    assert rows_of["pair"].to_list() == counted[0].tolist()
    assert rows_of["len"].to_list() == counted[1].tolist()


def test_evidence_is_given_for_the_pairs_that_were_asked_for_and_no_other():
    meetings = meet(encode(acts([("a", "x", 0), ("b", "x", 1), ("c", "x", 2)])), 10, SPAN)
    wanted = meetings.pairs[:1]
    assert evidence(meetings, wanted)["right"].to_list() == ["b"]
    assert evidence(meetings, wanted[:0]).is_empty()


def test_the_window_is_inclusive_and_nobody_meets_himself():
    rows = [("a", "x", 0), ("a", "x", 1), ("b", "x", 11), ("c", "x", 22)]
    assert found(rows, 10) == {("a", "b", "x", 10)}


def test_of_equally_near_posts_the_first_by_name_is_shown():
    frame = acts([("b", "x", 10), ("a", "x", 0), ("a", "x", 20), ("c", "x", 900), ("a", "x", 901)])
    for names in (["p0", "p2", "p1", "p3", "p4"], ["p0", "p1", "p2", "p3", "p4"]):
        rows = seen(meet(encode(frame.with_columns(post=pl.Series(names))), 10, SPAN))
        told = rows.select("left_post", "right_post").rows()
        assert sorted(told) == [("p1", "p0"), ("p4", "p3")]


def test_what_everybody_does_ties_nobody_but_is_counted():
    crowd = [(f"u{i:04}", "headline", i) for i in range(257)]
    meetings = meet(encode(acts(crowd)), 5, SPAN)
    assert len(meetings.pairs) == 0
    assert meetings.too_popular == 1
    assert len(meetings.incidence_account) == 257
    assert len(meet(encode(acts(crowd[:256])), 5, SPAN).pairs) > 0


def test_texts_meet_only_where_they_are_equal_or_neighbours():
    frame = acts([("a", "g", 0), ("b", "g", 1), ("c", "g", 2)]).with_columns(
        pl.Series("text_id", ["t1", "t2", "t3"])
    )
    near = pl.DataFrame({"left": ["t1"], "right": ["t2"]})
    pairs = seen(meet(encode(frame), 10, SPAN, near))
    assert list(zip(pairs["left"], pairs["right"], strict=True)) == [("a", "b")]


def test_repeating_oneself_within_an_episode_gains_nothing():
    once = [("a", "x", 0), ("b", "x", 1)]
    often = once + [("a", "x", i) for i in range(2, 9)]
    assert len(found(often, 10)) == len(found(once, 10)) == 1


def test_many_rows_are_the_same_in_any_order():
    rows = [(f"u{random.Random(i).randrange(40)}", f"o{i % 7}", i * 3) for i in range(400)]
    assert found(rows, 30) == found(rows[::-1], 30)
