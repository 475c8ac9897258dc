"""What the alert budget is judged on: a real market presumed innocent, and planted pumps.

Pumps of two makes: `planted` are the campaigns of whole planted markets (thin invented stocks,
ordinary life and decoys around them); `planted_in` are pumps in the real market's own bars, their
posts among the real posts.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass
from pathlib import Path

import polars as pl

from graph.model import Bar, Post
from ingest import x_v11
from ingest.market import yahoo_csv
from ingest.market.joint_alert import with_score
from ingest.market.stock_days import stock_days
from ingest.record import Record
from ingest.synthetic.market import plant
from ingest.synthetic.pumps import Lookalike, plant_pumps
from ingest.synthetic.settings import MarketSettings

DAY = 86_400_000
BARS = ["ticker", "at", "known_at", "open", "high", "low", "close", "adj_close", "volume"]
POSTS = {
    "ticker": pl.String,
    "at": pl.Int64,
    "account": pl.String,
    "text": pl.String,
    "links": pl.List(pl.String),
}
ZONE, CLOSE_HOUR = "America/New_York", 16
PAST = 200  # days of posts before a span, which say what is usual
BEFORE, AFTER = 1, 5  # days around a pump within which an alert is its own
PUMPS, DECOYS = 40, 3  # in each copy of the real market


@dataclass(frozen=True, slots=True)
class Target:
    """A pump with a price effect and posts. `first` to `last`: its posts and price; ms."""

    stock: str
    first: int
    last: int
    size: float  # highest price over the one before, minus one
    family: str  # "" where the market planted it
    kind: str
    peak: int | None = None  # session of the highest close


@dataclass(frozen=True)
class Labelled:
    """Stock-days with figures and score, and what was planted in them."""

    days: pl.DataFrame
    targets: tuple[Target, ...]
    decoys: tuple[tuple[str, Lookalike], ...] = ()  # prefix of the stock, decoy
    with_news: pl.DataFrame | None = None  # the days where headlines of decoys are known


def post_frame(posts: Iterable[Post]) -> pl.DataFrame:
    """A row for each stock that a post names. Reposts, also those written out, are left out."""
    rows = [
        (ticker, post.at, post.account_id, post.text, list(post.links))
        for post in posts
        if post.repost_of is None and not post.text.lower().startswith("rt @")
        for ticker in post.tickers
    ]
    return pl.DataFrame(rows, schema=POSTS, orient="row")


def bar_frame(bars: Iterable[Bar]) -> pl.DataFrame:
    """Bars in columns."""
    return pl.DataFrame([astuple(bar) for bar in bars], BARS, orient="row").drop("known_at")


def real(prices: Path, posts: Path) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Bars and posts of the real market. A post that stands twice is one."""
    bars = bar_frame(item for item in yahoo_csv.read(prices) if isinstance(item, Bar))
    records = (item for item in x_v11.read(posts) if isinstance(item, Record))
    own = {record.posts[0].id: record.posts[0] for record in records}
    told = post_frame(own.values())
    last = int(told["at"].max())  # type: ignore[arg-type]
    return bars.filter(pl.col("at") <= last), told


def innocent(bars: pl.DataFrame, posts: pl.DataFrame) -> pl.DataFrame:
    """The scored stock-days of the real market."""
    return with_score(stock_days(bars, posts, ZONE, CLOSE_HOUR))


def planted(seeds: Sequence[int]) -> Labelled:
    """The markets of these seeds side by side; campaigns in which the price moved."""
    parts, targets = [], []
    for seed in seeds:
        market, prefix = plant(MarketSettings(seed=seed)), f"{seed}:"
        days = with_score(stock_days(bar_frame(market.bars), post_frame(market.posts)))
        parts.append(days.with_columns(ticker=pl.lit(prefix) + pl.col("ticker")))
        targets += [
            Target(prefix + c.ticker, c.start, c.end, c.price_effect, "", c.kind)
            for c in market.truth.campaigns
            if c.price_effect > 0
        ]
    return Labelled(pl.concat(parts), tuple(targets))


def planted_in(
    bars: pl.DataFrame, posts: pl.DataFrame, seeds: Sequence[int], first: int, last: int
) -> Labelled:
    """Copies of the real market from `first` to `last`, one a seed, each with pumps and decoys."""
    parts, aware, targets, decoys = [], [], [], []
    bars = bars.filter(pl.col("at") <= last)
    near = posts.filter(pl.col("at").is_between(first - PAST * DAY, last + DAY))
    for seed in seeds:
        made, prefix = plant_pumps(bars, seed, first, last, PUMPS, DECOYS), f"{seed}:"
        told = pl.concat([near, post_frame(made.posts)])
        news = pl.DataFrame(
            [(n.ticker, n.at, "news", n.title, [n.link]) for n in made.news],
            schema=POSTS,
            orient="row",
        )
        for known, kept in ((None, parts), (news, aware)):
            days = with_score(stock_days(made.bars, told, ZONE, CLOSE_HOUR, known))
            days = days.filter(pl.col("at").is_between(first, last))
            kept.append(days.with_columns(ticker=pl.lit(prefix) + pl.col("ticker")))
        targets += [
            Target(prefix + p.ticker, p.begin, p.end, p.size, p.family, p.kind, p.peak)
            for p in made.pumps
        ]
        decoys += [(prefix, decoy) for decoy in made.decoys]
    return Labelled(pl.concat(parts), tuple(targets), tuple(decoys), pl.concat(aware))
