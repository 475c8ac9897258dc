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

from graph.detection.acts import Acts, Codes, Ints
from graph.detection.loops import costs, events, meetings, nearest, starts
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
                lambda part: meetings(
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
    i, j, episode = _acts_of(meetings, pairs)
    pair = acts.account[i].astype(np.int64) * len(acts.accounts) + acts.account[j]
    rows = pl.DataFrame({"i": i, "j": j, "pair": pair, "episode": episode})
    rows = rows.with_columns(gap=np.abs(acts.at[i] - acts.at[j]))
    rows = _one_each(rows, np.searchsorted(pairs, pair) * len(meetings.popularity) + episode, acts)
    i, j = rows["i"].to_numpy(), rows["j"].to_numpy()
    told = rows.select(
        "pair",
        acts.accounts.gather(acts.account[i]).alias("left"),
        acts.accounts.gather(acts.account[j]).alias("right"),
        acts.posts.gather(acts.row[i]).alias("left_post"),
        acts.posts.gather(acts.row[j]).alias("right_post"),
        acts.objects.gather(acts.object[i]).cast(pl.String).alias("object"),
        pl.Series("left_at", acts.at[i]),
        pl.Series("right_at", acts.at[j]),
        "episode",
        pl.Series("popularity", meetings.popularity[rows["episode"].to_numpy()]),
        "gap",
    )
    return told.sort("pair", "left_at", "left_post", "right_post", "object")


def _one_each(rows: pl.DataFrame, key: Ints, acts: Acts) -> pl.DataFrame:
    """Of the rows of each `key` the one nearest in time, then smallest by the ids of its posts.

    Most are alone; only those that are not are looked at by their ids.
    """
    ordered = np.sort(key)
    again = ordered[1:][ordered[1:] == ordered[:-1]]
    if not len(again):
        return rows
    several = np.isin(key, again)
    more = rows.filter(several).with_columns(
        left=acts.posts.gather(acts.row[rows["i"].to_numpy()[several]]),
        right=acts.posts.gather(acts.row[rows["j"].to_numpy()[several]]),
    )
    one = more.sort("pair", "episode", "gap", "left", "right").filter(first("pair", "episode"))
    return pl.concat([rows.filter(~several), one.select(rows.columns)])


def _acts_of(meetings: Meetings, pairs: Ints) -> tuple[Ints, Ints, Ints]:
    """Acts of the left and the right account and their episode: at least the nearest ones."""
    acts, timeline = meetings.acts, (meetings.episode_start, meetings.popularity)
    of = (*timeline, meetings.acts.account, acts.at)
    limits = (meetings.window, meetings.most_popular, len(acts.accounts), pairs)
    if len(meetings.near):
        start, popularity, account, at = of
        near, texts = meetings.near, len(acts.texts)
        found = events(start, popularity, account, at, acts.text, *limits, near, texts, True)
    else:
        found = nearest(*of, *limits)
    i, j, episode = found
    return i, j, episode


def first(*columns: str) -> pl.Expr:
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
    cost = np.cumsum(costs(start, at, window))
    cuts = [
        int(np.searchsorted(cost, cost[-1] * k / WORKERS)) if episodes else 0
        for k in range(1, WORKERS)
    ]
    edges = [0, *cuts, episodes]
    return list(pairwise(edges))
