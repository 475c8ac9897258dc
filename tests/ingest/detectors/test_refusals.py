"""What the detectors refuse, in a sentence that says what is wanted."""

from __future__ import annotations

import polars as pl
import pytest

from graph.errors import UsageError
from ingest.market.detectors import ALL, attention_spike, detect, named
from tests.ingest.detectors.markets import found, market


@pytest.mark.parametrize("name", ALL)
def test_missing_columns_are_named(name: str) -> None:
    with pytest.raises(UsageError, match=rf"{name} needs the columns ticker, at, .*there is no "):
        found(name, pl.DataFrame({"ticker": ["A"], "at": [0]}))


def test_a_bar_that_stands_twice_is_named() -> None:
    bars = market(stocks=1, days=3)
    with pytest.raises(UsageError, match=r"The bar of S00 at .* stands twice"):
        found("volume_spike", pl.concat([bars, bars.tail(1)]))


@pytest.mark.parametrize("line", [0.0, -1.0, float("nan"), float("inf")])
def test_a_line_is_a_number_above_none(line: float) -> None:
    with pytest.raises(UsageError, match=r"z_at_least is .*; give a number above 0"):
        found("volume_spike", market(stocks=1, days=3), line)


def test_a_costly_detector_wants_to_be_told_where_to_look() -> None:
    with pytest.raises(UsageError, match=r"change_point is costly: give `only`"):
        detect(named("change_point"), market(stocks=1, days=3))


def test_an_unknown_detector_is_answered_with_the_known_ones() -> None:
    with pytest.raises(UsageError, match=r"no detector 'volume'. There are volume_spike, "):
        named("volume")


@pytest.mark.parametrize("hours", [0, 5, 48, -1])
def test_hours_divide_a_day(hours: int) -> None:
    with pytest.raises(UsageError, match=r"do not divide a day"):
        attention_spike.detector(hours)
