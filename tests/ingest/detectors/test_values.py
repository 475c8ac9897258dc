"""Each detector against values computed by hand."""

from __future__ import annotations

from math import erfc, exp, log, sqrt

import numpy as np
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.bars import SCHEMA as BARS
from ingest.market.detectors import attention_spike, detect, joint, named, volume_spike
from ingest.market.detectors.abnormal_return import with_car
from ingest.market.detectors.change_point import level_change
from ingest.market.detectors.figures import with_abnormal, with_shares
from ingest.market.detectors.past import group_starts, usual
from ingest.market.detectors.spread import corwin_schultz
from ingest.market.event_study import event_study, volume_figures
from tests.ingest.detectors.markets import found, market, one_stock
from tests.ingest.market_days import DAY, FIRST

HOUR = 3_600_000
MAD = 1.4826


def test_a_volume_four_spreads_up() -> None:
    """Log volumes of 1 and 3 in turn have median 2 and MAD 1."""
    logs = [1.0, 3.0] * 30 + [2 + 4 * MAD]
    told = found("volume_spike", one_stock(volume=np.expm1(logs))).tail(1)
    assert told["at"].item() == FIRST + 60 * DAY
    assert told["z"].item() == pytest.approx(4.0)
    assert told["p_value"].item() == pytest.approx(3.167124e-5, rel=1e-6)
    assert told["bars_used"].item() == 60
    assert told["explanation"].item() == (
        f"Traded {exp(4 * MAD):.1f} times its usual volume: 4.0 times the usual spread of its last "
        "60 bars."
    )


def test_a_minute_is_judged_by_the_same_minute_of_other_days() -> None:
    """The opening minute trades a hundred times the other; its usual volume is a spike there."""
    rows = [
        ("A", FIRST + day * DAY + minute * 60_000, 10.0, volume)
        for day in range(40)
        for minute, volume in ((225, 1e6), (300, 1e4))
    ]
    rows[-1] = (*rows[-1][:3], 1e6)
    bars = pl.DataFrame(rows, schema=["ticker", "at", "close", "volume"], orient="row")
    told = found("volume_spike", bars)
    assert told["at"].to_list() == [rows[-1][1]]
    assert told["bars_used"].item() == 39
    assert told["z"].item() == pytest.approx(log(1e6 + 1) / 0.1 - log(1e4 + 1) / 0.1)
    assert "bars at this time of the day." in told["explanation"].item()


def test_minutes_are_told_in_the_zone_of_the_exchange() -> None:
    """New York opens at 14:30 UTC in winter and 13:30 in summer: one slot, from 40 such days."""
    march = FIRST // DAY + 67 - 20  # twenty days before its clocks went forward in 2014
    opens = [(march + day) * DAY + (14 * 60 + 30 - 60 * (day >= 20)) * 60_000 for day in range(40)]
    bars = one_stock(volume=[1e6] * 39 + [1e8]).with_columns(at=pl.Series(opens))
    told = detect(volume_spike.detector("America/New_York"), bars)
    assert told["bars_used"].to_list() == [39]
    assert not len(found("volume_spike", bars))


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(0, 2000), min_size=40, max_size=150))
def test_volume_z_is_that_of_the_event_study(volumes: list[int]) -> None:
    volume = np.array(volumes, dtype=np.float64) + 1
    judged = volume_spike.with_volume_z(one_stock(volume=volume))
    z, ratio = volume_figures(volume)
    np.testing.assert_allclose(judged["volume_z"], z, atol=1e-9)
    np.testing.assert_allclose(judged["volume_ratio"], ratio, rtol=1e-9)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.integers(0, 1), st.sampled_from([0.0, 0.5, 1.5, -3.0, 7.0, 7.0, np.nan, np.inf])
        ),
        min_size=10,
        max_size=40,
    ),
    st.integers(1, 9),
    st.integers(1, 4),
)
def test_the_rolling_norm_is_the_plain_one(
    rows: list[tuple[int, float]], window: int, fewest: int
) -> None:
    frame = pl.DataFrame(sorted(rows, key=lambda r: r[0]), schema=["k", "v"], orient="row")
    frame = frame.cast({"k": pl.Int64, "v": pl.Float64})
    values, first = frame["v"].to_numpy(), group_starts(frame, "k")
    norm = usual(values, first, window, fewest)
    for row in range(len(values)):
        past = values[max(first[row], row - window) : row]
        past = past[np.isfinite(past)]
        assert norm.rows[row] == len(past)
        if len(past) < fewest:
            assert np.isnan(norm.centre[row])
            continue
        centre = np.median(past)
        assert norm.centre[row] == pytest.approx(centre)
        assert norm.spread[row] == pytest.approx(MAD * np.median(np.abs(past - centre)))


