"""Which questions are asked of the posts, and in what order."""

from __future__ import annotations

import pytest

from graph.detection import Settings, detect
from graph.detection.asking import DEFAULT, questions
from graph.detection.traces import ALL, MOST_TELLING_FIRST
from graph.errors import UsageError
from graph.model import Post
from tests.graph.acts import MINUTE, observed, post

LONG = [post("w", "a text of more than six different words", 1)]


def life(n=40):
    return [post(f"h{i}", f"short note {i}", i * 30, ["ACME"]) for i in range(n)]


def repost(who: str, of: str, minute: float) -> Post:
    at = int(minute * MINUTE)
    return Post(f"x:{who}-{of}", f"x:{who}", at, at, f"RT {of}", "x", repost_of=of)


def test_what_no_post_shows_is_not_asked():
    assert {question.trace for question in questions(observed(life()))} == {"co_ticker"}
    tagged = [post(f"t{i}", "one two", i, hashtags=("a", "b", "c")) for i in range(3)]
    names = (*DEFAULT, "hashtag_sequence", "co_reply")
    asked = {question.trace for question in questions(observed(life() + tagged), names)}
    assert asked == {"co_ticker", "hashtag_sequence"}
    assert questions(observed([])) == []


def test_the_most_telling_is_asked_first_and_each_window_by_itself():
    asked = questions(observed(life() + LONG), ("co_ticker", "same_text"))
    assert [(q.trace, q.window) for q in asked] == [
        ("same_text", "10m"),
        ("same_text", "7d"),
        ("co_ticker", "10m"),
    ]
    asked = questions(observed(LONG), ("same_text",), windows=("1h", "30s"))
    assert [q.window for q in asked] == ["30s", "1h"]
    assert set(DEFAULT) < set(ALL)
    assert list(ALL) == list(MOST_TELLING_FIRST)


def test_near_texts_are_looked_for_in_the_windows_that_were_asked():
    words = "a text of more than six different words"
    apart = [post("v", words, 0), post("w", words + " again", 9 * 24 * 60)]
    for window, pairs in (("9d", 1), ("8d", 0)):
        (asked,) = questions(observed(apart), ("near_text",), windows=(window,))
        assert asked.neighbours.height == pairs


def test_an_unknown_trace_is_refused_with_the_known_ones():
    with pytest.raises(UsageError, match=r"no trace 'co_smile'.*co_link"):
        questions(observed(life()), ("co_smile",))


def test_an_audience_is_tied_only_where_one_asks_for_it():
    starred = [post("star", f"note {n} of the star", n * 200) for n in range(12)]
    fans = [
        repost(f"fan{k}", p.id, n * 200 + 0.1 * k) for n, p in enumerate(starred) for k in range(4)
    ]
    honest = life(120)
    others = [
        repost(f"o{(n * step + step) % 120}", p.id, n * 60 + 0.1 * step)
        for n, p in enumerate(honest)
        for step in (1, 7, 11, 13)
    ]
    seen = observed(honest + starred + fans + others)
    assert detect(seen, Settings(min_weight=1.5)).ties == ()
    asked = detect(seen, Settings(min_weight=1.5, traces=(*DEFAULT, "co_repost")))
    assert {a for t in asked.ties for a in (t.left, t.right)} == {f"x:fan{k}" for k in range(4)}
    assert {t.traces for t in asked.ties} == {("co_repost",)}
