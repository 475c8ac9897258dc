"""Bars: kept once, read back by stock and time, never from the future, never half a put."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from dataclasses import astuple, replace
from pathlib import Path
from threading import Thread

import pytest

from graph import bars as module
from graph.bars import SCHEMA, Bars
from graph.errors import BadRecord, SourceRefused, StoreUnavailable, UsageError
from graph.model import Bar
from ingest.market import yahoo_csv
from tests.conftest import data_file

LATE = 2**60
CHECKOUT = Path(__file__).parents[2]


def bar(ticker: str, day: int, close: float = 10.0) -> Bar:
    return Bar(ticker, day, day + 5, 9.0, 12.0, 8.0, close, close / 2, 1000.0)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "home" / "bars.db"


def kept(bars: Bars, **limits: int) -> list[Bar]:
    return [Bar(**row) for row in bars.read(**{"as_of": LATE, **limits}).to_pylist()]


def test_what_was_put_is_read_sorted_by_another_connection(path: Path) -> None:
    given = [bar("B", 2), bar("A", 3), bar("B", 1), bar("A", 1)]
    with Bars(path) as bars:
        assert bars.put(given) == 4
    with Bars(path) as bars:
        assert kept(bars) == sorted(given, key=lambda b: (b.ticker, b.at))
        assert (bars.count(), bars.tickers()) == (4, ["A", "B"])


def test_the_same_bars_twice_change_nothing_and_a_correction_counts_once(path: Path) -> None:
    with Bars(path) as bars:
        bars.put([bar("A", 1), bar("A", 2)])
        assert bars.put([bar("A", 1), bar("A", 2)]) == 0
        assert bars.put([bar("A", 1, close=11), bar("A", 2), bar("A", 3)]) == 2
        assert [b.close for b in kept(bars)] == [11, 10, 10]


def test_any_column_that_differs_is_a_correction(path: Path) -> None:
    first = bar("A", 1)
    with Bars(path) as bars:
        for name in module.COLUMNS[2:]:
            bars.put([first])
            assert bars.put([replace(first, **{name: getattr(first, name) + 1})]) == 1, name


def test_of_two_bars_of_one_day_the_last_wins_in_whatever_batch(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "BATCH", 2)
    given = [bar("A", 1, 10), bar("A", 1, 11), bar("B", 1), bar("A", 1, 12), bar("C", 1)]
    with Bars(path) as bars:
        assert bars.put(iter(given)) == 3
        assert bars.put(iter(given)) == 0
        assert [b.close for b in kept(bars)] == [12, 10, 10]


def test_nothing_known_later_than_as_of_is_read(path: Path) -> None:
    with Bars(path) as bars:
        bars.put([bar("A", day) for day in range(10)])
        assert bars.read(as_of=5 + 4)["at"].to_pylist() == [0, 1, 2, 3, 4]
        assert bars.read(as_of=4).num_rows == 0


def test_a_span_is_half_open_and_tickers_choose(path: Path) -> None:
    with Bars(path) as bars:
        bars.put([bar(ticker, day) for ticker in "ABC" for day in range(6)])
        found = bars.read(["C", "A", "NONE"], 2, 4, as_of=LATE)
        assert found["ticker"].to_pylist() == ["A", "A", "C", "C"]
        assert found["at"].to_pylist() == [2, 3, 2, 3]
        assert bars.read([], as_of=LATE).num_rows == 0


def test_more_tickers_than_one_statement_takes(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "TICKERS_A_QUERY", 2)
    with Bars(path) as bars:
        bars.put([bar(ticker, 1) for ticker in "ABCDE"])
        assert bars.read(list("EDCBAE"), as_of=LATE)["ticker"].to_pylist() == list("ABCDE")


def test_an_empty_answer_has_the_columns_and_types_of_a_full_one(path: Path) -> None:
    with Bars(path) as bars:
        for found in (bars.read(as_of=0), bars.read(["A"], as_of=0), bars.read([], as_of=0)):
            assert found.schema.equals(SCHEMA)
        bars.put([bar("A", 1)])
        assert bars.read(as_of=LATE).schema.equals(SCHEMA)


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_a_bar_that_is_no_number_is_named_and_nothing_of_the_put_is_kept(
    path: Path, value: float
) -> None:
    with Bars(path) as bars:
        with pytest.raises(BadRecord, match="bar of B at 7 has no finite close"):
            bars.put([bar("A", 1), bar("B", 7, value)])
        assert bars.count() == 0
        assert bars.put([bar("A", 1)]) == 1


def test_a_source_that_breaks_off_leaves_nothing(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "BATCH", 1)

    def broken() -> object:
        yield bar("A", 1)
        yield bar("A", 2)
        raise SourceRefused("it ends in the middle")

    with Bars(path) as bars:
        with pytest.raises(SourceRefused):
            bars.put(broken())  # type: ignore[arg-type]
        assert bars.count() == 0


def test_a_killed_put_leaves_the_bars_as_they_were_and_can_be_repeated(path: Path) -> None:
    """The child says when it is inside the put, then is killed there with -9."""
    with Bars(path) as bars:
        bars.put([bar("A", 1)])
    child = subprocess.Popen(
        [sys.executable, "-c", _ENDLESS_PUT, str(path)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=CHECKOUT,
    )
    assert child.stdout is not None
    assert child.stdout.readline() == "inside\n"
    os.kill(child.pid, signal.SIGKILL)
    child.wait()
    child.stdout.close()
    with Bars(path) as bars:
        assert kept(bars) == [bar("A", 1)]
        assert bars.put([bar("B", day) for day in range(100)]) == 100


_ENDLESS_PUT = """
import sys, time
from graph import bars as module
from graph.model import Bar
module.BATCH = 10
def endless():
    for day in range(10_000_000):
        if day == 1_000:
            print("inside", flush=True)
            time.sleep(60)
        yield Bar("B", day, day, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0)
