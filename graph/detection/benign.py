"""Coordination that is ordinary life is said, not hidden: a sentence on the cluster.

These are readings of behaviour. They never remove a cluster, and none of them alone lowers a
score: a promoter who copies a harmless habit is still shown with everything found, with the label
beside it. docs/clusters.md lists them with their lines.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from graph.detection.observed import Observed
from graph.errors import UsageError
from graph.model import Cluster
from graph.windows import DAY

FEW_NAME = 0.2  # share of posts that name a stock, below which a cluster is not about stocks
SLOW_DAYS = 7  # a text repeated for longer than this, hours apart
MANY_STOCKS, NO_MAIN = 6, 0.3  # stocks, and the share of the most named one
ONE_SITE = 0.8  # share of links to one host
FORMED = 0.8  # share of posts that are one of few forms with new numbers
FEW_FORMS = 10  # posts a form, at least
MONTHS = 60  # days
OWN_WORDS, MAIN, BUSY_DAY = 0.8, 0.8, 0.15
ECHOING, ONE_VOICE = 0.5, 0.6  # reposts among all posts; reposts of one account
ON_LIST = 0.5  # share of members on the allow-list

_NUMBER = re.compile(r"\d+(?:[.,:/]\d+)*")
_STOCK = re.compile(r"\$[a-z][a-z.]*", re.IGNORECASE)
_LINK = re.compile(r"https?://\S+")


@dataclass(frozen=True, slots=True)
class Habits:
    """What a cluster does, as far as a label needs it.

    `posts`: evidence posts (post, at, text, text_id); `tickers`: (post, ticker) and `links`: (post,
    link) of them; `reposted`: the authors of what its members reposted, one a repost; `own`: posts
    of their own by its members.
    """

    posts: pl.DataFrame
    tickers: pl.DataFrame
    links: pl.DataFrame
    reposted: Sequence[str] = ()
    own: int = 0

    @property
    def days(self) -> float:
        """From the first evidence post to the last."""
        return float(np.ptp(self.posts["at"].to_numpy())) / DAY

    @property
    def stocks(self) -> list[tuple[str, float]]:
        """Stocks with the share of evidence posts that name them, most named first."""
        counts = self.tickers["ticker"].value_counts()
        ranked = counts.sort("count", "ticker", descending=[True, False]).iter_rows()
        return [(ticker, n / self.posts.height) for ticker, n in ranked]


def benign(habits: Habits) -> str | None:
    """Why a cluster of these habits looks harmless, in a sentence; the first reading that fits."""
    if habits.posts.is_empty():
        return None
    return next((text for reading in READINGS if (text := reading(habits))), None)


def official(
    clusters: Sequence[Cluster], observed: Observed, allowed: Collection[str]
) -> tuple[Cluster, ...]:
    """`clusters` with a sentence where at least half of the members are on the allow-list.

    `allowed` holds ids (x:123) and handles, with or without @. The sentence says how many are, and
    stands before any other reading.
    """
    wanted = {name.removeprefix("@").lower() for name in allowed}
    known = {
        account
        for account, handle in observed.accounts.select("account", "handle").iter_rows()
        if (handle or "").lower() in wanted or account.lower() in wanted
    } | (set(allowed) & {m.account_id for c in clusters for m in c.members})
    return tuple(_allowed(cluster, known) for cluster in clusters)


def read_allowed(lines: Sequence[str]) -> frozenset[str]:
    """An allow-list: an id or handle a line, `#` begins a remark. Raises UsageError for others."""
    names = [line.partition("#")[0].strip() for line in lines]
    for number, name in enumerate(names, 1):
        if len(name.split()) > 1:
            raise UsageError(
                f"line {number} of the list of official accounts has several words: {name[:60]!r};"
                " write an id (x:123) or a handle a line"
            )
    return frozenset(name for name in names if name)


def _allowed(cluster: Cluster, known: Collection[str]) -> Cluster:
    listed = sum(m.account_id in known for m in cluster.members)
    if not listed or listed < ON_LIST * len(cluster.members):
        return cluster
    text = f"{listed} of its {len(cluster.members)} accounts are on the list of official accounts."
    return replace(cluster, benign=text + (f" {cluster.benign}" if cluster.benign else ""))


def _audience(habits: Habits) -> str | None:
    reposts = len(habits.reposted)
    if not reposts or reposts < ECHOING * (reposts + habits.own):
        return None
    counts = pl.Series("who", habits.reposted).value_counts()
    who, count = counts.sort("count", "who", descending=[True, False]).row(0)
    if count < ONE_VOICE * reposts:
        return None
    return (
        f"Most of what its members post repeats one account, {who} ({count} of {reposts} reposts):"
        " an audience looks like this."
    )


def _giveaway(habits: Habits) -> str | None:
    posts, days = habits.posts, habits.days
    if habits.tickers["post"].n_unique() < FEW_NAME * posts.height:
        return (
            f"{posts.height} posts over {days:.0f} days and hardly any names a stock:"
            " a giveaway or a chain post looks like this."
        )
    texts = posts["text_id"].n_unique()
    if texts <= max(2, posts.height // 20) and days > SLOW_DAYS and _gap_hours(posts) >= 1:
        return (
            f"One text repeated for {days:.0f} days, an account at a time:"
            " a giveaway or a chain post looks like this."
        )
    return None


def _price_posts(habits: Habits) -> str | None:
    times = habits.posts["text"].value_counts().rows()  # copies are looked at once
    forms = {text: _form(text) for text, _ in times}
    numbered = {form for form in forms.values() if form.count("0") >= 2}
    share = sum(n for text, n in times if forms[text] in numbered) / habits.posts.height
    if share < FORMED or len(numbered) * FEW_FORMS > habits.posts.height:
        return None
    forms_said = "one form" if len(numbered) == 1 else f"{len(numbered)} forms"
    return (
        f"{habits.posts.height} posts of {forms_said} with new numbers each time:"
        " automated price posts look like this."
    )


def _feed(habits: Habits) -> str | None:
    stocks = habits.stocks
    if len(stocks) < MANY_STOCKS or stocks[0][1] >= NO_MAIN:
        return None
    says = f"The same posts about {len(stocks)} different stocks, none above {stocks[0][1]:.0%}"
    host = _one_site(habits)
    if host:
        return f"{says}, with links to {host}: a news feed looks like this."
    return f"{says}: automated feeds look like this."


def _fans(habits: Habits) -> str | None:
    posts, stocks = habits.posts, habits.stocks
    if not stocks or stocks[0][1] < MAIN or habits.days < MONTHS:
        return None
    busiest = max((posts["at"] // DAY).value_counts()["count"].to_list())
    own = posts["text_id"].n_unique() / posts.height
    if own < OWN_WORDS or busiest > max(2, BUSY_DAY * posts.height):
        return None
    return (
        f"Posts on ${stocks[0][0]} over {habits.days:.0f} days in words of their own, never many on"
        " one day: a fan community looks like this."
    )


READINGS: tuple[Callable[[Habits], str | None], ...] = (
    _giveaway,
    _price_posts,
    _feed,
    _fans,
    _audience,
)


def _form(text: str) -> str:
    """A text without what changes from post to post: numbers become 0, stocks $, links nothing."""
    bare = _STOCK.sub("$", _LINK.sub("", text))
    return " ".join(_NUMBER.sub("0", bare).casefold().split())


def _one_site(habits: Habits) -> str | None:
    """The host of most links, where most posts have one."""
    if habits.links["post"].n_unique() < ONE_SITE * habits.posts.height:
        return None
    hosts = habits.links["link"].str.extract(r"^(?:https?://)?([^/]+)").value_counts()
    host, count = hosts.sort("count", "link", descending=[True, False]).row(0)
    return str(host) if count >= ONE_SITE * habits.links.height else None


def _gap_hours(posts: pl.DataFrame) -> float:
    """Median time between one post and the next."""
    gaps = np.diff(np.sort(posts["at"].to_numpy()))
    return float(np.median(gaps)) / 3_600_000 if len(gaps) else 0.0
