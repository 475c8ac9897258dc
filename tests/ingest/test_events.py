"""Price events: what is one, what is not, how it reads, how it is kept."""

from __future__ import annotations

from dataclasses import replace
from math import nan

import numpy as np
import pytest

from graph.backends.bolt import BoltStore
from graph.model import Bar, PriceEvent
from graph.store import Counters
from ingest.market.events import price_events
from ingest.market.write import write_price_events, write_priced_stocks
from tests.ingest.market_days import LATE, at, calm_market, closes, table


def events_of(bars: list[Bar], ticker: str, **settings: float) -> list[PriceEvent]:
    return [e for e in price_events(table(bars), LATE, **settings) if e.ticker == ticker]


def jump(bars: list[Bar], ticker: str, day: int, factor: float, volume: float = 1.0) -> list[Bar]:
    """The same bars with that stock's price changed from that day on, and that day's volume."""
    moved = [
        replace(b, close=b.close * factor, adj_close=b.adj_close * factor)
        if b.ticker == ticker and b.at >= at(day)
        else b
        for b in bars
    ]
    return [
        replace(b, volume=b.volume * volume) if b.ticker == ticker and b.at == at(day) else b
        for b in moved
    ]


def split(bars: list[Bar], ticker: str, day: int, ratio: float) -> list[Bar]:
    """The same bars with the stock split on that day; adj_close does not show it."""
    return [
        replace(b, close=b.close / ratio, volume=b.volume * ratio)
        if b.ticker == ticker and b.at >= at(day)
        else b
        for b in bars
    ]


def test_a_jump_that_the_market_does_not_explain_is_one_event_with_its_numbers() -> None:
    found = events_of(jump(calm_market(), "S3", 150, 1.123), "S3", z_at_least=6)
    assert [e.id for e in found] == [f"S3:{_date(150)}:abnormal_return"]
    event = found[0]
    assert event.at == at(150)
    assert event.known_at == at(150) + 1000
    assert event.abnormal_return == pytest.approx(0.123, abs=0.03)
    assert event.z > 6
    assert 0 <= event.p_value < 1e-8
    rise = closes(jump(calm_market(), "S3", 150, 1.123), "S3")
    assert event.explanation.startswith(
        f"Rose {100 * (rise[150] / rise[149] - 1):.1f} % where the "
    )
    assert event.explanation.endswith(f": {event.z:.1f} times its usual daily swing.")


def test_a_fall_is_told_as_a_fall() -> None:
    (event,) = events_of(jump(calm_market(), "S3", 150, 0.8), "S3", z_at_least=6)
    assert event.z < -6
    assert event.explanation.startswith("Fell ")


def test_a_day_on_which_the_whole_market_jumps_is_no_event() -> None:
    bars = calm_market()
    for ticker in sorted({b.ticker for b in bars}):
        bars = jump(bars, ticker, 150, 1.10)
    assert not [e for e in price_events(table(bars), LATE, z_at_least=6) if e.at == at(150)]


def test_one_stock_that_doubles_makes_no_events_of_the_others() -> None:
    found = price_events(table(jump(calm_market(), "S3", 150, 2.0)), LATE, z_at_least=5)
    assert {e.ticker for e in found} == {"S3"}


def test_tenfold_volume_is_a_volume_spike_and_a_tenth_is_not() -> None:
    loud = events_of(jump(calm_market(), "S2", 150, 1.0, volume=10), "S2", z_at_least=6)
    assert [e.kind for e in loud] == ["volume_spike"]
    assert loud[0].z == loud[0].volume_z > 6
    assert "times its usual volume" in loud[0].explanation
    assert not events_of(jump(calm_market(), "S2", 150, 1.0, volume=0.1), "S2", z_at_least=6)


@pytest.mark.parametrize("ratio", [2, 3, 1.5, 4, 0.1, 0.5])
def test_a_split_is_no_event_of_either_kind(ratio: float) -> None:
    assert not events_of(split(calm_market(), "S1", 150, ratio), "S1", z_at_least=6)


def test_a_crash_on_the_day_of_a_split_is_still_an_event() -> None:
    bars = jump(split(calm_market(), "S1", 150, 2), "S1", 150, 0.75)
    assert [e.kind for e in events_of(bars, "S1", z_at_least=6)] == ["abnormal_return"]


