"""Pumps planted into bars that are there already, and decoys beside them.

`plant_pumps` takes a real market's daily bars and gives them back with pumps in them, the posts
that go with the pumps, and the truth. A stock has at most one of these in a stretch of ROOM
sessions, so that each stands alone.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import polars as pl
from numpy.typing import NDArray

from graph.model import Millis, Post
from ingest.synthetic.campaigns import Plan, campaign_drafts
from ingest.synthetic.courses import Course, course
from ingest.synthetic.decoys import news_post
from ingest.synthetic.draft import Draft, number
from ingest.synthetic.settings import DAY, HOUR, KINDS, MarketSettings
from ingest.synthetic.stocks import Listing
from ingest.synthetic.words import coined, headline, news_link
from ingest.synthetic.world import World, make_world

FAMILIES = ("ramp_peak_dump", "slow_drip", "opening_spike")
SIZES = (0.05, 0.1, 0.2, 0.4, 0.8)  # highest close over the one before, minus one
DECOYS = ("split", "unadjusted_split", "earnings", "index_day")
ROOM = 45  # sessions
EARLY = 60  # sessions that a stock must have before
_PRICES = ("open", "high", "low", "close", "adj_close")
_CROWD = (15, 40)  # who talks of earnings


@dataclass(frozen=True, slots=True)
class Pump:
    """A planted pump: sessions' days as epoch milliseconds, posts by id."""

    ticker: str
    family: str  # of ingest.synthetic.courses
    kind: str  # of ingest.synthetic.settings.KINDS: how its accounts act
    size: float
    begin: Millis  # first session whose price was moved
    posts: Millis  # session of the first post
    peak: Millis  # session of the highest close
    end: Millis  # last session whose price was moved
    accounts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Lookalike:
    """A planted decoy on one stock, or on all (`ticker` is "")."""

    ticker: str
    kind: str  # of DECOYS
    at: Millis


@dataclass(frozen=True, slots=True)
class Headline:
    """What a newspaper published of a stock before its crowd spoke."""

    ticker: str
    at: Millis
    title: str
    link: str


@dataclass(frozen=True)
class Pumped:
    """The bars with everything in them, the posts and headlines to add, and the truth."""

    bars: pl.DataFrame
    posts: list[Post]
    pumps: tuple[Pump, ...]
    decoys: tuple[Lookalike, ...]
    news: tuple[Headline, ...]


@dataclass(frozen=True)
class _Places:
    """Where things may be planted, what was, and what comes of it."""

    rng: random.Random
    sessions: Mapping[str, NDArray[np.int64]]  # days of each stock, oldest first
    first: Millis
    last: Millis
    taken: dict[str, list[int]] = field(default_factory=dict)
    # ticker, day, log return, volume factor
    pushes: list[tuple[str, Millis, float, float]] = field(default_factory=list)
    drafts: list[Draft] = field(default_factory=list)
    news: list[Headline] = field(default_factory=list)

    def draw(self, long: int) -> tuple[str, int]:
        """A stock, and the place of a session in its days, with room around."""
        for _ in range(10_000):
            ticker = self.rng.choice(sorted(self.sessions))
            days = self.sessions[ticker]
            low = max(EARLY, int(np.searchsorted(days, self.first)))
            high = int(np.searchsorted(days, self.last, side="right")) - long - 6
            if low >= high:
                continue
            place = self.rng.randrange(low, high)
            if all(abs(place - other) >= ROOM for other in self.taken.get(ticker, [])):
                self.taken.setdefault(ticker, []).append(place)
                return ticker, place
        raise ValueError("there is no room for so many pumps and decoys; ask for fewer")


def plant_pumps(
    bars: pl.DataFrame,
    seed: int,
    first: Millis,
    last: Millis,
    pumps: int = 30,
    decoys: int = 4,
) -> Pumped:
    """The bars (ticker, at, open, high, low, close, adj_close, volume) with `pumps` pumps in them
    between the days `first` and `last`, sizes, families and kinds in turn, and `decoys` of each of
    DECOYS. Same arguments, same result. Raises ValueError where there is no room for them.
    """
    rng = random.Random(f"{seed}/pumps")
    bars = bars.sort("ticker", "at")
    sessions = {str(ticker): rows["at"].to_numpy() for (ticker,), rows in bars.group_by("ticker")}
    places = _Places(rng, sessions, first, last)
    world = make_world(MarketSettings(seed=seed, accounts=600))
    planted = [_pump(places, world, n) for n in range(pumps)]
    likes = tuple(_decoy(places, world, kind) for kind in DECOYS for _ in range(decoys))
    posts, parts = number(places.drafts, world.people)
    about = {f"pump-{n}": pump.ticker for n, pump in enumerate(planted)}
    about |= {f"{d.kind}-{d.ticker}-{d.at}": d.ticker for d in likes}
    ticker_of = {post.id: about[name] for name, made in parts.items() for post in made}
    # A real ticker may be one letter, or have a dash, which no cashtag of ours has.
    posts = [replace(post, tickers=(ticker_of[post.id],)) for post in posts]
    members = {name: tuple(sorted({p.account_id for p in made})) for name, made in parts.items()}
    known = tuple(replace(p, accounts=members[f"pump-{n}"]) for n, p in enumerate(planted))
    moved = _split(_pushed(bars, places.pushes), likes, rng)
    return Pumped(moved, posts, known, likes, tuple(places.news))


