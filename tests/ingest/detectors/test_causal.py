"""What holds for every detector: no look ahead, splits, holes, little history, one shape."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from ingest.market.detectors import ALL, SCHEMA
from tests.ingest.detectors.markets import BARS, crowd, found, given, market
from tests.ingest.market_days import DAY, FIRST

CUT = FIRST + 200 * DAY
LINE = 2.0


def _otherwise_later(rows: pl.DataFrame) -> pl.DataFrame:
    """The same until CUT, then a market gone wild, with stocks that were not there before."""
    later = crowd(seed=6) if "account" in rows.columns else _wild(market(seed=6))
    later = later.filter(pl.col("at") > CUT)
    fresh = later.with_columns(ticker=pl.lit("NEW") + pl.col("ticker"))
    return pl.concat([rows.filter(pl.col("at") <= CUT), later, fresh]).sample(
        fraction=1, shuffle=True, seed=1
    )


def _wild(bars: pl.DataFrame) -> pl.DataFrame:
    prices = [pl.col(name) * 0.2 for name in ("open", "high", "low", "close")]
    return bars.with_columns(*prices, volume=pl.col("volume") * 9, delivered=pl.col("volume"))


@pytest.mark.parametrize("name", ALL)
def test_later_rows_move_nothing_earlier(name: str) -> None:
    rows = given(name)
    past = found(name, rows.filter(pl.col("at") <= CUT), LINE)
    assert len(past), "a test that compares nothing with nothing"
    assert int(past["at"].max()) > CUT - 20 * DAY  # type: ignore[arg-type]
    for future in (rows, _otherwise_later(rows)):
        assert_frame_equal(
            found(name, future, LINE).filter(pl.col("at") <= CUT), past, check_exact=True
        )


@pytest.mark.parametrize("name", BARS)
def test_a_split_is_no_event_and_changes_none(name: str) -> None:
    """Three shares for one on day 150: prices fall, volume rises, adj_close is scaled at once."""
    bars = market()
    after = pl.when(pl.col("at") >= FIRST + 150 * DAY).then(3.0).otherwise(1.0)
    split = bars.with_columns(
        *(pl.col(n) / after for n in ("open", "high", "low", "close")),
        *(pl.col(n) * after for n in ("volume", "delivered")),
        adj_close=pl.col("adj_close") / 3,
    )
    want, got = (found(name, rows, LINE) for rows in (bars, split))
    assert len(want)
    assert_frame_equal(got.drop("explanation"), want.drop("explanation"), rel_tol=1e-6)


@pytest.mark.parametrize("name", BARS)
def test_missing_and_untraded_days_do_no_harm(name: str) -> None:
    """Every seventh bar is not there, every eleventh had no trade, some figures are not known."""
    bars = market().with_row_index("row")
    bars = bars.filter(pl.col("row") % 7 != 3).with_columns(
        volume=pl.when(pl.col("row") % 11 == 0).then(0.0).otherwise("volume"),
        high=pl.when(pl.col("row") % 13 == 0).then(None).otherwise("high"),
        low=pl.when(pl.col("row") % 17 == 0).then(np.nan).otherwise("low"),
        delivered=pl.when(pl.col("row") % 5 == 0).then(None).otherwise("delivered"),
        close=pl.when(pl.col("row") % 101 == 0).then(None).otherwise("close"),
    )
    traded = bars.filter((pl.col("volume") > 0) & pl.col("close").is_not_null())
    told = found(name, bars.drop("row"), LINE)
    assert len(told)
    assert not len(told.join(traded, on=["ticker", "at"], how="anti"))
    assert told["z"].is_finite().all()


@pytest.mark.parametrize("name", ALL)
def test_too_little_history_gives_no_finding(name: str) -> None:
    """Thirteen days, or thirty bars, that end in the wildest one there could be."""
    if name == "attention_spike":
        rows = crowd(days=13)
        last = [("S00", FIRST + 13 * DAY, f"x:{n}") for n in range(500)]
        rows = pl.concat([rows, pl.DataFrame(last, schema=rows.schema, orient="row")])
        assert not len(found(name, rows))
        return
    bars = market(days=30)
    wild = pl.col("at") == FIRST + 29 * DAY
    bars = bars.with_columns(
        volume=pl.when(wild).then(1e12).otherwise("volume"),
        adj_close=pl.when(wild).then(1e5).otherwise("adj_close"),
        delivered=pl.when(wild).then(0.0).otherwise("delivered"),
        high=pl.when(wild).then(1e6).otherwise("high"),
    )
    assert not len(found(name, bars))


@pytest.mark.parametrize("name", ALL)
def test_findings_have_one_shape(name: str) -> None:
    told = found(name, given(name), LINE)
    assert told.schema == SCHEMA
    assert told.null_count().sum_horizontal().item() == 0
    assert told.select("ticker", "at", "kind").is_duplicated().sum() == 0
    assert told["p_value"].is_between(1e-300, 1).all()
    assert (told["bars_used"] > 0).all()
    assert set(told["severity"]) <= {"notable", "strong", "extreme"}
    assert told["explanation"].str.ends_with(".").all()
    assert not told["explanation"].str.contains("nan|None|inf").any()
    beyond = told.filter(pl.col("kind") != "reversal")["z"].abs()
    assert (beyond >= LINE).all()


@pytest.mark.parametrize("name", ALL)
def test_the_order_of_rows_does_not_matter_and_none_give_none(name: str) -> None:
    rows = given(name)
    shuffled = rows.sample(fraction=1, shuffle=True, seed=3)
    assert_frame_equal(found(name, shuffled), found(name, rows))
    assert found(name, rows.clear()).equals(pl.DataFrame(schema=SCHEMA))
