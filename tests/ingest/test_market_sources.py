"""What every source of bars must do, whatever stands behind it."""

from __future__ import annotations

import re
from math import isfinite
from pathlib import Path

import pytest

from graph.bars import Bars
from graph.errors import SourceRefused, SourceUnavailable
from graph.model import Bar
from ingest.market.fields import isin
from ingest.market.quote import DAY_MS, MINUTE_MS, Quote
from ingest.market.source import bars
from ingest.rejects import Reject
from tests.ingest.market_sources import CASES, Case
from tests.ingest.yahoo_cases import YAHOO_CASES

PRICES = ("open", "high", "low", "close", "adj_close")


@pytest.fixture(params=[*CASES, *YAHOO_CASES], ids=lambda case: case.name)
def case(request: pytest.FixtureRequest) -> Case:
    found: Case = request.param
    return found


def quotes(case: Case, folder: Path) -> list[Quote]:
    return [found for found in case.good(folder).quotes() if isinstance(found, Quote)]


def test_a_bad_record_is_one_reject_and_stops_nothing(case: Case, tmp_path: Path) -> None:
    found = list(case.good(tmp_path).quotes())
    assert [type(one) for one in found] == [Quote, Reject, Quote]


def test_a_reject_says_where_and_why(case: Case, tmp_path: Path) -> None:
    (reject,) = (one for one in case.good(tmp_path).quotes() if isinstance(one, Reject))
    assert reject.line == case.bad_line
    assert reject.file
    assert re.search(r"[a-z]{3}", reject.reason)
    assert not reject.reason.endswith(".")


def test_walking_through_again_gives_the_same(case: Case, tmp_path: Path) -> None:
    source = case.good(tmp_path)
    assert list(source.quotes()) == list(source.quotes())


def test_the_bars_are_those_of_the_quotes(case: Case, tmp_path: Path) -> None:
    source = case.good(tmp_path)
    plain = [one for one in bars(source) if isinstance(one, Bar)]
    assert plain == [quote.bar for quote in quotes(case, tmp_path)]


def test_a_store_takes_them_and_takes_them_once(case: Case, tmp_path: Path) -> None:
    found = [quote.bar for quote in quotes(case, tmp_path)]
    with Bars(tmp_path / "bars.sqlite") as store:
        assert (store.put(found), store.put(found)) == (2, 0)


def test_prices_can_stand_together(case: Case, tmp_path: Path) -> None:
    for quote in quotes(case, tmp_path):
        assert all(isfinite(v) and v > 0 for v in (getattr(quote.bar, n) for n in PRICES))
        assert quote.bar.low <= quote.bar.high
        assert quote.bar.volume >= 0


def test_no_bar_is_known_before_it_has_ended(case: Case, tmp_path: Path) -> None:
    source = case.good(tmp_path)
    for quote in quotes(case, tmp_path):
        if source.interval == "1d":
            assert quote.bar.at % DAY_MS == 0
            assert quote.bar.known_at >= quote.bar.at + DAY_MS // 4
        else:
            assert quote.bar.at % MINUTE_MS == 0
            assert quote.bar.known_at >= quote.bar.at + MINUTE_MS


def test_a_quote_says_whose_it_is_in_words_that_others_share(case: Case, tmp_path: Path) -> None:
    for quote in quotes(case, tmp_path):
        assert quote.bar.ticker
        assert quote.bar.ticker == quote.bar.ticker.strip().upper()
        assert quote.isin is None or isin(quote.isin) == quote.isin
        assert quote.currency is None or re.fullmatch("[A-Z]{3}", quote.currency)
        assert (quote.exchange is None) or quote.currency is not None
        assert quote.delivered is None or quote.delivered <= quote.bar.volume


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_something_else_is_refused_by_name(case: Case, tmp_path: Path) -> None:
    assert case.wrong is not None
    with pytest.raises(SourceRefused, match=r"wrong"):
        list(case.wrong(tmp_path).quotes())


def test_nothing_there_is_to_be_tried_later(case: Case, tmp_path: Path) -> None:
    with pytest.raises(SourceUnavailable, match=r"(?i)absent"):
        list(case.absent(tmp_path).quotes())
