"""Honest life that looks coordinated, for rings.py: people, what they say and share, and decoys.

Shapes follow what was measured on StockNet's posts: lognormal activity, a heavy tail of popular
links, three posts in four with one, a fifth of an account's posts about its first stock, copies of
headlines by share buttons. Decoys: accounts of hundreds of posts, news bursts (hundreds share one
headline and link within a minute), fans who speak of their stock in every burst of it, giveaways
(one text by dozens of accounts over weeks).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

DAY = 86_400_000
DAYS = 60
BEGIN = 1_750_000_000_000
STOCKS = 40
VOCABULARY = 3_000
ARTICLES, TALK = 3_000, 25_000
BUSY, BUSY_WEIGHT = 25, 60.0  # accounts of several hundred posts
FAVOURITES, BOOST = 3, 6.0  # stocks an account prefers, and by how much
BURSTS, FAN_GROUPS, FANS, GIVEAWAYS = 6, 5, 18, 3

# Honest life that is harder still than that of judged markets.
STRESSES = {
    "": "as judged",
    "alone": "fans meet in moves of their stock in which nobody else speaks of it",
    "loyal": "one audience of 120 enters five giveaways, half of it each",
    "readers": "two groups of 15 share half of all articles about their stock, by the button",
}

Draw = np.random.Generator
Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
SCHEMA = {
    "account": pl.Int64,
    "at": pl.Int64,
    "ticker": pl.String,
    "link": pl.String,
    "text": pl.String,
}


@dataclass(frozen=True, slots=True)
class People:
    """`activity` [n] and `favourite` stocks [n, FAVOURITES] by account."""

    activity: Floats
    favourite: Ints

    def weights(self, stock: int) -> Floats:
        """Chances that a post about the stock is of each account."""
        boosted = self.activity * (1 + BOOST * (self.favourite == stock).any(axis=1))
        return np.asarray(boosted / boosted.sum())


def people(draw: Draw, activity: Floats) -> People:
    """Accounts with this activity, the first BUSY of them very active."""
    busy = activity.copy()
    busy[:BUSY] = BUSY_WEIGHT * draw.uniform(0.7, 1.3, BUSY)
    liked = draw.choice(STOCKS, (len(busy), FAVOURITES), p=popularity())
    return People(busy, liked)


def popularity() -> Floats:
    """Of stocks: the first is talked about most."""
    weight = 1 / np.arange(1, STOCKS + 1)
    return np.asarray(weight / weight.sum())


def ticker(stock: int) -> str:
    return f"TK{stock:02}"


def words(draw: Draw, count: int) -> str:
    """So many words of somebody's own."""
    return " ".join(f"word{n}" for n in draw.integers(0, VOCABULARY, count).tolist())


def talk(draw: Draw, who: People) -> pl.DataFrame:
    """Posts of their own words, most about a stock, some with an address nobody else has."""
    account = draw.choice(len(who.activity), TALK, p=who.activity / who.activity.sum())
    own = who.favourite[account, draw.integers(0, FAVOURITES, TALK)]
    stock = np.where(draw.random(TALK) < 0.6, own, draw.choice(STOCKS, TALK, p=popularity()))
    named, linked = draw.random(TALK) < 0.85, draw.random(TALK) < 0.3
    return rows(
        account,
        BEGIN + draw.integers(0, DAYS * DAY, TALK),
        [ticker(s) if yes else None for s, yes in zip(stock, named, strict=True)],
        [f"https://own.example/{n}" if yes else None for n, yes in enumerate(linked)],
        [words(draw, 11) for _ in range(TALK)],
    )


def readers(draw: Draw, known: pl.DataFrame) -> pl.DataFrame:
    """Two groups of 15 accounts: each shares half of the articles about the group's stock."""
    made = []
    for stock in draw.choice(np.arange(3, 12), 2, replace=False).tolist():
        group = draw.choice(1_000, 15, replace=False)
        for one in known.filter(pl.col("stock") == stock).iter_rows(named=True):
            crowd = group[draw.random(15) < 0.5]
            at = one["at"] + (draw.lognormal(np.log(40), 1.8, len(crowd)) * 60_000).astype(int)
            what = (ticker(stock), one["link"], one["headline"])
            made.append(share(draw, crowd, at, what, 1.0))
    return pl.concat(made)


