"""Facts about companies count from when they were known."""

from __future__ import annotations

from itertools import permutations
from pathlib import Path
from typing import Any

import pytest

from graph.errors import BadRecord, SourceRefused, SourceUnavailable
from ingest.market import nse_listed
from ingest.market.fundamentals import Fact, known, of_yahoo, read_csv
from ingest.market.nse_listed import Company
from ingest.rejects import Reject
from tests.ingest.market_sources import zipped
from tests.ingest.yahoo_cases import DAY, JANUARY_1, client
from tests.ingest.yahoo_server import yahoo

HEAD = (
    "ticker,known_at,at,currency,float_shares,shares,market_value,price_to_earnings,debt,"
    "promoter_holding,insider_holding,listed_on"
)
NOON = JANUARY_1 + DAY // 2


def rows(folder: Path, *lines: str, head: str = HEAD) -> list[Fact | Reject]:
    (folder / "facts.csv").write_text("\n".join((head, *lines)) + "\n", encoding="utf-8")
    return list(read_csv(folder / "facts.csv"))


def reason(folder: Path, line: str) -> str:
    (found,) = rows(folder, line)
    assert isinstance(found, Reject), found
    return found.reason


def test_a_line_is_a_fact_for_each_thing_it_says(tmp_path: Path) -> None:
    line = "acme,2024-01-01 12:00,2023-12-31,inr,1000,2000,5e9,-3.5,0,54.3%,0.02,2001-01-02"
    at = JANUARY_1 - DAY
    values = {
        "float_shares": 1000,
        "shares": 2000,
        "market_value": 5e9,
        "price_to_earnings": -3.5,
        "debt": 0,
        "promoter_holding": 0.543,
        "insider_holding": 0.02,
        "listed_on": 978_393_600_000,
    }
    money = {"market_value": "INR", "debt": "INR"}
    assert rows(tmp_path, line) == [
        Fact("ACME", name, pytest.approx(value), at, NOON, money.get(name), "facts.csv")
        for name, value in values.items()
    ]


def test_what_is_left_out_or_dashed_is_not_said(tmp_path: Path) -> None:
    found = rows(tmp_path, "acme,2024-01-01,,,1000,-,,,,,,", "acme,2024-01-02,,,,2000")
    assert [(f.name, f.at, f.known_at) for f in found if isinstance(f, Fact)] == [
        ("float_shares", JANUARY_1, JANUARY_1),
        ("shares", JANUARY_1 + DAY, JANUARY_1 + DAY),
    ]


def test_a_zip_and_columns_in_any_order(tmp_path: Path) -> None:
    text = "shares, Known_At ,TICKER\n2000,2024-01-01,acme\n"
    (found,) = read_csv(zipped(tmp_path / "facts.zip", {"a.csv": text}))
    assert isinstance(found, Fact)
    assert (found.ticker, found.name, found.value) == ("ACME", "shares", 2000)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("acme,,,,1000", "known_at is empty: a fact counts from when it was known"),
        ("acme,soon,,,1000", "time 'soon' is neither written YYYY-MM-DD HH:MM nor seconds"),
        ("acme,2024-01-01,2024-01-02,,1000", "known_at lies before the day that the fact is about"),
        (",2024-01-01,,,1000", "names no stock: ticker is empty"),
        ("acme,2024-01-01,,", "says nothing; a fact is one of float_shares, shares"),
        ("acme,2024-01-01,,,0", "float_shares is 0"),
        ("acme,2024-01-01,,,,,,high", "price_to_earnings is 'high', which is no number"),
        ("acme,2024-01-01,,,,,,nan", "price_to_earnings is nan, which no price_to_earnings can be"),
        ("acme,2024-01-01,,,,,,,-1", "debt is -1, which no debt can be"),
        ("acme,2024-01-01,,,,,,,,54.3", "promoter_holding is 54.3, which is no part of a whole"),
        ("acme,2024-01-01,,,,,,,,101%", "promoter_holding is 101%, which is no part of a whole"),
        ("acme,2024-01-01,,,,,,,,,,1 May", "date '1 May' is not a day written YYYY-MM-DD"),
    ],
)
def test_a_bad_line_says_why_and_where(tmp_path: Path, line: str, said: str) -> None:
    good = "acme,2024-01-01,,,1000"
    found = rows(tmp_path, good, line, good)
    assert [type(one) for one in found] == [Fact, Reject, Fact]
    assert isinstance(found[1], Reject)
    assert found[1].reason.startswith(said)
    assert (found[1].file, found[1].line, found[1].record) == ("facts.csv", 3, line)


def test_one_bad_field_takes_the_line_with_it(tmp_path: Path) -> None:
    assert reason(tmp_path, "acme,2024-01-01,,,1000,0").startswith("shares is 0")


def test_other_files_are_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceRefused, match=r"facts\.csv is not a file of fundamentals.*known_at"):
        rows(tmp_path, "ann,5", head="name,age")
    with pytest.raises(SourceRefused, match="is a web page"):
        rows(tmp_path, head="<!DOCTYPE html>")
    with pytest.raises(SourceUnavailable):
        list(read_csv(tmp_path / "none.csv"))


