"""What a feature may look at: one cluster with its ties, its posts, its people and its market.

Everything comes from what was observed at a moment; what became known later is dropped here, once.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from graph.detection.observed import Observed
from graph.model import Cluster, Millis, PriceEvent, Tie
from graph.text import words

HOUR = 3_600_000
DAY = 24 * HOUR
NEAR = 3 * DAY  # a price event this close to a cluster's posts counts as near

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

# What a giveaway says of itself. Everyday words of contests, not taken from any data set.
_GIVEAWAY = frozenset(
    [
        "win",
        "winner",
        "winners",
        "winning",
        "won",
        "giveaway",
        "giveaways",
        "contest",
        "sweepstakes",
        "raffle",
        "entered",
        "enter",
        "prize",
        "prizes",
        "gift",
    ]
)


@dataclass(frozen=True, slots=True)
class Profile:
    """What is known of an account; None where the platform did not say."""

    created_at: Millis | None
    followers: int | None
    following: int | None


@dataclass(frozen=True, slots=True)
class PostRow:
    """The parts of a post that features use."""

    account: str
    at: Millis
    text: str
    text_id: str
    repost: bool
    client: str | None
    answer: bool = False  # or a quote


@dataclass(frozen=True, slots=True)
class Crowd:
    """Who named a stock and when: times ascending, account beside each."""

    at: Ints
    accounts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class World:
    """One market as known at `as_of`, indexed for reading by cluster."""

    as_of: Millis
    posts: Mapping[str, PostRow]
    tickers: Mapping[str, tuple[str, ...]]  # post -> stocks it names
    links: Mapping[str, tuple[str, ...]]  # post -> addresses it points to
    profiles: Mapping[str, Profile]
    posts_by: Mapping[str, int]  # account -> posts
    stocks_by: Mapping[str, frozenset[str]]  # account -> stocks it ever named
    crowds: Mapping[str, Crowd]  # stock -> who named it
    events: Mapping[str, tuple[PriceEvent, ...]]  # stock -> events, earliest first
    namers: int  # accounts that ever named any stock


@dataclass(frozen=True, slots=True)
class View:
    """One cluster with what belongs to it. `rows` are its evidence posts, earliest first."""

    world: World
    cluster: Cluster
    members: frozenset[str]
    ties: tuple[Tie, ...]
    ids: tuple[str, ...]
    rows: tuple[PostRow, ...]
    at: Ints
    named: Counter[str]  # stock -> evidence posts that name it
    top: str | None  # the stock it names most
    events: tuple[PriceEvent, ...]  # of that stock, near its posts


def world(observed: Observed, events: Iterable[PriceEvent]) -> World:
    """Indexes what was observed. Rows and events from after `as_of` are left out."""
    posts = _posts(observed)
    tickers = _pairs(observed.named.iter_rows(), posts)
    stocks_by = _stocks_by(posts, tickers)
    return World(
        as_of=observed.as_of,
        posts=posts,
        tickers=tickers,
        links=_pairs(observed.linked.iter_rows(), posts),
        profiles=_profiles(observed),
        posts_by=Counter(row.account for row in posts.values()),
        stocks_by=stocks_by,
        crowds=_crowds(posts, tickers),
        events=_events(events, observed.as_of),
        namers=len(stocks_by) if observed.namers is None else observed.namers,
    )


def views(seen: World, ties: Sequence[Tie], clusters: Sequence[Cluster]) -> list[View]:
    """A view for each cluster, in the order given."""
    inside = _ties_inside(ties, clusters)
    return [_view(seen, cluster, tuple(inside[cluster.id])) for cluster in clusters]


def says_giveaway(text: str) -> bool:
    """Does a text speak of winning something? Hashtags count as words."""
    return any(word.lstrip("#") in _GIVEAWAY for word in words(text))


def _posts(observed: Observed) -> dict[str, PostRow]:
    rows = observed.posts.filter(pl.col("at") <= observed.as_of).select(
        "post",
        "account",
        "at",
        "text",
        "text_id",
        pl.col("repost_of").is_not_null(),
        "client",
        pl.any_horizontal(pl.col("reply_to", "quote_of").is_not_null()),
    )
    return {post: PostRow(*rest) for post, *rest in rows.iter_rows()}


def _pairs(
    rows: Iterable[tuple[str, ...]], posts: Mapping[str, PostRow]
) -> dict[str, tuple[str, ...]]:
    found: defaultdict[str, list[str]] = defaultdict(list)
    for post, value in rows:
        if post in posts:
            found[post].append(value)
    return {post: tuple(sorted(values)) for post, values in found.items()}


def _profiles(observed: Observed) -> dict[str, Profile]:
    columns = ("account", "created_at", "followers", "following")
    rows = observed.accounts.select(columns).iter_rows()
    return {account: Profile(*rest) for account, *rest in rows}


def _stocks_by(
    posts: Mapping[str, PostRow], tickers: Mapping[str, tuple[str, ...]]
) -> dict[str, frozenset[str]]:
    found: defaultdict[str, set[str]] = defaultdict(set)
    for post, named in tickers.items():
        found[posts[post].account].update(named)
    return {account: frozenset(stocks) for account, stocks in found.items()}


def _crowds(
    posts: Mapping[str, PostRow], tickers: Mapping[str, tuple[str, ...]]
) -> dict[str, Crowd]:
    found: defaultdict[str, list[tuple[Millis, str]]] = defaultdict(list)
    for post, named in tickers.items():
        for ticker in named:
            found[ticker].append((posts[post].at, posts[post].account))
    return {ticker: _crowd(sorted(rows)) for ticker, rows in sorted(found.items())}


def _crowd(rows: list[tuple[Millis, str]]) -> Crowd:
    return Crowd(
        np.array([at for at, _ in rows], dtype=np.int64), tuple(account for _, account in rows)
    )


def _events(events: Iterable[PriceEvent], as_of: Millis) -> dict[str, tuple[PriceEvent, ...]]:
    found: defaultdict[str, list[PriceEvent]] = defaultdict(list)
    for event in sorted(events, key=lambda e: (e.at, e.id)):
        if event.known_at <= as_of:
            found[event.ticker].append(event)
    return {ticker: tuple(rows) for ticker, rows in found.items()}


def _ties_inside(ties: Sequence[Tie], clusters: Sequence[Cluster]) -> defaultdict[str, list[Tie]]:
    homes: defaultdict[str, set[str]] = defaultdict(set)
    for cluster in clusters:
        for member in cluster.members:
            homes[member.account_id].add(cluster.id)
    inside: defaultdict[str, list[Tie]] = defaultdict(list)
    for tie in sorted(ties, key=lambda t: (t.left, t.right)):
        for home in homes[tie.left] & homes[tie.right]:
            inside[home].append(tie)
    return inside


def _view(seen: World, cluster: Cluster, ties: tuple[Tie, ...]) -> View:
    ids = sorted(
        {post for post in cluster.posts if post in seen.posts},
        key=lambda post: (seen.posts[post].at, post),
    )
    named = Counter(ticker for post in ids for ticker in seen.tickers.get(post, ()))
    top = min(named, key=lambda ticker: (-named[ticker], ticker)) if named else None
    at = np.array([seen.posts[post].at for post in ids], dtype=np.int64)
    return View(
        world=seen,
        cluster=cluster,
        members=frozenset(member.account_id for member in cluster.members),
        ties=ties,
        ids=tuple(ids),
        rows=tuple(seen.posts[post] for post in ids),
        at=at,
        named=named,
        top=top,
        events=_near(seen.events.get(top, ()) if top else (), at),
    )


def _near(events: Sequence[PriceEvent], at: Ints) -> tuple[PriceEvent, ...]:
    """Events whose day begins within three days of one of the posts."""
    if not len(at):
        return ()
    return tuple(event for event in events if np.abs(at - event.at).min() <= NEAR)
