"""What columns, scores and a GNN epoch cost on a large typed graph, beside PyTorch Geometric."""

from __future__ import annotations

import resource
import time
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch_geometric import EdgeIndex
from torch_geometric.data import HeteroData
from torch_geometric.nn import HeteroConv, SAGEConv

from gnn.learn.aggregates import typed_aggregates
from gnn.learn.columns import Columns
from gnn.learn.fit_sage import one_epoch, sage_log_odds
from gnn.learn.sage import Messages, SageNet, messages
from gnn.learn.trees import SEEDS, Trees, fit_trees
from gnn.learn.typed import Relation, columns_of, relations
from gnn.view import Ints

HIDDEN, LAYERS, WIDTH = 64, 2, 64
SIZES = {"account": 100_000, "post": 500_000, "stock": 1_000}
EDGES = (
    ("account", "wrote", "post", 500_000),
    ("account", "reposted", "post", 800_000),
    ("post", "names", "stock", 700_000),
    ("account", "tied", "account", 1_000_000),
)
HEADS = ("account", "stock")
WORDS = {
    "columns": "columns of accounts",
    "scores": "their scores by trees",
    "ready": "graph made ready, once",
    "epoch": "GNN epoch",
    "inference": "GNN inference",
    "pyg": "epoch, HeteroConv(SAGEConv)",
    "pyg_edge_index": "the same with EdgeIndex",
}
TIMED = 2  # epochs, after one that compiles and fills the caches


def measure(scale: float, threads: int) -> dict[str, Any]:
    """Seconds, wall and processor, and the largest memory so far after each step."""
    torch.set_num_threads(threads)
    data = graph(scale, seed=5)
    found: dict[str, Any] = {
        "scale": scale,
        "threads": threads,
        "messages": sum(data[r].edge_index.shape[1] for r in relations(data)),
    }
    _compile()
    found["columns"], x = _timed(lambda: typed_aggregates(data, "account", threads=threads))
    found["columns"]["columns"] = len(x.names)
    print(_row(found, "columns"), flush=True)
    found["scores"] = _scores(x)
    print(_row(found, "scores"), flush=True)
    del x
    labels = _labels(data)
    found["ready"], read = _timed(lambda: messages(data, _inputs(data), threads))
    found["epoch"], found["inference"] = _ours(read, labels)
    del read
    for name in ("ready", "epoch", "inference"):
        print(_row(found, name), flush=True)
    for name, ready in (("pyg", False), ("pyg_edge_index", True)):
        found[name] = _theirs(data, labels, ready)
        print(_row(found, name), flush=True)
    return found


def show(found: dict[str, Any]) -> str:
    """What remains to be said when every row was printed as it came."""
    peers = [found[name] for name in ("pyg", "pyg_edge_index")]
    wall, cpu = (min(row[what] for row in peers) for what in ("wall", "cpu"))
    return (
        f"{found['messages']:,} messages, {found['threads']} threads\n"
        f"the quicker of PyG's takes {wall / found['epoch']['wall']:.1f} times the wall,"
        f" {cpu / found['epoch']['cpu']:.1f} times the processor"
    )


def _row(found: dict[str, Any], name: str) -> str:
    row, words = found[name], WORDS[name]
    return f"{words:<32} {row['wall']:7.2f} s {row['cpu']:7.2f} cpu s   {row['peak_gb']:.2f} GB"


def graph(scale: float, seed: int) -> HeteroData:
    """Drawn nodes and edges, each relation both ways; some nodes are far busier than others."""
    rng = np.random.default_rng(seed)
    data = HeteroData()
    for kind, nodes in SIZES.items():
        x = rng.normal(size=(max(int(nodes * scale), 10), WIDTH)).astype(np.float32)
        data[kind].x = torch.from_numpy(x)
    for source, name, target, edges in EDGES:
        ends = [
            (len(data[kind].x) * rng.random(int(edges * scale)) ** 2).astype(np.int64)
            for kind in (source, target)
        ]
        there = torch.from_numpy(np.ascontiguousarray(np.unique(np.stack(ends), axis=1)))
        data[source, name, target].edge_index = there
        data[target, f"{name} by", source].edge_index = there.flip(0).contiguous()
    return data