def articles(draw: Draw, who: People) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Shares of articles; and the articles: link, stock, at, headline."""
    stock = draw.choice(STOCKS, ARTICLES, p=popularity())
    at = BEGIN + draw.integers(0, DAYS * DAY, ARTICLES)
    head = [words(draw, 9) for _ in range(ARTICLES)]
    link = [f"https://news.example/{n}" for n in range(ARTICLES)]
    known = pl.DataFrame({"link": link, "stock": stock, "at": at, "headline": head})
    weights = [who.weights(s) for s in range(STOCKS)]
    crowd = np.minimum(1 + draw.pareto(1.2, ARTICLES).astype(int), 150)
    shares = [
        share(
            draw,
            draw.choice(len(who.activity), crowd[n], replace=False, p=weights[stock[n]]),
            at[n] + (draw.lognormal(np.log(40), 1.8, crowd[n]) * 60_000).astype(np.int64),
            (ticker(stock[n]), link[n], head[n]),
            0.4,
        )
        for n in range(ARTICLES)
    ]
    return pl.concat(shares), known


def share(
    draw: Draw, account: Ints, at: Ints, what: tuple[str, str, str], copied: float
) -> pl.DataFrame:
    """Posts of one (ticker, link, headline); so many by the button, the others in own words."""
    name, link, head = what
    texts = [head if yes else words(draw, 10) for yes in draw.random(len(account)) < copied]
    return rows(account, at, [name] * len(at), [link] * len(at), texts)


def decoys(draw: Draw, who: People, stress: str) -> pl.DataFrame:
    """News bursts, fan groups and giveaways, and what `stress` (one of STRESSES) adds."""
    made = [_burst(draw, who, n) for n in range(BURSTS)]
    made += [_fans(draw, who, n, alone=stress == "alone") for n in range(FAN_GROUPS)]
    made += [_giveaway(draw, _entrants(draw, who), n) for n in range(GIVEAWAYS)]
    if stress == "loyal":
        audience = draw.choice(len(who.activity), 120, replace=False)
        made += [_giveaway(draw, audience[draw.random(120) < 0.5], GIVEAWAYS + n) for n in range(5)]
    return pl.concat(made)


def _burst(draw: Draw, who: People, number: int) -> pl.DataFrame:
    """150 to 350 accounts share one headline within a minute."""
    stock, size = int(draw.integers(STOCKS)), int(draw.integers(150, 350))
    crowd = draw.choice(len(who.activity), size, replace=False, p=who.weights(stock))
    at = BEGIN + draw.integers(0, DAYS * DAY) + draw.integers(0, 60_000, size)
    what = (ticker(stock), f"https://flash.example/{number}", words(draw, 9))
    return share(draw, crowd, at, what, 0.8)


def _fans(draw: Draw, who: People, number: int, alone: bool) -> pl.DataFrame:
    """Fans of one stock. In each of its 25 moves most of them say something within ten minutes, as
    do 20 to 80 others (or, `alone`, nobody else); the fans also speak of it in between. One post in
    ten has the news' link."""
    stock = int(draw.integers(5, STOCKS))
    fans = draw.choice(len(who.activity), FANS, replace=False)
    between = draw.choice(fans, 10 * FANS)
    at = BEGIN + draw.integers(0, DAYS * DAY, len(between))
    made = [_said(draw, between, at, stock, None)]
    for move in range(25):
        size = 0 if alone else int(draw.integers(20, 80))
        others = draw.choice(len(who.activity), size, replace=False, p=who.weights(stock))
        crowd = np.unique(np.concatenate([fans[draw.random(FANS) < 0.7], others]))
        at = BEGIN + draw.integers(0, DAYS * DAY) + draw.integers(0, 600_000, len(crowd))
        made.append(_said(draw, crowd, at, stock, f"https://move.example/{number}/{move}"))
    return pl.concat(made)


def _said(draw: Draw, account: Ints, at: Ints, stock: int, link: str | None) -> pl.DataFrame:
    """Own words about a stock, one in ten with the link."""
    linked = [link if yes else None for yes in draw.random(len(account)) < 0.1]
    texts = [words(draw, 10) for _ in account]
    return rows(account, at, [ticker(stock)] * len(account), linked, texts)


def _entrants(draw: Draw, who: People) -> Ints:
    """40 to 90 accounts, by activity."""
    chance = who.activity / who.activity.sum()
    return draw.choice(len(chance), int(draw.integers(40, 90)), replace=False, p=chance)


def _giveaway(draw: Draw, crowd: Ints, number: int) -> pl.DataFrame:
    """One text, no stock, by each of the crowd within three weeks."""
    size = len(crowd)
    at = BEGIN + draw.integers(0, (DAYS - 21) * DAY) + draw.integers(0, 21 * DAY, size)
    link = f"https://prize.example/{number}"
    return rows(crowd, at, [None] * size, [link] * size, [words(draw, 10)] * size)


def rows(
    account: Ints,
    at: Ints,
    names: list[str | None] | list[str] | list[None],
    links: list[str | None] | list[str],
    texts: list[str],
) -> pl.DataFrame:
    """Posts as SCHEMA."""
    columns = {"account": account, "at": at, "ticker": names, "link": links, "text": texts}
    return pl.DataFrame(columns, schema=SCHEMA)
