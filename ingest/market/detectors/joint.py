"""Return, volume and range of a bar are rare together, though none alone may be.

An Isolation Forest (Liu, Ting and Zhou, 2008; scikit-learn) over z of the abnormal return, of log
volume and of the log range, of all stocks together. It is fitted anew for each stretch of BLOCK
days, on the year before that stretch only: every second row of a sample grows the trees, the others
say how rare a score is. p = (1 + rows at least as odd) / (1 + rows), which is valid where earlier
bars and this one are exchangeable (Laxhammar and Falkman, 2011: conformal anomaly detection).
Fewer than FEWEST rows to compare with: no finding. A bar with no figure of PLAIN is not scored.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.special import ndtri

from ingest.market.detectors.figures import values, with_abnormal
from ingest.market.detectors.finding import Detector, findings
from ingest.market.detectors.forest import Forest, grow
from ingest.market.detectors.past import asked, group_starts, usual
from ingest.market.detectors.volume_spike import DAY_MS, with_volume_z
from ingest.market.event_study import FEWEST_DAYS, VOLUME_DAYS

NAME = "joint"
FEATURES = ("abnormal_z", "volume_z", "range_z")
BLOCK, LOOK_BACK = 30, 365  # days
MOST, FEWEST = 20_000, 1_000  # rows that grow the trees, and as many that say how rare a score is
REACH = 20.0  # a figure beyond counts as that
PLAIN = 2.0
LEAST_RANGE = 0.002  # of the price

Floats = NDArray[np.float64]


def detector(forest: Forest | None = None) -> Detector:
    """`forest`: one grown before by `trained`; without it, each stretch grows its own."""
    return Detector(
        name=NAME,
        says="Return, volume and range that are rare together among all stocks of the year before.",
        needs=("high", "low", "close", "volume"),
        find=lambda frame, line: find(frame, line, forest),
    )


def find(frame: pl.DataFrame, z_at_least: float, forest: Forest | None = None) -> pl.DataFrame:
    """Bars whose figures are rare together; z is the one that a normal has at their p."""
    # What grows trees is figures of the past, which a question of some rows alone does not give.
    known, together = _figures(frame if forest is not None else frame.drop("asked", strict=False))
    if "asked" in frame.columns and forest is None:
        marks = frame.select("ticker", "at", "asked")
        known = known.join(marks, on=["ticker", "at"], how="left", maintain_order="left")
    wanted = asked(known)
    every = np.ones(len(known), dtype=np.bool_) if wanted is None else wanted
    if forest is None:
        p_value, rows = _judged(known["at"].to_numpy(), together, every)
    else:
        p_value, rows = _judged_by(forest, together, every)
    z = -ndtri(p_value)
    told = known.with_columns(
        z=pl.Series(z), p_value=pl.Series(p_value), bars_used=pl.Series(rows)
    ).filter(pl.Series(z >= z_at_least))
    return findings(told, NAME, f"{LOOK_BACK} days", "up", _say)


def trained(frame: pl.DataFrame) -> Forest | None:
    """A forest of all the rows of `frame` (as `prepared` gives it); None where they are too few."""
    together = _figures(frame)[1]
    return _grown(together, np.arange(len(together)))


def _figures(frame: pl.DataFrame) -> tuple[pl.DataFrame, Floats]:
    """The rows whose FEATURES are all known, and these, none beyond REACH."""
    judged = with_range_z(with_volume_z(with_abnormal(frame)))
    known = judged.filter(pl.all_horizontal(pl.col(name).is_finite() for name in FEATURES))
    return known, np.clip(known.select(FEATURES).to_numpy(), -REACH, REACH)


def with_range_z(frame: pl.DataFrame) -> pl.DataFrame:
    """Adds range_z: robust z of log(high / low) against the stock's own past."""
    if "range_z" in frame.columns:
        return frame
    sound = (pl.col("low") > 0) & (pl.col("high") >= pl.col("low"))
    wide = pl.when(sound).then((pl.col("high") / pl.col("low")).log())
    range_ = values(frame.select(range=wide), "range")
    first = group_starts(frame, "ticker")
    norm = usual(range_, first, VOLUME_DAYS, FEWEST_DAYS, asked(frame))
    return frame.with_columns(range_z=pl.Series(norm.z(range_, LEAST_RANGE)))


def _judged(
    at: NDArray[np.int64], together: Floats, wanted: NDArray[np.bool_]
) -> tuple[Floats, NDArray[np.int64]]:
    """(p, rows compared with) of each row, p 1 where it was not scored."""
    p_value, rows = np.ones(len(at)), np.zeros(len(at), dtype=np.int64)
    odd = _odd(together) & wanted
    block = (at // (BLOCK * DAY_MS)).astype(np.int32)
    for number in np.unique(block[odd]).tolist():
        early = number * BLOCK * DAY_MS - LOOK_BACK * DAY_MS
        past = np.flatnonzero((block < number) & (at >= early))
        forest = _grown(together, past)
        if forest is None:
            continue
        now = np.flatnonzero(odd & (block == number))
        p_value[now], rows[now] = forest.rarity(together[now]), len(forest.compared)
    return p_value, rows


def _judged_by(
    forest: Forest, together: Floats, wanted: NDArray[np.bool_]
) -> tuple[Floats, NDArray[np.int64]]:
    p_value, rows = np.ones(len(together)), np.full(len(together), len(forest.compared))
    now = np.flatnonzero(_odd(together) & wanted)
    p_value[now] = forest.rarity(together[now])
    return p_value, rows


def _odd(together: Floats) -> NDArray[np.bool_]:
    return np.asarray((np.abs(together) >= PLAIN).any(axis=1))


def _grown(together: Floats, past: NDArray[np.int64]) -> Forest | None:
    past = past[:: max(1, -(-len(past) // (2 * MOST)))]
    if len(past[1::2]) < FEWEST:
        return None
    return grow(together[past[::2]], together[past[1::2]])


def rarity(grown: Floats, compared: Floats, values: Floats) -> Floats:
    """p of each row of `values`: how many rows of `compared` the trees of `grown` find as odd."""
    return grow(grown, compared).rarity(values)


def _say(row: dict[str, Any]) -> str:
    return (
        f"Return {row['abnormal_z']:.1f}, volume {row['volume_z']:.1f} and range "
        f"{row['range_z']:.1f} times their usual spread: of {row['bars_used']} earlier bars, "
        f"{round(row['p_value'] * (row['bars_used'] + 1)) - 1} were as odd together."
    )


DETECTOR = detector()
