"""All detectors at once say what each says alone; one new bar is judged as in the whole."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from polars.testing import assert_frame_equal
from sklearn.ensemble import IsolationForest

from ingest.market.detectors import ALL, change_point, detect, joint
from ingest.market.detectors.every import figures, find_every, telling
from ingest.market.detectors.figures import values
from ingest.market.detectors.forest import SEED, TREES, grow
from ingest.market.detectors.past import group_starts
from ingest.market.rolling import change, rolled, shifted
from tests.ingest.detectors.markets import crowd, given, market
from tests.ingest.market_days import DAY, FIRST

LINE = 2.0
SINCE = FIRST + 120 * DAY


def _sorted(found: pl.DataFrame) -> pl.DataFrame:
    return found.sort("ticker", "at", "kind")


def test_all_at_once_say_what_each_says_alone() -> None:
    bars, posts = market(), crowd()
    cheap = [
        detect(d, posts if d.of == "posts" else bars, LINE) for d in ALL.values() if not d.costly
    ]
    only = telling(pl.concat(cheap))
    costly = [detect(d, bars, LINE, only) for d in ALL.values() if d.costly]
    assert len(only) > 10
    assert len(costly[0]), "a test that compares nothing with nothing"
    assert_frame_equal(find_every(bars, posts, LINE), _sorted(pl.concat([*cheap, *costly])))


def test_without_posts_and_deliveries_the_others_still_look() -> None:
    found = find_every(market().drop("delivered"), None, LINE)
    assert {"abnormal_return", "joint"} <= set(found["kind"])
    assert not {"attention_spike", "delivery_drop"} & set(found["kind"])


@pytest.mark.parametrize("name", [n for n, d in ALL.items() if not d.costly])
def test_what_is_asked_of_the_last_days_is_what_the_whole_says_of_them(name: str) -> None:
    rows = given(name)
    whole = detect(ALL[name], rows, LINE).filter(pl.col("at") >= SINCE)
    assert len(whole), "a test that compares nothing with nothing"
    assert_frame_equal(detect(ALL[name], rows, LINE, since=SINCE), whole, check_exact=True)


def test_all_detectors_may_be_asked_of_the_last_days() -> None:
    bars, posts = market(), crowd()
    whole = find_every(bars, posts, LINE).filter(pl.col("at") >= SINCE)
    assert "change_point" in set(whole["kind"])
    assert_frame_equal(find_every(bars, posts, LINE, since=SINCE), whole, check_exact=True)


def test_a_forest_grown_before_judges_as_one_that_is_handed_in() -> None:
    bars = market()
    since = FIRST + 190 * DAY
    forest = joint.trained(figures(bars.filter(pl.col("at") < since)))
    assert forest is not None
    told = detect(joint.detector(forest), bars, LINE, since=since)
    assert len(told)
    assert (told["at"] >= since).all()
    assert (told["bars_used"] == len(forest.compared)).all()


def test_too_few_rows_grow_no_forest() -> None:
    assert joint.trained(figures(market(stocks=6, days=60))) is None


def test_our_walk_ranks_rows_as_scikit_learn_does() -> None:
    draws = np.random.default_rng(3)
    grown, compared, asked = (draws.standard_t(3, (n, 3)) for n in (900, 1_200, 500))
    forest = grow(grown, compared)
    theirs = IsolationForest(n_estimators=TREES, random_state=SEED).fit(grown)
    scores = np.sort(theirs.score_samples(compared))
    at_least = np.searchsorted(scores, theirs.score_samples(asked), side="right")
    np.testing.assert_allclose(forest.rarity(asked), (1 + at_least) / (1 + len(scores)), atol=2e-3)
    ours, theirs_ = forest.lengths(asked), theirs.score_samples(asked)
    assert (np.diff(theirs_[np.argsort(ours)]) > -1e-12).all()


def test_the_quick_look_leaves_ruptures_every_change_that_it_would_find() -> None:
    """At every bar, not only at likely ones, ruptures finds no more."""
    bars = market(stocks=4).with_columns(triggered=pl.lit(True))
    frame = figures(bars)
    told = change_point.find(frame, LINE)
    signal = np.column_stack(
        [np.log1p(values(frame, "volume") / values(frame, "shares")), values(frame, "returns")]
    )
    signal = np.nan_to_num(signal)
    first = group_starts(frame, "ticker")
    changes = [
        change_point.level_change(signal[max(first[r] + 1, r + 1 - change_point.WINDOW) : r + 1])
        for r in range(len(frame))
    ]
    by_ruptures = sum(bool(c) and c["z"] >= LINE for c in changes if c is not None)
    assert len(told) == by_ruptures > 0


def test_shifts_changes_and_sums_stop_at_a_stock() -> None:
    values_ = np.array([1.0, 2.0, 4.0, 8.0, np.nan, 5.0])
    first = np.array([0, 0, 0, 3, 3, 3])
    np.testing.assert_array_equal(shifted(values_, first, 1), [np.nan, 1, 2, np.nan, 8, np.nan])
    np.testing.assert_array_equal(change(values_, first), [np.nan, 1, 1, np.nan, np.nan, np.nan])
    np.testing.assert_array_equal(rolled(values_, first, 2), [np.nan, 3, 6, np.nan, np.nan, np.nan])
