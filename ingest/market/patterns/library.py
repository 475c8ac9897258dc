"""The cases that a window is compared with: courses of ingest.synthetic without any noise.

Of each family some draws, seen at the peak and when all is over. Who reads a match reads the
sentence of its case.
"""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from math import log

import numpy as np
from numpy.typing import NDArray

from ingest.market.patterns.window import BARS, shaped
from ingest.synthetic.courses import INNOCENT, PUMPS, Course, course

Floats = NDArray[np.float64]
DRAWS, SEED = 4, 7  # of each family and moment
SIZE = 0.4
VOLUME_SPREAD = 0.35  # of log volume on ordinary days, to put a course's loudness into z

SAYS = {
    "ramp_peak_dump": "bought quietly, promoted while it climbed for days, then sold within days",
    "slow_drip": "climbed a little every day for weeks, then given back slowly",
    "opening_spike": "up within a day or two on huge volume, and gone within the week",
    "two_waves": "promoted, half sold, promoted again to a higher peak, and sold",
    "stairs": "a step up with each wave of posts, quiet days between, and all sold at the end",
    "earnings_jump": "one jump that stays, with volume that dies away: figures were published",
    "index_inclusion": "a step when it was told, a climb until funds had to buy, half given back",
    "takeover_bid": "to the price that is bid and no further either way, soon hardly traded",
    "rally": "a climb of weeks that stays, with a little more volume than usual",
    "squeeze": "ever faster while sellers had to buy back, then down in jerks, but not all the way",
}
MOMENTS = ("at its peak", "after its end")


@dataclass(frozen=True, slots=True, eq=False)
class Case:
    """One shape with a name. `shape`: [3, BARS], see `window`."""

    name: str
    family: str
    moment: str
    shape: Floats

    @property
    def pump(self) -> bool:
        return self.family in PUMPS

    @property
    def says(self) -> str:
        return SAYS[self.family]


@cache
def library() -> tuple[Case, ...]:
    """Every case, pumps first."""
    return tuple(of((*PUMPS, *INNOCENT)))


def of(families: Iterable[str]) -> list[Case]:
    """The cases of some families."""
    return [
        _case(family, moment, n) for family in families for moment in MOMENTS for n in range(DRAWS)
    ]


def _case(family: str, moment: str, draw: int) -> Case:
    drawn = course(random.Random(f"{SEED}/{family}/{draw}"), family, SIZE)
    end = drawn.peak if moment == MOMENTS[0] else len(drawn.moves) - 1
    moves, volume = laid(drawn, end)
    shape = shaped(moves[None], volume[None])[0]
    return Case(f"{family.replace('_', ' ')} {draw + 1}, {moment}", family, moment, shape)


def laid(drawn: Course, end: int) -> tuple[Floats, Floats]:
    """A course in a window whose last bar is the course's bar `end`, which may lie after it.

    Moves (log return) and volume (z on ordinary days), [BARS] each; bars outside are 0.
    """
    moves, volume = np.zeros(BARS), np.zeros(BARS)
    for place, (move, loud) in enumerate(zip(drawn.moves, drawn.loud, strict=True)):
        bar = BARS - 1 - end + place
        if 0 <= bar < BARS:
            moves[bar], volume[bar] = move, log(loud) / VOLUME_SPREAD
    return moves, volume
