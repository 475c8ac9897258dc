"""How many promotions there are, from rows that were drawn by chance and judged.

Each judged row stands for one over its propensity (Horvitz and Thompson); what was decided before
a list was drawn stands for itself. The interval is Korn and Graubard's: Clopper and Pearson's at
the number of rows of a simple sample that would tell as much. It is wide while few are judged.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.stats import beta

LEVEL = 0.95
SPREAD_FROM = 5  # promotions among the judged rows from which their spread is believed
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class ChanceRow:
    """A row that was drawn by chance. `promotion` is None until it is decided."""

    stratum: str
    propensity: float
    promotion: bool | None


@dataclass(frozen=True, slots=True)
class Frame:
    """What one list was drawn from: how many were undecided, and how many decided before."""

    unknown: int
    known: int
    known_promotions: int
    rows: tuple[ChanceRow, ...]


@dataclass(frozen=True, slots=True)
class Prevalence:
    """The share of promotions with an interval; `unseen` of the undecided lies in bands in which
    no drawn row is judged, and nothing is said of those."""

    share: float
    low: float
    high: float
    judged: int
    drawn: int
    unseen: float


def prevalence(frames: Sequence[Frame], level: float = LEVEL) -> Prevalence | None:
    """The mean share of promotions over the lists' frames; None where nothing is judged.

    An undecided row is taken to be like the judged ones of its band.
    """
    rows = [row for frame in frames for row in frame.rows]
    judged = [row for row in rows if row.promotion is not None]
    unknown, known = sum(f.unknown for f in frames), sum(f.known for f in frames)
    if not judged:
        return None
    weights, unseen = _weights(rows, judged)
    positive = np.array([bool(row.promotion) for row in judged], dtype=np.float64)
    open_ = unknown * (1 - unseen)
    share = min(1.0, float(weights @ positive) / open_)
    low, high = _interval(share, _worth(weights, positive, open_), level)
    sure = sum(f.known_promotions for f in frames)
    most = known + open_
    return Prevalence(
        (sure + open_ * share) / most,
        (sure + open_ * low) / most,
        (sure + open_ * high) / most,
        len(judged),
        len(rows),
        unseen,
    )


def _weights(rows: Sequence[ChanceRow], judged: Sequence[ChanceRow]) -> tuple[Floats, float]:
    """One over the propensity, raised for what is not judged yet of a band; and the share of the
    weight of bands of which nothing is."""
    drawn: defaultdict[str, float] = defaultdict(float)
    seen: defaultdict[str, float] = defaultdict(float)
    for row in rows:
        drawn[row.stratum] += 1 / row.propensity
    for row in judged:
        seen[row.stratum] += 1 / row.propensity
    weights = [drawn[row.stratum] / seen[row.stratum] / row.propensity for row in judged]
    unseen = sum(many for stratum, many in drawn.items() if stratum not in seen)
    return np.array(weights), unseen / sum(drawn.values())


def _worth(weights: Floats, positive: Floats, total: float) -> float:
    """Rows of a simple sample that would tell as much: by the estimate's spread where enough
    promotions were seen to know it, else no more than the uneven weights allow (Kish)."""
    n = len(weights)
    kish = float(weights.sum() ** 2 / (weights**2).sum())
    share = float(weights @ positive) / total
    spread = float(np.var(n * weights * positive / total, ddof=1)) / n if n > 1 else 0.0
    if not 0 < share < 1 or spread <= 0:
        return kish
    by_spread = share * (1 - share) / spread
    return by_spread if positive.sum() >= SPREAD_FROM else min(kish, by_spread)


def _interval(share: float, worth: float, level: float) -> tuple[float, float]:
    """Clopper and Pearson's interval of a share seen in `worth` rows."""
    tail = (1 - level) / 2
    hits, misses = share * worth, (1 - share) * worth
    low = float(beta.ppf(tail, hits, misses + 1)) if hits > 0 else 0.0
    high = float(beta.ppf(1 - tail, hits + 1, misses)) if misses > 0 else 1.0
    return low, high
