"""What a store gives to look at equals what the same values give directly."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from graph.bars import Bars
from graph.detection.observed import from_values
from graph.detection.stored import keep_vectors, kept_vectors, observe
from graph.embedding import Embedder
from graph.model import Account
from ingest.load import load
from ingest.synthetic.market import plant
from ingest.synthetic.settings import MarketSettings
from ingest.synthetic.write import write_files
from tests.graph.acts import LATER, post


def test_both_ways_in_give_the_same_frames(store, tmp_path):
    planted = plant(MarketSettings(seed=5, accounts=80, stocks=10, days=30))
    posts, *_ = write_files(planted, tmp_path / "market")
    with Bars(tmp_path / "bars.sqlite") as bars:
        load(store, bars, [posts], rejects=tmp_path / "rejects.jsonl")
    for as_of in (planted.posts[len(planted.posts) // 2].known_at, 2**53):
        read, made = observe(store, as_of), from_values(planted.posts, planted.accounts, as_of)
        for name in ("posts", "named", "linked", "hashtags", "mentioned", "images"):
            assert getattr(read, name).equals(getattr(made, name)), name
            assert name == "images" or getattr(read, name).height > 0, name
        references = read.posts.select(pl.col("repost_of", "reply_to", "quote_of").count())
        assert min(references.row(0)) > 0


def test_of_a_post_that_comes_twice_the_earliest_sight_counts():
    first = post("ann", "buy $ACME now", 1, ["ACME"], hashtags=("b", "a", "b"), mentions=("x:bob",))
    later = replace(first, known_at=first.known_at + 5, text="edited", hashtags=("c",), client="z")
    for posts in ([first, later], [later, first], [first, later, first]):
        seen = from_values(posts, [], LATER)
        assert seen.posts.select("post", "text", "client").rows() == [(first.id, first.text, None)]
        assert seen.hashtags.rows() == [(first.id, "b", 0), (first.id, "a", 1), (first.id, "b", 2)]
        assert seen.named.height == seen.mentioned.height == 1
    assert from_values([later], [], first.known_at).posts.is_empty()


def test_of_an_account_that_comes_twice_the_newest_profile_counts():
    old, new = Account("x:a", "x", 1, "old", 7), Account("x:a", "x", 2, "new", 7)
    stub = Account("x:a", "x", 3, "stub")
    for people in ([old, new, stub], [stub, new, old]):
        assert from_values([], people, LATER).accounts["handle"].to_list() == ["new"]


def test_an_empty_graph_is_no_posts(store):
    assert observe(store, 2**53).posts.is_empty()


def test_vectors_are_kept_and_come_back(store):
    embedder = Embedder()
    embedder.exact({"k1": "buy this stock now", "k2": "sell this stock now"})
    keep_vectors(store, embedder.kept, embedder.model)
    back = kept_vectors(store, ["k1", "k2", "k3"], embedder.model)
    assert set(back) == {"k1", "k2"}
    assert abs(back["k1"] - embedder.kept["k1"]).max() < 1e-6
    assert kept_vectors(store, ["k1"], "another model") == {}
