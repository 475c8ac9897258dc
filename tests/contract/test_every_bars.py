"""What bars must do on either database: kept once, read by stock and time, no future in them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import astuple, replace
from pathlib import Path
from threading import Thread
from typing import Any

import pyarrow as pa
import pytest

from graph.bars import COLUMNS, EXTRAS, FULL, PRICES, SCHEMA, Bars
from graph.bars import store as module
from graph.errors import BadRecord, SourceRefused, UsageError
from graph.model import Bar
from ingest.market import yahoo_csv
from tests import postgresql_ready
from tests.conftest import data_file

LATE = 2**60
CHECKOUT = Path(__file__).parents[2]

Place = Path | str


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    """Where no bars are yet."""
    if request.param == "sqlite":
        yield tmp_path / "home" / "bars.db"
        return
    with postgresql_ready.schema() as uri:
        yield uri


@pytest.fixture
def bars(place: Place) -> Iterator[Bars]:
    with Bars(place) as opened:
        yield opened


def bar(ticker: str, day: int, close: float = 10.0) -> Bar:
    return Bar(ticker, day, day + 5, 9.0, 12.0, 8.0, close, close / 2, 1000.0)


def table(*rows: dict[str, Any]) -> pa.Table:
    """Bars of A at 1 with what is said besides."""
    usual = {**dict.fromkeys(PRICES, 10.0), "ticker": "A", "at": 1, "known_at": 6}
    names = list(dict.fromkeys(name for row in rows for name in {**usual, **row}))
    return pa.table(
        {name: [{**usual, **row}.get(name) for row in rows] for name in names},
        schema=pa.schema([FULL.field(name) for name in names]),
    )


def kept(bars: Bars, **limits: int) -> list[Bar]:
    return [Bar(**row) for row in bars.read(**{"as_of": LATE, **limits}).to_pylist()]


def extras(bars: Bars, interval: str = "1d") -> list[dict[str, Any]]:
    """What is said beside the bars, without what is not."""
    found = bars.read(columns=EXTRAS.names, interval=interval, as_of=LATE).to_pylist()
    return [{name: value for name, value in row.items() if value is not None} for row in found]


def test_what_was_put_is_read_sorted_by_another_connection(place: Place) -> None:
    given = [bar("B", 2), bar("A", 3), bar("B", 1), bar("A", 1)]
    with Bars(place) as bars:
        assert bars.put(given) == 4
    with Bars(place) as bars:
        assert kept(bars) == sorted(given, key=lambda b: (b.ticker, b.at))
        assert (bars.count(), bars.tickers()) == (4, ["A", "B"])


def test_the_same_bars_twice_change_nothing_and_a_correction_counts_once(bars: Bars) -> None:
    bars.put([bar("A", 1), bar("A", 2)])
    assert bars.put([bar("A", 1), bar("A", 2)]) == 0
    assert bars.put([bar("A", 1, close=11), bar("A", 2), bar("A", 3)]) == 2
    assert [b.close for b in kept(bars)] == [11, 10, 10]


def test_any_price_that_differs_is_a_correction(bars: Bars) -> None:
    first = bar("A", 1)
    for name in PRICES:
        bars.put([first])
        assert bars.put([replace(first, **{name: getattr(first, name) + 1})]) == 1, name
    assert bars.count() == 1


def test_what_is_corrected_later_was_as_it_was_before(bars: Bars) -> None:
    bars.put([bar("A", 1, 10), bar("A", 2, 20)])
    assert bars.put([replace(bar("A", 1, 11), known_at=9)]) == 1
    assert [b.close for b in kept(bars, as_of=8)] == [10, 20]
    assert [b.close for b in kept(bars, as_of=9)] == [11, 20]
    assert bars.put([bar("A", 1, 10)]) == 0


def test_of_two_bars_of_one_day_the_last_wins_in_whatever_batch(
    bars: Bars, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "BATCH", 2)
    given = [bar("A", 1, 10), bar("A", 1, 11), bar("B", 1), bar("A", 1, 12), bar("C", 1)]
    assert bars.put(iter(given)) == 3
    assert bars.put(iter(given)) == 0
    assert [b.close for b in kept(bars)] == [12, 10, 10]


def test_nothing_known_later_than_as_of_is_read(bars: Bars) -> None:
    bars.put([bar("A", day) for day in range(10)])
    assert bars.read(as_of=5 + 4)["at"].to_pylist() == [0, 1, 2, 3, 4]
    assert bars.read(as_of=4).num_rows == 0
    assert (bars.tickers(as_of=4), bars.tickers(as_of=5)) == ([], ["A"])


def test_a_span_is_half_open_and_tickers_choose(bars: Bars) -> None:
    bars.put([bar(ticker, day) for ticker in "CAB" for day in range(6)])
    found = bars.read(["C", "A", "NONE"], 2, 4, as_of=LATE)
    assert found["ticker"].to_pylist() == ["A", "A", "C", "C"]
    assert found["at"].to_pylist() == [2, 3, 2, 3]
    for nobody in ([], ["NONE"]):
        assert bars.read(nobody, as_of=LATE).num_rows == 0


def test_days_and_minutes_of_one_moment_stand_side_by_side(bars: Bars) -> None:
    assert bars.put([bar("A", 1, 10)]) == 1
    assert bars.put([bar("A", 1, 20), bar("B", 1)], "1m") == 2
    assert [b.close for b in kept(bars)] == [10]
    assert bars.read(interval="1m", as_of=LATE)["close"].to_pylist() == [20, 10]
    assert (bars.count(), bars.count("1d"), bars.count("1m")) == (3, 1, 2)
    assert bars.tickers() == ["A", "B"]


def test_an_interval_or_a_column_that_is_not_there_is_named(bars: Bars) -> None:
    with pytest.raises(UsageError, match=r"no bars of '1h'; known: 1d, 1m"):
        bars.put([bar("A", 1)], "1h")
    with pytest.raises(UsageError, match=r"no bars of '1h'"):
        bars.read(interval="1h", as_of=LATE)
    with pytest.raises(UsageError, match=r"no spread; known: ticker, at"):
        bars.read(columns=["close", "spread"], as_of=LATE)
    with pytest.raises(UsageError, match=r"no column close, volume"):
        bars.put_table(table({}).drop_columns(["close", "volume"]))
    with pytest.raises(UsageError, match="a column of another kind"):
        bars.put_table(table({}).set_column(0, "open", pa.array(["much"])))


def test_what_is_said_beside_a_bar_is_kept(bars: Bars) -> None:
    said = {
        "isin": "INE999A01015",
        "exchange": "NSE",
        "currency": "INR",
        "series": "EQ",
        "last": 9.5,
        "previous_close": 9.0,
        "turnover": 1e9,
        "delivered": 40.0,
        "trades": 7,
    }
    assert set(said) == set(EXTRAS.names)
    assert bars.put_table(table(said, {"ticker": "B"})) == 2
    assert extras(bars) == [said, {}]
    for name, value in said.items():
        other = value + "X" if isinstance(value, str) else value + 1
        assert bars.put_table(table({**said, name: other})) == 1, name
        assert bars.put_table(table(said)) == 1, name


def test_what_a_second_file_does_not_say_stays(bars: Bars) -> None:
    """NSE's prices have the ISIN, its deliveries have not."""
    bars.put_table(table({"isin": "INE999A01015", "trades": 7}))
    assert bars.put_table(table({"delivered": 40.0})) == 1
    assert extras(bars) == [{"isin": "INE999A01015", "trades": 7, "delivered": 40.0}]
    assert bars.put_table(table({"trades": 7})) == 0


