"""How strong a tie has to be, by how many accounts could be tied.

The weight of a tie is -log10 of its p. With N accounts a fixed line lets more and more chance ties
through: N^2 of them in all, N for each account, and at some N they hang together and every cluster
is strangers. A line that grows by log10 N keeps the chance ties of an account where they were, one
that grows by twice that the chance ties of a whole market. STEEP lies between; docs/coordination.md
has the markets that chose it. Below FEW accounts the line stays.

A crowd rests on how densely it is tied and not on any one tie (crowd.py), so its line hardly grows.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import log10

FEW = 600  # accounts
STRONG = 2.5  # weight, with FEW accounts
STEEP = 1.5  # weight a tenfold of accounts
JOIN = 2.0  # below the line: p a hundred times larger
CROWD, CROWD_STEEP = 2.0, 0.25
NEAR = 0.5  # below a line that was given, a crowd's


@dataclass(frozen=True, slots=True)
class Lines:
    """Weights: from `strong` a tie makes clusters, from `weakest` it may join an account to one;
    from `crowd` many together make a crowd."""

    strong: float
    weakest: float
    crowd: float


def lines(accounts: int, strong: float | None = None) -> Lines:
    """The lines where so many accounts could be tied, or those that go with the `strong` given."""
    if strong is not None:
        return Lines(strong, max(strong - JOIN, 0.0), max(strong - NEAR, 0.0))
    tenfolds = log10(max(accounts, FEW) / FEW)
    line = STRONG + STEEP * tenfolds
    return Lines(line, line - JOIN, CROWD + CROWD_STEEP * tenfolds)
