"""What a store gives to look at equals what the same values give directly."""

from __future__ import annotations

from graph.bars import Bars
from graph.detection.observed import from_values
from graph.detection.stored import keep_vectors, kept_vectors, observe
from graph.embedding import Embedder
from ingest.load import load
from ingest.synthetic.market import plant
from ingest.synthetic.settings import MarketSettings
from ingest.synthetic.write import write_files


def test_both_ways_in_give_the_same_frames(store, tmp_path):
    planted = plant(MarketSettings(seed=5, accounts=80, stocks=10, days=30))
    posts, *_ = write_files(planted, tmp_path / "market")
    with Bars(tmp_path / "bars.sqlite") as bars:
        load(store, bars, [posts], rejects=tmp_path / "rejects.jsonl")
    for as_of in (planted.posts[len(planted.posts) // 2].known_at, 2**53):
        read, made = observe(store, as_of), from_values(planted.posts, planted.accounts, as_of)
        for name in ("posts", "named", "linked"):
            assert getattr(read, name).equals(getattr(made, name)), name
        assert read.posts.height > 0


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
