"""Windows with a planted course in noise, to train and judge what tells pumps from other shapes."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from math import log

import numpy as np
from numpy.typing import NDArray

from ingest.market.patterns.library import laid
from ingest.market.patterns.window import BARS, shaped
from ingest.synthetic.courses import PUMPS, course

Floats = NDArray[np.float64]
SIZES = (0.1, 0.2, 0.4, 0.8)
SWING = (0.008, 0.035)  # spread of a day's abnormal return, from a large stock to a thin one
TAILS = 4  # degrees of freedom of Student's t
LATER = 3  # bars after a course's end at which a window may still end


@dataclass(frozen=True)
class Noise:
    """Ordinary abnormal returns and volume z, [windows, BARS] each, to plant into."""

    abnormal: Floats
    volume_z: Floats


@dataclass(frozen=True)
class Windows:
    """`shapes`: [windows, 3, BARS]; `pump`: whether a pump was planted; `families`: of each."""

    shapes: Floats
    pump: NDArray[np.bool_]
    families: tuple[str, ...]


def noise(seed: int, count: int) -> Noise:
    """Windows of heavy-tailed returns and of volumes that resemble those of the day before."""
    draws = np.random.default_rng(seed)
    swing = np.exp(draws.uniform(log(SWING[0]), log(SWING[1]), (count, 1)))
    abnormal = swing * draws.standard_t(TAILS, (count, BARS)) / np.sqrt(TAILS / (TAILS - 2))
    volume = draws.normal(size=(count, BARS))
    for bar in range(1, BARS):
        volume[:, bar] = 0.5 * volume[:, bar - 1] + np.sqrt(0.75) * volume[:, bar]
    return Noise(abnormal, volume)


def plant_windows(seed: int, families: Sequence[str], ground: Noise) -> Windows:
    """One course in each window of the noise, the families in turn, seen at a random moment from
    its peak to LATER bars after its end. Same arguments, same windows."""
    rng = random.Random(f"{seed}/windows")
    abnormal, volume = ground.abnormal.copy(), ground.volume_z.copy()
    named = []
    for row in range(len(abnormal)):
        family = families[row % len(families)]
        drawn = course(rng, family, rng.choice(SIZES))
        moves, louder = laid(drawn, rng.randint(drawn.peak, len(drawn.moves) - 1 + LATER))
        abnormal[row] += np.expm1(moves)
        volume[row] += louder
        named.append(family)
    pump = np.array([family in PUMPS for family in named])
    return Windows(shaped(abnormal, volume), pump, tuple(named))