def test_deliveries_of_one_price_do_not_stand_beside_another(bars: Bars) -> None:
    bars.put_table(table({"delivered": 40.0, "close": 10.0}))
    bars.put_table(table({"trades": 7, "close": 10.004}))
    assert extras(bars) == [{"delivered": 40.0, "trades": 7}]
    bars.put_table(table({"trades": 8, "close": 10.5}))
    assert extras(bars) == [{"trades": 8}]


def test_columns_come_as_they_are_asked_for(bars: Bars) -> None:
    bars.put_table(table({"delivered": 40.0}))
    found = bars.read(columns=["delivered", "at", "ticker"], as_of=LATE)
    assert found.to_pylist() == [{"delivered": 40.0, "at": 1, "ticker": "A"}]
    assert found.schema.names == ["delivered", "at", "ticker"]


def test_a_figure_that_only_late_rows_have_is_read(bars: Bars) -> None:
    """A driver that takes a column's type from the first rows stumbles here."""
    days = [{"at": day, "known_at": day} for day in range(5_000)]
    days[-1] |= {"delivered": 40.0, "trades": 3, "isin": "INE999A01015"}
    bars.put_table(table(*days))
    assert extras(bars)[-1] == {"delivered": 40.0, "trades": 3, "isin": "INE999A01015"}


