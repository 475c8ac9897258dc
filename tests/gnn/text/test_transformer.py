"""The loader of sequence-classification models, on a real tiny one, and all that it refuses."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file
from transformers import AutoModelForSequenceClassification, AutoTokenizer

from gnn.text import load_text_scorer
from gnn.text.words import promotion_of, shipped
from graph.errors import SourceRefused, UsageError
from tests.gnn.text.tiny import PLACES, change_config, save_tiny

TEXTS = [
    "buy now",
    "sell the loss",
    "profit",
    "",
    "the the buy sell now profit loss",
    "buy buy",
] * 9
FINBERT = ("positive", "negative", "neutral")


def chances(folder: Path, text: str) -> np.ndarray:
    """What the model says of one text, straight from the library."""
    tokenizer = AutoTokenizer.from_pretrained(str(folder))
    network = AutoModelForSequenceClassification.from_pretrained(str(folder)).eval()
    with torch.no_grad():
        logits = network(**tokenizer(text, return_tensors="pt")).logits
    return logits.double().softmax(1)[0].numpy()


def test_finbert_s_labels_are_the_sentiment_and_the_shipped_reader_tells_promotions(
    tmp_path: Path,
) -> None:
    folder = save_tiny(tmp_path / "finbert", FINBERT)
    scorer = load_text_scorer(folder)
    told = scorer.score(TEXTS)
    for place in range(6):
        positive, negative, _ = chances(folder, TEXTS[place])
        assert told.sentiment[place] == pytest.approx(positive - negative, abs=1e-5)
    assert np.ptp(told.sentiment) > 0.01
    np.testing.assert_array_equal(told.promotion, promotion_whole(TEXTS))
    assert told.model.startswith("finbert-")
    assert told.model.endswith(shipped().model)


def promotion_whole(texts: list[str]) -> np.ndarray:
    return shipped().score(texts).promotion


def test_batches_change_nothing_and_are_reported(tmp_path: Path) -> None:
    scorer = load_text_scorer(save_tiny(tmp_path, FINBERT))
    steps: list[tuple[int, int]] = []
    many = scorer.score(TEXTS, lambda step, done, total: steps.append((done, total)))
    alone = [float(scorer.score([text]).sentiment[0]) for text in TEXTS[:6]]
    np.testing.assert_allclose(many.sentiment[:6], alone, atol=1e-6)
    assert steps == [(32, 54), (54, 54)]
    assert scorer.score([]).sentiment.shape == (0,)


def test_a_long_text_is_cut_where_the_model_ends(tmp_path: Path) -> None:
    scorer = load_text_scorer(save_tiny(tmp_path, FINBERT))
    words = ["buy", "sell", "now"] * 400
    long = scorer.score([" ".join(words), " ".join(words[: PLACES - 2])]).sentiment
    assert long[0] == pytest.approx(long[1], abs=1e-6)


def test_a_promotion_label_is_the_promotion_score(tmp_path: Path) -> None:
    folder = save_tiny(tmp_path, ("Promotional", "not-promotional"))
    told = load_text_scorer(folder).score(["buy now"])
    assert told.promotion[0] == pytest.approx(chances(folder, "buy now")[0], abs=1e-5)
    assert told.sentiment[0] == shipped().score(["buy now"]).sentiment[0]


def test_a_model_of_several_answers_gives_both(tmp_path: Path) -> None:
    labels = ("positive", "negative", "promotion")
    folder = save_tiny(tmp_path / "both", labels, problem="multi_label_classification")
    told = load_text_scorer(folder).score(["buy now"])
    network = AutoModelForSequenceClassification.from_pretrained(str(folder)).eval()
    tokens = AutoTokenizer.from_pretrained(str(folder))("buy now", return_tensors="pt")
    with torch.no_grad():
        good, bad, promoted = network(**tokens).logits.double().sigmoid()[0].tolist()
    assert told.promotion[0] == pytest.approx(promoted, abs=1e-5)
    assert told.sentiment[0] == pytest.approx(good - bad, abs=1e-5)
    assert "words" not in told.model


def test_labels_that_say_nothing_are_named_by_who_loads(tmp_path: Path) -> None:
    folder = save_tiny(tmp_path, ("LABEL_0", "LABEL_1", "LABEL_2"))
    with pytest.raises(UsageError, match="LABEL_0 does not say what it means"):
        load_text_scorer(folder)
    told = {"LABEL_2": "positive", "LABEL_0": "negative"}
    found = load_text_scorer(folder, told).score(["buy now"]).sentiment[0]
    negative, _, positive = chances(folder, "buy now")
    assert found == pytest.approx(positive - negative, abs=1e-5)


def test_told_labels_go_before_names(tmp_path: Path) -> None:
    folder = save_tiny(tmp_path, FINBERT)
    turned = {"positive": "negative", "negative": "positive"}
    there = load_text_scorer(folder).score(["buy now"]).sentiment[0]
    assert load_text_scorer(folder, turned).score(["buy now"]).sentiment[0] == pytest.approx(-there)


@pytest.mark.parametrize(
    ("labels", "told", "says"),
    [
        (FINBERT, {"LABEL_9": "positive"}, "no label 'LABEL_9'"),
        (FINBERT, {"neutral": "happy"}, "cannot mean 'happy'"),
        (("positive", "neutral"), {}, "needs both"),
        (("neutral", "ordinary"), {}, "means a promotion"),
        (("positive",), {"positive": "ordinary"}, "means a promotion"),
    ],
)
def test_labels_without_a_score_are_refused(
    tmp_path: Path, labels: tuple[str, ...], told: dict[str, str], says: str
) -> None:
    with pytest.raises(UsageError, match=says):
        load_text_scorer(save_tiny(tmp_path, labels), told)


def test_a_pickle_is_never_opened(tmp_path: Path) -> None:
    folder = save_tiny(tmp_path, FINBERT)
    (folder / "model.safetensors").unlink()
    (folder / "pytorch_model.bin").write_bytes(b"never read")
    with pytest.raises(SourceRefused, match=r"pytorch_model\.bin and no model\.safetensors"):
        load_text_scorer(folder)


def test_safetensors_are_read_beside_a_pickle(tmp_path: Path) -> None:
    folder = save_tiny(tmp_path, FINBERT)
    (folder / "pytorch_model.bin").write_bytes(b"never read")
    assert load_text_scorer(folder).score(["buy"]).sentiment.shape == (1,)


def test_code_beside_a_model_is_never_run(tmp_path: Path) -> None:
    folder = save_tiny(tmp_path, FINBERT)
    change_config(folder, auto_map={"AutoModel": "evil.Model"})
    (folder / "evil.py").write_text("raise SystemExit('ran')", encoding="utf-8")
    with pytest.raises(SourceRefused, match="code of its own"):
        load_text_scorer(folder)


@pytest.mark.parametrize(
    ("gone", "says"),
    [
        (("config.json",), r"no config\.json"),
        (("model.safetensors",), r"no model\.safetensors"),
        (("tokenizer.json", "vocab.txt"), "no tokenizer"),
    ],
)
def test_what_is_missing_is_named(tmp_path: Path, gone: tuple[str, ...], says: str) -> None:
    folder = save_tiny(tmp_path, FINBERT)
    for name in gone:
        (folder / name).unlink()
    with pytest.raises(UsageError, match=says):
        load_text_scorer(folder)


def test_a_model_without_a_classifier_is_refused(tmp_path: Path) -> None:
    folder = save_tiny(tmp_path, FINBERT)
    change_config(folder, architectures=["BertForMaskedLM"])
    with pytest.raises(UsageError, match="BertForMaskedLM, which gives no labels"):
        load_text_scorer(folder)


def test_weights_that_lack_the_classifier_are_refused(tmp_path: Path) -> None:
    folder = save_tiny(tmp_path, FINBERT)
    kept = load_file(folder / "model.safetensors")
    without = {name: value for name, value in kept.items() if "classifier" not in name}
    save_file(without, folder / "model.safetensors", metadata={"format": "pt"})
    with pytest.raises(SourceRefused, match="lack classifier"):
        load_text_scorer(folder)


def test_broken_weights_are_refused(tmp_path: Path) -> None:
    folder = save_tiny(tmp_path / "cut", FINBERT)
    (folder / "model.safetensors").write_bytes(b"\0" * 20)
    with pytest.raises(SourceRefused, match="cannot be loaded"):
        load_text_scorer(folder)
    spoilt = save_tiny(tmp_path / "nan", FINBERT)
    weights = load_file(spoilt / "model.safetensors")
    weights["classifier.bias"] += float("nan")
    save_file(weights, spoilt / "model.safetensors", metadata={"format": "pt"})
    with pytest.raises(SourceRefused, match="answers with no numbers"):
        load_text_scorer(spoilt).score(["buy"])


def test_a_config_that_is_no_json_is_refused(tmp_path: Path) -> None:
    folder = save_tiny(tmp_path, FINBERT)
    (folder / "config.json").write_text("{", encoding="utf-8")
    with pytest.raises(UsageError, match="is no JSON"):
        load_text_scorer(folder)


def test_what_is_not_there_is_not_fetched(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="there is no folder"):
        load_text_scorer(tmp_path / "nowhere")
    with pytest.raises(UsageError, match=r"ever fetched on this machine.*--download"):
        load_text_scorer("nobody/nothing-of-this-name")
    file = tmp_path / "model.safetensors"
    file.write_bytes(b"")
    with pytest.raises(UsageError, match="is a file"):
        load_text_scorer(file)
    with pytest.raises(UsageError, match="labels belong to a model"):
        load_text_scorer(None, {"LABEL_0": "positive"})


def test_a_version_changes_with_the_weights(tmp_path: Path) -> None:
    first = load_text_scorer(save_tiny(tmp_path / "1" / "m", FINBERT, seed=1)).model
    again = load_text_scorer(save_tiny(tmp_path / "2" / "m", FINBERT, seed=1)).model
    other = load_text_scorer(save_tiny(tmp_path / "3" / "m", FINBERT, seed=2)).model
    assert first == again
    assert first != other


@pytest.mark.parametrize("texts", ["one text", [b"bytes"], ["good", None]])
def test_what_is_no_list_of_texts_is_refused(tmp_path: Path, texts: object) -> None:
    for scorer in (load_text_scorer(), load_text_scorer(save_tiny(tmp_path, FINBERT))):
        with pytest.raises(UsageError, match=r"list of texts|give strings"):
            scorer.score(texts)  # type: ignore[arg-type]
    with pytest.raises(UsageError, match=r"list of texts|give strings"):
        promotion_of(texts)  # type: ignore[arg-type]
