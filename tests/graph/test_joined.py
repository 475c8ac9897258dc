"""Posts that came bit by bit are the same frames as posts that came at once."""

from __future__ import annotations

import random
from dataclasses import fields

import polars as pl

from graph.detection.joined import joined, since
from graph.detection.observed import Observed, from_values
from graph.model import Account, Post
from tests.graph.acts import post
from tests.graph.test_detection import DAY, burst, life


def same(one: Observed, other: Observed) -> bool:
    names = [field.name for field in fields(Observed) if field.name not in ("as_of", "namers")]
    frames = ((getattr(one, name), getattr(other, name)) for name in names)
    return all(a.sort(a.columns).equals(b.sort(b.columns)) for a, b in frames)


def people(posts: list[Post]) -> list[Account]:
    return [
        Account(one.account_id, "x", known_at=one.known_at, handle=one.account_id[2:], created_at=5)
        for one in posts
    ]


def test_bit_by_bit_is_all_at_once_whatever_the_pieces() -> None:
    posts = [*life(10, 5), *burst(), post("h1", "#oak @x:h2 see", 30, ["ACME", "ZORP"])]
    whole = from_values(posts, people(posts), 10**15)
    mixed = random.Random(4).sample(posts, len(posts))
    seen = from_values((), (), 0)
    for low in range(0, len(mixed), 7):
        piece = mixed[low : low + 9]  # two of them come again in the next one
        seen = joined(seen, from_values(piece, people(piece), 10**15))
        assert seen.posts["post"].is_sorted()
        assert seen.named["post"].is_sorted()
    assert same(seen, whole)


def test_a_name_alone_does_not_replace_a_profile() -> None:
    (one,) = life(1, 1)
    full = Account(one.account_id, "x", known_at=10, handle="full", created_at=5)
    stub = Account(one.account_id, "x", known_at=20, handle="stub")
    seen = joined(from_values([one], [full], 10**15), from_values([], [stub], 10**15))
    assert seen.accounts["handle"].to_list() == ["full"]
    newer = joined(from_values([one], [stub], 10**15), from_values([], [full], 10**15))
    assert newer.accounts["handle"].to_list() == ["full"]


def test_what_is_older_goes_with_all_that_hangs_on_it() -> None:
    posts = [*burst(), *burst(text="again", start=9 * DAY)]
    late = since(from_values(posts, [], 10**15), min(p.at for p in posts[8:]))
    assert late.posts.height == 8
    assert set(late.named["post"]) == set(late.posts["post"])
    assert late.posts.filter(pl.col("text") != "again").is_empty()