def test_an_empty_answer_has_the_columns_and_types_of_a_full_one(bars: Bars) -> None:
    for found in (bars.read(as_of=0), bars.read(["A"], as_of=0), bars.read([], as_of=0)):
        assert found.schema.equals(SCHEMA)
    assert bars.read(columns=FULL.names, as_of=0).schema.equals(FULL)
    bars.put([bar("A", 1)])
    assert bars.read(as_of=LATE).schema.equals(SCHEMA)
    assert bars.read(columns=FULL.names, as_of=LATE).schema.equals(FULL)


def test_nothing_is_put(bars: Bars) -> None:
    assert bars.put([]) == 0
    assert bars.tickers() == []


@pytest.mark.parametrize("name", ["close", "delivered"])
@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_a_bar_that_is_no_number_is_named_and_nothing_of_the_put_is_kept(
    bars: Bars, name: str, value: float
) -> None:
    with pytest.raises(BadRecord, match=f"bar of B at 7 has no finite {name}"):
        bars.put_table(table({}, {"ticker": "B", "at": 7, name: value}))
    assert bars.count() == 0
    assert bars.put([bar("A", 1)]) == 1


@pytest.mark.parametrize("name", COLUMNS)
def test_a_bar_that_lacks_something_is_refused(bars: Bars, name: str) -> None:
    with pytest.raises(BadRecord, match=rf"has no (finite )?{name}"):
        bars.put_table(table({name: None}))


def test_a_source_that_breaks_off_leaves_nothing(bars: Bars) -> None:
    def broken() -> Iterator[Bar]:
        yield bar("A", 1)
        raise SourceRefused("it ends in the middle")

    with pytest.raises(SourceRefused):
        bars.put(broken())
    assert bars.count() == 0


def test_a_put_that_fails_half_way_leaves_neither_bars_nor_stocks(
    bars: Bars, monkeypatch: pytest.MonkeyPatch
) -> None:
    """New numbers for tickers and words are undone with the rest."""
    real, calls = module.run, []

    def failing(cursor: Any, sql: str) -> int:
        calls.append(sql)
        if sql.startswith("INSERT INTO bars"):
            raise KeyboardInterrupt
        return real(cursor, sql)

    with monkeypatch.context() as patched:
        patched.setattr(module, "run", failing)
        with pytest.raises(KeyboardInterrupt):
            bars.put_table(table({"isin": "INE999A01015"}))
    assert calls
    assert bars.put_table(table({"ticker": "B", "isin": "INE999A01023"})) == 1
    assert bars.put_table(table({"isin": "INE999A01015"})) == 1
    assert extras(bars) == [{"isin": "INE999A01015"}, {"isin": "INE999A01023"}]


