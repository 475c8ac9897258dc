"""What two accounts shared, from their own posts and what others did at the same objects."""

from __future__ import annotations

from collections.abc import Collection

import polars as pl
import pytest

from graph.detection import detect
from graph.detection.acts import encode
from graph.detection.between import Between, between, met_objects, shared_objects
from graph.detection.coaction import meet
from graph.detection.significance import judge
from graph.detection.traces import ALL
from graph.model import Post
from graph.windows import millis
from tests.graph.acts import observed, post
from tests.graph.test_detection import burst, life

PITCH = "buy zorp before monday it will surely triple"
DAY = 24 * 60
TIED = ("x:m0", "x:m1")


def asked(*posts: Post, whole: Collection[str] = ()) -> Between:
    return between(observed(posts), "x:ann", "x:bob", whole)


def times(found: Between) -> dict[tuple[str, str], int]:
    return {(a.trace, a.window): a.times for a in found.answers if a.times}


def test_nothing_shared_is_nothing() -> None:
    found = asked(post("ann", "my cat is asleep", 0), post("bob", "rain again", 1))
    assert (found.meetings, found.apart) == ((), ())
    assert times(found) == {}


def test_a_copied_pitch_is_one_meeting_under_what_says_most_of_it() -> None:
    found = asked(post("ann", PITCH, 0, ["ZORP"]), post("bob", PITCH, 5, ["ZORP"]))
    (meeting,) = found.meetings
    assert (meeting.act.trace, meeting.act.window, meeting.act.seconds) == ("same_text", "10m", 300)
    assert meeting.accounts == 2
    assert {trace for trace, _ in times(found)} == {"same_text", "near_text", "co_ticker"}


def test_a_shared_link_counts_by_window_and_by_episode() -> None:
    link = {"links": ("https://example.org/a",)}
    found = asked(
        post("ann", "one", 0, **link),
        post("bob", "two", 50, **link),
        post("ann", "three", 3 * DAY, **link),
        post("bob", "four", 4 * DAY, **link),
    )
    assert times(found) == {("co_link", "1h"): 1, ("co_link", "7d"): 1}


def test_others_at_the_object_make_the_episode_longer_and_more_popular() -> None:
    """Ann and Bob never came within an hour; without the others they would share no episode."""
    link = {"links": ("https://example.org/a",)}
    pair = [post("ann", "one", 0, **link), post("bob", "two", 90, **link)]
    assert times(asked(*pair)) == {("co_link", "7d"): 1}
    others = [post(f"o{n}", "three", 45 + n, **link) for n in range(3)]
    found = asked(*pair, *others)
    assert times(found) == {("co_link", "7d"): 1}
    assert [m.accounts for m in found.meetings] == [5]


def test_what_both_did_at_different_times_is_told_with_the_distance() -> None:
    found = asked(
        post("ann", "one", 0, ["ACME"]),
        post("bob", "two", 40, ["ACME"]),
        post("bob", "three", 90, ["ACME"]),
    )
    assert found.meetings == ()
    (apart,) = found.apart
    assert (apart.trace, apart.object, apart.window) == ("co_ticker", "ACME", "10m")
    assert apart.seconds == 40 * 60


def test_a_crowd_is_told_and_ties_nobody() -> None:
    crowd = [post(f"o{n}", f"acme {n}", n / 100, ["ACME"]) for n in range(300)]
    found = asked(post("ann", "acme up", 0, ["ACME"]), post("bob", "acme!", 1, ["ACME"]), *crowd)
    (meeting,) = found.meetings
    assert meeting.too_popular
    assert meeting.accounts == 302
    assert times(found) == {}


def test_a_post_of_many_stocks_says_little_and_is_left_out() -> None:
    many = ["A", "B", "C", "D"]
    found = asked(post("ann", "one", 0, many), post("bob", "two", 1, many))
    assert found.meetings == ()
    assert shared_objects(observed([]), "x:ann", "x:bob", "co_ticker") == []


def test_a_repost_is_no_act_of_its_own() -> None:
    again = {"links": ("https://example.org/a",), "repost_of": "x:0"}
    found = asked(post("ann", "one", 0, **again), post("bob", "two", 1, **again))
    assert found.meetings == ()


def test_chance_is_told_for_stocks_as_a_run_tells_it() -> None:
    """What is posted on other stocks and at other objects does not matter to it."""
    honest = life(accounts=30, posts=20)
    full = observed(honest + burst() + burst(start=9 * DAY))
    trace = ALL["co_ticker"]
    coded = encode(trace.acts(full))
    rows = judge(meet(coded, millis("10m"), 30 * DAY * 60_000))
    row = rows.filter(pl.col("p_value") < 1).row(0, named=True)
    left, right = (coded.accounts[int(c)] for c in divmod(row["pair"], len(coded.accounts)))
    found = between(observed(honest), left, right, whole=["ACME"])
    (judged,) = [a for a in found.answers if a.trace == "co_ticker"]
    assert (judged.expected, judged.p_value) == pytest.approx((row["expected"], row["p_value"]))
    assert judged.times >= row["co_actions"] > 0


def test_a_tie_is_seen_with_the_posts_that_it_rests_on() -> None:
    posts = observed(life() + burst() + burst(start=9 * DAY))
    tie = next(t for t in detect(posts).ties if (t.left, t.right) == TIED)
    assert {(m.act.left_post, m.act.right_post) for m in between(posts, *TIED).meetings} == {
        (a.left_post, a.right_post) for a in tie.evidence
    }


def test_chance_is_told_where_every_post_on_a_stock_is_there() -> None:
    crowd = [post(f"o{n}", f"note {n}", n * 300, ["ACME"]) for n in range(40)]
    pair = [post(who, f"{who} {n}", n * 900, ["ACME"]) for n in range(9) for who in ("ann", "bob")]
    zorp = [post("ann", "one", 0, ["ZORP"]), post("bob", "two", 1, ["ZORP"])]
    (none,), (some,), (whole,) = (
        [a for a in asked(*crowd, *pair, *zorp, whole=stocks).answers if a.trace == "co_ticker"]
        for stocks in ((), ("ACME",), ("ACME", "ZORP"))
    )
    assert none.times == some.times == whole.times == 10
    assert (none.expected, none.p_value) == (None, None)
    assert (some.expected is not None, some.p_value) == (True, None)
    assert whole.expected == pytest.approx((some.expected or 0) + 1)  # they alone named ZORP
    assert whole.p_value is not None


def test_where_they_met_is_told_from_their_own_posts() -> None:
    link = {"links": ("https://example.org/a", "https://example.org/b")}
    posts = observed(
        [
            post("ann", PITCH, 0, ["ZORP", "ACME"], **link),
            post("bob", "later", 8 * DAY, ["ACME"], links=link["links"][:1]),
            post("bob", PITCH, 5, ["ZORP"], links=link["links"][1:]),
        ]
    )
    pair = ("x:ann", "x:bob")
    assert met_objects(posts, *pair, "co_ticker") == ["ZORP"]
    assert shared_objects(posts, *pair, "co_ticker") == ["ACME", "ZORP"]
    assert met_objects(posts, *pair, "co_link") == ["https://example.org/b"]
