"""Quotes of two exchanges and several files are joined on the ISIN."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from ingest.market import bse_legacy, nse_delivery, nse_legacy, udiff
from ingest.market.layout import CsvSource, Layout
from ingest.market.listings import Listings, joined, listings, security_days
from ingest.market.quote import DAY_MS, Quote
from ingest.rejects import Reject
from tests.ingest import india_lines as india
from tests.ingest.india_lines import ISIN, JANUARY_1, JULY_8, changed

AFTER_SPLIT = "INE999A01023"


def lines(folder: Path, layout: Layout, *rows: str, name: str = "day.csv") -> Iterator[Quote]:
    (folder / name).write_text("\n".join(rows) + "\n", encoding="utf-8")
    for found in CsvSource(layout, folder / name).quotes():
        assert isinstance(found, Quote)
        yield found


def nse(folder: Path, *rows: str) -> list[Quote]:
    return list(lines(folder, nse_legacy.LAYOUT, india.NSE_HEAD, *rows))


def deliveries(folder: Path, *rows: str) -> list[Quote]:
    return list(lines(folder, nse_delivery.LAYOUT, india.DELIVERY_HEAD, *rows))


def new(folder: Path, *rows: str) -> list[Quote]:
    return list(lines(folder, udiff.LAYOUT, india.UDIFF_HEAD, *rows))


def old_bse(folder: Path, *rows: str) -> list[Quote]:
    return list(lines(folder, bse_legacy.LAYOUT, india.BSE_HEAD, *rows, name="EQ010124.CSV"))


def test_a_listing_is_an_isin_under_a_ticker_from_its_first_to_its_last_day(tmp_path: Path) -> None:
    found = listings([*new(tmp_path, india.UDIFF_NSE), *nse(tmp_path, india.NSE_ACME)])
    assert [(one.isin, one.ticker, one.exchange, one.currency) for one in found] == [
        (ISIN, "ACME.NS", "NSE", "INR")
    ]
    assert (found[0].since, found[0].until) == (JANUARY_1, JULY_8)


def test_deliveries_come_to_the_bar_of_the_same_stock_and_day(tmp_path: Path) -> None:
    prices, delivered = nse(tmp_path, india.NSE_ACME), deliveries(tmp_path, india.DELIVERY_ACME)
    (found,) = joined([*prices, *delivered], Listings(listings(prices)))
    assert isinstance(found, Quote)
    assert found.bar == prices[0].bar
    assert (found.isin, found.delivered) == (ISIN, 18124)
    assert found.turnover == 18975099.9  # what the first said stays


def test_what_has_no_isin_gets_it_from_its_listing(tmp_path: Path) -> None:
    known = Listings(listings(new(tmp_path, india.UDIFF_NSE, india.UDIFF_BSE)))
    quotes = [*deliveries(tmp_path, india.DELIVERY_ACME), *old_bse(tmp_path, india.BSE_ACME)]
    found = [one for one in joined(quotes, known) if isinstance(one, Quote)]
    assert [(one.bar.ticker, one.isin) for one in found] == [("599999.BO", ISIN), ("ACME.NS", ISIN)]


def test_a_stranger_stays_without_an_isin(tmp_path: Path) -> None:
    (found,) = joined(deliveries(tmp_path, india.DELIVERY_ACME), Listings([]))
    assert isinstance(found, Quote)
    assert found.isin is None


def test_after_a_split_of_the_face_value_the_isin_is_the_new_one(tmp_path: Path) -> None:
    before = nse(tmp_path, india.NSE_ACME)
    after = nse(tmp_path, changed(changed(india.NSE_ACME, 10, "05-JAN-2024"), 12, AFTER_SPLIT))
    known = Listings(listings([*after, *before]))
    days = {day: known.isin("ACME.NS", JANUARY_1 + day * DAY_MS) for day in (-9, 0, 3, 4, 9)}
    assert days == {-9: ISIN, 0: ISIN, 3: ISIN, 4: AFTER_SPLIT, 9: AFTER_SPLIT}


def test_two_files_that_disagree_are_not_mixed(tmp_path: Path) -> None:
    prices = nse(tmp_path, india.NSE_ACME)
    other = deliveries(tmp_path, changed(india.DELIVERY_ACME, 8, "330.05"))
    reject, kept = joined([*prices, *other], Listings(listings(prices)))
    assert isinstance(reject, Reject)
    assert reject.reason == (
        "ACME.NS closes on 2024-01-01 at 329.05 in one file and at 330.05 in another; "
        "the first is kept"
    )
    assert isinstance(kept, Quote)
    assert kept.delivered is None


def test_a_security_day_holds_both_exchanges_the_bigger_first(tmp_path: Path) -> None:
    (day,) = security_days(new(tmp_path, india.UDIFF_BSE, india.UDIFF_NSE))
    assert (day.isin, day.at) == (ISIN, JULY_8)
    assert [one.bar.ticker for one in day.quotes] == ["ACME.NS", "599999.BO"]
    assert day.main.bar.close == 64.09
    assert day.volume == 27565 + 1918


def test_other_days_and_other_securities_stay_apart(tmp_path: Path) -> None:
    other = changed(changed(india.UDIFF_NSE, 6, india.FUND), 7, "ACMEBEES")
    later = changed(india.UDIFF_NSE, 0, "2024-07-09")
    days = security_days(new(tmp_path, india.UDIFF_NSE, other, later))
    assert [(day.isin, day.at) for day in days] == [
        (ISIN, JULY_8),
        (ISIN, JULY_8 + DAY_MS),
        (india.FUND, JULY_8),
    ]


def test_without_turnover_price_times_volume_decides(tmp_path: Path) -> None:
    rows = (changed(india.UDIFF_BSE, 25, ""), changed(india.UDIFF_NSE, 25, ""))
    (day,) = security_days(new(tmp_path, *rows))
    assert day.main.bar.ticker == "ACME.NS"
