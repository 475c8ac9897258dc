"""Price limits and halts as events of their own."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from graph.model import Bar
from ingest.market.calendars import sessions
from ingest.market.marked import HALT, PRICE_LIMIT, STEADY, marked
from ingest.market.marks import marks
from ingest.market.prices import Prices
from ingest.market.watch import watch
from tests.ingest.market_days import DAY, FIRST, calm_market, table
from tests.ingest.test_market_watch import NOBODY

YEAR = sessions("XBOM", FIRST, FIRST + 300 * DAY)
DAYS = YEAR.days.tolist()


def market() -> list[Bar]:
    """Eight stocks of NSE, a bar a session."""
    return [
        replace(bar, ticker=f"{bar.ticker}.NS", at=at, known_at=at + 1)
        for bar in calm_market(8, 190)
        for at in [DAYS[(bar.at - FIRST) // DAY]]
    ]


def pushed(bars: list[Bar], first: int, count: int) -> list[Bar]:
    """S3 closes at its upper limit of 5 per cent on so many sessions in a row."""
    own = sorted((b for b in bars if b.ticker == "S3.NS"), key=lambda b: b.at)
    before = own[first - 1].close
    for place in range(first, first + count):
        top = int(before * 1.05 / 0.01 + 1e-4) * 0.01
        own[place] = replace(
            own[place], open=before, low=before, high=top, close=top, adj_close=top
        )
        before = top
    return [b for b in bars if b.ticker != "S3.NS"] + own


def found(bars: list[Bar]) -> pl.DataFrame:
    frame = pl.DataFrame(pl.from_arrow(table(bars)))
    laid_out = dict.fromkeys(frame["ticker"].unique(), YEAR)
    return marked(frame, marks(frame, laid_out)).sort("kind", "at")


def test_every_day_at_a_limit_is_an_event_that_counts_them() -> None:
    rows = found(pushed(market(), 100, 4)).filter(pl.col("kind") == PRICE_LIMIT)
    assert rows["at"].to_list() == DAYS[100:104]
    assert rows["explanation"].to_list() == [
        "It closed at its upper 5 % limit.",
        *(f"It closed at its upper 5 % limit, {n} sessions in a row." for n in (2, 3, 4)),
    ]
    assert (rows["z"] > 0).all()
    assert (rows["p_value"] < 0.05).all()


def test_a_limit_before_any_past_has_a_z_of_nothing() -> None:
    (row,) = found(pushed(market(), 5, 1)).iter_rows(named=True)
    assert (row["z"], row["p_value"]) == (0.0, 1.0)


def test_a_halt_is_an_event_of_a_stock_that_was_traded_every_session() -> None:
    whole = market()
    gone = DAYS[100:102]
    bars = [b for b in whole if b.ticker != "S3.NS" or b.at not in gone]
    (row,) = found(bars).iter_rows(named=True)
    assert (row["ticker"], row["at"], row["kind"]) == ("S3.NS", DAYS[102], HALT)
    assert row["explanation"] == (
        f"It was traded again, after 2 sessions without a trade and {STEADY} with one each."
    )
    early = [b for b in whole if b.ticker != "S3.NS" or b.at not in DAYS[10:12]]
    assert found(early).is_empty()


def test_a_thin_stock_that_rests_now_and_then_is_never_halted() -> None:
    thin = [b for b in market() if b.ticker != "S3.NS" or b.at not in DAYS[5::15]]
    assert found(thin).is_empty()


def test_a_market_in_which_nothing_was_stopped_has_none() -> None:
    assert found(market()).is_empty()
    assert found([]).is_empty()


def test_they_are_events_of_a_run_and_the_score_does_not_see_them() -> None:
    days = table(pushed(market(), 100, 2))
    watched = watch(Prices(days, (), (), ()), table([]), NOBODY, 2**60)
    limits = [e for e in watched.events if e.kind == PRICE_LIMIT]
    assert [e.at for e in limits] == DAYS[100:102]
    assert all(e.circuit == "upper 5 %" for e in limits)
    assert limits[0].explanation == "It closed at its upper 5 % limit."
    assert limits[0].id == f"S3.NS:{limits[0].id[6:16]}:price_limit"
    assert not [e for e in watched.trained if e.kind == PRICE_LIMIT]
