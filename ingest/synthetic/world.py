"""The people and stocks of one planted market, which ordinary life, decoys and campaigns share."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import accumulate

from graph.model import Millis
from ingest.synthetic.people import Person, people
from ingest.synthetic.settings import MarketSettings
from ingest.synthetic.stocks import Listing, listings


@dataclass(frozen=True, slots=True)
class Push:
    """What moves a price on one session's day beside chance."""

    ticker: str
    day: Millis
    log_return: float
    volume_factor: float


@dataclass(frozen=True)
class World:
    """Who there is and what there is to talk about."""

    settings: MarketSettings
    people: Sequence[Person]
    stocks: Sequence[Listing]
    cumulated: Sequence[float] = field(repr=False)  # of the stocks' popularity

    def stock(self, rng: random.Random) -> Listing:
        """A stock by its popularity."""
        return rng.choices(self.stocks, cum_weights=self.cumulated)[0]

    def ticker_for(self, rng: random.Random, person: Person) -> str:
        """What this person talks about: mostly its favourites."""
        if rng.random() < 0.7:
            return rng.choice(person.favourites)
        return self.stock(rng).ticker

    def some(self, rng: random.Random, fewest: int, most: int) -> list[int]:
        """A random crowd of `fewest` to `most` people, as places in the list."""
        size = min(rng.randint(fewest, max(fewest, most)), len(self.people))
        return rng.sample(range(len(self.people)), size)


def make_world(settings: MarketSettings) -> World:
    """The same world for the same settings."""
    stocks = listings(stream(settings, "stocks"), settings.stocks)
    crowd = people(stream(settings, "people"), settings, stocks)
    return World(settings, crowd, stocks, list(accumulate(s.popularity for s in stocks)))


def stream(settings: MarketSettings, name: str) -> random.Random:
    """Each part has its own chance, so that a change in one leaves the others as they were."""
    return random.Random(f"{settings.seed}/{name}")
