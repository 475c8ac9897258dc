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
from sklearn.ensemble import IsolationForest

from ingest.market.detectors.figures import with_abnormal
from ingest.market.detectors.finding import Detector, findings
from ingest.market.detectors.past import group_starts, usual
from ingest.market.detectors.volume_spike import DAY_MS, with_volume_z
from ingest.market.event_study import FEWEST_DAYS, VOLUME_DAYS

NAME = "joint"
FEATURES = ("abnormal_z", "volume_z", "range_z")
BLOCK, LOOK_BACK = 30, 365  # days
MOST, FEWEST = 20_000, 1_000  # rows that grow the trees, and as many that say how rare a score is
TREES, SEED = 64, 0
REACH = 20.0  # a figure beyond counts as that
PLAIN = 2.0
LEAST_RANGE = 0.002  # of the price

Floats = NDArray[np.float64]


def find(frame: pl.DataFrame, z_at_least: float) -> pl.DataFrame:
    """Bars whose figures are rare together; z is the one that a normal has at their p."""
    judged = with_range_z(with_volume_z(with_abnormal(frame)))
    known = judged.filter(pl.all_horizontal(pl.col(name).is_finite() for name in FEATURES))
    values = np.clip(known.select(FEATURES).to_numpy(), -REACH, REACH)
    p_value, rows = _judged(known["at"].to_numpy(), values)
    told = known.with_columns(
        z=pl.Series(-ndtri(p_value)), p_value=pl.Series(p_value), bars_used=pl.Series(rows)
    ).filter(pl.Series(-ndtri(p_value) >= z_at_least))
    return findings(told, NAME, f"{LOOK_BACK} days", "up", _say)


def with_range_z(frame: pl.DataFrame) -> pl.DataFrame:
    """Adds range_z: robust z of log(high / low) against the stock's own past."""
    sound = (pl.col("low") > 0) & (pl.col("high") >= pl.col("low"))
    wide = pl.when(sound).then((pl.col("high") / pl.col("low")).log())
    values = frame.select(wide.fill_null(np.nan).alias("range"))["range"].to_numpy()
    norm = usual(values, group_starts(frame, "ticker"), VOLUME_DAYS, FEWEST_DAYS)
    return frame.with_columns(range_z=pl.Series(norm.z(values, LEAST_RANGE)))


def _judged(at: NDArray[np.int64], values: Floats) -> tuple[Floats, NDArray[np.int64]]:
    """(p, rows compared with) of each row, p 1 where it was not scored."""
    p_value, rows = np.ones(len(at)), np.zeros(len(at), dtype=np.int64)
    odd = np.abs(values).max(axis=1, initial=0.0) >= PLAIN
    block = at // (BLOCK * DAY_MS)
    for number in np.unique(block[odd]).tolist():
        begin = number * BLOCK * DAY_MS
        past = np.flatnonzero((at >= begin - LOOK_BACK * DAY_MS) & (at < begin))
        past = past[:: max(1, -(-len(past) // (2 * MOST)))]
        grown, compared = values[past[::2]], values[past[1::2]]
        if len(compared) < FEWEST:
            continue
        now = np.flatnonzero(odd & (block == number))
        p_value[now], rows[now] = rarity(grown, compared, values[now]), len(compared)
    return p_value, rows


def rarity(grown: Floats, compared: Floats, values: Floats) -> Floats:
    """p of each row of `values`: how many rows of `compared` the trees of `grown` find as odd."""
    forest = IsolationForest(n_estimators=TREES, random_state=SEED).fit(grown)
    scores = np.sort(forest.score_samples(compared))
    at_least = np.searchsorted(scores, forest.score_samples(values), side="right")
    return np.asarray((1 + at_least) / (1 + len(scores)))


def _say(row: dict[str, Any]) -> str:
    return (
        f"Return {row['abnormal_z']:.1f}, volume {row['volume_z']:.1f} and range "
        f"{row['range_z']:.1f} times their usual spread: of {row['bars_used']} earlier bars, "
        f"{round(row['p_value'] * (row['bars_used'] + 1)) - 1} were as odd together."
    )


DETECTOR = Detector(
    name=NAME,
    says="Return, volume and range that are rare together among all stocks of the year before.",
    needs=("high", "low", "close", "volume"),
    find=find,
)
