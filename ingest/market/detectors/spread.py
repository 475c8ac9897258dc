"""Buying and selling became dearer: the bid-ask spread, estimated from highs and lows, widened.

Corwin and Schultz (2012), "A simple way to estimate bid-ask spreads from daily high and low
prices", Journal of Finance 67(2): of two bars in a row, beta is the sum of their squared log ranges
and gamma the squared log range of both together; with k = 3 - 2 sqrt(2),
alpha = (sqrt(2 beta) - sqrt(beta)) / k - sqrt(gamma / k); the spread is
2 (e^alpha - 1) / (1 + e^alpha), zero where negative. As in the paper, a bar whose range does not
reach the close before is moved by that gap. One pair says little, so the mean of SMOOTH pairs is
judged against the stock's own past.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from ingest.market.detectors.figures import percent, values, with_adjusted
from ingest.market.detectors.finding import Detector, beyond, findings
from ingest.market.detectors.past import asked, group_starts, usual
from ingest.market.rolling import rolled, shifted

NAME = "spread"
SMOOTH = 5
WINDOW, FEWEST = 60, 30
LEAST_SPREAD = 0.001  # a tenth of a per cent more or less is nobody's anomaly
K = 3 - 2 * 2**0.5

Floats = NDArray[np.float64]


def find(frame: pl.DataFrame, z_at_least: float) -> pl.DataFrame:
    """Spreads that widened."""
    judged = with_spread(frame)
    mean = judged["spread"].fill_null(np.nan).to_numpy()
    norm = usual(mean, group_starts(judged, "ticker"), WINDOW, FEWEST, asked(judged))
    rows = judged.with_columns(
        z=pl.Series(norm.z(mean, LEAST_SPREAD)),
        usual=pl.Series(norm.centre),
        bars_used=pl.Series(norm.rows),
    ).filter(beyond("z", z_at_least, "up"))
    return findings(rows, NAME, f"{SMOOTH} of {WINDOW} bars", "up", _say)


def with_spread(frame: pl.DataFrame) -> pl.DataFrame:
    """Adds spread, a fraction of the price: the mean of the SMOOTH pairs that end with each row."""
    frame = with_adjusted(frame)
    first = group_starts(frame, "ticker")
    factor = values(frame, "adj_close") / values(frame, "close")
    high, low, close = (values(frame, name) * factor for name in ("high", "low", "close"))
    before = [shifted(price, first, 1) for price in (high, low, close)]
    mean = rolled(corwin_schultz(high, low, *before), first, SMOOTH) / SMOOTH
    return frame.with_columns(spread=pl.Series(mean).fill_nan(None))


def corwin_schultz(
    high: Floats, low: Floats, high_0: Floats, low_0: Floats, close_0: Floats
) -> Floats:
    """The spread of each pair of bars, the earlier one with _0; nan where a range is not one."""
    gap = np.maximum(low - close_0, 0.0) + np.minimum(high - close_0, 0.0)
    high, low = high - gap, low - gap
    with np.errstate(divide="ignore", invalid="ignore"):
        beta = np.log(high / low) ** 2 + np.log(high_0 / low_0) ** 2
        gamma = np.log(np.maximum(high, high_0) / np.minimum(low, low_0)) ** 2
        alpha = (np.sqrt(2 * beta) - np.sqrt(beta)) / K - np.sqrt(gamma / K)
        spread = 2 * (np.exp(alpha) - 1) / (1 + np.exp(alpha))
        sound = (high >= low) & (high_0 >= low_0) & (low > 0) & (low_0 > 0)
    return np.where(sound, np.maximum(spread, 0.0), np.nan)


def _say(row: dict[str, Any]) -> str:
    return (
        f"Its spread, estimated from highs and lows, is {percent(row['spread'])} of the price "
        f"where {percent(row['usual'])} is usual: {row['z']:.1f} times the usual swing of that "
        f"figure over {row['bars_used']} bars."
    )


DETECTOR = Detector(
    name=NAME,
    says="A bid-ask spread, estimated from highs and lows, far above the stock's own.",
    needs=("high", "low", "close", "volume"),
    find=find,
)
