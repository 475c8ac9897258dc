"""Stock-days on which accounts said one new thing while a price rose, as events of a run.

The rule is `ingest.market.joint_alert`'s. Here posts and news are put into the sessions of their
exchange's calendar, and what news said first is no chorus.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from math import nan
from typing import Any

import polars as pl
import pyarrow as pa

from api.shapes import shapes_at
from api.stock_alerts import posts_of
from graph.detection.observed import Observed
from graph.model import Millis, PriceEvent
from ingest.market.calendars import NONE, Sessions
from ingest.market.joint_alert import JointAlert, joint_alerts
from ingest.market.stock_days import stock_days
from ingest.market.watch import JOINT_ALERT

MIDNIGHT = 24  # posts stand at the midnight of their session, so no hour moves them on
NEWS: dict[str, Any] = {
    "ticker": pl.String,
    "at": pl.Int64,
    "text": pl.String,
    "links": pl.List(pl.String),
}


def joint_events(
    days: pa.Table,
    observed: Observed,
    priced: Mapping[str, str],
    sessions: Mapping[str, Sessions],
    news: Sequence[Mapping[str, Any]],
) -> list[PriceEvent]:
    """The alerts in days of bars (actions applied) as events, by day and ticker.

    `priced`: what posts call a stock, and the ticker of its prices; `news` has ticker, known_at,
    title, summary and url.
    """
    bars = pl.DataFrame(pl.from_arrow(days))
    posts = in_their_sessions(posts_of(observed, priced), sessions)
    told = in_their_sessions(_texts(news), sessions)
    if not len(posts) or not len(bars):
        return []
    found = stock_days(bars, posts, "UTC", MIDNIGHT, told if len(told) else None)
    alerts = joint_alerts(found) if len(found) else []
    if not alerts:
        return []
    pointed = pl.DataFrame([(one.ticker, one.at) for one in alerts], _KEY, orient="row")
    looks_like = {key: match.why for key, (_, match) in shapes_at(bars, pointed).items()}
    named = bars.filter(pl.col("ticker").is_in(pointed["ticker"].implode()))
    known = {row[:2]: row[2] for row in named.select(*_KEY, "known_at").iter_rows()}
    return [
        _event(one, known[one.ticker, one.at], looks_like.get((one.ticker, one.at), ""), sessions)
        for one in alerts
    ]


_KEY = {"ticker": pl.String, "at": pl.Int64}


def in_their_sessions(rows: pl.DataFrame, sessions: Mapping[str, Sessions]) -> pl.DataFrame:
    """Rows of ticker and at, with `at` the day of the session in which they can first be traded on;
    those of stocks without sessions, and those after the last one known, are left out."""
    parts = [
        part.with_columns(at=pl.Series(sessions[str(ticker)].session_of(part["at"].to_numpy())))
        for (ticker,), part in rows.group_by("ticker", maintain_order=True)
        if ticker in sessions
    ]
    placed = pl.concat(parts) if parts else rows.clear()
    return placed.filter(pl.col("at") != NONE)


def _texts(news: Sequence[Mapping[str, Any]]) -> pl.DataFrame:
    rows = [
        (one["ticker"], one["known_at"], f"{one['title']}\n{one['summary']}", _links(one["url"]))
        for one in news
    ]
    return pl.DataFrame(rows, NEWS, orient="row")


def _links(url: str | None) -> list[str]:
    return [url] if url else []


def _event(
    alert: JointAlert, known_at: Millis, shape: str, sessions: Mapping[str, Sessions]
) -> PriceEvent:
    day = datetime.fromtimestamp(alert.at / 1000, UTC)
    return PriceEvent(
        id=f"{alert.ticker}:{day:%Y-%m-%d}:{JOINT_ALERT}",
        ticker=alert.ticker,
        at=alert.at,
        known_at=known_at,
        kind=JOINT_ALERT,
        z=alert.score,
        p_value=alert.p_value,
        abnormal_return=nan,
        volume_z=nan,
        explanation=f"{alert.explanation} {shape}".rstrip(),
        window="10 sessions",
        begins_at=sessions[alert.ticker].hours(alert.at)[0],
    )
