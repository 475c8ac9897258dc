"""Bars out of the store with corporate actions applied, as one could have computed them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest

from graph.bars import COLUMNS, Bars
from graph.model import Bar
from ingest.market.actions import Action
from ingest.market.prices import Prices, adjusted_prices
from tests.ingest.market_days import DAY, LATE, at

OLD, NEW = "INE999A01015", "INE999A01023"


@pytest.fixture
def bars(tmp_path: Path) -> Iterator[Bars]:
    with Bars(tmp_path / "bars.sqlite") as opened:
        yield opened


def day_bar(ticker: str, day: int, price: float) -> Bar:
    return Bar(ticker, at(day), at(day) + 1000, price, price, price, price, price, 1000)


def bonus(ticker: str = "ACME.NS", known: int = 2, isin: str | None = None) -> Action:
    """3:1 on day 2."""
    return Action(ticker, "bonus", at(2), at(known), 4.0, 0.0, isin)


def listed(ticker: str, isin: str, first: int, last: int) -> dict[str, Any]:
    known = {"since": at(first), "until": at(last), "known_at": at(first)}
    return {"ticker": ticker, "isin": isin, **known}


def put(bars: Bars, *tickers: str) -> None:
    """A fall by three quarters on day 2."""
    prices = (400.0, 400.0, 100.0, 101.0)
    bars.put([day_bar(t, day, price) for t in tickers for day, price in enumerate(prices)])


def carried(found: Prices, ticker: str) -> list[float]:
    rows = found.bars.to_pylist()
    return [row["adj_close"] for row in rows if row["ticker"] == ticker]


RAW, DONE = [400, 400, 100, 101], [100, 100, 100, 101]


def test_a_known_bonus_is_no_crash_and_an_unknown_one_is_suspected(bars: Bars) -> None:
    put(bars, "ACME.NS", "WIDGET.NS")
    bars.put_actions([asdict(bonus())])
    found = adjusted_prices(bars, as_of=LATE)
    assert (carried(found, "ACME.NS"), carried(found, "WIDGET.NS")) == (DONE, RAW)
    assert found.applied == (bonus(),)
    ((suspected),) = found.suspicions
    assert (suspected.ticker, suspected.at, suspected.ratio) == ("WIDGET.NS", at(2), 4)
    assert suspected.exact


def test_nothing_counts_before_it_was_known(bars: Bars) -> None:
    put(bars, "ACME.NS")
    bars.put_actions([asdict(bonus(known=3))])
    early = adjusted_prices(bars, as_of=at(3) - 1)
    assert (carried(early, "ACME.NS"), early.applied) == (RAW[:3], ())
    assert len(early.suspicions) == 1
    assert carried(adjusted_prices(bars, as_of=at(3) + 1000), "ACME.NS") == DONE


def test_an_action_told_at_one_exchange_counts_at_the_other(bars: Bars) -> None:
    """A bonus keeps the ISIN; a split of the face value gives a new one the same day."""
    put(bars, "ACME.NS", "599999.BO", "WIDGET.NS")
    for ticker in ("ACME.NS", "599999.BO"):
        bars.put_listings([listed(ticker, OLD, 0, 1), listed(ticker, NEW, 2, 3)])
    bars.put_actions([asdict(bonus(isin=OLD))])
    found = adjusted_prices(bars, as_of=LATE)
    assert carried(found, "ACME.NS") == carried(found, "599999.BO") == DONE
    assert carried(found, "WIDGET.NS") == RAW
    only = adjusted_prices(bars, ["599999.BO"], as_of=LATE)
    assert carried(only, "599999.BO") == DONE
    assert [one.ticker for one in only.applied] == ["599999.BO"]


def test_told_at_both_exchanges_it_counts_once(bars: Bars) -> None:
    put(bars, "ACME.NS", "599999.BO")
    bars.put_listings([listed("ACME.NS", OLD, 0, 3), listed("599999.BO", OLD, 0, 3)])
    dividend = replace(bonus(), kind="dividend", ratio=1.0, amount=40.0)
    there = replace(dividend, ticker="599999.BO", known_at=at(1), isin=OLD)
    bars.put_actions([asdict(dividend), asdict(there)])
    found = adjusted_prices(bars, as_of=LATE)
    assert carried(found, "ACME.NS") == [360, 360, 100, 101]
    assert len(found.applied) == 2


def test_a_span_and_more_columns_are_read(bars: Bars) -> None:
    put(bars, "ACME.NS")
    bars.put_actions([asdict(bonus())])
    found = adjusted_prices(bars, None, at(1), at(3), columns=["delivered"], as_of=LATE)
    assert found.bars.column_names == [*COLUMNS, "delivered"]
    assert carried(found, "ACME.NS") == DONE[1:3]


def test_minutes_are_adjusted_from_the_first_of_the_day_on(bars: Bars) -> None:
    opened = 225 * 60_000
    minutes = [(1, 0, 400.0), (1, 1, 400.0), (2, 0, 100.0), (2, 1, 101.0)]
    bars.put(
        [
            replace(day_bar("ACME.NS", 0, price), at=(when := at(day) + opened + 60_000 * n),
                    known_at=when + 60_000)
            for day, n, price in minutes
        ],
        "1m",
    )  # fmt: skip
    bars.put_actions([asdict(bonus())])
    found = adjusted_prices(bars, interval="1m", as_of=at(2) + DAY)
    assert carried(found, "ACME.NS") == DONE
    assert found.suspicions == ()


def test_without_bars_there_is_nothing(bars: Bars) -> None:
    bars.put_actions([asdict(bonus())])
    found = adjusted_prices(bars, as_of=LATE)
    assert (found.bars.num_rows, found.applied, found.skipped, found.suspicions) == (0, (), (), ())
