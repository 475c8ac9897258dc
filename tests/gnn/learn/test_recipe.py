"""The whole recipe on planted graphs: honest about the graph, the same twice, monotone, kept."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import numpy as np
import pytest
import torch

from gnn.learn.fit_sage import Schedule
from gnn.learn.ladder import STEPS, ladder, steps
from gnn.learn.recipe import Learned, Task, features, fitted, learn, log_odds, report, scores
from gnn.learn.shuffled import shuffled_graph
from gnn.learn.store import data_digest, load, manifest, model_digest, save
from gnn.learn.views import View, view
from gnn.metrics import auroc
from graph.errors import UsageError
from tests.gnn.learn.planted import labelled, task, typed, useful, useless, waves

SHORT = Schedule(epochs=60, patience=60, hidden=16, rate=1e-2)


def taught(of: Task, seed: int = 0) -> tuple[Learned, View]:
    seen = view(of.data, of.target)
    return learn(of, seen, seed, SHORT, seeds=(0,)), seen


@pytest.fixture(scope="module")
def earned() -> tuple[Task, Learned, View]:
    """A net's case and not a tree's."""
    of = waves()
    return of, *taught(of)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_of_a_useless_graph_the_report_says_so(seed: int) -> None:
    of = useless(seed)
    model, seen = taught(of)
    graph, _, told, verdict = report(model).splitlines()
    assert graph.startswith("the graph, over the node alone (trees): did not help")
    assert told.startswith("the GNN's messages, over the same net without edges: did not help")
    assert verdict == "The graph did not help: the score is of trees on the node alone."
    assert model.net is None
    assert set(model.trees.names) == set(seen.own.names)
    odds = log_odds(model, features(of, seen, 0), of.data, seen)
    assert auroc(odds[of.judge], of.labels[of.judge]) > 0.85


def test_of_a_graph_that_decides_the_report_says_so() -> None:
    model, _ = taught(useful())
    assert report(model).startswith("the graph, over the node alone (trees): helped, +")
    assert model.parts == ("trees",)
    assert report(model).endswith("the GNN has no weight in it.")


def test_a_net_that_earns_its_weight_scores(earned: tuple[Task, Learned, View]) -> None:
    of, model, seen = earned
    assert "the GNN, over trees on the graph: helped, +" in report(model)
    assert "messages, over the same net without edges: helped, +" in report(model)
    assert report(model).endswith("The score is of trees on the graph and of the GNN.")
    assert model.stacker.names == ("trees", "sage")
    assert model.stacker.weights[1] > 0
    odds = log_odds(model, features(of, seen, 0), of.data, seen)
    assert auroc(odds[of.judge], of.labels[of.judge]) > 0.8


def test_twice_trained_is_the_same_to_the_last_byte(
    earned: tuple[Task, Learned, View], tmp_path: Path
) -> None:
    of, model, _ = earned
    again, _ = taught(of)
    other, _ = taught(of, seed=1)
    for name, one in (("first", model), ("again", again), ("other", other)):
        save(one, tmp_path / name, {"data": data_digest(of.data, of.labels)})
    first, same, different = (model_digest(tmp_path / name) for name in ("first", "again", "other"))
    assert first == same
    assert first != different


def test_what_is_kept_scores_as_before(earned: tuple[Task, Learned, View], tmp_path: Path) -> None:
    of, model, seen = earned
    save(model, tmp_path / "model", {"data": data_digest(of.data, of.labels)})
    again = load(tmp_path / "model")
    x = features(of, seen, 0)
    before, after = (log_odds(one, x, of.data, seen) for one in (model, again))
    assert before.tobytes() == after.tobytes()
    assert again.doubt.pair(before).tobytes() == model.doubt.pair(before).tobytes()
    assert again.sets.sets(before).tolist() == model.sets.sets(before).tolist()
    assert report(again) == report(model)
    told = manifest(tmp_path / "model")
    assert told["about"]["data"] == data_digest(of.data, of.labels)
    assert {"lightgbm", "torch", "numpy"} <= set(told["versions"])
    assert set(told["files"]) == {
        "calibrator.json",
        "model.json",
        "sage.safetensors",
        "trees_0.txt",
    }


def test_a_changed_or_missing_or_unknown_model_is_refused(
    earned: tuple[Task, Learned, View], tmp_path: Path
) -> None:
    folder = tmp_path / "model"
    save(earned[1], folder, {})
    trees = folder / "trees_0.txt"
    whole = trees.read_text(encoding="utf-8")
    trees.write_text(whole.replace("leaf_value=", "leaf_value=9", 1), encoding="utf-8")
    with pytest.raises(UsageError, match=r"trees_0\.txt is missing or was changed"):
        load(folder)
    trees.unlink()
    with pytest.raises(UsageError, match=r"trees_0\.txt is missing or was changed"):
        load(folder)
    told = folder / "manifest.json"
    held = json.loads(told.read_text(encoding="utf-8"))
    told.write_text(json.dumps({**held, "format": 99}), encoding="utf-8")
    with pytest.raises(UsageError, match="another format"):
        load(folder)
    with pytest.raises(UsageError, match="holds no model"):
        load(tmp_path / "nowhere")


def test_a_folder_of_other_files_is_not_written_to(
    earned: tuple[Task, Learned, View], tmp_path: Path
) -> None:
    (tmp_path / "letter.txt").write_text("dear", encoding="utf-8")
    with pytest.raises(UsageError, match="holds other files"):
        save(earned[1], tmp_path, {})
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


def test_data_that_differ_differ_in_their_digest() -> None:
    of = useful()
    turned = of.labels.copy()
    turned[3] = 1 - turned[3]
    moved = typed()
    moved["account", "wrote", "post"].edge_index[0, 0] += 1
    digests = [
        data_digest(of.data, of.labels),
        data_digest(of.data, turned),
        data_digest(typed(), of.labels),
        data_digest(moved, of.labels),
    ]
    assert len(set(digests)) == 4


def test_more_evidence_never_lowers_the_final_score() -> None:
    """Own evidence and the neighbours', with a GNN in the score, and rows that said otherwise."""
    of = waves(evidence=True)
    model, seen = taught(of)
    assert model.net is not None, "without a net in the score this would show little"
    before = log_odds(model, features(of, seen, 0), of.data, seen)
    more = of.data.clone()
    rng = np.random.default_rng(1)
    more["account"].x[:, 1] += torch.from_numpy(rng.exponential(size=len(before))).float()
    told = dataclasses.replace(of, data=more)
    again = view(more, "account")
    after = log_odds(model, features(told, again, 0), more, again)
    assert (after >= before).all()
    assert (scores(after) >= scores(before)).all()


