"""Compressed rows, aggregates and structure, against plain Python, numpy and networkx."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gnn.learn.aggregates import neighbour_aggregates, typed_aggregates
from gnn.learn.columns import beside, columns
from gnn.learn.csr import Csr, averaged, csr, summed, transposed, undirected
from gnn.learn.structure import cores, laplacian_eigenvectors, pagerank, structure, walk_returns
from gnn.learn.typed import hearing
from graph.errors import UsageError
from tests.gnn.learn.planted import drawn, pairs, typed

EDGES = st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), max_size=40)


@pytest.fixture(scope="module")
def sociable() -> tuple[Csr, nx.Graph]:
    """A graph with hubs, and two nodes that know nobody."""
    found = nx.barabasi_albert_graph(60, 3, seed=2)
    found.add_nodes_from([60, 61])
    return undirected(np.array(found.edges), 62), found


@given(EDGES)
@settings(max_examples=60, deadline=None)
def test_rows_hold_who_is_heard_each_once(edges: list[tuple[int, int]]) -> None:
    held = csr(np.array(edges, dtype=np.int64).reshape(-1, 2).T, 7, 7)
    for node in range(7):
        row = held.indices[held.starts[node] : held.starts[node + 1]]
        assert row.tolist() == sorted({source for source, target in edges if target == node})
    back = transposed(held)
    assert back.sparse().toarray().tolist() == held.sparse().toarray().T.tolist()


def test_sums_are_a_matrix_product_whatever_the_threads() -> None:
    rng = np.random.default_rng(0)
    held = csr(rng.integers(0, 3_000, size=(2, 450_000)), 3_000, 3_000)
    x = rng.normal(size=(3_000, 5)).astype(np.float32)
    alone = summed(held, x)
    assert alone.tobytes() == summed(held, x, threads=3).tobytes()
    assert np.allclose(alone, held.sparse() @ x, atol=1e-3)
    assert np.allclose(averaged(held, x), alone / held.degrees[:, None], atol=1e-6)


@pytest.mark.parametrize("edges", [[[0, 5], [0, 1]], [[0, 1], [0, -1]]])
def test_an_end_that_is_no_node_is_refused(edges: list[list[int]]) -> None:
    with pytest.raises(UsageError, match="where there are 3 nodes"):
        csr(np.array(edges), 3, 3)


def test_edges_the_wrong_way_round_are_refused() -> None:
    with pytest.raises(UsageError, match=r"shape \[2, n\]"):
        csr(np.zeros((5, 2), dtype=np.int64), 9, 9)


def test_aggregates_are_those_of_plain_python() -> None:
    x, edges = drawn(1, 3), pairs(1)
    held = undirected(edges, x.rows)
    found = neighbour_aggregates(held, x)
    for node in (0, 17, 400):
        near = x.matrix[held.indices[held.starts[node] : held.starts[node + 1]]]
        at = {name: found.matrix[node, i] for i, name in enumerate(found.names)}
        assert at["number of neighbours"] == len(near)
        assert at["mean of c1 over neighbours"] == pytest.approx(near[:, 1].mean(), abs=1e-5)
        assert at["sd of c1 over neighbours"] == pytest.approx(near[:, 1].std(), abs=1e-5)
        assert at["most of c1 over neighbours"] == near[:, 1].max()
        assert at["least of c1 over neighbours"] == near[:, 1].min()


def test_the_second_hop_is_of_the_neighbours_means() -> None:
    x = columns(["c"], np.array([[1.0], [2.0], [6.0], [9.0]]))
    found = neighbour_aggregates(undirected(np.array([[0, 1], [1, 2], [2, 3]]), 4), x)
    at = found.names.index("mean of c over neighbours, 2 hops")
    means = [2.0, 3.5, 5.5, 6.0]
    expected = [means[1], (means[0] + means[2]) / 2, (means[1] + means[3]) / 2, means[2]]
    assert found.matrix[:, at].tolist() == expected


def test_without_neighbours_all_is_zero() -> None:
    x = columns(["c"], np.ones((3, 1)))
    found = neighbour_aggregates(undirected(np.array([[0, 1]]), 3), x)
    assert not found.matrix[2].any()


def test_the_spread_of_evidence_is_left_out_and_the_rest_is_evidence() -> None:
    x = columns(["c", "seen"], np.ones((3, 2)), evidence=["seen"])
    found = neighbour_aggregates(undirected(np.array([[0, 1], [1, 2]]), 3), x)
    told = {name for name in found.names if "of seen" in name}
    assert found.evidence == told
    assert {name.split(" of ")[0] for name in told} == {"mean", "most", "least"}


def test_typed_aggregates_walk_the_relations() -> None:
    data = typed()
    found = typed_aggregates(data, "account")
    posts = hearing(data, ("post", "wrote by", "account"))
    mine = posts.indices[posts.starts[4] : posts.starts[5]]
    name = "mean of post c0 over post (wrote by)"
    value = found.matrix[4, found.names.index(name)]
    assert value == pytest.approx(data["post"].x[mine.tolist(), 0].mean().item(), abs=1e-6)
    far = "mean of stock c1 over stock (names by) of post (wrote by)"
    stocks = hearing(data, ("stock", "names by", "post"))
    near = averaged(stocks, data["stock"].x.numpy())[mine, 1]
    assert found.matrix[4, found.names.index(far)] == pytest.approx(near.mean(), abs=1e-6)
    assert "mean of post c2 over post (wrote by)" in found.evidence


def test_an_unknown_kind_is_named_beside_the_known() -> None:
    with pytest.raises(UsageError, match=r"no nodes of kind 'bot'; it has account, cluster"):
        typed_aggregates(typed(), "bot")


def test_a_missing_value_is_refused() -> None:
    data = typed()
    data["post"].x[3, 1] = float("nan")
    with pytest.raises(UsageError, match="a value of kind post is not finite"):
        typed_aggregates(data, "account")


def test_structure_is_that_of_networkx(sociable: tuple[Csr, nx.Graph]) -> None:
    held, peer = sociable
    found = structure(held, walks=5)
    for name, theirs in (
        ("triangles", nx.triangles(peer)),
        ("clustering", nx.clustering(peer)),
        ("core", nx.core_number(peer)),
    ):
        ours = found.matrix[:, found.names.index(name)]
        assert np.allclose(ours, [theirs[node] for node in range(62)]), name
    ranks = nx.pagerank(peer, alpha=0.85, tol=1e-12, max_iter=500)
    assert np.allclose(pagerank(held), [ranks[node] for node in range(62)], atol=1e-9)
    assert cores(held).tolist() == [nx.core_number(peer)[node] for node in range(62)]


@pytest.mark.parametrize("steps", [2, 3, 6, 7])
def test_walks_back_are_the_diagonal_of_powers(sociable: tuple[Csr, nx.Graph], steps: int) -> None:
    held, _ = sociable
    walk = held.sparse(np.float64).toarray() / np.maximum(held.degrees, 1)[:, None]
    expected = [np.diag(np.linalg.matrix_power(walk, k)) for k in range(2, steps + 1)]
    assert np.allclose(walk_returns(held, steps), np.stack(expected, axis=1), atol=1e-6)


def test_eigenvectors_are_of_the_laplacian_with_a_fixed_sign(
    sociable: tuple[Csr, nx.Graph],
) -> None:
    joined = sociable[1].subgraph(range(60))
    held = undirected(np.array(joined.edges), 60)
    found = laplacian_eigenvectors(held, 3).astype(np.float64)
    laplacian = nx.normalized_laplacian_matrix(joined, nodelist=range(60)).toarray()
    values = np.linalg.eigvalsh(laplacian)[1:4]
    assert np.allclose(laplacian @ found, found * values, atol=1e-4)
    assert (found[np.abs(found).argmax(axis=0), range(3)] > 0).all()


def test_structure_of_two_kinds_is_refused() -> None:
    with pytest.raises(UsageError, match="one kind of node"):
        structure(csr(np.array([[0], [1]]), 3, 2))


def test_too_many_eigenvectors_are_refused() -> None:
    with pytest.raises(UsageError, match="need more than 6 nodes"):
        laplacian_eigenvectors(undirected(np.array([[0, 1]]), 4), 5)


def test_columns_are_held_to_their_names() -> None:
    one = np.zeros((2, 1), dtype=np.float32)
    with pytest.raises(UsageError, match="2 names for a matrix"):
        columns(["a", "b"], one)
    with pytest.raises(UsageError, match="not there: b"):
        columns(["a"], one, evidence=["b"])
    with pytest.raises(UsageError, match="name every column once"):
        beside(columns(["a"], one), columns(["a"], one))
    with pytest.raises(UsageError, match="same rows"):
        beside(columns(["a"], one), columns(["b"], np.zeros((3, 1))))
    with pytest.raises(UsageError, match="no column 'c'"):
        columns(["a"], one).only(["c"])
