"""The part of what stands that concerns some accounts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numba import njit

from graph.detection.acts import Codes, Ints
from graph.detection.incremental.held import Held
from graph.detection.incremental.stretches import ACCOUNTS
from graph.detection.incremental.timeline import Timeline
from graph.model import Millis

OTHERS = "\U0010ffff"  # after every name


@dataclass(frozen=True, slots=True)
class Wanted:
    """Accounts to look at. `names`: sorted, then OTHERS; `position`: by code, where in `names`."""

    names: pl.Series
    position: Codes

    def pairs(self, pairs: Ints) -> Ints:
        """Pairs of codes (see stretches.py) as keys of positions, as the batch keys them."""
        one, other = (self.position[end] for end in np.divmod(pairs, ACCOUNTS))
        low, high = np.minimum(one, other).astype(np.int64), np.maximum(one, other)
        return low * len(self.names) + high


def wanted(held: Held, accounts: Ints) -> Wanted:
    """`accounts`: distinct codes."""
    names = pl.Series(held.accounts.named(accounts), dtype=pl.String)
    position = np.full(held.accounts.room, len(accounts), dtype=np.int32)
    position[accounts[names.arg_sort().to_numpy()]] = np.arange(len(accounts))
    return Wanted(pl.concat([names.sort(), pl.Series([OTHERS])]), position)


@dataclass(frozen=True, slots=True)
class Shared:
    """What the wanted did in the episodes that tie somebody and in which at least two of them act.

    By act, as episodes and times come: `account`, a position in the wanted names, `post`, by code,
    `at`, and `object`, a position in `objects`, which are codes. Episodes begin at `start` and end
    at the next; `popularity` counts all accounts of each.
    """

    account: Codes
    post: Codes
    at: Ints
    object: Codes
    objects: Codes
    start: Ints
    popularity: Codes


def shared(line: Timeline, who: Wanted, window: Millis, most_popular: int) -> Shared:
    """The part of a timeline that can tie the wanted to one another."""
    where, start, popularity, objects, obj = _shared(
        (line.begin, line.size, line.at, line.account),
        who.position,
        len(who.names) - 1,
        window,
        most_popular,
    )
    account = who.position[line.account[where]]
    return Shared(account, line.post[where], line.at[where], obj, objects, start, popularity)


def ranges(low: Ints, high: Ints) -> Ints:
    """low[0] .. high[0] - 1, low[1] .. high[1] - 1, and so on."""
    many = high - low
    return np.repeat(low - (np.cumsum(many) - many), many) + np.arange(many.sum())


@njit(cache=True, nogil=True)
def _shared(line, code, others, window, most_popular):  # type: ignore[no-untyped-def]
    """Of `shared`: positions of acts, where episodes begin and, last, end among them, how many
    accounts each has, the objects, and which of these each act is on."""
    begin, size, at, account = line
    room = 0
    for o in range(size.shape[0]):
        room += size[o]
    where, obj = np.empty(room, dtype=np.int64), np.empty(room, dtype=np.int32)
    start, people = np.empty(room + 1, dtype=np.int64), np.empty(room, dtype=np.int32)
    objects = np.empty(size.shape[0], dtype=np.int32)
    stamp = np.full(code.shape[0], -1, dtype=np.int64)
    acts = episodes = known = 0
    for o in range(size.shape[0]):
        s, end, new = begin[o], begin[o] + size[o], 1
        while s < end:
            e, first, several = s, others, False
            while e < end and (e == s or at[e] - at[e - 1] <= window):
                c = code[account[e]]
                if c < others and first < others and c != first:
                    several = True
                first = min(first, c)
                e += 1
            crowd = crowd_of(account, s, e, stamp, s) if several else 0
            if 2 <= crowd <= most_popular:
                objects[known] = o
                known, new = known + new, 0
                start[episodes], people[episodes] = acts, crowd
                episodes += 1
                for i in range(s, e):
                    if code[account[i]] < others:
                        where[acts], obj[acts] = i, known - 1
                        acts += 1
            s = e
    start[episodes] = acts
    return (
        where[:acts].copy(),
        start[: episodes + 1].copy(),
        people[:episodes].copy(),
        objects[:known].copy(),
        obj[:acts].copy(),
    )


@njit(cache=True, nogil=True)
def crowd_of(account, start, end, stamp, mark):  # type: ignore[no-untyped-def]
    """Distinct accounts among the acts start .. end - 1; `mark` was in no `stamp` before."""
    crowd = 0
    for i in range(start, end):
        if stamp[account[i]] != mark:
            stamp[account[i]] = mark
            crowd += 1
    return crowd