class _Peer(nn.Module):
    """The same network of HeteroConv and SAGEConv: only what the next layer hears is computed."""

    def __init__(self, like: SageNet) -> None:
        super().__init__()
        self.inputs = nn.ModuleDict(
            {kind: nn.Linear(WIDTH, HIDDEN) for kind in like.plan[0].wanted}
        )
        self.convs = nn.ModuleList()
        self.norms = nn.ModuleList()
        for step in like.plan[1:]:
            convs = {r: SAGEConv((HIDDEN, HIDDEN), HIDDEN, aggr="mean") for r in step.heard}
            self.convs.append(HeteroConv(convs, aggr="sum"))
            kinds = {*step.wanted, *(r[0] for r in step.heard)}
            self.norms.append(nn.ModuleDict({kind: nn.LayerNorm(HIDDEN) for kind in sorted(kinds)}))
        self.heads = nn.ModuleDict({kind: nn.Linear(HIDDEN, 1) for kind in HEADS})

    def forward(self, x: Mapping[str, Tensor], edges: Mapping[Relation, Any]) -> dict[str, Tensor]:
        state = {kind: layer(x[kind]) for kind, layer in self.inputs.items()}
        for conv, norms in zip(self.convs, self.norms, strict=True):
            even = {kind: norm(state[kind]) for kind, norm in norms.items()}
            heard = {
                r: edges[r] for r in edges if "__".join(r) in map("__".join, conv.convs.keys())
            }
            told = conv(even, heard)
            state = {kind: state[kind] + torch.relu(more) for kind, more in told.items()}
        return {kind: head(state[kind]).squeeze(-1) for kind, head in self.heads.items()}


def _ours(read: Messages, labels: dict[str, Ints]) -> tuple[dict[str, float], dict[str, float]]:
    net = SageNet(read.widths, list(read.heard), list(HEADS), HIDDEN, LAYERS, dropout=0.0)
    optimizer = torch.optim.AdamW(net.parameters())
    epoch = _quickest(lambda: one_epoch(net, read, labels, optimizer))
    return epoch, _timed(lambda: sage_log_odds(net, read))[0]


def _theirs(data: HeteroData, labels: dict[str, Ints], ready: bool) -> dict[str, float]:
    like = SageNet(dict.fromkeys(SIZES, WIDTH), relations(data), list(HEADS), HIDDEN, LAYERS)
    net = _Peer(like)
    x = {kind: data[kind].x for kind in SIZES}
    edges = {r: _edges(data, r) if ready else data[r].edge_index for r in relations(data)}
    optimizer = torch.optim.AdamW(net.parameters())
    wanted = {kind: torch.from_numpy(labels[kind]).float() for kind in HEADS}

    def epoch() -> None:
        optimizer.zero_grad()
        odds = net(x, edges)
        loss = sum(
            nn.functional.binary_cross_entropy_with_logits(odds[kind], wanted[kind])
            for kind in HEADS
        )
        loss.backward()
        optimizer.step()

    return _quickest(epoch)


def _edges(data: HeteroData, relation: Relation) -> EdgeIndex:
    """Sorted by who hears, with both compressed forms kept, as PyTorch Geometric advises."""
    sizes = (len(data[relation[0]].x), len(data[relation[2]].x))
    plain = EdgeIndex(data[relation].edge_index, sparse_size=sizes)
    ordered, _ = plain.sort_by("col")
    return ordered.fill_cache_()


def _scores(x: Columns) -> dict[str, float]:
    """As many trees as ship: one seed fitted on at most 2,000 rows, off the clock, asked thrice."""
    rows = min(2_000, x.rows // 50)
    rng = np.random.default_rng(0)
    labels = (rng.random(rows) < 0.2).astype(np.int64)
    one = fit_trees(Columns(x.names, x.matrix[:rows]), labels, seeds=(0,))
    trees = Trees(one.names, one.texts * len(SEEDS))
    return _timed(lambda: trees.log_odds(x))[0]


def _compile() -> None:
    typed_aggregates(graph(0.001, seed=1), "account")


def _inputs(data: HeteroData) -> dict[str, Any]:
    return {kind: columns_of(data, kind).matrix for kind in SIZES}


def _labels(data: HeteroData) -> dict[str, Ints]:
    rng = np.random.default_rng(9)
    return {kind: rng.integers(0, 2, len(data[kind].x)) for kind in HEADS}


def _quickest(epoch: Callable[[], Any]) -> dict[str, float]:
    epoch()
    runs = [_timed(epoch)[0] for _ in range(TIMED)]
    return min(runs, key=lambda run: run["wall"])


def _timed(work: Callable[[], Any]) -> tuple[dict[str, float], Any]:
    wall, cpu = time.perf_counter(), time.process_time()
    found = work()
    spent = {"wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu}
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    return {**spent, "peak_gb": round(peak, 2)}, found
