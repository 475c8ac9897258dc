"""From figures to price events: the stock-days that a person should look at, each in a sentence."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from math import erfc, inf, sqrt

import numpy as np
import pyarrow as pa

from graph.model import Millis, PriceEvent
from ingest.market.event_study import VOLUME_DAYS, StockDays, event_study

ABNORMAL_RETURN = "abnormal_return"
VOLUME_SPIKE = "volume_spike"


def price_events(
    bars: pa.Table, as_of: Millis, *, z_at_least: float = 3.0, since: Millis | None = None
) -> list[PriceEvent]:
    """Events in a table of bars (graph.bars.SCHEMA, sorted by ticker and at), in the same order.

    Bars known after `as_of` are not looked at; earlier bars than `since` only as a stock's past.
    A return counts in both directions, a volume only upwards.
    """
    known = np.asarray(bars["known_at"].to_numpy()) <= as_of
    days = event_study(bars.filter(pa.array(known)))
    return list(_events(days, z_at_least, -inf if since is None else since))


def _events(days: StockDays, z_at_least: float, since: float) -> Iterator[PriceEvent]:
    moved = np.abs(days.z) >= z_at_least
    traded = days.volume_z >= z_at_least
    for row in np.flatnonzero((moved | traded) & (days.at >= since)).tolist():
        if moved[row]:
            yield _return_event(days, row)
        if traded[row]:
            yield _volume_event(days, row)


def _return_event(days: StockDays, row: int) -> PriceEvent:
    z = float(days.z[row])
    return PriceEvent(
        *_place(days, row, ABNORMAL_RETURN),
        z=z,
        p_value=erfc(abs(z) / sqrt(2)),
        abnormal_return=float(days.abnormal[row]),
        volume_z=float(days.volume_z[row]),
        explanation=_return_sentence(days, row),
    )


def _volume_event(days: StockDays, row: int) -> PriceEvent:
    z = float(days.volume_z[row])
    abnormal = float(days.abnormal[row])
    return PriceEvent(
        *_place(days, row, VOLUME_SPIKE),
        z=z,
        p_value=erfc(z / sqrt(2)) / 2,
        abnormal_return=abnormal,
        volume_z=z,
        explanation=_volume_sentence(days, row),
    )


def _place(days: StockDays, row: int, kind: str) -> tuple[str, str, Millis, Millis, str]:
    """The event's id, ticker, at, known_at and kind."""
    ticker, at = str(days.ticker[row]), int(days.at[row])
    return f"{ticker}:{_day(at)}:{kind}", ticker, at, int(days.known_at[row]), kind


def _return_sentence(days: StockDays, row: int) -> str:
    moved, explained = float(days.returns[row]), float(days.explained[row])
    cause = "the market explains" if days.market_based[row] else "its usual day is"
    return (
        f"{'Rose' if moved >= 0 else 'Fell'} {_percent(abs(moved))} where {cause} "
        f"{_percent(explained)}: {abs(float(days.z[row])):.1f} times its usual daily swing."
    )


def _volume_sentence(days: StockDays, row: int) -> str:
    return (
        f"Traded {float(days.volume_ratio[row]):.1f} times its usual volume: "
        f"{float(days.volume_z[row]):.1f} times the usual spread of its last {VOLUME_DAYS} days."
    )


def _percent(fraction: float) -> str:
    """0.123 as `12.3 %`; a rounded-off minus is not shown."""
    return f"{round(100 * fraction, 1) + 0.0:.1f} %"


def _day(at: Millis) -> str:
    return datetime.fromtimestamp(at / 1000, UTC).strftime("%Y-%m-%d")
