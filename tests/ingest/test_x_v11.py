"""What a record of X API v1.1 becomes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson
import pytest

from graph.errors import BadRecord
from ingest import x_v11
from ingest.record import Record
from ingest.rejects import Reject
from tests.ingest.x_records import clock, ms, record, repost, user, write


def parsed(one: dict[str, Any]) -> Record:
    return x_v11.record(orjson.dumps(one))


def test_a_post() -> None:
    post = parsed(
        record(
            9_007_199_254_740_993,
            "go $ACME &amp; co &lt;3",
            minute=5,
            symbols=["acme", "LOVE"],
            hashtags=["Stocks"],
            urls=["http://www.example.com/a/?utm_source=x"],
            names=[2, 2, 3],
        )
    ).posts[0]
    assert (post.id, post.account_id) == ("x:9007199254740993", "x:1")
    assert (post.at, post.known_at) == (ms(5), ms(5))
    assert post.text == "go $ACME & co <3"
    assert post.tickers == ("ACME",)
    assert post.hashtags == ("stocks",)
    assert post.links == ("https://example.com/a",)
    assert post.mentions == ("x:2", "x:3")
    assert (post.lang, post.client, post.platform) == ("en", "Web App", "x")
    assert (post.repost_of, post.quote_of, post.reply_to) == (None, None, None)


def test_the_author_and_the_named() -> None:
    found = parsed(record(1, by=7, minute=2, names=[8])).accounts
    assert [a.id for a in found] == ["x:7", "x:8"]
    author, named = found
    assert (author.handle, author.followers, author.following) == ("acct7", 70, 7)
    assert (author.known_at, author.verified) == (ms(2), False)
    assert (named.handle, named.followers, named.known_at) == ("acct8", None, ms(2))


def test_an_original_is_known_when_it_was_repeated() -> None:
    found = parsed(repost(2, record(1, "old", by=3, minute=1), by=4, minute=60, symbols=["ACME"]))
    again, original = found.posts
    assert again.repost_of == original.id == "x:1"
    assert again.tickers == ("ACME",)
    assert (original.at, original.known_at) == (ms(1), ms(60))
    assert [a.known_at for a in found.accounts] == [ms(60), ms(60)]


def test_the_original_quotes_and_its_repost_does_not() -> None:
    quoted = record(1, minute=0)
    quoting = record(2, minute=1, quoted_status=quoted, quoted_status_id_str="1")
    posts = parsed(repost(3, quoting, by=5, minute=2, quoted_status=quoted)).posts
    by_id = {post.id: post for post in posts}
    assert by_id["x:2"].quote_of == "x:1"
    assert by_id["x:3"].quote_of is None
    assert by_id["x:1"].known_at == ms(2)


def test_a_quote_and_a_reply_by_id_only() -> None:
    post = parsed(record(3, quoted_status_id_str="1", in_reply_to_status_id_str="2")).posts[0]
    assert (post.quote_of, post.reply_to) == ("x:1", "x:2")


def test_a_long_text_stands_in_extended_tweet() -> None:
    whole = {"full_text": "all of it $ACME", "entities": {"symbols": [{"text": "ACME"}]}}
    post = parsed(record(1, "all of…", truncated=True, extended_tweet=whole)).posts[0]
    assert (post.text, post.tickers) == ("all of it $ACME", ("ACME",))


def test_tickers_come_from_the_text_where_none_are_marked() -> None:
    assert parsed(record(1, "$ACME A$AP $5k", entities={})).posts[0].tickers == ("ACME",)


def test_numbers_stand_in_for_missing_id_texts() -> None:
    one = record(12)
    del one["id_str"]
    assert parsed(one).posts[0].id == "x:12"


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"{", "is not JSON"),
        (b"[1]", "is not a JSON object but list"),
        (b'{"delete": {}}', "is no post"),
        (orjson.dumps({**record(1), "created_at": "yesterday"}), "created_at 'yesterday'"),
        (orjson.dumps({**record(1), "text": None}), "has no text"),
        (orjson.dumps({**record(1), "id": None, "id_str": None}), "has no id_str"),
        (orjson.dumps({**record(1), "user": 5}), "has no user"),
        (orjson.dumps({**record(1), "user": {"screen_name": "x"}}), "has no id_str"),
        (orjson.dumps({**record(1), "retweeted_status": {"text": "x"}}), "is no post"),
        (orjson.dumps({**record(1), "retweeted_status": [1]}), "another type"),
        (orjson.dumps({**record(1), "entities": {"symbols": [1]}}), "another type"),
        (orjson.dumps({**record(1), "created_at": clock(0).replace("Mar", "Foo")}), "created_at"),
    ],
)
def test_a_bad_record_says_why(line: bytes, reason: str) -> None:
    with pytest.raises(BadRecord) as raised:
        x_v11.record(line)
    assert reason in str(raised.value)


@pytest.mark.parametrize("field", ["source", "lang", "entities", "extended_tweet", "user", "text"])
@pytest.mark.parametrize("value", [None, 1, "x", [], [1], {}, {"x": 1}, True, 1.5])
def test_no_value_anywhere_breaks_the_reader(field: str, value: Any) -> None:
    try:
        parsed({**record(1), field: value})
    except BadRecord:
        return


def test_counts_that_no_store_can_hold_are_left_out() -> None:
    who = user(1, followers_count=2**63, friends_count=-1, statuses_count=True)
    author = parsed(record(1, user=who)).accounts[0]
    assert (author.followers, author.following, author.posts_count) == (None, None, None)


def test_other_time_zones_and_leap_seconds() -> None:
    assert x_v11.millis("Mon Mar 04 13:00:00 +0100 2024") == ms(0)
    assert x_v11.millis("Mon Mar 04 12:00:60 +0000 2024") == ms(0) + 59_000


def test_a_bad_line_does_not_end_a_file(tmp_path: Path) -> None:
    path = write(tmp_path / "posts.jsonl.gz", [record(1), b"{broken", b"", record(2)])
    found = list(x_v11.read(path))
    assert [type(one) for one in found] == [Record, Reject, Record]
    bad = found[1]
    assert isinstance(bad, Reject)
    assert (bad.line, bad.record) == (2, "{broken")


def test_symbols_longer_than_x_marks_up_are_read_from_the_text() -> None:
    """Only six letters are in the entities; $LONGNAME is a stock where it is known to be one."""
    line = orjson.dumps(record(1, "$ACME $LONGNAME $OTHERNAME $TATAMOTORS.NS", symbols=["ACME"]))
    (post,) = x_v11.record(line, frozenset({"LONGNAME"})).posts
    assert post.tickers == ("ACME", "LONGNAME", "TATAMOTORS.NS")
    (unknown,) = x_v11.record(line).posts
    assert unknown.tickers == ("ACME", "TATAMOTORS.NS")
