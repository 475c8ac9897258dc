"""One-line scores: what anybody can count of an account in raw posts, before any tie is made.

Each is a number an account. A score is allowed to be silly; if it tells planted accounts from the
others all the same, the generator has left a fingerprint.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import combinations, pairwise
from statistics import fmean, median, pstdev

from graph.model import Account, Post
from graph.text import words
from ingest.synthetic.clock import weekend
from ingest.synthetic.settings import DAY, HOUR

Scores = Mapping[str, float]
Mine = Sequence[Post]
_LOUD = re.compile(r"\b(buy|buying|load|huge|now|moon|soon|target|cheap)\b|[!\U0001f680]", re.I)


def raw_scores(posts: Sequence[Post], accounts: Sequence[Account]) -> dict[str, Scores]:
    """Every score by its name, then by account id. `norm` is over all the others."""
    own: dict[str, list[Post]] = {account.id: [] for account in accounts}
    for post in posts:
        own[post.account_id].append(post)
    found: dict[str, Scores] = {
        name: {account: score(theirs) for account, theirs in own.items() if theirs}
        for name, score in _OF_POSTS.items()
    }
    found |= {name: {a.id: float(score(a)) for a in accounts} for name, score in _OF_ACCOUNTS}
    found |= _among(own, posts)
    return {**found, "norm": _norm(found)}


def _share(posts: Mine, holds: Callable[[Post], object]) -> float:
    return fmean(bool(holds(post)) for post in posts)


def _stocks(posts: Mine) -> float:
    return float(len({ticker for post in posts for ticker in post.tickers}))


def _top_stock(posts: Mine) -> float:
    """The share of posts that name the stock it names most."""
    named = Counter(ticker for post in posts for ticker in post.tickers)
    return max(named.values(), default=0) / len(posts)


def _entropy(counts: Counter[int]) -> float:
    total = counts.total()
    return -math.fsum(n / total * math.log2(n / total) for n in counts.values())


def _hours(posts: Mine) -> float:
    """Bits over hours of the day, over what so many posts could have at most."""
    most = math.log2(min(24, len(posts)))
    return _entropy(Counter(post.at % DAY // HOUR for post in posts)) / most if most else 0.0


def _gap(posts: Mine) -> float:
    return median([b.at - a.at for a, b in pairwise(posts)] or [0])


def _busiest_day(posts: Mine) -> float:
    return max(Counter(post.at // DAY for post in posts).values()) / len(posts)


def _rich(posts: Mine) -> float:
    """Distinct words over words."""
    said = [word for post in posts for word in words(post.text)]
    return len(set(said)) / len(said) if said else 1.0


def _programs(posts: Mine) -> float:
    return float(len({post.client for post in posts}))


_OF_POSTS: dict[str, Callable[[Mine], float]] = {
    "posts": lambda posts: float(len(posts)),
    "degree": _stocks,
    "objects": lambda posts: float(len(_objects(posts))),
    "triangles": lambda posts: float(len(_pairs(posts))),
    "reposts": lambda posts: float(sum(p.repost_of is not None for p in posts)),
    "quotes": lambda posts: _share(posts, lambda p: p.quote_of),
    "answers": lambda posts: _share(posts, lambda p: p.reply_to),
    "text_length": lambda posts: fmean(len(p.text) for p in posts),
    "rich_words": _rich,
    "loud_words": lambda posts: _share(posts, lambda p: _LOUD.search(p.text)),
    "links": lambda posts: fmean(len(p.links) for p in posts),
    "link_share": lambda posts: _share(posts, lambda p: p.links),
    "hashtags": lambda posts: fmean(len(p.hashtags) for p in posts),
    "mentions": lambda posts: fmean(len(p.mentions) for p in posts),
    "stocks_a_post": lambda posts: fmean(len(p.tickers) for p in posts),
    "top_stock": _top_stock,
    "weekend": lambda posts: _share(posts, lambda p: weekend(p.at)),
    "hour_entropy": _hours,
    "median_gap": _gap,
    "busiest_day": _busiest_day,
    "programs": _programs,
}
_OF_ACCOUNTS: tuple[tuple[str, Callable[[Account], int]], ...] = (
    ("followers", lambda a: a.followers or 0),
    ("following", lambda a: a.following or 0),
    ("created_at", lambda a: a.created_at or 0),
    ("posts_count", lambda a: a.posts_count or 0),
)


def _objects(posts: Iterable[Post]) -> set[str]:
    return {one for post in posts for one in _of(post)}


def _of(post: Post) -> tuple[str, ...]:
    """What a post joins its author to: stocks, links, hashtags, accounts."""
    return (
        *(f"${ticker}" for ticker in post.tickers),
        *post.links,
        *(f"#{tag}" for tag in post.hashtags),
        *post.mentions,
    )


def _pairs(posts: Iterable[Post]) -> set[tuple[str, str]]:
    """Triangles of an account with two objects that one post of it joins."""
    return {pair for post in posts for pair in combinations(sorted(set(_of(post))), 2)}


def _among(own: Mapping[str, Mine], posts: Sequence[Post]) -> dict[str, Scores]:
    """Scores that take the others into account: who shares, who knows whom, how rare its stocks."""
    holders = Counter(thing for theirs in own.values() for thing in _objects(theirs))
    named = Counter(ticker for post in posts for ticker in post.tickers)
    met = _met(posts)
    return {
        "shared_objects": {
            account: fmean(holders[thing] > 1 for thing in things)
            for account, theirs in own.items()
            if (things := _objects(theirs))
        },
        "popularity": {
            account: fmean(math.log(named[t]) for t in tickers)
            for account, theirs in own.items()
            if (tickers := [t for post in theirs for t in post.tickers])
        },
        "circle": {account: float(_closed(account, met)) for account in own},
    }


def _met(posts: Sequence[Post]) -> dict[str, set[str]]:
    """Who named, answered, quoted or repeated whom, either way."""
    author = {post.id: post.account_id for post in posts}
    met: dict[str, set[str]] = defaultdict(set)
    for post in posts:
        to = (author.get(key or "") for key in (post.repost_of, post.quote_of, post.reply_to))
        for other in (*post.mentions, *to):
            if other is not None and other != post.account_id:
                met[post.account_id].add(other)
                met[other].add(post.account_id)
    return met


def _closed(account: str, met: Mapping[str, set[str]]) -> int:
    """Pairs of those it met that met each other."""
    mine = met.get(account, set())
    return sum(len(met[other] & mine) for other in mine) // 2


def _norm(found: Mapping[str, Scores]) -> dict[str, float]:
    """The length of an account's vector of scores, each standardised over the accounts."""
    total: dict[str, float] = defaultdict(float)
    for scores in found.values():
        values = [math.log1p(max(value, 0.0)) for value in scores.values()]
        middle, spread = fmean(values), pstdev(values) or 1.0
        for account, value in zip(scores, values, strict=True):
            total[account] += ((value - middle) / spread) ** 2
    return {account: math.sqrt(square) for account, square in total.items()}
