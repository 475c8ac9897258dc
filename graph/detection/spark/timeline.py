"""Acts with their episode, how popular it is and who is new in it: Spark's SQL alone.

One shuffle, by object; sorting spills to disk, so neither an object that everybody names nor an
episode that lasts for years has to fit into memory. Rows of such an episode never leave the SQL.
"""

from __future__ import annotations

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F

from graph.model import Millis

COLUMNS = ("post", "account", "at", "object", "place")


def timeline(acts: DataFrame, window: Millis, span: Millis) -> DataFrame:
    """`acts` (post, account, at, object and, where chance is taken within something, stratum) and

    began       first time of the act's episode: with the object it names the episode
    span        which span of time that is in; with `place` (the stratum column) the stratum
    popularity  accounts of the episode
    is_first    one row an account and episode: an incidence
    opens       one row an episode
    """
    place = F.col("stratum") if "stratum" in acts.columns else F.lit("")
    rows = acts.withColumn("place", place).select(*COLUMNS)
    by_time = Window.partitionBy("object").orderBy("at")
    gap = F.col("at") - F.lag("at").over(by_time)
    begins = F.when(gap.isNull() | (gap > window), F.col("at"))
    begun = rows.withColumn("_begins", begins).withColumn(
        "began", F.last("_begins", ignorenulls=True).over(by_time)
    )
    return _counted(begun.drop("_begins")).select(
        *COLUMNS,
        "began",
        spans("began", span).alias("span"),
        "popularity",
        "is_first",
        "opens",
    )


def _counted(begun: DataFrame) -> DataFrame:
    """Adds popularity, is_first and opens."""
    episode = Window.partitionBy("object", "began")
    by_account = episode.orderBy("account")
    before = F.lag("account").over(by_account)
    ranked = begun.select(
        "*",
        F.dense_rank().over(by_account).cast("long").alias("_rank"),
        (before.isNull() | (before != F.col("account"))).alias("is_first"),
        before.isNull().alias("opens"),
    )
    return ranked.withColumn("popularity", F.max("_rank").over(episode))


def spans(time: str, length: Millis) -> Column:
    """The number of the span of this length that a time lies in, rounded down."""
    at, size = F.col(time), F.lit(length).cast("long")
    return ((at - F.pmod(at, size)) / size).cast("long")


def open_acts(rows: DataFrame, most_popular: int, buckets: int) -> DataFrame:
    """Acts of episodes that may tie somebody, the only ones that leave the SQL, and their bucket:
    whole episodes lie in one, 0 ≤ bucket < `buckets`."""
    bucket = F.pmod(F.xxhash64("object", "began"), F.lit(buckets)).alias("bucket")
    return rows.filter(F.col("popularity").between(2, most_popular)).select(*COLUMNS, bucket)


def degrees(rows: DataFrame) -> DataFrame:
    """place, span, account, degree: in how many episodes of a stratum an account is."""
    return (
        rows.filter("is_first")
        .groupBy("place", "span", "account")
        .agg(F.count("*").alias("degree"))
    )


def classes(rows: DataFrame) -> DataFrame:
    """place, span, popularity, episodes."""
    return (
        rows.filter("opens")
        .groupBy("place", "span", "popularity")
        .agg(F.count("*").alias("episodes"))
    )
