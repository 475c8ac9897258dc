"""A pair's p-value in one question, from its meetings and what chance gives it in each stratum."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
from numba import njit
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from graph.detection.significance import verdict
from graph.detection.spark.arrow import Table, by_batch, lists, numbers, table
from graph.detection.spark.chances import LISTED, MEANS
from graph.detection.spark.meetings import LEVELS

JUDGED = "left string, right string, co_actions long, expected double, level int, p_value double"


def verdicts(both: DataFrame, expected: DataFrame, keep: float) -> DataFrame:
    """Rows JUDGED of the pairs with p ≤ `keep`. `both`: see chances.shared; `expected`: a row for
    each stratum and two activities."""
    said = F.struct("place", "span", *MEANS, "likely")
    gathered = (
        both.join(expected, ["place", "span", "low", "high"])
        .groupBy("left", "right")
        .agg(
            *(F.max(level).alias(level) for level in LEVELS),
            F.sort_array(F.collect_list(said)).alias("strata"),
        )
    )
    return by_batch(gathered, partial(_judged, keep=keep), JUDGED)


def _judged(batch: Any, keep: float) -> Table:
    edge, strata = lists(batch.column("strata"))
    met = np.stack([numbers(batch.column(level)) for level in LEVELS], axis=1)
    means = np.stack([numbers(strata.field(mean)) for mean in MEANS], axis=1)
    inner, likely = lists(strata.field("likely"))
    p, level, count, told = _verdicts(met, edge, means, inner, numbers(likely))
    rows = table(
        JUDGED,
        {
            "left": batch.column("left"),
            "right": batch.column("right"),
            "co_actions": count,
            "expected": told,
            "level": level,
            "p_value": p,
        },
    )
    return rows.filter(p <= keep)


@njit(cache=True, nogil=True)
def _verdicts(met, edge, means, inner, flat):  # type: ignore[no-untyped-def]
    """p, deciding level, co-actions and expected of pairs; strata edge[n]:edge[n + 1] are n's."""
    pairs = met.shape[0]
    p, told = np.empty(pairs, dtype=np.float64), np.empty(pairs, dtype=np.float64)
    level, count = np.empty(pairs, dtype=np.int64), np.empty(pairs, dtype=np.int64)
    mean, likely = np.zeros(4, dtype=np.float64), np.zeros((LISTED, 3), dtype=np.float64)
    for n in range(pairs):
        mean[:] = 0
        listed = 0
        for s in range(edge[n], edge[n + 1]):
            mean += means[s]
            for t in range(inner[s], inner[s + 1], 3):
                if listed < LISTED:
                    likely[listed] = flat[t : t + 3]
                    listed += 1
                else:
                    mean[int(flat[t + 2])] += flat[t] * flat[t + 1]
        p[n], level[n], count[n], told[n] = verdict(met[n], mean, likely, listed)
    return p, level, count, told
