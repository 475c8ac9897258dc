"""What the exchange did to a stock on a day: stopped at its price limit, or not traded at all.

NSE and BSE let most shares move at most 5, 10 or 20 per cent from the close before. A day that
closes at such a limit and at its own extreme ended there: its return is what was allowed, not what
buyers would have paid. Files do not say which band a share is in, so a close that happens to lie at
one is marked as well. A session without a trade of a stock that traded before and after it is a
halt, or nobody came: both end in a move that several sessions share.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

import numpy as np
import polars as pl

from ingest.market.calendars import Ints, Sessions
from ingest.market.detectors.figures import with_shares
from ingest.market.detectors.past import group_starts
from ingest.market.venues import VENUES

BANDS = (0.05, 0.10, 0.20)
TICKS = (0.05, 0.01)  # rupees: upper limits are rounded down to one, lower ones up
SLACK = 1e-4
SIDES = {"upper": (1, "high"), "lower": (-1, "low")}
INDIAN = tuple(VENUES)  # suffixes of tickers

SCHEMA = pl.Schema(
    {"ticker": pl.String(), "at": pl.Int64(), "limit": pl.String(), "halted": pl.Int64()}
)


def marks(days: pl.DataFrame, sessions: Mapping[str, Sessions]) -> pl.DataFrame:
    """limit and halted of each traded day (SCHEMA).

    `days`: bars of days as detectors take them, sorted by ticker and at. `limit`: "upper 5 %", null
    where it closed at none. `halted`: sessions since the stock's bar before that have no trade of
    it. `sessions` has those of each ticker; one that is not in it is never halted.
    """
    rows = with_shares(days.filter((pl.col("volume") > 0) & (pl.col("close") > 0)))
    before = pl.col("close").shift(1) * pl.col("shares").shift(1) / pl.col("shares")
    rows = rows.with_columns(before=before.over("ticker"))
    indian = pl.any_horizontal(pl.col("ticker").str.ends_with(suffix) for suffix in INDIAN)
    found = [
        pl.when(indian & _closed_at(side, band)).then(pl.lit(f"{side} {round(100 * band)} %"))
        for band in BANDS
        for side in SIDES
    ]
    rows = rows.with_columns(limit=pl.coalesce(found), halted=_halted(rows, sessions))
    return rows.select(SCHEMA.names())


def _closed_at(side: str, band: float) -> pl.Expr:
    """Did the day close at that limit, and at its own extreme?"""
    sign, extreme = SIDES[side]
    bound = pl.col("before") * (1 + sign * band)
    at_one = pl.any_horizontal(
        (_rounded(bound, tick, sign) - pl.col("close")).abs() < SLACK for tick in TICKS
    )
    return (at_one & (pl.col(extreme) == pl.col("close"))).fill_null(False)


def _rounded(price: pl.Expr, tick: float, sign: int) -> pl.Expr:
    """To the tick towards the close before; SLACK takes off what floats add."""
    ticks = price / tick
    return ((ticks + SLACK).floor() if sign > 0 else (ticks - SLACK).ceil()) * tick


def _halted(rows: pl.DataFrame, sessions: Mapping[str, Sessions]) -> pl.Series:
    """How many sessions lie between each bar and the stock's bar before."""
    at, tickers = rows["at"].to_numpy(), rows["ticker"].to_list()
    halted = np.zeros(len(rows), dtype=np.int64)
    starts = np.unique(group_starts(rows, "ticker")).tolist()
    for start, end in pairwise([*starts, len(rows)]):
        if (known := sessions.get(tickers[start])) is not None:
            halted[start:end] = _between(known.place(at[start:end]))
    return pl.Series("halted", halted)


def _between(place: Ints) -> Ints:
    """From the numbers of the sessions; 0 where one of two is no session."""
    gaps = np.zeros(len(place), dtype=np.int64)
    both = (place[1:] >= 0) & (place[:-1] >= 0)
    gaps[1:] = np.where(both, np.maximum(np.diff(place) - 1, 0), 0)
    return gaps
