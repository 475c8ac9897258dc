"""No one-line score gives members of planted families away; a careless generator is caught."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from graph.model import Account, Post
from ingest.synthetic.audit import LIMIT, market_aurocs
from ingest.synthetic.families import FAMILIES
from ingest.synthetic.market import Planted
from ingest.synthetic.one_line import raw_scores
from ingest.synthetic.settings import DAY, HOUR
from tests.bench.planted import EVERY, given_away, measured, scored, shown, together
from tests.ingest.families import SEEDS, market

PROMISED = {
    "posts", "degree", "objects", "triangles", "circle", "text_length", "norm", "created_at",
    "hour_entropy", "link_share", "followers",
}  # fmt: skip
CHANCE = 0.06  # six small markets: some ninety members a family


def test_no_score_gives_members_away() -> None:
    table = measured(scored((seed, market(seed)) for seed in SEEDS))
    assert set(table) == {*FAMILIES, EVERY}
    assert set(table[EVERY]) >= PROMISED
    assert given_away({EVERY: table[EVERY]}) == []
    for by_score in table.values():
        assert all(max(value, 1 - value) < LIMIT + CHANCE for value in by_score.values())


Fault = Callable[[Planted, frozenset[str]], Planted]


def careless(change: Callable[[Post], Post]) -> Fault:
    """A generator that changes every post of its members."""

    def made(planted: Planted, members: frozenset[str]) -> Planted:
        posts = [change(p) if p.account_id in members else p for p in planted.posts]
        return replace(planted, posts=posts)

    return made


def louder(planted: Planted, members: frozenset[str]) -> Planted:
    more = [
        replace(p, id=f"{p.id}{n}", at=p.at + n * HOUR)
        for p in planted.posts
        if p.account_id in members
        for n in range(1, 4)
    ]
    return replace(planted, posts=sorted([*planted.posts, *more], key=lambda p: (p.at, p.id)))


def newborn(planted: Planted, members: frozenset[str]) -> Planted:
    start = planted.posts[0].at - 30 * DAY

    def younger(one: Account) -> Account:
        return replace(one, created_at=start) if one.id in members else one

    return replace(planted, accounts=[younger(one) for one in planted.accounts])


def in_touch(planted: Planted, members: frozenset[str]) -> Planted:
    others = tuple(sorted(members))
    return careless(lambda p: replace(p, mentions=others[:4]))(planted, members)


FAULTS: dict[str, tuple[Fault, str]] = {
    "posts more": (louder, "posts"),
    "made last month": (newborn, "created_at"),
    "all in touch": (in_touch, "circle"),
    "always a link": (careless(lambda p: replace(p, links=(f"https://a.test/{p.id}",))), "links"),
    "long texts": (careless(lambda p: replace(p, text=p.text * 3)), "text_length"),
    "short texts": (careless(lambda p: replace(p, text=p.text[:20])), "text_length"),
    "one hour of the day": (careless(lambda p: replace(p, at=p.at // DAY * DAY)), "hour_entropy"),
    "shouting": (careless(lambda p: replace(p, text=f"{p.text} buy now!")), "loud_words"),
    "many stocks a post": (
        careless(lambda p: replace(p, tickers=(*p.tickers, "QQQ", "WWW", "EEE"))), "triangles"
    ),
    "one stock only": (careless(lambda p: replace(p, tickers=("QQQ",))), "degree"),
    "another program": (careless(lambda p: replace(p, client=f"bot {p.at % 7}")), "programs"),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_a_careless_generator_is_caught_by_the_score_of_its_fault(fault: str) -> None:
    spoil, score = FAULTS[fault]
    planted = market(SEEDS[0])
    bad = spoil(planted, planted.truth.planted)
    table = measured(scored([(1, bad)]))
    assert (EVERY, score) in {(family, name) for family, name, _ in given_away(table)}
    assert "*" in shown(table)


def test_trees_on_all_scores_tell_careless_members_from_others() -> None:
    fair = scored((seed, market(seed)) for seed in SEEDS[:3])
    bad = [newborn(market(seed), market(seed).truth.planted) for seed in SEEDS[:3]]
    assert together(fair, folds=3) < 0.8 < together(scored(enumerate(bad)), folds=3)


def test_a_score_that_an_account_has_not_leaves_it_out() -> None:
    planted = market(SEEDS[0])
    scores = {"half": {one.id: 1.0 for one in planted.accounts[::2]}}
    assert market_aurocs(planted, None, scores) == {"half": 0.5}


def test_scores_are_what_one_counts_by_hand() -> None:
    people = [Account(one, "x", 0, followers=n) for n, one in enumerate(("x:a", "x:b", "x:c"))]
    posts = [
        Post("x:1", "x:a", 0, 0, "buy $ACME", "x", tickers=("ACME",), links=("https://a.example",)),
        Post("x:2", "x:a", HOUR, 0, "so it is", "x", tickers=("ACME", "OTHER"), mentions=("x:b",)),
        Post("x:3", "x:b", 2 * HOUR, 0, "yes yes", "x", reply_to="x:2", mentions=("x:c",)),
        Post("x:4", "x:c", 3 * HOUR, 0, "no $OTHER", "x", tickers=("OTHER",), mentions=("x:a",)),
    ]
    found = raw_scores(posts, people)
    assert found["posts"] == {"x:a": 2, "x:b": 1, "x:c": 1}
    assert found["degree"] == {"x:a": 2, "x:b": 0, "x:c": 1}
    assert found["objects"] == {"x:a": 4, "x:b": 1, "x:c": 2}
    assert found["triangles"] == {"x:a": 4, "x:b": 0, "x:c": 1}
    assert found["circle"] == {"x:a": 1, "x:b": 1, "x:c": 1}
    assert found["link_share"] == {"x:a": 0.5, "x:b": 0, "x:c": 0}
    assert found["answers"] == {"x:a": 0, "x:b": 1, "x:c": 0}
    assert found["loud_words"] == {"x:a": 0.5, "x:b": 0, "x:c": 0}
    assert found["hour_entropy"] == {"x:a": 1.0, "x:b": 0, "x:c": 0}
    assert found["median_gap"]["x:a"] == HOUR
    assert found["rich_words"]["x:b"] == 0.5
    assert found["top_stock"] == {"x:a": 1.0, "x:b": 0, "x:c": 1.0}
    assert found["shared_objects"] == {"x:a": 0.25, "x:b": 0, "x:c": 0.5}
    assert set(found["popularity"]) == {"x:a", "x:c"}
    assert found["followers"] == {"x:a": 0, "x:b": 1, "x:c": 2}
    assert set(found["norm"]) == {"x:a", "x:b", "x:c"}
