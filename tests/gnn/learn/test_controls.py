"""Label exposure out of fold, shuffled wiring, and the encoding of numbers."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from gnn.learn.columns import columns
from gnn.learn.csr import undirected
from gnn.learn.exposure import label_exposure, routes_to_itself
from gnn.learn.pieces import fit_pieces, pieces_from_json
from gnn.learn.shuffled import shuffled_edges, shuffled_graph
from gnn.learn.typed import relations
from graph.errors import UsageError
from tests.gnn.learn.planted import NODES, labelled, pairs, typed

ALL = np.ones(NODES, dtype=np.bool_)


def test_a_rate_leans_towards_that_everywhere() -> None:
    star = undirected(np.array([[0, 1], [0, 2], [0, 3]]), 5)
    labels, known = np.array([0, 1, 1, 0, 0]), np.array([False, True, True, True, True])
    found = label_exposure({"near": [star]}, labels, known, seed=0)
    prior = 0.5  # two of the four known
    assert found.names == ("rate of known near", "known near")
    assert found.matrix[0].tolist() == pytest.approx([(2 + 2 * prior) / (3 + 2), 3])


def test_no_row_sees_its_own_label_also_over_two_hops() -> None:
    near = undirected(pairs(4), NODES)
    routes = {"near": [near], "twice": [near, near]}
    labels = labelled(np.zeros(NODES), 4)
    for row in range(0, NODES, 90):
        turned = labels.copy()
        turned[row] = 1 - turned[row]
        before = label_exposure(routes, labels, ALL, seed=1)
        after = label_exposure(routes, turned, ALL, seed=1)
        # the rate everywhere moves by a 900th, its own label would move it far more
        assert np.allclose(before.matrix[row], after.matrix[row], atol=2e-3)
        assert not np.allclose(before.matrix, after.matrix, atol=2e-3)


def test_an_unknown_row_sees_all_known_labels_and_no_other() -> None:
    near = undirected(pairs(4), NODES)
    labels, known = labelled(np.zeros(NODES), 4), ALL.copy()
    known[:100] = False
    found = label_exposure({"near": [near]}, labels, known, seed=1)
    changed = np.where(known, labels, 1 - labels)
    again = label_exposure({"near": [near]}, changed, known, seed=1)
    assert found.matrix.tobytes() == again.matrix.tobytes()
    row = near.indices[near.starts[5] : near.starts[6]]
    assert found.matrix[5, 1] == known[row].sum()


def test_exposure_without_labels_is_refused() -> None:
    with pytest.raises(UsageError, match="no label is known"):
        label_exposure({}, np.zeros(3, dtype=np.int64), np.zeros(3, dtype=np.bool_), seed=0)


def test_routes_lead_back_to_the_kind() -> None:
    found = routes_to_itself(typed(), "account")
    assert set(found) == {
        "over post (wrote, wrote by)",
        "over cluster (member, member by)",
    }
    for first, last in found.values():
        assert first.columns == last.rows == 60


@pytest.mark.parametrize("undirected_", [True, False])
def test_shuffled_edges_keep_every_degree_and_little_else(undirected_: bool) -> None:
    before = pairs(7)
    after = shuffled_edges(before, seed=3, undirected=undirected_)
    assert len(np.unique(after, axis=0)) == len(before)
    if undirected_:
        assert Counter(before.ravel().tolist()) == Counter(after.ravel().tolist())
        assert (after[:, 0] != after[:, 1]).all()
    for end in () if undirected_ else (0, 1):
        assert Counter(before[:, end].tolist()) == Counter(after[:, end].tolist())
    kept = set(map(tuple, before.tolist())) & set(map(tuple, after.tolist()))
    assert len(kept) < 0.1 * len(before)


def test_shuffling_is_by_seed() -> None:
    assert shuffled_edges(pairs(7), 3).tobytes() == shuffled_edges(pairs(7), 3).tobytes()
    assert shuffled_edges(pairs(7), 3).tobytes() != shuffled_edges(pairs(7), 4).tobytes()


def test_what_cannot_be_shuffled_stays() -> None:
    for fixed in ([], [[0, 1]], [[0, 1], [1, 2], [0, 2]]):
        held = np.array(fixed, dtype=np.int64).reshape(-1, 2)
        assert sorted(shuffled_edges(held, 1).tolist()) == sorted(fixed)


def test_a_shuffled_typed_graph_keeps_relations_and_their_reverse() -> None:
    data = typed()
    mixed = shuffled_graph(data, seed=2)
    for relation in relations(data):
        before, after = data[relation].edge_index, mixed[relation].edge_index
        for end in (0, 1):
            assert before[end].bincount().tolist() == after[end].bincount().tolist()
    there = mixed["account", "wrote", "post"].edge_index
    back = mixed["post", "wrote by", "account"].edge_index
    assert there.tolist() == back.flip(0).tolist()
    assert sorted(map(tuple, there.t().tolist())) != sorted(
        map(tuple, data["account", "wrote", "post"].edge_index.t().tolist())
    )


def test_pieces_say_how_far_a_value_has_come() -> None:
    x = columns(["c", "same"], np.array([[0.0, 5], [1, 5], [2, 5], [4, 5], [8, 5]]))
    code = fit_pieces(x, np.arange(5), count=2)
    assert [edges.tolist() for edges in code.edges] == [[0, 2, 8], [5]]
    seen = columns(["c", "same"], np.array([[1.0, 5], [5, 5], [-9, 5], [99, 5]]))
    expected = [[0.5, 0], [1, 0.5], [0, 0], [1, 1]]
    assert code.encoded(seen).tolist() == expected
    assert code.width == 2
    again = pieces_from_json(code.as_json())
    assert again.names == code.names
    assert again.encoded(seen).tolist() == expected


def test_pieces_of_unchanging_columns_are_none() -> None:
    x = columns(["c"], np.ones((4, 1)))
    assert fit_pieces(x, np.arange(4)).encoded(x).shape == (4, 0)
