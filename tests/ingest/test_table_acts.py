"""Acts out of tables: the same normal forms as everywhere, whole columns at once."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.text import normal, words
from ingest import links
from ingest.table_acts import TRACES, addresses, once, same_text

EMPTY = {"username": "", "repost_id": "", "reply_id": "", "message": "", "urls": "", "at": 0}
ADDRESS = st.from_regex(
    r"(https?://|HTTP://|ftp:|//)?(www\.){0,2}[a-zA-Z0-9_.-]{0,8}(\.example|:80|@b)?"
    r"(/[ -~é]{0,6}){0,2}(\?utm_x=1|\?b=2|#c)?",
    fullmatch=True,
)


def rows(*some: dict[str, object]) -> pl.DataFrame:
    """Toolkit rows; each says only what it is about, and has an id of its own."""
    full = [{"message_id": f"m{n}", "user_id": "ann", **EMPTY, **row} for n, row in enumerate(some)]
    return pl.DataFrame(full)


def objects(trace: str, *some: dict[str, object]) -> list[tuple[str, str]]:
    acts = TRACES["toolkit"][trace].acts(rows(*some))
    assert set(acts.columns) == {"post", "account", "at", "object"}
    return sorted(acts.select("post", "object").rows())


@settings(deadline=None, max_examples=300)
@given(st.lists(ADDRESS, max_size=8))
def test_addresses_have_the_one_normal_form(written: list[str]) -> None:
    found = addresses(pl.Series(written, dtype=pl.String))
    assert found.to_list() == [links.normal(address) for address in written]


def test_links_of_own_posts_each_once() -> None:
    found = objects(
        "co_link",
        {"urls": "http://www.a.example/x/ https://a.example/x"},
        {"urls": "https://a.example/x  b.example"},
        {"urls": "mailto:ann@a.example"},
        {"urls": ""},
        {"urls": "https://a.example/x", "repost_id": "m0"},
    )
    assert found == [
        ("m0", "https://a.example/x"),
        ("m1", "https://a.example/x"),
        ("m1", "https://b.example"),
    ]


def test_links_that_are_normal_already_stay() -> None:
    assert objects("co_link", {"urls": "https://a.example/x"}) == [("m0", "https://a.example/x")]


@pytest.mark.parametrize(
    "text", ["One two, THREE four five six", "één twee drie vier vijf zes @ann"]
)
def test_texts_have_the_one_normal_form(text: str) -> None:
    assert objects("same_text", {"message": text}) == [("m0", normal(text))]


@settings(deadline=None)
@given(st.lists(st.text("ab @#$.'é", max_size=30), max_size=6))
def test_only_texts_of_enough_words_count(texts: list[str]) -> None:
    found = same_text(rows(*({"message": t} for t in texts))) if texts else None
    expected = [(f"m{n}", normal(t)) for n, t in enumerate(texts) if len(set(words(t))) >= 6]
    assert sorted(found.select("post", "object").rows() if found is not None else []) == expected


def test_reposts_and_replies_have_what_they_answer_as_their_object() -> None:
    some = ({"repost_id": "9", "reply_id": "8"}, {"reply_id": "7"}, {})
    assert objects("co_repost", *some) == [("m0", "9")]
    assert objects("co_reply", *some) == [("m1", "7")]


def test_the_earliest_sight_of_a_message_counts_whatever_the_order() -> None:
    made = rows({"at": 5, "urls": "late"}, {"at": 3, "urls": "early"}, {"at": 4})
    made = made.with_columns(message_id=pl.Series(["m", "m", "n"]))
    for order in (made, made.reverse()):
        found = once(order).sort("message_id")
        assert found.select("message_id", "at", "urls").rows() == [("m", 3, "early"), ("n", 4, "")]
    assert once(made[1:]).equals(made[1:])
