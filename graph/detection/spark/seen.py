"""The co-actions of all questions: each two posts once, under the question that says most."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from graph.detection.ties import EVIDENCE
from graph.model import Millis

KEY = ("left", "right", "left_post", "right_post")
REST = ("left_at", "right_at", "popularity", "trace", "window")


def seen(found: Sequence[tuple[str, str, DataFrame]]) -> DataFrame:
    """The columns EVIDENCE, left_at and right_at. `found`: trace, window and the rows
    meetings.SEEN of each question, most telling first."""
    named = [
        rows.withColumns({"question": F.lit(n), "trace": F.lit(trace), "window": F.lit(window)})
        for n, (trace, window, rows) in enumerate(found)
    ]
    said = F.struct("question", "object", "episode", *REST)
    least = reduce(DataFrame.unionByName, named).groupBy(*KEY).agg(F.min(said).alias("_said"))
    columns = ("object", "episode", *REST)
    rows = least.select(*KEY, *(F.col(f"_said.{one}").alias(one) for one in columns))
    seconds = (F.col("right_at") - F.col("left_at")) / 1000
    return rows.withColumn("seconds", seconds).select(*EVIDENCE, "left_at", "right_at")


def dated(rows: DataFrame, half_life: Millis | None) -> DataFrame:
    """left, right, traces, first_at, last_at and, with `half_life`, decayed (see ties.tables)."""
    kernel = F.pow(F.lit(2.0), -F.abs("seconds") * 1000 / (half_life or 1))
    in_order = F.sort_array(F.collect_list(kernel))  # a sum must not depend on who comes first
    decayed = F.aggregate(in_order, F.lit(0.0), lambda total, one: total + one)
    return rows.groupBy("left", "right").agg(
        F.sort_array(F.collect_set("trace")).alias("traces"),
        F.min(F.least("left_at", "right_at")).alias("first_at"),
        F.max(F.greatest("left_at", "right_at")).alias("last_at"),
        *([decayed.alias("decayed")] if half_life else []),
    )
