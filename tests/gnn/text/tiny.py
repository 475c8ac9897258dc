"""A real, tiny BERT that classifies, with random weights, made on the spot and saved."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from transformers import BertConfig, BertForSequenceClassification, BertTokenizerFast

WORDS = (
    "[PAD]",
    "[UNK]",
    "[CLS]",
    "[SEP]",
    "[MASK]",
    "buy",
    "sell",
    "now",
    "profit",
    "loss",
    "the",
)
PLACES = 16


def save_tiny(
    folder: Path, labels: Sequence[str], seed: int = 0, problem: str | None = None
) -> Path:
    """Writes config, tokenizer and safetensors as save_pretrained does."""
    torch.manual_seed(seed)
    config = BertConfig(
        vocab_size=len(WORDS),
        hidden_size=8,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=16,
        max_position_embeddings=PLACES,
        initializer_range=0.8,
        problem_type=problem,
        id2label=dict(enumerate(labels)),
        label2id={name: place for place, name in enumerate(labels)},
    )
    BertForSequenceClassification(config).save_pretrained(folder)
    (folder / "vocab.txt").write_text("\n".join(WORDS), encoding="utf-8")
    BertTokenizerFast(vocab=str(folder / "vocab.txt")).save_pretrained(folder)
    return folder


def change_config(folder: Path, **values: Any) -> None:
    """Rewrites values of the config; None takes one away."""
    path = folder / "config.json"
    kept = {**json.loads(path.read_text(encoding="utf-8")), **values}
    told = {name: value for name, value in kept.items() if value is not None}
    path.write_text(json.dumps(told), encoding="utf-8")
