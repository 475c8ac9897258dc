"""Numbers in sentences are those of the data."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gnn.removal.words import counted, figure, numbers, strange

SHOWS = ("count", "share", "change", "minutes", "hours", "days", "number")


@given(st.floats(-1e7, 1e7, allow_subnormal=False), st.sampled_from(SHOWS))
def test_what_is_written_reads_back_as_the_data(value: float, show: str) -> None:
    text = f"so and so: {figure(value, show)} (of the rest)"
    ((read, half),) = numbers(text)
    assert abs(read - value) <= half * (1 + 1e-9)
    assert strange(text, [value]) == []
    assert strange(text, [value + 3 * half + abs(value) / 5]) == [read]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("38 % of 1,204 posts, -5 points", [0.38, 1204, -5]),
        ("p 1.2e-09 at $A1 by x:1001 (+3)", [1.2e-9, 3]),
        ("c-334c0c1e and 10m", []),
        ("from 0.5 to 12.", [0.5, 12]),
    ],
)
def test_numbers_are_read_and_ids_are_not(text: str, found: list[float]) -> None:
    assert [value for value, _ in numbers(text)] == pytest.approx(found)


def test_a_number_that_the_data_does_not_have_is_strange() -> None:
    assert strange("without 3 of 17 posts: 84", [3, 17, 85]) == [84]
    assert strange("38 %", [0.3849]) == []
    assert strange("38 %", [0.386]) == [0.38]


def test_one_and_many() -> None:
    assert (counted(1, "post"), counted(1200, "post")) == ("1 post", "1,200 posts")
    assert counted(2, "copy", "copies") == "2 copies"