def test_the_norm_of_an_even_number_of_rows() -> None:
    """-3, 0, 1, 1.5: the median is 0.5, the distances are 0.5, 0.5, 1 and 3.5."""
    values = np.array([0.0, 1.0, 1.5, -3.0, 9.0])
    norm = usual(values, np.zeros(5, dtype=np.int64), 4, 1)
    assert (norm.centre[-1], norm.spread[-1]) == pytest.approx((0.5, 0.75 * MAD))


def test_an_abnormal_return_without_a_market() -> None:
    """Returns of +-0.01 in turn have mean 0; five wild days are in no model; then 0.05."""
    returns = np.array([0.01, -0.01] * 20 + [0.3] * 5 + [0.05])
    prices = 100 * np.cumprod([1.0, *(1 + returns)])
    told = found("abnormal_return", one_stock(adj_close=prices))
    last = told.filter((pl.col("at") == FIRST + 46 * DAY) & (pl.col("kind") == "abnormal_return"))
    z = 0.05 / sqrt(40 * 0.01**2 / 39)
    assert last["z"].item() == pytest.approx(z)
    assert last["p_value"].item() == pytest.approx(erfc(z / sqrt(2)))  # up or down
    assert last["bars_used"].item() == 40
    assert last["explanation"].item() == (
        "Rose 5.0 % where its usual bar is 0.0 %: 4.9 times its usual swing."
    )


def test_abnormal_returns_are_those_of_the_event_study() -> None:
    bars = market(stocks=7, days=180).with_columns(known_at=pl.col("at"))
    days = event_study(bars.select(BARS.names).to_arrow().cast(BARS))
    judged = with_abnormal(bars)
    for name, column in (("abnormal", days.abnormal), ("abnormal_z", days.z)):
        np.testing.assert_array_equal(judged[name], column)
    np.testing.assert_array_equal(judged["market_based"], days.market_based)


def test_bars_used_leaves_out_days_without_a_market() -> None:
    """Seven stocks; on the first 20 days only one of them trades, so it has no market there."""
    bars = market(stocks=7, days=80)
    alone = (pl.col("ticker") == "S00") | (pl.col("at") >= FIRST + 20 * DAY)
    judged = with_abnormal(bars.filter(alone))
    last = judged.filter((pl.col("ticker") == "S00") & (pl.col("at") == FIRST + 79 * DAY))
    # Returns of days 21 to 73: on day 20 the others have no bar before.
    assert last["model_bars"].item() == 53


def _judged(abnormal: list[float], swing: list[float]) -> pl.DataFrame:
    """A frame that has the market model's columns already."""
    frame = one_stock(abnormal=abnormal).with_columns(
        swing=pl.Series(swing), returns=pl.Series(abnormal), explained=0.0, market=0.0
    )
    z = pl.col("abnormal") / pl.col("swing")
    return frame.with_columns(abnormal_z=z, market_based=True, model_bars=pl.lit(120))


def test_a_sum_over_three_bars() -> None:
    judged = with_car(_judged([9.0, 0.01, 0.02, 0.03], [0.1, 0.01, 0.02, 0.02]), 3)
    assert judged["car"][-1] == pytest.approx(0.06)
    assert judged["car_z"][-1] == pytest.approx(0.06 / 0.03)
    assert judged["car_z"][1] is None


