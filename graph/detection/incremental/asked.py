"""A question put to what stands: margins from counts that are kept, pairs by judging.py.

The margins are those that `margins.margins` gives for a batch over the same posts, to the last bit;
accounts keep the codes of their arrival, which nothing depends on. A stratum in which nothing
changed is not fitted again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numba import njit

from graph.detection.acts import Codes, Ints
from graph.detection.coaction import WORKERS
from graph.detection.incremental.judging import Columns, Null
from graph.detection.incremental.lines import Line, Standing
from graph.detection.incremental.stretches import ACCOUNT, ACCOUNTS, BEGAN
from graph.detection.incremental.views import ranges
from graph.detection.margins import Bools, Counted, Floats, Margins, assembled, chances
from graph.detection.significance import JUDGED
from graph.detection.ties import discounted


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, and what it takes to judge pairs: sorted meeting keys with counts, and chance,
    once for each thread."""

    line: Line
    one: Standing
    keys: Ints
    counts: Codes
    nulls: tuple[Null, ...]

    def weighed(self, found: Sequence[Columns]) -> pl.DataFrame:
        """What the nulls say, as the trace says it."""
        columns = [np.concatenate(parts) for parts in zip(*found, strict=True)]
        rows = pl.DataFrame(dict(zip(JUDGED, columns, strict=True)))
        return discounted(rows, self.line.trace.weight)

    def of(self, pairs: Ints) -> tuple[Ints, Codes]:
        """The meeting keys of sorted `pairs` (left * ACCOUNTS + right), with counts."""
        low, high = (
            np.searchsorted(self.keys, pairs << 2),
            np.searchsorted(self.keys, (pairs + 1) << 2),
        )
        mine = ranges(low, high)
        return self.keys[mine], self.counts[mine]

    def too_popular(self, most_popular: int) -> int:
        """Episodes that tie nobody for their crowd."""
        keys, episodes, _ = self.one.classes.read()
        return int(episodes[(keys & (ACCOUNTS - 1)) > most_popular].sum())


def asked(line: Line, one: Standing, accounts: int, most_popular: int) -> Asked:
    """What stands, read. `accounts`: one past the largest code."""
    keys, counts = one.meetings.read()
    by = _margins(one, _in_order(line, one), accounts, most_popular)
    null = Null(by)
    return Asked(line, one, keys, counts, (null, *(null.beside() for _ in range(1, WORKERS))))


def _in_order(line: Line, one: Standing) -> Ints:
    """Strata that have episodes, in the order of the batch: by name of their place, then time."""
    strata = np.unique(one.classes.read()[0] >> ACCOUNT)
    place = strata >> BEGAN
    codes, of = np.unique(place, return_inverse=True)
    names = line.places.named(codes)
    rank = np.argsort(np.argsort(np.asarray(names, dtype=object), kind="stable"))
    return np.asarray(strata[np.lexsort((strata & ((1 << BEGAN) - 1), rank[of]))], dtype=np.int64)


def _margins(one: Standing, order: Ints, accounts: int, most_popular: int) -> Margins:
    taking, degree = one.incidences.read()
    c_key, c_count, c_met = one.classes.read()
    c_rank, c_at = _ranked(c_key >> ACCOUNT, order)
    low, high = (
        np.searchsorted(taking, order << ACCOUNT),
        np.searchsorted(taking, (order + 1) << ACCOUNT),
    )
    counted = Counted(
        c_rank * 2**32 + (c_key[c_at] & (ACCOUNTS - 1)),
        c_count[c_at],
        c_met[c_at].astype(np.float64),
        *_by_account(taking, degree, low, high, accounts),
    )
    return assembled(counted, len(order), accounts, most_popular, Cached(one, order))


class Cached:
    """`margins.chances` that fits only the strata that changed since the last reading."""

    def __init__(self, one: Standing, order: Ints) -> None:
        self._one, self._order = one, order.tolist()

    def __call__(
        self,
        d_edge: Ints,
        degree: Ints,
        d_count: Ints,
        c_edge: Ints,
        popularity: Ints,
        c_count: Ints,
        ties: Bools,
    ) -> tuple[Floats, Floats, Ints]:
        """See `margins.chances`."""
        fits, touched = self._one.fits, self._one.classes.touched
        stale = [s for s, key in enumerate(self._order) if key in touched or key not in fits]
        for s in stale:
            d, c = slice(d_edge[s], d_edge[s + 1]), slice(c_edge[s], c_edge[s + 1])
            ends = np.array([[0, d.stop - d.start], [0, c.stop - c.start]])
            chance, spread, _ = chances(
                ends[0], degree[d], d_count[d], ends[1], popularity[c], c_count[c], ties[c]
            )
            fits[self._order[s]] = (chance, spread)
        touched.clear()
        for key in fits.keys() - set(self._order):
            del fits[key]
        blocks = [fits[key] for key in self._order]
        none = [np.zeros(0)]
        wide = np.diff(np.cumsum(np.concatenate([[0], ties]))[c_edge])
        row = np.repeat(wide, np.diff(d_edge))
        return (
            np.concatenate([*(block[0] for block in blocks), *none]),
            np.concatenate([*(block[1] for block in blocks), *none]),
            np.cumsum(row) - row,
        )


def _ranked(strata: Ints, order: Ints) -> tuple[Ints, Ints]:
    """Of sorted strata, their ranks in `order`, sorted, and the positions that makes them so."""
    by_code = np.argsort(order)
    rank = by_code[np.searchsorted(order[by_code], strata)]
    if np.array_equal(by_code, np.arange(len(order))):
        return rank, np.arange(len(strata))
    at = np.argsort(rank, kind="stable")
    return rank[at], at


@njit(cache=True, nogil=True)
def _by_account(taking, degree, low, high, accounts):  # type: ignore[no-untyped-def]
    """Of incidences by stratum, where stratum number r is low[r] .. high[r] - 1: the classes of
    accounts by r and degree (keys, how many), and of each incidence, by account and then by r, the
    stratum, the account and the class."""
    n = taking.shape[0]
    d_key, d_count = np.empty(n, dtype=np.int64), np.empty(n, dtype=np.int64)
    stratum, account = np.empty(n, dtype=np.int64), np.empty(n, dtype=np.int64)
    of, at = np.empty(n, dtype=np.int64), np.zeros(accounts + 1, dtype=np.int64)
    most = 0
    for i in range(n):
        at[(taking[i] & (ACCOUNTS - 1)) + 1] += 1
        most = max(most, degree[i])
    for a in range(accounts):
        at[a + 1] += at[a]
    seen = np.zeros(most + 1, dtype=np.int64)
    classes = 0
    for r in range(low.shape[0]):
        largest = 0
        for i in range(low[r], high[r]):
            seen[degree[i]] += 1
            largest = max(largest, degree[i])
        for d in range(largest + 1):
            if seen[d]:
                d_key[classes], d_count[classes] = r * 2**32 + d, seen[d]
                seen[d] = classes
                classes += 1
        for i in range(low[r], high[r]):
            a = taking[i] & (ACCOUNTS - 1)
            stratum[at[a]], account[at[a]], of[at[a]] = r, a, seen[degree[i]]
            at[a] += 1
        for d in range(largest + 1):
            seen[d] = 0
    return d_key[:classes].copy(), d_count[:classes].copy(), stratum, account, of
