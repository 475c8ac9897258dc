"""synchrony.py on Spark: are the times of two accounts closer than exchanged times would be?"""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from graph.detection.spark.arrow import Table, by_batch, by_group, lists, numbers, table
from graph.detection.spark.timeline import spans
from graph.detection.synchrony import p_values, shares
from graph.model import Millis
from graph.windows import DAY

SHARES = "object string, day long, share double"
SYNCHRONY = "left string, right string, synchrony_p double"


def synchrony(acts: DataFrame, kept: DataFrame, window: Millis, buckets: int) -> DataFrame:
    """Rows SYNCHRONY of the pairs `kept` (left, right) that share an object and a day; a pair
    that shares none has p = 1 and no row. `acts`: account, object, at."""
    days = acts.select("account", "object", "at", spans("at", DAY).alias("day"))
    times = days.groupBy("account", "object", "day").agg(
        F.sort_array(F.collect_list("at")).alias("times")
    )
    both = kept.select("left", "right").join(_side(times, "left"), "left")
    both = both.join(_side(times, "right"), ["right", "object", "day"])
    said = both.join(_shares(days, window, buckets), ["object", "day"])
    gathered = said.groupBy("left", "right").agg(
        F.collect_list(F.struct("share", "left_times", "right_times")).alias("shared")
    )
    return by_batch(gathered, partial(_p_values, window=window), SYNCHRONY)


def _side(times: DataFrame, side: str) -> DataFrame:
    return times.select(
        F.col("account").alias(side), "object", "day", F.col("times").alias(f"{side}_times")
    )


def _shares(days: DataFrame, window: Millis, buckets: int) -> DataFrame:
    """Of each object and day, the share of its pairs of acts that lies within the window."""
    bucket = F.pmod(F.xxhash64("object", "day"), F.lit(buckets)).alias("bucket")
    rows = days.select("object", "day", "at", bucket)
    return by_group(rows.groupBy("bucket"), partial(_share, window=window), SHARES)


def _share(rows: Table, window: Millis) -> Table:
    coded = rows["object"].combine_chunks().dictionary_encode()
    code, day, at = (numbers(one) for one in (coded.indices, rows["day"], rows["at"]))
    order = np.lexsort((at, day, code))
    code, day, at = code[order], day[order], at[order]
    new = np.ones(len(at), dtype=bool)
    new[1:] = (code[1:] != code[:-1]) | (day[1:] != day[:-1])
    first = np.flatnonzero(new)
    return table(
        SHARES,
        {
            "object": coded.dictionary.take(coded.indices).take(order[first]),
            "day": day[first],
            "share": shares(np.append(first, len(at)), at, window),
        },
    )


def _p_values(batch: Any, window: Millis) -> Table:
    """The pair n has the accounts 2n and 2n + 1; what it shares is numbered through the batch."""
    edge, shared = lists(batch.column("shared"))
    sides = [lists(shared.field(f"{side}_times")) for side in ("left", "right")]
    group = np.arange(len(shared))
    groups = [np.repeat(group, np.diff(inner)) for inner, _ in sides]
    ends = [inner[edge] for inner, _ in sides]  # where each pair's times begin
    total = len(groups[0])
    begins = np.empty(2 * batch.num_rows + 1, dtype=np.int64)
    # all left times, then all right ones, would part the accounts: so a pair lies together
    order = _together(ends, total)
    begins[0::2] = ends[0] + ends[1]
    begins[1::2] = ends[0][1:] + ends[1][:-1]
    n = np.arange(batch.num_rows)
    p = p_values(
        2 * n * (2 * batch.num_rows) + 2 * n + 1,
        2 * batch.num_rows,
        begins,
        np.concatenate(groups)[order],
        np.concatenate([numbers(times) for _, times in sides])[order],
        numbers(shared.field("share")),
        window,
    )
    named = {"left": batch.column("left"), "right": batch.column("right")}
    return table(SYNCHRONY, named | {"synchrony_p": p})


def _together(ends: list[np.ndarray], total: int) -> np.ndarray:
    """Order in which each pair's left times are followed by its right ones."""
    pairs = np.arange(len(ends[0]) - 1)
    owner = np.concatenate([np.repeat(pairs, np.diff(ends[0])), np.repeat(pairs, np.diff(ends[1]))])
    side = np.arange(len(owner)) >= total
    return np.lexsort((np.arange(len(owner)), side, owner))
