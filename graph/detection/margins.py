"""The null model: who acts is random, given each account's activity and each episode's popularity.

Within a stratum the accounts and the episodes are the two sides of a bipartite graph. Of all such
graphs whose expected degrees are the observed ones, the one of largest entropy has independent
edges with p = x y / (1 + x y), x by account and y by episode (the bipartite configuration model:
Saracco, Di Clemente, Gabrielli and Squartini 2015). Equal degrees have equal parameters, so a
stratum is a small table: distinct account degrees by distinct episode degrees.

An episode has as many accounts as it has, not only on average. Two accounts are therefore in it
together less often than p_A p_B; Hájek's factor for samples of fixed size (1964), 1 - (1 - p_A)
(1 - p_B) / d with d the sum of p (1 - p) over all accounts, puts that right (`together`).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from numba import njit

from graph.detection.acts import Ints
from graph.detection.coaction import Meetings

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
ROUNDS = 2000
FLOOR = 0.25
CLOSE = 1e-6  # relative error of an expected degree at which the fit is done


@dataclass(frozen=True, slots=True)
class Margins:
    """Chances of taking part, by stratum.

    Account a is active in the strata `stratum[active[a]:active[a + 1]]`; its row of chances there
    begins at `row` and has one entry per class of episodes of that stratum that may tie somebody:
    classes `first[s]:first[s + 1]`, each with its popularity, number of episodes `episodes` and
    share `meeting` of pairs in such an episode that met, and `spread`, the d above.
    """

    active: Ints
    stratum: Ints
    row: Ints
    chance: Floats
    first: Ints
    popularity: Ints
    episodes: Ints
    meeting: Floats
    spread: Floats


def margins(meetings: Meetings) -> Margins:
    """The chances that `meetings` implies."""
    stratum_of, account = meetings.episode_stratum, meetings.incidence_account
    strata = int(stratum_of.max()) + 1 if len(stratum_of) else 0
    accounts = len(meetings.acts.accounts)
    key = stratum_of[meetings.incidence_episode] * accounts + account
    taking, degree = np.unique(key, return_counts=True)
    # classes of episodes, and of accounts, by (stratum, degree)
    c_key, c_of = np.unique(stratum_of * 2**32 + meetings.popularity, return_inverse=True)
    c_count = np.bincount(c_of, minlength=len(c_key)).astype(np.int64)
    c_met = np.bincount(c_of, weights=meetings.met, minlength=len(c_key)).astype(np.float64)
    d_key, d_of = np.unique((taking // accounts) * 2**32 + degree, return_inverse=True)
    d_count = np.bincount(d_of, minlength=len(d_key)).astype(np.int64)
    stratum, who = np.divmod(taking, max(accounts, 1))
    return assembled(
        Counted(c_key, c_count, c_met, d_key, d_count, stratum, who, d_of),
        strata,
        accounts,
        meetings.most_popular,
        chances,
    )


@dataclass(frozen=True, slots=True)
class Counted:
    """Both margins, counted. `c_*`: classes of episodes by sorted key stratum * 2^32 + popularity,
    how many, and the pairs that met; `d_*`: classes of accounts by stratum * 2^32 + degree, and how
    many; `stratum`, `account` and `degree`: of each account in each of its strata, sorted by both,
    the last as a position in `d_key`."""

    c_key: Ints
    c_count: Ints
    c_met: Floats
    d_key: Ints
    d_count: Ints
    stratum: Ints
    account: Ints
    degree: Ints


# d_edge, degree, d_count, c_edge, popularity, c_count, ties → see `chances`
Fit = Callable[[Ints, Ints, Ints, Ints, Ints, Ints, Bools], tuple[Floats, Floats, Ints]]


def assembled(of: Counted, strata: int, accounts: int, most_popular: int, fit: Fit) -> Margins:
    """The chances, `fit` to what was counted."""
    c_edge = np.searchsorted(of.c_key, np.arange(strata + 1) * 2**32)
    d_edge = np.searchsorted(of.d_key, np.arange(strata + 1) * 2**32)
    popularity = of.c_key % 2**32
    ties = (popularity >= 2) & (popularity <= most_popular) & (of.c_met > 0)
    chance, spread, row_of = fit(
        d_edge, of.d_key % 2**32, of.d_count, c_edge, popularity, of.c_count, ties
    )
    kept = np.cumsum(np.concatenate([[0], ties]))
    possible = of.c_count * (popularity * (popularity - 1) / 2)
    active, order = _by_account(of.account, accounts)
    return Margins(
        active=active,
        stratum=of.stratum[order],
        row=row_of[of.degree[order]],
        chance=chance,
        first=kept[c_edge].astype(np.int64),
        popularity=popularity[ties],
        episodes=of.c_count[ties],
        meeting=(of.c_met / np.maximum(possible, 1))[ties],
        spread=spread[ties],
    )


def chances(
    d_edge: Ints,
    degree: Ints,
    d_count: Ints,
    c_edge: Ints,
    popularity: Ints,
    c_count: Ints,
    ties: Bools,
) -> tuple[Floats, Floats, Ints]:
    """Each account class's chances for the classes that may tie, the spread of all classes, and
    where each account class's row begins."""
    chance, spread, row = _chances(
        d_edge, degree, d_count, c_edge, popularity, c_count, ties, ROUNDS, CLOSE
    )
    return chance, spread, row


