"""Days that ended at a price limit, and sessions without a trade."""

from __future__ import annotations

from datetime import UTC, datetime

import polars as pl
import pytest

from ingest.market.calendars import sessions
from ingest.market.marks import SCHEMA, marks


def day(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()) * 1000


BOMBAY = sessions("XBOM", day("2024-01-01"), day("2024-12-31"))
Row = tuple[str, float, float, float]  # day, high, low, close


def bars(ticker: str, *rows: Row, adjusted: tuple[float, ...] = ()) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "ticker": ticker,
            "at": [day(row[0]) for row in rows],
            "high": [float(row[1]) for row in rows],
            "low": [float(row[2]) for row in rows],
            "close": [float(row[3]) for row in rows],
            "adj_close": adjusted or [float(row[3]) for row in rows],
            "volume": 1_000.0,
        }
    )


def last(frame: pl.DataFrame) -> tuple[str | None, int]:
    found = marks(frame, dict.fromkeys(frame["ticker"], BOMBAY))
    assert found.schema == SCHEMA
    return found.select("limit", "halted").rows()[-1]


@pytest.mark.parametrize(
    ("before", "high", "low", "close", "limit"),
    [
        (100.0, 105.0, 100.0, 105.0, "upper 5 %"),
        (100.0, 110.0, 100.0, 110.0, "upper 10 %"),
        (100.0, 120.0, 100.0, 120.0, "upper 20 %"),
        (100.0, 100.0, 95.0, 95.0, "lower 5 %"),
        (100.0, 90.0, 90.0, 90.0, "lower 10 %"),
        (100.0, 99.0, 80.0, 80.0, "lower 20 %"),
        (101.3, 106.35, 100.0, 106.35, "upper 5 %"),  # 106.365, to the tick of 0.05
        (101.3, 106.36, 100.0, 106.36, "upper 5 %"),  # and of 0.01
        (101.3, 101.0, 96.25, 96.25, "lower 5 %"),  # 96.235, up
        (2.0, 2.1, 2.0, 2.1, "upper 5 %"),
        (100.0, 106.0, 100.0, 105.0, None),  # it was traded above: no limit of 5 %
        (100.0, 105.0, 100.0, 104.9, None),
        (100.0, 104.95, 100.0, 104.95, None),
        (100.0, 100.0, 94.0, 95.0, None),
    ],
)
def test_a_close_at_a_limit_and_the_days_extreme_is_marked(
    before: float, high: float, low: float, close: float, limit: str | None
) -> None:
    frame = bars(
        "ACME.NS", ("2024-03-14", before, before, before), ("2024-03-15", high, low, close)
    )
    assert last(frame) == (limit, 0)


def test_other_exchanges_have_no_such_limits() -> None:
    frame = bars("ACME", ("2024-03-14", 100, 100, 100), ("2024-03-15", 105, 100, 105))
    assert last(frame) == (None, 0)


def test_the_limit_of_a_day_of_a_split_is_of_the_new_shares() -> None:
    rows: tuple[Row, ...] = (("2024-03-14", 100, 100, 100), ("2024-03-15", 52.5, 50, 52.5))
    assert last(bars("ACME.NS", *rows, adjusted=(50.0, 52.5))) == ("upper 5 %", 0)
    assert last(bars("ACME.NS", *rows)) == (None, 0)


def test_sessions_without_a_trade_are_counted_and_weekends_and_holidays_are_none() -> None:
    over = bars("ACME.NS", ("2024-03-14", 9, 9, 9), ("2024-03-20", 9, 9, 9))
    assert last(over) == (None, 3)  # 15, 18 and 19
    weekend = bars("ACME.NS", ("2024-03-15", 9, 9, 9), ("2024-03-18", 9, 9, 9))
    assert last(weekend) == (None, 0)
    holiday = bars("ACME.NS", ("2024-01-25", 9, 9, 9), ("2024-01-29", 9, 9, 9))
    assert last(holiday) == (None, 0)
    saturday = bars("ACME.NS", ("2024-03-01", 9, 9, 9), ("2024-03-04", 9, 9, 9))
    assert last(saturday) == (None, 1)  # 2 March was traded on


def test_a_day_of_no_volume_is_not_traded() -> None:
    frame = bars("ACME.NS", *((f"2024-03-{d}", 9.0, 9.0, 9.0) for d in (13, 14, 15)))
    quiet = frame.with_columns(volume=pl.Series([1.0, 0.0, 1.0]))
    assert last(frame) == (None, 0)
    assert last(quiet) == (None, 1)


def test_each_stock_by_itself_and_without_sessions_no_halt() -> None:
    one = bars("ACME.NS", ("2024-03-14", 100, 100, 100), ("2024-03-20", 105, 100, 105))
    two = bars("BETA.NS", ("2024-03-13", 210, 200, 200), ("2024-03-14", 210, 200, 210))
    found = marks(pl.concat([one, two]), {"BETA.NS": BOMBAY})
    assert found["limit"].to_list() == [None, "upper 5 %", None, "upper 5 %"]
    assert found["halted"].to_list() == [0, 0, 0, 0]


def test_no_bars_have_no_marks() -> None:
    some = bars("ACME.NS", ("2024-03-14", 9, 9, 9))
    assert marks(some.clear(), {}).is_empty()
