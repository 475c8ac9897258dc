"""A made background: the ordinary life of a planted market, with no campaign and no decoy."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace

from graph.model import Account, Post
from ingest.synthetic import talk
from ingest.synthetic.background import (
    Background,
    checked,
    seen_often,
    spread_out,
    talked_of,
)
from ingest.synthetic.draft import number
from ingest.synthetic.life import ordinary
from ingest.synthetic.prices import bars
from ingest.synthetic.settings import MarketSettings
from ingest.synthetic.world import World, make_world, stream

_SAYINGS = 3_000
CLIENTS = ("Twitter Web App", "Twitter for iPhone", "Twitter for Android", "TweetDeck")
_PLACE = "TICKER"
_AWAY = 0.2  # of the posts are made with another program than the usual one


def made_background(
    seed: int, accounts: int = 700, days: int = 60, stocks: int = 40, posts_per_account: float = 14
) -> Background:
    """Ordinary life of about 0.8 * `accounts` accounts that post often enough, over `days`.

    Same arguments, same background. Raises UsageError for sizes that are too small.
    """
    settings = MarketSettings(
        seed=seed,
        accounts=accounts,
        days=days,
        stocks=stocks,
        campaigns=0,
        posts_per_account=posts_per_account,
    )
    world = make_world(settings)
    rng = stream(settings, "background")
    drafts = ordinary(rng, world, [], Counter(), Counter(), frozenset())
    posts = [_other_program(rng, post) for post in seen_often(number(drafts, world.people)[0])]
    homes, people = spread_out(rng, posts, _accounts(world, posts))
    prices = bars(stream(settings, "bars"), world, [])
    names = {stock.ticker: stock.name for stock in world.stocks}
    sayings = (talk.about(rng, _PLACE, 0.6 * rng.betavariate(1.1, 1.4)) for _ in range(_SAYINGS))
    return checked(
        Background(
            name=f"planted {seed}",
            posts=tuple(homes),
            accounts=tuple(sorted(people, key=lambda one: one.id)),
            bars=tuple(sorted(prices, key=lambda bar: (bar.ticker, bar.at))),
            first=settings.first,
            last=settings.last,
            stocks={ticker: names[ticker] for ticker in talked_of(homes, names)},
            sayings=tuple(text.replace(f"${_PLACE}", "{T}") for text in sayings),
        )
    )


def _accounts(world: World, posts: list[Post]) -> list[Account]:
    first: dict[str, int] = {}
    for post in posts:
        first.setdefault(post.account_id, post.at)
    return [p.account(first[p.id]) for p in world.people if p.id in first]


def _other_program(rng: random.Random, post: Post) -> Post:
    """Most people have a telephone beside their computer."""
    return replace(post, client=rng.choice(CLIENTS)) if rng.random() < _AWAY else post