@njit(cache=True, nogil=True)
def _by_account(account, accounts):  # type: ignore[no-untyped-def]
    """Where each account's entries begin, and the entries by account, in the order they come."""
    edge = np.zeros(accounts + 1, dtype=np.int64)
    for a in account:
        edge[a + 1] += 1
    for a in range(accounts):
        edge[a + 1] += edge[a]
    at, order = edge.copy(), np.empty(account.shape[0], dtype=np.int64)
    for i in range(account.shape[0]):
        order[at[account[i]]] = i
        at[account[i]] += 1
    return edge, order


@njit(cache=True, nogil=True)
def _chances(d_edge, degree, d_count, c_edge, popularity, c_count, ties, rounds, close):  # type: ignore[no-untyped-def]
    row = np.zeros(degree.shape[0], dtype=np.int64)
    total = 0
    for s in range(d_edge.shape[0] - 1):
        wide = 0
        for c in range(c_edge[s], c_edge[s + 1]):
            wide += ties[c]
        for d in range(d_edge[s], d_edge[s + 1]):
            row[d] = total
            total += wide
    chance = np.zeros(total, dtype=np.float64)
    spread = np.zeros(popularity.shape[0], dtype=np.float64)
    for s in range(d_edge.shape[0] - 1):
        d0, d1, c0, c1 = d_edge[s], d_edge[s + 1], c_edge[s], c_edge[s + 1]
        wide = 0
        for c in range(c0, c1):
            wide += ties[c]
        if d0 == d1 or not wide:
            continue
        table = fit(degree[d0:d1], d_count[d0:d1], popularity[c0:c1], c_count[c0:c1], rounds, close)
        for d in range(d0, d1):
            k = row[d]
            for c in range(c0, c1):
                if ties[c]:
                    p = table[d - d0, c - c0]
                    chance[k] = p
                    spread[c] += d_count[d] * p * (1 - p)
                    k += 1
    return chance, spread, row


@njit(cache=True, nogil=True)
def together(p, q, spread):  # type: ignore[no-untyped-def]
    """Chance that two accounts with chances p and q are both in an episode of this spread.

    Hájek's factor is an approximation for few accounts; FLOOR keeps it from denying what happens.
    """
    room = (1 - p) * (1 - q)
    if room <= 0 or spread <= 0:
        return p * q
    return p * q * max(1 - room / spread, FLOOR)


@njit(cache=True, nogil=True)
def fit(degree, d_count, popularity, c_count, rounds, close):  # type: ignore[no-untyped-def]
    """Chances [account classes, episode classes] whose expected degrees are the observed ones.

    Accounts in every episode and episodes of every account are certain; they are set aside first,
    for their parameters would be infinite. The rest is the fixed point, from the sparse start.
    """
    table = np.zeros((degree.shape[0], popularity.shape[0]), dtype=np.float64)
    d_left, c_left = degree.astype(np.float64), popularity.astype(np.float64)
    d_open, c_open = d_count > 0, c_count > 0
    _set_aside(table, d_left, d_open, d_count, c_left, c_open, c_count)
    edges = 0.0
    for d in range(d_left.shape[0]):
        edges += d_left[d] * d_count[d] * d_open[d]
    if edges <= 0:
        return table
    x, y = d_left / math.sqrt(edges), c_left / math.sqrt(edges)
    for _ in range(rounds):
        worst = _closer(x, d_left, d_open, y, c_open, c_count)
        _closer(y, c_left, c_open, x, d_open, d_count)
        if worst < close:
            break
    for d in range(x.shape[0]):
        for c in range(y.shape[0]):
            if d_open[d] and c_open[c]:
                table[d, c] = x[d] * y[c] / (1 + x[d] * y[c])
    return table


@njit(cache=True, nogil=True, error_model="numpy")
def _closer(x, left, is_open, y, y_open, count):  # type: ignore[no-untyped-def]
    """One side's parameters `x` from the other side's `y`, of which there are `count` each; the
    largest relative change. The inner loop has no order of its own, so that it takes several at
    a time; a sum is made in the order of `y`."""
    said = np.zeros(x.shape[0], dtype=np.float64)
    for c in range(y.shape[0]):
        if y_open[c]:
            many, one = count[c] * y[c], y[c]
            for d in range(x.shape[0]):
                said[d] += many / (1 + x[d] * one)
    worst = 0.0
    for d in range(x.shape[0]):
        if is_open[d]:
            new = left[d] / said[d] if said[d] > 0 else 0.0
            worst = max(worst, abs(new - x[d]) / max(new, 1e-300))
            x[d] = new
    return worst


@njit(cache=True, nogil=True)
def _set_aside(table, d_left, d_open, d_count, c_left, c_open, c_count):  # type: ignore[no-untyped-def]
    """Fills in what is certain, until nothing more is."""
    again = True
    while again:
        again = False
        episodes = _open(c_count, c_open)
        for d in range(d_left.shape[0]):
            if d_open[d] and (d_left[d] >= episodes or d_left[d] <= 0):
                sure = 1.0 if d_left[d] > 0 else 0.0
                for c in range(c_left.shape[0]):
                    if c_open[c]:
                        table[d, c] = sure
                        c_left[c] -= sure * d_count[d]
                d_open[d], again = False, True
        accounts = _open(d_count, d_open)
        for c in range(c_left.shape[0]):
            if c_open[c] and (c_left[c] >= accounts or c_left[c] <= 0):
                sure = 1.0 if c_left[c] > 0 else 0.0
                for d in range(d_left.shape[0]):
                    if d_open[d]:
                        table[d, c] = sure
                        d_left[d] -= sure * c_count[c]
                c_open[c], again = False, True


@njit(cache=True, nogil=True)
def _open(count, is_open):  # type: ignore[no-untyped-def]
    """How many are not set aside."""
    total = 0
    for n in range(count.shape[0]):
        total += count[n] * is_open[n]
    return total