def test_three_small_returns_sum_to_a_large_one() -> None:
    """Each is two swings, together they are 6 / sqrt(3) of a bar's swing."""
    told = found("abnormal_return", _judged([0.0] * 5 + [0.02] * 3, [0.01] * 8))
    assert told["kind"].to_list() == ["car_3"]
    assert told["z"].item() == pytest.approx(6 / sqrt(3))
    assert told["window"].item() == "[-2, 0]"


@pytest.mark.parametrize(("undone", "reversals"), [(0.6, 1), (0.4, 0), (-1.0, 0)])
def test_a_jump_of_which_half_is_undone_is_a_reversal(undone: float, reversals: int) -> None:
    """Up 0.10, then 0.10 * undone lost over the next five bars in equal parts."""
    judged = _judged([0.0, 0.10] + [-0.10 * undone / 5] * 5, [0.01] * 7)
    told = found("abnormal_return", judged).filter(pl.col("kind") == "reversal")
    assert len(told) == reversals
    if reversals:
        assert told["at"].item() == FIRST + 6 * DAY
        assert told["z"].item() == pytest.approx(-0.06 / (0.01 * sqrt(5)))
        assert told["explanation"].item() == (
            "Rose 10.0 % beyond what is explained, 10.0 times its usual swing; 5 bars later 60.0 % "
            "of that was undone."
        )


def test_a_drift_is_summed_before_the_event_and_without_it() -> None:
    told = found("drift", _judged([0.0] * 3 + [0.01] * 10 + [0.04], [0.01] * 14))
    assert told["at"].to_list() == [FIRST + 13 * DAY]
    assert told["z"].item() == pytest.approx(10 / sqrt(10))
    assert told["explanation"].item() == (
        "Before its abnormal return of 4.0 % it had gained 10.0 % in 10 bars beyond what is "
        "explained: 3.2 times the usual swing of so many bars."
    )


def test_a_drift_without_an_event_after_it_is_none() -> None:
    assert not len(found("drift", _judged([0.0] * 3 + [0.01] * 11, [0.01] * 14)))


@pytest.mark.parametrize(
    ("high", "low", "close_0", "spread"),
    [
        (1.1, 1.0, 1.05, 2 * 0.1 / 2.1),  # the same range twice: alpha is its log, ln 1.1
        (2.1, 2.0, 1.0, 2 * 0.1 / 2.1),  # a gap of 1.00 up is taken out
        (0.6, 0.5, 1.1, 2 * 0.1 / 2.1),  # and of 0.50 down
        (1.21, 1.1, 1.1, 0.0),  # a trend: negative, so none
        (0.9, 1.0, 1.05, np.nan),  # no range
    ],
)
def test_the_estimator_of_corwin_and_schultz(
    high: float, low: float, close_0: float, spread: float
) -> None:
    got = corwin_schultz(*(np.array([v]) for v in (high, low, 1.1, 1.0, close_0)))
    assert got[0] == pytest.approx(spread, nan_ok=True)


def test_a_spread_that_widens() -> None:
    """The range goes from 1 % to 10 %. The second wide pair is the first of two equal ranges."""
    high = [1.01] * 50 + [1.1] * 5
    told = found("spread", one_stock(high=high, low=1.0, close=1.0, adj_close=1.0))
    narrow, wide = 2 * 0.01 / 2.01, 2 * 0.1 / 2.1
    mixed = corwin_schultz(*(np.array([v]) for v in (1.1, 1.0, 1.01, 1.0, 1.0)))[0]
    last = (mixed + 4 * wide) / 5
    assert told["z"][-1] == pytest.approx((last - narrow) / 0.001)
    assert told["at"][-1] == FIRST + 54 * DAY


