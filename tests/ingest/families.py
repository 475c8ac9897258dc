"""Markets of planted families for tests, each made once a session."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

from graph.model import Account, Post
from ingest.synthetic.background import Background
from ingest.synthetic.background_made import made_background
from ingest.synthetic.background_real import Archive, read_archive
from ingest.synthetic.families import plant_families
from ingest.synthetic.market import Planted, plant
from ingest.synthetic.settings import MarketSettings
from ingest.synthetic.truth import Campaign, Decoy
from ingest.synthetic.write import write_files

SEEDS = (11, 12, 13, 14, 15, 16)


@cache
def background(seed: int) -> Background:
    """A made one of some 400 accounts."""
    return made_background(seed, accounts=520, days=50, stocks=30)


@cache
def market(seed: int) -> Planted:
    """A campaign of each family and one of each hard negative."""
    return plant_families(seed, background(seed))


def campaigns(family: str) -> Iterator[tuple[Planted, Campaign, list[Post]]]:
    """Each market with its campaign of the family and that campaign's posts, by time."""
    for seed in SEEDS:
        planted = market(seed)
        for campaign in planted.truth.campaigns:
            if campaign.kind == family:
                yield planted, campaign, posts_of(planted, campaign)


def honest(kind: str) -> Iterator[tuple[Planted, Decoy, list[Post]]]:
    """The same of a hard negative."""
    for seed in SEEDS:
        planted = market(seed)
        for decoy in planted.truth.decoys:
            if decoy.kind == kind:
                yield planted, decoy, posts_of(planted, decoy)


def posts_of(planted: Planted, part: Campaign | Decoy) -> list[Post]:
    wanted = set(part.post_ids)
    return [post for post in planted.posts if post.id in wanted]


def accounts_of(planted: Planted) -> dict[str, Account]:
    return {account.id: account for account in planted.accounts}


@cache
def archive() -> Archive:
    """Files as real ones come, read by the readers of real ones; what they hold is invented."""
    folder = Path(mkdtemp())
    sizes = MarketSettings(
        seed=5, accounts=300, days=120, stocks=20, campaigns=0, posts_per_account=8
    )
    posts, bars, _ = write_files(plant(sizes), folder)
    return read_archive(posts, bars)
