"""A small heterogeneous GraphSAGE: messages are means over neighbours, a relation at a time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

import numpy as np
import torch
from torch import Tensor, nn
from torch_geometric.data import Batch, HeteroData
from torch_geometric.nn import GraphConv, HeteroConv, SAGEConv

from gnn.dataset import EDGES
from gnn.view import Floats, Ints

HIDDEN = 32
LAYERS = 2
EPOCHS = 60
KINDS = ("account", "cluster", "price_event", "stock")
_TIE = EDGES[2]
_STOCK_SHARE = 0.3  # how much the stocks' loss counts beside the clusters'


class Sage(nn.Module):
    """Log odds for each cluster and each stock. `widths`: columns of each node kind."""

    def __init__(self, widths: Mapping[str, int], hidden: int = HIDDEN) -> None:
        super().__init__()
        self.widths = dict(widths)
        for kind in KINDS:  # buffers, so that scaling travels with the weights
            self.register_buffer(f"mean_{kind}", torch.zeros(widths[kind]))
            self.register_buffer(f"spread_{kind}", torch.ones(widths[kind]))
        self.inputs = nn.ModuleDict({kind: nn.Linear(widths[kind], hidden) for kind in KINDS})
        self.convs = nn.ModuleList(_convolution(hidden) for _ in range(LAYERS))
        self.norms = nn.ModuleDict(
            {f"{kind}_{layer}": nn.LayerNorm(hidden) for kind in KINDS for layer in range(LAYERS)}
        )
        self.drop = nn.Dropout(0.3)
        self.heads = nn.ModuleDict({kind: nn.Linear(hidden, 1) for kind in ("cluster", "stock")})

    def forward(self, data: HeteroData) -> tuple[Tensor, Tensor]:
        """Log odds: float32 [clusters], [stocks]."""
        state = {kind: self.inputs[kind](self._standard(kind, data[kind].x)) for kind in KINDS}
        for layer, conv in enumerate(self.convs):
            heard = conv(
                state,
                {edge: data[edge].edge_index for edge in EDGES},
                edge_weight_dict={_TIE: data[_TIE].edge_weight},
            )
            state = {kind: state[kind] + self._heard(kind, layer, heard) for kind in KINDS}
        return (
            self.heads["cluster"](state["cluster"]).squeeze(-1),
            self.heads["stock"](state["stock"]).squeeze(-1),
        )

    def _heard(self, kind: str, layer: int, heard: Mapping[str, Tensor]) -> Tensor:
        kept: Tensor = self.drop(torch.relu(self.norms[f"{kind}_{layer}"](heard[kind])))
        return kept

    def _standard(self, kind: str, x: Tensor) -> Tensor:
        mean, spread = self.get_buffer(f"mean_{kind}"), self.get_buffer(f"spread_{kind}")
        return ((x - mean) / spread).clamp(-8.0, 8.0)


def fit_sage(
    graphs: Sequence[HeteroData],
    labels: Sequence[Ints],
    stock_labels: Sequence[Ints],
    seed: int,
    epochs: int = EPOCHS,
) -> Sage:
    """Trains on whole markets at once. Same input and seed, same weights, bit for bit.

    A stock label of -1 is not learnt from.
    """
    with deterministic(seed):
        joined = Batch.from_data_list(list(graphs))
        model = Sage({kind: joined[kind].x.shape[1] for kind in KINDS})
        _fit_scaling(model, joined)
        cluster_y = torch.from_numpy(np.concatenate(labels)).float()
        stock_y = torch.from_numpy(np.concatenate(stock_labels)).float()
        optimizer = torch.optim.AdamW(model.parameters(), lr=1e-2, weight_decay=5e-2)
        model.train()
        for _ in range(epochs):
            optimizer.zero_grad()
            cluster, stock = model(joined)
            loss = _loss(cluster, cluster_y) + _STOCK_SHARE * _loss(stock, stock_y)
            loss.backward()  # type: ignore[no-untyped-call]
            optimizer.step()
        return model.eval()


def sage_log_odds(model: Sage, graph: HeteroData) -> tuple[Floats, Floats]:
    """Log odds of every cluster and stock of one market, float64."""
    with deterministic(0), torch.no_grad():
        cluster, stock = model(graph)
    return cluster.double().numpy(), stock.double().numpy()


@contextmanager
def deterministic(seed: int) -> Iterator[None]:
    """One thread, fixed seed, deterministic kernels; what was set before comes back after."""
    threads, strict = torch.get_num_threads(), torch.are_deterministic_algorithms_enabled()
    with torch.random.fork_rng(devices=[]):
        torch.set_num_threads(1)
        torch.use_deterministic_algorithms(True)
        torch.manual_seed(seed)
        try:
            yield
        finally:
            torch.use_deterministic_algorithms(strict)
            torch.set_num_threads(threads)


def _convolution(hidden: int) -> HeteroConv:
    mean = {edge: SAGEConv((hidden, hidden), hidden, aggr="mean") for edge in EDGES if edge != _TIE}
    return HeteroConv({**mean, _TIE: GraphConv(hidden, hidden, aggr="mean")}, aggr="mean")


def _fit_scaling(model: Sage, joined: HeteroData) -> None:
    for kind in KINDS:
        x = joined[kind].x
        if not len(x):
            continue
        spread = x.std(dim=0, unbiased=False)
        model.get_buffer(f"mean_{kind}").copy_(x.mean(dim=0))
        model.get_buffer(f"spread_{kind}").copy_(torch.where(spread > 1e-6, spread, 1.0))


def _loss(log_odds: Tensor, labels: Tensor) -> Tensor:
    known = labels >= 0
    if not bool(known.any()):
        return log_odds.sum() * 0.0
    return nn.functional.binary_cross_entropy_with_logits(log_odds[known], labels[known])
