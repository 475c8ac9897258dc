"""Which way a tie points: of each trace, how many posts of one account the other one matched.

The peers' directed weight (coordination-network-toolkit): the number of distinct posts of the first
account that have a match by the second within the window. One who posts four times around the
other's single post has weight 4 one way and 1 the other.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import polars as pl

from graph.detection import sweep
from graph.detection.coaction import near_keys
from graph.detection.ties import Question
from graph.windows import millis


def directed(
    questions: Sequence[Question], parts: pl.DataFrame, ties: pl.DataFrame
) -> pl.DataFrame:
    """A row per tie, trace and direction, the strongest tie first.

    `parts` and `ties` as in `ties.Tables`. The columns are those of `ties`, of which these say
    something else: left and right in the direction, traces (the one), co_actions (posts of left
    that right matched), and weight, p_value and expected of this trace alone, by the window in
    which it is least likely.
    """
    place = ties.select("left", "right", "q_value", "first_at", "last_at").with_row_index("place")
    best = parts.sort("p_value", "window").unique(["left", "right", "trace"], keep="first")
    best = best.join(place, on=["left", "right"])
    found = [
        _counted(question, best.filter(trace=question.trace, window=question.window))
        for question in questions
    ]
    rows = pl.concat(found).sort("place", "trace", "back")
    return rows.select(
        pl.when("back").then("right").otherwise("left").alias("left"),
        pl.when("back").then("left").otherwise("right").alias("right"),
        pl.concat_list("trace").alias("traces"),
        (-pl.col("p_value").log10() + 0.0).alias("weight"),
        "p_value",
        "q_value",
        pl.col("posts").alias("co_actions"),
        "expected",
        "first_at",
        "last_at",
    )


def _counted(question: Question, pairs: pl.DataFrame) -> pl.DataFrame:
    """`pairs` twice, with `back` and `posts`: of left matched by right, and back."""
    matches = _matches(question, pairs)
    counts = [
        matches.group_by("left", "right")
        .agg(pl.col(side).n_unique().alias("posts"))
        .with_columns(pl.lit(side == "right_post").alias("back"))
        for side in ("left_post", "right_post")
    ]
    return pairs.join(pl.concat(counts), on=["left", "right"])


def _matches(question: Question, pairs: pl.DataFrame) -> pl.DataFrame:
    """left, right, left_post, right_post: every two posts of these pairs that match."""
    acts = question.acts
    ends = [acts.accounts.search_sorted(pairs[end]).to_numpy() for end in ("left", "right")]
    wanted = np.sort(ends[0].astype(np.int64) * len(acts.accounts) + ends[1])
    kept = np.flatnonzero(np.isin(acts.account, np.concatenate(ends)))
    objects = acts.object[kept].astype(np.int64)
    i, j = (kept[k] for k in sweep.pairs(objects, acts.at[kept], millis(question.window)))
    turned = acts.account[i] > acts.account[j]
    i, j = np.where(turned, j, i), np.where(turned, i, j)
    key = acts.account[i].astype(np.int64) * len(acts.accounts) + acts.account[j]
    met = (acts.account[i] != acts.account[j]) & np.isin(key, wanted) & _near(question, i, j)
    i, j = i[met], j[met]
    return pl.DataFrame(
        {
            "left": acts.accounts.gather(acts.account[i]),
            "right": acts.accounts.gather(acts.account[j]),
            "left_post": acts.posts.gather(acts.row[i]),
            "right_post": acts.posts.gather(acts.row[j]),
        }
    )


def _near(question: Question, i: sweep.Ints, j: sweep.Ints) -> npt.NDArray[np.bool_]:
    """Whether the texts of each two acts are the same or neighbours, where that is asked."""
    acts = question.acts
    if question.neighbours is None:
        return np.ones(len(i), dtype=bool)
    a, b = acts.text[i].astype(np.int64), acts.text[j].astype(np.int64)
    key = np.minimum(a, b) * len(acts.texts) + np.maximum(a, b)
    return np.asarray((a == b) | np.isin(key, near_keys(acts, question.neighbours)))
