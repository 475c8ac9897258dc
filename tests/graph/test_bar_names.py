"""Which tickers are one stock, and which stock a post means."""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from graph.bars import LISTINGS, Names

DAY = 86_400_000
OLD, NEW, OTHER = "INE999A01015", "INE999A01023", "INE888B01012"


def listed(
    ticker: str, isin: str | None, first: int, last: int, symbol: str = ""
) -> dict[str, Any]:
    return {
        "ticker": ticker,
        "isin": isin,
        "symbol": symbol or None,
        "since": first * DAY,
        "until": last * DAY,
        "known_at": first * DAY,
    }


def names(*rows: dict[str, Any], priced: tuple[str, ...] = ()) -> Names:
    columns = {field.name: [row.get(field.name) for row in rows] for field in LISTINGS.schema}
    return Names(pa.table(columns, schema=LISTINGS.schema), priced)


def test_a_post_meets_both_exchanges_through_the_isin() -> None:
    found = names(listed("ACME.NS", OLD, 1, 9, "ACME"), listed("599999.BO", OLD, 1, 9, "ACME"))
    for said in ("ACME", "ACME.NS", "599999.BO"):
        assert found.tickers(said) == ("ACME.NS", "599999.BO")
    assert found.main("ACME") == "ACME.NS"
    assert found.symbols == {"ACME", "ACME.NS", "599999.BO"}


def test_a_code_of_digits_is_no_symbol() -> None:
    assert names(listed("599999.BO", OLD, 1, 9)).tickers("599999") == ()


def test_a_ticker_with_bars_stands_for_itself() -> None:
    """INFY is a share in New York; INFY.NS is not looked for."""
    found = names(listed("INFY.NS", OLD, 1, 9, "INFY"), priced=("INFY", "INFY.NS"))
    assert found.tickers("INFY") == ("INFY",)
    assert found.tickers("INFY.NS") == ("INFY.NS",)


def test_a_symbol_of_two_companies_names_neither() -> None:
    found = names(listed("ACME.NS", OLD, 1, 9, "ACME"), listed("588888.BO", OTHER, 1, 9, "ACME"))
    assert found.tickers("ACME") == ()
    assert found.main("ACME") == "ACME"
    assert found.symbols == {"ACME.NS", "588888.BO"}


def test_what_nobody_listed_is_nothing() -> None:
    assert names().tickers("ACME") == ()
    assert names().main("ACME") == "ACME"


def test_without_an_isin_both_indian_exchanges_are_one_and_others_are_not() -> None:
    assert names(priced=("ACME.NS", "ACME.BO")).tickers("ACME") == ("ACME.NS", "ACME.BO")
    assert names(priced=("ACME.NS", "ACME.TO")).tickers("ACME") == ()
    assert names(priced=("ACME.TO",)).main("ACME") == "ACME.TO"


def test_a_share_class_is_no_exchange() -> None:
    found = names(priced=("BRK.A", "BRK.B"))
    assert found.tickers("BRK") == ()
    assert found.main("BRK.B") == "BRK.B"


def test_after_a_rename_the_old_symbol_means_the_new_ticker() -> None:
    found = names(listed("OLD.NS", OLD, 1, 100, "OLD"), listed("NEW.NS", OLD, 101, 400, "NEW"))
    assert found.tickers("OLD") == found.tickers("NEW") == ("NEW.NS", "OLD.NS")


def test_a_split_of_the_face_value_keeps_the_stock_together() -> None:
    """BSE was seen under the old ISIN only."""
    found = names(
        listed("ACME.NS", OLD, 1, 100, "ACME"),
        listed("ACME.NS", NEW, 101, 200, "ACME"),
        listed("599999.BO", OLD, 1, 100),
    )
    assert found.tickers("599999.BO") == ("ACME.NS", "599999.BO")


def test_a_symbol_given_to_another_company_is_that_companys() -> None:
    found = names(
        listed("ACME.NS", OLD, 1, 100, "ACME"),
        listed("ACME.NS", OTHER, 900, 999, "ACME"),
        listed("599999.BO", OLD, 1, 100, "FORMER"),
    )
    assert found.tickers("ACME") == ("ACME.NS",)
    assert found.tickers("FORMER") == ("599999.BO",)


def test_the_ticker_with_bars_comes_first() -> None:
    rows = (listed("ACME.NS", OLD, 1, 9, "ACME"), listed("599999.BO", OLD, 1, 9))
    assert names(*rows, priced=("599999.BO",)).main("ACME") == "599999.BO"
    assert names(*rows, priced=("599999.BO", "ACME.NS")).main("ACME") == "ACME.NS"
