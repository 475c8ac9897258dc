"""The ten official splits of Tolokers: shipped recipe, its parts, and the controls."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from torch_geometric.data import HeteroData

from gnn.calibrate import sigmoid
from gnn.learn.calibrators import brier_skill, calibration_slope
from gnn.learn.columns import Columns, beside, columns
from gnn.learn.fit_sage import Schedule
from gnn.learn.ladder import STEPS, ladder
from gnn.learn.recipe import Learned, Task, fitted, stacked, weighed
from gnn.learn.shuffled import shuffled_edges
from gnn.learn.trees import fit_trees
from gnn.learn.typed import one_kind
from gnn.learn.views import View, exposed, view
from gnn.metrics import auroc, average_precision, calibration_error
from gnn.view import Floats, Ints

WORKER = "worker"
WALKS, EIGENVECTORS = 6, 16
SCHEDULE = Schedule(epochs=150, patience=40, layers=3)
FEW, PER_POSITIVE = 100, 4  # positives, and negatives to each
ROWS = {**STEPS, "shipped": "shipped recipe", "few": "100 positive labels"}


def measure(graph: Path, splits: Sequence[int], kept: Path) -> dict[str, Any]:
    """A row of figures a split; see ROWS. A split that lies in `kept` is not done again."""
    kept.mkdir(parents=True, exist_ok=True)
    missing = [split for split in splits if not _file(kept, split).is_file()]
    if missing:
        _measured(graph, missing, kept)
    rows = [json.loads(_file(kept, split).read_text(encoding="utf-8")) for split in splits]
    return {"splits": rows}


def _file(kept: Path, split: int) -> Path:
    return kept / f"split_{split}.json"


def _measured(graph: Path, splits: Sequence[int], kept: Path) -> None:
    held = np.load(graph)
    x = columns([f"column {i}" for i in range(10)], held["node_features"])
    data = one_kind(WORKER, x, held["edges"])
    mixed = one_kind(WORKER, x, shuffled_edges(held["edges"], seed=1))
    begun = time.process_time()
    seen, lost = (view(one, WORKER, WALKS, EIGENVECTORS) for one in (data, mixed))
    print(f"columns of both graphs: {time.process_time() - begun:.0f} cpu s", flush=True)
    for split in splits:
        masks = [held[f"{part}_masks"][split] for part in ("train", "val", "test")]
        row = _split(data, mixed, seen, lost, held["node_labels"], masks, split)
        _file(kept, split).write_text(json.dumps(row, indent=1) + "\n", encoding="utf-8")
        print(_line(row), flush=True)


def show(found: dict[str, Any]) -> str:
    """Means over the splits."""
    rows = found["splits"]
    lines = [f"{len(rows)} splits, mean and sd x100      AUROC            AUPRC"]
    for name, words in ROWS.items():
        figures = [100 * np.array([row[name][i] for row in rows]) for i in (0, 1)]
        shown = "   ".join(f"{f.mean():6.2f} ± {f.std(ddof=0):4.2f}" for f in figures)
        lines.append(f"{words:<34} {shown}")
    earned = sum(row["earned"] for row in rows)
    lines.append(f"SAGE earned a weight in {earned} of {len(rows)} splits")
    helped = sum(row["graph_helped"] for row in rows)
    lines.append(f"the graph helped in {helped} of {len(rows)} splits")
    for name in ("slope", "ece", "skill", "cover_harmless", "cover_raised", "both_in_set"):
        lines.append(f"{name:<16} {np.mean([row[name] for row in rows]):.3f}")
    return "\n".join(lines)


def _split(
    data: HeteroData,
    mixed: HeteroData,
    seen: View,
    lost: View,
    labels: Ints,
    masks: list[Any],
    split: int,
) -> dict[str, Any]:
    begun = time.process_time()
    learn, validation, test = (np.flatnonzero(mask) for mask in masks)
    drawn = np.random.default_rng(split).permutation(validation)
    task = Task(data, WORKER, labels, learn, np.sort(drawn[::2]), np.sort(drawn[1::2]))
    parts = fitted(task, seen, split, SCHEDULE)
    model = weighed(task, parts, split)
    odds = {
        **ladder(task, seen, mixed, lost, parts, split),
        "shipped": model.platt.log_odds(stacked(model.stacker, parts.odds)),
        "few": _few(task, seen, split),
    }
    figures = {
        name: (auroc(o[test], labels[test]), average_precision(o[test], labels[test]))
        for name, o in odds.items()
    }
    return {
        **figures,
        **_trust(model, odds["shipped"][test], labels, task, test),
        "earned": model.net is not None,
        "graph_helped": model.gains[0].held,
        "gains": [gain.words for gain in model.gains],
        "cpu_seconds": round(time.process_time() - begun, 1),
    }


def _few(task: Task, seen: View, split: int) -> Floats:
    """The recipe's trees with 100 positive and 400 negative labels, and no other label seen."""
    of, rng = task.labels[task.learn], np.random.default_rng(split)
    kept = np.sort(
        np.concatenate(
            [
                rng.choice(task.learn[of == 1], FEW, replace=False),
                rng.choice(task.learn[of == 0], FEW * PER_POSITIVE, replace=False),
            ]
        )
    )
    known = np.zeros(len(task.labels), dtype=np.bool_)
    known[kept] = True
    x = beside(seen.graph, exposed(task.data, WORKER, task.labels, known, split))
    rows = Columns(x.names, x.matrix[kept], x.evidence)
    return fit_trees(rows, task.labels[kept]).log_odds(x)


def _trust(model: Learned, odds: Floats, labels: Ints, task: Task, test: Ints) -> dict[str, float]:
    """How far the probabilities of test rows can be taken at their word."""
    p, y = sigmoid(odds), labels[test]
    sets = model.sets.sets(odds, alpha=0.1)
    prevalence = float(labels[task.learn].mean())
    return {
        "slope": calibration_slope(p, y),
        "ece": calibration_error(p, y),
        "skill": brier_skill(p, y, prevalence),
        "cover_harmless": float(sets[y == 0, 0].mean()),
        "cover_raised": float(sets[y == 1, 1].mean()),
        "both_in_set": float(sets.all(axis=1).mean()),
    }


def _line(row: dict[str, Any]) -> str:
    shown = " ".join(f"{name} {100 * row[name][0]:.1f}/{100 * row[name][1]:.1f}" for name in ROWS)
    return f"{shown} earned {row['earned']} {row['cpu_seconds']} cpu s"
