"""End-of-day files of NSE and BSE: each of their traps, with lines of their shape."""

from __future__ import annotations

from pathlib import Path

import pytest

from graph.errors import SourceRefused
from graph.model import Bar
from ingest.formats import detect, named
from ingest.market import bse_legacy, nse_delivery, nse_legacy, udiff
from ingest.market.layout import CsvSource, Layout
from ingest.market.quote import Quote
from ingest.rejects import Reject
from tests.ingest import india_lines as india
from tests.ingest.india_lines import ISIN, JANUARY_1, JULY_8, KNOWN, changed
from tests.ingest.market_sources import zipped


def read(folder: Path, layout: Layout, *lines: str, name: str = "day.csv") -> list[Quote | Reject]:
    path = folder / name
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return list(CsvSource(layout, path).quotes())


def one(folder: Path, layout: Layout, *lines: str, name: str = "day.csv") -> Quote:
    (found,) = read(folder, layout, *lines, name=name)
    assert isinstance(found, Quote), found
    return found


def reason(folder: Path, layout: Layout, *lines: str, name: str = "day.csv") -> str:
    (found,) = read(folder, layout, *lines, name=name)
    assert isinstance(found, Reject), found
    return found.reason


def test_nse_until_2024_in_full_with_the_comma_at_the_end(tmp_path: Path) -> None:
    assert one(tmp_path, nse_legacy.LAYOUT, india.NSE_HEAD, india.NSE_ACME) == Quote(
        Bar("ACME.NS", JANUARY_1, JANUARY_1 + KNOWN, 328.9, 346.85, 326, 329.05, 329.05, 56175),
        isin=ISIN,
        exchange="NSE",
        currency="INR",
        symbol="ACME",
        series="EQ",
        last=327.3,
        previous_close=321.7,
        turnover=18975099.9,
        trades=810,
    )


def test_nse_of_the_nineties_has_neither_isin_nor_trades(tmp_path: Path) -> None:
    found = one(tmp_path, nse_legacy.LAYOUT, india.NSE_OLD_HEAD, india.NSE_OLD)
    assert (found.bar.at, found.bar.close) == (789_004_800_000, 600)  # 1995-01-02
    assert found.isin is None
    assert found.trades is None


def test_deliveries_in_full_with_a_space_after_each_comma(tmp_path: Path) -> None:
    found = one(tmp_path, nse_delivery.LAYOUT, india.DELIVERY_HEAD, india.DELIVERY_ACME)
    assert found == Quote(
        Bar("ACME.NS", JANUARY_1, JANUARY_1 + KNOWN, 328.9, 346.85, 326, 329.05, 329.05, 56175),
        exchange="NSE",
        currency="INR",
        symbol="ACME",
        series="EQ",
        last=327.3,  # LAST_PRICE stands before CLOSE_PRICE
        previous_close=321.7,
        turnover=18_975_000,  # 189.75 lakhs
        trades=810,
        delivered=18124,
    )
    assert found.delivered_share == pytest.approx(0.3226, abs=5e-5)  # as DELIV_PER has it


def test_no_deliveries_is_not_zero_deliveries(tmp_path: Path) -> None:
    line = changed(changed(india.DELIVERY_ACME, 13, "-"), 14, "-")
    found = one(tmp_path, nse_delivery.LAYOUT, india.DELIVERY_HEAD, line)
    assert found.delivered is None
    assert found.delivered_share is None
    none = changed(india.DELIVERY_ACME, 13, "0")
    assert one(tmp_path, nse_delivery.LAYOUT, india.DELIVERY_HEAD, none).delivered_share == 0


def test_more_deliveries_than_shares_traded_are_a_reject(tmp_path: Path) -> None:
    line = changed(india.DELIVERY_ACME, 13, "56176")
    assert reason(tmp_path, nse_delivery.LAYOUT, india.DELIVERY_HEAD, line) == (
        "deliveries 56176 are more than the volume 56175"
    )


def test_udiff_of_nse_in_full(tmp_path: Path) -> None:
    assert one(tmp_path, udiff.LAYOUT, india.UDIFF_HEAD, india.UDIFF_NSE) == Quote(
        Bar("ACME.NS", JULY_8, JULY_8 + KNOWN, 64.5, 64.79, 63.54, 64.09, 64.09, 27565),
        isin=ISIN,
        exchange="NSE",
        currency="INR",
        symbol="ACME",
        series="EQ",
        name="ACME LOGISTICS LTD",
        last=64.1,
        previous_close=64.46,
        turnover=1767083.34,
        trades=197,
    )


def test_udiff_of_bse_is_told_by_src_and_named_by_its_code(tmp_path: Path) -> None:
    found = one(tmp_path, udiff.LAYOUT, india.UDIFF_HEAD, india.UDIFF_BSE)
    assert (found.bar.ticker, found.exchange, found.isin) == ("599999.BO", "BSE", ISIN)
    assert (found.symbol, found.series) == ("ACME", "B")


