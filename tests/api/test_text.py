"""`sentinelmarket text`, the settings behind it, and the scores that the service gives."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from api.cli import main
from api.settings import from_environment
from api.texts import TextReads, scorer_of
from gnn.text import TextScores, load_text_scorer
from graph.errors import UsageError
from graph.store import Progress
from tests.api.conftest import Ask
from tests.gnn.text.tiny import save_tiny

PITCH = "load up on $ACME now, huge deal before Monday, guaranteed 10x"
TALK = "the annual meeting of $ACME moved to March"


@pytest.fixture
def lines(tmp_path: Path) -> Path:
    path = tmp_path / "lines.txt"
    path.write_text(f"{PITCH}\n\n  \n{TALK}\n", encoding="utf-8")
    return path


def test_a_score_a_line(lines: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["text", str(lines), "--json", "--quiet"]) == 0
    pitch, talk = json.loads(capsys.readouterr().out)
    assert (pitch["text"], talk["text"]) == (PITCH, TALK)
    assert pitch["promotion"] > 0.9 > 0.3 > talk["promotion"]
    assert -1 <= talk["sentiment"] <= 1


def test_as_csv_and_as_a_table(lines: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["text", str(lines), "--csv"]) == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert [row["text"] for row in rows][1] == TALK
    assert main(["text", str(lines)]) == 0
    shown = capsys.readouterr().out
    assert "never intent" in shown
    assert load_text_scorer().model in shown.replace("\n", " ")


def test_what_is_piped_in(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"caf\xe9 now\n"), "utf-8"))
    assert main(["text", "-", "--json"]) == 0
    (only,) = json.loads(capsys.readouterr().out)
    assert only["text"] == "caf\ufffd now"


def test_a_model_of_one_s_own(
    lines: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = save_tiny(tmp_path / "mine", ("LABEL_0", "LABEL_1"))
    asked = ["text", str(lines), "--json", "--model", str(folder)]
    assert main(asked) == 1
    assert "LABEL_0 does not say what it means" in capsys.readouterr().err
    assert main([*asked, "--labels", "LABEL_0=promotion,LABEL_1=ordinary"]) == 0
    own = json.loads(capsys.readouterr().out)
    assert main([*asked, "--labels", "LABEL_1=promotion"]) == 0
    other = json.loads(capsys.readouterr().out)
    assert own[0]["promotion"] + other[0]["promotion"] == pytest.approx(1, abs=0.002)


@pytest.mark.parametrize(
    ("more", "says"),
    [
        (["--model", "nowhere/at/all"], "there is no folder"),
        (["--labels", "positive"], "names no label"),
        (["--labels", "A=positive"], "labels belong to a model"),
    ],
)
def test_wrong_words_are_refused(
    lines: Path, more: list[str], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["text", str(lines), *more]) == 1
    assert says in capsys.readouterr().err


def test_a_file_that_is_not_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["text", str(tmp_path / "none.txt")]) == 1
    assert "cannot be read" in capsys.readouterr().err


def test_the_environment_names_a_model(tmp_path: Path) -> None:
    folder = save_tiny(tmp_path / "mine", ("LABEL_0", "LABEL_1"))
    env = {"TEXT_MODEL": str(folder), "TEXT_LABELS": "LABEL_0=promotion"}
    settings = from_environment(env, tmp_path)
    assert scorer_of(settings).model.startswith("mine-")
    assert scorer_of(from_environment({}, tmp_path)).model == load_text_scorer().model
    other = save_tiny(tmp_path / "other", ("positive", "negative"))
    assert scorer_of(settings, model=str(other)).model.startswith("other-")  # its own labels
    with pytest.raises(UsageError, match="no label"):
        scorer_of(settings, labels="LABEL_7=promotion")


class Counting:
    """Length of a text over ten, and how often it was asked."""

    model = "counting"

    def __init__(self) -> None:
        self.asked: list[str] = []

    def score(self, texts: Sequence[str], progress: Progress | None = None) -> TextScores:
        self.asked += texts
        lengths = np.array([len(text) / 10 for text in texts])
        return TextScores(lengths, -lengths, self.model)


def test_a_text_is_read_once_and_forgotten_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.texts.KEPT", 2)
    counting = Counting()
    reads = TextReads(lambda: counting)
    assert reads.read(["a", "bb", "a"]) == [(0.1, -0.1), (0.2, -0.2), (0.1, -0.1)]
    assert reads.read(["bb", "ccc"]) == [(0.2, -0.2), (0.3, -0.3)]
    assert reads.read([]) == []
    assert counting.asked == ["a", "bb", "ccc"]
    reads.read(["bb"])
    reads.read(["a"])
    assert counting.asked == ["a", "bb", "ccc", "a"]


CLUSTER = """query($id: ID!) { cluster(id: $id) {
  language { promotional promotionalPosts sentiment posts model }
  evidence { text promotionalLanguage sentiment }
} }"""


def test_posts_and_clusters_have_scores(ask: Ask) -> None:
    found = ask(CLUSTER, id="c-00")["cluster"]
    told = load_text_scorer().score([post["text"] for post in found["evidence"]])
    assert [post["promotionalLanguage"] for post in found["evidence"]] == told.promotion.tolist()
    assert [post["sentiment"] for post in found["evidence"]] == told.sentiment.tolist()
    language = found["language"]
    assert language["promotional"] == pytest.approx(told.promotion.mean())
    assert language["promotionalPosts"] == (told.promotion >= 0.5).mean()
    assert language["sentiment"] == pytest.approx(told.sentiment.mean())
    assert (language["posts"], language["model"]) == (4, told.model)
