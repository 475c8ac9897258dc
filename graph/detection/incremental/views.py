"""The part of what stands that concerns some accounts, in the batch's own words.

`ties.told` and `coaction.evidence` then say of it what they would say of everything: of the objects
on which at least two of the accounts act, all acts are shown, the other accounts under one code.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numba import njit

from graph.detection.acts import Acts, Codes, Ints
from graph.detection.coaction import Meetings, starts
from graph.detection.incremental.held import Held
from graph.detection.incremental.lines import Line
from graph.detection.incremental.stretches import ACCOUNTS
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
class View:
    """Acts on objects that two of the wanted act on; `account`: their accounts, by code."""

    acts: Acts
    account: Codes


def view(line: Line, held: Held, who: Wanted) -> View:
    """What concerns at least two of them."""
    timeline, others = line.timeline, len(who.names) - 1
    objects = _concerned(timeline.begin, timeline.size, timeline.account, who.position, others)
    at = ranges(timeline.begin[objects], timeline.begin[objects] + timeline.size[objects])
    return View(
        acts_at(line, held, who, at, np.repeat(objects, timeline.size[objects])),
        timeline.account[at],
    )


def acts_at(line: Line, held: Held, who: Wanted, at: Ints, objects: Codes) -> Acts:
    """The acts at positions `at` of the timeline, by object and time; `objects` of each."""
    timeline = line.timeline
    known, obj = np.unique(objects, return_inverse=True)
    account = who.position[timeline.account[at]]
    mine = account < len(who.names) - 1  # nobody asks for the names of other posts
    row = np.zeros(len(at), dtype=np.int64)
    posts, row[mine] = np.unique(timeline.post[at][mine], return_inverse=True)
    none = np.zeros(0, dtype=np.int32)
    return Acts(
        account=account,
        object=obj.astype(np.int32),
        at=timeline.at[at],
        row=row,
        text=none,
        place=none,
        accounts=who.names,
        objects=pl.Series(line.objects.named(known), dtype=pl.String),
        posts=pl.Series(held.posts.named(posts), dtype=pl.String),
        texts=pl.Series([], dtype=pl.String),
    )


def ranges(low: Ints, high: Ints) -> Ints:
    """low[0] .. high[0] - 1, low[1] .. high[1] - 1, and so on."""
    many = high - low
    return np.repeat(low - (np.cumsum(many) - many), many) + np.arange(many.sum())


def episodes(seen: View, window: Millis, most_popular: int) -> Meetings:
    """The timeline in one window, for `evidence`."""
    start = starts(seen.acts.object, seen.acts.at, window)
    return parted(seen.acts, start, _crowds(start, seen.account), window, most_popular)


def parted(
    acts: Acts, start: Ints, popularity: Codes, window: Millis, most_popular: int
) -> Meetings:
    """Acts parted into episodes of which only the popularity is known: nothing is enumerated."""
    none = np.zeros(0, dtype=np.int64)
    return Meetings(
        acts,
        window,
        keys=none,
        episode_start=start,
        episode_stratum=none,
        popularity=popularity,
        met=none,
        incidence_account=none.astype(np.int32),
        incidence_episode=none.astype(np.int32),
        near=none,
        most_popular=most_popular,
    )


@njit(cache=True, nogil=True)
def _concerned(begin, size, account, code, others):  # type: ignore[no-untyped-def]
    """Objects on which two accounts with a code below `others` act."""
    out = np.empty(begin.shape[0], dtype=np.int32)
    n = 0
    for o in range(begin.shape[0]):
        first = others
        for i in range(begin[o], begin[o] + size[o]):
            c = code[account[i]]
            if c < others and first == others:
                first = c
            elif c < others and c != first:
                out[n] = o
                n += 1
                break
    return out[:n].copy()


@njit(cache=True, nogil=True)
def _crowds(start, account):  # type: ignore[no-untyped-def]
    """Distinct accounts by episode."""
    out = np.zeros(start.shape[0] - 1, dtype=np.int32)
    stamp = np.full((account.max() if account.shape[0] else 0) + 1, -1, dtype=np.int64)
    for e in range(out.shape[0]):
        for i in range(start[e], start[e + 1]):
            if stamp[account[i]] != e:
                stamp[account[i]] = e
                out[e] += 1
    return out
