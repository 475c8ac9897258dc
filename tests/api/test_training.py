"""What training and judging read with, and that the committed reports say it."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from api.samples import QuickEmbedder, Source, tables
from api.training import CHOICE, TRAIN, judged, meaning, within_reach
from gnn.registry import manifest
from gnn.report import card, page
from graph.detection.traces import same_meaning
from graph.errors import UsageError

ROOT = Path(__file__).parents[2]
TEXTS = {
    "a": "grab this stock right now, a merger offer is expected on Monday",
    "b": "on Monday a merger bid is expected: buy this stock right away",
    "c": "sold half of it, the quarterly report was dull and long",
}


def test_the_stand_in_passes_the_detectors_threshold_at_its_own_cosine() -> None:
    reader = QuickEmbedder()
    cheap, shrunk = reader.cheap(TEXTS), reader.exact(TEXTS)
    assert (shrunk @ shrunk.T) / (cheap @ cheap.T) == pytest.approx(
        np.full((3, 3), same_meaning.THRESHOLD / 0.87), rel=1e-4
    )


def test_the_committed_evaluation_is_its_figures() -> None:
    found = json.loads((ROOT / "docs" / "evaluation.json").read_text(encoding="utf-8"))
    assert (ROOT / "docs" / "evaluation.md").read_text(encoding="utf-8") == page(found)


def test_the_committed_reports_say_what_read_the_texts() -> None:
    report = " ".join((ROOT / "docs" / "evaluation.md").read_text(encoding="utf-8").split())
    assert meaning() in report
    stand_in = "cheap word vectors at a cosine of 0.87, in place of the sentence model at 0.75"
    assert f"training, choosing and judging all read with the {stand_in}" in report
    assert stand_in in card(manifest())


def test_judging_with_the_sentence_model_is_said() -> None:
    assert meaning(exact=True).startswith("judging read with the sentence model, training")


def test_no_market_is_learnt_from_and_judged_on() -> None:
    test = judged("0" * 40)
    for kind in ("plant", "made", "real"):
        parts = [
            {seed for source in part if source.kind == kind for seed in source.seeds}
            for part in (TRAIN, CHOICE, test)
        ]
        assert not (parts[0] & parts[1])
        assert not (parts[2] & (parts[0] | parts[1]))


def test_judged_markets_follow_from_the_commit() -> None:
    assert judged("a" * 40, 3) == judged("a" * 40, 3)
    assert judged("a" * 40, 3) != judged("b" * 40, 3)
    assert len({seed for source in judged("a" * 40) for seed in source.seeds}) == 60


def test_without_the_files_no_real_background_is_asked() -> None:
    assert {source.kind for source in within_reach(TRAIN, None)} == {"plant", "made"}
    with pytest.raises(UsageError, match="need the files"):
        tables([Source("real", range(1))])
