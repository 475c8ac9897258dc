"""The window that is read off the data, and the time it is read off."""

from __future__ import annotations

import pytest

from graph.detection.suggest import suggest
from graph.errors import UsageError
from tests.graph.acts import acts

HOUR = 3_600_000


def shared(objects: int, fast: int, start: int = 0):
    """Objects that four accounts share: `fast` of them within two seconds, the rest in hours."""
    rows = []
    for n in range(objects):
        step = 1000 if n < fast else HOUR
        rows += [(f"u{n}-{k}", f"o{start}-{n}", start + 10 * n + k * step) for k in range(4)]
    return rows


def test_the_window_is_the_time_in_which_the_fastest_tenth_reach_half_their_accounts():
    rows = [*shared(40, 8), ("z", "end", 100 * HOUR)]
    found = suggest(acts(rows))
    assert found.window == 1000  # the second of four accounts
    assert found.objects == 40
    assert suggest(acts(rows), quantile=0.5).window == HOUR


def test_what_is_judged_later_does_not_change_it():
    early = [*shared(40, 8), ("z", "end", 100 * HOUR)]
    late = shared(400, 400, start=50 * HOUR)
    assert suggest(acts(early)) == suggest(acts(early + late))
    assert suggest(acts(early)).until == 30 * HOUR


def test_the_order_of_rows_changes_nothing():
    rows = [*shared(40, 8), ("z", "end", 100 * HOUR)]
    assert suggest(acts(rows)) == suggest(acts(rows[::-1]))


def test_too_little_to_go_by_is_said():
    with pytest.raises(UsageError, match=r"only 5 objects.*--window"):
        suggest(acts([*shared(5, 5), ("z", "end", 100 * HOUR)]))
    with pytest.raises(UsageError, match="no acts"):
        suggest(acts([]))
