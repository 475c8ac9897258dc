"""Which posts matter most to a score, and the fewest whose loss drops its band.

Of many copies of one text no single one moves a score. So three things are told, each scored again:

* what a post is worth alone: the score without it;
* what a group is worth: the score without all posts that share an object, show a trace, say a
  thing that members say alike, or are by one member;
* an order: the first ten are those that lower the score most, one after the other, each with those
  before it gone. At each step the TRIED posts that moved it most when last tried are tried again;
  of equal ones that with more shared acts comes first. The rest follows by what it is worth alone.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from gnn.removal.weighing import Weighing

FIRST = 10  # posts that are put in order one after the other
TRIED = 8  # posts tried at each step
ALONE = 120  # posts weighed alone, those with most shared acts; a person reads no more


@dataclass(frozen=True, slots=True)
class Ranked:
    """Posts, the most telling first; what each does alone, in log odds (below 0: the risk falls
    without it), of those that were weighed alone; how many of them were put in order."""

    posts: tuple[str, ...]
    alone: Mapping[str, float]
    first: int


def ranked(posts: Sequence[str], acts: Mapping[str, int], weighing: Weighing) -> Ranked:
    """The order of `posts`, whatever order they come in. `acts`: how much each shares: acts, and
    things that it says with others."""
    by_acts = sorted(posts, key=lambda post: (-acts.get(post, 0), post))
    weighed, rest = by_acts[:ALONE], by_acts[ALONE:]
    alone = {post: weighing.moved((post,)) for post in weighed}
    last = dict(alone)

    def most_telling(post: str) -> tuple[float, int, str]:
        return last[post], -acts.get(post, 0), post

    order: list[str] = []
    left = set(weighed)
    while left and len(order) < FIRST:
        for post in sorted(left, key=most_telling)[:TRIED]:
            last[post] = weighing.moved((post,), order)
        order.append(min(left, key=most_telling))
        left.remove(order[-1])
    last = dict(alone)
    return Ranked((*order, *sorted(left, key=most_telling), *rest), alone, len(order))


def minimal(
    order: Sequence[str], drops: Callable[[Collection[str]], bool]
) -> tuple[str, ...] | None:
    """A set whose loss drops the band while that of the set without any one of its items does not,
    most telling first. None where even the loss of everything drops nothing.

    `drops` says whether the band is lower without these. It need not be monotone: items are put
    back as long as any single one can be.
    """
    if not order or not drops(order):
        return None
    most, least = len(order), 0  # order[:most] drops it
    while most - least > 1:
        middle = (most + least) // 2
        most, least = (middle, least) if drops(order[:middle]) else (most, middle)
    kept = list(order[:most])
    again = True
    while again:
        again = False
        for item in reversed(list(kept)):
            others = [other for other in kept if other != item]
            if drops(others):
                kept, again = others, True
    return tuple(kept)