def test_an_empty_last_price_is_none_and_the_bar_stands(tmp_path: Path) -> None:
    found = one(tmp_path, udiff.LAYOUT, india.UDIFF_HEAD, changed(india.UDIFF_NSE, 18, ""))
    assert found.last is None
    assert found.bar.close == 64.09


@pytest.mark.parametrize(
    ("place", "value", "said"),
    [
        (2, "FO", "Sgmt is FO, not CM"),
        (2, "", "Sgmt is empty, not CM"),
        (4, "STF", "FinInstrmTp is STF, not STK"),
        (3, "MCX", "Src is MCX, neither NSE nor BSE"),
        (8, "T0", "series T0 is not one of BE, BZ, EQ, SM, ST, SZ"),
        (8, "GS", "series GS is not one of BE, BZ, EQ, SM, ST, SZ"),
        (6, "INE999A01016", "ISIN 'INE999A01016' is not well-formed; a digit of it is wrong"),
        (17, "64.80", "close 64.8 is not between low 63.54 and high 64.79"),
        (14, "63.53", "open 63.53 is not between low 63.54 and high 64.79"),
        (17, "", "close is empty"),
        (7, "", "names no stock"),
        (0, "08-07-2024", "date '08-07-2024' is not a day written YYYY-MM-DD"),
        (26, "1.5", "trades is 1.5, which is no whole number"),
    ],
)
def test_a_udiff_line_that_is_no_share_says_why(
    tmp_path: Path, place: int, value: str, said: str
) -> None:
    lines = (india.UDIFF_HEAD, india.UDIFF_NSE, changed(india.UDIFF_NSE, place, value))
    good, bad = read(tmp_path, udiff.LAYOUT, *lines)
    assert isinstance(good, Quote)
    assert isinstance(bad, Reject)
    assert bad.reason.startswith(said)
    assert (bad.file, bad.line) == ("day.csv", 3)


@pytest.mark.parametrize("series", ["EQ", "BE", "BZ", "SM", "ST", "SZ"])
def test_every_series_of_shares_is_kept_and_named(tmp_path: Path, series: str) -> None:
    line = changed(india.NSE_ACME, 1, series)
    assert one(tmp_path, nse_legacy.LAYOUT, india.NSE_HEAD, line).series == series


def test_a_file_of_derivatives_is_refused_although_its_header_is_the_same(tmp_path: Path) -> None:
    with pytest.raises(SourceRefused, match=r"futures\.csv is not a file of NSE or BSE prices.*FO"):
        read(tmp_path, udiff.LAYOUT, india.UDIFF_HEAD, india.UDIFF_FUTURE, name="futures.csv")


def test_bse_until_2024_takes_the_day_from_the_name_and_trims_names(tmp_path: Path) -> None:
    found = one(tmp_path, bse_legacy.LAYOUT, india.BSE_HEAD, india.BSE_ACME, name="EQ010124.CSV")
    assert found == Quote(
        Bar("599999.BO", JANUARY_1, JANUARY_1 + KNOWN, 328, 346, 327, 329.1, 329.1, 6764),
        exchange="BSE",
        currency="INR",
        series="B",
        name="ACME LOG",
        last=329,
        previous_close=321.75,
        turnover=2225432,
        trades=352,
    )


def test_in_a_zip_the_day_is_in_the_name_of_the_member(tmp_path: Path) -> None:
    path = zipped(
        tmp_path / "download.zip", {"EQ010124.CSV": f"{india.BSE_HEAD}\n{india.BSE_ACME}\n"}
    )
    (found,) = CsvSource(bse_legacy.LAYOUT, path).quotes()
    assert isinstance(found, Quote)
    assert found.bar.at == JANUARY_1


def test_bse_without_a_day_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceRefused, match=r"prices\.csv is not written like EQ010124\.CSV"):
        read(tmp_path, bse_legacy.LAYOUT, india.BSE_HEAD, india.BSE_ACME, name="prices.csv")
    with pytest.raises(SourceRefused, match=r"EQ0101245\.csv is not written like"):
        read(tmp_path, bse_legacy.LAYOUT, india.BSE_HEAD, india.BSE_ACME, name="EQ0101245.csv")


def test_a_day_that_is_none_in_the_name_is_a_reject(tmp_path: Path) -> None:
    said = reason(tmp_path, bse_legacy.LAYOUT, india.BSE_HEAD, india.BSE_ACME, name="EQ320124.CSV")
    assert said == "date '320124' is not a day written DDMMYY"


def test_bse_with_isin_and_date_needs_no_name(tmp_path: Path) -> None:
    found = one(tmp_path, bse_legacy.LAYOUT, india.BSE_ISIN_HEAD, india.BSE_ISIN_ACME)
    assert (found.isin, found.bar.at) == (ISIN, JANUARY_1)