def _pump(places: _Places, world: World, place: int) -> Pump:
    rng = places.rng
    size = SIZES[place % len(SIZES)]
    family = FAMILIES[place // len(SIZES) % len(FAMILIES)]
    kind = KINDS[rng.randrange(len(KINDS))]
    drawn = course(rng, family, size)
    ticker, at = places.draw(len(drawn.moves))
    days = places.sessions[ticker][at : at + len(drawn.moves)]
    places.pushes.extend(
        (ticker, int(day), move, loud)
        for day, move, loud in zip(days, drawn.moves, drawn.loud, strict=True)
    )
    places.drafts.extend(_campaign(rng, world, f"pump-{place}", ticker, kind, days, drawn))
    begin, said, peak, end = (int(days[n]) for n in (0, drawn.posts, drawn.peak, -1))
    return Pump(ticker, family, kind, size, begin, said, peak, end, ())


def _campaign(
    rng: random.Random,
    world: World,
    name: str,
    ticker: str,
    kind: str,
    days: NDArray[np.int64],
    drawn: Course,
) -> list[Draft]:
    """The posts, from the first session of the course that has some until its peak."""
    size = rng.randint(8, 20)
    start = int(days[drawn.posts]) + int(rng.uniform(14.5, 18) * HOUR) // 1000 * 1000
    plan = Plan(
        id=name,
        kind=kind,
        ticker=ticker,
        members=tuple(rng.sample(range(len(world.people)), size)),
        leaders=1 if size < 14 else 2,
        effect=0.0,  # the price is moved by the course
        days=max(2, int(days[drawn.peak] - days[drawn.posts]) // DAY + 1),
        start=start,
    )
    return campaign_drafts(rng, world, plan)


def _decoy(places: _Places, world: World, kind: str) -> Lookalike:
    rng = places.rng
    ticker, at = places.draw(8)
    days = places.sessions[ticker]
    day = int(days[at])
    if kind == "index_day":
        move = rng.choice((-1, 1)) * rng.uniform(0.03, 0.06)
        places.pushes.extend((name, day, move, 1.6) for name in sorted(places.sessions))
        return Lookalike("", kind, day)
    if kind == "earnings":
        drawn = course(rng, "earnings_jump", rng.uniform(0.05, 0.2))
        moves = [rng.choice((-1, 1)) * drawn.moves[0], *drawn.moves[1:]]
        span = zip(days[at : at + len(moves)], moves, drawn.loud, strict=False)
        places.pushes.extend((ticker, int(d), move, loud) for d, move, loud in span)
        _crowd(places, world, ticker, day)
    return Lookalike(ticker, kind, day)


def _crowd(places: _Places, world: World, ticker: str, day: Millis) -> None:
    """Many talk of a company's figures on one day; many use the page's share button."""
    rng = places.rng
    listing = Listing(ticker, f"{coined(rng)} Holdings", 1.0, thin=False)
    title, link = headline(rng, ticker, listing.name), news_link(rng)
    places.news.append(Headline(ticker, day + 12 * HOUR, title, link))
    for index in world.some(rng, *_CROWD):
        at = day + int(rng.uniform(12, 20) * HOUR) // 1000 * 1000
        draft = news_post(rng, listing, index, at, title, link)
        draft.part = f"earnings-{ticker}-{day}"
        places.drafts.append(draft)


def _pushed(bars: pl.DataFrame, pushes: Sequence[tuple[str, Millis, float, float]]) -> pl.DataFrame:
    """Prices and volumes moved; what is left of a move stays in all later prices."""
    schema = {"ticker": pl.String, "at": pl.Int64, "move": pl.Float64, "loud": pl.Float64}
    rows = pl.DataFrame(list(pushes), schema=schema, orient="row")
    rows = rows.group_by("ticker", "at").agg(pl.col("move").sum(), pl.col("loud").max())
    moved = bars.join(rows, on=["ticker", "at"], how="left", maintain_order="left").sort(
        "ticker", "at"
    )
    after = pl.col("move").fill_null(0.0).cum_sum().over("ticker").exp()
    moved = moved.with_columns(after=after).with_columns(
        before=pl.col("after").shift(1).over("ticker").fill_null(1.0)
    )
    low, high = pl.min_horizontal("before", "after"), pl.max_horizontal("before", "after")
    return moved.with_columns(
        pl.col("open") * pl.col("before"),
        *(pl.col(name) * pl.col("after") for name in ("close", "adj_close")),
        high=pl.col("high") * high,
        low=pl.col("low") * low,
        volume=(pl.col("volume") * pl.col("loud").fill_null(1.0)).round(),
    ).drop("move", "loud", "after", "before")


def _split(bars: pl.DataFrame, decoys: Sequence[Lookalike], rng: random.Random) -> pl.DataFrame:
    """Prices divided and volumes multiplied from a day on; adj_close only where unadjusted."""
    for decoy in decoys:
        if decoy.kind not in ("split", "unadjusted_split"):
            continue
        shares = float(rng.choice((2, 3, 4, 7)))
        if decoy.kind == "unadjusted_split" and rng.random() < 0.5:
            shares = 1 / shares  # a reverse split nobody adjusted looks like a jump
        on = (pl.col("ticker") == decoy.ticker) & (pl.col("at") >= decoy.at)
        told = decoy.kind == "split"
        prices = [name for name in _PRICES if not (told and name == "adj_close")]
        bars = bars.with_columns(
            *(pl.when(on).then(pl.col(n) / shares).otherwise(n).alias(n) for n in prices),
            volume=pl.when(on).then(pl.col("volume") * shares).otherwise("volume"),
        )
    return bars
