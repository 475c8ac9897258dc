"""A price moved as neither its market nor its own past explains; over several bars; and came back.

Market model, or mean-adjusted where fewer than five stocks trade: `event_study`, after Campbell, Lo
and MacKinlay (1997), chapter 4. `car_N` sums the abnormal returns of the N bars that end with this
one; its spread is the root of their summed squared swings. `reversal` is dated on the bar that
completes it: the jump lies REVERSAL bars back, and at least half of it has gone since (Renault,
2018, on pumps of small stocks). A reversal's z is that of the bars since the jump; the line holds
for the jump.
"""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
import polars as pl

from ingest.market.detectors.figures import percent, values, with_abnormal
from ingest.market.detectors.finding import Detector, beyond, findings
from ingest.market.detectors.past import group_starts
from ingest.market.rolling import rolled, shifted

NAME = "abnormal_return"
CAR_BARS = (3, 5)
REVERSAL = 5
HALF = 0.5


def find(frame: pl.DataFrame, z_at_least: float) -> pl.DataFrame:
    """abnormal_return, car_3, car_5 and reversal, in both directions."""
    judged = with_abnormal(frame)
    parts = [_single(judged, z_at_least)]
    parts += [_summed(judged, bars, z_at_least) for bars in CAR_BARS]
    return pl.concat([*parts, _reversals(judged, z_at_least)])


def with_car(judged: pl.DataFrame, bars: int) -> pl.DataFrame:
    """Adds car and car_z of the `bars` that end with each row; null where one is not known."""
    known = np.isfinite(values(judged, "abnormal_z"))
    first = group_starts(judged, "ticker")
    total = rolled(np.where(known, values(judged, "abnormal"), np.nan), first, bars)
    squares = rolled(np.where(known, values(judged, "swing") ** 2, np.nan), first, bars)
    return judged.with_columns(
        car=pl.Series(total).fill_nan(None),
        car_z=pl.Series(total / np.sqrt(squares)).fill_nan(None),
    )


def before(judged: pl.DataFrame, name: str, bars: int) -> pl.Series:
    """A column so many bars earlier, null where the stock had none yet."""
    found = shifted(values(judged, name), group_starts(judged, "ticker"), bars)
    return pl.Series(name, found).fill_nan(None)


def _single(judged: pl.DataFrame, line: float) -> pl.DataFrame:
    rows = judged.filter(beyond("abnormal_z", line, "both"))
    rows = rows.with_columns(z="abnormal_z", bars_used="model_bars")
    return findings(rows, NAME, "[0, 0]", "both", _say_single)


def _summed(judged: pl.DataFrame, bars: int, line: float) -> pl.DataFrame:
    rows = with_car(judged, bars).filter(beyond("car_z", line, "both"))
    rows = rows.with_columns(z="car_z", bars_used="model_bars")
    return findings(rows, f"car_{bars}", f"[{1 - bars}, 0]", "both", partial(_say_summed, bars))


def _reversals(judged: pl.DataFrame, line: float) -> pl.DataFrame:
    frame = with_car(judged, REVERSAL).with_columns(
        before(judged, "abnormal", REVERSAL).alias("jump"),
        before(judged, "abnormal_z", REVERSAL).alias("jump_z"),
    )
    undone = -pl.col("car") / pl.col("jump")
    rows = frame.filter(beyond("jump_z", line, "both") & (undone >= HALF).fill_null(False))
    rows = rows.with_columns(z="car_z", bars_used="model_bars", undone=undone)
    rows = rows.filter(pl.col("z").is_finite())
    return findings(rows, "reversal", f"[1, {REVERSAL}]", "both", _say_reversal)


def _say_single(row: dict[str, Any]) -> str:
    cause = "the market explains" if row["market_based"] else "its usual bar is"
    return (
        f"{'Rose' if row['returns'] >= 0 else 'Fell'} {percent(abs(row['returns']))} where {cause} "
        f"{percent(row['explained'])}: {abs(row['z']):.1f} times its usual swing."
    )


def _say_summed(bars: int, row: dict[str, Any]) -> str:
    return (
        f"{'Gained' if row['car'] >= 0 else 'Lost'} {percent(abs(row['car']))} in {bars} bars "
        f"beyond what is explained: {abs(row['z']):.1f} times the usual swing of so many bars."
    )


def _say_reversal(row: dict[str, Any]) -> str:
    return (
        f"{'Rose' if row['jump'] >= 0 else 'Fell'} {percent(abs(row['jump']))} beyond what is "
        f"explained, {abs(row['jump_z']):.1f} times its usual swing; {REVERSAL} bars later "
        f"{percent(row['undone'])} of that was undone."
    )


DETECTOR = Detector(
    name=NAME,
    says="A return that neither the market nor the stock's own past explains, or its undoing.",
    needs=("close", "volume"),
    find=find,
)
