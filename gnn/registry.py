"""A model as files: numbers as JSON, tensors as safetensors, a manifest that says what it is.

Nothing here is pickled: a weights file can be read, compared and refused.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from safetensors.torch import load_file, save_file

from gnn.baseline import Logistic, from_json
from gnn.calibrate import ANCHORS, Platt
from gnn.features import CLUSTER
from gnn.learn.calibrators import mondrian_from_json, venn_abers_from_json
from gnn.learn.trees import Trees
from gnn.measure import SCHEMA, columns
from gnn.model import KINDS, Sage
from gnn.stocks import STOCK
from gnn.train import Model
from graph.errors import UsageError

SHIPPED = Path(__file__).parent / "weights"
_PARTS = ("logistic.json", "calibration.json", "sage.safetensors", "trees.json")


def save(model: Model, folder: Path) -> None:
    """Writes a model. The same model gives the same bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    _write(folder / "logistic.json", _regressions(model))
    _write(folder / "calibration.json", _calibration(model))
    _write(folder / "trees.json", {"names": model.trees.names, "texts": model.trees.texts})
    state = {name: tensor.contiguous() for name, tensor in model.sage.state_dict().items()}
    save_file(state, folder / "sage.safetensors")
    _write(folder / "manifest.json", _manifest(model, folder))


def load(folder: Path | None = None) -> Model:
    """Reads a model; without a folder, the shipped one.

    Raises UsageError where a file is missing or changed, or where it was trained on other features.
    """
    folder = SHIPPED if folder is None else folder
    about = manifest(folder)
    _check(about, folder)
    regressions = json.loads((folder / "logistic.json").read_text(encoding="utf-8"))
    calibration = json.loads((folder / "calibration.json").read_text(encoding="utf-8"))
    return Model(
        floor=from_json(regressions["floor"]),
        logistic=from_json(regressions["logistic"]),
        trees=_trees(folder),
        sage=_sage(about["widths"], folder),
        typical=np.array(calibration["typical"], dtype=np.float64),
        typical_stock=np.array(calibration["typical_stock"], dtype=np.float64),
        seed=about["seed"],
        chosen=about["chosen"],
        stack=from_json(regressions["stack"]) if regressions["stack"] else None,
        joint=from_json(regressions["joint"]) if regressions["joint"] else None,
        platt={name: Platt(**kept) for name, kept in calibration["platt"].items()},
        stocks=from_json(regressions["stocks"]) if regressions["stocks"] else None,
        doubt=venn_abers_from_json(calibration["doubt"]) if calibration["doubt"] else None,
        sets=mondrian_from_json(calibration["sets"]) if calibration["sets"] else None,
        about=about["about"],
    )


def manifest(folder: Path | None = None) -> dict[str, Any]:
    """What a model says of itself. Raises UsageError where there is none."""
    path = (SHIPPED if folder is None else folder) / "manifest.json"
    if not path.is_file():
        raise UsageError(f"{path.parent} holds no model; `sentinelmarket train` makes one")
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def version(about: Mapping[str, Any]) -> str:
    """The name that risks carry: the chosen model and a hash of all its files."""
    digest = hashlib.sha256(json.dumps(about["files"], sort_keys=True).encode()).hexdigest()
    return f"{about['chosen']}-{digest[:8]}"


def _regressions(model: Model) -> dict[str, Any]:
    kept: dict[str, Logistic | None] = {
        "floor": model.floor,
        "logistic": model.logistic,
        "stack": model.stack,
        "joint": model.joint,
        "stocks": model.stocks,
    }
    return {name: part.as_json() if part else None for name, part in kept.items()}


def _calibration(model: Model) -> dict[str, Any]:
    return {
        "platt": {
            name: {"slope": platt.slope, "shift": platt.shift}
            for name, platt in sorted(model.platt.items())
        },
        "anchors": [list(anchor) for anchor in ANCHORS],
        "doubt": model.doubt.as_json() if model.doubt else None,
        "sets": model.sets.as_json() if model.sets else None,
        "typical": model.typical.tolist(),
        "typical_stock": model.typical_stock.tolist(),
    }


def _manifest(model: Model, folder: Path) -> dict[str, Any]:
    return {
        "schema": SCHEMA,
        "features": list(columns(CLUSTER)),
        "stock_features": list(columns(STOCK)),
        "widths": {kind: model.sage.widths[kind] for kind in KINDS},
        "seed": model.seed,
        "chosen": model.chosen,
        "files": {name: _digest(folder / name) for name in _PARTS},
        "about": model.about,
    }


def _check(about: Mapping[str, Any], folder: Path) -> None:
    if about["schema"] != SCHEMA or tuple(about["features"]) != columns(CLUSTER):
        raise UsageError(
            f"the model in {folder} was trained on other features (version {about['schema']}, this"
            f" program has {SCHEMA}); train again with `sentinelmarket train`"
        )
    for name, digest in about["files"].items():
        if not (folder / name).is_file() or _digest(folder / name) != digest:
            raise UsageError(
                f"{folder / name} is missing or was changed; `sentinelmarket train` makes it anew"
            )


def _sage(widths: Mapping[str, int], folder: Path) -> Sage:
    model = Sage(widths)
    model.load_state_dict(load_file(folder / "sage.safetensors"))
    return model.eval()


def _trees(folder: Path) -> Trees:
    kept = json.loads((folder / "trees.json").read_text(encoding="utf-8"))
    return Trees(tuple(kept["names"]), tuple(kept["texts"]))


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _write(path: Path, content: Mapping[str, Any]) -> None:
    path.write_text(json.dumps(content, indent=1, sort_keys=True) + "\n", encoding="utf-8")
