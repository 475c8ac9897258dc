"""Pumps planted into bars: what is moved, what is said, what is left alone."""

from __future__ import annotations

import random

import numpy as np
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from ingest.synthetic.courses import INNOCENT, PUMPS, course
from ingest.synthetic.pumps import DECOYS, FAMILIES, ROOM, SIZES, Pumped, plant_pumps
from tests.ingest.detectors.markets import market
from tests.ingest.market_days import DAY, FIRST

SPAN = FIRST + 70 * DAY, FIRST + 900 * DAY


@pytest.fixture(scope="module")
def bars() -> pl.DataFrame:
    return market(stocks=20, days=900).drop("delivered")


@pytest.fixture(scope="module")
def pumped(bars: pl.DataFrame) -> Pumped:
    return plant_pumps(bars, 1, *SPAN, pumps=15, decoys=2)


def test_the_same_seed_plants_the_same(bars: pl.DataFrame, pumped: Pumped) -> None:
    again = plant_pumps(bars.sample(fraction=1, shuffle=True, seed=2), 1, *SPAN, 15, 2)
    assert_frame_equal(again.bars, pumped.bars)
    assert (again.posts, again.pumps, again.decoys) == (pumped.posts, pumped.pumps, pumped.decoys)


def test_every_size_and_family_and_decoy_is_there(pumped: Pumped) -> None:
    assert {pump.size for pump in pumped.pumps} == set(SIZES)
    assert {pump.family for pump in pumped.pumps} == set(FAMILIES)
    assert {decoy.kind for decoy in pumped.decoys} == set(DECOYS)


def test_a_pump_rises_by_its_size_at_its_peak(bars: pl.DataFrame, pumped: Pumped) -> None:
    """Beyond what the stock did itself and what an index day added, close is higher by its size."""
    index = {decoy.at for decoy in pumped.decoys if decoy.kind == "index_day"}
    for pump in pumped.pumps:
        if any(pump.begin <= day <= pump.peak for day in index):
            continue
        ratio = _ratio(bars, pumped.bars, pump.ticker)
        before = ratio.filter(pl.col("at") < pump.begin)["ratio"][-1]
        at_peak = ratio.filter(pl.col("at") == pump.peak)["ratio"][0]
        assert at_peak / before == pytest.approx(1 + pump.size, rel=1e-9)


def _ratio(old: pl.DataFrame, new: pl.DataFrame, ticker: str) -> pl.DataFrame:
    both = old.filter(ticker=ticker).join(new, on=["ticker", "at"], suffix="_new")
    return both.select("at", ratio=pl.col("adj_close_new") / pl.col("adj_close")).sort("at")


def test_nothing_moves_before_the_span(bars: pl.DataFrame, pumped: Pumped) -> None:
    early = pl.col("at") < SPAN[0]
    assert_frame_equal(pumped.bars.filter(early), bars.sort("ticker", "at").filter(early))


def test_prices_stay_prices(pumped: Pumped) -> None:
    sound = pumped.bars.filter(
        (pl.col("low") <= pl.col("close") * (1 + 1e-12))
        & (pl.col("high") >= pl.col("close") * (1 - 1e-12))
        & (pl.col("low") > 0)
        & (pl.col("volume") > 0)
    )
    assert len(sound) == len(pumped.bars)


def test_posts_name_the_stock_and_lie_around_the_rise(pumped: Pumped) -> None:
    for pump in pumped.pumps:
        assert pump.begin <= pump.posts <= pump.peak <= pump.end
        own = [
            post
            for post in pumped.posts
            if pump.posts <= post.at < pump.end + 20 * DAY and post.tickers == (pump.ticker,)
        ]
        assert {post.account_id for post in own} >= set(pump.accounts)
        assert len(pump.accounts) >= 8


def test_what_stands_on_one_stock_has_room(bars: pl.DataFrame, pumped: Pumped) -> None:
    at = {day: n for n, day in enumerate(sorted(bars["at"].unique().to_list()))}
    places: dict[str, list[int]] = {}
    for pump in pumped.pumps:
        places.setdefault(pump.ticker, []).append(at[pump.begin])
    for decoy in pumped.decoys:
        places.setdefault(decoy.ticker, []).append(at[decoy.at])
    for ticker, begun in places.items():
        gaps = np.diff(sorted(begun))
        assert ticker == "" or (gaps >= ROOM).all()


def test_a_told_split_leaves_the_adjusted_close(bars: pl.DataFrame, pumped: Pumped) -> None:
    for decoy in pumped.decoys:
        rows = pumped.bars.filter(ticker=decoy.ticker).sort("at") if decoy.ticker else None
        if rows is None or decoy.kind not in ("split", "unadjusted_split"):
            continue
        jump = rows.select(
            "at", close=pl.col("close").pct_change(), own=pl.col("adj_close").pct_change()
        ).filter(pl.col("at") == decoy.at)
        if decoy.kind == "split":
            assert jump["close"].item() < -0.3
            assert abs(jump["own"].item()) < 0.3
        else:
            assert jump["close"].item() == pytest.approx(jump["own"].item())


def test_too_many_are_refused(bars: pl.DataFrame) -> None:
    with pytest.raises(ValueError, match="no room"):
        plant_pumps(bars, 1, *SPAN, pumps=2000)


@pytest.mark.parametrize("family", [*PUMPS, *INNOCENT])
def test_a_course_peaks_at_its_size(family: str) -> None:
    for seed in range(20):
        drawn = course(random.Random(seed), family, 0.4)
        total = np.cumsum(drawn.moves)
        assert len(drawn.moves) == len(drawn.loud)
        assert total[drawn.peak] == total.max() >= np.log(1.4) * 0.99
        assert 0 <= drawn.posts <= drawn.peak
        if family in PUMPS:
            assert total[-1] < 0.6 * total.max()
