"""Accounts that speak with one voice about a stock, though no two of them are tied."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from scipy.stats import binom

from graph.detection import Settings, detect
from graph.detection.choirs import OVERLAP, SMALLEST, choirs, with_choirs
from graph.detection.observed import Observed, from_values
from graph.detection.voices import MOST, QUIET, SURE, voices
from graph.model import Account, Post
from graph.windows import DAY

START = 1_700_006_400_000
AS_OF = START + 90 * DAY
PITCH = "permit for the zorix site is through"
ENDS = ("bow", "light", "fall", "mill", "side")
WORDS = [f"{first}{end}" for first in ("rain", "moon", "water", "wind", "hill") for end in ENDS]


def post(number: int, who: str, text: str, day: float, ticker: str | None, **more: str) -> Post:
    at = START + int(day * DAY)
    tickers = (ticker,) if ticker else ()
    return Post(f"x:{number}", f"x:{who}", at, at, text, "x", tickers=tickers, **more)


def seen(posts: list[Post], as_of: int = AS_OF) -> Observed:
    people = {p.account_id for p in posts}
    made = [Account(a, "x", START, a[2:], START - 900 * DAY, 90, 80, 400) for a in sorted(people)]
    return from_values(posts, made, as_of)


def talk(rng: random.Random, first: int, people: int = 60, each: int = 6) -> list[Post]:
    """Ordinary life: everybody says something of their own about some stock."""
    return [
        post(
            first + n,
            f"p{n % people}",
            " ".join(rng.sample(WORDS, 9)),
            rng.uniform(0, 60),
            rng.choice(["AAA", "BBB", "CCC", "THIN"]),
        )
        for n in range(people * each)
    ]


def ring(first: int, members: list[str], text: str = PITCH, ticker: str = "THIN") -> list[Post]:
    """Each member once, half a day apart, with words of its own around the same phrase."""
    return [
        post(first + n, who, f"{who} {text} {who}", 20 + n / 2, ticker)
        for n, who in enumerate(members)
    ]


MEMBERS = [f"p{n}" for n in range(8)]


def test_a_phrase_that_a_few_use_of_one_stock_makes_a_choir_of_them() -> None:
    (choir,) = choirs(seen(talk(random.Random(1), 0) + ring(9_000, MEMBERS)))
    assert choir.ticker == "THIN"
    assert choir.accounts == {f"x:{who}" for who in MEMBERS}
    assert choir.posts == {f"x:{9_000 + n}" for n in range(8)}
    assert choir.voices[0].kind == "phrase"
    assert set(choir.voices[0].what.split()) <= set(PITCH.split())
    assert choir.voices[0].accounts == 8


def test_what_is_said_of_every_stock_is_language() -> None:
    life = talk(random.Random(1), 0)
    others = [post(20_000 + n, f"p{20 + n}", PITCH, n, "AAA") for n in range(3)]
    assert not choirs(seen(life + ring(9_000, MEMBERS) + others))
    nameless = [post(20_000 + n, f"p{20 + n}", PITCH, n, None) for n in range(3)]
    assert not choirs(seen(life + ring(9_000, MEMBERS) + nameless))
    two = others[:2]  # at most a third as many
    assert choirs(seen(life + ring(9_000, MEMBERS) + two))


def test_what_everybody_says_is_nobodys() -> None:
    crowd = [f"q{n}" for n in range(MOST + 1)]
    assert not choirs(seen(talk(random.Random(1), 0) + ring(9_000, crowd)))
    assert choirs(seen(talk(random.Random(1), 0) + ring(9_000, crowd[:MOST])))


def test_the_p_value_is_the_binomial_tail_of_what_language_alone_would_do() -> None:
    observed = seen(talk(random.Random(2), 0) + ring(9_000, MEMBERS))
    found, _ = voices(observed)
    one = found.filter(found["what"] == "permit for the zorix").row(0, named=True)
    named = observed.named.join(observed.posts, on="post")
    around = named.filter(
        (named["ticker"] == "THIN")
        & named["at"].is_between(one["first_at"] - QUIET, one["last_at"] + QUIET)
    )["account"].n_unique()
    from graph.detection.voices import uses

    tests = uses(observed).select("ticker", "kind", "what").unique().height
    pairs = named.select("ticker", "account").n_unique()
    expected = binom.sf(8 - 1, around, 1 / pairs) * tests
    assert one["accounts"] == 8
    assert one["p_value"] == pytest.approx(expected, rel=1e-9)
    assert one["p_value"] < SURE


def test_uses_that_rest_for_longer_than_quiet_are_apart() -> None:
    far = [
        replace(p, at=p.at + n * (QUIET + DAY), known_at=p.known_at + n * (QUIET + DAY))
        for n, p in enumerate(ring(9_000, MEMBERS))
    ]
    assert not choirs(seen(talk(random.Random(1), 0) + far))


def test_a_phrase_that_nobody_else_used_brings_one_in_and_nobody_through_him() -> None:
    echo, farther = "the old kettle at pier nine", "copper moon over flat water"
    life = talk(random.Random(3), 0)
    joins = [
        post(30_000, "p0", f"{echo} for sure", 21, "THIN"),
        post(30_001, "p30", f"so {echo}", 21.2, "THIN"),
        post(30_002, "p30", f"now {farther}", 21.3, "THIN"),
        post(30_003, "p31", f"well {farther} then", 21.4, "THIN"),
    ]
    (choir,) = choirs(seen(life + ring(9_000, MEMBERS) + joins))
    assert choir.accounts == {f"x:{who}" for who in [*MEMBERS, "p30"]}
    assert {"x:30000", "x:30001"} <= choir.posts
    said_elsewhere = post(30_004, "p40", f"{echo} indeed", 50, "AAA")
    (without,) = choirs(seen(life + ring(9_000, MEMBERS) + joins + [said_elsewhere]))
    assert "x:p30" not in without.accounts


def test_answers_and_repeats_of_one_post_are_a_voice() -> None:
    thesis = post(9_000, "p0", "rain tea desk lamp chart", 20, "THIN")
    answers = [
        post(9_001 + n, f"p{n + 1}", f"yes {WORDS[n]}", 20.1, None, reply_to="x:9000")
        for n in range(6)
    ]
    (choir,) = choirs(seen([*talk(random.Random(4), 0), thesis, *answers]))
    assert choir.accounts == {f"x:p{n}" for n in range(7)}
    assert choir.voices[0].kind == "post"
    assert choir.voices[0].what == "x:9000"


def test_fewer_than_the_smallest_choir_is_none() -> None:
    life = talk(random.Random(5), 0)
    assert not choirs(seen(life + ring(9_000, MEMBERS[: SMALLEST - 1])))
    assert choirs(seen(life + ring(9_000, MEMBERS[:SMALLEST])))


def test_two_phrases_hang_together_through_those_who_use_both() -> None:
    other = "seven hundred barrels by the harbour wall"
    life = talk(random.Random(6), 0)
    half = [*MEMBERS[4:], *(f"p{n}" for n in range(10, 14))]
    (joined,) = choirs(seen(life + ring(9_000, MEMBERS) + ring(9_100, half, other)))
    assert len(joined.accounts) == 12
    assert OVERLAP * 8 <= 4
    apart = [f"p{n}" for n in range(10, 18)]
    assert len(choirs(seen(life + ring(9_000, MEMBERS) + ring(9_100, apart, other)))) == 2


def test_what_comes_after_the_moment_changes_nothing() -> None:
    posts = talk(random.Random(7), 0) + ring(9_000, MEMBERS)
    moment = START + 30 * DAY
    later = [post(40_000 + n, f"p{n}", PITCH, 31 + n, "AAA") for n in range(9)]
    before = choirs(seen([p for p in posts if p.at <= moment], moment))
    assert choirs(seen(posts + later, moment)) == before
    assert choirs(seen(posts + later)) != before


def test_the_order_of_posts_does_not_matter() -> None:
    posts = talk(random.Random(8), 0) + ring(9_000, MEMBERS)
    mixed = posts[:]
    random.Random(1).shuffle(mixed)
    assert choirs(seen(mixed)) == choirs(seen(posts))


def test_a_community_goes_into_the_choir_that_holds_most_of_it() -> None:
    observed = seen(talk(random.Random(9), 0) + ring(9_000, MEMBERS))
    (choir,) = choirs(observed)
    naming = set(
        observed.posts.join(observed.named.filter(observed.named["ticker"] == "THIN"), on="post")[
            "account"
        ]
    )
    extra = min(naming - choir.accounts)
    stranger = min(set(observed.posts["account"]) - naming - choir.accounts, default="x:nobody")
    mostly = (*sorted(choir.accounts)[:3], extra, stranger)
    apart = tuple(f"x:p{n}" for n in range(50, 54))
    groups = with_choirs([mostly, apart], [choir], observed)
    assert [g.accounts for g in groups if not g.voices] == [apart]
    (sung,) = (g for g in groups if g.voices)
    assert set(sung.accounts) == choir.accounts | {extra}


def test_detection_makes_a_cluster_of_a_choir_and_says_what_it_sings() -> None:
    observed = seen(talk(random.Random(10), 0) + ring(9_000, MEMBERS))
    found = detect(observed, Settings(meaning=False))
    (cluster,) = (c for c in found.clusters if c.voices)
    assert {m.account_id for m in cluster.members} == {f"x:{who}" for who in MEMBERS}
    assert cluster.promotions[0].ticker == "THIN"
    assert set(cluster.posts) >= {f"x:{9_000 + n}" for n in range(8)}
    assert not any(
        c.voices for c in detect(observed, Settings(meaning=False, choirs=False)).clusters
    )
