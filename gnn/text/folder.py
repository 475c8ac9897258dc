"""A folder that may hold a sequence-classification model, looked at before anything is loaded.

Nothing is fetched unless asked for, no pickle is opened, and no code that lies beside a model runs.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from graph.errors import SourceRefused, SourceUnavailable, UsageError

_HEAD = "ForSequenceClassification"
_TOKENIZERS = ("tokenizer.json", "vocab.txt", "vocab.json", "spiece.model", "tokenizer.model")
_WEIGHTS = ("model.safetensors", "model.safetensors.index.json")
_PICKLES = ("*.bin", "*.pt", "*.pth", "*.ckpt", "*.pkl", "*.h5", "*.msgpack")
_FETCHED = ["*.json", "*.txt", "*.safetensors", "*.model"]
_SAVE = (
    "save it once as safetensors, with save_pretrained(FOLDER) of the model and of its tokenizer"
    " (docs/text.md has the lines)"
)


def located(path_or_name: str | Path, download: bool = False) -> Path:
    """The folder of a model: a folder, or a name as on a model hub, from this machine's cache.

    Only with `download` is a name fetched, and then no pickle. Raises UsageError where there is
    nothing of that name here, SourceUnavailable where fetching did not work.
    """
    path = Path(path_or_name).expanduser()
    if path.is_dir():
        return path
    if path.exists():
        raise UsageError(
            f"{path} is a file; name the folder that holds config.json, tokenizer and safetensors"
        )
    name = str(path_or_name)
    if name.count("/") != 1 or name.startswith((".", "~", "/")):
        raise UsageError(
            f"there is no folder {name}; name one that holds config.json, a tokenizer and"
            " model.safetensors"
        )
    return _cached(name, download)


def examined(folder: Path) -> dict[str, Any]:
    """The config of a model that may be loaded from a folder.

    Raises UsageError or SourceRefused, with what to do, where it may not.
    """
    config = _config(folder)
    built = [str(name) for name in config.get("architectures") or ()]
    if not any(name.endswith(_HEAD) for name in built):
        raise UsageError(
            f"{folder} holds {' and '.join(built) or 'a model that does not say what it is'}, which"
            f" gives no labels; a model named …{_HEAD} is needed"
        )
    if "auto_map" in config:
        raise SourceRefused(
            f"the model in {folder} wants to run code of its own, which is never done; use one of"
            " an architecture that transformers knows"
        )
    if not any((folder / name).is_file() for name in _WEIGHTS):
        pickles = sorted(path.name for kind in _PICKLES for path in folder.glob(kind))
        if pickles:
            raise SourceRefused(
                f"{folder} has {pickles[0]} and no model.safetensors. Such a file can run code when"
                f" it is opened, so it is not; {_SAVE}"
            )
        raise UsageError(f"{folder} has no model.safetensors; {_SAVE}")
    if not any((folder / name).is_file() for name in _TOKENIZERS):
        raise UsageError(f"{folder} has no tokenizer (tokenizer.json or vocab.txt); {_SAVE}")
    return config


def version(folder: Path) -> str:
    """A short hash of everything in the folder that may change a score."""
    digest = hashlib.sha256()
    for path in sorted(folder.iterdir()):
        if path.suffix in (".json", ".txt", ".safetensors", ".model") and path.is_file():
            digest.update(path.name.encode())
            with path.open("rb") as content:
                digest.update(hashlib.file_digest(content, "sha256").digest())
    return digest.hexdigest()[:8]


def _config(folder: Path) -> dict[str, Any]:
    path = folder / "config.json"
    if not path.is_file():
        raise UsageError(
            f"{folder} holds no config.json; name the folder that save_pretrained wrote"
        )
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise UsageError(f"{path} is no JSON ({error}); save the model again") from error
    if not isinstance(found, dict):
        raise UsageError(f"{path} is no model's config; save the model again")
    return found


def _cached(name: str, download: bool) -> Path:
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HFValidationError

    try:
        return Path(snapshot_download(name, local_files_only=not download, allow_patterns=_FETCHED))
    except HFValidationError as error:
        raise UsageError(f"{name} is no folder and no name of a model: {error}") from error
    except Exception as error:  # the client raises what its transport raises
        if download:
            raise SourceUnavailable(f"{name} could not be fetched: {error}") from error
        raise UsageError(
            f"there is no folder {name}, and no model of that name was ever fetched on this"
            " machine. Name a folder, or ask for the download (--download)"
        ) from error
