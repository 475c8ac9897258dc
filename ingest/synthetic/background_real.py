"""A real background: a window of real posts and bars, and a sample of the accounts in it.

Posts are read by the reader of X API v1.1 and prices by that of Yahoo. Nothing of them is kept in
the repository; who runs this has the files.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from graph.errors import UsageError
from graph.model import Account, Bar, Millis, Post
from ingest import x_v11
from ingest.market import yahoo_csv
from ingest.record import Record
from ingest.synthetic.background import (
    Background,
    checked,
    seen_often,
    spread_out,
    talked_of,
)
from ingest.synthetic.settings import DAY

_BEFORE, _AFTER = 330 * DAY, 35 * DAY  # of bars around the window
_WEB = re.compile(r"https?://\S*")
_AT = re.compile(r"@\w+:?")
_CASHTAG = re.compile(r"\$[A-Za-z][\w.]*")
_SPACE = re.compile(r"\s+")
_FEWEST_WORDS = 6
_SAYINGS = 4_000


@dataclass(frozen=True)
class Archive:
    """All that the files hold: each post once by time, each account once by id, bars by stock."""

    posts: tuple[Post, ...]
    accounts: dict[str, Account]
    bars: tuple[Bar, ...]


def read_archive(posts: Path, bars: Path) -> Archive:
    """Both files, read once for many backgrounds; what the readers reject is left out.

    Raises SourceRefused or SourceUnavailable as the readers do.
    """
    found: dict[str, Post] = {}
    people: dict[str, Account] = {}
    for record in x_v11.read(posts):
        if isinstance(record, Record):
            for post in record.posts:
                if post.id not in found or post.known_at < found[post.id].known_at:
                    found[post.id] = post
            for account in record.accounts:
                if account.created_at is not None:
                    people.setdefault(account.id, account)
    prices = [bar for bar in yahoo_csv.read(bars) if isinstance(bar, Bar)]
    return Archive(
        posts=tuple(sorted(found.values(), key=lambda post: (post.at, post.id))),
        accounts=people,
        bars=tuple(sorted(prices, key=lambda bar: (bar.ticker, bar.at))),
    )


def real_background(
    archive: Archive, seed: int, days: int = 150, accounts: int = 600
) -> Background:
    """A window of `days` that the seed chooses, and at most `accounts` of those who posted often.

    Texts of people outside the sample, with another stock's cashtag, are its sayings. Same archive
    and arguments, same background. Raises UsageError where the window has too few accounts.
    """
    rng = random.Random(f"{seed}/real")
    first = _first(rng, archive, days)
    last = first + days * DAY
    window = [p for p in archive.posts if first <= p.at and p.known_at < last]
    often = seen_often(p for p in window if p.account_id in archive.accounts)
    known = sorted({post.account_id for post in often})
    chosen = set(rng.sample(known, min(accounts, len(known))))
    posts = [post for post in often if post.account_id in chosen]
    bars = _bars(archive.bars, first, last)
    homes, people = spread_out(rng, posts, _people(archive, posts))
    names = {bar.ticker: bar.ticker for bar in bars}
    return checked(
        Background(
            name=f"real posts {seed}",
            posts=tuple(homes),
            accounts=tuple(sorted(people, key=lambda one: one.id)),
            bars=bars,
            first=first,
            last=last,
            stocks={ticker: names[ticker] for ticker in talked_of(homes, names)},
            sayings=_sayings(rng, (p for p in archive.posts if p.account_id not in chosen)),
        )
    )


def _first(rng: random.Random, archive: Archive, days: int) -> Millis:
    """Midnight of the window's first day. Old posts that others repeated begin no window."""
    if not archive.posts:
        raise UsageError("there are no posts in the archive; name a file that has some")
    times = [post.at for post in archive.posts]
    begin, end = times[len(times) // 100] // DAY, times[-1] // DAY
    if end - begin < days:
        raise UsageError(f"the archive spans {end - begin} days; ask for no more than that")
    return (begin + rng.randrange(end - begin - days + 1)) * DAY


def _people(archive: Archive, posts: Sequence[Post]) -> list[Account]:
    """Their profiles, known from their first post in the window at the latest."""
    seen: dict[str, Millis] = {}
    for post in posts:
        seen[post.account_id] = min(post.known_at, seen.get(post.account_id, post.known_at))
    return [replace(archive.accounts[one], known_at=at) for one, at in sorted(seen.items())]


def _bars(bars: Iterable[Bar], first: Millis, last: Millis) -> tuple[Bar, ...]:
    """Those around the window, of stocks that traded in all of it."""
    near = [bar for bar in bars if first - _BEFORE <= bar.at < last + _AFTER]
    begun = {bar.ticker for bar in near if bar.at < first - _BEFORE + 10 * DAY}
    ended = {bar.ticker for bar in near if bar.at >= last - 10 * DAY}
    return tuple(bar for bar in near if bar.ticker in begun & ended)


def _sayings(rng: random.Random, posts: Iterable[Post]) -> tuple[str, ...]:
    """Texts about one stock, without addresses and names of accounts, each once."""
    one = [p for p in posts if len(p.tickers) == 1 and p.repost_of is None and not p.reply_to]
    drawn = rng.sample(one, min(len(one), 2 * _SAYINGS))
    texts = dict.fromkeys(saying for post in drawn if (saying := _saying(post)))
    return tuple(texts)[:_SAYINGS]


def _saying(post: Post) -> str | None:
    text = _AT.sub("", _WEB.sub("", post.text)).removeprefix("RT").replace("{", "").replace("}", "")
    if len(_CASHTAG.findall(text)) != 1:
        return None
    text = _SPACE.sub(" ", _CASHTAG.sub("{T}", text)).strip(" :-|")
    return text if len(text.split()) >= _FEWEST_WORDS else None
