"""How many pairs the model itself expects to reject when chance alone rules, over all pairs.

A pair's p-value is the smallest tail of four nested levels, times how many of them differ for the
pair, so p <= a exactly where the count reaches a critical value c_k at some level k. Under the
model the counts of the levels are sums of independent trials, one an episode, and the chance of
that is a walk over the levels whose count stays below c_k: exact, with binomials, no Poisson. Pairs
that never met are counted too.

Accounts with the same activity in the same strata are interchangeable. Where there are few such
kinds, all pairs of kinds are summed; otherwise pairs are drawn: a stratum by its meetings, in it
two accounts by activity, each pair weighed by one over its chance to be drawn.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from numba import njit

from graph.detection.coaction import Meetings
from graph.detection.expected import of_pair
from graph.detection.margins import Margins, together
from graph.detection.significance import MOST_LISTED, differing, judge_by

LIMITS = (0.05, 0.01, 0.001)
MOST_KINDS = 1_500
DRAWN = 200_000
MOST = 64  # co-actions beyond which a critical value is not looked for

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Expected:
    """Pairs with p at most each of LIMITS, shape [3], and the standard error of that.

    `worst`: the largest chance of a p so small over all pairs looked at, divided by the limit; a
    valid p has at most 1.
    """

    pairs: Floats
    error: Floats
    worst: Floats


def expected(meetings: Meetings, by: Margins, seed: int = 1) -> Expected:
    """What the model says of `meetings`, whose margins are `by`."""
    kinds = _kinds(meetings, by)
    if len(kinds) <= MOST_KINDS:
        return _summed(meetings, kinds, by)
    return _drawn(meetings, by, seed)


def _kinds(meetings: Meetings, by: Margins) -> list[Ints]:
    """Accounts by their profile of (stratum, row of chances)."""
    groups: dict[bytes, list[int]] = {}
    for a in range(len(meetings.acts.accounts)):
        mine = slice(by.active[a], by.active[a + 1])
        if mine.stop > mine.start:
            key = by.stratum[mine].tobytes() + by.row[mine].tobytes()
            groups.setdefault(key, []).append(a)
    return [np.array(group, dtype=np.int64) for group in groups.values()]


def _summed(meetings: Meetings, kinds: list[Ints], by: Margins) -> Expected:
    first = np.array([group[0] for group in kinds])
    second = np.array([group[-1] for group in kinds])  # another of the same kind, if there is one
    size = np.array([len(group) for group in kinds], dtype=np.float64)
    i, j = np.triu_indices(len(kinds))
    weight = np.where(i == j, size[i] * (size[i] - 1) / 2, size[i] * size[j])
    some = weight > 0
    chance = rejections(first[i[some]], second[j[some]], by, len(meetings.acts.accounts))
    worst = chance.max(axis=0) / LIMITS
    return Expected(weight[some] @ chance, np.zeros(len(LIMITS)), worst)


def _drawn(meetings: Meetings, by: Margins, seed: int) -> Expected:
    draw = np.random.default_rng(seed)
    stratum = meetings.episode_stratum[meetings.incidence_episode].astype(np.int64)
    order = np.argsort(stratum, kind="stable")
    account = meetings.incidence_account[order]
    edge = np.searchsorted(stratum[order], np.arange(stratum.max() + 2))
    size = np.diff(edge)
    met = np.bincount(meetings.episode_stratum, weights=meetings.met, minlength=len(size))
    share = met / met.sum()
    chosen = draw.choice(len(size), DRAWN, p=share)
    left = account[edge[chosen] + draw.integers(0, size[chosen])].astype(np.int64)
    right = account[edge[chosen] + draw.integers(0, size[chosen])].astype(np.int64)
    a, b = np.minimum(left, right), np.maximum(left, right)
    degree = _degrees(meetings, stratum, by)
    chance = _drawing(a, b, by.active, by.stratum, degree, share, size.astype(np.float64))
    values = np.zeros((DRAWN, len(LIMITS)))
    two = a != b
    values[two] = rejections(a[two], b[two], by, len(meetings.acts.accounts))
    worst = values.max(axis=0) / LIMITS
    values /= chance[:, None]
    return Expected(values.mean(axis=0), values.std(axis=0) / np.sqrt(DRAWN), worst)


def _degrees(meetings: Meetings, stratum: Ints, by: Margins) -> Floats:
    """Incidences of each account in each of its strata, in the order of `by.stratum`."""
    key = meetings.incidence_account.astype(np.int64) * (stratum.max() + 1) + stratum
    count = np.unique(key, return_counts=True)[1]
    assert len(count) == len(by.stratum)
    return count.astype(np.float64)


def rejections(a: Ints, b: Ints, by: Margins, accounts: int) -> Floats:
    """Chance of p <= each of LIMITS for each pair a[n] < b[n], shape [pairs, limits]."""
    keys, of = np.unique(a * accounts + b, return_inverse=True)
    critical = _critical(keys, by, accounts)
    first, second = keys // accounts, keys % accounts
    return np.asarray(_reached(first, second, critical, *_columns(by))[of])


def p_of(pairs: Ints, level: int, counts: Ints, by: Margins, accounts: int) -> Floats:
    """p of so many meetings at episodes of that level and no others; `pairs` sorted, distinct."""
    keys = np.repeat(pairs * 4 + level, counts)
    judged = judge_by(keys, accounts, by, 1.0)
    out = np.ones(len(pairs))
    out[np.searchsorted(pairs, judged["pair"].to_numpy())] = judged["p_value"].to_numpy()
    return out


def corrected(pairs: Ints, by: Margins, accounts: int) -> Ints:
    """How many levels differ for each pair: what its smallest tail is multiplied by."""
    mean, likely = np.zeros(4), np.zeros((MOST_LISTED, 3))
    columns = _columns(by)
    found = [
        differing(mean, likely, of_pair(a, b, columns, mean, likely))
        for a, b in zip(pairs // accounts, pairs % accounts, strict=True)
    ]
    return np.array(found, dtype=np.int64)


def _critical(pairs: Ints, by: Margins, accounts: int) -> Ints:
    """The smallest count with p at most the limit, shape [pairs, limits, 4]; MOST where none is."""
    out = np.full((len(pairs), len(LIMITS), 4), MOST, dtype=np.int64)
    for level in range(4):
        for at, limit in enumerate(LIMITS):
            open_ = np.arange(len(pairs))
            for count in range(1, MOST):
                tried = np.full(len(open_), count)
                small = p_of(pairs[open_], level, tried, by, accounts) <= limit
                out[open_[small], at, level] = count
                open_ = open_[~small]
                if not len(open_):
                    break
    return out


def _columns(by: Margins) -> tuple[npt.NDArray[np.generic], ...]:
    return (
        by.active,
        by.stratum,
        by.row,
        by.chance,
        by.first,
        by.popularity,
        by.episodes,
        by.meeting,
        by.spread,
    )


@njit(cache=True)
def _drawing(a, b, active, stratum, degree, share, size):  # type: ignore[no-untyped-def]
    """Chance that a draw gives this pair, in either order."""
    out = np.zeros(a.shape[0])
    for n in range(a.shape[0]):
        i, j = active[a[n]], active[b[n]]
        while i < active[a[n] + 1] and j < active[b[n] + 1]:
            if stratum[i] < stratum[j]:
                i += 1
            elif stratum[i] > stratum[j]:
                j += 1
            else:
                s = stratum[i]
                out[n] += share[s] * 2 * degree[i] * degree[j] / size[s] ** 2
                i += 1
                j += 1
    return out


@njit(cache=True)
def _reached(  # type: ignore[no-untyped-def]
    a, b, critical, active, stratum, row, chance, first, popularity, episodes, meeting, spread
):
    """Chance that the count so far reaches its critical value at some level, [pairs, limits]."""
    out = np.zeros(critical.shape[:2])
    for n in range(a.shape[0]):
        counts = _counts(
            a[n], b[n], active, stratum, row, chance, first, popularity, episodes, meeting, spread,
            critical[n].max(),
        )  # fmt: skip
        for at in range(critical.shape[1]):
            out[n, at] = 1 - _below(counts, critical[n, at])
    return out


@njit(cache=True)
def _counts(  # type: ignore[no-untyped-def]
    a, b, active, stratum, row, chance, first, popularity, episodes, meeting, spread, most
):
    """Chances of 0 … most - 1 meetings in the episodes of each level alone: shape [4, most]."""
    out = np.zeros((4, most))
    out[:, 0] = 1.0
    one = np.zeros(most)
    i, j = active[a], active[b]
    while i < active[a + 1] and j < active[b + 1]:
        if stratum[i] < stratum[j]:
            i += 1
        elif stratum[i] > stratum[j]:
            j += 1
        else:
            s = stratum[i]
            for c in range(first[s + 1] - first[s]):
                k = first[s] + c
                p = together(chance[row[i] + c], chance[row[j] + c], spread[k]) * meeting[k]
                level = 0 if popularity[k] <= 4 else 1 if popularity[k] <= 16 else 2
                level = 3 if popularity[k] > 64 else level
                _binomial(one, episodes[k], min(p, 1.0))
                _add(out[level], one)
            i += 1
            j += 1
    return out


@njit(cache=True)
def _binomial(out, trials, p):  # type: ignore[no-untyped-def]
    """Chances of 0, 1 … successes, as many as fit."""
    out[:] = 0
    if p >= 1.0:
        if trials < out.shape[0]:
            out[trials] = 1.0
        return
    out[0] = np.exp(trials * np.log1p(-p))
    for n in range(1, min(out.shape[0], trials + 1)):
        out[n] = out[n - 1] * (trials - n + 1) / n * p / (1 - p)


@njit(cache=True)
def _add(total, one):  # type: ignore[no-untyped-def]
    """The distribution of the sum, in place."""
    for n in range(total.shape[0] - 1, -1, -1):
        value = 0.0
        for m in range(n + 1):
            value += total[m] * one[n - m]
        total[n] = value


@njit(cache=True)
def _below(counts, critical):  # type: ignore[no-untyped-def]
    """Chance that the count up to each level stays below that level's critical value."""
    alive = np.zeros(counts.shape[1])
    alive[0] = 1.0
    for k in range(4):
        _add(alive, counts[k])
        alive[critical[k] :] = 0.0
    return alive.sum()
