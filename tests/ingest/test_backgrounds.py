"""Backgrounds of both kinds are one value; what a real one takes from its files, and what not."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace

import pytest

from graph.errors import UsageError
from graph.model import Account, Post
from ingest.synthetic.background import (
    ELSEWHERE,
    FEWEST,
    SECOND_PLATFORM,
    Background,
    checked,
    seen_often,
    spread_out,
)
from ingest.synthetic.background_made import made_background
from ingest.synthetic.background_real import Archive, _saying, real_background
from ingest.synthetic.families import FAMILIES, plant_families
from ingest.synthetic.settings import DAY
from tests.ingest.families import archive, background


def real(seed: int = 1, days: int = 60) -> Background:
    return real_background(archive(), seed, days, accounts=150)


@pytest.mark.parametrize("made", [background(11), real()], ids=["made", "real"])
def test_both_kinds_keep_their_promises(made: Background) -> None:
    ids = [account.id for account in made.accounts]
    assert ids == sorted(ids)
    assert {post.account_id for post in made.posts} == set(ids)
    assert min(Counter(post.account_id for post in made.posts).values()) >= FEWEST
    assert all(made.first <= post.at < made.last for post in made.posts)
    assert {bar.ticker for bar in made.bars} == set(made.stocks)
    assert min(bar.at for bar in made.bars) < made.first - 60 * DAY
    counts = Counter(t for post in made.posts for t in post.tickers)
    talk = [counts[ticker] for ticker in made.stocks]
    assert talk == sorted(talk, reverse=True)
    assert len(made.quiet()) == len(made.stocks) - len(made.stocks) // 10
    assert all(saying.count("{T}") >= 1 for saying in made.sayings)
    moved = sum(account.platform == SECOND_PLATFORM for account in made.accounts)
    assert moved == round(ELSEWHERE * len(ids))
    assert plant_families(1, made, FAMILIES[:3], around=0).truth.campaigns


def test_a_background_is_the_same_each_time() -> None:
    assert real(3) == real(3)
    assert real(3).first != real(4).first
    again = made_background(11, accounts=520, days=50, stocks=30)
    assert again == background(11)


def test_sayings_of_real_people_are_of_others_than_those_in_the_market() -> None:
    made = real()
    mine = {post.account_id.partition(":")[2] for post in made.posts}
    theirs = [p for p in archive().posts if p.account_id.partition(":")[2] not in mine]
    allowed = {saying for post in theirs if (saying := _saying(post))}
    assert set(made.sayings) <= allowed


def post(text: str, account: str = "x:1", **more: object) -> Post:
    one = Post(f"x:{hash((text, account)) % 10**9}", account, 5, 5, text, "x", tickers=("ACME",))
    return replace(one, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("@a $ACME up again today on no news https://t.co/x", "{T} up again today on no news"),
        ("$ACME and $OTHER both go up today I think", None),
        ("$ACME up", None),
        ("no cashtag in these many words at all", None),
        ("$ACME {odd} braces are gone from it", "{T} odd braces are gone from it"),
    ],
)
def test_a_saying_is_a_text_about_one_stock_without_names_and_addresses(
    text: str, expected: str | None
) -> None:
    assert _saying(post(text)) == expected


def test_who_posts_seldom_is_left_out() -> None:
    often = [post(f"words {n}", "x:1") for n in range(FEWEST)]
    seldom = [post(f"words {n}", "x:2") for n in range(FEWEST - 1)]
    assert seen_often([*often, *seldom]) == often


def test_moving_house_keeps_everything_but_the_platform() -> None:
    people = [Account(f"x:{n}", "x", 1) for n in range(10)]
    posts = [post("hello there", "x:1", mentions=("x:2", "x:3")), post("good day", "x:2")]
    homes, moved = spread_out(random.Random(1), posts, people, share=0.5)
    names = {a.id: b.id for a, b in zip(people, moved, strict=True)}
    assert sum(b.platform == SECOND_PLATFORM for b in moved) == 5
    assert [p.account_id for p in homes] == [names[p.account_id] for p in posts]
    assert homes[0].mentions == (names["x:2"], names["x:3"])
    assert all(p.platform == p.account_id.partition(":")[0].replace("x", "x") for p in homes)
    assert [p.text for p in homes] == [p.text for p in posts]


def test_who_moves_house_is_drawn_from_everybody() -> None:
    people = [Account(f"x:{n:03}", "x", 1) for n in range(400)]
    _, moved = spread_out(random.Random(1), [], people, share=0.25)
    away = [n for n, one in enumerate(moved) if one.platform == SECOND_PLATFORM]
    assert len(away) == 100
    assert 30 < sum(n < 200 for n in away) < 70


def test_a_real_window_with_too_few_people_or_days_is_refused() -> None:
    with pytest.raises(UsageError, match="ask for no more than that"):
        real_background(archive(), 1, days=500)
    with pytest.raises(UsageError, match="Ask for more days"):
        real_background(archive(), 1, days=3)
    with pytest.raises(UsageError, match="no posts in the archive"):
        real_background(Archive((), {}, ()), 1)
    with pytest.raises(UsageError, match="60 and 8 are needed"):
        checked(replace(background(11), accounts=background(11).accounts[:59]))


def test_posts_known_only_later_than_the_window_are_not_in_it() -> None:
    made = real()
    assert all(one.known_at < made.last for one in made.posts)
    first = {p.account_id: p.known_at for p in reversed(made.posts)}
    assert all(one.known_at <= first[one.id] for one in made.accounts)
