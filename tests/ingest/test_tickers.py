"""Which cashtags name a stock: the traps, one a line."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.tickers import in_text, ticker


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("buy $AAPL now", ("AAPL",)),
        ("$T and $C are real", ("T", "C")),
        ("$aapl $AAPL once", ("AAPL",)),
        ("$AAPL's day, ($MSFT) $F.", ("AAPL", "MSFT", "F")),
        ("$BRK.B and $brk.a", ("BRK.B", "BRK.A")),
        ("$SHOP.TO $TATAMOTORS.NS", ("SHOP.TO", "TATAMOTORS.NS")),
        ("$500325.BO $M&M.NS", ("500325.BO", "M&M.NS")),
        ("the end.$AAPL", ()),
        ("$AAPL.Great news", ("AAPL",)),
        ("$T.i think", ("T",)),
        ("all you need is $LOVE and $CASH", ()),
        ("A$AP L$D U$D FIR$T", ()),
        ("$100 $5k $1B $2.50 $1,000", ()),
        ("$$ $$$ $$AAPL $T$", ()),
        ("$TOOLONGNAME and $AAPL2 and $ES_F", ()),
        ("@$AAPL #$AAPL", ()),
        ("日本$AAPL", ()),
        ("$AAPL\n$MSFT,$GOOG/$TSLA", ("AAPL", "MSFT", "GOOG")),
    ],
)  # fmt: skip
def test_in_text(text: str, expected: tuple[str, ...]) -> None:
    assert in_text(text) == expected


@pytest.mark.parametrize(
    ("symbol", "expected"),
    [
        ("aapl", "AAPL"),
        ("ILC.v", "ILC.V"),
        ("LOVE", None),
        ("Stocks", None),
        ("ES_F", None),
        ("1B", None),
        ("", None),
        ("BRK.", "BRK"),
    ],
)
def test_a_marked_symbol(symbol: str, expected: str | None) -> None:
    assert ticker(symbol) == expected


def test_a_known_ticker_wins_over_the_list_of_slang() -> None:
    known = frozenset({"LOVE"})
    assert ticker("love", known) == "LOVE"
    assert in_text("all you need is $LOVE", known) == ("LOVE",)


@given(st.text(alphabet="$AaTt.1k &-_NS\n", max_size=40))
def test_what_is_found_is_a_symbol_of_its_own(text: str) -> None:
    for found in in_text(text):
        assert ticker(found) == found
        assert f"${found}" in text.upper()
