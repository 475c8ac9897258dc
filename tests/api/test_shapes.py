"""Shapes judged: what is left out is not trained on, and the shipped network reads them."""

from __future__ import annotations

import numpy as np
import pytest

from api import shapes
from ingest.market.patterns.planted import noise, plant_windows
from ingest.synthetic.courses import INNOCENT, PUMPS


def test_the_shipped_network_and_the_nearest_case_judge_each_window() -> None:
    planted = plant_windows(9000, (*PUMPS, *INNOCENT), noise(9000, 300))
    found = shapes.judged(planted.shapes)
    scores = np.array([one for one, _ in found])
    assert scores[planted.pump].mean() > scores[~planted.pump].mean() + 0.5
    assert all(match.why.endswith(").") for _, match in found)


def test_every_pair_of_families_is_left_out_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shapes, "LEARNT", 240)
    rows = shapes.unseen(noise(9001, 60), seed=9001)
    assert {(row.pump, row.innocent) for row in rows} == {(p, i) for p in PUMPS for i in INNOCENT}
    for row in rows:
        assert set(row.auc) == set(shapes.METHODS)
        assert all(0 <= value <= 1 for value in row.auc.values())
    assert set(shapes.means(rows)) == set(shapes.METHODS)


def test_fallen_is_the_part_of_the_rise_that_is_gone() -> None:
    price = np.zeros((2, 30))
    price[0, 10:] = 1.0
    price[1, 10:20], price[1, 20:] = 1.0, 0.25
    assert shapes.fallen(np.stack([price, price, price], axis=1)) == pytest.approx([0.0, 0.75])


def test_network_and_fall_count_alike_and_a_sure_network_no_more() -> None:
    odds, fall = np.array([4.0, 40.0, -4.0, 0.0]), np.array([0.0, 0.0, 1.0, 1.0])
    assert shapes.together(odds, fall).tolist() == [1.0, 1.0, 1.0, 2.0]
