"""How surprising are a pair's meetings, given how active both are and how popular what they share?

Given the margins (see margins.py), accounts A and B are both in an episode of a class with a known
chance, and meet there with the share f of pairs that did. Their number of meetings is a sum of
independent trials. Its upper tail is exact for the likely trials (chance above LIKELY) and takes
the others together: as one Poisson variable, whose tail is never smaller than the truth from one
more than the mean on (Anderson and Samuels 1967), and for a single meeting as the sum of their
chances, which bounds it always (Boole).

Popular objects would drown rare ones, so a pair is judged at four *levels* of popularity: at
level L only episodes of at most L accounts count, on both sides. A level that adds no episode at
which the two could meet is the level before it. The smallest tail, times the number of levels that
differ, is the pair's p-value for this trace and window (Bonferroni; the margins alone say how many
differ, so the correction is chosen without looking at meetings).

docs/significance.md derives it and says where it fails.
"""

from __future__ import annotations

import dataclasses
import math
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import numpy.typing as npt
import polars as pl
from numba import njit

from graph.detection.coaction import LEVELS, WORKERS, Meetings
from graph.detection.expected import memory, of_pair, plain, remembered
from graph.detection.margins import Margins, margins

MOST_LISTED = 4096  # likely trials of a pair that are counted exactly
JUDGED = ("pair", "co_actions", "expected", "level", "p_value")
SMALLEST = 1e-300
Floats = npt.NDArray[np.float64]


def judge(meetings: Meetings, keep: float = 1.0) -> pl.DataFrame:
    """A row per pair that met and has p <= `keep`, sorted by pair.

    Columns: pair (left * accounts + right), co_actions, expected, level, p_value. co_actions and
    expected are those of the level that decided, an index into LEVELS.
    """
    return judge_by(meetings.keys, len(meetings.acts.accounts), margins(meetings), keep)


def judge_by(keys: npt.NDArray[np.int64], accounts: int, by: Margins, keep: float) -> pl.DataFrame:
    """`judge` for sorted meeting keys under margins that are known."""
    fields = tuple(getattr(by, field.name) for field in dataclasses.fields(by))
    with ThreadPoolExecutor(WORKERS) as pool:
        found = list(
            pool.map(lambda part: _judge(part, accounts, fields, keep), _in_parts(keys, WORKERS))
        )
    columns = [np.concatenate(parts) for parts in zip(*found, strict=True)]
    return pl.DataFrame(dict(zip(JUDGED, columns, strict=True)))


