"""The engine that every trace shares: acts in, meetings out, by an exact inclusive window.

Two acts of different accounts on one object meet when at most the window lies between them. An
*episode* is a stretch of an object's timeline without a gap longer than the window; it is fixed
by the object alone, before any pair is looked at, so an account that repeats itself within one
gains nothing. An episode of more than MOST_POPULAR accounts is everybody's business: it ties
nobody and is not enumerated, which also bounds the memory.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl
from numba import njit

from graph.model import Millis

MOST_POPULAR = 256

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Meetings:
    """What a trace found in one window.

    `pairs`: a row per (left account < right account, episode), with its closest pair of posts:
    left, right, episode, left_post, right_post, object, left_at, right_at, texts differ or not.
    `incidences`: a row per (account, episode): account, episode, stratum, popularity.
    """

    pairs: pl.DataFrame
    incidences: pl.DataFrame
    too_popular: int  # episodes left out


def meet(
    acts: pl.DataFrame, window: Millis, span: Millis, neighbours: pl.DataFrame | None = None
) -> Meetings:
    """All meetings within `window`. `acts` has the columns ACTS; `span` is the length of a stratum.

    The same answer whatever the order of rows. With `neighbours` (columns left, right) two acts
    whose texts differ meet only if their texts are neighbours.
    """
    rows = _episodes(acts, window, span)
    crowd = rows.filter(pl.col("popularity") <= MOST_POPULAR)
    pairs = _closest(_sweep(crowd, window), neighbours)
    incidences = rows.unique(["account", "episode"], keep="any").select(
        "account", "episode", "stratum", "popularity"
    )
    left_out = rows.filter(pl.col("popularity") > MOST_POPULAR)["episode"].n_unique()
    return Meetings(pairs, incidences, left_out)


def _episodes(acts: pl.DataFrame, window: Millis, span: Millis) -> pl.DataFrame:
    """Acts sorted by object and time, with episode number, popularity and stratum."""
    rows = acts.unique().sort("object", "at", "post")
    starts = (pl.col("object") != pl.col("object").shift(1)) | (pl.col("at").diff() > window)
    rows = rows.with_columns(starts.fill_null(True).cum_sum().alias("episode"))
    began = pl.col("at").min().over("episode") // span
    return rows.with_columns(
        pl.col("account").n_unique().over("episode").alias("popularity"),
        pl.concat_str(pl.col("stratum"), began.cast(pl.String), separator="@").alias("stratum"),
    )


def _sweep(rows: pl.DataFrame, window: Millis) -> pl.DataFrame:
    """Every pair of acts of one episode within the window, smaller account on the left."""
    account = rows["account"].rank("dense").cast(pl.Int64).to_numpy()
    i, j = _pairs(rows["episode"].cast(pl.Int64).to_numpy(), rows["at"].to_numpy(), account, window)
    swap = account[i] > account[j] if len(i) else np.zeros(0, dtype=bool)
    left, right = np.where(swap, j, i), np.where(swap, i, j)
    columns = ["account", "post", "at", "text_id"]
    a = rows[left].select(columns).rename({c: f"left_{c}" for c in columns})
    b = rows[right].select(columns).rename({c: f"right_{c}" for c in columns})
    shared = rows[left].select("episode", "object", "stratum", "popularity")
    return pl.concat([a, b, shared], how="horizontal").rename(
        {"left_account": "left", "right_account": "right"}
    )


def _closest(pairs: pl.DataFrame, neighbours: pl.DataFrame | None) -> pl.DataFrame:
    """Of each (pair, episode) the posts nearest in time, then by post id: order never matters."""
    if neighbours is not None:
        low, high = (
            pl.min_horizontal("left_text_id", "right_text_id"),
            pl.max_horizontal("left_text_id", "right_text_id"),
        )
        near = neighbours.with_columns(pl.lit(True).alias("near"))
        pairs = pairs.with_columns(low.alias("low"), high.alias("high")).join(
            near, left_on=["low", "high"], right_on=["left", "right"], how="left"
        )
        pairs = pairs.filter(
            (pl.col("low") == pl.col("high")) | pl.col("near").fill_null(False)
        ).drop("low", "high", "near")
    gap = (pl.col("right_at") - pl.col("left_at")).abs().alias("gap")
    return (
        pairs.with_columns(gap)
        .sort("left", "right", "episode", "gap", "left_post", "right_post")
        .unique(["left", "right", "episode"], keep="first", maintain_order=True)
    )


def _pairs(episode: Ints, at: Ints, account: Ints, window: int) -> tuple[Ints, Ints]:
    count = _count(episode, at, account, window)
    left, right = np.empty(count, dtype=np.int64), np.empty(count, dtype=np.int64)
    _fill(episode, at, account, window, left, right)
    return left, right


@njit(cache=True)
def _count(episode, at, account, window):  # type: ignore[no-untyped-def]
    count = 0
    for i in range(at.shape[0]):
        j = i + 1
        while j < at.shape[0] and episode[j] == episode[i] and at[j] - at[i] <= window:
            if account[i] != account[j]:
                count += 1
            j += 1
    return count


@njit(cache=True)
def _fill(episode, at, account, window, left, right):  # type: ignore[no-untyped-def]
    k = 0
    for i in range(at.shape[0]):
        j = i + 1
        while j < at.shape[0] and episode[j] == episode[i] and at[j] - at[i] <= window:
            if account[i] != account[j]:
                left[k], right[k] = i, j
                k += 1
            j += 1
