"""The engine that every trace shares: acts in, meetings out, by an exact inclusive window.

Two acts of different accounts on one object meet when at most the window lies between them. An
*episode* is a stretch of an object's timeline without a gap longer than the window; it is fixed
by the object alone, before any pair is looked at. An *incidence* is (account, episode), so an
account that repeats itself within one gains nothing, and a pair meets at most once an episode.

An episode of more than `most_popular` accounts is everybody's business: it ties nobody and is not
enumerated, but its incidences still count as activity. Memory is what is found: eight bytes a
meeting, and evidence only for the pairs that are asked for, by a second sweep.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import polars as pl
from numba import njit

from graph.detection.acts import Acts, Codes, Ints
from graph.model import Millis

MOST_POPULAR = 256
LEVELS = (4, 16, 64, 256)  # popularity up to which an episode counts, see significance.py
WORKERS = 2

# Pairs of text codes that are near each other, as sorted keys; empty where equal objects suffice.
NearKeys = Ints


@dataclass(frozen=True, slots=True)
class Meetings:
    """What a trace found in one window.

    `keys`: a meeting each, sorted: (left * accounts + right) * 4 + level, left < right, where the
    level is that of the episode's popularity. `episode_*`: by episode, its first act, stratum,
    number of accounts and of pairs that met. `incidence_*`: account and episode, by episode.
    """

    acts: Acts
    window: Millis
    keys: Ints
    episode_start: Ints
    episode_stratum: Ints
    popularity: Codes
    met: Ints
    incidence_account: Codes
    incidence_episode: Codes
    near: NearKeys
    most_popular: int

    @property
    def too_popular(self) -> int:
        """Episodes that were left out."""
        return int((self.popularity > self.most_popular).sum())

    @property
    def pairs(self) -> Ints:
        """Distinct pairs that met, as left * accounts + right, sorted."""
        return np.unique(self.keys >> 2)


def meet(
    acts: Acts,
    window: Millis,
    span: Millis,
    neighbours: pl.DataFrame | None = None,
    most_popular: int = MOST_POPULAR,
) -> Meetings:
    """All meetings within `window`; `span` is the length of a stratum, both in milliseconds.

    With `neighbours` (columns left, right: text ids) two acts whose texts differ meet only if
    their texts are neighbours.
    """
    near = near_keys(acts, neighbours)
    start = starts(acts.object, acts.at, window)
    parts = _halves(acts.at, start, window)
    with ThreadPoolExecutor(WORKERS) as pool:
        found = list(
            pool.map(
                lambda part: _meetings(
                    start,
                    part[0],
                    part[1],
                    acts.account,
                    acts.at,
                    acts.text,
                    window,
                    most_popular,
                    len(acts.accounts),
                    near,
                    len(acts.texts),
                    neighbours is not None,
                ),
                parts,
            )
        )
    keys, popularity, met, account, episode = (np.concatenate(x) for x in zip(*found, strict=True))
    keys.sort()
    began = acts.at[start[:-1]] // span
    stratum = _dense(acts.place[acts.object[start[:-1]]], began)
    return Meetings(
        acts, window, keys, start, stratum, popularity, met, account, episode, near, most_popular
    )


def evidence(meetings: Meetings, pairs: Ints) -> pl.DataFrame:
    """The co-actions of `pairs` (sorted keys left * accounts + right): of each pair and episode
    the two posts nearest in time, then smallest by id.

    Columns: pair, left, right, left_post, right_post, object, left_at, right_at, episode,
    popularity, gap.
    """
    acts = meetings.acts
    i, j, episode = events(
        meetings.episode_start,
        meetings.popularity,
        acts.account,
        acts.at,
        acts.text,
        meetings.window,
        meetings.most_popular,
        len(acts.accounts),
        pairs,
        meetings.near,
        len(acts.texts),
        len(meetings.near) > 0,
    )
    rows = pl.DataFrame(
        {
            "pair": acts.account[i].astype(np.int64) * len(acts.accounts) + acts.account[j],
            "left": acts.accounts.gather(acts.account[i]),
            "right": acts.accounts.gather(acts.account[j]),
            "left_post": acts.posts.gather(acts.row[i]),
            "right_post": acts.posts.gather(acts.row[j]),
            "object": acts.objects.gather(acts.object[i]).cast(pl.String),
            "left_at": acts.at[i],
            "right_at": acts.at[j],
            "episode": episode,
            "popularity": meetings.popularity[episode],
            "gap": np.abs(acts.at[i] - acts.at[j]),
        }
    )
    return (
        rows.sort("pair", "episode", "gap", "left_post", "right_post")
        .filter(_first("pair", "episode"))
        .sort("pair", "left_at", "left_post", "right_post", "object")
    )


def _first(*columns: str) -> pl.Expr:
    """Whether a row of sorted rows is the first with these values."""
    return pl.any_horizontal(pl.col(one).ne_missing(pl.col(one).shift(1)) for one in columns)


def near_keys(acts: Acts, neighbours: pl.DataFrame | None) -> NearKeys:
    """Neighbouring texts as sorted keys low * texts + high, of texts that somebody posted."""
    if neighbours is None or neighbours.is_empty():
        return np.zeros(0, dtype=np.int64)
    codes = pl.DataFrame({"text": acts.texts.cast(pl.String), "code": np.arange(len(acts.texts))})
    both = neighbours.join(codes, left_on="left", right_on="text").join(
        codes, left_on="right", right_on="text", suffix="_right"
    )
    a, b = both["code"].to_numpy(), both["code_right"].to_numpy()
    keys = np.minimum(a, b) * len(acts.texts) + np.maximum(a, b)
    return np.unique(keys).astype(np.int64)


def _dense(place: Codes, began: Ints) -> Ints:
    """Strata numbered from 0 by (place, span of time)."""
    if not len(began):
        return np.zeros(0, dtype=np.int64)
    key = place.astype(np.int64) * (int(began.max()) + 1) + began
    return np.asarray(np.unique(key, return_inverse=True)[1], dtype=np.int64)


def _halves(at: Ints, start: Ints, window: Millis) -> list[tuple[int, int]]:
    """Ranges of episodes with about the same number of pairs to look at."""
    episodes = len(start) - 1
    cost = np.cumsum(_costs(start, at, window))
    cuts = [
        int(np.searchsorted(cost, cost[-1] * k / WORKERS)) if episodes else 0
        for k in range(1, WORKERS)
    ]
    edges = [0, *cuts, episodes]
    return list(pairwise(edges))


@njit(cache=True, nogil=True)
def starts(obj, at, window):  # type: ignore[no-untyped-def]
    """First act of each episode, and the number of acts at the end."""
    n = obj.shape[0]
    out = np.empty(n + 1, dtype=np.int64)
    count = 0
    for i in range(n):
        if i == 0 or obj[i] != obj[i - 1] or at[i] - at[i - 1] > window:
            out[count] = i
            count += 1
    out[count] = n
    return out[: count + 1].copy()


@njit(cache=True, nogil=True)
def _costs(start, at, window):  # type: ignore[no-untyped-def]
    """Pairs of acts within the window, by episode, plus one an act."""
    out = np.empty(start.shape[0] - 1, dtype=np.int64)
    for e in range(out.shape[0]):
        total, last = start[e + 1] - start[e], start[e]
        for i in range(start[e], start[e + 1]):
            while last + 1 < start[e + 1] and at[last + 1] - at[i] <= window:
                last += 1
            total += last - i
        out[e] = total
    return out


@njit(cache=True, nogil=True)
def _near(a, b, near, texts):  # type: ignore[no-untyped-def]
    """Whether two text codes are equal or neighbours."""
    if a == b:
        return True
    key = min(a, b) * np.int64(texts) + max(a, b)
    at = _place(near, key)
    return at < near.shape[0] and near[at] == key


@njit(cache=True, nogil=True)
def _place(keys, key):  # type: ignore[no-untyped-def]
    """np.searchsorted, which takes a second to compile."""
    low, high = 0, keys.shape[0]
    while low < high:
        middle = (low + high) // 2
        if keys[middle] < key:
            low = middle + 1
        else:
            high = middle
    return low


@njit(cache=True, nogil=True)
def level_of(popularity):  # type: ignore[no-untyped-def]
    """Index of the first of LEVELS that holds this popularity; the last one also beyond it."""
    if popularity <= 4:
        return 0
    if popularity <= 16:
        return 1
    return 2 if popularity <= 64 else 3


@njit(cache=True, nogil=True)
def _meetings(  # type: ignore[no-untyped-def]
    start, first, last, account, at, text, window, most_popular, accounts, near, texts, compare
):
    """Keys, popularity, meetings and incidences of the episodes first..last."""
    popularity = np.zeros(last - first, dtype=np.int32)
    met = np.zeros(last - first, dtype=np.int64)
    begin, end = start[first], start[last]
    who, where = np.empty(end - begin, dtype=np.int32), np.empty(end - begin, dtype=np.int32)
    seen = np.full(accounts, -1, dtype=np.int64)
    number, known = np.empty(accounts, dtype=np.int32), np.zeros(1024, dtype=np.bool_)
    keys = np.empty(1024, dtype=np.int64)
    incidences = count = 0
    for e in range(first, last):
        s, t = start[e], start[e + 1]
        crowd = 0
        for i in range(s, t):
            if seen[account[i]] != e:
                seen[account[i]], number[account[i]] = e, crowd
                who[incidences], where[incidences] = account[i], e
                incidences += 1
                crowd += 1
        popularity[e - first] = crowd
        if crowd < 2 or crowd > most_popular:
            continue
        segment = count
        level = level_of(crowd)
        again = crowd < t - s  # somebody acts twice, so a pair may come up twice
        if again:
            known = _cleared(known, crowd * crowd)
        for i in range(s, t):
            j = i + 1
            while j < t and at[j] - at[i] <= window:
                if account[i] != account[j] and (
                    not compare or _near(text[i], text[j], near, texts)
                ):
                    low, high = min(account[i], account[j]), max(account[i], account[j])
                    pair = number[low] * crowd + number[high] if again else 0
                    if not again or not known[pair]:
                        known[pair] = again
                        if count == keys.shape[0]:
                            keys = twice(keys)
                        keys[count] = (low * np.int64(accounts) + high) * 4 + level
                        count += 1
                j += 1
        met[e - first] = count - segment
    return keys[:count].copy(), popularity, met, who[:incidences].copy(), where[:incidences].copy()


@njit(cache=True, nogil=True)
def _cleared(marks, places):  # type: ignore[no-untyped-def]
    """`marks` with so many places, none of them marked."""
    if places > marks.shape[0]:
        return np.zeros(2 * places, dtype=np.bool_)
    for place in range(places):
        marks[place] = False
    return marks


@njit(cache=True, nogil=True)
def events(  # type: ignore[no-untyped-def]
    start,
    popularity,
    account,
    at,
    text,
    window,
    most_popular,
    accounts,
    pairs,
    near,
    texts,
    compare,
):
    """Acts i of the left and j of the right account, of wanted pairs, with the episode."""
    bits = np.zeros(1 << 20, dtype=np.bool_)
    for k in range(pairs.shape[0]):
        bits[pairs[k] & 0xFFFFF] = True
    left, right = np.empty(1024, dtype=np.int64), np.empty(1024, dtype=np.int64)
    where = np.empty(1024, dtype=np.int64)
    count = 0
    for e in range(popularity.shape[0]):
        if popularity[e] < 2 or popularity[e] > most_popular:
            continue
        for i in range(start[e], start[e + 1]):
            j = i + 1
            while j < start[e + 1] and at[j] - at[i] <= window:
                low, high = min(account[i], account[j]), max(account[i], account[j])
                key = low * np.int64(accounts) + high
                if low != high and bits[key & 0xFFFFF]:
                    k = _place(pairs, key)
                    if (
                        k < pairs.shape[0]
                        and pairs[k] == key
                        and (not compare or _near(text[i], text[j], near, texts))
                    ):
                        if count == left.shape[0]:
                            left, right, where = twice(left), twice(right), twice(where)
                        left[count] = i if account[i] == low else j
                        right[count] = j if account[i] == low else i
                        where[count] = e
                        count += 1
                j += 1
    return left[:count], right[:count], where[:count]


@njit(cache=True, nogil=True)
def twice(values):  # type: ignore[no-untyped-def]
    out = np.empty(2 * values.shape[0], dtype=values.dtype)
    for n in range(values.shape[0]):  # as a slice it takes a second more to compile
        out[n] = values[n]
    return out
