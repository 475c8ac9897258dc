"""The network of shapes: it learns, it is the same again, and changed weights are refused."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from gnn.shape_net import fit_shapes, load_shapes, save_shapes, shape_log_odds
from graph.errors import UsageError

Floats = np.ndarray


def toy(seed: int, count: int = 200) -> tuple[Floats, Floats]:
    """Windows that end high (0), and windows that have fallen from their peak (1)."""
    draws = np.random.default_rng(seed)
    labels = np.arange(count) % 2
    price = np.linspace(0, 1, 30) * np.ones((count, 1))
    price[labels == 1, 20:] -= np.linspace(0, 0.8, 10)
    windows = np.stack([price, np.zeros_like(price), price - price.max()], axis=1)
    return windows + 0.05 * draws.standard_normal(windows.shape), labels


def test_it_learns_what_falls_from_what_stays() -> None:
    model = fit_shapes(*toy(1), seed=1)
    windows, labels = toy(2)
    odds = shape_log_odds(model, windows)
    assert ((odds > 0) == labels).mean() > 0.95


def test_the_same_seed_gives_the_same_weights_whatever_was_drawn_before() -> None:
    one = shape_log_odds(fit_shapes(*toy(1), seed=1, epochs=2), toy(2)[0])
    other = shape_log_odds(fit_shapes(*toy(1), seed=1, epochs=2), toy(2)[0])
    np.testing.assert_array_equal(one, other)
    assert not np.array_equal(shape_log_odds(fit_shapes(*toy(1), seed=2, epochs=2), toy(2)[0]), one)


def test_what_is_written_is_read(tmp_path: Path) -> None:
    model = fit_shapes(*toy(1), seed=1, epochs=1)
    save_shapes(model, tmp_path, {"seeds": {"network": 1}})
    windows = toy(2)[0]
    read = load_shapes(tmp_path)
    np.testing.assert_array_equal(shape_log_odds(read, windows), shape_log_odds(model, windows))


def test_changed_weights_are_refused(tmp_path: Path) -> None:
    save_shapes(fit_shapes(*toy(1), seed=1, epochs=1), tmp_path, {})
    weights = tmp_path / "shape_net.safetensors"
    weights.write_bytes(weights.read_bytes()[:-1] + b"x")
    with pytest.raises(UsageError, match="was changed"):
        load_shapes(tmp_path)


def test_missing_weights_are_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="train --shapes"):
        load_shapes(tmp_path)


def test_no_window_has_no_odds() -> None:
    model = fit_shapes(*toy(1), seed=1, epochs=1)
    assert shape_log_odds(model, np.empty((0, 3, 30))).shape == (0,)
