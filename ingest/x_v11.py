"""Posts as X API v1.1 gives them, one JSON object a line.

A record holds a post, perhaps the original that it repeats and the post that it quotes, each with
its author's profile as seen at that moment. `known_at` of the record's own post is its time; a post
that stands only inside another is known when the outermost one was made. Times are those of
`created_at` (whole seconds): `timestamp_ms` is only on some records and never on the posts inside,
and one post must have one time wherever it is read. Ids are read from the `_str` fields, because
they pass 2^53.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

import orjson

from graph.errors import BadRecord
from graph.model import Account, Millis, Post
from ingest import links, tickers
from ingest.lines import numbered
from ingest.record import Record
from ingest.rejects import Reject

PLATFORM = "x"
EXPECTED = "one JSON object a line with created_at, id_str, text or full_text, and user"
_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec"
MONTHS = {name: number for number, name in enumerate(_MONTHS.split(), 1)}
LARGEST = 2**63 - 1  # what both stores can hold
X_MARKS = 6  # letters of the longest symbol that X marks up
_TIME = re.compile(r"\w{3} (\w{3}) (\d\d) (\d\d):(\d\d):(\d\d) ([+-])(\d\d)(\d\d) (\d{4})")
_TAG = re.compile(r"<[^>]*>")

Json = Mapping[str, Any]


def looks_like(line: bytes) -> bool:
    """Is this line a post of this shape?"""
    try:
        found = orjson.loads(line)
    except orjson.JSONDecodeError:
        return False
    return isinstance(found, dict) and {"created_at", "user"} <= found.keys() and _has_text(found)


def read(path: Path, known: frozenset[str] = tickers.NO_TICKERS) -> Iterator[Record | Reject]:
    """The file's records, and a reject for each line that is none; .gz is read as well.

    `known` are tickers that are stocks even where they look like slang. Raises SourceRefused, after
    every whole line before it, for a damaged file, SourceUnavailable for one that cannot be opened.
    """
    for number, line in numbered(Path(path)):
        try:
            yield record(line, known)
        except BadRecord as error:
            yield Reject(Path(path).name, number, str(error), line.decode("utf-8", "replace"))


def record(line: bytes, known: frozenset[str] = tickers.NO_TICKERS) -> Record:
    """What one line holds. Raises BadRecord with the reason."""
    try:
        found = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        raise BadRecord(f"is not JSON: {error}") from None
    if not isinstance(found, dict):
        raise BadRecord(f"is not a JSON object but {type(found).__name__}")
    try:
        statuses = list(_nested(found))
        seen = max(_time(status, "created_at") for status in statuses[:1])
        posts = tuple(_post(status, seen, known) for status in statuses)
        people = [_profile(status["user"], seen) for status in statuses]
        named = [stub for status in statuses for stub in _named(status, seen)]
    except (AttributeError, TypeError) as error:  # a text where an object should be, or the like
        raise BadRecord(f"has a field of another type than expected: {error}") from None
    return Record(posts, (*people, *named))


def _nested(status: Json) -> Iterator[Json]:
    """The post, then those inside it, outermost first. Raises BadRecord for one without a user."""
    if not isinstance(status.get("user"), dict):
        raise BadRecord("has no user" if "created_at" in status else "is no post: no created_at")
    yield status
    for key in ("retweeted_status", "quoted_status"):
        if inner := status.get(key):
            yield from _nested(inner)


def _post(status: Json, seen: Millis, known: frozenset[str]) -> Post:
    at = _time(status, "created_at")
    entities = _entities(status)
    text = _text(status)
    repost_of = _inner_id(status, "retweeted_status")
    return Post(
        id=_id(status, "id"),
        account_id=_id(status["user"], "id"),
        at=at,
        known_at=max(at, seen),
        text=text,
        platform=PLATFORM,
        lang=_word(status.get("lang")),
        client=_client(status.get("source")),
        tickers=_tickers(entities, text, known),
        hashtags=_hashtags(entities),
        links=_links(entities),
        mentions=tuple(dict.fromkeys(key for key, _ in _mentioned(entities))),
        repost_of=repost_of,
        # X copies the quote of a repeated post onto the repost; it is the original that quotes.
        quote_of=None if repost_of else _inner_id(status, "quoted_status"),
        reply_to=_optional_id(status, "in_reply_to_status_id"),
    )


def _profile(user: Json, seen: Millis) -> Account:
    verified = user.get("verified")
    return Account(
        id=_id(user, "id"),
        platform=PLATFORM,
        known_at=seen,
        handle=_word(user.get("screen_name")),
        created_at=_time(user, "created_at") if user.get("created_at") else None,
        followers=_count(user.get("followers_count")),
        following=_count(user.get("friends_count")),
        posts_count=_count(user.get("statuses_count")),
        verified=verified if isinstance(verified, bool) else None,
    )


def _named(status: Json, seen: Millis) -> Iterator[Account]:
    """Accounts that a post only names: stubs."""
    for key, handle in _mentioned(_entities(status)):
        yield Account(id=key, platform=PLATFORM, known_at=seen, handle=handle)


def _mentioned(entities: Json) -> Iterator[tuple[str, str | None]]:
    for mention in _listed(entities, "user_mentions"):
        if key := _optional_id(mention, "id"):  # X gives no id where the account is gone
            yield key, _word(mention.get("screen_name"))


def _text(status: Json) -> str:
    extended = status.get("extended_tweet") or {}
    text = extended.get("full_text") or status.get("full_text") or status.get("text")
    if not isinstance(text, str):
        raise BadRecord("has no text")
    # X escapes these three and no others; & last, or "&amp;lt;" would lose what was typed.
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _has_text(status: Json) -> bool:
    return bool({"text", "full_text", "extended_tweet"} & status.keys())


def _entities(status: Json) -> Json:
    found = (status.get("extended_tweet") or {}).get("entities") or status.get("entities") or {}
    return found if isinstance(found, dict) else {}


def _listed(entities: Json, key: str) -> Sequence[Json]:
    return entities.get(key) or ()


def _tickers(entities: Json, text: str, known: frozenset[str]) -> tuple[str, ...]:
    if "symbols" not in entities:
        return tickers.in_text(text, known)
    given = (symbol.get("text") for symbol in _listed(entities, "symbols"))
    marked = (tickers.ticker(one, known) for one in given if one)
    # X marks up six letters at most; exchanges outside America have longer symbols.
    longer = (one for one in tickers.in_text(text, known) if len(one.partition(".")[0]) > X_MARKS)
    return tickers.distinct((*marked, *longer))


def _hashtags(entities: Json) -> tuple[str, ...]:
    given = (tag.get("text") for tag in _listed(entities, "hashtags"))
    return tickers.distinct(one.casefold() for one in given if one)


def _links(entities: Json) -> tuple[str, ...]:
    given = (url.get("expanded_url") or url.get("url") for url in _listed(entities, "urls"))
    return tickers.distinct(links.normal(one) for one in given if one)


@lru_cache(maxsize=10_000)
def _client(source: str | None) -> str | None:
    """`<a href="…">Web App</a>` is Web App."""
    return _TAG.sub("", source).strip() or None if source else None


def _inner_id(status: Json, key: str) -> str | None:
    inner = status.get(key)
    return _id(inner, "id") if inner else _optional_id(status, f"{key}_id")


def _id(status: Json, key: str) -> str:
    if found := _optional_id(status, key):
        return found
    raise BadRecord(f"has no {key}_str")


def _optional_id(status: Json, key: str) -> str | None:
    found = status.get(f"{key}_str") or status.get(key)
    text = str(found) if isinstance(found, str | int) and not isinstance(found, bool) else ""
    return f"{PLATFORM}:{text}" if text.isascii() and text.isdigit() and text != "0" else None


def _word(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None


def _count(value: Any) -> int | None:
    whole = isinstance(value, int) and not isinstance(value, bool)
    return value if whole and 0 <= value <= LARGEST else None


def _time(status: Json, key: str) -> Millis:
    value = status.get(key)
    if not isinstance(value, str):
        raise BadRecord(f"has no {key}")
    return millis(value)


@lru_cache(maxsize=200_000)
def millis(text: str) -> Millis:
    """`Mon Mar 07 11:50:00 +0000 2016` as epoch milliseconds. Raises BadRecord."""
    match = _TIME.fullmatch(text)
    try:
        if match is None:
            raise ValueError
        month, day, hour, minute, second, sign, ahead, more, year = match.groups()
        local = datetime(
            int(year), MONTHS[month], int(day), int(hour), int(minute), min(int(second), 59),
            tzinfo=UTC,
        )  # fmt: skip
    except (ValueError, KeyError):
        raise BadRecord(
            f"created_at {text!r} is not written like Mon Mar 07 11:50:00 +0000 2016"
        ) from None
    offset = timedelta(hours=int(ahead), minutes=int(more)) * (1 if sign == "+" else -1)
    return int((local - offset).timestamp()) * 1000