def fact(value: float, known_at: int, at: int = 0, name: str = "shares", who: str = "A") -> Fact:
    return Fact(who, name, value, at, known_at)


def test_known_is_the_newest_of_what_one_could_know_then() -> None:
    first, second, later = fact(1, 10), fact(2, 20), fact(3, 30)
    others = [fact(9, 5, name="debt"), fact(7, 10, who="B")]
    for order in permutations([first, second, later]):
        assert known([*order, *others], "A", 9) == {"debt": others[0]}
        assert known([*order, *others], "A", 20) == {"debt": others[0], "shares": second}
        assert known([*order, *others], "A", 99)["shares"] == later


def test_of_two_that_came_together_the_one_about_the_later_day_counts() -> None:
    old, new = fact(1, 10, at=1), fact(2, 10, at=2)
    assert known([old, new], "A", 10) == known([new, old], "A", 10) == {"shares": new}


INFO: dict[str, Any] = {
    "quoteType": {"quoteType": "EQUITY", "symbol": "ACME.NS"},
    "summaryDetail": {"marketCap": 5e9, "trailingPE": 21.5, "currency": "INR"},
    "defaultKeyStatistics": {
        "floatShares": 1000,
        "sharesOutstanding": 2000,
        "heldPercentInsiders": 0.54,
    },
    "financialData": {"totalDebt": 3e8, "financialCurrency": "USD"},
}


def test_what_yahoo_says_is_known_from_now_on(tmp_path: Path) -> None:
    with yahoo() as server:
        server.infos["ACME.NS"] = INFO
        info = client(tmp_path, server.port).info("ACME.NS")
    found = {f.name: f for f in of_yahoo("acme.ns", info, NOON)}
    assert found["debt"] == Fact("ACME.NS", "debt", 3e8, NOON, NOON, "USD", "yahoo")
    assert found["market_value"].currency == "INR"
    assert {name: f.value for name, f in found.items()} == {
        "float_shares": 1000,
        "shares": 2000,
        "market_value": 5e9,
        "price_to_earnings": 21.5,
        "debt": 3e8,
        "insider_holding": 0.54,  # and no promoter_holding, which is another thing
    }


def test_a_company_that_yahoo_does_not_know_is_a_bad_record(tmp_path: Path) -> None:
    with yahoo() as server, pytest.raises(BadRecord, match="Yahoo gave nothing of NEVER"):
        client(tmp_path, server.port).info("NEVER")


def test_an_answer_without_a_company_is_one_too(tmp_path: Path) -> None:
    with yahoo() as server:
        server.infos["ACME.NS"] = {"summaryDetail": {}}
        with pytest.raises(BadRecord, match=r"Yahoo says nothing of ACME\.NS"):
            client(tmp_path, server.port).info("ACME.NS")


@pytest.mark.parametrize("value", [None, "Infinity", float("nan")])
def test_what_is_no_number_is_not_said(value: Any) -> None:
    assert of_yahoo("A", {"trailingPE": value, "sharesOutstanding": 5}, 1) == [
        Fact("A", "shares", 5, 1, 1, None, "yahoo")
    ]


def test_of_a_price_in_pence_the_currency_of_the_value_is_not_guessed() -> None:
    (found,) = of_yahoo("A.L", {"marketCap": 5, "currency": "GBp"}, 1)
    assert found.currency is None


def test_the_first_trade_is_a_day() -> None:
    (found,) = of_yahoo("A", {"firstTradeDateMilliseconds": JANUARY_1 + 5}, NOON)
    assert (found.name, found.value) == ("listed_on", JANUARY_1)


LISTED = (
    "SYMBOL,NAME OF COMPANY, SERIES, DATE OF LISTING, PAID UP VALUE, MARKET LOT, ISIN NUMBER, "
    "FACE VALUE"
)


def test_the_list_of_nse_gives_names_and_days_of_listing(tmp_path: Path) -> None:
    lines = (
        LISTED,
        "ACME,Acme Logistics Limited,EQ,01-JAN-2024,2,1,INE999A01015,2",
        "BOND,Acme Bonds,N1,01-JAN-2024,2,1,INE999A01015,2",
        ",Nobody Limited,EQ,01-JAN-2024,2,1,INE999A01015,2",
        "NAMELESS,,EQ,01-JAN-2024,2,1,INE999A01015,2",
    )
    (tmp_path / "EQUITY_L.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    company, *bad = nse_listed.read(tmp_path / "EQUITY_L.csv")
    assert company == Company("ACME.NS", "Acme Logistics Limited", "INE999A01015", JANUARY_1)
    assert company.fact == Fact(
        "ACME.NS", "listed_on", JANUARY_1, JANUARY_1, JANUARY_1, source="nse"
    )
    reasons = [one.reason for one in bad if isinstance(one, Reject)]
    assert reasons[0].startswith("series N1 is not one of")
    assert reasons[1:] == ["names no stock", "says no name"]


def test_another_list_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("SYMBOL,SERIES\nACME,EQ\n", encoding="utf-8")
    with pytest.raises(SourceRefused, match=r"not a file of companies listed at NSE.*ISIN NUMBER"):
        list(nse_listed.read(tmp_path / "a.csv"))
