"""Alerts on stock-days: what accounts say, beside what price and volume do.

Beside the alerts of clusters, which look at accounts: this looks at a stock, needs no tie and no
model, and is cheap enough to ask of every stock every day.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, cast

import polars as pl

from graph.bars import Bars
from graph.detection.observed import Observed
from graph.detection.stored import observe
from graph.errors import UsageError
from graph.model import Millis
from graph.store import GraphStore
from ingest.market.joint_alert import JointAlert, joint_alerts
from ingest.market.prices import adjusted_prices
from ingest.market.stock_days import stock_days

EVER = 2**53


def stock_alerts(
    bars: Bars, observed: Observed, zone: str = "UTC", close_hour: int = 21
) -> list[JointAlert]:
    """Those that what was known at `observed.as_of` gives, by day and ticker.

    A post after `close_hour` in `zone` belongs to the next session. Prices are adjusted; a stock is
    called as its prices are.
    """
    known = cast(pl.DataFrame, pl.from_arrow(adjusted_prices(bars, as_of=observed.as_of).bars))
    names = bars.names(as_of=observed.as_of)
    priced = {said: names.main(said) for said in observed.named["ticker"].unique().sort()}
    days = stock_days(known, posts_of(observed, priced), zone, close_hour)
    return joint_alerts(days) if len(days) else []


def posts_of(observed: Observed, priced: Mapping[str, str]) -> pl.DataFrame:
    """ticker, at, account, text, links: a row for each stock that a post of one's own names.

    `priced`: what posts call a stock, and the ticker of its prices.
    """
    own = observed.posts.filter(pl.col("repost_of").is_null())
    links = observed.linked.group_by("post").agg(links=pl.col("link").sort())
    named = observed.named.with_columns(pl.col("ticker").replace(dict(priced))).unique()
    rows = own.select("post", "account", "at", "text").join(named, on="post")
    rows = rows.join(links, on="post", how="left").with_columns(
        pl.col("links").fill_null(pl.lit([], dtype=pl.List(pl.String)))
    )
    return rows.sort("ticker", "at", "post").select("ticker", "at", "account", "text", "links")


def found(
    store: GraphStore,
    bars: Bars,
    as_of: Millis | None = None,
    ticker: str = "",
    zone: str = "UTC",
    close_hour: int = 21,
) -> list[dict[str, Any]]:
    """The newest first; of one stock where `ticker` names it. Raises UsageError without posts."""
    observed = observe(store, EVER if as_of is None else as_of)
    if not len(observed.posts):
        raise UsageError("there are no posts yet; load some with `sentinelmarket ingest FILE...`")
    told = stock_alerts(bars, observed, zone, close_hour)
    rows = [asdict(alert) for alert in told if ticker in ("", alert.ticker)]
    _add_shapes(rows, bars, observed.as_of)
    return sorted(rows, key=lambda row: (-row["at"], row["ticker"]))


def _add_shapes(rows: list[dict[str, Any]], bars: Bars, as_of: Millis) -> None:
    """`shape`: which known case the price resembles and why; `shape_score`: from -1 to about 3, the
    higher the more a pump. Both null where there are too few bars before."""
    from api.shapes import shapes_at

    known = cast(pl.DataFrame, pl.from_arrow(adjusted_prices(bars, as_of=as_of).bars))
    days = pl.DataFrame(rows, schema={"ticker": pl.String, "at": pl.Int64})
    found = shapes_at(known, days) if rows else {}
    for row in rows:
        score, match = found.get((row["ticker"], row["at"]), (None, None))
        row["shape"] = match.why if match else None
        row["shape_score"] = None if score is None else round(score, 2)
