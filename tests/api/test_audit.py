"""What a run measured is kept, comes back, and is the same when it is measured again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from api.audit import audit, differences
from api.cli import main
from api.feature_rows import KINDS, Rows, keep, kept, read, rows_of
from api.pipeline import run
from api.settings import Settings
from gnn.drift import NO_EDGES
from gnn.measure import SCHEMA
from gnn.score import Scorer, load_scorer, measured
from gnn.train import Model
from graph import detection
from graph.backends.bolt import BoltStore
from graph.bars import Bars
from graph.errors import SourceRefused, UsageError
from graph.publish import RunRow
from ingest.load import load, write_records
from ingest.record import Record
from ingest.rows import Rows as Sent
from ingest.synthetic.market import MarketSettings, plant
from ingest.synthetic.write import write_files
from tests.gnn.conftest import model as trained_on_toys
from tests.gnn.toy import market

model = trained_on_toys
CHOICES = detection.Settings(meaning=False)
PLANTED = plant(MarketSettings(seed=5, accounts=80, stocks=10, days=30))
CUT = sorted(post.known_at for post in PLANTED.posts)[400]


@pytest.fixture
def settings(embedded_store: BoltStore, tmp_path: Path) -> Settings:
    settings = Settings(home=tmp_path)
    files = write_files(PLANTED, tmp_path / "market")
    with Bars(settings.bars) as bars:
        load(embedded_store, bars, files[:2], rejects=settings.rejects)
    return settings


@pytest.fixture
def bars(settings: Settings) -> Iterator[Bars]:
    with Bars(settings.bars) as opened:
        yield opened


def test_a_run_keeps_what_it_measured_and_what_comes_later_moves_no_bit(
    embedded_store: BoltStore,
    bars: Bars,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    outcome = run(embedded_store, bars, settings, as_of=CUT, choices=CHOICES)
    rows = read(settings.home, outcome.run.id)
    assert (rows.as_of, rows.schema, rows.model) == (CUT, SCHEMA, load_scorer().name)
    assert rows.settings == CHOICES
    at = dict(zip(rows.clusters.features.ids, rows.clusters.score, strict=True))
    assert all(at[id] == risk.score for id, risk in outcome.cluster_risks.items())
    assert set(rows.stocks.features.ids) == set(outcome.stock_risks)
    later = [replace(p, id=f"{p.id}9", known_at=CUT + 1) for p in PLANTED.posts[:200]]
    write_records(embedded_store, [Record(posts=tuple(later), accounts=())], Sent())
    bars.put(replace(bar, known_at=CUT + 1, close=bar.close * 3) for bar in PLANTED.bars[::9])
    monkeypatch.setattr("api.stores.open_both", lambda _: (Open(embedded_store), Open(bars)))
    asked = ["--home", str(settings.home), "audit", "--quiet"]
    assert main(asked) == 0
    assert capsys.readouterr().out.startswith("Every bit is equal: ")
    bars.put(replace(bar, volume=1.0, close=bar.close * 3) for bar in PLANTED.bars[::9])
    assert main([*asked, outcome.run.id]) == 1
    told = capsys.readouterr()
    assert "stocks: " in told.out
    assert f"run {outcome.run.id} is not what the store gives" in told.err


@pytest.fixture(scope="module")
def rows(model: Model) -> Rows:
    """The rows of a toy market."""
    sample, scorer = market(50), Scorer(model, "toys")
    table = measured(sample.observed, sample.ties, sample.clusters, sample.events)
    row = RunRow("r-1", sample.observed.as_of, 1, 2, 3, 4, "toys")
    return rows_of(row, table, *scorer.of(table, row.as_of), scorer, CHOICES, ["x:1"])


def test_rows_come_back_as_they_were_and_twice_is_once(rows: Rows, tmp_path: Path) -> None:
    folder = keep(tmp_path, rows)
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert set(before) == {"clusters.parquet", "stocks.parquet"}
    back = read(tmp_path, "r-1")
    for kind in KINDS:
        then, now = getattr(rows, kind), getattr(back, kind)
        assert len(then.features.ids) > 0
        assert list(differences(kind, then, now, True)) == []
    assert (back.as_of, back.official, back.settings) == (rows.as_of, ("x:1",), CHOICES)
    assert (back.drift, back.drifted) == (None, NO_EDGES)
    keep(tmp_path, rows)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    assert kept(tmp_path) == ["r-1"]


def test_the_last_bit_counts_and_a_score_only_of_the_same_model(rows: Rows) -> None:
    then = rows.clusters
    matrix = then.features.matrix.copy()
    matrix[0, 0] = np.nextafter(matrix[0, 0], 99)
    now = replace(then, features=replace(then.features, matrix=matrix))
    assert len(list(differences("clusters", then, now, True))) == 1
    other = replace(then, score=(0.0, *then.score[1:]))
    assert [len(list(differences("clusters", then, other, s))) for s in (True, False)] == [1, 0]
    fewer = replace(then, features=replace(then.features, ids=("c-else", *then.features.ids[1:])))
    gone = f"clusters: {then.features.ids[0]} is there no more"
    assert list(differences("clusters", then, fewer, True)) == [
        gone,
        "clusters: c-else was not there",
    ]


def test_damaged_rows_and_those_of_other_features_are_refused(rows: Rows, tmp_path: Path) -> None:
    nowhere: Any = None  # refused before a store is asked
    with pytest.raises(UsageError, match="version 1, this program measures"):
        audit(nowhere, nowhere, replace(rows, schema=1))
    whole = keep(tmp_path, rows) / "stocks.parquet"
    whole.write_bytes(whole.read_bytes()[:-9])
    with pytest.raises(SourceRefused, match="is damaged"):
        read(tmp_path, "r-1")


def test_a_run_that_is_not_kept_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--home", str(tmp_path), "audit", "r-1"]) == 1
    assert "no rows of a run 'r-1' are kept; there are none" in capsys.readouterr().err


class Open:
    """A store that stays open for the next command."""

    def __init__(self, of: object) -> None:
        self._of = of

    def __getattr__(self, name: str) -> object:
        return getattr(self._of, name)

    def close(self) -> None:
        """It is the test's to close."""
