"""Yahoo through its real client: what is asked, kept, waited for, never taken for no trading."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from graph.errors import SourceUnavailable
from graph.model import Bar, Millis
from ingest.market.actions import Action
from ingest.market.quote import Quote
from ingest.market.yahoo import YahooSource
from ingest.market.yahoo_client import KEEP, YahooClient
from ingest.rejects import Reject
from tests.ingest.yahoo_cases import DAY, DAYS, JANUARY_1, MINUTES, client
from tests.ingest.yahoo_server import Local, Yahoo, chart, missing, opening, yahoo

LATER = JANUARY_1 + 5 * DAY


@pytest.fixture
def server() -> Iterator[Yahoo]:
    with yahoo() as running:
        yield running


def days(server: Yahoo, folder: Path, *tickers: str, now: Millis = LATER) -> YahooSource:
    return YahooSource(client(folder, server.port, now), tickers, JANUARY_1, JANUARY_1 + 3 * DAY)


def minutes(server: Yahoo, folder: Path, since: Millis, until: Millis, now: Millis) -> YahooSource:
    return YahooSource(client(folder, server.port, now), ["ACME.NS"], since, until, "1m")


def asked(server: Yahoo) -> list[str]:
    return [ticker for ticker, _ in server.asked]


def test_a_day_in_full(server: Yahoo, tmp_path: Path) -> None:
    server.charts["ACME.NS"] = [chart(DAYS[:1])]
    assert list(days(server, tmp_path, "ACME.NS").quotes()) == [
        Quote(
            Bar("ACME.NS", JANUARY_1, JANUARY_1 + DAY * 14 // 24, 10, 12, 9, 11, 5.5, 1000),
            exchange="NSE",
            currency="INR",
        )
    ]
    ((ticker, query),) = server.asked
    assert ticker == "ACME.NS"
    # 1 January 2024 at 00:00 UTC, three days
    assert (query["period1"], query["period2"]) == ("1704067200", "1704326400")
    assert query["interval"] == "1d"


def test_a_day_is_that_of_the_exchange(server: Yahoo, tmp_path: Path) -> None:
    """9:30 in Tokyo is still the evening before in New York, and 00:30 UTC."""
    server.zone = "Asia/Tokyo"
    bars = [(JANUARY_1 // 1000 + 1800, DAYS[0][1])]
    server.charts["9984.T"] = [chart(bars, zone="Asia/Tokyo", currency="JPY", exchange="JPX")]
    (found,) = days(server, tmp_path, "9984.T").quotes()
    assert isinstance(found, Quote)
    assert (found.bar.at, found.exchange, found.currency) == (JANUARY_1, "JPX", "JPY")


def test_pence_are_not_pounds(server: Yahoo, tmp_path: Path) -> None:
    server.charts["ACME.L"] = [chart(DAYS[:1], currency="GBp", exchange="LSE")]
    (found,) = days(server, tmp_path, "ACME.L").quotes()
    assert isinstance(found, Quote)
    assert found.currency == "GBX"


def test_a_session_that_runs_is_no_bar_yet(server: Yahoo, tmp_path: Path) -> None:
    server.charts["ACME.NS"] = [chart(DAYS[:1])]
    closed = JANUARY_1 + DAY * 14 // 24
    (running,) = days(server, tmp_path, "ACME.NS", now=closed - 1).quotes()
    assert isinstance(running, Reject)
    assert running.reason == "had not ended when it was read"
    (ended,) = days(server, tmp_path / "other", "ACME.NS", now=closed).quotes()
    assert isinstance(ended, Quote)


@pytest.mark.parametrize(
    "answer",
    [
        missing("No data found, symbol may be delisted"),
        chart([]),
        chart([(opening(JANUARY_1 + 9 * DAY), DAYS[0][1])]),
    ],
    ids=["nothing", "empty", "only what is later"],  # of the last the client makes an empty frame
)
def test_an_empty_answer_is_never_no_trading(server: Yahoo, tmp_path: Path, answer: Any) -> None:
    server.charts |= {"ACME.NS": [answer], "GOOD.NS": [chart(DAYS[:1])]}
    source = days(server, tmp_path, "ACME.NS", "GOOD.NS")
    nothing, good = source.quotes()
    assert isinstance(nothing, Reject)
    assert (nothing.file, nothing.line) == ("yahoo:ACME.NS", 0)
    assert "no sign of no trading" in nothing.reason
    assert isinstance(good, Quote)
    server.charts["ACME.NS"] = [chart(DAYS[:1])]  # what was empty was not kept
    assert [type(one) for one in source.quotes()] == [Quote, Quote]


def test_what_yahoo_says_about_it_is_passed_on(server: Yahoo, tmp_path: Path) -> None:
    server.charts["ACME.NS"] = [missing("1m data not available for startTime=1")]
    (found,) = days(server, tmp_path, "ACME.NS").quotes()
    assert isinstance(found, Reject)
    assert "(1m data not available for startTime=1)" in found.reason


def test_a_ticker_that_yahoo_does_not_know_is_a_reject(server: Yahoo, tmp_path: Path) -> None:
    (found,) = days(server, tmp_path, "NEVER").quotes()
    assert isinstance(found, Reject)
    assert found.reason.startswith("Yahoo gave nothing of NEVER")


def waiting(server: Yahoo, folder: Path, waits: list[float]) -> YahooClient:
    return YahooClient(folder, session=Local(server.port), now=lambda: LATER, sleep=waits.append)


def test_a_limit_is_waited_out(server: Yahoo, tmp_path: Path) -> None:
    waits: list[float] = []
    # The client itself asks twice before it says that it is limited.
    server.charts["ACME.NS"] = [429, 429, 429, 429, chart(DAYS[:1])]
    source = YahooSource(
        waiting(server, tmp_path, waits), ["ACME.NS"], JANUARY_1, JANUARY_1 + 3 * DAY
    )
    assert [type(one) for one in source.quotes()] == [Quote]
    assert waits == [5, 10]


def test_a_limit_without_end_stops_with_what_was_kept(server: Yahoo, tmp_path: Path) -> None:
    waits: list[float] = []
    server.charts |= {"GOOD.NS": [chart(DAYS[:1])], "ACME.NS": [429]}
    asks = waiting(server, tmp_path, waits)
    source = YahooSource(asks, ["GOOD.NS", "ACME.NS"], JANUARY_1, JANUARY_1 + 3 * DAY)
    found = source.quotes()
    assert isinstance(next(found), Quote)
    with pytest.raises(SourceUnavailable, match=r"limits.*stopped at ACME\.NS.*an hour"):
        next(found)
    assert waits == [5, 10, 20, 40]
    server.asked.clear()
    server.charts["ACME.NS"] = [chart(DAYS[:1])]
    assert [type(one) for one in source.quotes()] == [Quote, Quote]
    assert asked(server) == ["ACME.NS"]  # the first was kept


@pytest.mark.parametrize("bad", [500, "<html>Will be right back...</html>", "<html></html>"])
def test_a_bad_answer_is_asked_for_again(server: Yahoo, tmp_path: Path, bad: Any) -> None:
    """yfinance would remember it for as long as the process lives."""
    server.charts["ACME.NS"] = [bad, bad, chart(DAYS[:1])]
    assert [type(one) for one in days(server, tmp_path, "ACME.NS").quotes()] == [Quote]
    server.charts["ACME.NS"] = [bad]
    with pytest.raises(SourceUnavailable, match=r"does not answer about ACME\.NS"):
        list(days(server, tmp_path / "other", "ACME.NS").quotes())


def test_an_answer_is_kept_for_half_a_day(server: Yahoo, tmp_path: Path) -> None:
    server.charts["ACME.NS"] = [chart(DAYS)]
    first = list(days(server, tmp_path, "ACME.NS").quotes())
    assert len(server.asked) == 1
    assert list(days(server, tmp_path, "ACME.NS", now=LATER + KEEP - 1).quotes()) == first
    assert len(server.asked) == 1
    list(days(server, tmp_path, "ACME.NS", now=LATER + KEEP).quotes())
    assert len(server.asked) == 2


def test_an_answer_about_today_is_kept_for_a_quarter_of_an_hour(
    server: Yahoo, tmp_path: Path
) -> None:
    server.charts["ACME.NS"] = [chart(DAYS)]
    today = JANUARY_1 + 3 * DAY + 1
    for minute, times in ((0, 1), (14, 1), (15, 2)):
        list(days(server, tmp_path, "ACME.NS", now=today + minute * 60_000).quotes())
        assert len(server.asked) == times


def test_other_spans_and_intervals_are_other_answers(server: Yahoo, tmp_path: Path) -> None:
    server.charts["ACME.NS"] = [chart(DAYS, minutes=True)]
    asks = client(tmp_path, server.port)
    for until, interval in ((2, "1d"), (3, "1d"), (3, "1m")):
        end = JANUARY_1 + until * DAY
        list(YahooSource(asks, ["ACME.NS"], JANUARY_1, end, interval).quotes())  # type: ignore[arg-type]
    assert len(server.asked) == 3


def test_a_damaged_answer_is_fetched_anew(server: Yahoo, tmp_path: Path) -> None:
    server.charts["ACME.NS"] = [chart(DAYS[:1])]
    first = list(days(server, tmp_path, "ACME.NS").quotes())
    (kept,) = tmp_path.glob("ACME.NS.*.parquet")
    kept.write_bytes(kept.read_bytes()[:40])
    assert list(days(server, tmp_path, "ACME.NS").quotes()) == first
    assert len(server.asked) == 2
    assert not list(tmp_path.glob("*.part"))


def test_a_ticker_with_odd_letters_is_one_file(server: Yahoo, tmp_path: Path) -> None:
    server.charts["M%26M.NS"] = [chart(DAYS[:1])]
    server.charts["M&M.NS"] = [chart(DAYS[:1])]
    (found,) = days(server, tmp_path, "M&M.NS").quotes()
    assert isinstance(found, Quote)
    assert found.bar.ticker == "M&M.NS"


def test_minutes_in_full(server: Yahoo, tmp_path: Path) -> None:
    server.charts["ACME.NS"] = [chart(MINUTES[:1], minutes=True)]
    (found,) = minutes(server, tmp_path, JANUARY_1, JANUARY_1 + DAY, LATER).quotes()
    begun = opening(JANUARY_1) * 1000
    assert isinstance(found, Quote)
    assert found.bar == Bar("ACME.NS", begun, begun + 60_000, 10, 12, 9, 11, 11, 100)
    assert server.asked[0][1]["interval"] == "1m"


def test_a_minute_that_runs_and_the_last_trade_are_no_bars(server: Yahoo, tmp_path: Path) -> None:
    begun = opening(JANUARY_1) * 1000
    server.charts["ACME.NS"] = [
        chart([*MINUTES[:1], (begun // 1000 + 77, MINUTES[0][1])], minutes=True)
    ]
    source = minutes(server, tmp_path, JANUARY_1, JANUARY_1 + DAY, begun + 59_999)
    running, last = source.quotes()
    assert isinstance(running, Reject)
    assert isinstance(last, Reject)
    assert running.reason == "had not ended when it was read"
    assert last.reason == "is the last trade and no whole minute"


def test_minutes_are_asked_for_by_the_week(server: Yahoo, tmp_path: Path) -> None:
    server.charts["ACME.NS"] = [chart(MINUTES[:1], minutes=True)]
    until = JANUARY_1 + 16 * DAY
    list(minutes(server, tmp_path, JANUARY_1, until, until).quotes())
    spans = [(int(q["period1"]), int(q["period2"])) for _, q in server.asked]
    starts = [(JANUARY_1 + n * DAY) // 1000 for n in (0, 7, 14, 16)]
    assert spans == list(pairwise(starts))


def test_minutes_of_more_than_a_month_ago_are_gone_and_said_to_be(
    server: Yahoo, tmp_path: Path
) -> None:
    server.charts["ACME.NS"] = [chart(MINUTES[:1], minutes=True)]
    now = JANUARY_1 + 33 * DAY + 5
    gone, *_ = minutes(server, tmp_path, JANUARY_1, now // DAY * DAY, now).quotes()
    assert isinstance(gone, Reject)
    assert "keeps minutes for 30 days" in gone.reason
    assert int(server.asked[0][1]["period1"]) == (JANUARY_1 + 4 * DAY) // 1000


def test_splits_and_dividends_come_with_the_days(server: Yahoo, tmp_path: Path) -> None:
    third = JANUARY_1 + 2 * DAY
    stamp = opening(third)
    events = {
        "dividends": {str(stamp): {"amount": 2.5, "date": stamp}},
        "splits": {str(stamp): {"date": stamp, "numerator": 4, "denominator": 1}},
    }
    server.charts["ACME.NS"] = [chart(DAYS, events=events)]
    assert list(days(server, tmp_path, "ACME.NS", "NEVER").actions())[:2] == [
        Action("ACME.NS", "split", third, third, ratio=4),
        Action("ACME.NS", "dividend", third, third, amount=2.5),
    ]
    assert len(server.asked) == 1


def test_a_machine_without_a_net_is_told_so(tmp_path: Path) -> None:
    source = YahooSource(client(tmp_path, 1), ["ACME.NS"], JANUARY_1, JANUARY_1 + DAY)
    with pytest.raises(SourceUnavailable, match=r"does not answer about ACME\.NS.*try again later"):
        list(source.quotes())
