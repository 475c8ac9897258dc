"""Where a cluster's accounts and stocks are drawn: the same every time, nothing on top of another.

Accounts lie on a sunflower spiral, the strongest in the middle; stocks stand on the rim.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

RIM = 0.94  # a stock's centre, so that the whole dot stays within 1
DISC = 0.72  # how far out accounts go
GOLDEN = np.pi * (3 - np.sqrt(5))
RIM_HOLDS = 60  # stocks; the most named ones
HALF = 300  # pixels for which sizes are meant: the drawing is 600 wide
SMALLEST, LARGEST = 2.0, 14.0  # pixels, a dot's radius
APART = 0.45  # of the distance to the nearest dot may be a dot's radius


@dataclass(frozen=True, slots=True)
class Spot:
    """A place in [-1, 1]², and a dot's radius in pixels of a 600-pixel drawing."""

    x: float
    y: float
    size: float


def sunflower(strengths: Sequence[float]) -> list[Spot]:
    """A spot for each account, given in any order; the stronger, the nearer to the middle."""
    count = len(strengths)
    if not count:
        return []
    order = np.argsort(-np.asarray(strengths, dtype=float), kind="stable")
    rank = np.empty(count)
    rank[order] = np.arange(count)
    radius = DISC * np.sqrt((rank + 0.5) / count) if count > 1 else np.zeros(1)
    places = np.column_stack((radius * np.cos(rank * GOLDEN), radius * np.sin(rank * GOLDEN)))
    sizes = _sizes(np.asarray(strengths, dtype=float), _room(places))
    return [Spot(*map(float, spot)) for spot in np.column_stack((places, sizes)).round(5)]


def rim(count: int) -> list[Spot]:
    """A spot for each of `count` stocks, clockwise from the top."""
    angle = np.pi / 2 - 2 * np.pi * np.arange(count) / max(count, 1)
    places = np.column_stack((RIM * np.cos(angle), RIM * np.sin(angle)))
    size = float(np.clip(_room(places), SMALLEST, LARGEST)) if count else 0.0
    return [Spot(round(float(x), 5), round(float(y), 5), round(size, 5)) for x, y in places]


def _room(places: NDArray[np.float64]) -> float:
    """The largest radius, in pixels, at which no two dots meet."""
    if len(places) < 2 or len(places) > 2_000:
        return LARGEST if len(places) < 2 else 0.5
    gaps = np.hypot(*(places[:, None, :] - places[None, :, :]).transpose(2, 0, 1))
    np.fill_diagonal(gaps, np.inf)
    return float(gaps.min()) * HALF * APART


def _sizes(strengths: NDArray[np.float64], room: float) -> NDArray[np.float64]:
    """Radii between a third of the largest and the largest, by the root of strength."""
    largest = min(room, LARGEST)
    top = strengths.max(initial=0.0)
    share = np.sqrt(np.clip(strengths, 0, None) / top) if top > 0 else np.zeros(len(strengths))
    return np.asarray(largest * (1 / 3 + 2 / 3 * share))
