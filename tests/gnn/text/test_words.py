"""The word model: what a word is, what no word may do, the list of moods, and files."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save_file

from gnn.calibrate import Platt
from gnn.text import load_text_scorer, loops, promotion_of
from gnn.text.fit import features, fit_words
from gnn.text.lexicon import BAD, GOOD, GROUPS, NEGATIONS, PROMOTION, promotion_table
from gnn.text.reading import hashes, read
from gnn.text.words import (
    APART,
    COLUMNS,
    WHOLE,
    Words,
    load_words,
    rounded,
    save_words,
    sentiment_of,
    shipped,
)
from graph.errors import UsageError

PITCH = "load up on $ACME now, huge deal before Monday, guaranteed 10x"
TALK = "the annual meeting of $ACME moved to March, coffee was fine"


def words_of(text: str) -> list[int]:
    return [int(one) for one in hashes(text)]


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("Buy $ACME now", "buy $XYZ NOW"),
        ("buy @somebody now", "buy now"),
        ("buy https://a.b/c?d=e now www.x.y/z", "buy now"),
        ("http://t.co/x", ""),
        ("buy #stocks now", "buy now"),
        ("$A $B $C up", "$D up"),
        ("up 12.5 today", "up 3,000 today"),
        ("don\u2019t miss", "dont miss"),
        ("\U0001d5ef\U0001d602\U0001d606 now", "buy now"),
        ("10x", "3x"),
        ("40%", "7 %"),
        ("buy, now.", "buy now"),
    ],
)
def test_these_read_the_same(left: str, right: str) -> None:
    assert words_of(left) == words_of(right)


@pytest.mark.parametrize(
    ("left", "right"),
    [("10x", "10"), ("40%", "40"), ("now!", "now"), ("buy \U0001f680", "buy"), ("$5", "$ABC")],
)
def test_these_do_not(left: str, right: str) -> None:
    assert words_of(left) != words_of(right)


@pytest.mark.parametrize(
    "text",
    ["", " ", "$", "@", "#", "\U0001f680", "\u2705", "\x00", "\ud800", "a" * 10_000, "x " * 9_000],
)
def test_any_text_is_read(text: str) -> None:
    assert len(words_of(text)) <= loops.MOST_WORDS
    (promotion,), (mood,) = promotion_of([text]), sentiment_of([text])
    assert 0 <= promotion <= 1
    assert -1 <= mood <= 1


def test_a_feature_counts_once_and_rows_have_one_length() -> None:
    x = features(["buy buy buy now", "buy now", ""])
    assert x.shape == (3, COLUMNS)
    norms = np.sqrt(x.multiply(x).sum(axis=1)).A1
    np.testing.assert_allclose(norms, [1, 1, 0])
    assert set(x.getrow(1).indices) < set(x.getrow(0).indices)


def test_training_and_scoring_see_the_same_features() -> None:
    weights = np.random.default_rng(1).random(COLUMNS)
    texts = [PITCH, TALK, "", "\U0001f680\U0001f680 $X!"]
    model = Words(weights, -0.5)
    np.testing.assert_allclose(model.raw(texts), features(texts) @ weights - 0.5)


def test_groups_of_the_lexicon_are_features() -> None:
    sure = loops.BUCKETS + GROUPS.index("sure")
    for entry in ("guaranteed", "easy money", "risk-free"):
        assert features([entry])[0, sure] > 0, entry
    assert features(["money is easy"])[0, sure] == 0
    several = range(loops.BUCKETS + len(GROUPS), COLUMNS)
    counted = features(["buy", "buy $A tomorrow, guaranteed"])
    assert [counted[row, list(several)].nnz for row in (0, 1)] == [0, 2]


def test_the_table_finds_every_entry_and_nothing_else() -> None:
    keys, values = promotion_table()
    for number, name in enumerate(GROUPS, start=1):
        for entry in PROMOTION[name].split():
            assert values[keys != 0].size <= len(keys) / 4
            if "_" not in entry and entry.isalpha():
                found = loops.look_up(keys, values, hashes(entry)[0])
                assert found == number, f"{entry} is in two groups"
    assert loops.look_up(keys, values, hashes("photosynthesis")[0]) == 0


def test_what_is_learnt_ranks_and_no_word_lowers() -> None:
    texts = [f"{PITCH} {n}" for n in "abcdefgh"] + [f"{TALK} {n}" for n in "abcdefgh"]
    labels = np.repeat([1, 0], 8)
    model = fit_words(texts, labels, penalty=1.0)
    assert model.raw([PITCH])[0] > 0 > model.raw([TALK])[0]
    assert model.weights.min() >= 0
    assert model.raw(["words nobody ever said"])[0] < 0
    free = fit_words(texts, labels, penalty=1.0, free=True)
    assert free.weights.min() < 0


def test_the_same_input_gives_the_same_files(tmp_path: Path) -> None:
    labels = np.array([1, 1, 0, 0])
    texts = [PITCH, "grab $A before the crowd", TALK, "coffee"]
    for folder in ("one", "two"):
        model = fit_words(texts, labels)
        save_words({WHOLE: model}, tmp_path / folder, {"about": {}})
    for name in ("words.safetensors", "manifest.json"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


def test_a_model_comes_back_as_it_was_judged(tmp_path: Path) -> None:
    model = Words(np.random.default_rng(2).random(COLUMNS), -1.23456789, Platt(1.1111111, 0.2))
    save_words({WHOLE: model}, tmp_path, {})
    kept = load_words(tmp_path)
    texts = [PITCH, TALK]
    np.testing.assert_array_equal(kept.words.promotion(texts), rounded(model).promotion(texts))
    assert kept.model.startswith("words-whole-")


def test_files_that_are_wrong_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="holds no word model"):
        load_words(tmp_path)
    save_words({WHOLE: Words(np.zeros(COLUMNS), 0.0)}, tmp_path, {})
    with pytest.raises(UsageError, match="no model 'apart'; it has whole"):
        load_words(tmp_path, APART)
    manifest = tmp_path / "manifest.json"
    told = json.loads(manifest.read_text())
    manifest.write_text(json.dumps({**told, "schema": 0}))
    with pytest.raises(UsageError, match="of other features"):
        load_words(tmp_path)
    manifest.write_text(json.dumps(told))
    save_file({WHOLE: np.ones(COLUMNS, np.float16)}, tmp_path / "words.safetensors")
    with pytest.raises(UsageError, match="was changed"):
        load_words(tmp_path)


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        ("$T beats and rallies", 1),
        ("$T misses, shares plunge", -1),
        ("no growth at $T", -1),
        ("$T is not bad", 1),
        ("$T does not look good", -1),
        ("not that I mind the coffee here, growth is strong", 1),
        ("a short squeeze in $T", 1),
        ("no short squeeze in $T", -1),
        ("not touching it", -1),
        ("growth that is not there, and not touching it", 0),
        ("the meeting is on Tuesday", 0),
        ("gains and losses", 0),
    ],
)
def test_moods(text: str, sign: int) -> None:
    assert np.sign(sentiment_of([text])[0]) == sign


def test_more_good_words_say_more_and_never_all() -> None:
    moods = sentiment_of(["good", "good strong", "good strong rally " * 30])
    assert list(moods) == sorted(set(moods))
    assert moods[-1] < 1


def test_no_word_is_good_and_bad() -> None:
    good, bad, turned = (set(said.split()) for said in (GOOD, BAD, NEGATIONS))
    assert not good & bad
    assert not turned & (good | bad)


def test_the_shipped_model_tells_plain_cases_and_says_who_it_is() -> None:
    pitch, talk = load_text_scorer().score([PITCH, TALK]).promotion
    assert pitch > 0.9
    assert talk < 0.3
    apart = promotion_of([PITCH, TALK])
    assert apart[0] > 0.5 > apart[1]
    assert shipped().model != shipped(APART).model
    assert load_text_scorer().model == shipped().model


def test_the_shipped_files_are_small_and_hold_no_pickle() -> None:
    folder = Path(loops.__file__).parent / "weights"
    assert {path.suffix for path in folder.iterdir()} == {".json", ".md", ".safetensors"}
    assert sum(path.stat().st_size for path in folder.iterdir()) < 500_000


def test_texts_are_read_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever stands beside a text, and in whichever batch."""
    texts = [PITCH, TALK, "", "\U0001f680 $A", "not good"] * 3
    alone = [float(promotion_of([text])[0]) for text in texts]
    monkeypatch.setattr("gnn.text.words._CHUNK", 4)
    steps: list[tuple[int, int]] = []
    told = shipped(APART).score(texts, lambda step, done, total: steps.append((done, total)))
    assert told.promotion.tolist() == alone
    assert steps[-1] == (15, 15)
    assert len(steps) == 4
    assert shipped().score([]).promotion.shape == (0,)


def test_bytes_of_all_texts_stand_in_a_row() -> None:
    data, starts = read(["Ab", "", "\u00e9"])
    assert bytes(data) == "ab\u00e9".encode()
    assert starts.tolist() == [0, 2, 2, 4]
