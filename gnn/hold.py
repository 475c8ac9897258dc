"""A cluster that names no stock or runs a giveaway is held low, unless it pitches one.

The risk is of promoting a stock: a giveaway may be as coordinated as it likes. But a ring that
posts a giveaway as well as its pitch must not hide behind it. So nothing is held down where members
named one stock together within an hour: at least FEW of them and SHARE of all, or at least MANY.
Entrants of a giveaway also talk of stocks, popular ones even at the same hour; among them only a
pitch by PITCH of the members in half an hour, in other posts than those of the giveaway, counts.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Container

import numpy as np

from gnn.view import HOUR, View, says_giveaway
from graph.model import Factor, Millis

LEAST_NAMING = 0.2  # of the evidence posts
GIFTS = 1 / 3  # of the evidence posts
PITCH = 0.6  # of the members
HELD_AT = float(np.log(0.002 / 0.998))  # log odds that the map gives 10 of 100
FEW, SHARE, MANY = 3, 1 / 3, 5  # members


def hold(
    log_odds: float, naming: float, burst: bool = False, gifts: float = 0.0, pitch: float = 0.0
) -> tuple[float, tuple[Factor, ...]]:
    """Log odds held low where a cluster's posts hardly name a stock or mostly speak of a giveaway,
    and the factor that says so.

    `naming` and `gifts` are the shares of its evidence posts that do; `burst`: see `bursts`;
    `pitch`: see `pitched`.
    """
    if log_odds <= HELD_AT:
        return log_odds, ()
    effect = HELD_AT - log_odds
    if naming < LEAST_NAMING and not burst:
        text = f"only {naming:.0%} of its evidence posts name a stock, and a promotion names one"
        return HELD_AT, (Factor("names_no_stock", text, naming, effect),)
    if gifts >= GIFTS and pitch < PITCH:
        text = f"{gifts:.0%} of its evidence posts speak of a giveaway; few pitch a stock together"
        return HELD_AT, (Factor("gives_away", text, gifts, effect),)
    return log_odds, ()


def bursts(view: View) -> bool:
    """Whether enough members named one stock within an hour, by the evidence posts."""
    most = _most(view, view.ids)
    return most >= MANY or (most >= FEW and most >= SHARE * len(view.members))


def pitched(view: View) -> float:
    """The largest share of members that named one stock in half an hour, not for a giveaway."""
    other = {
        post for post, row in zip(view.ids, view.rows, strict=True) if not says_giveaway(row.text)
    }
    return _most(view, other, HOUR // 2) / max(len(view.members), 1)


def _most(view: View, posts: Container[str], within: Millis = HOUR) -> int:
    """The most members that named one stock `within` a time, in these posts."""
    named: defaultdict[str, list[tuple[Millis, str]]] = defaultdict(list)
    for post, row in zip(view.ids, view.rows, strict=True):
        for ticker in view.world.tickers.get(post, ()) if post in posts else ():
            if row.account in view.members:
                named[ticker].append((row.at, row.account))
    return max((_together(rows, within) for rows in named.values()), default=0)


def _together(rows: list[tuple[Millis, str]], within: Millis) -> int:
    """The most different accounts among (at, account), by time, `within` a time."""
    inside: Counter[str] = Counter()
    most = first = 0
    for at, account in rows:
        inside[account] += 1
        while rows[first][0] < at - within:
            inside[rows[first][1]] -= 1
            first += 1
        most = max(most, sum(n > 0 for n in inside.values()))
    return most
