"""The detectors over a market: what becomes an event, and what goes with it."""

from __future__ import annotations

from dataclasses import replace

import polars as pl
import pytest

from graph.model import Bar, PriceEvent
from ingest.market.actions import Action
from ingest.market.calendars import sessions
from ingest.market.detectors import ALL, detect
from ingest.market.events import price_events
from ingest.market.prices import Prices
from ingest.market.unadjusted import suspicions
from ingest.market.watch import (
    BY_RANK,
    DAY_MS,
    OTHERS,
    PROBABLE_SPLIT,
    TRAINED,
    Watched,
    sessions_of,
    watch,
)
from tests.ingest.market_days import DAY, LATE, calm_market, table

HOUR = 3_600_000
NOBODY = pl.DataFrame(schema={"ticker": pl.String, "at": pl.Int64, "account": pl.String})
# 2014: the sessions of New York of that year, so that every bar stands on one.
DAYS = sessions("XNYS", 16_071 * DAY, 16_071 * DAY + 300 * DAY).days.tolist()


def market(stocks: int = 8, days: int = 200, suffix: str = "") -> list[Bar]:
    """A calm market on the days on which New York trades."""
    found = []
    for bar in calm_market(stocks, days - 1):
        at = DAYS[(bar.at - 16_071 * DAY) // DAY]
        found.append(replace(bar, ticker=bar.ticker + suffix, at=at, known_at=at + 21 * HOUR))
    return found


def moved(bars: list[Bar], ticker: str, day: int, by: float, volume: float = 1.0) -> list[Bar]:
    """Prices of a stock times `by` from that day on, and the volume of the day times `volume`."""

    def one(bar: Bar) -> Bar:
        if bar.ticker != ticker or bar.at < DAYS[day]:
            return bar
        prices = {n: getattr(bar, n) * by for n in ("open", "high", "low", "close", "adj_close")}
        loud = bar.volume * (volume if bar.at == DAYS[day] else 1.0)
        return replace(bar, **prices, volume=loud)

    return [one(bar) for bar in bars]


def of(found: Watched, ticker: str, day: int) -> dict[str, PriceEvent]:
    return {e.kind: e for e in found.events if e.ticker == ticker and e.at == DAYS[day]}


def seen(bars: list[Bar], as_of: int = LATE, posts: pl.DataFrame = NOBODY) -> Watched:
    """Of the bars known then, days and minutes; no action is known."""
    known = [bar for bar in bars if bar.known_at <= as_of]
    days = table([bar for bar in known if bar.at % DAY_MS == 0])
    minutes = table([bar for bar in known if bar.at % DAY_MS])
    return watch(Prices(days, (), (), tuple(suspicions(days))), minutes, posts, as_of)


JUMP = moved(market(), "S3", 150, 1.3, volume=20)


def test_the_trained_kinds_are_what_the_score_was_trained_on() -> None:
    found = seen(JUMP)
    expected = price_events(table(JUMP), LATE)
    assert [e.id for e in found.trained] == [e.id for e in expected]
    for ours, theirs in zip(found.trained, expected, strict=True):
        figures = ("at", "known_at", "z", "p_value", "abnormal_return", "kind", "ticker")
        assert [getattr(ours, n) for n in figures] == [getattr(theirs, n) for n in figures]
    assert {e.kind for e in found.trained} == {"abnormal_return", "volume_spike"}


def test_detectors_find_the_same_events_of_the_trained_kinds() -> None:
    """So severity, window and bars_used stand on every one of them."""
    for event in seen(JUMP).trained:
        assert event.severity in ("notable", "strong", "extreme")
        assert event.window
        assert event.bars_used
        assert event.bars_used >= 30
    found = detect(ALL["abnormal_return"], table(JUMP))
    same = {
        (r["ticker"], r["at"]): r["z"]
        for r in found.iter_rows(named=True)
        if r["kind"] == "abnormal_return"
    }
    ours = {(e.ticker, e.at): e.z for e in seen(JUMP).trained if e.kind == "abnormal_return"}
    assert same.keys() == ours.keys()
    for key, z in ours.items():
        assert same[key] == pytest.approx(z, abs=1e-9)


def test_a_jump_is_known_when_its_bar_is_and_begins_when_the_session_opens() -> None:
    event = of(seen(JUMP), "S3", 150)["abnormal_return"]
    assert event.severity == "extreme"
    assert event.known_at == DAYS[150] + 21 * HOUR
    assert event.begins_at == DAYS[150] + 13.5 * HOUR  # 09:30 in New York's summer
    assert event.id == f"S3:{event.id[3:13]}:abnormal_return"


def test_other_kinds_are_events_only_where_they_are_strong() -> None:
    others = [e for e in seen(JUMP).events if e.kind not in TRAINED | BY_RANK]
    assert "car_3" in of(seen(JUMP), "S3", 150)
    assert all(abs(e.z) >= OTHERS for e in others)


def test_events_are_in_order_and_each_id_once() -> None:
    events = seen(JUMP).events
    assert list(events) == sorted(events, key=lambda e: (e.ticker, e.at, e.kind))
    assert len({e.id for e in events}) == len(events)


def test_later_bars_change_nothing() -> None:
    end = DAYS[160] + 21 * HOUR
    late = [e for e in seen(JUMP).events if e.known_at <= end]
    assert list(seen(JUMP, end).events) == late
    assert late


def quartered(volume: float) -> dict[str, PriceEvent]:
    """What is seen of a day that opens at exactly a quarter, with its volume times this."""
    bars = moved(market(), "S3", 150, 1 / 4, volume)
    before = next(b.close for b in bars if b.ticker == "S3" and b.at == DAYS[149])
    opened = [
        replace(b, open=before / 4) if (b.ticker, b.at) == ("S3", DAYS[150]) else b for b in bars
    ]
    return of(seen(opened), "S3", 150)


def test_a_split_that_nobody_told_of_is_no_crash() -> None:
    found = quartered(volume=4)  # four shares for each: the same trade
    assert set(found) == {PROBABLE_SPLIT}
    split = found[PROBABLE_SPLIT]
    assert split.split_ratio == 4
    assert "probably a split" in split.explanation
    assert split.id.endswith(":probable_split")


def test_a_fall_by_a_splits_ratio_in_a_rush_is_a_crash() -> None:
    found = quartered(volume=80)
    assert PROBABLE_SPLIT not in found
    assert found["abnormal_return"].abnormal_return < -0.7
    assert "taken for a move" in found["abnormal_return"].explanation


def test_a_jump_near_a_ratio_stays_an_event_and_says_what_to_look_for() -> None:
    found = of(seen(moved(market(), "S3", 150, 0.2614)), "S3", 150)  # ALLCARGO: 329.05 to 86.00
    fall = found["abnormal_return"]
    assert fall.split_ratio == 4
    assert "see whether there was a split" in fall.explanation
    assert PROBABLE_SPLIT not in found


def test_a_jump_of_no_ratio_has_none() -> None:
    assert of(seen(JUMP), "S3", 150)["abnormal_return"].split_ratio is None


def test_a_limit_and_a_halt_are_told() -> None:
    bombay = sessions("XBOM", 16_071 * DAY, 16_071 * DAY + 300 * DAY).days.tolist()
    bars = []
    for bar in calm_market(8, 199):
        at = bombay[(bar.at - 16_071 * DAY) // DAY]
        bars.append(replace(bar, ticker=f"{bar.ticker}.NS", at=at, known_at=at + 14 * HOUR))
    before = next(b.close for b in bars if b.ticker == "S3.NS" and b.at == bombay[147])
    top = round(int(before * 1.2 / 0.05) * 0.05, 2)
    bars = [b for b in bars if b.ticker != "S3.NS" or b.at not in bombay[148:150]]
    bars = [
        replace(b, open=before, high=top, low=before, close=top, adj_close=top)
        if (b.ticker, b.at) == ("S3.NS", bombay[150])
        else b
        for b in bars
    ]
    events = {e.kind: e for e in seen(bars).events if e.ticker == "S3.NS" and e.at == bombay[150]}
    event = events["abnormal_return"]
    assert event.circuit == "upper 20 %"
    assert event.halted == 2
    assert "closed at its upper 20 % limit" in event.explanation
    assert "not traded in the 2 sessions before" in event.explanation
    assert event.begins_at == bombay[150] + 3.75 * HOUR  # 09:15 in India


def crowd(ticker: str, at: int) -> pl.DataFrame:
    """Two accounts an hour for thirty days, then forty of them in one hour."""
    usual = [(ticker, at - n * DAY + m, f"x:{m}") for n in range(1, 31) for m in (1, 2)]
    many = [(ticker, at + n, f"x:{n}") for n in range(40)]
    return pl.DataFrame(usual + many, schema=NOBODY.schema, orient="row")


def test_a_crowd_is_an_event_of_its_hour_once_that_is_over() -> None:
    hour = DAYS[150] + 15 * HOUR
    posts = crowd("S3", hour)
    (spike,) = [e for e in seen(market(), posts=posts).events if e.kind == "attention_spike"]
    assert (spike.at, spike.known_at, spike.begins_at) == (hour, hour + HOUR, hour)
    assert spike.id == f"S3:{spike.id[3:13]}T15:00:attention_spike"
    assert spike.bars_used == 28
    going_on = seen(market(), hour + HOUR - 1, posts)
    assert not [e for e in going_on.events if e.kind == "attention_spike"]


def minutes(ticker: str, days: list[int], loud: int) -> list[Bar]:
    """Five bars a day, the third of them loud on the day `loud`."""
    made = []
    for number, day in enumerate(days):
        for minute in range(5):
            at = day + 15 * HOUR + minute * 60_000
            volume = 1e4 * (1 + 0.1 * ((number * 7 + minute) % 5))
            volume *= 50 if (number, minute) == (loud, 2) else 1
            made.append(Bar(ticker, at, at + 60_000, 10, 10.1, 9.9, 10, 10, volume))
    return made


def test_a_minute_is_judged_by_the_same_minute_of_the_days_before() -> None:
    found = seen(market() + minutes("S3", DAYS[100:180], 70))
    by_minute = [e for e in found.events if e.at % DAY_MS and e.kind == "volume_spike"]
    (spike,) = by_minute
    assert (spike.ticker, spike.at) == ("S3", DAYS[170] + 15 * HOUR + 120_000)
    assert spike.known_at == spike.begins_at + 60_000
    assert spike.id.endswith("T15:02:volume_spike")
    assert spike not in found.trained


def test_nothing_gives_nothing() -> None:
    assert (seen([]).events, dict(seen([]).sessions)) == ((), {})


def test_what_goes_on_is_one_event_where_it_set_in() -> None:
    """Sums of three bars stay beyond the line for as long as the jump is among them."""
    sums = [e for e in seen(JUMP).events if e.ticker == "S3" and e.kind == "car_3"]
    assert [e.at for e in sums] == [DAYS[150]]


def test_an_exchange_that_bars_name_has_its_own_calendar() -> None:
    bars = pl.DataFrame(
        {"ticker": ["A", "A", "B"], "at": DAYS[:2] + DAYS[:1], "exchange": [None, "NSE", None]}
    )
    found = sessions_of(bars)
    assert (found["A"].calendar, found["B"].calendar) == ("XBOM", "XNYS")


def test_the_first_day_without_a_dividend_says_so() -> None:
    dividend = Action("S3", "dividend", DAYS[150], DAYS[140], amount=2.5)
    days = table(JUMP)
    found = watch(Prices(days, (dividend,), (), ()), table([]), NOBODY, LATE)
    assert (
        "first day without a dividend of 2.5." in of(found, "S3", 150)["volume_spike"].explanation
    )
    assert "dividend" not in of(seen(JUMP), "S3", 150)["volume_spike"].explanation
