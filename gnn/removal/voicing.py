"""Which of a cluster's posts say the things that it says alike, and what is left of those things.

A voice says how many accounts it has, not in which posts; these are found again among the evidence
by the rules of graph/detection/voices.py. When posts are gone, a voice has the accounts that lost
none of their last posts of it. With fewer than FEWEST of them it is no voice, and nobody answers a
post that was never seen.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

import polars as pl

from graph.detection.observed import Observed
from graph.detection.tokens import word_lists
from graph.detection.voices import FEWEST
from graph.model import Cluster, Millis, Voice


@dataclass(frozen=True, slots=True)
class Said:
    """A voice, and its evidence posts: each one's account and time (ms)."""

    voice: Voice
    posts: dict[str, tuple[str, Millis]]


def said(cluster: Cluster, observed: Observed) -> list[Said]:
    """The voices of a cluster, in their order, with the posts of its evidence that use them."""
    if not cluster.voices:
        return []
    shown = observed.posts.filter(pl.col("post").is_in(list(cluster.posts)))
    links = set(observed.linked.filter(pl.col("post").is_in(shown["post"].implode())).iter_rows())
    rows = shown.select(
        "post",
        "account",
        "at",
        own=pl.col("repost_of").is_null(),
        to=pl.coalesce("repost_of", "quote_of", "reply_to"),
        text=pl.Series([_spaced(words) for words in word_lists(shown["text"])], dtype=pl.String),
    ).rows()

    def uses(voice: Voice, post: str, own: bool, to: str | None, text: str) -> bool:
        if voice.kind == "post":
            return voice.what in (post, to)
        return own and (
            f" {voice.what} " in text if voice.kind == "phrase" else (post, voice.what) in links
        )

    return [
        Said(
            voice,
            {
                post: (account, at)
                for post, account, at, *rest in rows
                if voice.first_at <= at <= voice.last_at and uses(voice, post, *rest)
            },
        )
        for voice in cluster.voices
    ]


def left(heard: Sequence[Said], gone: Collection[str]) -> list[Said]:
    """The voices that remain without the posts `gone`; the p of each stays."""
    found = (_left(one, gone) for one in heard)
    return [one for one in found if one is not None]


def _left(one: Said, gone: Collection[str]) -> Said | None:
    kept = {post: by for post, by in one.posts.items() if post not in gone}
    if one.voice.kind == "post" and one.voice.what in gone:
        return None
    if len(kept) == len(one.posts):
        return one
    lost = {who for who, _ in one.posts.values()} - {who for who, _ in kept.values()}
    accounts = one.voice.accounts - len(lost)
    if accounts < FEWEST or not kept:
        return None
    times = [at for _, at in kept.values()]
    voice = replace(one.voice, accounts=accounts, first_at=min(times), last_at=max(times))
    return Said(voice, kept)


def _spaced(words: Sequence[str]) -> str:
    """Words between spaces, without names of stocks."""
    return f" {' '.join(word for word in words if not word.startswith('$'))} "
