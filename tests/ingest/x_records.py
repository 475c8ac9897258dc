"""Records of X API v1.1 for tests: a test says only what it is about."""

from __future__ import annotations

import gzip
import random
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import orjson

NOON = datetime(2024, 3, 4, 12, 0, tzinfo=UTC)
Json = dict[str, Any]


def clock(minute: float) -> str:
    """That many minutes after noon, as X writes it."""
    return (NOON + timedelta(minutes=minute)).strftime("%a %b %d %H:%M:%S +0000 %Y")


def ms(minute: float) -> int:
    """The same in epoch milliseconds."""
    return int((NOON + timedelta(minutes=minute)).timestamp()) * 1000


def user(number: int, **fields: Any) -> Json:
    """An account; its handle is `acct` and its number."""
    return {
        "id_str": str(number),
        "screen_name": f"acct{number}",
        "created_at": "Mon Jan 06 08:00:00 +0000 2020",
        "followers_count": 10 * number,
        "friends_count": number,
        "statuses_count": 100,
        "verified": False,
        **fields,
    }


def record(
    number: int, text: str = "hello", *, by: int = 1, minute: float = 0, **more: Any
) -> Json:
    """A post. `symbols`, `hashtags`, `urls` and `names` (account numbers) fill its entities."""
    entities = {
        "symbols": [{"text": one} for one in more.pop("symbols", ())],
        "hashtags": [{"text": one} for one in more.pop("hashtags", ())],
        "urls": [{"url": "http://t.co/x", "expanded_url": one} for one in more.pop("urls", ())],
        "user_mentions": [
            {"id_str": str(one), "screen_name": f"acct{one}"} for one in more.pop("names", ())
        ],
    }
    return {
        "created_at": clock(minute),
        "id": number,
        "id_str": str(number),
        "text": text,
        "source": '<a href="http://example.com/app" rel="nofollow">Web App</a>',
        "lang": "en",
        "user": more.pop("user", None) or user(by),
        "entities": more.pop("entities", entities),
        **more,
    }


def repost(number: int, original: Json, *, by: int, minute: float, **more: Any) -> Json:
    """A post that repeats another, which it holds."""
    text = f"RT @acct: {original.get('text', '')}"
    return record(number, text, by=by, minute=minute, retweeted_status=original, **more)


def write(path: Path, records: Iterable[Json | bytes]) -> Path:
    """One record a line; packed where the name ends in .gz. Bytes stand as they are."""
    lines = (one if isinstance(one, bytes) else orjson.dumps(one) for one in records)
    text = b"\n".join(lines) + b"\n"
    path.write_bytes(gzip.compress(text, mtime=0) if path.suffix == ".gz" else text)
    return path


def crowd(posts: int = 200, seed: int = 1) -> list[Json]:
    """A mixed crowd: posts, reposts with originals inside, quotes, replies, names, links, profiles
    that change within a second, originals that also stand alone."""
    dice = random.Random(seed)
    made: list[Json] = []
    for number in range(1, posts + 1):
        minute = number // 3 + dice.randrange(3) / 60
        who = user(dice.randrange(1, 20), followers_count=number, statuses_count=number)
        made.append(_one(dice, 1_000 + number, minute, who, made))
    return made


def _one(dice: random.Random, number: int, minute: float, who: Json, made: list[Json]) -> Json:
    kind = dice.choice("ppprrqax")
    if kind == "p" or not made:
        return record(
            number,
            f"thoughts {dice.randrange(9)} on $ACME",
            user=who,
            minute=minute,
            symbols=dice.sample(["ACME", "BETA", "T", "LOVE"], 2),
            hashtags=["News"],
            urls=[f"http://www.example.com/{dice.randrange(9)}?utm_source=x"],
            names=dice.sample(range(1, 30), 2),
        )
    if kind == "a":
        return record(number, "answer", user=who, minute=minute, in_reply_to_status_id_str="77")
    old = dice.choice(made) if kind == "r" else record(number + 5_000, "unseen", by=40, minute=-9)
    old = old.get("retweeted_status", old) if kind == "r" else old
    if kind == "q":
        return record(number, "look", user=who, minute=minute, quoted_status=old)
    seen = {**old["user"], "followers_count": dice.randrange(99)}
    return repost(number, {**old, "user": seen}, by=2, minute=minute)
