"""`load_text_scorer`: the reader that ships, or a model of the user's."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from gnn.text.scores import TextScorer
from gnn.text.words import shipped
from graph.errors import UsageError


def load_text_scorer(
    path_or_name: str | Path | None = None,
    labels: Mapping[str, str] | None = None,
    download: bool = False,
) -> TextScorer:
    """A reader of texts. Without a path the shipped one, else a sequence-classification model.

    `path_or_name` is a folder with config.json, a tokenizer and safetensors, or a name that this
    machine has fetched before; with `download` a name is fetched. `labels` maps the model's labels
    to meanings (gnn.text.labels.MEANINGS). A model that gives only one of the two scores leaves
    the other to the shipped reader. Raises UsageError, SourceRefused or SourceUnavailable with a
    sentence that says what to do.
    """
    if path_or_name is None or str(path_or_name) == "":
        if labels:
            raise UsageError("labels belong to a model; name its folder too")
        return shipped()
    from gnn.text.transformer import load_transformer  # loads torch and transformers

    return load_transformer(path_or_name, shipped(), labels, download)