def test_a_killed_put_leaves_the_bars_as_they_were_and_can_be_repeated(place: Place) -> None:
    """The child says when it is inside the put, then is killed there with -9."""
    with Bars(place) as bars:
        bars.put([bar("A", 1)])
    child = subprocess.Popen(
        [sys.executable, "-c", _ENDLESS_PUT, str(place)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=CHECKOUT,
    )
    assert child.stdout is not None
    assert child.stdout.readline() == "inside\n"
    os.kill(child.pid, signal.SIGKILL)
    child.wait()
    child.stdout.close()
    with Bars(place) as bars:
        assert kept(bars) == [bar("A", 1)]
        assert bars.put([bar("B", day) for day in range(100)]) == 100


_ENDLESS_PUT = """
import sys, time
from graph.bars import store
from graph.model import Bar
real = store.run
def run(cursor, sql):
    changed = real(cursor, sql)
    if sql.startswith("INSERT INTO bars"):
        print("inside", flush=True)
        time.sleep(60)
    return changed
store.run = run
bars = [Bar("B", day, day, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0) for day in range(1_000)]
store.Bars(sys.argv[1]).put(bars)
"""


def test_two_writers_and_a_reader_at_once_lose_nothing(place: Place) -> None:
    failed: list[BaseException] = []

    def write(ticker: str) -> None:
        try:
            with Bars(place) as bars:
                for day in range(20):
                    bars.put([bar(f"{ticker}{day % 3}", day)])
        except BaseException as error:
            failed.append(error)

    with Bars(place) as reader:
        writers = [Thread(target=write, args=(ticker,)) for ticker in ("A", "B")]
        for writer in writers:
            writer.start()
        while any(writer.is_alive() for writer in writers):
            assert reader.read(as_of=LATE).num_rows <= 40
            time.sleep(0.01)
        assert not failed
        assert reader.count() == 40
        assert reader.tickers() == ["A0", "A1", "A2", "B0", "B1", "B2"]


def test_two_programs_open_an_empty_place_at_once(place: Place) -> None:
    failed: list[BaseException] = []

    def opened() -> None:
        try:
            Bars(place).close()
        except BaseException as error:
            failed.append(error)

    openers = [Thread(target=opened) for _ in range(4)]
    for opener in openers:
        opener.start()
    for opener in openers:
        opener.join()
    assert not failed


def test_a_name_that_is_half_a_statement_is_a_name(bars: Bars) -> None:
    odd = "'; DROP TABLE stocks; --"
    bars.put_table(table({"ticker": odd, "series": odd}))
    assert bars.read([odd], columns=["ticker", "series"], as_of=LATE).to_pylist() == [
        {"ticker": odd, "series": odd}
    ]


def test_after_closing_a_question_says_so(bars: Bars) -> None:
    bars.close()
    bars.close()
    with pytest.raises(UsageError, match="open them again"):
        bars.count()


@pytest.fixture(scope="module")
def given() -> list[Bar]:
    """Five years of 88 large stocks."""
    prices = data_file("stocknet_prices_daily.csv.gz")
    return [b for b in yahoo_csv.read(prices) if isinstance(b, Bar)]


def test_real_prices_come_back_as_they_were_read(bars: Bars, given: list[Bar]) -> None:
    assert bars.put(given) == len(given) == bars.count() == 108_589
    assert bars.put(given) == 0
    assert [astuple(b) for b in kept(bars)] == sorted(astuple(b) for b in given)


LISTED = {
    "ticker": "ACME.NS",
    "isin": "INE999A01015",
    "exchange": "NSE",
    "currency": "INR",
    "symbol": "ACME",
    "name": "Acme Limited",
    "since": 10,
    "until": 20,
    "known_at": 12,
}
SPLIT = {
    "ticker": "ACME.NS",
    "kind": "split",
    "at": 50,
    "known_at": 40,
    "ratio": 2.0,
    "amount": 0.0,
    "isin": None,
}
DEBT = {
    "ticker": "ACME.NS",
    "name": "debt",
    "value": 5.0,
    "at": 10,
    "known_at": 20,
    "currency": "INR",
    "source": "a.csv",
}


def test_a_listing_grows_and_is_never_seen_from_the_future(bars: Bars) -> None:
    assert bars.put_listings([LISTED]) == 1
    assert bars.listings(as_of=30).to_pylist() == [LISTED]
    assert bars.put_listings([LISTED, LISTED | {"since": 12, "until": 18}]) == 0
    assert bars.put_listings([LISTED | {"until": 40}, LISTED | {"since": 8, "known_at": 9}]) == 1
    (seen,) = bars.listings(as_of=30).to_pylist()
    assert (seen["since"], seen["until"], seen["known_at"]) == (8, 30, 9)
    assert bars.listings(as_of=8).num_rows == 0


def test_a_change_of_name_or_isin_is_another_listing(bars: Bars) -> None:
    bars.put_listings([LISTED, LISTED | {"isin": "INE999A01023", "since": 21, "known_at": 22}])
    bars.put_listings([LISTED | {"name": None, "symbol": None, "ticker": "599999.BO"}])
    assert bars.listings(as_of=21)["isin"].to_pylist() == ["INE999A01015"] * 2
    found = bars.listings(["ACME.NS"], as_of=22)["isin"].to_pylist()
    assert found == ["INE999A01015", "INE999A01023"]
    assert bars.listings(["599999.BO"], as_of=22)["name"].to_pylist() == [None]


def test_an_action_told_twice_is_one_known_when_it_was_first_told(bars: Bars) -> None:
    assert bars.put_actions([SPLIT, SPLIT | {"known_at": 30, "isin": "INE999A01015"}]) == 1
    assert bars.put_actions([SPLIT]) == 0
    assert bars.actions(as_of=29).num_rows == 0
    assert bars.actions(as_of=30).to_pylist() == [SPLIT | {"known_at": 30, "isin": "INE999A01015"}]
    assert bars.put_actions([SPLIT | {"kind": "dividend", "ratio": 1.0, "amount": 3.0}]) == 1
    assert bars.actions(["ACME.NS"], as_of=99)["kind"].to_pylist() == ["dividend", "split"]
    assert bars.actions(["NONE"], as_of=99).num_rows == 0


def test_the_newest_fact_that_was_known_counts(bars: Bars) -> None:
    newer = DEBT | {"value": 6.0, "known_at": 30}
    assert bars.put_facts([newer, DEBT, DEBT | {"name": "shares", "currency": None}]) == 3
    assert bars.facts(as_of=19).num_rows == 0
    assert bars.facts(as_of=29).to_pylist()[0] == DEBT
    assert bars.facts(as_of=30)["value"].to_pylist() == [6.0, 5.0]
    assert bars.put_facts([DEBT | {"value": 4.0}]) == 1
    assert bars.facts(as_of=29)["value"].to_pylist() == [4.0, 5.0]


def test_what_was_told_last_counts_even_of_an_earlier_day(bars: Bars) -> None:
    bars.put_facts([DEBT, DEBT | {"at": 5, "known_at": 30, "value": 7.0}])
    assert bars.facts(as_of=30)["value"].to_pylist() == [7.0]


def test_of_facts_known_together_the_one_of_the_later_day_counts(bars: Bars) -> None:
    bars.put_facts([DEBT | {"at": 12, "value": 7.0}, DEBT])
    assert bars.facts(as_of=20)["value"].to_pylist() == [7.0]


def test_what_is_no_action_or_fact_is_refused(bars: Bars) -> None:
    with pytest.raises(BadRecord, match=r"One of the facts of ACME.NS has no value"):
        bars.put_facts([DEBT | {"value": float("nan")}])
    with pytest.raises(BadRecord, match=r"One of the actions of ACME.NS has no known_at"):
        bars.put_actions([SPLIT | {"known_at": None}])
    with pytest.raises(BadRecord, match=r"One of the listings of None has no ticker"):
        bars.put_listings([LISTED | {"ticker": None}])


def test_what_is_listed_but_has_no_bars_is_no_ticker(bars: Bars) -> None:
    bars.put_listings([LISTED])
    assert bars.tickers() == []
    assert bars.names(as_of=30).main("ACME") == "ACME.NS"
