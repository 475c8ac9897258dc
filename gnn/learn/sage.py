"""A heterogeneous GraphSAGE of means, fast on one machine without sampling.

Each relation is held twice, as who hears whom and as who is heard by whom, so that messages forward
and gradients back are both walks over rows; no message is ever written out. A layer normalises,
adds a linear map of the node itself and one of the mean over each relation, and is added to what
was before (residual). The last layer is computed only for the kinds that are scored, and each layer
before only for what the next one hears.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch_geometric.data import HeteroData

from gnn.learn.csr import Csr, Floats, averaged, csr, shares, summed, transposed
from gnn.learn.typed import Relation, hearing, relations, size
from graph.errors import UsageError

HIDDEN, LAYERS, DROPOUT = 64, 2, 0.2


@dataclass(frozen=True, slots=True, eq=False)
class Heard:
    """A relation, both ways."""

    into: Csr  # rows: who hears
    back: Csr  # rows: who is heard
    share: Floats  # 1 / degree of who hears


@dataclass(frozen=True, slots=True, eq=False)
class Messages:
    """What the network reads: float32 inputs by kind, and the relations both ways."""

    inputs: dict[str, Tensor]
    heard: dict[Relation, Heard]
    threads: int = 1

    @property
    def widths(self) -> dict[str, int]:
        """Input columns by kind."""
        return {kind: int(x.shape[1]) for kind, x in self.inputs.items()}


def messages(data: HeteroData, inputs: Mapping[str, Floats], threads: int = 1) -> Messages:
    """A graph made ready. `inputs`: a matrix a kind; a kind without one, or with no column, is a 1.

    Raises UsageError where a matrix has not a row a node.
    """
    tensors = {}
    for kind in sorted(data.node_types):
        x = torch.from_numpy(inputs[kind]) if kind in inputs else torch.empty(size(data, kind), 0)
        if len(x) != size(data, kind):
            raise UsageError(f"{len(x)} rows of input for {size(data, kind)} nodes of kind {kind}")
        tensors[kind] = x.float() if x.shape[1] else torch.ones(len(x), 1)
    return Messages(tensors, {r: _both_ways(hearing(data, r)) for r in relations(data)}, threads)


def without_edges(read: Messages) -> Messages:
    """The same nodes and columns with nobody heard: what a net makes of a node alone."""
    none = np.empty((2, 0), dtype=np.int64)
    silent = {
        relation: _both_ways(csr(none, heard.into.columns, heard.into.rows))
        for relation, heard in read.heard.items()
    }
    return Messages(read.inputs, silent, read.threads)


class SageNet(nn.Module):
    """Log odds for every node of the kinds in `heads`. `widths`: input columns by kind."""

    def __init__(
        self,
        widths: Mapping[str, int],
        related: Sequence[Relation],
        heads: Sequence[str],
        hidden: int = HIDDEN,
        layers: int = LAYERS,
        dropout: float = DROPOUT,
    ) -> None:
        super().__init__()
        if unknown := sorted(set(heads) - set(widths)):
            raise UsageError(f"the graph has no nodes of kind {unknown[0]!r} to score")
        self.shape: dict[str, Any] = {
            "widths": dict(sorted(widths.items())),
            "related": [list(relation) for relation in sorted(related)],
            "heads": sorted(heads),
            "hidden": hidden,
            "layers": layers,
            "dropout": dropout,
        }
        self.plan = _plan(sorted(related), heads, layers)
        first = self.plan[0].wanted
        self.inputs = nn.ModuleDict({kind: nn.Linear(widths[kind], hidden) for kind in first})
        self.layers = nn.ModuleList(_Layer(step, hidden) for step in self.plan[1:])
        self.drop = nn.Dropout(dropout)
        self.norms = nn.ModuleDict({kind: nn.LayerNorm(hidden) for kind in sorted(heads)})
        self.heads = nn.ModuleDict({kind: nn.Linear(hidden, 1) for kind in sorted(heads)})

    def forward(self, read: Messages) -> dict[str, Tensor]:
        """Log odds by kind, float32 [nodes]."""
        state = {kind: layer(read.inputs[kind]) for kind, layer in self.inputs.items()}
        for layer in self.layers:
            added = layer(state, read)
            state = {kind: state[kind] + self.drop(more) for kind, more in added.items()}
        return {
            kind: head(self.norms[kind](state[kind])).squeeze(-1)
            for kind, head in self.heads.items()
        }


def net_of_shape(shape: Mapping[str, Any]) -> SageNet:
    """An untrained net of the shape that another one told."""
    return SageNet(
        shape["widths"],
        [(str(s), str(r), str(t)) for s, r, t in shape["related"]],
        shape["heads"],
        shape["hidden"],
        shape["layers"],
        shape["dropout"],
    )


@dataclass(frozen=True, slots=True)
class _Step:
    """What a layer gives, and the relations it hears for that."""

    wanted: tuple[str, ...]
    heard: tuple[Relation, ...]


class _Layer(nn.Module):
    def __init__(self, step: _Step, hidden: int) -> None:
        super().__init__()
        self.step = step
        read = sorted({*step.wanted, *(relation[0] for relation in step.heard)})
        self.norms = nn.ModuleDict({kind: nn.LayerNorm(hidden) for kind in read})
        self.own = nn.ModuleDict({kind: nn.Linear(hidden, hidden) for kind in step.wanted})
        self.told = nn.ModuleDict(
            {_key(relation): nn.Linear(hidden, hidden, bias=False) for relation in step.heard}
        )

    def forward(self, state: Mapping[str, Tensor], read: Messages) -> dict[str, Tensor]:
        even = {kind: norm(state[kind]) for kind, norm in self.norms.items()}
        out = {kind: own(even[kind]) for kind, own in self.own.items()}
        for relation in self.step.heard:
            mean = mean_heard(even[relation[0]], read.heard[relation], read.threads)
            out[relation[2]] = out[relation[2]] + self.told[_key(relation)](mean)
        return {kind: torch.relu(value) for kind, value in out.items()}


def mean_heard(values: Tensor, heard: Heard, threads: int = 1) -> Tensor:
    """Mean over each row's neighbours, with its gradient: [rows, width] of [columns, width]."""
    found: Tensor = _MeanHeard.apply(values, heard, threads)  # type: ignore[no-untyped-call]
    return found


class _MeanHeard(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, values: Tensor, heard: Heard, threads: int) -> Tensor:
        ctx.heard, ctx.threads = heard, threads
        return torch.from_numpy(averaged(heard.into, values.detach().numpy(), threads))

    @staticmethod
    def backward(ctx: Any, *grads: Any) -> Any:
        shared = grads[0].numpy() * ctx.heard.share[:, None]
        return torch.from_numpy(summed(ctx.heard.back, shared, ctx.threads)), None, None


def _both_ways(into: Csr) -> Heard:
    return Heard(into, transposed(into), shares(into))


def _plan(related: Sequence[Relation], heads: Sequence[str], layers: int) -> list[_Step]:
    """From the last layer back: what must be there for the next. The first step are the inputs."""
    steps: list[_Step] = []
    wanted = set(heads)
    for _ in range(layers):
        heard = tuple(relation for relation in related if relation[2] in wanted)
        steps.append(_Step(tuple(sorted(wanted)), heard))
        wanted |= {relation[0] for relation in heard}
    steps.append(_Step(tuple(sorted(wanted)), ()))
    return steps[::-1]


def _key(relation: Relation) -> str:
    return "__".join(relation).replace(".", "_")
