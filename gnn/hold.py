"""A cluster that hardly names a stock is held low; one that promotes a stock in a burst is not.

The risk is of promoting a stock: a giveaway may be as coordinated as it likes. But a ring that
posts a giveaway as well as its pitch must not hide behind it. So nothing is held down where members
named one stock together within an hour: at least FEW of them and SHARE of all, or at least MANY.
"""

from __future__ import annotations

from collections import Counter, defaultdict

import numpy as np

from gnn.view import HOUR, View
from graph.model import Factor, Millis

LEAST_NAMING = 0.2  # of the evidence posts
HELD_AT = float(np.log(0.002 / 0.998))  # log odds that the map gives 10 of 100
FEW, SHARE, MANY = 3, 1 / 3, 5  # members


def hold(log_odds: float, naming: float, burst: bool = False) -> tuple[float, tuple[Factor, ...]]:
    """Log odds held low where a cluster's posts hardly name a stock, and the factor that says so.

    `naming` is the share of its evidence posts that name any; `burst`: see `bursts`.
    """
    if naming >= LEAST_NAMING or log_odds <= HELD_AT or burst:
        return log_odds, ()
    text = f"only {naming:.0%} of its evidence posts name a stock, and a promotion names one"
    return HELD_AT, (Factor("names_no_stock", text, naming, HELD_AT - log_odds),)


def bursts(view: View) -> bool:
    """Whether enough members named one stock within an hour, by the evidence posts."""
    named: defaultdict[str, list[tuple[Millis, str]]] = defaultdict(list)
    for post, row in zip(view.ids, view.rows, strict=True):
        for ticker in view.world.tickers.get(post, ()):
            if row.account in view.members:
                named[ticker].append((row.at, row.account))
    most = max((_together(rows) for rows in named.values()), default=0)
    return most >= MANY or (most >= FEW and most >= SHARE * len(view.members))


def _together(rows: list[tuple[Millis, str]]) -> int:
    """The most different accounts among (at, account), by time, within an hour."""
    inside: Counter[str] = Counter()
    most = first = 0
    for at, account in rows:
        inside[account] += 1
        while rows[first][0] < at - HOUR:
            inside[rows[first][1]] -= 1
            first += 1
        most = max(most, sum(n > 0 for n in inside.values()))
    return most
