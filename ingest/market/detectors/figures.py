"""What several detectors look at: returns, the shares after splits, the market model.

A column that is there already is not computed again, so a frame may be handed on.
"""

from __future__ import annotations

import numpy as np
import polars as pl
from numba import njit
from numpy.typing import NDArray

from ingest.market.detectors.past import group_starts
from ingest.market.event_study import SPLIT_TOLERANCE, SPLITS, fits, leave_one_out
from ingest.market.rolling import change

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
    first = group_starts(frame, "ticker")
    close, own = values(frame, "close"), values(frame, "adj_close")
    return frame.with_columns(shares=pl.Series(_shares(close, own, first, SPLITS, SPLIT_TOLERANCE)))


def with_returns(frame: pl.DataFrame) -> pl.DataFrame:
    """Adds `returns`: change of the adjusted close since the bar before, null on the first."""
    if "returns" in frame.columns:
        return frame
    frame = with_adjusted(frame)
    found = change(values(frame, "adj_close"), group_starts(frame, "ticker"))
    return frame.with_columns(returns=pl.Series(found).fill_nan(None))


def with_abnormal(frame: pl.DataFrame) -> pl.DataFrame:
    """Adds explained, abnormal, swing, abnormal_z, market_based and model_bars: `event_study`."""
    if "abnormal_z" in frame.columns:
        return frame
    frame = with_returns(frame)
    returns = values(frame, "returns")
    market = leave_one_out(returns, frame["at"].to_numpy())
    model, used = fits(returns, market, group_starts(frame, "ticker"))
    abnormal = returns - model.explained
    return frame.with_columns(
        explained=pl.Series(model.explained),
        abnormal=pl.Series(abnormal),
        swing=pl.Series(model.swing),
        abnormal_z=pl.Series(abnormal / model.swing),
        market_based=pl.Series(model.market_based),
        model_bars=pl.Series(used),
    )


def values(frame: pl.DataFrame, name: str) -> Floats:
    """A column as numbers, nan where it is null."""
    return np.ascontiguousarray(frame[name].fill_null(np.nan).to_numpy(), dtype=np.float64)


@njit(cache=True, nogil=True, error_model="numpy")
def _shares(close, adjusted, first, splits, tolerance):  # type: ignore[no-untyped-def]
    """The product of all splits so far, a split being told as in `event_study.split_ratio`."""
    found = np.ones(close.shape[0])
    for row in range(1, close.shape[0]):
        if row == first[row]:
            continue
        found[row] = found[row - 1]
        jump = (close[row - 1] / close[row]) / (adjusted[row - 1] / adjusted[row])
        if not abs(jump - 1) > tolerance:
            continue
        nearest = splits[np.argmin(np.abs(np.log(splits / jump)))]
        if abs(jump / nearest - 1) < tolerance:
            found[row] *= nearest
    return found


def percent(fraction: float) -> str:
    """0.123 as `12.3 %`; a rounded-off minus is not shown."""
    return f"{round(100 * fraction, 1) + 0.0:.1f} %"
