"""One tie a pair: the smallest p over the questions, and its q over all pairs of the family.

q needs the rank of every p. The p-values are cut into slices at a few of them; how many lie in
each slice goes to the driver, the slices are ranked where they are, and the smallest value of each
goes to the driver once more.
"""

from __future__ import annotations

import math
from functools import partial
from itertools import accumulate
from typing import Any

import numpy as np
from pyspark.ml.feature import Bucketizer
from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F

from graph.detection.anytime import anytime_p, log_e_values
from graph.detection.significance import LEVELS
from graph.detection.spark.arrow import Table, by_batch, lists, numbers, table

ANY_TIME = "left string, right string, anytime_p double"


def best(judged: DataFrame, questions: int) -> DataFrame:
    """left, right, p_value, weight, question, co_actions, expected: the question that says
    most of each pair, its p times the number of questions."""
    said = F.struct("p_value", "question", "co_actions", "expected")
    least = judged.groupBy("left", "right").agg(F.min(said).alias("_best"))
    p = F.least(F.col("_best.p_value") * float(questions), F.lit(1.0))
    return least.select(
        "left",
        "right",
        p.alias("p_value"),
        (-F.log10(p) + 0.0).alias("weight"),
        F.col("_best.question").alias("question"),
        F.col("_best.co_actions").alias("co_actions"),
        F.col("_best.expected").alias("expected"),
    )


def with_q(pairs: DataFrame, tests: int, slices: int) -> DataFrame:
    """Adds q_value (Benjamini and Hochberg) and by_value (and Yekutieli). `tests` hypotheses were
    tested, the ones that are not among `pairs` with p = 1. As significance.benjamini_hochberg."""
    sliced = _sliced(pairs, slices)
    counted = _numbers(sliced.groupBy("slice").agg(F.count("*")))
    before = _before(counted)
    up, down = (
        Window.partitionBy("slice").orderBy(F.col("p_value").asc()),
        Window.partitionBy("slice").orderBy(F.col("p_value").desc()),
    )
    rank = F.count("*").over(up) + _by_slice(before)  # the last of equal ones, which is the least
    ranked = sliced.withColumn("_value", F.col("p_value") * float(tests) / rank)
    after = _after(_numbers(ranked.groupBy("slice").agg(F.min("_value"))))
    value = F.least(F.min("_value").over(down), _by_slice(after))
    one = F.lit(1.0)
    return ranked.select(
        *pairs.columns,
        F.least(value, one).alias("q_value"),
        F.least(value * harmonic(tests), one).alias("by_value"),
    )


def harmonic(tests: int) -> float:
    """About 1 + 1/2 + … + 1/tests, as significance.benjamini_yekutieli takes it."""
    return math.log(tests) + 0.5772156649 + 1 / (2 * tests) if tests > 0 else 1.0


def any_time(judged: DataFrame, kept: DataFrame, questions: int) -> DataFrame:
    """Rows ANY_TIME of the pairs `kept`, from all that the questions said of them."""
    said = F.struct("question", "co_actions", "expected")
    mine = judged.join(kept.select("left", "right"), ["left", "right"], "left_semi")
    gathered = mine.groupBy("left", "right").agg(F.sort_array(F.collect_list(said)).alias("said"))
    return by_batch(gathered, partial(_any_time, answers=questions * len(LEVELS)), ANY_TIME)


def _any_time(batch: Any, answers: int) -> Table:
    edge, said = lists(batch.column("said"))
    log_e = log_e_values(numbers(said.field("co_actions")), numbers(said.field("expected")))
    owner = np.repeat(np.arange(batch.num_rows), np.diff(edge))
    p = anytime_p(log_e, owner, batch.num_rows, answers)
    ends = {"left": batch.column("left"), "right": batch.column("right")}
    return table(ANY_TIME, ends | {"anytime_p": p})


def _sliced(pairs: DataFrame, slices: int) -> DataFrame:
    """Adds `slice`, a number that rises with p. The cuts are literal: a slice that is computed
    twice has the same rows twice."""
    shares = [k / slices for k in range(1, slices)]
    cuts = pairs.approxQuantile("p_value", shares, 1 / (4 * slices)) if shares else []
    splits = [-math.inf, *sorted(set(cuts)), math.inf]
    if len(splits) == 2:
        return pairs.withColumn("slice", F.lit(0.0))
    return Bucketizer(splits=splits, inputCol="p_value", outputCol="slice").transform(pairs)


def _numbers(by_slice: DataFrame) -> dict[float, float]:
    """One number a slice, on the driver."""
    return {float(row[0]): row[1] for row in by_slice.collect()}


def _before(counts: dict[float, float]) -> dict[float, float]:
    """How many lie in the slices before each."""
    order = sorted(counts)
    sums = accumulate((counts[one] for one in order), initial=0)
    return dict(zip(order, sums, strict=False))


def _after(least: dict[float, float]) -> dict[float, float]:
    """The smallest value of the slices after each."""
    order = sorted(least, reverse=True)
    so_far = accumulate((least[one] for one in order), min, initial=math.inf)
    return dict(zip(order, so_far, strict=False))


def _by_slice(values: dict[float, float]) -> Column:
    """The number that belongs to a row's slice."""
    if not values:
        return F.lit(0.0)
    pairs = [F.lit(one) for item in values.items() for one in map(float, item)]
    return F.element_at(F.create_map(*pairs), F.col("slice"))
