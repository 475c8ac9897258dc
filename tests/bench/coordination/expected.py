"""How many pairs the model itself expects to reject when chance alone rules, over all pairs.

A pair's p-value is four times the smallest tail of four nested levels, so p <= a exactly where the
count reaches a critical value c_k at some level k. Under the model the counts of the levels are
sums of independent trials, one an episode, and the chance of that is a walk over the levels whose
count stays below c_k: exact, with binomials, no Poisson. Pairs that never met are counted too.

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
from graph.detection.margins import Margins, together
from graph.detection.significance import _chances_of, _tail

LIMITS = (0.05, 0.01, 0.001)
MOST_KINDS = 1_500
DRAWN = 200_000
MOST = 64  # co-actions beyond which a critical value is not looked for

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Expected:
    """Pairs with p at most each of LIMITS, shape [3], and the standard error of that."""

    pairs: Floats
    error: Floats


def expected(meetings: Meetings, by: Margins, seed: int = 1) -> Expected:
    """What the model says of `meetings`, whose margins are `by`."""
    kinds = _kinds(meetings, by)
    if len(kinds) <= MOST_KINDS:
        return _summed(kinds, by)
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


def _summed(kinds: list[Ints], by: Margins) -> Expected:
    first = np.array([group[0] for group in kinds])
    second = np.array([group[-1] for group in kinds])  # another of the same kind, if there is one
    size = np.array([len(group) for group in kinds], dtype=np.float64)
    i, j = np.triu_indices(len(kinds))
    weight = np.where(i == j, size[i] * (size[i] - 1) / 2, size[i] * size[j])
    some = weight > 0
    chance = _rejections(first[i[some]], second[j[some]], *_columns(by), np.array(LIMITS))
    return Expected(weight[some] @ chance, np.zeros(len(LIMITS)))


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
    values = _rejections(a, b, *_columns(by), np.array(LIMITS)) / chance[:, None]
    values[a == b] = 0
    return Expected(values.mean(axis=0), values.std(axis=0) / np.sqrt(DRAWN))


def _degrees(meetings: Meetings, stratum: Ints, by: Margins) -> Floats:
    """Incidences of each account in each of its strata, in the order of `by.stratum`."""
    key = meetings.incidence_account.astype(np.int64) * (stratum.max() + 1) + stratum
    count = np.unique(key, return_counts=True)[1]
    assert len(count) == len(by.stratum)
    return count.astype(np.float64)


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
def _rejections(  # type: ignore[no-untyped-def]
    a, b, active, stratum, row, chance, first, popularity, episodes, meeting, spread, limits
):
    """Chance of p <= each limit, for each pair a[n], b[n]: shape [pairs, limits]."""
    out = np.zeros((a.shape[0], limits.shape[0]))
    mean, likely = np.zeros(4), np.zeros((4096, 3))
    critical = np.zeros((limits.shape[0], 4), dtype=np.int64)
    for n in range(a.shape[0]):
        listed = _chances_of(
            a[n], b[n], active, stratum, row, chance, first, popularity, episodes, meeting, spread,
            mean, likely,
        )  # fmt: skip
        _critical(critical, mean, likely, listed, limits)
        most = min(critical.max(), MOST)
        counts = _counts(
            a[n], b[n], active, stratum, row, chance, first, popularity, episodes, meeting, spread,
            most,
        )  # fmt: skip
        for at in range(limits.shape[0]):
            out[n, at] = _reached(counts, critical[at])
    return out


@njit(cache=True)
def _critical(critical, mean, likely, listed, limits):  # type: ignore[no-untyped-def]
    """By limit and level, the smallest count with p at most the limit; MOST where none is."""
    for at in range(limits.shape[0]):
        total, c = 0.0, 1
        for k in range(4):
            total += mean[k]
            while c < MOST and 4 * _tail(c, total, likely, listed, k)[1] > limits[at]:
                c += 1
            critical[at, k] = c


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
def _reached(counts, critical):  # type: ignore[no-untyped-def]
    """Chance that the running count reaches its level's critical value at some level."""
    alive = np.zeros(counts.shape[1])
    if alive.shape[0] == 0:
        return 0.0
    alive[0] = 1.0
    for k in range(4):
        _add(alive, counts[k])
        for n in range(critical[k], alive.shape[0]):
            alive[n] = 0.0
    return 1 - alive.sum()
