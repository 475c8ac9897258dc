"""Planted markets for tests, each made once a session."""

from __future__ import annotations

import itertools
from functools import cache

from graph.model import Post
from ingest.synthetic.market import MarketSettings, Planted, plant
from ingest.synthetic.truth import Campaign, Decoy


@cache
def market(seed: int = 1) -> Planted:
    """The market of default size."""
    return plant(MarketSettings(seed=seed))


@cache
def small(seed: int = 1, kinds: tuple[str, ...] = MarketSettings().kinds) -> Planted:
    """The smallest market that holds every kind."""
    return plant(MarketSettings(seed=seed, accounts=150, stocks=12, days=30, kinds=kinds))


def posts_of(planted: Planted, part: Campaign | Decoy) -> list[Post]:
    """The posts that belong to a campaign or decoy, by time."""
    wanted = set(part.post_ids)
    return [post for post in planted.posts if post.id in wanted]


def waves(posts: list[Post], gap_ms: int) -> list[list[Post]]:
    """Posts cut wherever nothing happens for longer than the gap."""
    cut: list[list[Post]] = [[posts[0]]]
    for before, post in itertools.pairwise(posts):
        if post.at - before.at > gap_ms:
            cut.append([])
        cut[-1].append(post)
    return cut
