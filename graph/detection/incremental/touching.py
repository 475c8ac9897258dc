"""What some posts take part in, at once: their co-actions, and how often those pairs met so far.

Only the episodes that the posts lie in are looked at.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl
from numba import njit

from graph.detection.acts import Codes, Ints
from graph.detection.coaction import LEVELS, evidence
from graph.detection.incremental.held import Held
from graph.detection.incremental.lines import Line, Standing
from graph.detection.incremental.stretches import ACCOUNT, ACCOUNTS
from graph.detection.incremental.timeline import first_at
from graph.detection.incremental.views import acts_at, parted, ranges, wanted

COLUMNS = (
    "left",
    "right",
    "left_post",
    "right_post",
    "trace",
    "object",
    "window",
    "seconds",
    "popularity",
    "left_at",
    "right_at",
    "met",
)


def co_actions(lines: Sequence[Line], held: Held, posts: Codes, most_popular: int) -> pl.DataFrame:
    """A row for each question, pair and episode in which one of `posts` (distinct) is one of the
    two posts nearest in time.

    COLUMNS are those of `Tables.evidence` without episode, and `met`: how often the pair met in
    that trace and window, a number for each level.
    """
    found = [
        _of_question(line, one, held, posts, most_popular)
        for line in lines
        for one in line.standing
    ]
    return pl.concat(found)


def meetings(lines: Sequence[Line], held: Held) -> pl.DataFrame:
    """How often each pair met: left, right, trace, window, level (the most accounts an episode of
    it has), times; sorted by the first five."""
    found = []
    for line in lines:
        for one in line.standing:
            keys, counts = one.meetings.read()
            ends = [held.accounts.named(end) for end in np.divmod(keys >> 2, ACCOUNTS)]
            rows = pl.DataFrame(
                {
                    "left": pl.Series(ends[0], dtype=pl.String),
                    "right": pl.Series(ends[1], dtype=pl.String),
                    "level": np.array(LEVELS)[keys & 3],
                    "times": counts.astype(np.int64),
                }
            )
            found.append(rows.with_columns(*_named(one)))
    low, high = pl.min_horizontal("left", "right"), pl.max_horizontal("left", "right")
    rows = pl.concat(found).select(
        low.alias("left"), high.alias("right"), *_PLACE, "level", "times"
    )
    return rows.sort("left", "right", *_PLACE, "level")


_PLACE = ("trace", "window")


def _named(one: Standing) -> tuple[pl.Expr, pl.Expr]:
    return pl.lit(one.trace).alias("trace"), pl.lit(one.window).alias("window")


def _of_question(
    line: Line, one: Standing, held: Held, posts: Codes, most_popular: int
) -> pl.DataFrame:
    low, high, objects, crowd, keys = _reached(line, one, held, posts, most_popular)
    pairs = np.unique(keys)
    who = wanted(held, np.unique(np.concatenate(np.divmod(pairs, ACCOUNTS))))
    at, episode = ranges(low, high), np.repeat(np.arange(len(low)), high - low)
    mine = who.position[line.timeline.account[at]] < len(who.names) - 1
    at, episode = at[mine], episode[mine]
    acts = acts_at(line, held, who, at, objects[episode])
    start = np.searchsorted(episode, np.arange(len(low) + 1)).astype(np.int64)
    asked = who.pairs(pairs)
    rows = evidence(parted(acts, start, crowd, one.millis, most_popular), np.sort(asked))
    names = pl.Series(held.posts.named(posts), dtype=pl.String).implode()
    rows = rows.filter(pl.col("left_post").is_in(names) | pl.col("right_post").is_in(names))
    levels = np.arange(len(LEVELS))
    counts = one.meetings.counts(((pairs[:, None] << 2) + levels).ravel()).reshape(-1, len(LEVELS))
    met = pl.DataFrame({"pair": asked, "met": pl.Series(counts, dtype=pl.List(pl.Int64))})
    seconds = (pl.col("right_at") - pl.col("left_at")) / 1000
    return (
        rows.join(met, on="pair", how="left", maintain_order="left")
        .with_columns(*_named(one), seconds.alias("seconds"))
        .select(*COLUMNS)
    )


def _reached(
    line: Line, one: Standing, held: Held, posts: Codes, most_popular: int
) -> tuple[Ints, Ints, Codes, Codes, Ints]:
    """Episodes that the posts lie in and that tie somebody: where they begin and end, object,
    popularity; and the pairs that the posts make there, repeatedly."""
    owner, objects = line.acts_of(posts)
    order = np.lexsort((held.at[owner], objects))
    owner, objects = owner[order], objects[order]
    low, high, obj, crowd, keys = _episodes_with(
        line.timeline.begin,
        line.timeline.size,
        line.timeline.at,
        line.timeline.account,
        objects,
        held.at[owner],
        held.account[owner],
        one.millis,
        most_popular,
        np.full(held.accounts.room, -1, dtype=np.int64),
    )
    return low, high, obj, crowd, keys


@njit(cache=True, nogil=True)
def _episodes_with(  # type: ignore[no-untyped-def]
    begin, size, at, account, objects, times, whose, window, most_popular, stamp
):
    n = objects.shape[0]
    low, high = np.empty(n, dtype=np.int64), np.empty(n, dtype=np.int64)
    obj, crowd = np.empty(n, dtype=np.int32), np.empty(n, dtype=np.int32)
    keys = np.empty(1024, dtype=np.int64)
    count = pairs = 0
    s = e = people = 0
    for k in range(n):
        o, first = objects[k], begin[objects[k]]
        last = first + size[o]
        p = first_at(at, first, last, times[k])
        if k == 0 or objects[k - 1] != o or p >= e:
            s, e, people = _episode_at(at, account, first, last, p, window, stamp, k)
            if 2 <= people <= most_popular:
                low[count], high[count], obj[count], crowd[count] = s, e, o, people
                count += 1
        if not 2 <= people <= most_popular:
            continue
        q = first_at(at, s, e, times[k] - window)
        while q < e and at[q] <= times[k] + window:
            if account[q] != whose[k]:
                if pairs == keys.shape[0]:
                    bigger = np.empty(2 * pairs, dtype=np.int64)
                    bigger[:pairs] = keys
                    keys = bigger
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
