"""More shares changed hands than this stock is used to, at this time of the day.

Robust z of log volume against the 60 bars before of the same minute of the day (days are one slot):
median and MAD, so that earlier spikes do not raise the norm. Rousseeuw and Croux (1993) on the MAD.
Volume is put on the shares of the stock's first bar, so a split is no spike.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from ingest.market.detectors.figures import with_shares
from ingest.market.detectors.finding import Detector, beyond, findings
from ingest.market.detectors.past import asked, group_starts, usual
from ingest.market.event_study import FEWEST_DAYS, LEAST_VOLUME_SCALE, VOLUME_DAYS

NAME = "volume_spike"
DAY_MS, MINUTE_MS = 86_400_000, 60_000
_FIGURES = ("volume_z", "volume_ratio", "volume_bars")


def detector(zone: str = "UTC") -> Detector:
    """Minutes of the day are told in `zone`, the exchange's, so that summer time moves no slot."""
    return Detector(
        name=NAME,
        says="Volume far above what the stock trades at this time of the day.",
        needs=("close", "volume"),
        find=lambda frame, line: find(frame, line, zone),
    )


def find(frame: pl.DataFrame, z_at_least: float, zone: str = "UTC") -> pl.DataFrame:
    """Upward spikes only."""
    judged = with_volume_z(frame, zone).rename({"volume_z": "z", "volume_bars": "bars_used"})
    rows = judged.filter(beyond("z", z_at_least, "up"))
    return findings(rows, NAME, f"{VOLUME_DAYS} bars", "up", _say)


def with_volume_z(frame: pl.DataFrame, zone: str = "UTC") -> pl.DataFrame:
    """Adds volume_z, volume_ratio (over the usual volume) and volume_bars."""
    if "volume_z" in frame.columns:
        return frame
    frame = with_shares(frame)
    if bool((frame["at"] % DAY_MS == 0).all()):
        return _judged(frame, "ticker")
    wanted = asked(frame)
    places = _same_minutes(frame, zone) if wanted is not None else np.arange(len(frame))
    slots = _slots(frame["at"][places], zone)
    stock = group_starts(frame, "ticker")[places]
    order = np.lexsort((slots, stock))
    places, slots = places[order], slots[order]
    marks = () if wanted is None else ("asked",)
    by_slot = frame[places].select("ticker", "volume", "shares", *marks)
    judged = _judged(by_slot.with_columns(slot=pl.Series(slots)), "ticker", "slot")
    columns = {name: np.full(len(frame), np.nan) for name in _FIGURES}
    for name, column in columns.items():
        column[places] = judged[name].to_numpy()
    columns["volume_bars"] = np.nan_to_num(columns["volume_bars"])
    found = frame.with_columns(pl.Series(name, column) for name, column in columns.items())
    return found.cast({"volume_bars": pl.Int64})


def _same_minutes(frame: pl.DataFrame, zone: str) -> NDArray[np.int64]:
    """Places of rows at the minutes that are asked about: no other row says what is usual there."""
    moments = frame["at"].unique().sort()
    slots = _slots(moments, zone)
    wanted = _slots(frame.filter("asked")["at"].unique(), zone)
    same = moments.filter(pl.Series(np.isin(slots, wanted)))
    return frame["at"].is_in(same.implode()).arg_true().to_numpy().astype(np.int64)


def _judged(frame: pl.DataFrame, *keys: str) -> pl.DataFrame:
    """The figures, where rows stand by their keys and time."""
    logs = np.log1p((frame["volume"] / frame["shares"]).to_numpy())
    first = group_starts(frame, *keys)
    norm = usual(logs, first, VOLUME_DAYS, FEWEST_DAYS, asked(frame))
    return frame.with_columns(
        volume_z=pl.Series(norm.z(logs, LEAST_VOLUME_SCALE)),
        volume_ratio=pl.Series(np.exp(logs - norm.centre)),
        volume_bars=pl.Series(norm.rows),
    )


def _slots(at: pl.Series, zone: str) -> NDArray[np.int64]:
    """The minute of the day of each row, -1 for a day's bar, which begins at midnight UTC."""
    moments = pl.DataFrame({"at": at.unique().sort()})  # a clock's zone is slow: once a moment
    local = pl.from_epoch("at", "ms").dt.replace_time_zone("UTC").dt.convert_time_zone(zone)
    minute = local.dt.hour().cast(pl.Int64) * 60 + local.dt.minute().cast(pl.Int64)
    slot = pl.when(pl.col("at") % DAY_MS == 0).then(-1).otherwise(minute)
    told = moments.select(slot.alias("slot"))["slot"].to_numpy()
    return np.asarray(told[np.searchsorted(moments["at"].to_numpy(), at.to_numpy())])


def _say(row: dict[str, Any]) -> str:
    when = "" if row["at"] % DAY_MS == 0 else " at this time of the day"
    return (
        f"Traded {row['volume_ratio']:.1f} times its usual volume: {row['z']:.1f} times the usual "
        f"spread of its last {row['bars_used']} bars{when}."
    )


DETECTOR = detector()