def _in_parts(keys: npt.NDArray[np.int64], parts: int) -> list[npt.NDArray[np.int64]]:
    """Sorted keys in about equal parts, no pair in two of them."""
    pairs = [int(keys[len(keys) * n // parts]) >> 2 for n in range(1, parts)] if len(keys) else []
    return np.split(keys, [int(np.searchsorted(keys, pair << 2)) for pair in pairs])


@njit(cache=True, nogil=True)
def _judge(keys, accounts, by, keep):  # type: ignore[no-untyped-def]
    pairs = 0
    for i in range(keys.shape[0]):
        pairs += i == 0 or keys[i] >> 2 != keys[i - 1] >> 2
    pair, met = np.empty(pairs, dtype=np.int64), np.empty(pairs, dtype=np.int64)
    expected, level = np.empty(pairs, dtype=np.float64), np.empty(pairs, dtype=np.int8)
    p_value = np.empty(pairs, dtype=np.float64)
    seen, mean = np.zeros(4, dtype=np.int64), np.zeros(4, dtype=np.float64)
    likely, known = np.zeros((MOST_LISTED, 3), dtype=np.float64), memory(by)
    active, entry, begin = by[0], known[0], known[1]
    wide, state, means = known[2], known[3], known[4]
    out = i = 0
    while i < keys.shape[0]:
        key = keys[i] >> 2
        seen[:] = 0
        while i < keys.shape[0] and keys[i] >> 2 == key:
            seen[keys[i] & 3] += 1
            i += 1
        a, b, listed = key // accounts, key % accounts, 0
        if not plain(a, b, active, entry, begin, wide, state, means, mean):
            listed = remembered(a, b, by, mean, likely, known)
        if hopeless(seen, mean, likely, listed, keep):
            continue
        best, at, count, told = verdict(seen, mean, likely, listed)
        if best <= keep:
            pair[out], met[out], expected[out] = key, count, told
            level[out], p_value[out] = at, best
            out += 1
    return pair[:out], met[:out], expected[:out], level[:out], p_value[:out]


@njit(cache=True, nogil=True)
def hopeless(seen, mean, likely, listed, keep):  # type: ignore[no-untyped-def]
    """Whether a pair that met once has p > `keep` for sure, seen without an exponential.

    P(X >= 1) is at least m - m²/2 for a Poisson mean m, and at least the chance of any one trial.
    """
    if keep >= 1 or seen.sum() != 1:
        return False
    m, level = mean[0], 0
    while seen[level] == 0:
        level += 1
        m += mean[level]
    least = m - m * m / 2
    for t in range(listed):
        if likely[t, 2] <= level:
            least = max(least, likely[t, 0])
    return least * differing(mean, likely, listed) > keep * (1 + 1e-9)


@njit(cache=True, nogil=True)
def differing(mean, likely, listed):  # type: ignore[no-untyped-def]
    """How many levels add trials to those before; at least 1. `mean`, `likely` as in verdict."""
    found = 0
    for k in range(4):
        adds = mean[k] > 0
        for t in range(listed):
            if adds:
                break
            adds = likely[t, 2] == k
        found += adds
    return max(found, 1)


@njit(cache=True, nogil=True)
def verdict(seen, mean, likely, listed):  # type: ignore[no-untyped-def]
    """p of the level that says most, times the levels that differ; that level; meetings seen there
    and expected.

    `seen` and `mean`: meetings, and expected ones by unlikely trials, by level; `likely`: the
    first `listed` rows of _chances_of. A level at which nothing was seen does not decide.
    """
    best, at, count, told = 2.0, 0, 0, 0.0
    so_far, sum_mean = 0, 0.0
    for k in range(4):
        so_far += seen[k]
        sum_mean += mean[k]
        if seen[k] > 0:
            sure, p = _tail(so_far, sum_mean, likely, listed, k)
            if p < best:
                best, at, count, told = p, k, so_far, sum_mean + sure
    best *= differing(mean, likely, listed)
    return min(max(best, SMALLEST), 1.0), at, count, told


@njit(cache=True, nogil=True)
def _chances_of(  # type: ignore[no-untyped-def]
    a, b, active, stratum, row, chance, first, popularity, episodes, meeting, spread, mean, likely
):
    """`expected.of_pair` of one pair by itself."""
    by = (active, stratum, row, chance, first, popularity, episodes, meeting, spread)
    return of_pair(a, b, by, mean, likely)


@njit(cache=True, nogil=True)
def _tail(k, mean, likely, listed, level):  # type: ignore[no-untyped-def]
    """Expected number among the likely trials up to `level`, and P(X >= k)."""
    sure = 0.0
    for t in range(listed):
        if likely[t, 2] <= level:
            sure += likely[t, 0] * likely[t, 1]
    if sure == 0.0:
        return sure, unlikely_tail(k, mean)
    # chances of 0, 1 … k-1 successes among the likely trials, and of k or more in the last place
    dist = np.zeros(k + 1, dtype=np.float64)
    dist[0] = 1.0
    for t in range(listed):
        if likely[t, 2] <= level:
            p = likely[t, 0]
            for _ in range(int(likely[t, 1])):
                dist[k] += p * dist[k - 1]
                for n in range(k - 1, 0, -1):
                    dist[n] += p * (dist[n - 1] - dist[n])
                dist[0] *= 1 - p
    total = dist[k]
    for n in range(k):
        total += dist[n] * unlikely_tail(k - n, mean)
    return sure, min(total, 1.0)


@njit(cache=True, nogil=True)
def unlikely_tail(k, mean):  # type: ignore[no-untyped-def]
    """P(X >= k) of many unlikely trials whose chances sum to `mean`, or a little more than that."""
    return min(mean, 1.0) if k == 1 else poisson_tail(k, mean)


@njit(cache=True, nogil=True)
def poisson_tail(k, mean):  # type: ignore[no-untyped-def]
    """P(X >= k) of a Poisson variable. Relative accuracy also far out; 0 below 1e-308."""
    if k <= 0:
        return 1.0
    if mean <= 0:
        return 0.0
    term = math.exp(k * math.log(mean) - mean - math.lgamma(k + 1.0))
    if k > mean:
        total, n = term, k
        while term > total * 1e-17:
            n += 1
            term *= mean / n
            total += term
        return min(total, 1.0)
    below, n = 0.0, k
    while n > 0 and term > 1e-17:
        term *= n / mean
        n -= 1
        below += term
    return max(1.0 - below, 0.0)


def benjamini_hochberg(p_values: Floats, tests: float) -> Floats:
    """q-values where `tests` hypotheses were tested and the ones not given have p = 1."""
    order = np.argsort(p_values, kind="stable")
    ranked = p_values[order] * tests / np.arange(1, len(p_values) + 1)
    q = np.minimum.accumulate(ranked[::-1])[::-1]
    out = np.empty_like(p_values)
    out[order] = np.minimum(q, 1.0)
    return out


def benjamini_yekutieli(p_values: Floats, tests: int) -> Floats:
    """q-values that hold under any dependence: BH times the harmonic number of `tests`."""
    return benjamini_hochberg(p_values, under_dependence(tests))


def under_dependence(tests: int) -> float:
    """How many tests Benjamini-Hochberg has to take for its q to be Benjamini-Yekutieli's."""
    harmonic = math.log(tests) + 0.5772156649 + 1 / (2 * tests) if tests > 0 else 1.0
    return tests * harmonic


def q_of(some: Floats, ranked: Floats, tests: float) -> Floats:
    """`benjamini_hochberg` of all p-values, `ranked` from the smallest, for `some` of them alone:
    to the last bit the same, for equal p have equal q. Cheaper where they are few of many."""
    q = np.minimum.accumulate((ranked * tests / np.arange(1, len(ranked) + 1))[::-1])[::-1]
    return np.asarray(np.minimum(q[np.searchsorted(ranked, some)], 1.0))


__all__ = [
    "LEVELS",
    "benjamini_hochberg",
    "benjamini_yekutieli",
    "judge",
    "judge_by",
    "q_of",
    "under_dependence",
]
