"""How much speaks for an account's coordination, and not for its activity.

Who posts more meets more people, so sums and maxima of tie weights grow with the number of posts
also where chance alone rules. An account's p-value is corrected for whom it could have been tied
to: of its N - 1 possible partners the i-th surest has p_(i), and p = min p_(i) (N - 1) / i (Simes
1986), which holds for the dependence that ties of one account have. Ten ties of middling p to one
ring count for more than one. tests/bench/coordination/activity.py measures it on shuffles and on
planted rings.
"""

from __future__ import annotations

import polars as pl

LEAST_P = 1e-300  # as far as a p-value goes
NOTHING = 0.5  # a p above this speaks for nobody


def account_scores(ties: pl.DataFrame, active: int) -> pl.DataFrame:
    """Accounts of `ties` (left, right, p_value: as ties.tables gives them), surest first.

    `active`: how many accounts could have met. Ties left out, of larger p, can only raise a result.
    Columns: account; p_value; score, -log10 of that, and 0 where p is above NOTHING: counts are
    whole numbers, so near p = 1 quiet accounts take other values than busy ones, which is noise.
    An account without a tie has score 0 and no row.
    """
    ends = [ties.select(pl.col(side).alias("account"), "p_value") for side in ("left", "right")]
    rank = pl.col("p_value").rank("ordinal").over("account")
    partners = max(active - 1, 1)
    return (
        pl.concat(ends)
        .with_columns((pl.col("p_value") * partners / rank).alias("p_value"))
        .group_by("account")
        .agg(pl.col("p_value").min().clip(LEAST_P, 1))
        .with_columns(
            pl.when(pl.col("p_value") <= NOTHING)
            .then(0.0 - pl.col("p_value").log10())
            .otherwise(0.0)
            .alias("score")
        )
        .sort("score", "account", descending=[True, False])
    )
