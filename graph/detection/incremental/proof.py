"""The evidence of ties, as `ties.tables` gives it: numbers until the end, names once.

The wanted meet often, most of it in several questions, and a row by row comparison of names would
cost more than finding out who is tied. Posts are therefore ranked by name first; what is left of
the rest is sorting integers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace

import numpy as np
import polars as pl
from numba import njit

from graph.detection.acts import Codes, Ints
from graph.detection.incremental.asked import Asked
from graph.detection.incremental.held import Held
from graph.detection.incremental.pool import Each
from graph.detection.incremental.views import Wanted, shared
from graph.detection.loops import nearest
from graph.detection.ties import EVIDENCE

MOST_KEYS = 2**62  # what an integer holds


@dataclass(frozen=True, slots=True)
class Rows:
    """A row per two posts: positions in the pairs, codes of posts; the question, the object as a
    position in its names, the episode and its popularity."""

    pair: Ints
    left: Codes
    right: Codes
    question: Ints
    object: Ints
    episode: Ints
    popularity: Codes

    def kept(self, rows: Ints) -> Rows:
        """Some of them."""
        return Rows(*(getattr(self, one.name)[rows] for one in fields(Rows)))


@dataclass(frozen=True, slots=True)
class Ranks:
    """Of the posts that met: by code their position by name and by (time, name); their names."""

    name: Ints
    time: Ints
    names: pl.Series


def evidence(
    questions: Sequence[Asked],
    held: Held,
    who: Wanted,
    pairs: Ints,
    most_popular: int,
    each: Each,
) -> pl.DataFrame:
    """The co-actions of `pairs`, sorted keys as by `Wanted.pairs`: each two posts once, under the
    question that says most. Columns: pair, question, EVIDENCE, left_at, right_at."""
    numbers = range(len(questions))
    met = each(lambda n: _met(n, questions[n], who, pairs, most_popular), numbers)
    objects = [q.line.objects.named(codes) for q, (codes, _) in zip(questions, met, strict=True)]
    ranks = _ranks(held, [rows for _, rows in met])
    near = each(lambda n: _near(met[n][1], held, ranks), numbers)
    rows = Rows(*(np.concatenate([getattr(one, f.name) for one in near]) for f in fields(Rows)))
    place = [pl.Series(names, dtype=pl.String).rank("dense").to_numpy() for names in objects]
    before = np.cumsum([0, *map(len, objects)])
    rows = replace(rows, object=rows.object + before[rows.question])
    key = _keys(rows, ranks)
    order = np.argsort(key)
    rows = rows.kept(_first(key[order], order, rows.question, np.concatenate(place)[rows.object]))
    names = pl.Series([name for some in objects for name in some], dtype=pl.String)
    return _named(rows, questions, names, held, who, pairs, ranks)


def _met(
    number: int, question: Asked, who: Wanted, pairs: Ints, most_popular: int
) -> tuple[Codes, Rows]:
    """Codes of objects, and every two acts of `pairs` within the window, by episode."""
    of = shared(question.line.timeline, who, question.one.millis, most_popular)
    left, right, episode = nearest(
        of.start, of.popularity, of.account, of.at, question.one.millis, most_popular,
        len(who.names), pairs,
    )  # fmt: skip
    key = of.account[left].astype(np.int64) * len(who.names) + of.account[right]
    return of.objects, Rows(
        np.searchsorted(pairs, key),
        of.post[left],
        of.post[right],
        np.full(len(left), number),
        of.object[left].astype(np.int64),
        episode,
        of.popularity[episode],
    )


def _ranks(held: Held, met: Sequence[Rows]) -> Ranks:
    there = np.zeros(held.posts.room, dtype=np.bool_)
    for one in met:
        there[one.left] = there[one.right] = True
    codes = np.flatnonzero(there)
    names = pl.Series(held.posts.named(codes), dtype=pl.String)
    by_name = names.arg_sort().to_numpy()
    codes = codes[by_name]
    name, time = (np.zeros(held.posts.room, dtype=np.int64) for _ in range(2))
    name[codes] = np.arange(len(codes))
    time[codes[np.argsort(held.at[codes], kind="stable")]] = np.arange(len(codes))
    return Ranks(name, time, names.gather(by_name))


def _near(rows: Rows, held: Held, ranks: Ranks) -> Rows:
    """Of each pair and episode the two posts nearest in time, then smallest by name."""
    gap = np.abs(held.at[rows.left] - held.at[rows.right])
    named = (ranks.name[rows.left], ranks.name[rows.right])
    return rows.kept(_nearest(rows.episode, rows.pair, gap, *named))


def _keys(rows: Rows, ranks: Ranks) -> Ints:
    """Ordered as pair, time of the left post, its name, name of the right one; equal for the same
    two posts."""
    posts = len(ranks.names) + 1
    two = ranks.time[rows.left] * posts + ranks.name[rows.right]
    pairs, many = int(rows.pair.max(initial=0)) + 1, posts * posts
    if pairs * many >= MOST_KEYS:
        known, two = np.unique(two, return_inverse=True)
        many = len(known)
    return np.asarray(rows.pair * many + two, dtype=np.int64)


def _named(
    rows: Rows,
    questions: Sequence[Asked],
    objects: pl.Series,
    held: Held,
    who: Wanted,
    pairs: Ints,
    ranks: Ranks,
) -> pl.DataFrame:
    pair, at = pairs[rows.pair], (held.at[rows.left], held.at[rows.right])
    ends = np.divmod(pair, len(who.names))
    traces, windows = (
        pl.Series([getattr(q.one, what) for q in questions], dtype=pl.String)
        for what in ("trace", "window")
    )
    columns = {
        "pair": pair,
        "question": rows.question.astype(np.int32),
        "left": who.names.gather(ends[0]),
        "right": who.names.gather(ends[1]),
        "left_post": ranks.names.gather(ranks.name[rows.left]),
        "right_post": ranks.names.gather(ranks.name[rows.right]),
        "trace": traces.gather(rows.question),
        "object": objects.gather(rows.object),
        "window": windows.gather(rows.question),
        "seconds": (at[1] - at[0]) / 1000,
        "episode": rows.episode,
        "popularity": rows.popularity,
        "left_at": at[0],
        "right_at": at[1],
    }
    return pl.DataFrame(columns).select("pair", "question", *EVIDENCE, "left_at", "right_at")


@njit(cache=True, nogil=True)
def _first(keys, order, question, place):  # type: ignore[no-untyped-def]
    """Of each run of equal `keys`, which `order` sorts, the row of the smallest question, then
    place."""
    out = np.empty(keys.shape[0], dtype=np.int64)
    n = 0
    for i in range(keys.shape[0]):
        r = order[i]
        if i == 0 or keys[i] != keys[i - 1]:
            out[n] = r
            n += 1
        else:
            o = out[n - 1]
            if question[r] < question[o] or (question[r] == question[o] and place[r] < place[o]):
                out[n - 1] = r
    return out[:n].copy()


@njit(cache=True, nogil=True)
def _nearest(episode, pair, gap, left, right):  # type: ignore[no-untyped-def]
    """Of rows by episode, the positions of the smallest (gap, left, right) of each pair in it."""
    pairs = 0
    for p in pair:
        pairs = max(pairs, p + 1)
    last, best = np.full(pairs, -1, dtype=np.int64), np.empty(pairs, dtype=np.int64)
    out = np.empty(pair.shape[0], dtype=np.int64)
    n = 0
    for r in range(pair.shape[0]):
        p = pair[r]
        if last[p] != episode[r]:
            last[p], best[p], out[n] = episode[r], n, r
            n += 1
        else:
            o = out[best[p]]
            nearer = gap[r] < gap[o] or (
                gap[r] == gap[o]
                and (left[r] < left[o] or (left[r] == left[o] and right[r] < right[o]))
            )
            if nearer:
                out[best[p]] = r
    return out[:n].copy()