def test_illiquidity_rises_by_a_fifth_of_a_log_each_bar() -> None:
    """One log more on each of five bars; so the mean rises by 0.2 a bar, the least scale."""
    volume = [1e6] * 50 + [1e6 / exp(1)] * 5
    told = found("illiquidity", one_stock(volume=volume, returns=[0.01] * 55), 0.5)
    assert told["z"].to_list() == pytest.approx([1, 2, 3, 4, 5])
    assert told["explanation"][-1].startswith("The same money moved its price 2.7 times as much")


def test_a_part_delivered_five_spreads_down() -> None:
    told = found("delivery_drop", one_stock(delivered=[5e5] * 40 + [3.5e5, 6.5e5]))
    assert told["at"].to_list() == [FIRST + 40 * DAY]
    assert told["z"].item() == pytest.approx(-0.15 / 0.03)
    assert told["explanation"].item().startswith("35.0 % of the traded shares were delivered where")


def test_days_without_a_word_on_deliveries_are_no_days() -> None:
    told = found("delivery_drop", one_stock(delivered=[5e5, None] * 30 + [3.5e5]))
    assert told["bars_used"].to_list() == [30]


def _posts(*counts: tuple[int, int]) -> pl.DataFrame:
    """(hour since FIRST, how many accounts) as posts on stock A."""
    rows = [
        ("A", FIRST + hour * HOUR + 7, f"x:{n}") for hour, count in counts for n in range(count)
    ]
    return pl.DataFrame(rows, schema=["ticker", "at", "account"], orient="row")


def test_nine_accounts_where_one_is_usual() -> None:
    told = found("attention_spike", _posts(*((24 * d + 9, 1) for d in range(20)), (24 * 20 + 9, 9)))
    assert told["at"].to_list() == [FIRST + (24 * 20 + 9) * HOUR]
    assert told["z"].item() == pytest.approx(2 * sqrt(9.375) - 2 * sqrt(1.375))
    assert told["bars_used"].item() == 20


def test_hours_without_a_post_count_as_none() -> None:
    told = found("attention_spike", _posts((9, 1), (24 * 40 + 12, 6)))
    assert told["z"].item() == pytest.approx(2 * sqrt(6.375) - 2 * sqrt(0.375))
    assert told["bars_used"].item() == 28


def test_the_spread_of_counts_is_the_mad_over_the_days_before() -> None:
    """Counts of 0 and 6 in turn, 14 days each; then 20."""
    days = [(24 * day + 9, 6) for day in range(0, 28, 2)]
    told = found("attention_spike", _posts(*days, (24 * 28 + 9, 40)))
    none, six = 2 * sqrt(0.375), 2 * sqrt(6.375)
    centre, spread = (none + six) / 2, MAD * (six - none) / 2
    assert told["z"].item() == pytest.approx((2 * sqrt(40.375) - centre) / spread)


def test_one_account_that_repeats_itself_is_no_crowd() -> None:
    posts = _posts(*((24 * d + 9, 1) for d in range(20)))
    again = pl.concat([posts, *[posts.tail(1)] * 50])
    assert not len(found("attention_spike", again))


def test_attention_by_the_day() -> None:
    posts = _posts(*((24 * d + d % 5, 1) for d in range(20)), (480, 3), (490, 9))
    told = detect(attention_spike.detector(24), posts)
    assert told["at"].to_list() == [FIRST + 20 * DAY]
    assert told["z"].item() == pytest.approx(2 * sqrt(9.375) - 2 * sqrt(1.375))


def test_the_oddest_bar_there_was_has_the_least_p() -> None:
    bars = market(stocks=20, days=200)
    odd = (pl.col("ticker") == "S03") & (pl.col("at") == FIRST + 190 * DAY)
    bars = bars.with_columns(
        adj_close=pl.when((pl.col("ticker") == "S03") & (pl.col("at") >= FIRST + 190 * DAY))
        .then(pl.col("adj_close") * 2)
        .otherwise("adj_close"),
        high=pl.when(odd).then(pl.col("high") * 2).otherwise("high"),
        volume=pl.when(odd).then(pl.col("volume") * 5000).otherwise("volume"),
    )
    told = found("joint", bars).filter(odd)
    compared = told["bars_used"].item()
    assert compared >= 1000
    assert told["p_value"].item() == pytest.approx(1 / (compared + 1))
    assert (
        told["explanation"].item().endswith(f"of {compared} earlier bars, 0 were as odd together.")
    )


