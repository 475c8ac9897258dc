"""Which sets are nearly the same? All pairs whose Jaccard similarity reaches a threshold, exactly.

Prefix filtering (Chaudhuri, Ganti and Kaushik 2006; Xiao et al. 2008, PPJoin; Wang et al. 2012,
AdaptJoin): with the items of each set in one order, rarest first, two sets with J >= t have their
k-th common item among the first n - ceil(t n) + k items of each, n being a set's size. So only sets
that share k rare items are looked at, and only at their first k common ones, so that a pair comes
up once. What is left after these says how many items they can share at most; every comparison is
settled in integers.
Equal sets are compared once, as one. An empty set is near nobody, not even another one.

Where times are given, a set that occurs at several times is a row of stretches, each without a
gap longer than the window. Two sets occur within the window of each other exactly where two of
their stretches do, and only such stretches are looked at.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl

from graph.detection.jaccard_sweep import candidates, entries, first_of_run, hashes, marks, within
from graph.errors import UsageError
from graph.model import Millis

Ints = npt.NDArray[np.int64]
Threshold = tuple[int, int]  # a fraction, so that the comparison is exact: (4, 5) is 0.8
Pairs = tuple[Ints, Ints]

LARGE = 64  # items; a set of 64 has 91 twos among its rarest at 4/5


class Sets(NamedTuple):
    """Set i is items[starts[i] : starts[i + 1]], ascending; the rarest item is 0."""

    starts: Ints
    items: Ints


class Stretches(NamedTuple):
    """When each set occurs: from `begin` to `end` without a long gap, by set, then in time."""

    owner: Ints
    begin: Ints
    end: Ints


def neighbours_of_sets(
    sets: pl.Series | Sequence[Collection[str]],
    threshold: Threshold,
    times: pl.Series | None = None,
    window: Millis | None = None,
) -> pl.DataFrame:
    """Pairs (`left` < `right`, numbers of sets, ascending) with |a & b| / |a | b| >= threshold.

    `sets` is a list of strings or ints a row; what repeats within a row counts once. With `times`
    (a list of epoch ms a row) and `window`, only sets that occur within the window of each other.
    Raises UsageError for a threshold that is no fraction above 0 and at most 1.
    """
    num, den = threshold
    if not 0 < num <= den:
        raise UsageError(f"{num}/{den} is no threshold; write a fraction above 0, at most 1")
    rows = sets if isinstance(sets, pl.Series) else _as_lists(sets)
    numbered = _numbered(rows)
    stretches = _stretches(len(rows), times, window)
    left, right = _join(numbered, stretches, window or 0, threshold)
    order = np.lexsort((right, left))
    return pl.DataFrame({"left": left[order], "right": right[order]})


def _as_lists(sets: Sequence[Collection[str]]) -> pl.Series:
    return pl.Series([list(one) for one in sets], dtype=pl.List(pl.String))


def _numbered(rows: pl.Series) -> Sets:
    """Items as numbers, rarest first, each set sorted and without repeats."""
    lengths = rows.list.len().fill_null(0).to_numpy().astype(np.int64)
    codes = _codes(rows.filter(pl.Series(lengths > 0)).explode())
    kinds = int(codes.max(initial=0)) + 1
    rank = np.empty(kinds, dtype=np.int64)
    rank[np.argsort(np.bincount(codes, minlength=kinds), kind="stable")] = np.arange(kinds)
    keys = np.repeat(np.arange(len(rows), dtype=np.int64) * kinds, lengths)
    keys += rank[codes]
    keys = _distinct(keys)  # what repeats within a row goes
    sizes = np.bincount(keys // kinds, minlength=len(rows))
    return Sets(np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64), keys % kinds)


def _codes(items: pl.Series) -> Ints:
    """A number for each distinct item."""
    if items.dtype == pl.String:
        own = pl.Categorical(pl.Categories.random())
        codes: Ints = items.cast(own).to_physical().to_numpy()
        return codes
    values = items.cast(pl.Int64).to_numpy()
    if len(values) and values.min() >= 0 and values.max() < 4 * len(values):
        return values  # numbers already, and dense enough to be counted as they are
    return np.unique(values, return_inverse=True)[1].astype(np.int64)


def _distinct(keys: Ints) -> Ints:
    """Sorted (in place), each once; np.unique hashes and is twenty times as slow."""
    keys.sort()
    return keys[np.diff(keys, prepend=keys[:1] - 1) > 0]


def _stretches(count: int, times: pl.Series | None, window: Millis | None) -> Stretches:
    """Without times, one stretch a set, all at the same moment."""
    if times is None or window is None:
        return Stretches(np.arange(count), np.zeros(count, np.int64), np.zeros(count, np.int64))
    frame = pl.DataFrame({"owner": np.arange(count), "at": times}).explode("at").drop_nulls()
    frame = frame.sort("owner", "at")
    new = (pl.col("owner") != pl.col("owner").shift(1)) | (pl.col("at").diff() > window)
    frame = frame.with_columns(new.fill_null(True).cum_sum().alias("stretch"))
    ends = frame.group_by("owner", "stretch").agg(
        pl.col("at").min().alias("begin"), pl.col("at").max().alias("end")
    )
    ends = ends.sort("owner", "begin")
    return Stretches(*(ends[c].to_numpy().astype(np.int64) for c in ("owner", "begin", "end")))


def _join(sets: Sets, when: Stretches, window: Millis, threshold: Threshold) -> Pairs:
    """Pairs of sets, equal ones compared as one: found among the first of each kind, then told
    for all of the kind."""
    first = _first_equal(*sets, hashes(*sets))
    kinds = _sorted_by_time(Stretches(first[when.owner], when.begin, when.end))
    left, right = _near(sets, kinds, window, threshold)
    if (first == np.arange(len(first))).all():
        return np.minimum(left, right), np.maximum(left, right)
    left, right = _told(first, np.diff(sets.starts), left, right)
    bounds = np.searchsorted(when.owner, np.arange(len(first) + 1))
    kept = within(left, right, bounds, when.begin, when.end, window)
    return left[kept], right[kept]


def _sorted_by_time(when: Stretches) -> Stretches:
    order = np.argsort(when.begin, kind="stable")
    return Stretches(when.owner[order], when.begin[order], when.end[order])


def _near(sets: Sets, when: Stretches, window: Millis, threshold: Threshold) -> Pairs:
    """Near pairs of different sets. Where the threshold asks for two common items, sets are looked
    up by their first two: the lists are far shorter. A large set has too many twos, so a pair with
    one is looked up by its first item."""
    num, den = threshold
    sizes = np.diff(sets.starts)[when.owner]
    small = LARGE if 2 * num > den else 0
    keys = [_met(sets, when, window, threshold, sizes <= small, 2, 0)]
    reach = (sizes * den >= small * num) & (sizes > 0)  # no smaller set is near one beyond `small`
    keys.append(_met(sets, when, window, threshold, reach, 1, small))
    found = np.concatenate(keys)
    if np.bincount(when.owner).max(initial=0) > 1:
        found = _distinct(found)  # met in several stretches
    count = max(len(sets.starts) - 1, 1)
    return found // count, found % count


def _met(
    sets: Sets,
    when: Stretches,
    window: Millis,
    threshold: Threshold,
    chosen: npt.NDArray[np.bool_],
    items: int,
    beyond: int,
) -> Ints:
    """Near pairs among the chosen stretches that have `items` rare items in common, of which one
    set has more than `beyond` items."""
    num, den = threshold
    begin, end, owner = when.begin[chosen], when.end[chosen], when.owner[chosen]
    key, stretch, last = entries(owner, *sets, num, den, items)
    order = np.argsort(key, kind="stable")  # stretches were in order of time and stay so
    order = order[_repeated(key[order])]
    stretch = stretch[order]
    bits = marks(*sets)
    owner = owner[stretch]
    columns = (key[order], owner, last[order], bits[owner, 0], begin[stretch], end[stretch])
    found: Ints = candidates(*columns, *sets, bits, window, num, den, items, beyond)
    return found


def _repeated(keys: Ints) -> npt.NDArray[np.bool_]:
    """Which of sorted keys occur more than once."""
    if not len(keys):
        return np.zeros(0, dtype=np.bool_)
    same = np.diff(keys) == 0
    again: npt.NDArray[np.bool_] = np.append(same, False) | np.append(False, same)
    return again


def _told(first: Ints, sizes: Ints, left: Ints, right: Ints) -> Pairs:
    """What holds for the first set of a kind, told for every set of it."""
    frame = pl.DataFrame({"kind": first, "set": np.arange(len(first)), "size": sizes})
    kinds = frame.filter(pl.col("size") > 0).drop("size")
    apart = pl.DataFrame({"kind": left, "other": right})
    apart = apart.join(kinds, on="kind").join(kinds, left_on="other", right_on="kind")
    alike = kinds.join(kinds, on="kind").filter(pl.col("set") < pl.col("set_right"))
    pairs = pl.concat([apart.select("set", "set_right"), alike.select("set", "set_right")])
    one, two = pairs["set"].to_numpy(), pairs["set_right"].to_numpy()
    return np.minimum(one, two), np.maximum(one, two)


def _first_equal(starts: Ints, items: Ints, keys: npt.NDArray[np.uint64]) -> Ints:
    """For each set the first one that equals it. A hash only says where to look."""
    order = np.argsort(keys, kind="stable")
    first: Ints = first_of_run(starts, items, keys[order], order)
    return first
