"""How coordinated a cluster is: 0 to 1, acting together beyond chance over what was possible.

Of a pair of members let k be their co-actions, E the number chance gives, and n the posts of each
in the cluster's stocks while the cluster acted. They can meet at most m = min(n, n') times. Then

    coordination = sum (k - E) / sum (m - E)    over all pairs of members, not below 0

which is an agreement corrected for chance, like Cohen's kappa (1960) or the adjusted Rand index: 0
where members meet as often as chance says, 1 where each meets each whenever both act. A pair
without a tie counts as having met never, and its chance is estimated from the tied pairs, as E
grows with n n'. A crowd in which few know few is therefore low.

It does not restate activity. Under the null k has the mean E whatever n is, so the numerator has
mean 0; and where everything happens c times as often, k, E and m all grow c-fold and it stays.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from graph.model import Tie


def coordination(accounts: Sequence[str], ties: Sequence[Tie], posts: Mapping[str, int]) -> float:
    """The coordination of `accounts` whose ties among each other are `ties`, 0 to 1.

    `posts`: own posts of each in the cluster's stocks while it acted; at least 1 is taken.
    """
    return float(np.clip(beyond_chance(accounts, ties, posts), 0.0, 1.0))


def beyond_chance(accounts: Sequence[str], ties: Sequence[Tie], posts: Mapping[str, int]) -> float:
    """The same before it is cut off at 0: with mean 0 where nothing but chance is at work."""
    place = {account: n for n, account in enumerate(sorted(accounts))}
    wrote = np.array([max(posts.get(a, 0), 1) for a in sorted(accounts)], dtype=np.float64)
    left = np.array([place[tie.left] for tie in ties], dtype=np.int64)
    right = np.array([place[tie.right] for tie in ties], dtype=np.int64)
    most = np.minimum(wrote[left], wrote[right])
    seen = np.minimum([float(tie.co_actions) for tie in ties], most)
    expected = np.minimum([float(tie.expected) for tie in ties], most)
    product = float((wrote[left] * wrote[right]).sum())
    rate = float(expected.sum()) / product if product else 0.0
    possible, by_chance = _of_all(wrote, rate)
    # tied pairs are in the sums over all pairs with the estimate; their own chance replaces it
    by_chance += float((expected - np.minimum(rate * wrote[left] * wrote[right], most)).sum())
    if possible - by_chance <= 0:
        return 0.0
    return float(seen.sum() - by_chance) / (possible - by_chance)


def _of_all(
    wrote: np.ndarray[tuple[int], np.dtype[np.float64]], rate: float
) -> tuple[float, float]:
    """Over all pairs: the most co-actions possible, and those that chance gives at this rate."""
    possible = by_chance = 0.0
    for n in range(1, len(wrote)):
        most = np.minimum(wrote[:n], wrote[n])
        possible += float(most.sum())
        by_chance += float(np.minimum(rate * wrote[:n] * wrote[n], most).sum())
    return possible, by_chance
