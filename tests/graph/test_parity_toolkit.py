"""coordination-network-toolkit's rules, against tables that it made itself.

tests/data/toolkit/edges.csv is what release 1.5.2 gives on messages.csv beside it;
tests/bench/coordination/tables.py made both.
"""

from __future__ import annotations

import csv
import re
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.detection.parity.toolkit import MESSAGES, NETWORKS, Network, needs, without_link
from graph.detection.parity.toolkit_text import _words, word_sets
from graph.errors import UsageError

HERE = Path(__file__).parents[1] / "data" / "toolkit"
SETTINGS = ((0, 1), (7, 1), (60, 2))  # seconds, smallest weight
SIMILARITY = 0.6


def messages(*rows: tuple[str, str, float], **more: str) -> pl.DataFrame:
    """Messages from (id, user, second) rows, each with the other columns in `more`."""
    empty = dict.fromkeys(("repost_id", "reply_id", "message", "urls"), "")
    full = [
        {"message_id": m, "user_id": u, "at": int(s * 1000), **empty, **more} for m, u, s in rows
    ]
    return pl.DataFrame(full, schema={**dict.fromkeys(MESSAGES, pl.String), "at": pl.Int64})


def edges(rows: pl.DataFrame, network: str, window: float, least: int = 1) -> list[tuple[object]]:
    found = Network(rows, network).edges(int(window * 1000), least)
    return found.rows()


@pytest.fixture(scope="module")
def awkward() -> pl.DataFrame:
    with (HERE / "messages.csv").open(encoding="utf-8", newline="") as file:
        read = list(csv.DictReader(file))
    return pl.DataFrame([{**row, "at": round(float(row["timestamp"]) * 1000)} for row in read])


@pytest.fixture(scope="module")
def theirs() -> pl.DataFrame:
    text = {"user_1": pl.String, "user_2": pl.String}
    return pl.read_csv(HERE / "edges.csv", schema_overrides=text)


@pytest.mark.parametrize(("window", "least"), SETTINGS)
@pytest.mark.parametrize("network", NETWORKS)
def test_edges_are_the_toolkits_own(
    awkward: pl.DataFrame, theirs: pl.DataFrame, network: str, window: int, least: int
) -> None:
    expected = theirs.filter(network=network, window=window, least=least)
    found = Network(awkward, network, SIMILARITY).edges(window * 1000, least, loops=True)
    assert expected.height > 10
    assert found.rows() == expected.select("user_1", "user_2", "weight").rows()


@pytest.mark.parametrize("network", NETWORKS)
def test_without_loops_only_those_go(
    awkward: pl.DataFrame, theirs: pl.DataFrame, network: str
) -> None:
    expected = theirs.filter(pl.col("user_1") != pl.col("user_2"), network=network, window=7)
    found = Network(awkward, network, SIMILARITY).edges(7_000, 1)
    assert found.rows() == expected.select("user_1", "user_2", "weight").rows()


@pytest.mark.parametrize("network", NETWORKS)
def test_weights_can_be_recomputed_from_the_evidence(awkward: pl.DataFrame, network: str) -> None:
    one = Network(awkward, network, SIMILARITY)
    found = one.edges(60_000, 2)
    evidence = one.evidence(60_000, found)
    assert evidence.filter(pl.col("seconds").abs() > 60).is_empty()
    sides = [
        evidence.select("user_1", "user_2", message="message_1"),
        evidence.select(user_1="user_2", user_2="user_1", message="message_2"),
    ]
    again = pl.concat(sides).group_by("user_1", "user_2").agg(weight=pl.col("message").n_unique())
    again = again.filter(pl.col("weight") >= 2).sort("user_1", "user_2")
    assert again.rows() == found.rows()


def test_weights_count_the_messages_of_the_first() -> None:
    rows = messages(("1", "ann", 0), ("2", "ann", 5), ("3", "bob", 10), urls="a.example")
    assert edges(rows, "co_link", 10) == [("ann", "bob", 2), ("bob", "ann", 1)]
    assert edges(rows, "co_link", 9.999) == [("ann", "bob", 1), ("bob", "ann", 1)]
    assert edges(rows, "co_link", 10, least=2) == [("ann", "bob", 2)]


def test_messages_without_a_url_share_one_there() -> None:
    """A defect, repeated, and counted so that it can be said."""
    rows = messages(("1", "ann", 0), ("2", "bob", 1))
    assert edges(rows, "co_link", 1) == [("ann", "bob", 1), ("bob", "ann", 1)]
    assert without_link(rows) == 2
    assert without_link(rows.with_columns(repost_id=pl.lit("0"))) == 0


