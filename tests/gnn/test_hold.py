"""A giveaway is held low, and a ring that posts one beside its pitch is not excused by it."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import pytest

from gnn.hold import HELD_AT, bursts, hold, pitched
from gnn.score import Scorer
from gnn.train import Model
from gnn.view import View, views, world
from graph.detection.observed import from_values
from graph.model import Cluster, Post, Risk
from tests.gnn.toy import AS_OF, account, cluster, post, tie

RING = [f"m{n}" for n in range(9)]
GIFT = [post(f"g{n}", RING[n % 9], "hope i win this lamp", n * 200, None) for n in range(90)]


def pitch(members: int, apart: float, ticker: str = "ZORP") -> list[Post]:
    """A pitch by some of the ring, so many minutes apart."""
    return [
        post(f"p{n}", RING[n], "buy zorp it will triple", 900 + n * apart, ticker)
        for n in range(members)
    ]


def view_of(posts: list[Post], members: list[str] | None = None) -> View:
    ties = [tie(a, b) for a, b in combinations(RING, 2)]
    found = replace(cluster("c-ring", members or RING, posts), promotions=())
    people = [account(who) for who in RING]
    (view,) = views(world(from_values(posts, people, AS_OF), []), ties, [found])
    return view


@pytest.mark.parametrize(
    ("members", "apart", "burst"),
    [(9, 5, True), (5, 12, True), (3, 5, True), (2, 5, False), (9, 90, False), (0, 5, False)],
)
def test_a_burst_is_a_third_of_the_members_on_one_stock_within_an_hour(
    members: int, apart: float, burst: bool
) -> None:
    assert bursts(view_of([*GIFT, *pitch(members, apart)])) is burst


def test_five_members_are_a_burst_however_many_sleep() -> None:
    asleep = [f"s{n}" for n in range(40)]
    assert bursts(view_of([*GIFT, *pitch(5, 5)], [*RING, *asleep]))
    assert not bursts(view_of([*GIFT, *pitch(4, 5)], [*RING, *asleep]))


def test_different_stocks_and_one_busy_member_are_no_burst() -> None:
    many = [post(f"p{n}", RING[n], "look", 900 + n, f"T{n}") for n in range(9)]
    assert not bursts(view_of([*GIFT, *many]))
    one = [post(f"p{n}", RING[0], "look", 900 + n, "ZORP") for n in range(9)]
    assert not bursts(view_of([*GIFT, *one]))


def test_a_burst_is_not_held_and_nothing_else_changes() -> None:
    assert hold(5.0, 0.1, True) == (5.0, ())
    assert hold(5.0, 0.1, False)[0] == HELD_AT


def risk_of(model: Model, posts: list[Post]) -> Risk:
    ties = [tie(a, b) for a, b in combinations(RING, 2)]
    found: Cluster = cluster("c-ring", RING, posts, "ZORP")
    people = [account(who, 20, 10) for who in RING]
    scorer = Scorer(model, "test")
    return scorer.clusters(from_values(posts, people, AS_OF), ties, [found], [])["c-ring"]


def test_a_ring_that_copies_a_giveaway_is_not_excused_and_a_giveaway_is(model: Model) -> None:
    hiding = risk_of(model, [*GIFT, *pitch(9, 5)])
    honest = risk_of(model, [*GIFT, *pitch(2, 5)])
    assert "names_no_stock" not in {factor.name for factor in hiding.factors}
    if honest.score == 10:
        assert honest.factors[0].name == "names_no_stock"
    assert honest.score <= 10
    assert hiding.score > honest.score


def test_entrants_of_a_giveaway_that_names_a_stock_are_held_low() -> None:
    gifts = [post(f"g{n}", RING[n % 9], "win this lamp $ZORP", n * 200, "ZORP") for n in range(90)]
    view = view_of([*gifts, *pitch(3, 5)])  # three of nine talk of it at the same hour
    assert bursts(view)
    assert pitched(view) == pytest.approx(3 / 9)
    held, (why,) = hold(3.0, 1.0, bursts(view), 0.97, pitched(view))
    assert held == HELD_AT
    assert why.name == "gives_away"
    assert "97%" in why.text


def test_a_ring_that_gives_away_and_pitches_together_is_not_excused() -> None:
    view = view_of([*GIFT, *pitch(6, 5)])
    assert pitched(view) == pytest.approx(6 / 9)
    assert hold(3.0, 0.9, bursts(view), 0.9, pitched(view)) == (3.0, ())
    half = view_of([*GIFT, *pitch(5, 5)])  # news of a stock moves half of any group
    assert hold(3.0, 0.9, bursts(half), 0.9, pitched(half))[0] == HELD_AT
    speaking = [post(f"q{n}", RING[n], "win zorp", 900 + n, "ZORP") for n in range(9)]
    assert pitched(view_of([*GIFT, *speaking])) == 0  # what is said for a giveaway is no pitch