@pytest.mark.parametrize(
    ("place", "value", "said"),
    [
        (2, "F ", "group F of type Q holds no shares"),
        (2, "G", "group G of type Q holds no shares"),
        (3, "D", "group B of type D holds no shares"),
        (7, "0.00", "close is 0; a price is above zero"),
        (0, "", "names no stock"),
    ],
)
def test_a_bse_line_that_is_no_share_says_why(
    tmp_path: Path, place: int, value: str, said: str
) -> None:
    line = changed(india.BSE_ACME, place, value)
    found = reason(tmp_path, bse_legacy.LAYOUT, india.BSE_HEAD, line, name="EQ010124.CSV")
    assert found == said


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        ("nse-bhavcopy", (india.NSE_HEAD, india.NSE_ACME)),
        ("nse-bhavcopy", (india.NSE_OLD_HEAD, india.NSE_OLD)),
        ("nse-delivery", (india.DELIVERY_HEAD, india.DELIVERY_ACME)),
        ("udiff", (india.UDIFF_HEAD, india.UDIFF_NSE)),
        ("udiff", (india.UDIFF_HEAD, india.UDIFF_BSE)),
        ("bse-bhavcopy", (india.BSE_HEAD, india.BSE_ACME)),
        ("bse-bhavcopy", (india.BSE_ISIN_HEAD, india.BSE_ISIN_ACME)),
    ],
)
def test_looking_at_a_file_or_into_a_zip_finds_the_format(
    tmp_path: Path, name: str, lines: tuple[str, ...]
) -> None:
    text = "\n".join(lines) + "\n"
    (tmp_path / "EQ010124.CSV").write_text(text, encoding="utf-8")
    assert detect(tmp_path / "EQ010124.CSV") == name
    path = zipped(tmp_path / "day.zip", {"EQ010124.CSV": text})
    assert detect(path) == name
    (bar,) = named(name).read(path, frozenset())
    assert isinstance(bar, Quote)


def test_a_page_that_came_with_http_200_is_refused_as_a_page(tmp_path: Path) -> None:
    (tmp_path / "EQ010124.CSV").write_text(india.PAGE, encoding="utf-8")
    with pytest.raises(SourceRefused, match=r"EQ010124\.CSV is a web page.*no file for a day"):
        detect(tmp_path / "EQ010124.CSV")
    for layout in (bse_legacy.LAYOUT, udiff.LAYOUT, nse_legacy.LAYOUT, nse_delivery.LAYOUT):
        with pytest.raises(SourceRefused, match=r"EQ010124\.CSV is a web page"):
            list(CsvSource(layout, tmp_path / "EQ010124.CSV").quotes())


def test_a_page_after_blank_lines_is_a_page_too(tmp_path: Path) -> None:
    (tmp_path / "day.csv").write_text(f"\r\n  \r\n{india.PAGE}", encoding="utf-8")
    with pytest.raises(SourceRefused, match=r"day\.csv is a web page"):
        list(CsvSource(udiff.LAYOUT, tmp_path / "day.csv").quotes())


def test_every_member_of_a_zip_is_read_and_a_stranger_is_a_reject(tmp_path: Path) -> None:
    path = zipped(
        tmp_path / "week.zip",
        {
            "a.csv": f"{india.UDIFF_HEAD}\n{india.UDIFF_NSE}\n",
            "page.html": india.PAGE,
            "readme.txt": "hello\n",
            "b.csv": f"{india.UDIFF_HEAD}\n{india.UDIFF_BSE}\n",
        },
    )
    found = list(CsvSource(udiff.LAYOUT, path).quotes())
    assert [type(item) for item in found] == [Quote, Reject, Reject, Quote]
    page, readme = (item.reason for item in found if isinstance(item, Reject))
    assert page.startswith("page.html in it: ")
    assert "is a web page" in page
    assert readme.startswith("readme.txt in it: ")
    assert "it has no column TradDt" in readme


def test_a_zip_without_one_fitting_member_is_refused(tmp_path: Path) -> None:
    path = zipped(tmp_path / "day.zip", {"a.csv": india.PAGE})
    with pytest.raises(SourceRefused, match=r"day\.zip is a web page"):
        list(CsvSource(udiff.LAYOUT, path).quotes())
    with pytest.raises(SourceRefused, match=r"day\.zip is a web page"):
        detect(path)


def test_an_empty_zip_and_a_cut_one_are_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceRefused, match=r"empty\.zip is a zip without a file"):
        detect(zipped(tmp_path / "empty.zip", {}))
    whole = zipped(tmp_path / "cut.zip", {"a.csv": f"{india.UDIFF_HEAD}\n{india.UDIFF_NSE}\n"})
    whole.write_bytes(whole.read_bytes()[:-30])
    with pytest.raises(SourceRefused, match=r"cut\.zip is damaged"):
        list(CsvSource(udiff.LAYOUT, whole).quotes())


def test_what_macs_put_into_zips_is_passed_over(tmp_path: Path) -> None:
    text = f"{india.UDIFF_HEAD}\n{india.UDIFF_NSE}\n"
    path = zipped(tmp_path / "day.zip", {"__MACOSX/._a.csv": "\x00", "day/a.csv": text})
    assert [type(found) for found in CsvSource(udiff.LAYOUT, path).quotes()] == [Quote]