def test_bars_as_odd_as_one_count_as_odd() -> None:
    """Of 2,000 earlier bars one in ten is the same as the bar that is judged."""
    plain = np.random.default_rng(1).normal(0, 1, (2000, 3))
    plain[::10] = 15.0
    p_value = joint.rarity(plain, plain, np.full((1, 3), 15.0))
    assert 201 / 2001 <= p_value[0] < 220 / 2001


def test_a_joint_judgement_needs_a_thousand_bars_to_compare_with() -> None:
    """Eight stocks have 1,920 bars, of which half grow the trees; fifteen have enough."""
    few, enough = (found("joint", market(stocks=n, days=240), 2.0) for n in (8, 15))
    assert not len(few)
    assert len(enough)
    assert enough["bars_used"].min() >= 1000  # type: ignore[operator]


def _levels(after: list[float]) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    logs = [1.0, 3.0] * 25 + after
    return np.column_stack([logs, np.zeros(len(logs))])


def test_a_new_level_of_volume() -> None:
    """50 bars of mean 2, then 10 of mean 5: the errors fall by 50 * 10 / 60 * (3 / 1.4826)^2."""
    change = level_change(_levels([4.0, 6.0] * 5))
    assert change is not None
    gain = 50 * 10 / 60 * (3 / MAD) ** 2
    assert change["cut"] == 50
    assert change["p_value"] == pytest.approx(55 * exp(-gain / 2))
    assert change["volume_times"] == pytest.approx(exp(3))
    assert change["return_more"] == 0


def test_one_wild_bar_is_no_new_level() -> None:
    change = level_change(_levels([1.0, 3.0] * 4 + [1.0, 30.0]))
    assert change is None or change["z"] < 3


def test_a_level_that_changed_long_ago_is_not_new() -> None:
    logs = np.concatenate([np.tile([1.0, 3.0], 15), np.tile([6.0, 8.0], 15)])
    assert level_change(np.column_stack([logs, np.zeros(60)])) is None


def test_change_points_are_looked_for_where_told_only() -> None:
    logs = [1.0, 3.0] * 26 + [4.0, 6.0] * 5
    bars = one_stock(volume=np.expm1(logs))
    told = detect(named("change_point"), bars, only=bars.tail(1))
    assert told["at"].to_list() == [FIRST + 61 * DAY]
    assert told["explanation"].item().startswith("Since 2014-02-22 it has been on another level: ")
    assert len(found("change_point", bars)) > 1
    assert not len(detect(named("change_point"), bars, only=bars.head(5)))


def test_shares_follow_an_exact_ratio_and_no_other() -> None:
    """Three for one on day 2; on day 4 a dividend of 2 % parts close from adj_close."""
    close = [90.0, 90.0, 30.0, 30.0, 29.4]
    adjusted = [29.4, 29.4, 29.4, 29.4, 29.4]
    frame = with_shares(one_stock(close=close, adj_close=adjusted))
    assert frame["shares"].to_list() == [1, 1, 3, 3, 3]


def test_arrow_and_whole_numbers_are_taken() -> None:
    table = pa.table({"ticker": ["A"] * 40, "at": [FIRST + DAY * d for d in range(40)]})
    table = table.append_column("close", [[10] * 40]).append_column("volume", [[5] * 39 + [5000]])
    told = detect(named("volume_spike"), pl.DataFrame(pl.from_arrow(table)))
    assert detect(named("volume_spike"), table).equals(told)
    assert told["z"].item() == pytest.approx((log(5001) - log(6)) / 0.1)
