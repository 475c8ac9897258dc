"""A small 1-D convolutional network: from a window of price and volume to the odds of a pump.

It is here and not beside the shapes because torch lives in this room; it takes arrays and knows no
market. `api/shapes.py` brings the two together.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

from gnn.model import deterministic
from gnn.view import Floats, Ints
from graph.errors import UsageError

SHIPPED = Path(__file__).parent / "shape_weights"
CHANNELS = 3  # price, volume, fall from the highest so far
WIDTHS = (16, 32)
EPOCHS, BATCH = 12, 128
_WEIGHTS = "shape_net.safetensors"


class ShapeNet(nn.Module):
    """Log odds of each window. In: float32 [windows, CHANNELS, bars]; out: [windows]."""

    def __init__(self) -> None:
        super().__init__()
        first, second = WIDTHS
        self.layers = nn.Sequential(
            nn.Conv1d(CHANNELS, first, 5, padding=2),
            nn.ReLU(),
            nn.Conv1d(first, second, 5, padding=2, stride=2),
            nn.ReLU(),
            nn.Conv1d(second, second, 3, padding=1, stride=2),
            nn.ReLU(),
        )
        self.drop = nn.Dropout(0.2)
        self.head = nn.Linear(2 * second, 1)

    def forward(self, windows: Tensor) -> Tensor:
        seen = self.layers(windows)
        # The most of each feature anywhere, and how it stands at the window's end.
        pooled = torch.cat([seen.amax(dim=2), seen[:, :, -1]], dim=1)
        odds: Tensor = self.head(self.drop(pooled)).squeeze(-1)
        return odds


def fit_shapes(windows: Floats, labels: Ints, seed: int, epochs: int = EPOCHS) -> ShapeNet:
    """Trains on windows [n, CHANNELS, bars], labels 1 for a pump. Same input, same weights."""
    with deterministic(seed):
        model = ShapeNet()
        x, y = torch.from_numpy(windows).float(), torch.from_numpy(labels).float()
        optimizer = torch.optim.AdamW(model.parameters(), lr=3e-3, weight_decay=1e-2)
        loss_of = nn.BCEWithLogitsLoss()
        model.train()
        for _ in range(epochs):
            for rows in torch.split(torch.randperm(len(x)), BATCH):
                optimizer.zero_grad()
                loss = loss_of(model(x[rows]), y[rows])
                loss.backward()
                optimizer.step()
        return model.eval()


def shape_log_odds(model: ShapeNet, windows: Floats) -> Floats:
    """Log odds of each window, float64."""
    if not len(windows):
        return np.empty(0)
    with deterministic(0), torch.no_grad():
        return np.asarray(model(torch.from_numpy(windows).float()).double().numpy())


def save_shapes(model: ShapeNet, folder: Path, about: Mapping[str, Any]) -> None:
    """Writes weights and a manifest. The same model gives the same bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    state = {name: tensor.contiguous() for name, tensor in model.state_dict().items()}
    save_file(state, folder / _WEIGHTS)
    told = {**about, "files": {_WEIGHTS: _digest(folder / _WEIGHTS)}}
    text = json.dumps(told, indent=1, sort_keys=True) + "\n"
    (folder / "manifest.json").write_text(text, encoding="utf-8")


def load_shapes(folder: Path | None = None) -> ShapeNet:
    """Reads what `save_shapes` wrote; without a folder, the shipped one.

    Raises UsageError where a file is missing or was changed.
    """
    folder = SHIPPED if folder is None else folder
    manifest = folder / "manifest.json"
    if not manifest.is_file():
        raise UsageError(f"{folder} holds no shapes; `sentinelmarket train --shapes` makes them")
    kept = json.loads(manifest.read_text(encoding="utf-8"))["files"]
    weights = folder / _WEIGHTS
    if not weights.is_file() or _digest(weights) != kept.get(_WEIGHTS):
        raise UsageError(
            f"{weights} is missing or was changed; `sentinelmarket train --shapes` makes it anew"
        )
    model = ShapeNet()
    model.load_state_dict(load_file(weights))
    return model.eval()


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