def test_mentions_and_spacing_make_no_other_text() -> None:
    rows = messages(("1", "ann", 0), ("2", "bob", 1)).with_columns(
        message=pl.Series(["Buy  NOW @cat", "@dan buy\u3000now"])
    )
    assert edges(rows, "co_tweet", 1) == [("ann", "bob", 1), ("bob", "ann", 1)]


def test_reposts_count_only_where_they_are_the_question() -> None:
    rows = messages(
        ("1", "ann", 0), ("2", "bob", 1), repost_id="0", reply_id="9", urls="u", message="buy"
    )
    tied = {name for name in NETWORKS if edges(rows, name, 1)}
    assert tied == {"co_retweet", "co_post"}


def test_similar_texts_are_as_similar_as_asked() -> None:
    texts = pl.Series(["one two three four", "one two three five", ""])
    rows = messages(("1", "ann", 0), ("2", "bob", 1), ("3", "cat", 1)).with_columns(message=texts)
    for similarity, tied in ((0.6, True), (0.601, False)):
        found = Network(rows, "co_similar_tweet", similarity).edges(1_000, 1)
        assert found.is_empty() is not tied


def test_quotation_marks_of_one_stroke_are_no_words() -> None:
    rows = messages(("1", "ann", 0), ("2", "bob", 1)).with_columns(
        message=pl.Series(["don't say 'now'", "don't say now"])
    )
    assert Network(rows, "co_similar_tweet", 1.0).edges(1_000, 1).height == 2


def test_a_repeated_message_counts_for_each_account_that_has_it() -> None:
    """Its later row is another account's, with another url: both matched `cat`'s message."""
    rows = messages(("m", "ann", 0), ("m", "bob", 1), ("n", "cat", 2)).with_columns(
        urls=pl.Series(["x", "y", "x y"])
    )
    found = edges(rows, "co_link", 5)
    assert ("ann", "cat", 1) in found
    assert ("bob", "cat", 1) in found


def test_no_messages_make_no_edges() -> None:
    for network in NETWORKS:
        one = Network(messages(), network)
        found = one.edges(1_000)
        assert found.is_empty()
        assert one.evidence(1_000, found).is_empty()


def test_an_unknown_network_is_refused_with_the_known_ones() -> None:
    with pytest.raises(UsageError, match="no network 'co_hashtag'; there are co_retweet, co_link"):
        needs("co_hashtag")


@settings(deadline=None, max_examples=300)
@given(st.lists(st.text("abz09_ .,:'#$@é\t", max_size=14), min_size=1, max_size=6))
def test_word_sets_are_those_of_the_bounds_themselves(texts: list[str]) -> None:
    """Plain texts are split in one go; they must have the words that the bounds give them."""
    found = word_sets(pl.Series(texts), 0.5)
    sets = [set(found.words[found.starts[t] : found.starts[t + 1]].tolist()) for t in found.text]
    by_bounds = [set(_words(re.sub(r"@\S*", "", text.lower()))) for text in texts]
    assert [len(one) for one in sets] == [len(one) for one in by_bounds]
    for one, theirs in zip(sets, by_bounds, strict=True):
        for other, other_theirs in zip(sets, by_bounds, strict=True):
            assert len(one & other) == len(theirs & other_theirs)


ROWS = st.lists(
    st.tuples(st.sampled_from("abc"), st.sampled_from(["", "u", "v", "u v"]), st.integers(0, 9)),
    max_size=12,
)


@settings(deadline=None)
@given(rows=ROWS, window=st.integers(0, 5), least=st.integers(1, 3), loops=st.booleans())
def test_links_are_those_of_plain_python(
    rows: list[tuple[str, str, int]], window: int, least: int, loops: bool
) -> None:
    frame = messages(*((str(n), who, at) for n, (who, _, at) in enumerate(rows)))
    frame = frame.with_columns(urls=pl.Series([urls for _, urls, _ in rows], dtype=pl.String))
    found = Network(frame, "co_link").edges(window * 1000, least, loops)
    matched: dict[tuple[str, str], set[int]] = {}
    for n, (one, urls, at) in enumerate(rows):
        for other, their_urls, then in rows:
            shared = set(urls.split(" ")) & set(their_urls.split(" "))
            if shared and abs(at - then) <= window and (loops or one != other):
                matched.setdefault((one, other), set()).add(n)
    plain = [(*pair, len(found)) for pair, found in sorted(matched.items()) if len(found) >= least]
    assert found.rows() == plain
