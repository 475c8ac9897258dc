"""Bars of sources reach the store: files through a load, Yahoo's as they come."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from graph.backends.bolt import BoltStore
from graph.bars import Bars
from ingest.load import load
from ingest.market.columns import column_map
from ingest.market.take import Taken, take
from ingest.market.yahoo import YahooSource
from ingest.rejects import read as read_rejects
from tests.ingest import india_lines as india
from tests.ingest.market_days import LATE
from tests.ingest.market_sources import zipped
from tests.ingest.yahoo_cases import DAY, DAYS, JANUARY_1, client
from tests.ingest.yahoo_server import Yahoo, chart, yahoo


@pytest.fixture
def server() -> Iterator[Yahoo]:
    with yahoo() as running:
        yield running


@pytest.fixture
def bars(tmp_path: Path) -> Iterator[Bars]:
    with Bars(tmp_path / "bars.sqlite") as opened:
        yield opened


def taken(server: Yahoo, bars: Bars, *tickers: str) -> Taken:
    asks = client(bars.path.parent / "yahoo", server.port)
    source = YahooSource(asks, tickers, JANUARY_1, JANUARY_1 + 3 * DAY)
    names = [f"yahoo:{ticker}" for ticker in tickers]
    return take(bars, source, bars.path.parent / "rejects.jsonl", names)


def test_what_a_source_gives_is_stored_and_its_bad_rows_are_kept(
    server: Yahoo, bars: Bars, tmp_path: Path
) -> None:
    server.charts["ACME.NS"] = [chart(DAYS)]
    assert taken(server, bars, "ACME.NS") == Taken(records=3, rejected=1, bars=2, changed=2)
    assert bars.read(as_of=LATE)["close"].to_pylist() == [11, 12]
    (reject,) = read_rejects(tmp_path / "rejects.jsonl")
    assert (reject.file, reject.line, reject.reason) == ("yahoo:ACME.NS", 2, "open is empty")
    assert taken(server, bars, "ACME.NS") == Taken(records=3, rejected=1, bars=2, changed=0)
    assert len(read_rejects(tmp_path / "rejects.jsonl")) == 1


def test_where_it_stops_what_came_before_is_stored(server: Yahoo, bars: Bars) -> None:
    server.charts |= {"ACME.NS": [chart(DAYS)], "MORE.NS": [429]}
    found = taken(server, bars, "ACME.NS", "MORE.NS")
    assert (found.bars, found.changed) == (2, 2)
    assert found.trouble is not None
    assert "stopped at MORE.NS" in found.trouble
    assert bars.count() == 2


def test_a_load_takes_files_of_several_exchanges_and_a_map(
    embedded_store: BoltStore, bars: Bars, tmp_path: Path
) -> None:
    new = zipped(
        tmp_path / "day.zip",
        {"a.csv": "\n".join((india.UDIFF_HEAD, india.UDIFF_NSE, india.UDIFF_BSE)) + "\n"},
    )
    old = tmp_path / "EQ010124.CSV"
    old.write_text(f"{india.BSE_HEAD}\n{india.BSE_ACME}\n", encoding="utf-8")
    rejects = tmp_path / "rejects.jsonl"
    found = load(embedded_store, bars, [new, old], rejects=rejects)
    assert [(file.format, file.records) for file in found.files] == [
        ("udiff", 2),
        ("bse-bhavcopy", 1),
    ]
    assert (found.bars, found.bars_changed) == (3, 3)
    assert bars.tickers() == ["599999.BO", "ACME.NS"]
    mapped = tmp_path / "widget.csv"
    mapped.write_text("When,open,high,low,C,volume\n2024-01-01,10,12,9,11,5\n", encoding="utf-8")
    columns = column_map("time=When,close=C")
    assert load(embedded_store, bars, [mapped], rejects=rejects, columns=columns).bars_changed == 1
    assert not load(embedded_store, bars, [new, old], rejects=rejects).changed
