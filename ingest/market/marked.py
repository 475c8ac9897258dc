"""Days that are events because of what the exchange did: a price limit, or a halt.

A stock that is pushed from one limit to the next moves as little each day as it may: after some
days its own past explains it, and no detector sees it. So every day that closes at a limit is an
event, with how many sessions in a row did. A halt is an event on the first day after it, where the
stock had been traded in each session of the STEADY bars before: a thin stock rests for days, and
that is no halt.
"""

from __future__ import annotations

import numpy as np
import polars as pl
from scipy.special import ndtr

from ingest.market.detectors.abnormal_return import DETECTOR
from ingest.market.detectors.figures import with_abnormal
from ingest.market.detectors.finding import SCHEMA, prepared

PRICE_LIMIT, HALT = "price_limit", "halt"
STEADY = 20  # bars


def marked(days: pl.DataFrame, marks: pl.DataFrame) -> pl.DataFrame:
    """The findings (SCHEMA) that `marks` of these days of bars are.

    z is that of the day's abnormal return, 0 where its past is too short to tell; severity and
    bars_used are null where there is no more to say.
    """
    rows = marks.with_columns(streak=_streak(), steady=_steady())
    limited = rows.filter(pl.col("limit").is_not_null())
    halted = rows.filter((pl.col("halted") > 0) & pl.col("steady"))
    if limited.is_empty() and halted.is_empty():
        return SCHEMA.to_frame()
    judged = with_abnormal(prepared(DETECTOR, days))
    told = pl.concat([_limits(limited), _halts(halted)])
    ticker = pl.col("ticker").cast(pl.String)
    z = judged.select(ticker, "at", z=pl.col("abnormal_z").fill_nan(None).fill_null(0.0))
    found = told.join(z, on=["ticker", "at"])
    p_value = 2 * ndtr(-np.abs(found["z"].to_numpy()))
    return found.with_columns(
        p_value=pl.Series(p_value, dtype=pl.Float64),
        severity=pl.lit(None, pl.String),
        window=pl.lit("[0, 0]"),
        bars_used=pl.lit(None, pl.Int64),
    ).select(SCHEMA.names())


def _streak() -> pl.Expr:
    """How many bars in a row, to this one, closed at this limit."""
    run = pl.struct("ticker", "limit").rle_id()
    return pl.int_range(1, pl.len() + 1).over(run)


def _steady() -> pl.Expr:
    """Was it traded in every session of the STEADY bars before?"""
    gaps = (pl.col("halted") > 0).cast(pl.Int64).shift(1).rolling_sum(STEADY)
    return (gaps == 0).over("ticker").fill_null(False)


def _limits(rows: pl.DataFrame) -> pl.DataFrame:
    said = pl.format("It closed at its {} limit, {} in a row.", "limit", _sessions("streak"))
    first = pl.format("It closed at its {} limit.", "limit")
    return rows.select(
        "ticker",
        "at",
        kind=pl.lit(PRICE_LIMIT),
        explanation=pl.when(pl.col("streak") > 1).then(said).otherwise(first),
    )


def _halts(rows: pl.DataFrame) -> pl.DataFrame:
    said = "It was traded again, after {} without a trade and " + str(STEADY) + " with one each."
    return rows.select(
        "ticker",
        "at",
        kind=pl.lit(HALT),
        explanation=pl.format(said, _sessions("halted")),
    )


def _sessions(column: str) -> pl.Expr:
    count = pl.col(column)
    several = pl.format("{} sessions", count)
    return pl.when(count == 1).then(pl.lit("one session")).otherwise(several)
