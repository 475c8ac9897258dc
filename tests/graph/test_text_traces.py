"""Texts that copy, nearly copy, or mean the same."""

from __future__ import annotations

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.detection.traces import near_text, same_meaning, same_text
from graph.embedding import Embedder
from graph.text import text_key, words
from tests.graph.acts import observed, post

WORDS = st.lists(
    st.sampled_from(["alpha", "beta", "gamma", "delta", "eta", "zeta", "iota", "kappa"]), max_size=9
)


def frame(texts):
    return pl.DataFrame({"text_id": [text_key(t) or "none" for t in texts], "text": texts})


@settings(deadline=None, max_examples=200)
@given(st.lists(WORDS, max_size=12))
def test_near_texts_are_exactly_those_at_the_threshold(drawn):
    texts = sorted({" ".join(sorted(set(one))) for one in drawn} - {""})
    got = near_text.neighbours(frame(texts))
    key = dict(zip(frame(texts)["text_id"], texts, strict=True))
    want = set()
    for a in key:
        for b in key:
            one, two = set(words(key[a])), set(words(key[b]))
            if a < b and 5 * len(one & two) >= 4 * len(one | two):
                want.add((a, b))
    assert {tuple(row) for row in got.iter_rows()} == want


def test_short_texts_and_reposts_are_nobodys_copy():
    long = "one two three four five six seven"
    posts = [
        post("a", "watching $ACME today", 0, ["ACME"]),
        post("b", "watching $ACME today", 1, ["ACME"]),
        post("c", long, 0),
        post("d", "RT @c: " + long, 1, repost_of="x:c"),
        post("e", long, 2),
    ]
    assert set(same_text.acts(observed(posts))["account"]) == {"x:c", "x:e"}


def test_case_addresses_and_handles_do_not_hide_a_copy():
    assert text_key("Buy $ACME NOW! http://a.example/1") == text_key("@you buy $acme now")
    assert text_key("Buy $ACME now") != text_key("Sell $ACME now")
    assert text_key("http://a.example/1") == ""


def test_a_paraphrase_is_found_and_an_honest_text_is_not():
    posts = [
        post("a", "grab $ZORP right now, a merger offer is expected on Monday", 0, ["ZORP"]),
        post(
            "b", "on Monday a merger bid for $ZORP is expected: buy $ZORP right away", 60, ["ZORP"]
        ),
        post("c", "sold half of my $ZORP, the quarterly report was dull and long", 90, ["ZORP"]),
    ]
    embedder = Embedder()
    near = same_meaning.neighbours(observed(posts), embedder.cheap, embedder.exact)
    keys = {text_key(p.text) for p in posts[:2]}
    assert [set(row) for row in near.iter_rows()] == [keys]
    assert set(embedder.kept) >= keys


def test_a_text_is_embedded_once():
    embedder = Embedder()
    first = embedder.exact({"k": "buy this stock now"})
    embedder.kept["k"] = embedder.kept["k"] * 0
    assert (embedder.exact({"k": "buy this stock now"}) == 0).all()
    assert abs(float((first**2).sum()) - 1) < 1e-5
