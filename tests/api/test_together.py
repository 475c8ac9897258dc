"""Accounts that say one new thing while a price rises, as events of a run."""

from __future__ import annotations

from typing import Any

import polars as pl
import pyarrow as pa

from api.together import in_their_sessions, joint_events
from graph.detection.observed import Observed, from_values
from graph.model import Post, PriceEvent
from ingest.market.calendars import sessions
from ingest.market.watch import JOINT_ALERT, sessions_of
from tests.ingest.market_days import DAY, FIRST
from tests.ingest.test_joint_alert import START, pushed, talk

AS_OF = FIRST + 240 * DAY
HOUR = 3_600_000


def observed(as_of: int = AS_OF) -> Observed:
    rows = talk().iter_rows()
    posts = [
        Post(f"x:p{n}", account, at, at, text, "x", tickers=(ticker,), links=tuple(links))
        for n, (ticker, at, account, text, links) in enumerate(rows)
    ]
    return from_values(posts, [], as_of)


def days() -> pa.Table:
    return pushed().with_columns(known_at=pl.col("at") + 21 * HOUR).to_arrow()


def found(news: list[dict[str, Any]] | None = None) -> list[PriceEvent]:
    laid_out = sessions_of(pl.DataFrame(pl.from_arrow(days().select(["ticker", "at"]))))
    return joint_events(days(), observed(), {"S00": "S00", "S01": "S01"}, laid_out, news or [])


def test_a_ring_that_moves_a_price_is_an_event_of_the_day_that_shows_it() -> None:
    (event,) = found()
    assert (event.ticker, event.kind) == ("S00", JOINT_ALERT)
    assert FIRST + START * DAY <= event.at <= FIRST + (START + 5) * DAY
    assert event.known_at == event.at + 21 * HOUR
    assert event.id == f"S00:{event.id[4:14]}:joint_alert"
    assert event.begins_at is not None
    assert event.at < event.begins_at < event.known_at
    assert "say the same new thing" in event.explanation
    assert "nearest to" in event.explanation, "the shape of its price"


def test_what_the_news_said_first_is_no_chorus() -> None:
    told = {
        "ticker": "S00",
        "known_at": FIRST + (START - 1) * DAY,
        "title": "Flarbo deal!",
        "summary": "",
        "url": None,
    }
    assert not found([told])


def test_posts_stand_in_the_session_that_they_can_move() -> None:
    year = sessions("XBOM", FIRST, FIRST + 300 * DAY)
    friday = FIRST + 2 * DAY  # 3 January 2014
    rows = pl.DataFrame(
        {
            "ticker": ["A.NS", "A.NS", "B.NS", "A.NS"],
            "at": [friday + 9 * HOUR, friday + 11 * HOUR, friday, FIRST + 4_000 * DAY],
        }
    )
    placed = in_their_sessions(rows, {"A.NS": year})
    assert placed["at"].to_list() == [friday, friday + 3 * DAY]


def test_without_posts_or_bars_there_is_none() -> None:
    nobody = from_values([], [], AS_OF)
    assert joint_events(days(), nobody, {}, {}, []) == []
    assert joint_events(days().slice(0, 0), observed(), {}, {}, []) == []
