"""What several detectors look at: returns, the shares after splits, the market model.

A column that is there already is not computed again, so a frame may be handed on.
"""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from ingest.market.detectors.past import group_starts
from ingest.market.event_study import (
    ESTIMATION,
    GAP,
    SPLIT_TOLERANCE,
    fit,
    leave_one_out,
    split_ratio,
)

Floats = NDArray[np.float64]


def with_adjusted(frame: pl.DataFrame) -> pl.DataFrame:
    """adj_close is the close where the bars have none."""
    return frame if "adj_close" in frame.columns else frame.with_columns(adj_close=pl.col("close"))


def with_shares(frame: pl.DataFrame) -> pl.DataFrame:
    """Adds `shares`: how many there are for each one at the stock's first bar, by its splits.

    A split is a jump of close that adj_close lacks and that is exactly a ratio of shares.
    """
    if "shares" in frame.columns:
        return frame
    frame = with_adjusted(frame)
    close, own = pl.col("close"), pl.col("adj_close")
    jump = ((close.shift(1) / close) / (own.shift(1) / own)).over("ticker")
    jumps = frame.select(jump.fill_null(1.0)).to_series().to_numpy().copy()
    for row in np.flatnonzero(np.abs(jumps - 1) > SPLIT_TOLERANCE).tolist():
        jumps[row] = split_ratio(float(jumps[row]))
    jumps[np.abs(jumps - 1) <= SPLIT_TOLERANCE] = 1.0
    return frame.with_columns(shares=pl.Series(jumps)).with_columns(
        shares=pl.col("shares").cum_prod().over("ticker")
    )


def with_returns(frame: pl.DataFrame) -> pl.DataFrame:
    """Adds `returns`: change of the adjusted close since the bar before, null on the first."""
    if "returns" in frame.columns:
        return frame
    own = pl.col("adj_close")
    change = (own / own.shift(1) - 1).over("ticker")
    return with_adjusted(frame).with_columns(returns=change)


def with_abnormal(frame: pl.DataFrame) -> pl.DataFrame:
    """Adds explained, abnormal, swing, abnormal_z, market_based and model_bars: `event_study`."""
    if "abnormal_z" in frame.columns:
        return frame
    frame = with_returns(frame)
    returns = frame["returns"].fill_null(np.nan).to_numpy().astype(np.float64)
    market = leave_one_out(returns, frame["at"].to_numpy())
    explained, swing = np.full(len(frame), np.nan), np.full(len(frame), np.nan)
    based = np.zeros(len(frame), dtype=bool)
    begins = np.unique(group_starts(frame, "ticker"))
    for begin, end in zip(begins, [*begins[1:], len(frame)], strict=True):
        model = fit(returns[begin:end], market[begin:end])
        explained[begin:end], swing[begin:end] = model.explained, model.swing
        based[begin:end] = model.market_based
    abnormal = returns - explained
    frame = frame.with_columns(
        market=pl.Series(market),
        explained=pl.Series(explained),
        abnormal=pl.Series(abnormal),
        swing=pl.Series(swing),
        abnormal_z=pl.Series(abnormal / swing),
        market_based=pl.Series(based),
    )
    return frame.with_columns(model_bars=_model_bars())


def _model_bars() -> pl.Expr:
    """How many returns each row's model rests on."""
    own = pl.col("returns").is_finite().fill_null(False)
    both = own & pl.col("market").is_finite()

    def before(known: pl.Expr) -> pl.Expr:
        return (
            known.cast(pl.Int64)
            .rolling_sum(ESTIMATION, min_samples=1)
            .shift(GAP + 1)
            .over("ticker")
            .fill_null(0)
        )

    return pl.when(pl.col("market_based")).then(before(both)).otherwise(before(own))


def percent(fraction: float) -> str:
    """0.123 as `12.3 %`; a rounded-off minus is not shown."""
    return f"{round(100 * fraction, 1) + 0.0:.1f} %"
