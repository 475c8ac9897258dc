"""Jumps of a price that look like a split nobody told us of, so that they are not called a crash.

An exact ratio is strong: 100.00 that opens at 50.00 is a split of two for one far more often than a
fall by half to the cent. A near one is weak, since most large falls are near some whole number; it
says where to look for an action, no more. What a known action explains is no jump: bars come here
after `actions.adjusted`. A price that falls within the day is no split, wherever it closes.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from graph.model import Millis
from ingest.market.event_study import MAD_TO_SD, SPLITS

EXACT = 0.001  # of the ratio: what rounding leaves of a price of 5.00
LEAST_JUMP = 1.2  # overnight, up or down
SWINGS = 3.0  # usual daily swings within which an opening counts as near a ratio
LEAST_SWING, MOST_SWING = 0.01, 0.05  # of a day, in logs
LOOK_BACK = 60  # traded days
FEWEST = 10
WHOLE = np.arange(2.0, 51.0)

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Suspicion:
    """A day whose prices are probably not adjusted, or perhaps."""

    ticker: str
    at: Millis
    known_at: Millis
    ratio: float  # shares afterwards for each one before
    exact: bool
    explanation: str


def suspicions(bars: pa.Table) -> list[Suspicion]:
    """Days that jump from the close before to the open or close by a split's ratio.

    `bars` (`graph.bars.SCHEMA`) is sorted by ticker and at. A day is judged by its own bar and by
    those before it.
    """
    tickers = bars["ticker"].to_numpy().astype(object)
    at, known_at = (np.asarray(bars[n].to_numpy(), dtype=np.int64) for n in ("at", "known_at"))
    close, opened, adjusted = (
        np.asarray(bars[n].to_numpy(), dtype=np.float64) for n in ("close", "open", "adj_close")
    )
    opened = opened * adjusted / close
    found: list[Suspicion] = []
    edges = [0, *(np.flatnonzero(tickers[1:] != tickers[:-1]) + 1).tolist(), len(tickers)]
    for first, end in pairwise(edges):
        for day, ratio, exact in _jumps(opened[first:end], adjusted[first:end]):
            row = first + day
            said = _sentence(adjusted[row - 1], opened[row], adjusted[row], ratio, exact)
            ticker = str(tickers[row])
            found.append(Suspicion(ticker, int(at[row]), int(known_at[row]), ratio, exact, said))
    return found


def _jumps(opened: Floats, close: Floats) -> list[tuple[int, float, bool]]:
    """(day, ratio, exact) of one stock's suspicious days."""
    if len(close) < 2:
        return []
    overnight, daily = np.log(close[:-1] / opened[1:]), np.log(close[:-1] / close[1:])
    found = []
    for day in np.flatnonzero(np.abs(overnight) > np.log(LEAST_JUMP)).tolist():
        past = daily[max(0, day - LOOK_BACK) : day]
        moves = (float(overnight[day]), float(daily[day]))
        if exact := next((r for move in moves if (r := _exactly(move))), None):
            found.append((day + 1, exact, True))
        elif near := _near(moves[0], past):
            found.append((day + 1, near, False))
    return found


def _exactly(move: float) -> float | None:
    """The split whose ratio a move is, in logs."""
    logs = np.log(SPLITS)
    nearest = int(np.argmin(np.abs(logs - move)))
    return float(SPLITS[nearest]) if abs(logs[nearest] - move) < EXACT else None


def _near(move: float, past: Floats) -> float | None:
    """The whole ratio that an overnight move is near, by what the stock usually moves in a day."""
    if len(past) < FEWEST:
        return None
    swing = MAD_TO_SD * float(np.median(np.abs(past)))
    reach = SWINGS * min(max(swing, LEAST_SWING), MOST_SWING)
    ratio = float(WHOLE[np.argmin(np.abs(np.log(WHOLE) - abs(move)))])
    if abs(np.log(ratio) - abs(move)) > reach:
        return None
    return ratio if move > 0 else 1 / ratio


def _sentence(before: float, opened: float, close: float, ratio: float, exact: bool) -> str:
    shares = f"{ratio:g} shares for each" if ratio > 1 else f"one share for each {1 / ratio:g}"
    seen = f"From {before:.2f} to an open of {opened:.2f} and a close of {close:.2f}: "
    if exact:
        return f"{seen}exactly {shares}, so probably a split that is not adjusted and no move."
    return f"{seen}near {shares}; see whether there was a split or bonus before calling it a move."
