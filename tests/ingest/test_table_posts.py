"""Rows of a toolkit table as posts: what each row says, whole columns at once."""

from __future__ import annotations

import re
from dataclasses import fields

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.detection.observed import Observed, from_values
from graph.model import Post
from graph.text import normal, text_key
from ingest import links, tickers
from ingest.table_posts import observed
from tests.ingest.test_table_acts import rows

NAMES = {"ann": "Ann_1", "bob": "bob", "eve": ""}
PIECES = (
    "$ACME $brk.b $LOVE $5k $$ $SHOP.TO. #Moon #ÉTÉ ##x x#y @ann_1 @BOB @nobody ann@bob.example"
)
TEXT = st.lists(
    st.sampled_from(
        [*"aé .,;:!/\n\u2003\x1c#", *PIECES.split(" "), "RT @bob: "],
    ),
    max_size=9,
).map("".join)
ROW = st.fixed_dictionaries(
    {
        "user_id": st.sampled_from(sorted(NAMES)),
        "message": TEXT,
        "urls": st.sampled_from(("", "a.example", "http://www.a.example/ b.example", "mailto:x")),
        "repost_id": st.sampled_from(("", "m0", "9")),
        "reply_id": st.sampled_from(("", "m1")),
        "at": st.integers(0, 5),
    }
)


def one_by_one(table: pl.DataFrame) -> Observed:
    """The same, a row at a time."""
    known = {name.casefold(): account for account, name in NAMES.items() if name}
    return from_values(
        [
            Post(
                id=row["message_id"],
                account_id=row["user_id"],
                at=row["at"],
                known_at=row["at"],
                text=row["message"],
                platform="",
                tickers=tickers.in_text(row["message"]),
                hashtags=tickers.distinct(
                    tag.casefold() for tag in re.findall(r"(?<!\w)#(\w+)", row["message"])
                ),
                mentions=tickers.distinct(
                    known.get(name.casefold(), f"@{name.casefold()}")
                    for name in re.findall(r"(?<!\w)@(\w+)", row["message"])
                ),
                links=tickers.distinct(links.normal(address) for address in row["urls"].split()),
                repost_of=row["repost_id"] or None,
                reply_to=row["reply_id"] or None,
            )
            for row in table.iter_rows(named=True)
        ],
        (),
        as_of=2**62,
    )


@settings(deadline=None, max_examples=200)
@given(st.lists(ROW, min_size=1, max_size=12))
def test_columns_say_what_rows_say(some: list[dict[str, object]]) -> None:
    table = rows(*({**row, "username": NAMES[str(row["user_id"])]} for row in some))
    expected, found = one_by_one(table), observed(table)
    assert found.posts["text_id"].to_list() == [normal(text) for text in found.posts["text"]]
    keys = pl.Series("text_id", [text_key(text) for text in found.posts["text"]], pl.String)
    assert found.posts.with_columns(keys).equals(expected.posts)
    known = {row["username"].casefold() for row in table.iter_rows(named=True)}
    if {"ann_1", "bob"} <= known:
        assert found.mentioned.equals(expected.mentioned)
    apart = {"posts", "as_of", "mentioned", "namers"}
    for name in {one.name for one in fields(Observed)} - apart:
        assert getattr(found, name).equals(getattr(expected, name)), name
        assert getattr(found, name).schema == getattr(expected, name).schema, name


def test_a_name_stands_for_the_account_that_bears_it() -> None:
    table = rows(
        {"user_id": "7", "username": "@Ann", "message": "@bob and @carl"},
        {"user_id": "8", "username": "bob", "message": "hello @ANN, @ann"},
        {"user_id": "9", "username": "BOB", "message": "mail carl@ann"},
    )
    assert observed(table).mentioned.rows() == [("m0", "8"), ("m0", "@carl"), ("m1", "7")]


def test_a_row_becomes_a_post() -> None:
    row = {"message": "Buy $ACME #Moon now", "urls": "a.example", "repost_id": "9", "at": 7}
    found = observed(rows(row))
    assert found.posts.row(0, named=True) == {
        "post": "m0",
        "account": "ann",
        "at": 7,
        "text": "Buy $ACME #Moon now",
        "text_id": "buy $acme #moon now",
        "repost_of": "9",
        "client": None,
        "reply_to": None,
        "quote_of": None,
    }
    assert found.named.rows() == [("m0", "ACME")]
    assert found.hashtags.rows() == [("m0", "moon", 0)]
    assert found.linked.rows() == [("m0", "https://a.example")]
