"""CooRTweet 2.1.3's rules: pairs of shares, edges, the fast net, subgraphs, accounts.

Frames go in and out under its column names. Windows are inclusive; the participation filter counts
rows, before pairing and again after, and the second time keeps a pair if either side qualifies;
loops are pairs of one account, or with a content id equal to the object or to each other.

Known defects of the original, measured on its own data:
- It orders the accounts of an edge and not their content ids, so `n_content_id`, `n_content_id_y`
  and `edge_symmetry_score` mix the two sides: four posts against one score 1.00 and not 0.25. Ours
  count per account (`n_content_id` is `from`'s); `edge_symmetry_score_coortweet` is what it says.
- An account's averages leave out an edge that equals another one of that account in average time
  and symmetry. Repeated here, because the averages are compared.
- Which of two shares of the same second is called older depends on the order of rows. Repeated.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from graph.detection import sweep
from graph.model import Millis

SHARES = ("object_id", "account_id", "content_id", "at")  # strings, and epoch milliseconds
PAIRS = ("object_id", "content_id", "content_id_y", "time_delta", "account_id", "account_id_y")
FAST = "fast"  # the column that flag_speed_share adds
_SIDES = ("account_id", "content_id")


def detect_groups(
    shares: pl.DataFrame, window: Millis, min_participation: int = 2, loops: bool = False
) -> pl.DataFrame:
    """Pairs of shares (columns PAIRS, the older one first) of one object within the window.

    `shares` has the columns SHARES, in the order of the file; a row per pair comes out, in
    CooRTweet's order. `time_delta` is in seconds.
    """
    rows = _in_turn(shares, min_participation)
    older, newer = sweep.pairs(rows["object"].to_numpy(), rows["at"].to_numpy(), window)
    found = _joined(rows, older, newer)
    if not loops:
        found = found.filter(
            pl.col("account_id") != pl.col("account_id_y"),
            pl.col("content_id") != pl.col("content_id_y"),
            pl.col("object_id") != pl.col("content_id"),
            pl.col("object_id") != pl.col("content_id_y"),
        )
    return _participating(shares, found, min_participation)


def flag_speed_share(
    shares: pl.DataFrame, pairs: pl.DataFrame, window: Millis, min_participation: int = 2
) -> pl.DataFrame:
    """`pairs` with a column `fast`: whether the pair also stands in this narrower window."""
    near = pairs.filter(pl.col("time_delta") * 1000 <= window)
    near = _participating(shares, near, min_participation)
    keys = near.select("content_id", "content_id_y").unique()
    return pairs.join(
        keys.with_columns(pl.lit(True).alias(FAST)),
        on=["content_id", "content_id_y"],
        how="left",
        maintain_order="left",
    ).with_columns(pl.col(FAST).fill_null(False))


def _in_turn(shares: pl.DataFrame, min_participation: int) -> pl.DataFrame:
    """Rows of accounts that take part often enough, sorted for the sweep.

    `turn` is the place of a row in CooRTweet's own order: accounts by their first row, then rows.
    """
    rows = shares.with_row_index("row").filter(pl.len().over("account_id") >= min_participation)
    rows = rows.sort(pl.col("row").min().over("account_id"), "row").with_row_index("turn")
    first = pl.col("turn").min().over("object_id").cast(pl.Int64).alias("object")
    return rows.with_columns(first).sort("object", "at", "turn")


def _joined(rows: pl.DataFrame, older: sweep.Ints, newer: sweep.Ints) -> pl.DataFrame:
    """The pairs with the columns PAIRS, by object, then by the later turn, then the earlier one."""
    turn, at = rows["turn"].to_numpy(), rows["at"].to_numpy()
    ranks = np.maximum(turn[older], turn[newer]), np.minimum(turn[older], turn[newer])
    order = np.lexsort((ranks[1], ranks[0], rows["object"].to_numpy()[older]))
    older, newer = older[order], newer[order]
    left = rows.select("object_id", *_SIDES)[older]
    right = rows.select(pl.col(name).alias(f"{name}_y") for name in _SIDES)[newer]
    millis = pl.Series("time_delta", at[newer] - at[older])
    whole = (millis % 1000 == 0).all()
    seconds = millis // 1000 if whole else millis / 1000
    return pl.concat([left, right], how="horizontal").with_columns(seconds).select(PAIRS)


def _participating(
    shares: pl.DataFrame, pairs: pl.DataFrame, min_participation: int
) -> pl.DataFrame:
    """Pairs with a content of an account that has enough rows among what was paired."""
    paired = pl.concat([pairs["content_id"], pairs["content_id_y"]]).unique()
    rows = shares.filter(pl.col("content_id").is_in(paired.implode()))
    often = rows.filter(pl.len().over("account_id") >= min_participation)
    kept = often["content_id"].unique().implode()
    return pairs.filter(pl.col("content_id").is_in(kept) | pl.col("content_id_y").is_in(kept))
