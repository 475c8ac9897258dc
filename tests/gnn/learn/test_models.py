"""Trees and the net: what they compute, that they repeat, what they refuse."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch_geometric.nn import SAGEConv

from gnn.learn.columns import columns
from gnn.learn.fit_sage import Schedule, fit_sage, sage_log_odds
from gnn.learn.pieces import fit_pieces
from gnn.learn.sage import SageNet, mean_heard, messages
from gnn.learn.trees import fit_trees
from gnn.learn.typed import columns_of, relations
from gnn.metrics import auroc
from graph.errors import UsageError
from tests.gnn.learn.planted import drawn, labelled, typed, waves

SHORT = Schedule(epochs=60, patience=60, hidden=16, rate=1e-2)


def inputs(data: object) -> dict[str, np.ndarray]:
    return {kind: columns_of(data, kind).matrix for kind in data.node_types}  # type: ignore[attr-defined]


def test_trees_learn_and_repeat() -> None:
    x = drawn(1, 4)
    labels = labelled(3 * x.matrix[:, 0] * np.sign(x.matrix[:, 1]), 1)
    first, again = (fit_trees(x, labels, seeds=(4,)) for _ in range(2))
    assert first.texts == again.texts
    assert first.texts != fit_trees(x, labels, seeds=(5,)).texts
    fresh = drawn(2, 4)
    truth = labelled(3 * fresh.matrix[:, 0] * np.sign(fresh.matrix[:, 1]), 2)
    assert auroc(first.log_odds(fresh), truth) > 0.8


def test_trees_never_fall_with_evidence_even_where_the_rows_said_so() -> None:
    x = drawn(3, 3, evidence=("c1",))
    labels = labelled(2 * x.matrix[:, 0] - 2 * x.matrix[:, 1], 3)
    held, free = fit_trees(x, labels), fit_trees(columns(x.names, x.matrix), labels)
    more = x.matrix.copy()
    more[:, 1] += np.abs(np.random.default_rng(3).normal(size=len(more))).astype(np.float32)
    raised = columns(x.names, more)
    assert (held.log_odds(raised) >= held.log_odds(x)).all()
    assert (free.log_odds(raised) < free.log_odds(x)).any()


def test_trees_ask_for_columns_by_name() -> None:
    x = drawn(1, 3)
    trees = fit_trees(x, labelled(x.matrix[:, 0], 1), seeds=(0,))
    turned = x.only(["c2", "c0", "c1"])
    assert trees.log_odds(turned).tobytes() == trees.log_odds(x).tobytes()
    with pytest.raises(UsageError, match="no column 'c2'"):
        trees.log_odds(x.only(["c0", "c1"]))


def test_trees_of_one_label_are_refused() -> None:
    with pytest.raises(UsageError, match="rows of both labels"):
        fit_trees(drawn(1, 2), np.zeros(900, dtype=np.int64))


def test_the_mean_and_its_gradient_are_those_of_a_matrix() -> None:
    read = messages(typed(), {})
    heard = read.heard["post", "wrote by", "account"]
    dense = torch.from_numpy(heard.into.sparse().toarray() * heard.share[:, None])
    ours, theirs = (torch.randn(200, 4, generator=torch.Generator().manual_seed(1)) for _ in "ab")
    for x in (ours, theirs):
        x.requires_grad_()
    weight = torch.randn(60, 4, generator=torch.Generator().manual_seed(2))
    (mean_heard(ours, heard) * weight).sum().backward()
    ((dense @ theirs) * weight).sum().backward()
    assert torch.allclose(mean_heard(ours, heard), dense @ theirs, atol=1e-6)
    assert torch.allclose(ours.grad, theirs.grad, atol=1e-6)


def test_a_relation_gives_what_sage_of_pytorch_geometric_gives() -> None:
    data = typed()
    relation = ("post", "names", "stock")
    torch.manual_seed(0)
    peer = SAGEConv((3, 3), 5, aggr="mean", bias=False)
    x = {kind: data[kind].x for kind in ("post", "stock")}
    theirs = peer((x["post"], x["stock"]), data[relation].edge_index)
    heard = messages(data, {}).heard[relation]
    ours = peer.lin_l(mean_heard(x["post"], heard)) + peer.lin_r(x["stock"])
    assert torch.allclose(ours, theirs, atol=1e-6)


def test_the_net_hears_only_what_its_heads_need() -> None:
    data = typed()
    net = SageNet(messages(data, inputs(data)).widths, relations(data), ["stock"], hidden=4)
    assert [set(step.wanted) for step in net.plan] == [
        {"account", "post", "price_event", "stock"},
        {"post", "price_event", "stock"},
        {"stock"},
    ]


def test_the_net_does_not_mind_the_order_of_nodes() -> None:
    data = typed()
    read = messages(data, inputs(data))
    torch.manual_seed(3)
    net = SageNet(read.widths, relations(data), ["account"], hidden=8)
    order = torch.randperm(60)
    turned = data.clone()
    turned["account"].x = data["account"].x[order]
    place = order.argsort()
    for relation in relations(data):
        edges = data[relation].edge_index.clone()
        for end, kind in ((0, relation[0]), (1, relation[2])):
            edges[end] = place[edges[end]] if kind == "account" else edges[end]
        turned[relation].edge_index = edges
    before = sage_log_odds(net, read)["account"]
    after = sage_log_odds(net, messages(turned, inputs(turned)))["account"]
    assert np.allclose(after, before[order.numpy()], atol=1e-5)


def test_the_net_learns_from_neighbours_and_repeats() -> None:
    task = waves()
    x = columns_of(task.data, "account")
    read = messages(task.data, {"account": fit_pieces(x, task.learn).encoded(x)})
    told, stop = (np.full(len(task.labels), -1) for _ in range(2))
    told[task.learn], stop[task.tune] = task.labels[task.learn], task.labels[task.tune]
    nets = [fit_sage(read, {"account": told}, {"account": stop}, 5, SHORT) for _ in range(2)]
    odds = [sage_log_odds(net, read)["account"] for net in nets]
    assert odds[0].tobytes() == odds[1].tobytes()
    assert auroc(odds[0][task.judge], task.labels[task.judge]) > 0.8


def test_a_net_of_one_label_or_of_wrong_rows_is_refused() -> None:
    data = typed()
    read = messages(data, inputs(data))
    with pytest.raises(UsageError, match="nothing to learn"):
        fit_sage(read, {"stock": np.zeros(8, dtype=np.int64)}, {}, 0, SHORT)
    with pytest.raises(UsageError, match="2 rows of input for 8 nodes of kind stock"):
        messages(data, {"stock": np.zeros((2, 3), dtype=np.float32)})
    with pytest.raises(UsageError, match="no nodes of kind 'bot'"):
        SageNet(read.widths, relations(data), ["bot"])
