"""What chance gives two accounts in one stratum: the margins fitted, a stratum at a time.

Accounts of equal activity have equal chances, so what two of them expect from a stratum is
computed once for each two activities that met somewhere, and not for each pair.
"""

from __future__ import annotations

from functools import partial

import numpy as np
import pyarrow as pa
from numba import njit
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from graph.detection.margins import Counted, Margins, assembled, chances
from graph.detection.significance import _chances_of
from graph.detection.spark.arrow import Table, by_both, empty, lists, numbers, table

MEANS = ("mean4", "mean16", "mean64", "mean256")  # expected of the unlikely trials by level
# `likely` has three numbers a trial counted exactly: chance, trials, level (significance.py).
CHANCES = (
    "place string, span long, low long, high long, "
    "mean4 double, mean16 double, mean64 double, mean256 double, likely array<double>"
)
LISTED = 4096  # likely trials of a pair that are counted exactly, as in significance.py


def shared(pairs: DataFrame, degrees: DataFrame) -> DataFrame:
    """A row per pair and stratum in which both were active, with the two activities in order."""
    return (
        pairs.join(_side(degrees, "left"), "left")
        .join(_side(degrees, "right"), ["right", "place", "span"])
        .withColumn("low", F.least("left_degree", "right_degree"))
        .withColumn("high", F.greatest("left_degree", "right_degree"))
        .drop("left_degree", "right_degree")
    )


def expected(both: DataFrame, degrees: DataFrame, classes: DataFrame, cap: int) -> DataFrame:
    """Rows CHANCES for each stratum and two activities in `both`, see `shared`.

    `classes`: place, span, popularity, episodes, met. Episodes of more than `cap` tie nobody.
    """
    stratum = ["place", "span"]
    activity = _listed(
        degrees.groupBy(*stratum, "degree").agg(F.count("*").alias("accounts")),
        ("degree", "accounts"),
    )
    margins = activity.join(_listed(classes, ("popularity", "episodes", "met")), stratum)
    asked = both.select(*stratum, "low", "high").distinct()
    does = partial(_expected, cap=cap)
    return by_both(asked.groupBy(*stratum), margins.groupBy(*stratum), does, CHANCES)


def _side(degrees: DataFrame, side: str) -> DataFrame:
    return degrees.select(
        F.col("account").alias(side), "place", "span", F.col("degree").alias(f"{side}_degree")
    )


def _listed(frame: DataFrame, columns: tuple[str, ...]) -> DataFrame:
    """A row per stratum: the columns as lists, sorted by the first of them."""
    rows = F.sort_array(F.collect_list(F.struct(*columns)))
    packed = frame.groupBy("place", "span").agg(rows.alias("_rows"))
    return packed.select("place", "span", *(F.col(f"_rows.{one}").alias(one) for one in columns))


def _expected(asked: Table, margins: Table, cap: int) -> Table:
    if not asked.num_rows or not margins.num_rows:
        return empty(CHANCES)
    degree = numbers(lists(margins["degree"])[1])
    low, high = (np.searchsorted(degree, numbers(asked[side])) for side in ("low", "high"))
    means, edge, likely = _all_chances(low, high, *_fields(_fitted(margins, cap)))
    return table(
        CHANCES,
        {name: asked[name] for name in ("place", "span", "low", "high")}
        | {mean: means[:, i] for i, mean in enumerate(MEANS)}
        | {"likely": pa.ListArray.from_arrays(pa.array(edge, pa.int32()), pa.array(likely))},
    )


def _fitted(margins: Table, cap: int) -> Margins:
    """The margins of one stratum, with a class of accounts of equal activity for an account."""
    column = {name: numbers(lists(margins[name])[1]) for name in margins.column_names[2:]}
    nothing = np.zeros(len(column["degree"]), dtype=np.int64)
    each = np.arange(len(nothing))
    counted = Counted(
        column["popularity"],
        column["episodes"],
        column["met"].astype(np.float64),
        column["degree"],
        column["accounts"],
        nothing,
        each,
        each,
    )
    return assembled(counted, 1, len(each), cap, chances)


def _fields(by: Margins) -> tuple[np.ndarray, ...]:
    listed = (by.active, by.stratum, by.row, by.chance, by.first)
    return (*listed, by.popularity, by.episodes, by.meeting, by.spread)


@njit(cache=True, nogil=True)
def _all_chances(  # type: ignore[no-untyped-def]
    low, high, active, stratum, row, chance, first, popularity, episodes, meeting, spread
):
    """Means [n, 4] of each two classes of accounts; edges and numbers of the likely trials."""
    means = np.zeros((low.shape[0], 4), dtype=np.float64)
    edge = np.zeros(low.shape[0] + 1, dtype=np.int64)
    likely = np.zeros((LISTED, 3), dtype=np.float64)
    flat, count = np.empty(1024, dtype=np.float64), 0
    for n in range(low.shape[0]):
        listed = _chances_of(
            low[n],
            high[n],
            active,
            stratum,
            row,
            chance,
            first,
            popularity,
            episodes,
            meeting,
            spread,
            means[n],
            likely,
        )
        while count + 3 * listed > flat.shape[0]:
            bigger = np.empty(2 * flat.shape[0], dtype=np.float64)
            bigger[:count] = flat[:count]
            flat = bigger
        for t in range(listed):
            for k in range(3):
                flat[count] = likely[t, k]
                count += 1
        edge[n + 1] = count
    return means, edge, flat[:count]
