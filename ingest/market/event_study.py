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
import pyarrow as pa
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

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
    _, day = np.unique(at, return_inverse=True)
    own = np.where(known, within_reach(returns, np.where(known, day, -1)), 0.0)
    total, stocks = np.bincount(day, own), np.bincount(day, known)
    others = stocks[day] - known
    enough = stocks[day] >= FEWEST_STOCKS
    return np.where(enough, (total[day] - own) / np.where(enough, others, 1), np.nan)


def within_reach(returns: Floats, day: NDArray[np.int64]) -> Floats:
    """Returns clipped to FAR robust spreads around the median of their day."""
    centre = _medians_by_day(returns, day)
    spread = MAD_TO_SD * _medians_by_day(np.abs(returns - centre), day)
    reach = FAR * np.maximum(spread, LEAST_SPREAD)
    return np.clip(returns, centre - reach, centre + reach)


def _medians_by_day(values: Floats, day: NDArray[np.int64]) -> Floats:
    """For each row the median of all rows of the same day."""
    order = np.lexsort((values, day))
    _, start, group, size = np.unique(
        day[order], return_index=True, return_inverse=True, return_counts=True
    )
    ranked = values[order]
    middle = (ranked[start + (size - 1) // 2] + ranked[start + size // 2]) / 2
    found = np.empty(len(values))
    found[order] = middle[group]
    return found


def fit(returns: Floats, market: Floats) -> Fit:
    """The market model of each day of one stock, mean-adjusted where there is no market.

    Both arrays hold one value a traded day, oldest first; nan is a day to leave out.
    """
    mean = _mean_adjusted(returns)
    model = _market_model(returns, market)
    usable = np.isfinite(model[0])
    explained = np.where(usable, model[0], mean[0])
    return Fit(explained, np.where(usable, model[1], mean[1]), usable)


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


def _market_model(returns: Floats, market: Floats) -> tuple[Floats, Floats]:
    """(explained, swing) by least squares of return on market over each day's past."""
    known = np.isfinite(returns) & np.isfinite(market)
    y: Floats = np.where(known, returns, 0.0)
    x: Floats = np.where(known, market, 0.0)
    n, sx, sy, sxx, sxy, syy = (
        _past_sums(v) for v in (known.astype(float), x, y, x * x, x * y, y * y)
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        spread = sxx - sx * sx / n
        beta = (sxy - sx * sy / n) / spread
        alpha = (sy - beta * sx) / n
        rest = (syy - sy * sy / n) - beta * (sxy - sx * sy / n)
        swing = np.sqrt(np.maximum(rest, 0.0) / (n - 2))
    usable = (n >= FEWEST_DAYS) & (spread > n * LEAST_SWING**2) & np.isfinite(market)
    explained = np.where(usable, alpha + beta * market, np.nan)
    return explained, np.where(usable, np.maximum(swing, LEAST_SWING), np.nan)


def _mean_adjusted(returns: Floats) -> tuple[Floats, Floats]:
    """(explained, swing) by the mean and spread of each day's past."""
    known = np.isfinite(returns)
    y = np.where(known, returns, 0.0)
    n, sy, syy = (_past_sums(v) for v in (known.astype(float), y, y * y))
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = sy / n
        swing = np.sqrt(np.maximum(syy - sy * mean, 0.0) / (n - 1))
    usable = n >= FEWEST_DAYS
    return np.where(usable, mean, np.nan), np.where(usable, np.maximum(swing, LEAST_SWING), np.nan)


def _past_sums(values: Floats) -> Floats:
    """For each day, the sum over the ESTIMATION days that end GAP days before it."""
    padded = np.concatenate([np.zeros(ESTIMATION + GAP), values])
    windows = sliding_window_view(padded, ESTIMATION)[: len(values)]
    return np.asarray(windows.sum(axis=1))


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
