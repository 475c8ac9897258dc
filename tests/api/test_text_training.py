"""Training the readers of texts: twice the same, each judged on what it has not seen."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np
import pytest

from api import text_training
from api.commands.train_text import COMMAND
from api.text_card import card
from api.text_real import Real, judged_on_real, read_real, returns
from api.text_said import APART, CAMPAIGNS, KINDS, borrowed, ordinary, promoting
from api.text_training import RECIPES, run_train_text
from gnn.text.words import APART as APART_NAME
from gnn.text.words import SHIPPED, Words, load_words, shipped, text_manifest
from graph.errors import SentinelError, UsageError
from graph.model import Bar, Post
from ingest.synthetic.families.phrases import MANNERS
from ingest.synthetic.settings import DAY

EACH = 24


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("text")
    run_train_text(folder, each=EACH)
    return folder


def test_the_same_seed_gives_the_same_files(trained: Path, tmp_path: Path) -> None:
    run_train_text(tmp_path, each=EACH)
    for path in trained.iterdir():
        assert path.read_bytes() == (tmp_path / path.name).read_bytes(), path.name


def test_another_seed_gives_others(
    trained: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(text_training, "SEED", 99)
    run_train_text(tmp_path, each=EACH)
    name = "words.safetensors"
    assert (trained / name).read_bytes() != (tmp_path / name).read_bytes()


def test_every_manner_is_left_out_once() -> None:
    for recipe in RECIPES:
        out = [manner for group in recipe.left_out for manner in group]
        assert sorted(out) == sorted(recipe.manners)
    whole, apart = RECIPES
    assert set(MANNERS) < set(whole.manners)
    assert not set(apart.manners) & set(CAMPAIGNS)


def test_a_manner_left_out_is_in_no_training(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each fit sees every manner but those it is judged on then, and no kind it is judged on."""
    seen: list[tuple[set[str], set[str]]] = []
    judged: list[tuple[set[str], set[str]]] = []
    fitted, scored = text_training._fitted, text_training._scored

    def fit(learnt: text_training.Said, manners: list[str], kinds: list[str]) -> Words:
        seen.append((set(manners), set(kinds)))
        return fitted(learnt, manners[:1], kinds[:1])

    def score(
        model: Words, said: text_training.Said, manners: list[str], kinds: list[str]
    ) -> object:
        judged.append((set(manners), set(kinds)))
        return scored(model, said, manners, kinds)

    monkeypatch.setattr(text_training, "_fitted", fit)
    monkeypatch.setattr(text_training, "_scored", score)
    said = text_training.generated(6, 1)
    text_training._trained(RECIPES[0], said, said, [], None)
    assert len(judged) == len(RECIPES[0].left_out)
    for (up, down), (out, unseen) in zip(seen, judged, strict=False):
        assert not up & out
        assert not down & unseen
        assert up | out == set(RECIPES[0].manners)
    assert seen[-1] == (set(RECIPES[0].manners), set(KINDS))


def test_the_card_has_the_manifest_s_figures(trained: Path) -> None:
    told = text_manifest(trained)
    written = (trained / "CARD.md").read_text(encoding="utf-8")
    assert written == card(told)
    for row in told["figures"]["whole"]["unseen"].values():
        assert f"{row['auroc']:.3f}" in written
    assert "no real promotion" in written.casefold().replace("\n", " ")


def test_the_shipped_card_is_that_of_the_shipped_model() -> None:
    assert (SHIPPED / "CARD.md").read_text(encoding="utf-8") == card(text_manifest())


def test_the_shipped_model_ranks_manners_it_has_not_seen() -> None:
    figures = text_manifest()["figures"]
    for row in figures["whole"]["unseen"].values():
        assert row["auroc"] > 0.6
    assert figures["apart"]["campaigns"]["mean"]["auroc"] > 0.7
    assert figures["borrowed"]["auroc"] < 0.6  # nothing in the words tells these


def test_the_shipped_apart_figures_are_what_its_weights_give() -> None:
    """Measured anew on fewer texts: the card is of this model."""
    said = text_training.generated(200, 5)
    found = text_training._on_campaigns(shipped(APART_NAME).words, said)["mean"]["auroc"]
    told = text_manifest()["figures"]["apart"]["campaigns"]["mean"]["auroc"]
    assert found == pytest.approx(told, abs=0.05)


def test_texts_are_drawn_by_seed_and_have_no_holes() -> None:
    for manner in (*CAMPAIGNS, *APART):
        texts = promoting(manner, 40, 1)
        assert texts == promoting(manner, 40, 1) != promoting(manner, 40, 2)
        assert not any("{" in text or not text.strip() for text in texts)
    for kind in KINDS:
        assert not any("{" in text or not text.strip() for text in ordinary(kind, 40, 1))
    assert len(set(borrowed(40, 1))) > 20


def test_too_few_texts_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="at least 20 texts"):
        run_train_text(tmp_path, each=3)


def bar(ticker: str, day: int, close: float) -> Bar:
    return Bar(ticker, day * DAY, day * DAY, close, close, close, close, close, 1.0)


def post(number: int, day: int, text: str, ticker: str = "A") -> Post:
    return Post(f"x:{number}", "x:1", day * DAY + 5, day * DAY + 5, text, "x", tickers=(ticker,))


def test_returns_are_the_day_s_and_the_next_session_s() -> None:
    after, same = returns([bar("A", 1, 10), bar("A", 2, 11), bar("A", 5, 22)])
    assert same == pytest.approx({("A", 2): 0.1, ("A", 5): 1.0})
    assert after == pytest.approx({("A", 1): 0.1, ("A", 2): 1.0, ("A", 3): 1.0, ("A", 4): 1.0})


def test_real_posts_are_judged() -> None:
    """Words that foretell the next day are found to do so, and those of the other way too."""
    rng = np.random.default_rng(4)
    ups = rng.random(400) < 0.5
    prices = np.cumprod(np.where(ups, 1.01, 0.99))
    bars = tuple(bar("A", day, price) for day, price in enumerate(prices))
    said = [
        post(day, day, f"{'strong rally' if ups[day + 1] else 'weak, plunge'} load up now {day}")
        for day in range(399)
    ]
    real = Real(tuple(said[:200]), tuple(said[200:]), bars)
    figures = judged_on_real({"whole": shipped().words}, real)
    assert figures["sentiment"]["next_day"]["auroc"] == 1.0
    assert figures["sentiment"]["next_day_words_fitted_to_it"]["auroc"] > 0.9
    low, high = figures["sentiment"]["same_day"]["interval"]
    assert low < 0.5 < high
    assert figures["posts"] == 199


def test_too_few_real_posts_are_refused(tmp_path: Path) -> None:
    posts, prices = tmp_path / "posts.jsonl", tmp_path / "prices.csv"
    posts.write_text("", encoding="utf-8")
    prices.write_text("Date,Open,High,Low,Close,Adj Close,Volume\n", encoding="utf-8")
    with pytest.raises(SentinelError, match=r"posts|empty"):
        read_real(posts, prices)


def test_help_says_that_real_posts_change_no_weight() -> None:
    parser = argparse.ArgumentParser()
    COMMAND.arguments(parser)
    assert "no weight changes by them" in " ".join(parser.format_help().split())


def test_what_is_written_can_be_read(trained: Path) -> None:
    assert load_words(trained).model != load_words(trained, "apart").model
    assert json.loads((trained / "manifest.json").read_text())["about"]["seeds"]["judged"] == 21
