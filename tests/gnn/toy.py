"""A toy market and a toy detector: enough life to train on, and nothing but plain Python."""

from __future__ import annotations

import itertools
import random

from gnn.sample import Ring, Sample
from graph.detection.observed import from_values
from graph.model import (
    Account,
    Cluster,
    CoAction,
    Member,
    Post,
    PriceEvent,
    Promotion,
    Tie,
)

MINUTE = 60_000
DAY = 86_400_000
START = 1_700_006_400_000  # midnight UTC
AS_OF = START + 30 * DAY


def account(name: str, age_days: float | None = 900, followers: int | None = 150) -> Account:
    """An account seen at the start."""
    created = None if age_days is None else START - int(age_days * DAY)
    return Account(f"x:{name}", "x", START, name, created, followers, 80, 400)


def post(name: str, who: str, text: str, minute: float, ticker: str | None = "ACME") -> Post:
    """A post some minutes after the start."""
    at = START + int(minute * MINUTE)
    tickers = (ticker,) if ticker else ()
    return Post(f"x:{name}", f"x:{who}", at, at, text, "x", tickers=tickers)


def tie(left: str, right: str, weight: float = 9.0, trace: str = "same_text") -> Tie:
    """A tie of one shared act."""
    act = CoAction("x:1", "x:2", trace, "text", "10m", 60.0)
    p = 10.0**-weight
    return Tie(f"x:{left}", f"x:{right}", (trace,), weight, p, p, 3, 0.1, START, AS_OF, (act,))


def event(ticker: str = "ACME", day: float = 1, z: float = 6.0) -> PriceEvent:
    """A jump known the evening of its day."""
    at = START + int(day * DAY)
    name = f"{ticker}:{int(day)}:abnormal_return"
    return PriceEvent(
        name, ticker, at, at + DAY, "abnormal_return", z, 1e-8, 0.2, z / 2, "It jumped."
    )


def cluster(
    name: str, members: list[str], posts: list[Post], ticker: str | None = "ACME"
) -> Cluster:
    """A cluster whose evidence is the posts given."""
    at = [p.at for p in posts]
    promotion = Promotion(ticker, len(posts), 1.0, min(at), max(at)) if ticker else None
    return Cluster(
        name,
        tuple(Member(f"x:{who}", "amplifier", 9.0) for who in members),
        ("same_text",),
        (promotion,) if promotion else (),
        tuple(p.id for p in posts),
        1.0,
        30.0,
        min(at),
        max(at),
    )


def market(seed: int) -> Sample:
    """Two campaigns that differ in tempo, two harmless bursts, and people who just talk."""
    rng = random.Random(seed)
    people = [account(f"p{i}", rng.uniform(100, 2_000), rng.randrange(20, 900)) for i in range(40)]
    posts = [_chat(rng, i) for i in range(160)]
    found, ties, labels, groups, rings = [], [], {}, {}, []
    for name, kind, tempo in (
        ("k1", "burst", 3),
        ("k2", "drip", 400),
        ("h1", "", 3),
        ("h2", "", 200),
    ):
        members = [f"{name}m{i}" for i in range(rng.randrange(5, 9))]
        age = rng.uniform(5, 200) if kind else rng.uniform(60, 1_500)
        people += [account(member, age + rng.uniform(0, 9), 30) for member in members]
        # a harmless burst names a stock that everybody names, or none
        ticker = f"T{name.upper()}" if kind else rng.choice(["ACME", None])
        shown = _wave(rng, name, members, kind, tempo, ticker)
        posts += shown
        if not kind:
            posts += [_own(rng, name, i, who) for i, who in enumerate(members * rng.randrange(3))]
        ties += [tie(a, b, rng.uniform(4, 12)) for a, b in itertools.combinations(members, 2)]
        found.append(cluster(f"c-{seed}-{name}", members, shown, ticker))
        labels[found[-1].id] = int(bool(kind))
        if kind:
            groups[found[-1].id] = kind
            rings.append(Ring(kind, frozenset(f"x:{member}" for member in members)))
    tickers = sorted({t for p in posts for t in p.tickers})
    promoted = {p.ticker for c in found if c.id in groups for p in c.promotions}
    return Sample(
        f"market {seed}",
        from_values(posts, people, AS_OF),
        ties,
        found,
        [event(ticker, rng.randrange(1, 20), rng.uniform(4, 9)) for ticker in tickers[::2]],
        labels,
        {ticker: int(ticker in promoted) for ticker in tickers},
        groups,
        rings=rings,
    )


def _wave(
    rng: random.Random, name: str, members: list[str], kind: str, tempo: float, ticker: str | None
) -> list[Post]:
    start = rng.uniform(0, 10) * 1_440
    text = "buy it now" if kind else "see the news"
    return [
        post(f"{name}-{i}", who, f"{text} {i if not kind else ''}", start + i * tempo, ticker)
        for i, who in enumerate(members * 2)
    ]


def _own(rng: random.Random, name: str, i: int, who: str) -> Post:
    return post(f"{name}-own{i}", who, f"my day {name} {i}", rng.uniform(0, 28_000), None)


def _chat(rng: random.Random, i: int) -> Post:
    who, ticker = f"p{rng.randrange(40)}", rng.choice(["ACME", "BETA", "GAMA"])
    return post(f"chat{i}", who, f"thoughts {i} on ${ticker}", rng.uniform(0, 28_000), ticker)
