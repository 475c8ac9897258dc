"""Any sequence-classification model of the Hugging Face kind as a reader of texts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch

from gnn.text import folder as folders
from gnn.text.labels import NEGATIVE, POSITIVE, PROMOTION, Roles, roles
from gnn.text.scores import TextScorer, TextScores, checked
from gnn.view import Floats
from graph.errors import SourceRefused, UsageError
from graph.store import Progress

BATCH = 32
LONGEST = 512  # tokens; what is longer is cut, also where the model could read more


@dataclass(frozen=True)
class Transformer:
    """A model with its tokenizer. What it has no labels for, `other` answers."""

    network: Any
    tokenizer: Any
    roles: Roles
    longest: int
    own: str
    other: TextScorer | None
    batch: int = BATCH

    @property
    def model(self) -> str:
        """The folder's name and a hash, and the other reader's where there is one."""
        return f"{self.own} and {self.other.model}" if self.other else self.own

    def score(self, texts: Sequence[str], progress: Progress | None = None) -> TextScores:
        """As TextScorer says. Raises SourceRefused where the model answers with no numbers."""
        asked = checked(texts)
        chances = self._chances(asked, progress)
        rest = self.other.score(asked) if self.other else None
        promotion, sentiment = (rest.promotion, rest.sentiment) if rest else (None, None)
        if self.roles.promotion:
            promotion = self.roles.share(chances, PROMOTION)
        if self.roles.sentiment:
            good, bad = (self.roles.share(chances, one) for one in (POSITIVE, NEGATIVE))
            sentiment = good - bad
        assert promotion is not None
        assert sentiment is not None
        return TextScores(promotion, sentiment, self.model)

    def _chances(self, texts: Sequence[str], progress: Progress | None) -> Floats:
        """[n, labels]. Texts of like length go together, so that little is padding."""
        order = sorted(range(len(texts)), key=lambda row: (len(texts[row]), row))
        found = np.zeros((len(texts), self.network.config.num_labels))
        for begin in range(0, len(order), self.batch):
            rows = order[begin : begin + self.batch]
            found[rows] = self._read([texts[row] for row in rows])
            if progress is not None:
                progress("reading texts", begin + len(rows), len(order))
        return found

    def _read(self, texts: list[str]) -> Floats:
        tokens = self.tokenizer(
            texts, padding=True, truncation=True, max_length=self.longest, return_tensors="pt"
        )
        with torch.inference_mode():
            logits = self.network(**tokens).logits.double()
        if not bool(torch.isfinite(logits).all()):
            raise SourceRefused(f"{self.own} answers with no numbers; its weights are broken")
        several = self.network.config.problem_type == "multi_label_classification"
        apart = several or logits.shape[1] == 1
        return np.asarray((logits.sigmoid() if apart else logits.softmax(dim=1)).numpy())


def load_transformer(
    path_or_name: str | Path,
    other: TextScorer,
    labels: Mapping[str, str] | None = None,
    download: bool = False,
) -> Transformer:
    """The model of a folder, or of a name in this machine's cache (fetched where `download`).

    `labels` says what its labels mean where their names do not. Raises UsageError, SourceRefused
    or SourceUnavailable with a sentence that says what to do.
    """
    folder = folders.located(path_or_name, download)
    config = folders.examined(folder)
    names = _names(config)
    meant = roles(names, labels)
    if len(names) == 1 and not meant.promotion:
        raise UsageError(f"a model of one label can tell promotions only; {names[0]} is another")
    network, tokenizer = _loaded(folder)
    complete = meant.promotion and meant.sentiment
    return Transformer(
        network=network,
        tokenizer=tokenizer,
        roles=meant,
        longest=_longest(network.config, tokenizer),
        own=f"{_called(path_or_name, folder)}-{folders.version(folder)}",
        other=None if complete else other,
    )


def _loaded(folder: Path) -> tuple[Any, Any]:
    from transformers import AutoModelForSequenceClassification, AutoTokenizer
    from transformers.utils.logging import disable_progress_bar

    disable_progress_bar()  # type: ignore[no-untyped-call]  # the caller draws progress
    safe = {"local_files_only": True, "trust_remote_code": False}
    try:
        tokenizer = AutoTokenizer.from_pretrained(str(folder), **safe)
        network, told = AutoModelForSequenceClassification.from_pretrained(
            str(folder), use_safetensors=True, output_loading_info=True, **safe
        )
    except Exception as error:  # whatever a broken file makes the library raise
        raise SourceRefused(
            f"the model in {folder} cannot be loaded: {error}. Save it again with save_pretrained"
        ) from error
    lost = sorted(told["missing_keys"]) or sorted(str(one) for one in told["mismatched_keys"])
    if lost:
        raise SourceRefused(
            f"the weights in {folder} lack {lost[0]}; answers would be chance. Save the whole model"
        )
    return network.eval().float(), tokenizer


def _names(config: Mapping[str, Any]) -> list[str]:
    kept = config.get("id2label") or {}
    count = len(kept) or int(config.get("num_labels", 2))
    return [str(kept.get(str(place), f"LABEL_{place}")) for place in range(count)]


def _longest(config: Any, tokenizer: Any) -> int:
    """Tokens that both can take. Some models keep the first places of theirs for padding."""
    places = int(getattr(config, "max_position_embeddings", LONGEST) or LONGEST)
    kept = int(config.pad_token_id or 0) + 1 if config.model_type.endswith("roberta") else 0
    return max(1, min(LONGEST, places - kept, int(tokenizer.model_max_length)))


def _called(path_or_name: str | Path, folder: Path) -> str:
    """A name: what was asked for, or the folder's own name; never where it lies."""
    asked = str(path_or_name)
    return asked if not Path(asked).expanduser().is_dir() else folder.resolve().name
