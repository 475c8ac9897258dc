"""`sentinelmarket prices`, and the map of columns that `ingest` takes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from api.cli import main
from api.commands import prices
from graph.bars import Bars
from tests.ingest.yahoo_cases import DAYS, client
from tests.ingest.yahoo_server import Yahoo, chart, yahoo


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Yahoo]:
    """Yahoo on this machine, and the command pointed there."""
    with yahoo() as running:
        local = client(tmp_path / "yahoo", running.port)
        monkeypatch.setattr(prices, "client", lambda settings: local)
        yield running


def asked(home: Path, *words: str) -> int:
    return main(["--home", str(home), "prices", *words, "--since", "2024-01-01", "--quiet"])


def test_prices_go_into_the_file_of_bars(
    server: Yahoo, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    server.charts["ACME.NS"] = [chart(DAYS)]
    assert asked(tmp_path, "ACME.NS", "--until", "2024-01-04", "--json") == 0
    (row,) = json.loads(capsys.readouterr().out)
    beside = dict.fromkeys(("actions", "actions_changed", "facts", "facts_changed"), 0)
    assert row == {"records": 3, "rejected": 1, "bars": 2, "changed": 2} | beside
    with Bars(tmp_path / "bars.sqlite") as bars:
        assert bars.count() == 2


def test_a_limit_ends_with_a_sentence_and_what_came_before(
    server: Yahoo, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    server.charts |= {"ACME.NS": [chart(DAYS)], "MORE.NS": [429]}
    assert asked(tmp_path, "ACME.NS", "MORE.NS", "--until", "2024-01-04") == 1
    said = capsys.readouterr()
    assert "stopped at MORE.NS" in said.err
    assert "rejects.jsonl" in said.out
    with Bars(tmp_path / "bars.sqlite") as bars:
        assert bars.count() == 2


def test_a_span_without_a_day_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert asked(tmp_path, "ACME.NS", "--until", "2024-01-01") == 1
    assert "--since is not before --until" in capsys.readouterr().err


def test_a_map_that_maps_nothing_is_refused_before_a_store_is_opened(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "prices.csv"
    file.write_text("a,b\n", encoding="utf-8")
    home = tmp_path / "home"
    assert main(["--home", str(home), "ingest", str(file), "--map", "clsoe=A", "--quiet"]) == 1
    assert "'clsoe=A' maps no field" in capsys.readouterr().err
    assert not home.exists()