def test_a_typed_graph_is_learnt_with_its_own_columns() -> None:
    data = typed(times=12)
    posts = data["account", "wrote", "post"].edge_index
    told = np.zeros(720)
    np.add.at(told, posts[0].numpy(), data["post"].x[posts[1], 0].numpy())
    of = task(data, "account", labelled(3 * told, 1))
    model, seen = taught(of)
    assert "mean of stock c0 over stock (names by) of post (wrote by)" in model.trees.names
    assert "rate of known over post (wrote, wrote by)" in model.trees.names
    odds = log_odds(model, features(of, seen, 0), data, seen)
    assert auroc(odds[of.judge], of.labels[of.judge]) > 0.8
    assert ((scores(odds) >= 1) & (scores(odds) <= 100)).all()


def test_the_ladder_tells_wiring_from_degree_and_labels_from_leaks() -> None:
    of = useful()
    mixed = shuffled_graph(of.data, seed=1)
    seen, lost = view(of.data, of.target), view(mixed, of.target)
    odds = ladder(of, seen, mixed, lost, fitted(of, seen, 0, SHORT, seeds=(0,)), 0)
    table = {step.name: step for step in steps(odds, of.labels, of.judge)}
    assert list(table) == list(STEPS)
    assert table["nfa"].precision > table["flat"].precision + 0.1
    assert table["nfa"].precision > table["nfa_shuffled"].precision + 0.1
    assert table["trees_permuted"].auroc == pytest.approx(0.5, abs=0.12)


def test_a_row_in_two_blocks_or_without_label_is_refused() -> None:
    of = useful()
    with pytest.raises(UsageError, match="one block only"):
        dataclasses.replace(of, tune=of.learn)
    unknown = of.labels.copy()
    unknown[of.judge[0]] = -1
    with pytest.raises(UsageError, match="need a label"):
        dataclasses.replace(of, labels=unknown)
