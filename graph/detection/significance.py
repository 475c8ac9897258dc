"""How surprising are a pair's meetings, given how active both are and how popular what they share?

The null: within a stratum (a span of time; for co_ticker also the ticker) the accounts of the n
incidences (account, episode) are shuffled. Of the n(n-1)/2 pairs of incidences m meet, so two
accounts with a and b incidences are expected to meet 2 m a b / (n (n-1)) times; strata add up.
The count's upper tail is taken as Poisson.

Popular objects would drown rare ones, so a pair is judged at four *levels* of popularity: at
level L only episodes of at most L accounts count, on both sides. The smallest of the four tails,
times four, is the pair's p-value for this trace and window (Bonferroni).

docs/significance.md derives it and says where it fails.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import polars as pl
from scipy import sparse
from scipy.stats import poisson

from graph.detection.coaction import Meetings

LEVELS = (4, 16, 64, 256)
_CHUNK = 200_000
Floats = npt.NDArray[np.float64]


def judge(meetings: Meetings) -> pl.DataFrame:
    """A row per pair that met: left, right, co_actions, expected, p_value.

    co_actions and expected are those of the level that decided.
    """
    pairs = (
        meetings.pairs.group_by("left", "right")
        .agg(*[(pl.col("popularity") <= level).sum().alias(f"met_{level}") for level in LEVELS])
        .sort("left", "right")
    )
    if pairs.is_empty():
        return _verdict(pairs.select("left", "right"), np.zeros((0, 4)), np.zeros((0, 4)))
    met = pairs.select(f"met_{level}" for level in LEVELS).to_numpy().astype(float)
    return _verdict(pairs.select("left", "right"), met, _expected(meetings, pairs))


def _verdict(pairs: pl.DataFrame, met: Floats, expected: Floats) -> pl.DataFrame:
    """The level with the smallest tail decides; its p is corrected for having chosen it."""
    tails = np.where(met > 0, poisson.sf(met - 1, np.maximum(expected, 1e-300)), 1.0)
    best = tails.argmin(axis=1) if len(tails) else np.zeros(0, dtype=int)
    pick = np.arange(len(best))
    return pairs.with_columns(
        pl.Series("co_actions", met[pick, best].astype(np.int64)),
        pl.Series("expected", expected[pick, best]),
        pl.Series("p_value", np.clip(tails[pick, best] * len(LEVELS), 1e-300, 1.0)),
    )


def _expected(meetings: Meetings, pairs: pl.DataFrame) -> Floats:
    """Expected meetings of each pair at each level, shape [pairs, levels]."""
    incidences = meetings.incidences
    strata = incidences["stratum"].unique().sort()
    accounts = incidences["account"].unique().sort()
    activity = _activity(incidences, accounts, strata)
    rates = _rates(meetings.pairs, incidences, strata)
    left = _codes(pairs["left"], accounts)
    right = _codes(pairs["right"], accounts)
    parts = [
        np.asarray(activity[left[i : i + _CHUNK]].multiply(activity[right[i : i + _CHUNK]]) @ rates)
        for i in range(0, len(left), _CHUNK)
    ]
    return np.vstack(parts)


def _rates(pairs: pl.DataFrame, incidences: pl.DataFrame, strata: pl.Series) -> Floats:
    """2 m / (n (n-1)) of each stratum at each level, shape [strata, levels]."""
    n = _count(incidences, strata)
    met = np.column_stack(
        [_count(pairs.filter(pl.col("popularity") <= level), strata) for level in LEVELS]
    )
    rates: Floats = 2 * met / np.maximum(n * (n - 1), 1)[:, None]
    return rates


def _count(rows: pl.DataFrame, strata: pl.Series) -> Floats:
    codes = _codes(rows["stratum"], strata)
    return np.bincount(codes, minlength=len(strata)).astype(float)


def _activity(
    incidences: pl.DataFrame, accounts: pl.Series, strata: pl.Series
) -> sparse.csr_matrix:
    """Incidences by account and stratum."""
    rows, columns = _codes(incidences["account"], accounts), _codes(incidences["stratum"], strata)
    ones = np.ones(len(rows))
    return sparse.csr_matrix((ones, (rows, columns)), shape=(len(accounts), len(strata)))


def _codes(values: pl.Series, order: pl.Series) -> npt.NDArray[np.int64]:
    """Positions of `values` in the sorted `order`."""
    codes = order.search_sorted(values) if len(values) else pl.Series([], dtype=pl.UInt32)
    return codes.to_numpy().astype(np.int64)


def benjamini_hochberg(p_values: Floats, tests: int) -> Floats:
    """q-values where `tests` hypotheses were tested and the ones not given have p = 1."""
    order = np.argsort(p_values, kind="stable")
    ranked = p_values[order] * tests / np.arange(1, len(p_values) + 1)
    q = np.minimum.accumulate(ranked[::-1])[::-1]
    out = np.empty_like(p_values)
    out[order] = np.minimum(q, 1.0)
    return out
