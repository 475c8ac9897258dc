"""Accounts and their habits. Campaign members are drawn from the same people as everybody else."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from graph.model import Account, Millis
from ingest.synthetic.settings import DAY, SECOND, MarketSettings
from ingest.synthetic.stocks import Listing
from ingest.synthetic.words import coined

_CLIENTS = ("Twitter Web App", "Twitter for iPhone", "Twitter for Android", "TweetDeck", "Buffer")
_CLIENT_WEIGHTS = (28, 36, 26, 6, 4)
_SPREAD = 1.1  # of the logarithm of posts an account
_OLDEST = datetime(2009, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Person:
    """An account and how it lives. Habits are shares of its posts, `hour` its usual UTC hour."""

    id: str
    handle: str
    created_at: Millis
    followers: int
    following: int
    posts_count: int
    client: str
    posts: int  # in the whole span, of its ordinary life
    favourites: tuple[str, ...]
    hour: float
    linking: float
    reposting: float
    answering: float
    tagging: float
    chatting: float  # posts that name no stock
    wordiness: float  # 0 is a sentence a post, 1 four of them

    def account(self, known_at: Millis) -> Account:
        """The account as its platform shows it."""
        return Account(
            id=self.id,
            platform="x",
            known_at=known_at,
            handle=self.handle,
            created_at=self.created_at,
            followers=self.followers,
            following=self.following,
            posts_count=self.posts_count,
            verified=self.followers > 60_000,
        )


def people(rng: random.Random, settings: MarketSettings, stocks: Sequence[Listing]) -> list[Person]:
    """The population, in no order that tells anything."""
    numbers = rng.sample(range(10_000_000, 4_000_000_000), settings.accounts)
    handles = _handles(rng, settings.accounts)
    return [
        _person(rng, settings, stocks, number, handle)
        for number, handle in zip(numbers, handles, strict=True)
    ]


def _person(
    rng: random.Random,
    settings: MarketSettings,
    stocks: Sequence[Listing],
    number: int,
    handle: str,
) -> Person:
    pace = rng.gauss(0, _SPREAD)
    age = _age(rng, settings)
    return Person(
        id=f"x:{number}",
        handle=handle,
        created_at=(settings.first - age) // SECOND * SECOND,
        followers=int(math.exp(rng.gauss(5.3 + 0.35 * pace, 1.8))),
        following=int(math.exp(rng.gauss(5.5, 1.1))),
        posts_count=20 + int(age / DAY * math.exp(rng.gauss(-1.0 + 0.6 * pace, 1.0))),
        client=rng.choices(_CLIENTS, _CLIENT_WEIGHTS)[0],
        posts=_posts(rng, settings, pace),
        favourites=_favourites(rng, stocks),
        hour=rng.triangular(11, 25, 17) % 24,
        linking=rng.betavariate(1.3, 4),
        reposting=rng.betavariate(1.2, 7),
        answering=rng.betavariate(1.2, 9),
        tagging=rng.betavariate(1.0, 4),
        chatting=rng.betavariate(1.5, 8),
        wordiness=rng.betavariate(1.1, 1.4),
    )


def _posts(rng: random.Random, settings: MarketSettings, pace: float) -> int:
    mean = settings.posts_per_account * settings.days / 60
    exact = mean * math.exp(pace - _SPREAD**2 / 2)
    return max(1, int(exact + rng.random()))


def _age(rng: random.Random, settings: MarketSettings) -> Millis:
    oldest = settings.first - int(_OLDEST.timestamp() * 1000)
    return min(oldest, int(DAY * math.exp(rng.gauss(6.9, 1.0))) + 3 * DAY)


def _favourites(rng: random.Random, stocks: Sequence[Listing]) -> tuple[str, ...]:
    """Half by popularity, half by taste alone, so that thin stocks have their fans too."""
    count = rng.choice((1, 2, 2, 3, 3, 4, 6))
    popular = rng.choices(stocks, [stock.popularity for stock in stocks], k=count)
    chosen = [rng.choice(stocks) if rng.random() < 0.4 else stock for stock in popular]
    return tuple(dict.fromkeys(stock.ticker for stock in chosen))


def _handles(rng: random.Random, count: int) -> list[str]:
    made: dict[str, str] = {}
    while len(made) < count:
        handle = _handle(rng)
        made.setdefault(handle.lower(), handle)
    return list(made.values())


def _handle(rng: random.Random) -> str:
    name = coined(rng)
    ending = rng.choice(("", "", str(rng.randrange(1, 2000)), "_" + coined(rng).lower()))
    return (name + ending)[:15]