def test_few_stocks_have_no_market_and_the_sentence_says_so() -> None:
    bars = [b for b in jump(calm_market(), "S1", 150, 1.2) if b.ticker in ("S1", "S2")]
    (event,) = events_of(bars, "S1", z_at_least=6)
    assert "where its usual day is " in event.explanation


def test_nothing_known_after_as_of_is_seen() -> None:
    bars = table(jump(calm_market(), "S3", 150, 1.3))
    closed = at(150) + 1000
    assert closed in {e.known_at for e in price_events(bars, closed, z_at_least=6)}
    assert not price_events(bars, closed - 1, z_at_least=6)


def test_since_keeps_the_past_as_the_norm_and_out_of_the_answer() -> None:
    bars = jump(jump(calm_market(), "S3", 150, 1.3), "S3", 170, 1.3)
    late = price_events(table(bars), LATE, z_at_least=6, since=at(160))
    assert [e.id for e in late] == [f"S3:{_date(170)}:abnormal_return"]
    assert late[0] in price_events(table(bars), LATE, z_at_least=6)


def test_no_bars_no_events() -> None:
    assert price_events(table([]), LATE) == []


def test_events_are_written_once_and_a_second_time_changes_nothing(store: BoltStore) -> None:
    events = price_events(table(jump(calm_market(), "S3", 150, 1.3, volume=20)), LATE, z_at_least=6)
    assert len(events) == 2
    first = write_price_events(store, events)
    assert (first.nodes_created, first.edges_created) == (3, 2)
    assert write_price_events(store, events) == Counters()
    rows = store.read("read/price_events_of_stocks", ids=["S3"], as_of=LATE, most=9)
    assert {r["id"]: r["z"] for r in rows} == {e.id: e.z for e in events}
    assert {r["explanation"] for r in rows} == {e.explanation for e in events}


def test_a_corrected_event_replaces_the_old_one(store: BoltStore) -> None:
    old = PriceEvent(
        "A:2020-01-02:volume_spike", "A", 1, 2, "volume_spike", 4.0, 0.1, nan, 4.0, "a"
    )
    write_price_events(store, [old])
    new = replace(old, z=5.0, volume_z=5.0, abnormal_return=0.01, explanation="b")
    changed = write_price_events(store, [new])
    assert changed.changed
    assert changed.nodes_created == changed.edges_created == 0
    (row,) = store.read("read/price_events_of_stocks", ids=["A"], as_of=LATE, most=9)
    assert (row["z"], row["abnormal_return"], row["explanation"]) == (5.0, 0.01, "b")


@pytest.mark.parametrize(
    "correction",
    [
        {"z": 5.0},
        {"explanation": "b"},
        {"known_at": 3},
        {"abnormal_return": 0.1},
        {"volume_z": 5.0},
    ],
)
def test_each_figure_alone_can_be_corrected(
    embedded_store: BoltStore, correction: dict[str, float]
) -> None:
    old = PriceEvent(
        "A:2020-01-02:volume_spike", "A", 1, 2, "volume_spike", 4.0, 0.1, nan, 4.0, "a"
    )
    write_price_events(embedded_store, [old])
    assert write_price_events(embedded_store, [replace(old, **correction)]).changed
    assert not write_price_events(embedded_store, [replace(old, **correction)]).changed


def test_a_figure_without_a_value_is_absent_not_nan(store: BoltStore) -> None:
    event = PriceEvent(
        "A:2020-01-02:volume_spike", "A", 1, 2, "volume_spike", 4.0, 0.1, nan, 4, "a"
    )
    write_price_events(store, [event])
    assert not write_price_events(store, [event]).changed
    (row,) = store.read("read/price_events_of_stocks", ids=["A"], as_of=LATE, most=9)
    assert row["abnormal_return"] is None


def test_every_priced_stock_is_a_stock(store: BoltStore) -> None:
    assert write_priced_stocks(store, ["B", "A", "A"]).nodes_created == 2
    assert not write_priced_stocks(store, ["A", "B"]).changed


def _date(day: int) -> str:
    return str(np.datetime64(at(day), "ms").astype("datetime64[D]"))
