"""What each stock did on each day, against what its own past and that day's market explain.

A stock's return is r(t) = a + b * m(t) + e(t), with m the mean return of all other stocks that
traded that day (outliers clipped). a, b and the spread of e come from the ESTIMATION returns that
end GAP days before t; the abnormal return is e(t), its z is e(t) over that spread. Where fewer than
FEWEST_STOCKS traded, the market says nothing and m is left out (mean-adjusted). Volume is judged
against its own median of the days before.

Nothing of a day's figures depends on a later bar.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import polars as pl
import pyarrow as pa
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from ingest.market.rolling import models, segment_medians

ESTIMATION = 120  # traded days that a fit rests on, at most
# Traded days between a fit and the day it judges, so that a slow run-up is not its own norm.
GAP = 5
FEWEST_DAYS = 30
FEWEST_STOCKS = 5
FAR = 3.0  # robust spreads of a day's returns
LEAST_SPREAD = 0.005  # of a day's returns
VOLUME_DAYS = 60
LEAST_SWING = 1e-4  # a spread under a hundredth of a per cent is a stock that does not trade
LEAST_VOLUME_SCALE = 0.1  # in log volume: a tenth more or less is nobody's anomaly
MAD_TO_SD = 1.4826
SPLITS = np.array(
    sorted({a / b for a in range(1, 6) for b in range(1, 6) if a != b})
    + [float(n) for n in range(6, 51)]
    + [1 / n for n in range(6, 51)]
)
SPLIT_TOLERANCE = 0.003  # of the ratio: what rounding to cents leaves

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class StockDays:
    """One row a stock and traded day, sorted by ticker and at; nan where a figure has no basis."""

    ticker: NDArray[np.object_]
    at: NDArray[np.int64]
    known_at: NDArray[np.int64]
    returns: Floats  # fraction, from adj_close
    explained: Floats  # what the market, or the stock's own mean, accounts for
    abnormal: Floats  # returns - explained
    swing: Floats  # spread of the abnormal return in the estimation window
    z: Floats  # abnormal / swing
    volume_z: Floats
    volume_ratio: Floats  # volume over its own usual volume
    market_based: NDArray[np.bool_]  # False: mean-adjusted


@dataclass(frozen=True, slots=True)
class Fit:
    """A market model for each day of one stock: arrays of one length."""

    explained: Floats
    swing: Floats
    market_based: NDArray[np.bool_]


def event_study(bars: pa.Table) -> StockDays:
    """Every traded stock-day of a table of bars (graph.bars.SCHEMA, sorted by ticker and at).

    Days without volume are dropped first. Figures need FEWEST_DAYS earlier traded days.
    """
    traded = bars.filter(pa.array(_floats(bars, "volume") > 0))
    tickers = traded["ticker"].to_numpy().astype(object)
    at, known_at = _integers(traded, "at"), _integers(traded, "known_at")
    spans = _spans(tickers)
    close, adjusted = _floats(traded, "close"), _floats(traded, "adj_close")
    returns = np.concatenate([np.empty(0), *(_returns(adjusted[span]) for span in spans)])
    market = leave_one_out(returns, at)
    volume = _floats(traded, "volume")
    stocks = [
        _one_stock(
            returns[span],
            market[span],
            volume[span] / splits_so_far(close[span], adjusted[span]),
        )
        for span in spans
    ]
    columns = [np.concatenate(column) for column in zip(*stocks, strict=True)]
    return StockDays(tickers, at, known_at, returns, *(columns or [np.empty(0)] * 7))


def leave_one_out(returns: Floats, at: NDArray[np.int64]) -> Floats:
    """The mean return of all other stocks on each row's day; nan where fewer than FEWEST_STOCKS.

    Returns far from the day's median count as FAR spreads from it: otherwise one stock's jump in a
    small market would look like a market move that all other stocks failed to follow.
    """
    known = np.isfinite(returns)
    days = pl.Series(at).unique().sort().to_numpy()
    day = np.searchsorted(days, at)
    own = np.where(known, within_reach(returns, np.where(known, day, -1)), 0.0)
    total, stocks = np.bincount(day, own), np.bincount(day, known)
    others = stocks[day] - known
    enough = stocks[day] >= FEWEST_STOCKS
    return np.where(enough, (total[day] - own) / np.where(enough, others, 1), np.nan)


def within_reach(returns: Floats, day: NDArray[np.int64]) -> Floats:
    """Returns clipped to FAR robust spreads around the median of their day.

    `day`: its number from 0; -1 is a day to leave out, whose rows are clipped to nothing sensible.
    """
    # Numbers of 16 bits are sorted by radix, many times faster; no span has more days.
    key = (day + 1).astype(np.uint16 if day.max(initial=0) < 65_000 else np.int64)
    order = np.argsort(key, kind="stable")
    begins = np.concatenate([[0], np.cumsum(np.bincount(day + 1))])
    centre = segment_medians(returns[order], begins)[day + 1]
    distance = np.abs(returns - centre)
    spread = MAD_TO_SD * segment_medians(distance[order], begins)[day + 1]
    reach = FAR * np.maximum(spread, LEAST_SPREAD)
    return np.clip(returns, centre - reach, centre + reach)


def fit(returns: Floats, market: Floats) -> Fit:
    """The market model of each day of one stock, mean-adjusted where there is no market.

    Both arrays hold one value a traded day, oldest first; nan is a day to leave out.
    """
    return fits(returns, market, np.zeros(len(returns), dtype=np.int64))[0]


def fits(
    returns: Floats, market: Floats, first: NDArray[np.int64]
) -> tuple[Fit, NDArray[np.int64]]:
    """The same for many stocks one after the other, with the returns that each model rests on.

    `first`: for each row, where its stock begins.
    """
    *found, used = models(
        np.ascontiguousarray(returns, dtype=np.float64),
        np.ascontiguousarray(market, dtype=np.float64),
        first,
        ESTIMATION,
        GAP,
        FEWEST_DAYS,
        LEAST_SWING,
    )
    return Fit(*found), used


def volume_figures(volume: Floats) -> tuple[Floats, Floats]:
    """Robust z of log volume and volume over its usual, against the VOLUME_DAYS before each day."""
    logs = np.log1p(volume)
    centre, scale = np.full(len(logs), np.nan), np.full(len(logs), np.nan)
    for day in range(FEWEST_DAYS, min(VOLUME_DAYS, len(logs))):
        centre[[day]], scale[[day]] = _median_and_mad(logs[None, :day])
    if len(logs) > VOLUME_DAYS:
        past = sliding_window_view(logs, VOLUME_DAYS)[:-1]
        centre[VOLUME_DAYS:], scale[VOLUME_DAYS:] = _median_and_mad(past)
    z = (logs - centre) / np.maximum(MAD_TO_SD * scale, LEAST_VOLUME_SCALE)
    return z, (1 + volume) / np.exp(centre)


def _one_stock(returns: Floats, market: Floats, volume: Floats) -> tuple[NDArray[np.generic], ...]:
    """The columns of StockDays from `explained` on."""
    model = fit(returns, market)
    abnormal = returns - model.explained
    volume_z, ratio = volume_figures(volume)
    z = abnormal / model.swing
    return model.explained, abnormal, model.swing, z, volume_z, ratio, model.market_based


def _median_and_mad(windows: Floats) -> tuple[Floats, Floats]:
    centre = np.median(windows, axis=1)
    return centre, np.median(np.abs(windows - centre[:, None]), axis=1)


def splits_so_far(close: Floats, adjusted: Floats) -> Floats:
    """New shares for each share at one stock's first bar, by jumps of close that adj_close lacks.

    Dividends move the two apart as well, but hardly ever by exactly a split ratio.
    """
    jump = np.ones(len(close))
    jump[1:] = (close[:-1] / close[1:]) / (adjusted[:-1] / adjusted[1:])
    ratio = np.array([split_ratio(j) if abs(j - 1) > SPLIT_TOLERANCE else 1.0 for j in jump])
    return np.asarray(np.cumprod(ratio))


def split_ratio(jump: float) -> float:
    """The split that this change of the number of shares is exactly, else 1."""
    nearest = float(SPLITS[np.argmin(np.abs(np.log(SPLITS / jump)))])
    return nearest if abs(jump / nearest - 1) < SPLIT_TOLERANCE else 1.0


def _returns(adjusted: Floats) -> Floats:
    """Change since one stock's last traded day; nan on its first."""
    returns = np.full(len(adjusted), np.nan)
    returns[1:] = adjusted[1:] / adjusted[:-1] - 1
    return returns


def _spans(tickers: NDArray[np.object_]) -> list[slice]:
    """Where each stock's rows stand."""
    inner = np.flatnonzero(tickers[1:] != tickers[:-1]) + 1
    edges = [0, *inner.tolist(), len(tickers)] if len(tickers) else []
    return [slice(a, b) for a, b in pairwise(edges)]


def _floats(table: pa.Table, name: str) -> Floats:
    return np.asarray(table[name].to_numpy(), dtype=np.float64)


def _integers(table: pa.Table, name: str) -> NDArray[np.int64]:
    return np.asarray(table[name].to_numpy(), dtype=np.int64)
