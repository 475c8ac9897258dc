"""Shapes: a window does not depend on size, a case finds itself, a match says why."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from ingest.market.detectors import named
from ingest.market.detectors.finding import prepared
from ingest.market.patterns.library import library, of
from ingest.market.patterns.match import distances, matches, pump_scores
from ingest.market.patterns.planted import noise, plant_windows
from ingest.market.patterns.window import BARS, LOUD, shaped, windows
from ingest.synthetic.courses import INNOCENT, PUMPS
from tests.ingest.detectors.markets import market
from tests.ingest.market_days import DAY, FIRST


def test_a_window_is_the_same_shape_at_any_size() -> None:
    moves = np.zeros((1, BARS))
    moves[0, 10:15] = 0.02
    quiet = np.zeros((1, BARS))
    np.testing.assert_allclose(shaped(moves, quiet), shaped(10 * moves, quiet))
    price = shaped(moves, quiet)[0, 0]
    assert price[9] == 0
    assert price[-1] == pytest.approx(1)


def test_volume_counts_up_to_its_most() -> None:
    volume = np.full((1, BARS), 100.0)
    volume[0, 0] = LOUD / 2
    shape = shaped(np.zeros((1, BARS)), volume)
    assert shape[0, 1, 0] == 0.5
    assert (shape[0, 1, 1:] == 1).all()


def test_windows_are_of_triggered_bars_with_enough_before() -> None:
    bars = market(stocks=6, days=120).with_columns(
        triggered=pl.col("at").is_in([FIRST + 20 * DAY, FIRST + 100 * DAY])
    )
    rows, shapes = windows(prepared(named("abnormal_return"), bars))
    assert set(rows["at"]) == {FIRST + 100 * DAY}
    assert shapes.shape == (6, 3, BARS)
    assert np.isfinite(shapes).all()


def test_a_window_does_not_know_later_bars() -> None:
    bars = market(stocks=6, days=140).with_columns(triggered=pl.col("at") == FIRST + 100 * DAY)
    known = bars.filter(pl.col("at") <= FIRST + 100 * DAY)
    one, other = (windows(prepared(named("abnormal_return"), b))[1] for b in (bars, known))
    np.testing.assert_array_equal(one, other)


def test_every_family_has_cases_and_each_finds_itself() -> None:
    cases = library()
    assert {case.family for case in cases} == {*PUMPS, *INNOCENT}
    assert len({case.name for case in cases}) == len(cases)
    shapes = np.stack([case.shape for case in cases])
    found = distances(shapes, cases)
    assert (found.diagonal() < 1e-9).all()
    for match, case in zip(matches(shapes), cases, strict=True):
        assert (match.case.family, match.distance) == (case.family, pytest.approx(0, abs=1e-9))


def test_warping_sees_a_pump_of_another_length() -> None:
    """The same rise and fall, twice as slow, is nearer than the same rise that stays."""
    rise = np.zeros((3, BARS))
    rise[0, 8:12], rise[0, 12:15] = 0.1, -0.1
    rise[1, 8:16], rise[1, 16:22] = 0.05, -0.05
    rise[2, 8:12] = 0.1
    shapes = shaped(rise, np.zeros((3, BARS)))
    case = library()[0]
    pump = type(case)("pump", "ramp_peak_dump", "", shapes[0])
    stays = type(case)("stays", "earnings_jump", "", shapes[2])
    assert pump_scores(shapes[1:2], [pump, stays])[0] > 0
    match = matches(shapes[1:2], [stays, pump])[0]
    assert match.case is pump
    assert match.lead > 0
    assert match.why.startswith(
        "It rose over 8 bars and 14 bars after its peak 25 % of that is left"
    )


def test_no_window_has_no_match() -> None:
    assert matches(np.empty((0, 3, BARS))) == []


def test_the_same_seed_plants_the_same_windows() -> None:
    ground = noise(3, 60)
    one, other = (plant_windows(5, (*PUMPS, *INNOCENT), ground) for _ in range(2))
    np.testing.assert_array_equal(one.shapes, other.shapes)
    assert one.pump.sum() == 30
    assert not np.array_equal(plant_windows(6, PUMPS, ground).shapes, one.shapes)


def test_the_nearest_case_tells_most_planted_pumps_from_earnings_jumps() -> None:
    known = ("slow_drip", "ramp_peak_dump", "earnings_jump")
    test = plant_windows(8, ("ramp_peak_dump", "earnings_jump"), noise(8, 200))
    scores = pump_scores(test.shapes, of(known))
    assert (scores[test.pump, None] > scores[None, ~test.pump]).mean() > 0.7
