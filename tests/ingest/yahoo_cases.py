"""Yahoo as a source for the contract suite: a real client and a server on this machine."""

from __future__ import annotations

import atexit
from contextlib import ExitStack
from functools import cache
from pathlib import Path
from typing import Any

from graph.model import Millis
from ingest.market.quote import Interval
from ingest.market.source import BarSource
from ingest.market.yahoo import YahooSource
from ingest.market.yahoo_client import YahooClient
from tests.ingest.market_sources import Case
from tests.ingest.yahoo_server import Local, Yahoo, chart, opening, yahoo

JANUARY_1 = 1_704_067_200_000  # 2024-01-01
DAY = 86_400_000
DAYS: list[tuple[int, Any]] = [
    (opening(JANUARY_1), (10, 12, 9, 11, 5.5, 1000)),
    (opening(JANUARY_1 + DAY), (None, None, None, None, None, None)),
    (opening(JANUARY_1 + 2 * DAY), (11, 12.5, 10, 12, 12, 1500)),
]
MINUTES: list[tuple[int, Any]] = [
    (opening(JANUARY_1), (10, 12, 9, 11, 11, 100)),
    (opening(JANUARY_1) + 60, (10, 9, 12, 11, 11, 100)),
    (opening(JANUARY_1) + 120, (11, 12.5, 10, 12, 12, 150)),
]


def client(folder: Path, port: int, now: Millis = JANUARY_1 + 5 * DAY) -> YahooClient:
    """A client that asks this machine and does not wait."""
    return YahooClient(folder, session=Local(port), now=lambda: now, sleep=lambda seconds: None)


@cache
def _server() -> Yahoo:
    stack = ExitStack()
    atexit.register(stack.close)
    return stack.enter_context(yahoo())


def _case(interval: Interval, bars: list[tuple[int, Any]]) -> Case:
    def good(folder: Path) -> BarSource:
        _server().charts["ACME.NS"] = [chart(bars, minutes=interval == "1m")]
        asked = client(folder / "yahoo", _server().port)
        return YahooSource(asked, ["ACME.NS"], JANUARY_1, JANUARY_1 + 3 * DAY, interval)

    def absent(folder: Path) -> BarSource:
        closed = 1  # a port that nobody listens at
        return YahooSource(client(folder, closed), ["ABSENT"], JANUARY_1, JANUARY_1 + DAY, interval)

    return Case(f"yahoo, {interval}", good, None, absent, bad_line=2)


YAHOO_CASES = [_case("1d", DAYS), _case("1m", MINUTES)]
