"""A learned model as files: trees as LightGBM's text, the net as safetensors, numbers as JSON.

Nothing is pickled: a file can be read, compared and refused. The manifest holds the hash of every
file, the data's, the seed and the versions that made it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import Any

from safetensors.torch import load_file, save_file
from torch_geometric.data import HeteroData

from gnn.baseline import from_json
from gnn.calibrate import ANCHORS, Platt
from gnn.learn.calibrators import mondrian_from_json, venn_abers_from_json
from gnn.learn.gain import Gain
from gnn.learn.pieces import pieces_from_json
from gnn.learn.recipe import Learned
from gnn.learn.sage import SageNet, net_of_shape
from gnn.learn.trees import Trees
from gnn.learn.typed import relations
from gnn.view import Ints
from graph.errors import UsageError

FORMAT = 1  # raise it when the files mean something else
_MAKERS = ("lightgbm", "torch", "torch-geometric", "numpy", "scipy", "scikit-learn", "numba")
_MODEL, _CALIBRATOR, _NET = "model.json", "calibrator.json", "sage.safetensors"


def save(model: Learned, folder: Path, about: Mapping[str, Any]) -> None:
    """Writes a model into a folder of its own. The same model gives the same bytes.

    `about` goes to the manifest as it is: data hashes, metrics, what the model is for. Raises
    UsageError where the folder holds something else already.
    """
    if folder.is_dir() and any(folder.iterdir()) and not (folder / "manifest.json").is_file():
        raise UsageError(f"{folder} holds other files; name an empty folder")
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.iterdir():
        old.unlink()
    for n, text in enumerate(model.trees.texts):
        (folder / _tree_file(n)).write_text(text, encoding="utf-8")
    _write(folder / _MODEL, _model(model))
    _write(folder / _CALIBRATOR, _calibrator(model))
    if model.net is not None:
        state = {name: tensor.contiguous() for name, tensor in model.net.state_dict().items()}
        save_file(state, folder / _NET)
    files = {path.name: _digest(path) for path in sorted(folder.iterdir())}
    told = {
        "format": FORMAT,
        "files": files,
        "seed": model.seed,
        "versions": {name: version(name) for name in _MAKERS},
        "gains": [asdict(gain) for gain in model.gains],
        "about": dict(about),
    }
    _write(folder / "manifest.json", told)


def load(folder: Path) -> Learned:
    """Reads what `save` wrote. Raises UsageError where a file is missing, changed or of a format
    that this program does not know."""
    told = manifest(folder)
    if told.get("format") != FORMAT:
        raise UsageError(f"the model in {folder} is of another format; train it again")
    for name, digest in told["files"].items():
        if not (folder / name).is_file() or _digest(folder / name) != digest:
            raise UsageError(f"{folder / name} is missing or was changed; train the model again")
    kept, calibrator = _read(folder / _MODEL), _read(folder / _CALIBRATOR)
    texts = [
        (folder / _tree_file(n)).read_text(encoding="utf-8") for n in range(kept["tree_files"])
    ]
    return Learned(
        target=kept["target"],
        trees=Trees(tuple(kept["columns"]), tuple(texts)),
        net=_net(kept["net"], folder) if kept["net"] else None,
        encoders={kind: pieces_from_json(found) for kind, found in kept["encoders"].items()},
        stacker=from_json(kept["stacker"]),
        platt=Platt(**calibrator["platt"]),
        doubt=venn_abers_from_json(calibrator["venn_abers"]),
        sets=mondrian_from_json(calibrator["mondrian"]),
        gains=tuple(Gain(**gain) for gain in told["gains"]),
        seed=told["seed"],
    )


def manifest(folder: Path) -> dict[str, Any]:
    """What a model says of itself. Raises UsageError where there is none."""
    if not (folder / "manifest.json").is_file():
        raise UsageError(f"{folder} holds no model; train one")
    return _read(folder / "manifest.json")


def model_digest(folder: Path) -> str:
    """One hash of all files of a model: two trainings of the same data and seed agree in it."""
    files = manifest(folder)["files"]
    return hashlib.sha256(json.dumps(files, sort_keys=True).encode()).hexdigest()


def data_digest(data: HeteroData, labels: Ints) -> str:
    """A hash of what was learnt from: inputs and edges by kind, and labels."""
    found = hashlib.sha256(labels.tobytes())
    for kind in sorted(data.node_types):
        found.update(f"{kind} {data[kind].num_nodes}".encode())
        if "x" in data[kind]:
            found.update(data[kind].x.numpy().tobytes())
    for relation in relations(data):
        found.update("|".join(relation).encode())
        found.update(data[relation].edge_index.contiguous().numpy().tobytes())
    return found.hexdigest()


def _model(model: Learned) -> dict[str, Any]:
    return {
        "target": model.target,
        "columns": list(model.trees.names),
        "tree_files": len(model.trees.texts),
        "net": model.net.shape if model.net is not None else None,
        "encoders": {kind: code.as_json() for kind, code in model.encoders.items()},
        "stacker": model.stacker.as_json(),
    }


def _calibrator(model: Learned) -> dict[str, Any]:
    return {
        "platt": {"slope": model.platt.slope, "shift": model.platt.shift},
        "venn_abers": model.doubt.as_json(),
        "mondrian": model.sets.as_json(),
        "anchors": [list(anchor) for anchor in ANCHORS],
    }


def _net(shape: Mapping[str, Any], folder: Path) -> SageNet:
    net = net_of_shape(shape)
    net.load_state_dict(load_file(folder / _NET))
    return net.eval()


def _tree_file(n: int) -> str:
    return f"trees_{n}.txt"


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _read(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def _write(path: Path, content: Mapping[str, Any]) -> None:
    path.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