module.Bars(sys.argv[1]).put(endless())
"""


def test_two_writers_and_a_reader_at_once_lose_nothing(path: Path) -> None:
    def write(ticker: str) -> None:
        with Bars(path) as bars:
            for day in range(20):
                bars.put([bar(ticker, day)])

    with Bars(path) as reader:
        writers = [Thread(target=write, args=(ticker,)) for ticker in ("A", "B")]
        for writer in writers:
            writer.start()
        while any(writer.is_alive() for writer in writers):
            assert reader.count() <= 40
            time.sleep(0.01)
        assert reader.count() == 40


def test_a_file_that_is_no_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    other = tmp_path / "notes.txt"
    other.write_text("not bars " * 1000)
    with pytest.raises(SourceRefused, match=r"notes.txt is not a file of bars"):
        Bars(other)
    assert other.read_text() == "not bars " * 1000


def test_a_database_of_something_else_is_refused_and_left_alone(tmp_path: Path) -> None:
    other = tmp_path / "other.db"
    with sqlite3.connect(other) as connection:
        connection.execute("CREATE TABLE bars (anything TEXT)")
    connection.close()
    before = other.read_bytes()
    with pytest.raises(SourceRefused, match=r"other.db is not a file of bars"):
        Bars(other)
    assert other.read_bytes() == before


def test_a_folder_in_its_place_and_a_place_that_cannot_be_are_said(tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailable, match="is a folder; name the file"):
        Bars(tmp_path)
    (tmp_path / "file").touch()
    with pytest.raises(StoreUnavailable, match="See whether the folder exists"):
        Bars(tmp_path / "file" / "bars.db")


def test_bars_of_a_newer_program_are_not_touched(path: Path) -> None:
    Bars(path).close()
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE sentinelmarket_bars SET version = 99")
    connection.close()
    with pytest.raises(UsageError, match=r"newer program.*Update sentinelmarket"):
        Bars(path)


def test_after_closing_a_question_says_so(path: Path) -> None:
    bars = Bars(path)
    bars.close()
    bars.close()
    with pytest.raises(UsageError, match="open them again"):
        bars.count()


def test_real_prices_come_back_as_they_were_read(path: Path) -> None:
    prices = data_file("stocknet_prices_daily.csv.gz")
    with Bars(path) as bars:
        given = [b for b in yahoo_csv.read(prices) if isinstance(b, Bar)]
        assert bars.put(given) == len(given) == bars.count() == 108_589
        assert bars.put(given) == 0
        assert [astuple(b) for b in kept(bars)] == sorted(astuple(b) for b in given)
