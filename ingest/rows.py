"""From values to the rows of the statements under cypher/ingest/, each thing once a load.

What was already sent in this load is remembered, so that a stock named by thousands of posts or an
original repeated by hundreds goes to the store once. The memory only saves work: every statement
may meet the same row again. It is bounded by `FORGET_AT`; past that, a thing may be counted twice.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from graph.model import Account, Post
from graph.text import text_key
from ingest.links import domain
from ingest.record import Record

FORGET_AT = 2_000_000

# In the order of writing: a node before the edges that end in it.
STATEMENTS = (
    "accounts",
    "account_stubs",
    "posts",
    "post_stubs",
    "stocks",
    "links",
    "posted",
    "mentions",
    "mentions_account",
    "links_to",
    "reposts",
    "quotes",
    "replies",
)
# Statement, its second column, and where a post has it.
EDGES = (
    ("posted", "account_id", "account_id"),
    ("mentions", "ticker", "tickers"),
    ("mentions_account", "account_id", "mentions"),
    ("links_to", "link", "links"),
    ("reposts", "target_id", "repost_of"),
    ("quotes", "target_id", "quote_of"),
    ("replies", "target_id", "reply_to"),
)
REFERENCES = ("repost_of", "quote_of", "reply_to")

Batch = dict[str, list[dict[str, Any]]]


@dataclass(slots=True)
class Best:
    """The best value of each key sent so far, by rank."""

    ranks: dict[str, tuple[Any, ...]] = field(default_factory=dict)
    count: int = 0

    def better(self, key: str, rank: tuple[Any, ...]) -> bool:
        """Is this better than what was sent? Then it is what was sent from now on."""
        known = self.ranks.get(key)
        if known is not None and known >= rank:
            return False
        if known is None:
            self.count += 1
        self.ranks[key] = rank
        return True

    def forget(self) -> None:
        """Starts anew where it holds too much."""
        if len(self.ranks) >= FORGET_AT:
            self.ranks.clear()


@dataclass(slots=True)
class Once:
    """What was sent so far."""

    seen: set[Hashable] = field(default_factory=set)
    count: int = 0

    def first(self, key: Hashable) -> bool:
        """Is this the first time?"""
        if key in self.seen:
            return False
        self.seen.add(key)
        self.count += 1
        return True

    def forget(self) -> None:
        """Starts anew where it holds too much."""
        if len(self.seen) >= FORGET_AT:
            self.seen.clear()


class Rows:
    """Makes batches of rows and remembers what they held."""

    def __init__(self) -> None:
        self.profiles = Best()
        self.stubs = Best()
        self.posts = Best()
        self.once = {name: Once() for name in STATEMENTS}

    def batch(self, records: Iterable[Record]) -> Batch:
        """Rows a statement, without what this load already sent; no row twice in a batch."""
        memories: tuple[Best | Once, ...] = (self.profiles, self.stubs, self.posts)
        for memory in (*memories, *self.once.values()):
            memory.forget()  # between batches only: within one, the last of an id is its best
        posts, people = _apart(records)
        sent = [p for p in posts if self.posts.better(p.id, _post_rank(p))]
        batch: Batch = {name: [] for name in STATEMENTS}
        batch["accounts"] = _latest(_profile(a) for a in people if self._is_newer_profile(a))
        batch["account_stubs"] = _latest(_stub(a) for a in people if self._is_newer_stub(a))
        batch["posts"] = _latest(_post(p) for p in sent)
        for post in posts:
            self._add_ends(post, batch)
            self._add_edges(post, batch)
        batch["post_stubs"] = [{"id": key} for key in self._unknown_targets(posts)]
        return batch

    @property
    def stub_accounts(self) -> int:
        """Accounts that were named and never seen with a profile."""
        return len(self.stubs.ranks.keys() - self.profiles.ranks.keys())

    @property
    def stub_posts(self) -> int:
        """Posts that were referred to and never seen."""
        return len(self.once["post_stubs"].seen - self.posts.ranks.keys())

    def _is_newer_profile(self, account: Account) -> bool:
        return not is_stub(account) and self.profiles.better(account.id, _profile_rank(account))

    def _is_newer_stub(self, account: Account) -> bool:
        if not is_stub(account) or account.id in self.profiles.ranks:
            return False
        return self.stubs.better(account.id, (-account.known_at, account.handle or ""))

    def _add_ends(self, post: Post, batch: Batch) -> None:
        for key in post.tickers:
            if self.once["stocks"].first(key):
                batch["stocks"].append({"id": key})
        for key in post.links:
            if self.once["links"].first(key):
                batch["links"].append({"id": key, "domain": domain(key)})

    def _add_edges(self, post: Post, batch: Batch) -> None:
        for statement, column, attribute in EDGES:
            for other in _each(getattr(post, attribute)):
                if self.once[statement].first((post.id, other)):
                    batch[statement].append({"post_id": post.id, column: other})

    def _unknown_targets(self, posts: Iterable[Post]) -> Iterator[str]:
        for post in posts:
            for name in REFERENCES:
                target = getattr(post, name)
                if (
                    target
                    and target not in self.posts.ranks
                    and self.once["post_stubs"].first(target)
                ):
                    yield target


def is_stub(account: Account) -> bool:
    """Is nothing known of it but its id and perhaps its handle?"""
    known = (account.created_at, account.followers, account.following, account.posts_count)
    return account.verified is None and all(value is None for value in known)


def _apart(records: Iterable[Record]) -> tuple[list[Post], list[Account]]:
    posts: list[Post] = []
    people: list[Account] = []
    for record in records:
        posts.extend(record.posts)
        people.extend(record.accounts)
    return posts, people


def _latest(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """One row an id: the last one, which is the best."""
    return list({row["id"]: row for row in rows}.values())


def _each(value: str | tuple[str, ...] | None) -> tuple[str, ...]:
    if value is None:
        return ()
    return (value,) if isinstance(value, str) else value


# The ranks say in Python what the WHERE of posts.cypher, accounts.cypher and account_stubs.cypher
# says in Cypher: they must not depend on the order of arrival, so ties go on to the next value.


_text_key = lru_cache(maxsize=20_000)(text_key)  # asked for the rank, then for the row


def _post_rank(post: Post) -> tuple[Any, ...]:
    return (-post.known_at, _text_key(post.text), post.client or "")


def _profile_rank(account: Account) -> tuple[Any, ...]:
    counts = (account.posts_count, account.followers, account.following)
    return (account.known_at, *(-1 if one is None else one for one in counts))


def _post(post: Post) -> dict[str, Any]:
    return {
        "id": post.id,
        "account_id": post.account_id,
        "platform": post.platform,
        "at": post.at,
        "known_at": post.known_at,
        "text": post.text,
        "text_id": _text_key(post.text),
        "lang": post.lang,
        "client": post.client,
        "hashtags": list(post.hashtags),
    }


def _stub(account: Account) -> dict[str, Any]:
    return {
        "id": account.id,
        "platform": account.platform,
        "handle": account.handle,
        "known_at": account.known_at,
    }


def _profile(account: Account) -> dict[str, Any]:
    return {
        **_stub(account),
        "created_at": account.created_at,
        "followers": account.followers,
        "following": account.following,
        "posts_count": account.posts_count,
        "verified": account.verified,
    }
