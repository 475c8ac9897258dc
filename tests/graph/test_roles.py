"""Who plays which part: the one that is reposted in bursts, the one that comes first, the rest."""

from __future__ import annotations

from dataclasses import replace
from math import log10

import pytest

from graph.detection.roles import echoes, members
from graph.model import CoAction, Post, Tie
from tests.graph.acts import observed, post

RING = ["x:a", "x:b", "x:c", "x:d", "x:e"]


def tie(left: str, right: str, seconds: float, p: float = 1e-5) -> Tie:
    act = CoAction("p", "q", "same_text", "text", "10m", seconds)
    return Tie(f"x:{left}", f"x:{right}", ("same_text",), -log10(p), p, 0.01, 2, 0.01, 0, 0, (act,))


def repost(who: str, minute: float, of: Post) -> Post:
    return replace(post(who, "again " + of.text, minute), repost_of=of.id)


def roles(*posts: Post, ties: tuple[Tie, ...] = ()) -> dict[str, str]:
    found = members(RING, ties, echoes(observed(posts), RING), 100)
    return {member.account_id[2:]: member.role for member in found}


def test_who_is_reposted_by_a_third_within_an_hour_is_a_source() -> None:
    pitch = post("a", "buy zorp", 0)
    burst = [repost("b", 5, pitch), repost("c", 50, pitch)]
    assert roles(pitch, *burst)["a"] == "source"
    assert roles(pitch, burst[0])["a"] == "amplifier"


def test_reposts_over_days_are_no_burst() -> None:
    pitch = post("a", "buy zorp", 0)
    slow = [repost(who, n * 24 * 60, pitch) for n, who in enumerate("bcde")]
    assert roles(pitch, *slow)["a"] == "amplifier"


def test_one_that_reposts_again_and_again_is_one() -> None:
    pitch = post("a", "buy zorp", 0)
    assert roles(pitch, *[repost("b", n, pitch) for n in range(9)])["a"] == "amplifier"


def test_who_repeats_itself_or_is_repeated_by_outsiders_is_none() -> None:
    pitch = post("a", "buy zorp", 0)
    others = [repost(who, n, pitch) for n, who in enumerate(["a", "o1", "o2", "o3"])]
    assert set(roles(pitch, *others).values()) == {"amplifier"}


def test_the_leader_comes_first_most_often_and_is_no_source() -> None:
    ties = (tie("a", "b", 60), tie("a", "c", 60), tie("b", "c", 60), tie("d", "e", 0))
    assert roles(ties=ties)["a"] == "leader"
    pitch = post("a", "buy zorp", 0)
    both = roles(pitch, repost("b", 5, pitch), repost("c", 5, pitch), ties=ties)
    assert (both["a"], both["b"], both["c"]) == ("source", "leader", "amplifier")


def test_members_are_ranked_by_what_speaks_for_them_and_not_by_how_much_they_do() -> None:
    ties = [tie("b", "c", 0, p=1e-9), tie("a", "b", 0, p=1e-3), tie("d", "e", 0, p=1e-5)]
    found = members(RING, ties, {}, 101)
    assert [m.account_id for m in found] == ["x:b", "x:c", "x:d", "x:e", "x:a"]
    # Simes over 100 possible partners: the surest tie alone, or two together
    assert found[0].strength == found[1].strength == pytest.approx(7.0)
    assert found[4].strength == pytest.approx(1.0)


def test_many_middling_ties_of_a_busy_account_say_less_than_one_sure_tie() -> None:
    busy = [tie("a", other, 0, p=10**-2.6) for other in "bcde"]
    found = {
        m.account_id: m.strength for m in members(RING, [*busy, tie("b", "c", 0, p=1e-9)], {}, 101)
    }
    assert found["x:a"] < found["x:b"]
    assert found["x:a"] == pytest.approx(2.6 + log10(4) - 2)


def test_who_has_no_tie_inside_has_nothing_that_speaks_for_it() -> None:
    found = members(RING, [tie("a", "b", 0)], {}, 10)
    assert {m.account_id: m.strength for m in found}["x:e"] == 0.0
