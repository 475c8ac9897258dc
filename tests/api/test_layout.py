"""A drawing is the same every time, inside its frame, and nothing lies on anything."""

from __future__ import annotations

from itertools import combinations
from math import hypot

import pytest

from api.layout import HALF, RIM_HOLDS, rim, sunflower


@pytest.mark.parametrize(("accounts", "stocks"), [(1, 0), (2, 1), (60, 3), (200, RIM_HOLDS)])
def test_dots_stay_inside_and_apart(accounts: int, stocks: int) -> None:
    spots = sunflower([float(n % 7) for n in range(accounts)]) + rim(stocks)
    assert len(spots) == accounts + stocks
    assert all(max(abs(s.x), abs(s.y)) + s.size / HALF <= 1 for s in spots)
    for one, other in combinations(spots, 2):
        assert hypot(one.x - other.x, one.y - other.y) * HALF > one.size + other.size


def test_the_same_strengths_give_the_same_drawing() -> None:
    assert sunflower([3.0, 1.0, 2.0]) == sunflower([3.0, 1.0, 2.0])


def test_the_strongest_is_in_the_middle_and_largest() -> None:
    spots = sunflower([1.0, 9.0, 4.0])
    assert min(spots, key=lambda s: hypot(s.x, s.y)) is spots[1]
    assert max(spots, key=lambda s: s.size) is spots[1]


def test_many_accounts_still_have_a_place_each() -> None:
    spots = sunflower([1.0] * 3_000)
    assert len({(s.x, s.y) for s in spots}) == 3_000
