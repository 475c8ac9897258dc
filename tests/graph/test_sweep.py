"""The sweep: every two rows of one object within the window, each once."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.detection.sweep import pairs


@settings(deadline=None)
@given(
    rows=st.lists(st.tuples(st.integers(0, 3), st.integers(0, 12)), max_size=25).map(sorted),
    window=st.integers(0, 6),
)
def test_pairs_are_those_of_two_loops(rows: list[tuple[int, int]], window: int) -> None:
    objects, at = (np.array([row[k] for row in rows], dtype=np.int64) for k in (0, 1))
    first, second = pairs(objects, at, window)
    by_hand = [
        (i, j)
        for i in range(len(rows))
        for j in range(i + 1, len(rows))
        if rows[i][0] == rows[j][0] and rows[j][1] - rows[i][1] <= window
    ]
    assert list(zip(first.tolist(), second.tolist(), strict=True)) == by_hand


def test_rows_out_of_order_are_refused() -> None:
    with pytest.raises(ValueError, match="sorted by object and time"):
        pairs(np.array([0, 0]), np.array([5, 4]), 1)
    with pytest.raises(ValueError, match="sorted by object and time"):
        pairs(np.array([1, 0]), np.array([0, 0]), 1)
    with pytest.raises(ValueError, match="2 objects, 1 times"):
        pairs(np.array([1, 0]), np.array([0]), 1)
