"""Trains a SageNet on the whole graph at once and keeps its best state on rows it did not learn."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn

from gnn.learn.sage import HIDDEN, LAYERS, Messages, SageNet
from gnn.metrics import average_precision
from gnn.model import deterministic
from gnn.view import Floats, Ints
from graph.errors import UsageError


@dataclass(frozen=True, slots=True)
class Schedule:
    """How long and how fast. Looks at the rows to stop by every `look` epochs."""

    epochs: int = 200
    patience: int = 50
    look: int = 5
    rate: float = 3e-3
    decay: float = 1e-3
    hidden: int = HIDDEN
    layers: int = LAYERS


USUAL = Schedule()


def fit_sage(
    read: Messages,
    learn: Mapping[str, Ints],
    stop: Mapping[str, Ints],
    seed: int,
    schedule: Schedule = USUAL,
) -> SageNet:
    """`learn` and `stop`: by kind, a label a node: 0, 1, or -1 where it has no say.

    Keeps the state of the best mean average precision on `stop`. Same input and seed, same weights,
    bit for bit, on one thread. Raises UsageError where a kind has no label of each sort to learn.
    """
    for kind, labels in learn.items():
        if not ((labels == 0).any() and (labels == 1).any()):
            raise UsageError(f"nodes of kind {kind} have labels of one sort only: nothing to learn")
    with _steady(seed, read.threads):
        net = SageNet(read.widths, list(read.heard), list(learn), schedule.hidden, schedule.layers)
        optimizer = torch.optim.AdamW(
            net.parameters(), lr=schedule.rate, weight_decay=schedule.decay
        )
        best, kept, since = -1.0, _state(net), 0
        for epoch in range(schedule.epochs):
            one_epoch(net, read, learn, optimizer)
            if (epoch + 1) % schedule.look:
                continue
            found = _mean_precision(net, read, stop)
            since = 0 if found > best else since + schedule.look
            if found > best:
                best, kept = found, _state(net)
            if since >= schedule.patience:
                break
        net.load_state_dict(kept)
        return net.eval()


def one_epoch(
    net: SageNet, read: Messages, learn: Mapping[str, Ints], optimizer: torch.optim.Optimizer
) -> float:
    """One step on the whole graph; returns the loss before it."""
    net.train()
    optimizer.zero_grad()
    odds = net(read)
    loss = torch.stack([_loss(odds[kind], labels) for kind, labels in learn.items()]).mean()
    loss.backward()  # type: ignore[no-untyped-call]
    optimizer.step()
    return float(loss.detach())


def sage_log_odds(net: SageNet, read: Messages) -> dict[str, Floats]:
    """Log odds of every node of the scored kinds, float64."""
    with _steady(0, read.threads), torch.no_grad():
        net.eval()
        return {kind: odds.double().numpy() for kind, odds in net(read).items()}


@contextmanager
def _steady(seed: int, threads: int) -> Iterator[None]:
    with deterministic(seed):
        torch.set_num_threads(threads)  # `deterministic` puts back what was set before
        yield


def _loss(odds: Tensor, labels: Ints) -> Tensor:
    known = torch.from_numpy(np.flatnonzero(labels >= 0))
    wanted = torch.from_numpy(labels).float()[known]
    return nn.functional.binary_cross_entropy_with_logits(odds[known], wanted)


def _mean_precision(net: SageNet, read: Messages, stop: Mapping[str, Ints]) -> float:
    odds = sage_log_odds(net, read)
    found = [
        average_precision(odds[kind][labels >= 0], labels[labels >= 0])
        for kind, labels in stop.items()
    ]
    return float(np.mean(found))


def _state(net: SageNet) -> dict[str, Tensor]:
    return {name: tensor.detach().clone() for name, tensor in net.state_dict().items()}
