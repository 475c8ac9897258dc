"""Meetings and their evidence: the local kernel on one bucket of whole episodes at a time."""

from __future__ import annotations

from functools import partial

import numpy as np
import polars as pl
import pyarrow as pa
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from graph.detection import coaction
from graph.detection.acts import Acts, encode
from graph.detection.coaction import Meetings, meet
from graph.detection.spark.arrow import Table, by_both, by_group, empty, table
from graph.model import Millis

LEVELS = ("met4", "met16", "met64", "met256")  # meetings of a pair by level
# Two kinds of rows: a pair in a bucket, or (left is null) meetings in a class of episodes.
MET = (
    "left string, right string, met4 long, met16 long, met64 long, met256 long, bucket long, "
    "place string, span long, popularity long, met long"
)
SEEN = (
    "left string, right string, left_post string, right_post string, object string, "
    "left_at long, right_at long, episode long, popularity long, gap long"
)


def meetings(acts: DataFrame, window: Millis, span: Millis, most_popular: int) -> DataFrame:
    """Rows MET of `open_acts`."""
    does = partial(_meetings, window=window, span=span, most_popular=most_popular)
    return by_group(acts.groupBy("bucket"), does, MET)


def pairs(met: DataFrame) -> DataFrame:
    """left, right and the meetings by level, over all buckets."""
    found = met.filter(F.col("left").isNotNull()).groupBy("left", "right")
    return found.agg(*(F.sum(level).alias(level) for level in LEVELS))


def met_by_class(met: DataFrame) -> DataFrame:
    """place, span, popularity, met."""
    found = met.filter(F.col("left").isNull()).groupBy("place", "span", "popularity")
    return found.agg(F.sum("met").alias("met"))


def evidence(
    acts: DataFrame, met: DataFrame, kept: DataFrame, window: Millis, span: Millis
) -> DataFrame:
    """Rows SEEN of the pairs `kept` (left, right): of each episode the two nearest posts."""
    wanted = met.join(kept, ["left", "right"], "left_semi").select("left", "right", "bucket")
    does = partial(_evidence, window=window, span=span)
    return by_both(acts.groupBy("bucket"), wanted.groupBy("bucket"), does, SEEN)


def _meetings(rows: Table, window: Millis, span: Millis, most_popular: int) -> Table:
    acts = _acts(rows)
    found = meet(acts, window, span, most_popular=most_popular)
    pair, counts = _by_level(found)
    n = len(acts.accounts)
    bucket = rows["bucket"][0].as_py()
    tied = {
        "left": acts.accounts.gather(pair // n).to_arrow(),
        "right": acts.accounts.gather(pair % n).to_arrow(),
        **{level: counts[:, i] for i, level in enumerate(LEVELS)},
        "bucket": np.full(len(pair), bucket),
    }
    classes = _by_class(found, _frame(rows)["stratum"], span)
    return pa.concat_tables([table(MET, tied), table(MET, classes)])


def _evidence(rows: Table, wanted: Table, window: Millis, span: Millis) -> Table:
    if not wanted.num_rows or not rows.num_rows:
        return empty(SEEN)
    acts = _acts(rows)
    # what is here may tie; how popular that may be was asked before
    found = meet(acts, window, span, most_popular=len(acts.accounts))
    code = pl.DataFrame({"account": acts.accounts, "code": np.arange(len(acts.accounts))})
    asked = (
        pl.DataFrame({"left": wanted["left"], "right": wanted["right"]})
        .join(code, left_on="left", right_on="account")
        .join(code, left_on="right", right_on="account", suffix="_right")
    )
    keys = asked["code"].to_numpy() * len(acts.accounts) + asked["code_right"].to_numpy()
    seen = coaction.evidence(found, np.unique(keys).astype(np.int64))
    began = acts.at[found.episode_start[seen["episode"].to_numpy()]]
    columns = {name: seen[name].to_arrow() for name in seen.columns if name != "pair"}
    return table(SEEN, columns | {"episode": began})


def _acts(rows: Table) -> Acts:
    return encode(_frame(rows))


def _frame(rows: Table) -> pl.DataFrame:
    frame = pl.from_arrow(rows.select(["post", "account", "at", "object", "place"]))
    assert isinstance(frame, pl.DataFrame)
    return frame.rename({"place": "stratum"})


def _by_level(found: Meetings) -> tuple[np.ndarray, np.ndarray]:
    """Pairs, sorted, and their meetings by level, shape [pairs, 4]."""
    pair, which = np.unique(found.keys >> 2, return_inverse=True)
    counts = np.bincount(which * 4 + (found.keys & 3), minlength=4 * len(pair))
    return pair, counts.reshape(len(pair), 4)


def _by_class(found: Meetings, place: pl.Series, span: Millis) -> dict[str, object]:
    """Meetings by stratum and popularity of their episode."""
    first = found.episode_start[:-1]
    counted = (
        pl.DataFrame(
            {
                "place": place.gather(found.acts.row[first]),
                "span": found.acts.at[first] // span,
                "popularity": found.popularity,
                "met": found.met,
            }
        )
        .group_by("place", "span", "popularity")
        .agg(pl.col("met").sum())
    )
    return {name: counted[name].to_arrow() for name in counted.columns}
