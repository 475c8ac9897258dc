"""For each trace two accounts that do the same thing, and two that do not. One entry a trace.

`alike(gap)` is a pair whose acts lie `gap` milliseconds apart; `unlike` is a pair at the same time
that has nothing in common but that it posts. Texts are made up.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import polars as pl

from graph.detection.observed import IMAGES, Observed, from_values
from graph.model import Account, Post

T0 = 1_767_571_200_000  # 2026-01-05, 00:00 UTC
HOUR = 3_600_000
LATER = T0 + 365 * 24 * HOUR
LONG = "one two three four five six seven eight nine"


@dataclass(frozen=True)
class Case:
    """Posts, who wrote them, and the pictures in them."""

    posts: Sequence[Post]
    people: Sequence[Account] = ()
    images: Sequence[tuple[str, str]] = ()  # post id, hash

    def observed(self, as_of: int = LATER) -> Observed:
        """Frames of it; an author without a profile has a bare one."""
        known = {person.id for person in self.people}
        bare = sorted({p.account_id for p in self.posts} - known)
        people = [*self.people, *(Account(key, "x", 0) for key in bare)]
        shown = pl.DataFrame(list(self.images), schema=IMAGES, orient="row").sort("post")
        return replace(from_values(self.posts, people, as_of), images=shown)


@dataclass(frozen=True)
class Example:
    """What a trace must tell apart."""

    alike: Callable[[int], Case]
    unlike: Case


def wrote(who: str, at: int, text: str = "", **more: Any) -> Post:
    """A post of `who`; `at` is milliseconds after T0. One account has one post at one time."""
    key = f"x:{who}-{at}"
    return Post(key, f"x:{who}", T0 + at, T0 + at, text or f"{who} says this", "x", **more)


def pair(**same: Any) -> Callable[[int], Case]:
    """Ann and Bob each post once, with the same fields."""
    return lambda gap: Case([wrote("ann", 0, **same), wrote("bob", gap, **same)])


def apart(ann: dict[str, Any], bob: dict[str, Any]) -> Case:
    """Ann and Bob each post once, an hour and some apart from all round hours."""
    return Case([wrote("ann", 0, **ann), wrote("bob", 1_000, **bob)])


def reposted(ann: str, bob: str) -> Callable[[int], Case]:
    originals = [wrote("star", -HOUR), wrote("moon", -HOUR)]
    return lambda gap: Case(
        [*originals, wrote("ann", 0, repost_of=ann), wrote("bob", gap, repost_of=bob)]
    )


def pictured(ann: str, bob: str) -> Callable[[int], Case]:
    def made(gap: int) -> Case:
        case = pair()(gap)
        return replace(case, images=[(case.posts[0].id, ann), (case.posts[1].id, bob)])

    return made


def made_on(ann: str, bob: str) -> Callable[[int], Case]:
    """Accounts with these handles, made `gap` apart, each with one post."""

    def made(gap: int) -> Case:
        born = T0 - 999 * HOUR
        people = [
            Account("x:ann", "x", 0, ann, created_at=born),
            Account("x:bob", "x", 0, bob, created_at=born + gap),
        ]
        return Case([wrote("ann", 0), wrote("bob", 77 * HOUR)], people)

    return made


SAME_STOCK = {"tickers": ("ZORP",)}
MERGER = (
    "buy $ZORP now, a merger offer is expected on monday",
    "buy $ZORP now: on monday a merger offer is expected to come",
    "sold half of my $ZORP, the quarterly report was dull and long",
)


def meant(ann: str, bob: str) -> Callable[[int], Case]:
    return lambda gap: Case(
        [wrote("ann", 0, ann, **SAME_STOCK), wrote("bob", gap, bob, **SAME_STOCK)]
    )


def phrased(ann: str, bob: str) -> Callable[[int], Case]:
    """Both speak of one stock; long before, a third account said what is in the first text."""

    def made(gap: int) -> Case:
        long_ago = wrote(
            "cat", -9_999 * HOUR, "my friend, they will announce the thing", **SAME_STOCK
        )
        first = wrote("ann", 0, f"everybody listen now {ann}", **SAME_STOCK)
        second = wrote("bob", gap, f"quite soon {bob} as told", **SAME_STOCK)
        return Case([long_ago, first, second])

    return made


EXAMPLES: dict[str, Example] = {
    "same_text": Example(pair(text=LONG), apart({"text": LONG}, {"text": LONG + " ten"})),
    "near_text": Example(
        lambda gap: Case([wrote("ann", 0, LONG), wrote("bob", gap, LONG + " ten")]),
        apart({"text": LONG}, {"text": "one two three four ten eleven twelve"}),
    ),
    "same_meaning": Example(meant(MERGER[0], MERGER[1]), meant(MERGER[0], MERGER[2])(1_000)),
    "same_phrase": Example(
        phrased("they will announce the merger", "they will announce the deal"),
        phrased("they will announce the merger", "they might announce the deal")(1_000),
    ),
    "same_image": Example(
        pictured("00ff00ff00ff00ff", "00ff00ff00ff00f8"),
        pictured("00ff00ff00ff00ff", "00ff00ff00ff0f00")(1_000),
    ),
    "hashtag_sequence": Example(
        pair(hashtags=("buy", "now", "zorp")),
        apart({"hashtags": ("buy", "now", "zorp")}, {"hashtags": ("now", "buy", "zorp")}),
    ),
    "co_link": Example(
        pair(links=("https://a.example/1",)),
        apart({"links": ("https://a.example/1",)}, {"links": ("https://a.example/2",)}),
    ),
    "co_reply": Example(pair(reply_to="x:9"), apart({"reply_to": "x:9"}, {"reply_to": "x:8"})),
    "co_mention": Example(
        pair(mentions=("x:star",)), apart({"mentions": ("x:star",)}, {"mentions": ("x:moon",)})
    ),
    "co_hashtag": Example(
        pair(hashtags=("zorp",)), apart({"hashtags": ("zorp",)}, {"hashtags": ("blub",)})
    ),
    "co_domain": Example(
        lambda gap: Case(
            [
                wrote("ann", 0, links=("https://a.example/1",)),
                wrote("bob", gap, links=("https://a.example/2?x=1",)),
            ]
        ),
        apart({"links": ("https://a.example/1",)}, {"links": ("https://b.example/1",)}),
    ),
    "co_ticker": Example(pair(**SAME_STOCK), apart(SAME_STOCK, {"tickers": ("BLUB",)})),
    "co_repost": Example(
        reposted(f"x:star-{-HOUR}", f"x:star-{-HOUR}"),
        reposted(f"x:star-{-HOUR}", f"x:moon-{-HOUR}")(1_000),
    ),
    "lockstep": Example(pair(), pair()(HOUR)),
    "account_metadata": Example(
        made_on("amy_2048", "zoe_1999"), made_on("amy_2048", "zoe_19990")(1_000)
    ),
}
