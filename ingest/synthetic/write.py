"""A planted market as files of real formats, read like everything else; the truth lies beside them.

Same market, same bytes.
"""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from graph.model import Account, Bar, Millis, Post
from ingest.synthetic.market import Planted

POSTS_FILE = "posts.jsonl.gz"
BARS_FILE = "bars.csv"
TRUTH_FILE = "truth.json"

_SHORT_LINK = re.compile(r"https://t\.co/\w+")
_SYMBOL = re.compile(r"\$([A-Z]{2,6})\b")
_HASHTAG = re.compile(r"#(\w+)")
_MENTION = re.compile(r"@(\w+)")
_COLUMNS = "Date,Open,High,Low,Close,Adj Close,Volume,Symbol"

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ["-", "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

Record = dict[str, Any]


def write_files(planted: Planted, folder: Path) -> list[Path]:
    """Writes posts (X API v1.1, a record a line, gz), bars (Yahoo CSV) and truth.json; their paths.

    Only the first two are input. Makes the folder if need be and replaces files of these names.
    """
    folder.mkdir(parents=True, exist_ok=True)
    posts, bars, truth = (folder / name for name in (POSTS_FILE, BARS_FILE, TRUTH_FILE))
    lines = "".join(line + "\n" for line in post_lines(planted))
    posts.write_bytes(gzip.compress(lines.encode(), compresslevel=6, mtime=0))
    bars.write_bytes("".join(line + "\n" for line in bar_lines(planted.bars)).encode())
    truth.write_bytes(planted.truth.to_json().encode())
    return [posts, bars, truth]


def post_lines(planted: Planted) -> Iterator[str]:
    """The posts as X API v1.1 records, in order of time."""
    accounts = {account.id: account for account in planted.accounts}
    posts = {post.id: post for post in planted.posts}
    for post in planted.posts:
        record = _record(post, accounts, posts)
        yield json.dumps(record, ensure_ascii=False, separators=(",", ":"))


def bar_lines(bars: list[Bar]) -> Iterator[str]:
    """The bars as Yahoo writes them, with a Symbol column."""
    yield _COLUMNS
    for bar in bars:
        prices = (bar.open, bar.high, bar.low, bar.close, bar.adj_close, bar.volume)
        yield ",".join([_time(bar.at).strftime("%Y-%m-%d"), *map(repr, prices), bar.ticker])


def _record(post: Post, accounts: Mapping[str, Account], posts: Mapping[str, Post]) -> Record:
    record = _plain(post, accounts)
    if post.repost_of is not None:
        record["retweeted_status"] = _plain(posts[post.repost_of], accounts)
    if post.quote_of is not None:
        record["is_quote_status"] = True
        record |= _reference("quoted_status", post.quote_of)
        record["quoted_status"] = _plain(posts[post.quote_of], accounts)
    if post.reply_to is not None:
        record |= _answered(posts[post.reply_to], accounts)
    return record


def _plain(post: Post, accounts: Mapping[str, Account]) -> Record:
    """A record without what it refers to."""
    return {
        "created_at": _stamp(post.at),
        "id": int(_bare(post.id)),
        "id_str": _bare(post.id),
        "text": post.text,
        "source": f'<a href="https://client.example" rel="nofollow">{post.client}</a>',
        "truncated": False,
        "in_reply_to_status_id": None,
        "in_reply_to_status_id_str": None,
        "in_reply_to_user_id": None,
        "in_reply_to_user_id_str": None,
        "in_reply_to_screen_name": None,
        "user": _user(accounts[post.account_id]),
        "is_quote_status": False,
        "retweet_count": 0,
        "favorite_count": 0,
        "entities": _entities(post, accounts),
        "favorited": False,
        "retweeted": False,
        "lang": post.lang,
    }


def _user(account: Account) -> Record:
    return {
        "id": int(_bare(account.id)),
        "id_str": _bare(account.id),
        "name": account.handle,
        "screen_name": account.handle,
        "protected": False,
        "followers_count": account.followers,
        "friends_count": account.following,
        "created_at": _stamp(account.created_at) if account.created_at is not None else None,
        "verified": account.verified,
        "statuses_count": account.posts_count,
    }


def _entities(post: Post, accounts: Mapping[str, Account]) -> Record:
    shorts = list(_SHORT_LINK.finditer(post.text))
    ids = {accounts[one].handle: one for one in post.mentions}
    named = [found for found in _MENTION.finditer(post.text) if found[1] in ids]
    return {
        "hashtags": [_entity(found) for found in _HASHTAG.finditer(post.text)],
        "symbols": [_entity(found) for found in _SYMBOL.finditer(post.text)],
        "urls": [
            {"url": found[0], "expanded_url": link, "indices": list(found.span())}
            for found, link in zip(shorts, post.links, strict=True)
        ],
        "user_mentions": [
            {"screen_name": found[1], "indices": list(found.span())}
            | {"id": int(_bare(ids[found[1]])), "id_str": _bare(ids[found[1]])}
            for found in named
        ],
    }


def _entity(found: re.Match[str]) -> Record:
    return {"text": found[1], "indices": list(found.span())}


def _answered(original: Post, accounts: Mapping[str, Account]) -> Record:
    author = accounts[original.account_id]
    return {
        **_reference("in_reply_to_status", original.id),
        **_reference("in_reply_to_user", author.id),
        "in_reply_to_screen_name": author.handle,
    }


def _reference(name: str, key: str) -> Record:
    return {f"{name}_id": int(_bare(key)), f"{name}_id_str": _bare(key)}


def _bare(key: str) -> str:
    return key.removeprefix("x:")


def _time(at: Millis) -> datetime:
    return datetime.fromtimestamp(at / 1000, UTC)


def _stamp(at: Millis) -> str:
    # The names of days and months are the platform's, whatever the language of this machine.
    moment = _time(at)
    day = _DAYS[moment.weekday()]
    month = _MONTHS[moment.month]
    return f"{day} {month} {moment:%d %H:%M:%S} +0000 {moment.year}"
