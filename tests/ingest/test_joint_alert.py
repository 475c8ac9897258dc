"""Stock-days and the alert on them: sessions, what is usual, the score, runs, no look ahead."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import numpy as np
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from ingest.market.joint_alert import MOST_CHORUS, joint_alerts, runs, with_score
from ingest.market.stock_days import PAST, counted_z, in_sessions, stock_days
from tests.ingest.detectors.markets import market
from tests.ingest.market_days import DAY, FIRST

NEW_YORK = ZoneInfo("America/New_York")
HOUR = 3_600_000
POSTS = {
    "ticker": pl.String,
    "at": pl.Int64,
    "account": pl.String,
    "text": pl.String,
    "links": pl.List(pl.String),
}
START = 200  # the day on which the campaign begins


def _at(day: int, hour: int) -> int:
    """An hour in New York of a day of January 2015; the 2nd is a Friday."""
    return int(datetime(2015, 1, day, hour, tzinfo=NEW_YORK).timestamp() * 1000)


def _midnight(day: int) -> int:
    return int(datetime(2015, 1, day, tzinfo=UTC).timestamp() * 1000)


def posts(rows: list[tuple[str, int, str, str]]) -> pl.DataFrame:
    return pl.DataFrame([(*row, []) for row in rows], schema=POSTS, orient="row")


def talk() -> pl.DataFrame:
    """A post a week of two stocks from day 100 on; ten accounts say one new thing of S00."""
    rows = [
        (stock, FIRST + day * DAY + 9 * HOUR, f"x:{n}", f"day {day} went by as most do")
        for n, stock in enumerate(("S00", "S01"))
        for day in range(100, 240, 7)
    ]
    rows += [
        ("S00", FIRST + (START + n % 3) * DAY + 10 * HOUR, f"x:ring{n}", f"Flarbo deal! {n}")
        for n in range(10)
    ]
    return posts(rows)


def pushed(size: float = 0.04) -> pl.DataFrame:
    """The market, S00 rising by so much a day for five days at three times its volume."""
    bars = market().drop("delivered")
    place = ((pl.col("at") - FIRST) // DAY - START + 1).clip(0, 5)
    up = pl.when(pl.col("ticker") == "S00").then((1 + size) ** place).otherwise(1.0)
    loud = (pl.col("ticker") == "S00") & place.is_between(1, 4)
    return bars.with_columns(
        *(pl.col(name) * up for name in ("open", "high", "low", "close", "adj_close")),
        volume=pl.when(loud).then(pl.col("volume") * 3).otherwise("volume"),
    )


def test_a_post_after_the_close_belongs_to_the_next_session() -> None:
    days = pl.Series([_midnight(2), _midnight(5)])
    told = [(_at(2, 15), 0), (_at(2, 16), 1), (_at(4, 3), 1), (_at(5, 1), 1)]
    rows = posts([("A", at, f"x:{n}", "") for n, (at, _) in enumerate(told)])
    placed = in_sessions(rows, days, "America/New_York", 16).sort("account")
    assert placed["session"].to_list() == [session for _, session in told]


def test_a_post_after_the_last_session_is_left_out() -> None:
    rows = posts([("A", _at(5, 17), "x:1", "")])
    assert not len(in_sessions(rows, pl.Series([_midnight(5)]), "America/New_York", 16))


def test_before_the_first_post_nobody_spoke() -> None:
    """Ten on the first day are 2 sqrt(10.375) - 2 sqrt(0.375) spreads of a Poisson up."""
    z = counted_z(np.array([10, 0, 0]), np.zeros(3, dtype=np.int64))
    assert z[0] == pytest.approx(2 * 10.375**0.5 - 2 * 0.375**0.5)
    assert z[1] == z[2] == 0


def test_half_a_year_of_talk_is_usual() -> None:
    counts = np.array([9] * PAST + [9, 16], dtype=np.int64)
    z = counted_z(np.concatenate([counts, [9]]), np.array([0] * len(counts) + [len(counts)]))
    assert z[PAST] == 0
    assert z[PAST + 1] == pytest.approx(2 * 16.375**0.5 - 2 * 9.375**0.5)
    assert z[-1] > 4  # another stock, whose past is its own


def test_a_ring_that_moves_the_price_is_an_alert_and_says_why() -> None:
    found = joint_alerts(stock_days(pushed(), talk()))
    assert [alert.ticker for alert in found] == ["S00"]
    alert = found[0]
    assert FIRST + START * DAY <= alert.at <= FIRST + (START + 3) * DAY
    assert alert.thing in ("flarbo", "deal")
    assert alert.p_value < 0.001
    assert "say the same new thing" in alert.explanation
    assert "None" not in alert.explanation


def test_without_the_ring_there_is_none_and_without_the_rise_it_weighs_less() -> None:
    quiet = talk().filter(~pl.col("account").str.contains("ring"))
    assert not joint_alerts(stock_days(pushed(), quiet))
    risen, fallen = (
        with_score(stock_days(pushed(size), talk()))
        .filter(pl.col("ticker") == "S00")["score"]
        .max()
        for size in (0.04, -0.02)
    )
    assert risen > fallen + 1  # type: ignore[operator]


def test_a_reversal_afterwards_and_all_that_is_later_changes_nothing_earlier() -> None:
    cut = FIRST + (START + 2) * DAY
    bars, told = pushed(), talk()
    wild = bars.with_columns(
        pl.when(pl.col("at") > cut).then(pl.col(name) / 3).otherwise(name).alias(name)
        for name in ("open", "high", "low", "close", "adj_close")
    )
    more = told.filter(pl.col("at") >= cut + DAY).with_columns(
        account=pl.lit("y:") + pl.col("text")
    )
    known = with_score(
        stock_days(bars.filter(pl.col("at") <= cut), told.filter(pl.col("at") < cut + DAY))
    )
    later = with_score(stock_days(wild, pl.concat([told, more])))
    assert_frame_equal(later.filter(pl.col("at") <= cut), known, check_exact=True)
    assert len(known) > 1000


def test_no_posts_no_stock_days() -> None:
    assert not len(stock_days(market(), posts([])))


def test_the_score_counts_each_figure_to_its_most_and_not_below_nothing() -> None:
    names = [f"{kind}_{n}" for kind in ("steady", "volume") for n in (1, 3, 5, 10)]
    row = {name: [0.0, 100.0, -5.0, None] for name in names}
    rows = pl.DataFrame({"chorus_z": [2.0, 100.0, -3.0, float("nan")], **row}, strict=False)
    scored = with_score(rows)
    assert scored["score"].to_list() == [2.0, MOST_CHORUS + 3.0 + 1.5, 0.0, 0.0]


def test_days_within_a_week_are_one_alert() -> None:
    days = pl.DataFrame({"ticker": "A", "at": [DAY, 8 * DAY, 16 * DAY, 17 * DAY]})
    scored = days.with_columns(score=pl.Series([6.0, 6.0, 6.0, 5.0]))
    assert runs(scored, 6.0).rows() == [("A", DAY, 8 * DAY), ("A", 16 * DAY, 16 * DAY)]
