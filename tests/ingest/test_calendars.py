"""Sessions by the exchange's own clock, the special ones of India, and exchanges without one."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from ingest.market.calendars import (
    DAY_MS,
    NONE,
    Sessions,
    calendar_of,
    of_bars,
    sessions,
    with_days,
)
from ingest.market.special_sessions import INDIA, Special

KOLKATA, NEW_YORK = ZoneInfo("Asia/Kolkata"), ZoneInfo("America/New_York")


def day(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()) * 1000


def moment(text: str, zone: ZoneInfo) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=zone).timestamp()) * 1000


def bombay() -> Sessions:
    return sessions("XBOM", day("2014-12-01"), day("2027-01-01"))


def session_of(found: Sessions, text: str, zone: ZoneInfo) -> int:
    return int(found.session_of([moment(text, zone)])[0])


@pytest.mark.parametrize("special", INDIA, ids=lambda one: one.day)
def test_a_special_session_has_its_hours_and_the_day_a_week_on_is_ordinary(
    special: Special,
) -> None:
    found, at = bombay(), day(special.day)
    opens, closes = (moment(f"{special.day}T{t}", KOLKATA) for t in (special.opens, special.closes))
    assert found.is_session(at)
    assert found.hours(at) == (opens, closes)
    control = at + 7 * DAY_MS
    weekend = datetime.fromtimestamp(control / 1000, UTC).weekday() >= 5
    assert found.is_session(control) != weekend
    if not weekend:
        regular = [t - control for t in found.hours(control)]
        assert regular == [t * 60_000 for t in (3 * 60 + 45, 10 * 60)]  # 09:15 to 15:30 in India


def test_special_sessions_are_told_once_each_and_say_who_reported_them() -> None:
    assert len({one.day for one in INDIA}) == len(INDIA)
    assert [one.day for one in INDIA] == sorted(one.day for one in INDIA)
    assert all(one.source and one.why and one.opens < one.closes for one in INDIA)


@pytest.mark.parametrize("shut", ["2024-01-22", "2024-01-26", "2024-03-09", "2024-11-02"])
def test_a_holiday_and_a_weekend_are_none(shut: str) -> None:
    assert not bombay().is_session(day(shut))
    assert bombay().hours(day(shut)) == (day(shut), day(shut) + DAY_MS)


@pytest.mark.parametrize(
    ("posted", "session"),
    [
        ("2024-03-14T08:00", "2024-03-14"),  # before the opening
        ("2024-03-14T12:00", "2024-03-14"),
        ("2024-03-14T15:29", "2024-03-14"),
        ("2024-03-14T15:30", "2024-03-15"),  # the close is the end
        ("2024-03-15T20:00", "2024-03-18"),  # Friday evening
        ("2024-03-16T03:00", "2024-03-18"),
        ("2024-03-15T02:00", "2024-03-15"),  # still 14 March in UTC
        ("2024-03-01T16:00", "2024-03-02"),  # the Saturday that was traded on
        ("2024-03-02T12:31", "2024-03-04"),
        ("2024-11-01T10:00", "2024-11-01"),  # Muhurat is in the evening
        ("2024-11-01T19:00", "2024-11-04"),
    ],
)
def test_a_post_after_the_close_belongs_to_the_next_session(posted: str, session: str) -> None:
    assert session_of(bombay(), posted, KOLKATA) == day(session)


def test_a_half_day_and_summer_time_are_the_librarys() -> None:
    found = sessions("XNYS", day("2024-01-01"), day("2025-01-01"))
    assert session_of(found, "2024-07-03T13:01", NEW_YORK) == day("2024-07-05")
    assert session_of(found, "2024-07-02T15:59", NEW_YORK) == day("2024-07-02")
    assert session_of(found, "2024-01-02T15:59", NEW_YORK) == day("2024-01-02")
    winter, summer = (found.hours(day(d))[1] - day(d) for d in ("2024-01-02", "2024-07-02"))
    assert winter - summer == 3_600_000


def test_after_the_last_session_known_there_is_none() -> None:
    found = sessions("XNYS", day("2024-01-01"), day("2024-02-01"))
    assert int(found.session_of([day("2030-01-01")])[0]) == NONE


def test_years_before_the_librarys_holidays_are_empty_and_no_error() -> None:
    assert not len(sessions("XBOM", day("1980-01-01"), day("1981-01-01")).days)


@pytest.mark.parametrize(
    ("ticker", "exchange", "calendar"),
    [
        ("ACME.NS", None, "XBOM"),
        ("500000.BO", None, "XBOM"),
        ("ACME", None, "XNYS"),
        ("ACME.L", None, "XLON"),
        ("ACME.TO", None, "XTSE"),
        ("ACME.QQ", None, None),
        ("ACME.NS", "NYSE", "XNYS"),  # what a source says comes first
        ("ACME", " nse ", "XBOM"),
        ("ACME", "Moon", None),
        ("ACME.L", "Moon", "XLON"),
        ("ACME", "", "XNYS"),
        ("ACME", "NMS", "XNYS"),  # as Yahoo writes Nasdaq
        ("ACME.NS", "NSI", "XBOM"),
    ],
)
def test_which_calendar_a_ticker_has(
    ticker: str, exchange: str | None, calendar: str | None
) -> None:
    assert calendar_of(ticker, exchange) == calendar


def test_without_a_calendar_sessions_are_the_days_with_bars() -> None:
    dates = [day("2024-03-14"), day("2024-03-17"), day("2024-03-14")]
    found = of_bars(dates)
    assert found.days.tolist() == sorted(set(dates))
    assert found.calendar is None
    assert int(found.session_of([day("2024-03-15")])[0]) == day("2024-03-17")


def test_a_day_that_most_stocks_traded_on_is_a_session_and_one_stray_bar_makes_none() -> None:
    known = sessions("XNYS", day("2024-01-01"), day("2024-12-31"))
    friday, saturday, sunday = (day(f"2024-03-{d}") for d in (15, 16, 17))
    found = with_days(known, [friday] * 10 + [saturday] * 6 + [sunday])
    assert found.is_session(saturday)
    assert not found.is_session(sunday)
    assert found.hours(saturday) == tuple(t + DAY_MS for t in known.hours(friday))
    assert len(found.days) == len(known.days) + 1
    assert found.days.tolist() == sorted(found.days.tolist())


def test_the_first_stray_bars_and_no_bars_add_nothing() -> None:
    known = sessions("XNYS", day("2024-01-01"), day("2024-12-31"))
    assert with_days(known, []).days.tolist() == known.days.tolist()
    assert with_days(known, [day("2024-03-16")]).days.tolist() == known.days.tolist()
