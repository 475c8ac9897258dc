"""What some posts take part in, at once: their co-actions, and how often those pairs met so far.

Only the episodes that the posts lie in are looked at, and names come last: the answer for a hundred
posts takes milliseconds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt
import polars as pl
from numba import njit

from graph.detection.acts import Codes, Ints
from graph.detection.coaction import LEVELS
from graph.detection.incremental.held import Held
from graph.detection.incremental.lines import Line, Standing
from graph.detection.incremental.names import Names
from graph.detection.incremental.stretches import ACCOUNT, ACCOUNTS
from graph.detection.incremental.timeline import first_at
from graph.detection.incremental.views import ranges
from graph.detection.loops import events, twice

MET = pl.Array(pl.Int64, len(LEVELS))


@dataclass(frozen=True, slots=True)
class Near:
    """Two acts within a window each, of pairs that the posts are part of. Shape [n] each, `met`
    [n, 4]. `left` and `right` are posts, `episode` numbers those of a question."""

    question: Ints
    pair: Ints
    episode: Ints
    left: Codes
    right: Codes
    object: npt.NDArray[np.object_]
    popularity: Codes
    met: Ints


def co_actions(lines: Sequence[Line], held: Held, posts: Codes, most_popular: int) -> pl.DataFrame:
    """A row for each question, pair and episode in which one of `posts` (distinct) is one of the
    two posts nearest in time.

    Columns: those of `Tables.evidence` without episode, and `met`: how often the pair met in that
    trace and window, a number for each level of popularity.
    """
    asked = [(line, one) for line in lines for one in line.standing]
    found = [_near(n, *asked[n], held, posts, most_popular) for n in range(len(asked))]
    every = Near(*(np.concatenate([getattr(one, f.name) for one in found]) for f in fields(Near)))
    near = _nearest(every, held, posts)
    left, right = (held.posts.named(side) for side in (near.left, near.right))
    ends = [held.accounts.named(held.account[side]) for side in (near.left, near.right)]
    at = [held.at[side] for side in (near.left, near.right)]
    trace, window = ([getattr(one, what) for _, one in asked] for what in ("trace", "window"))
    return pl.DataFrame(
        {
            "left": pl.Series(ends[0], dtype=pl.String),
            "right": pl.Series(ends[1], dtype=pl.String),
            "left_post": pl.Series(left, dtype=pl.String),
            "right_post": pl.Series(right, dtype=pl.String),
            "trace": pl.Series(trace, dtype=pl.String).gather(near.question),
            "object": pl.Series(near.object.tolist(), dtype=pl.String),
            "window": pl.Series(window, dtype=pl.String).gather(near.question),
            "seconds": (at[1] - at[0]) / 1000,
            "popularity": near.popularity,
            "left_at": at[0],
            "right_at": at[1],
            "met": pl.Series(near.met, dtype=MET).arr.to_list(),
        }
    )


def meetings(lines: Sequence[Line], held: Held) -> pl.DataFrame:
    """How often each pair met: left, right, trace, window, level (the most accounts an episode of
    it has), times; sorted by the first five."""
    found = []
    for one in (one for line in lines for one in line.standing):
        keys, counts = one.meetings.read()
        ends = [held.accounts.named(end) for end in np.divmod(keys >> 2, ACCOUNTS)]
        rows = pl.DataFrame(
            {
                "one": pl.Series(ends[0], dtype=pl.String),
                "other": pl.Series(ends[1], dtype=pl.String),
                "level": np.array(LEVELS)[keys & 3],
                "times": counts.astype(np.int64),
            }
        )
        found.append(
            rows.select(
                pl.min_horizontal("one", "other").alias("left"),
                pl.max_horizontal("one", "other").alias("right"),
                pl.lit(one.trace).alias("trace"),
                pl.lit(one.window).alias("window"),
                "level",
                "times",
            )
        )
    return pl.concat(found).sort("left", "right", "trace", "window", "level")


def _near(
    question: int, line: Line, one: Standing, held: Held, posts: Codes, most_popular: int
) -> Near:
    """Every two acts of the pairs that the posts make, in the episodes that the posts lie in."""
    owner, objects = line.acts_of(posts)
    order = np.lexsort((held.at[owner], objects))
    owner, line_of = owner[order], line.timeline
    low, high, obj, crowd, keys = _episodes_with(
        (line_of.begin, line_of.size, line_of.at, line_of.account),
        (objects[order], held.at[owner], held.account[owner]),
        one.millis,
        most_popular,
        np.full(held.accounts.room, -1, dtype=np.int64),
    )
    pairs = np.unique(keys)
    at = ranges(low, high)
    start = np.append(0, np.cumsum(high - low))
    none = np.zeros(0, dtype=np.int64)
    account, post = line_of.account[at], line_of.post[at]
    i, j, episode = events(
        start, crowd, account, line_of.at[at], none.astype(np.int32), one.millis, most_popular,
        ACCOUNTS, pairs, none, 0, False,
    )  # fmt: skip
    levels = (pairs[:, None] << 2) + np.arange(len(LEVELS))
    met = one.meetings.counts(levels.ravel()).reshape(-1, len(LEVELS))
    pair = (account[i].astype(np.int64) << ACCOUNT) + account[j]
    names = np.array(line.objects.named(obj), dtype=object)
    return Near(
        np.full(len(i), question),
        pair,
        episode,
        post[i],
        post[j],
        names[episode],
        crowd[episode],
        met[np.searchsorted(pairs, pair)],
    )


def _nearest(near: Near, held: Held, posts: Codes) -> Near:
    """Of each question, pair and episode the two posts nearest in time, then smallest by name, if
    one of `posts` is one of them; left is the account that is smaller by name."""
    account = _ranks(held.accounts, held.account[near.left], held.account[near.right])
    turned = account[0] > account[1]
    left = np.where(turned, near.right, near.left)
    right = np.where(turned, near.left, near.right)
    post = _ranks(held.posts, left, right)
    gap = np.abs(held.at[left] - held.at[right])
    order = np.lexsort((post[1], post[0], gap, near.episode, near.pair, near.question))
    group = np.stack([near.question, near.pair, near.episode])[:, order]
    first = np.ones(len(order), dtype=np.bool_)
    first[1:] = (group[:, 1:] != group[:, :-1]).any(axis=0)
    order = order[first & (np.isin(left, posts) | np.isin(right, posts))[order]]
    low, high = (np.minimum(*account)[order], np.maximum(*account)[order])
    order = order[np.lexsort((post[1][order], post[0][order], high, low, near.question[order]))]
    return Near(
        near.question[order],
        near.pair[order],
        near.episode[order],
        left[order],
        right[order],
        near.object[order],
        near.popularity[order],
        near.met[order],
    )


def _ranks(names: Names, one: Codes, other: Codes) -> tuple[Ints, Ints]:
    """The ranks of two lists of codes in the order of their names."""
    codes, of = np.unique(np.concatenate([one, other]), return_inverse=True)
    spelled = names.named(codes)
    rank = np.empty(len(codes), dtype=np.int64)
    rank[sorted(range(len(codes)), key=spelled.__getitem__)] = np.arange(len(codes))
    return rank[of[: len(one)]], rank[of[len(one) :]]


@njit(cache=True, nogil=True)
def _episodes_with(line, moves, window, most_popular, stamp):  # type: ignore[no-untyped-def]
    """Episodes that tie somebody and hold one of the acts `moves`: where they begin and end, their
    object and popularity; and the pairs that those acts make, repeatedly."""
    begin, size, at, account = line
    objects, times, whose = moves
    n = objects.shape[0]
    low, high = np.empty(n, dtype=np.int64), np.empty(n, dtype=np.int64)
    obj, crowd = np.empty(n, dtype=np.int32), np.empty(n, dtype=np.int32)
    keys = np.empty(1024, dtype=np.int64)
    count = pairs = s = e = people = 0
    for k in range(n):
        first = begin[objects[k]]
        last = first + size[objects[k]]
        p = first_at(at, first, last, times[k])
        if k == 0 or objects[k - 1] != objects[k] or p >= e:
            s, e, people = _episode_at(at, account, first, last, p, window, stamp, k)
            if 2 <= people <= most_popular:
                low[count], high[count], obj[count], crowd[count] = s, e, objects[k], people
                count += 1
        if 2 <= people <= most_popular:
            q = first_at(at, s, e, times[k] - window)
            while q < e and at[q] <= times[k] + window:
                if account[q] != whose[k]:
                    if pairs == keys.shape[0]:
                        keys = twice(keys)
                    one, other = min(account[q], whose[k]), max(account[q], whose[k])
                    keys[pairs] = (np.int64(one) << ACCOUNT) + other
                    pairs += 1
                q += 1
    return low[:count], high[:count], obj[:count], crowd[:count], keys[:pairs]


@njit(cache=True, nogil=True)
def _episode_at(at, account, first, last, p, window, stamp, mark):  # type: ignore[no-untyped-def]
    """The episode of position p: where it begins and ends, and its popularity."""
    s, e = p, p + 1
    while s > first and at[s] - at[s - 1] <= window:
        s -= 1
    while e < last and at[e] - at[e - 1] <= window:
        e += 1
    people = 0
    for i in range(s, e):
        if stamp[account[i]] != mark:
            stamp[account[i]] = mark
            people += 1
    return s, e, people
