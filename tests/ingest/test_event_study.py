"""The event study against hand-computed values, against statsmodels, and against time travel."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import fields
from statistics import median

import numpy as np
import pyarrow as pa
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from graph.model import Bar
from ingest.market import event_study as study
from ingest.market import yahoo_csv
from ingest.market.event_study import ESTIMATION, FEWEST_DAYS, GAP, StockDays, event_study
from tests.conftest import data_file
from tests.ingest.market_days import at, bar, calm_market, series, table

Floats = NDArray[np.float64]


def test_a_hand_computed_market_model() -> None:
    """r = 0.01 + 2 m with errors of +-0.001 in turn, then a day of 0.10 on a market of 0.02.

    The market goes 0, 0, 0.01, 0.01 and round again, so the errors are orthogonal to it and to the
    constant: a = 0.01, b = 2 exactly, and the squared errors sum to 40 * 0.001 ** 2. The five wild
    days before the last are not looked at.
    """
    market = np.array([0.0, 0.0, 0.01, 0.01] * 10 + [0.0] * 5 + [0.02])
    errors = np.array([0.001, -0.001] * 20 + [0.3] * 5 + [0.0])
    returns = 0.01 + 2 * market + errors
    returns[-1] = 0.10
    model = study.fit(returns, market)
    assert model.explained[-1] == pytest.approx(0.05, abs=1e-12)
    assert model.swing[-1] == pytest.approx((40 * 0.001**2 / 38) ** 0.5, rel=1e-9)
    assert model.market_based[-1]


def test_a_hand_computed_mean_adjusted_model() -> None:
    returns = np.array([0.01, -0.01] * 20 + [0.3] * 5 + [0.05])
    model = study.fit(returns, np.full(len(returns), np.nan))
    assert model.explained[-1] == pytest.approx(0.0, abs=1e-15)
    assert model.swing[-1] == pytest.approx((40 * 0.01**2 / 39) ** 0.5, rel=1e-9)
    assert not model.market_based[-1]


def test_what_lies_more_than_125_traded_days_back_is_forgotten() -> None:
    returns = np.array([9.0] + [0.01, -0.01] * 60 + [0.0] * 5 + [0.05])
    model = study.fit(returns, np.full(len(returns), np.nan))
    assert model.explained[-1] == pytest.approx(0.0, abs=1e-15)
    assert model.explained[-2] == pytest.approx((9.0 + 0.01) / 120)


def test_the_market_is_the_mean_of_the_others() -> None:
    returns = np.array([0.01, 0.02, 0.03, 0.04, 0.05, np.nan])
    market = study.leave_one_out(returns, np.zeros(6, dtype=np.int64))
    assert market == pytest.approx([0.035, 0.0325, 0.03, 0.0275, 0.025, 0.03])


def test_four_stocks_are_no_market() -> None:
    returns = np.array([0.01, 0.02, 0.03, 0.04])
    assert np.isnan(study.leave_one_out(returns, np.zeros(4, dtype=np.int64))).all()


def test_an_outlier_counts_in_the_market_only_as_far_as_its_day_reaches() -> None:
    """Median 0, median distance 0.01: whatever is beyond 3 * 1.4826 * 0.01 counts as that."""
    returns = np.array([-0.02, -0.01, 0.0, 0.01, 5.0])
    market = study.leave_one_out(returns, np.zeros(5, dtype=np.int64))
    assert market[2] == pytest.approx((-0.02 - 0.01 + 0.01 + 3 * 1.4826 * 0.01) / 4)


def test_a_hand_computed_volume_z() -> None:
    """Log volumes of 1 and 3 in turn have median 2 and MAD 1, so a log of 2 + 1.4826 * 4 is 4."""
    logs = np.array([1.0, 3.0] * 30 + [2 + 1.4826 * 4])
    z, ratio = study.volume_figures(np.expm1(logs))
    assert z[-1] == pytest.approx(4.0)
    assert ratio[-1] == pytest.approx(np.exp(1.4826 * 4))


def test_a_day_is_not_in_its_own_volume_norm_and_a_flat_past_has_a_floor() -> None:
    logs = np.array([5.0] * FEWEST_DAYS + [6.0])
    z, _ = study.volume_figures(np.expm1(logs))
    assert np.isnan(z[:FEWEST_DAYS]).all()
    assert z[-1] == pytest.approx(1.0 / study.LEAST_VOLUME_SCALE)


def test_figures_begin_after_thirty_returns_and_the_gap() -> None:
    days = event_study(table(calm_market(days=60)))
    first = np.flatnonzero(np.isfinite(days.z[days.ticker == "S0"]))[0]
    assert first == 1 + 30 + 5


def test_days_without_volume_are_dropped_and_the_next_return_spans_them() -> None:
    halted = [bar("A", 0, 10), bar("A", 1, 10, volume=0), bar("A", 2, 11)]
    days = event_study(table(halted))
    assert days.at.tolist() == [at(0), at(2)]
    assert days.returns[1] == pytest.approx(0.1)


def test_a_stock_that_never_moved_has_the_least_swing_not_none() -> None:
    days = event_study(table(series("A", [0.0] * 60 + [0.05])))
    assert days.swing[-1] == study.LEAST_SWING
    assert days.z[-1] == pytest.approx(0.05 / study.LEAST_SWING)


@pytest.mark.parametrize(
    ("jump", "ratio"),
    [(2.0, 2), (3.001, 3), (1.5, 1.5), (0.1, 0.1), (1.02, 1), (2.1, 1), (10.0, 10)],
)
def test_only_an_exact_ratio_is_a_split(jump: float, ratio: float) -> None:
    assert study.split_ratio(jump) == pytest.approx(ratio)


def test_bars_that_come_later_move_nothing() -> None:
    bars = calm_market(days=200)
    later = [*bars, *(bar("NEW", day, 5.0 + day) for day in range(160, 201))]
    past = event_study(table([b for b in bars if b.at <= at(150)]))
    full = event_study(table(later))
    seen = full.at <= at(150)
    assert seen.sum() == len(past.at)
    for name in (field.name for field in fields(StockDays)):
        np.testing.assert_array_equal(getattr(past, name), getattr(full, name)[seen], err_msg=name)


figures = st.floats(-0.2, 0.2).map(lambda x: round(x, 5))
holes = st.one_of(figures, figures, figures, st.just(float("nan")))


@settings(max_examples=25, deadline=None)
@given(st.data(), st.integers(36, 200))
def test_rolling_fits_are_those_of_one_ols_a_day(data: st.DataObject, size: int) -> None:
    seed = data.draw(st.integers(0, 2**32 - 1))
    draws = np.random.default_rng(seed)
    market = draws.normal(0, 0.01, size)
    returns = 0.001 + draws.uniform(-2, 2) * market + draws.normal(0, 0.02, size)
    for target in (market, returns):
        for place in data.draw(st.lists(st.integers(0, size - 1), max_size=5)):
            target[place] = data.draw(holes)
    _same(study.fit(returns, market), returns, market)


def test_real_prices_give_what_an_independent_calculation_gives() -> None:
    """StockNet: market, fit and z again, from plain Python and statsmodels, for every 293rd day."""
    prices = data_file("stocknet_prices_daily.csv.gz")
    bars = [b for b in yahoo_csv.read(prices) if isinstance(b, Bar)]
    days = event_study(table(bars))
    returns = _plain_returns(bars)
    market = _plain_market(returns)
    checked = 0
    for row in range(0, len(days.at), 293):
        ticker = days.ticker[row]
        own = returns[ticker]
        place = list(own).index(int(days.at[row]))
        past = list(own)[: place - GAP][-ESTIMATION:] if place > GAP else []
        checked += _check(days, row, own, market[ticker], past)
    assert checked > 300


def _check(
    days: StockDays, row: int, own: dict[int, float], market: dict[int, float], past: list[int]
) -> int:
    known = [day for day in past if day in market and np.isfinite(own[day])]
    today = int(days.at[row])
    if len(known) < FEWEST_DAYS or today not in market:
        return 0
    x = sm.add_constant(np.array([market[day] for day in known]))
    fitted = sm.OLS(np.array([own[day] for day in known]), x).fit()
    explained = float(fitted.predict([[1.0, market[today]]])[0])
    abnormal = own[today] - explained
    assert days.abnormal[row] == pytest.approx(abnormal, abs=1e-9)
    assert days.z[row] == pytest.approx(abnormal / fitted.mse_resid**0.5, abs=1e-9)
    return 1


def _plain_returns(bars: list[Bar]) -> dict[str, dict[int, float]]:
    found: dict[str, dict[int, float]] = defaultdict(dict)
    last: dict[str, float] = {}
    for b in sorted(bars, key=lambda b: (b.ticker, b.at)):
        if b.volume > 0:
            found[b.ticker][b.at] = b.adj_close / last.get(b.ticker, float("nan")) - 1
            last[b.ticker] = b.adj_close
    return found


def _plain_market(returns: dict[str, dict[int, float]]) -> dict[str, dict[int, float]]:
    days: dict[int, dict[str, float]] = defaultdict(dict)
    for ticker, own in returns.items():
        for day, value in own.items():
            if np.isfinite(value):
                days[day][ticker] = value
    found: dict[str, dict[int, float]] = defaultdict(dict)
    for day, values in days.items():
        if len(values) < 5:
            continue
        centre = median(values.values())
        reach = 3 * max(1.4826 * median(abs(v - centre) for v in values.values()), 0.005)
        held = {t: min(max(v, centre - reach), centre + reach) for t, v in values.items()}
        for ticker in returns:
            others = [v for t, v in held.items() if t != ticker]
            found[ticker][day] = sum(others) / len(others)
    return found


def _same(model: study.Fit, returns: Floats, market: Floats) -> None:
    """Each day of the model against one least-squares fit of its own past."""
    for day in range(len(returns)):
        past = slice(max(0, day - GAP - ESTIMATION), max(0, day - GAP))
        y, x = returns[past], market[past]
        both = np.isfinite(y) & np.isfinite(x)
        if both.sum() >= FEWEST_DAYS and np.isfinite(market[day]):
            fitted = sm.OLS(y[both], sm.add_constant(x[both], has_constant="add")).fit()
            want = float(fitted.params @ [1.0, market[day]]), fitted.mse_resid**0.5
        elif np.isfinite(y).sum() >= FEWEST_DAYS:
            known = y[np.isfinite(y)]
            want = float(known.mean()), float(known.std(ddof=1))
        else:
            want = float("nan"), float("nan")
        got = float(model.explained[day]), float(model.swing[day])
        assert got == pytest.approx(want, abs=1e-9, nan_ok=True), day


def test_an_empty_table_has_no_days() -> None:
    assert len(event_study(pa.Table.from_pylist([], schema=table([]).schema)).at) == 0
