"""The market's side of a run: what the prices did, and what was known when they did it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import polars as pl

from api.together import joint_events
from graph.backgrounds import publish_backgrounds
from graph.bars import Bars
from graph.detection.observed import Observed
from graph.model import Cluster, Millis, PriceEvent
from graph.publish import Aligned
from graph.store import Counters, GraphStore, Progress
from graph.windows import DAY
from ingest.market.detectors.attention_spike import NAME as ATTENTION_SPIKE
from ingest.market.prices import Prices, adjusted_prices
from ingest.market.watch import Watched, in_order, watch
from ingest.market.write import forget_price_events, write_price_events
from ingest.news.driven import backgrounds
from ingest.news.write import link_news, listed

AROUND = 3 * DAY  # a cluster whose posts are this near to an event was active around it
BESIDE = ("exchange", "delivered")  # what detectors look at beside prices and volume
PROMOTIONS = 3  # of a cluster, the stocks that it names most


@dataclass(frozen=True, slots=True)
class Market:
    """What prices and crowds did, and under which ticker the prices of a stock stand."""

    watched: Watched
    priced: Mapping[str, str]  # what posts call a stock -> the ticker of its prices
    news: Sequence[dict[str, Any]] = ()  # id, ticker, known_at, title, summary, url

    @property
    def trained(self) -> list[PriceEvent]:
        """Events of the kinds that the score was trained on, by what posts call the stock."""
        events = self.watched.trained
        called: defaultdict[str, set[str]] = defaultdict(set)
        for said, ticker in self.priced.items():
            called[ticker].add(said)
        return [
            event if said == event.ticker else replace(event, ticker=said)
            for event in events
            for said in sorted(called[event.ticker] | {event.ticker})
        ]


def watch_prices(
    store: GraphStore, bars: Bars, observed: Observed, progress: Progress | None
) -> Market:
    """Price events from what was known, written to the graph; those that are none any more go.

    Minutes are looked at for stocks that posts name: over the others nobody is accused.
    """
    as_of = observed.as_of
    seen, days = _looked_at(bars, observed, progress)
    watched, priced = seen.watched, seen.priced
    news = _news(store, bars, priced, as_of, progress)
    together = joint_events(days.bars, observed, priced, watched.sessions, news)
    watched = replace(watched, events=in_order(watched.events, together))
    write_price_events(store, watched.events, progress)
    asked = {*watched.sessions, *priced.values()}
    forget_price_events(store, asked, watched.events, as_of)
    _write_listings(store, bars, priced, as_of)
    return Market(watched, priced, news)


def trained_events(bars: Bars, observed: Observed, progress: Progress | None) -> list[PriceEvent]:
    """What `watch_prices(...).trained` is, and nothing is written."""
    return _looked_at(bars, observed, progress)[0].trained


def _looked_at(bars: Bars, observed: Observed, progress: Progress | None) -> tuple[Market, Prices]:
    """What prices and posts show by themselves, and the days that they were seen in."""
    if progress:
        progress("reading prices", 0, 1)
    as_of = observed.as_of
    names = bars.names(as_of=as_of)
    priced = {said: names.main(said) for said in observed.named["ticker"].unique().sort()}
    days = adjusted_prices(bars, columns=BESIDE, as_of=as_of)
    wanted = sorted(set(priced.values()))
    minutes = adjusted_prices(bars, wanted, interval="1m", columns=BESIDE, as_of=as_of)
    return Market(watch(days, minutes.bars, _posts(observed, priced), as_of), priced), days


def _news(
    store: GraphStore,
    bars: Bars,
    priced: Mapping[str, str],
    as_of: Millis,
    progress: Progress | None,
) -> list[dict[str, Any]]:
    """News known then, linked to what is known now, a row a stock by the ticker of its prices."""
    link_news(store, listed(bars), progress)
    rows = store.read("detect/known_news", as_of=as_of)
    named = ({**row, "ticker": priced.get(row["ticker"], row["ticker"])} for row in rows)
    return list({(row["id"], row["ticker"]): row for row in named}.values())


def _posts(observed: Observed, priced: Mapping[str, str]) -> pl.DataFrame:
    """ticker, at, account: a row for each stock that a post names, by the ticker of its prices."""
    posts = observed.posts.select("post", "at", "account")
    named = observed.named.with_columns(pl.col("ticker").replace(dict(priced)))
    return (
        named.unique(maintain_order=True).join(posts, on="post").select("ticker", "at", "account")
    )


def _write_listings(
    store: GraphStore, bars: Bars, priced: Mapping[str, str], as_of: Millis
) -> None:
    """Onto the stocks that posts name, where their prices stand and what they are called."""
    listings = bars.listings(sorted(set(priced.values())), as_of=as_of)
    called = {row["ticker"]: row["name"] for row in listings.to_pylist() if row["name"]}
    rows = [
        {"id": said, "priced_as": ticker, "name": called.get(ticker)}
        for said, ticker in priced.items()
        if ticker != said or ticker in called
    ]
    store.write_rows("ingest/stock_listings", rows)


def aligned(clusters: Sequence[Cluster], market: Market) -> list[Aligned]:
    """Clusters active around events of the stocks they name, with lead and lag in minutes."""
    by_ticker = _by_ticker(market.watched.events)
    return [
        Aligned(
            cluster.id,
            event.id,
            (_begins(event) - promotion.first_at) / 60_000,
            (promotion.last_at - _begins(event)) / 60_000,
        )
        for cluster in clusters
        for promotion in cluster.promotions[:PROMOTIONS]
        for event in by_ticker.get(market.priced.get(promotion.ticker, promotion.ticker), ())
        if promotion.first_at - AROUND <= event.at <= promotion.last_at + AROUND
    ]


def tell_backgrounds(
    store: GraphStore,
    market: Market,
    around: Iterable[Aligned],
    as_of: Millis,
    progress: Progress | None,
) -> Counters:
    """What news was known before each event and what came first, written to the graph."""
    news = [(row["id"], row["ticker"], row["known_at"]) for row in market.news]
    watched = market.watched
    stood_out = posts_at(watched.events, around)
    found = backgrounds(watched.events, news, watched.sessions, stood_out, as_of)
    return publish_backgrounds(store, found, progress)


def posts_at(events: Sequence[PriceEvent], around: Iterable[Aligned]) -> dict[str, Millis]:
    """When posts about its stock stood out, by id of the events around which they did.

    The first post of a cluster that was active around it, or the first hour in which more accounts
    named it than is usual.
    """
    spikes = _by_ticker(event for event in events if event.kind == ATTENTION_SPIKE)
    found = _first(
        (event.id, spike.at)
        for event in events
        for spike in spikes.get(event.ticker, ())
        if abs(spike.at - _begins(event)) <= AROUND
    )
    begins = {event.id: _begins(event) for event in events}
    clusters = _first(
        (one.event_id, begins[one.event_id] - round(one.lead_minutes * 60_000)) for one in around
    )
    return found | {id: min(at, found.get(id, at)) for id, at in clusters.items()}


def _first(times: Iterable[tuple[str, Millis]]) -> dict[str, Millis]:
    found: dict[str, Millis] = {}
    for id, at in times:
        found[id] = min(at, found.get(id, at))
    return found


def _by_ticker(events: Iterable[PriceEvent]) -> Mapping[str, list[PriceEvent]]:
    found: defaultdict[str, list[PriceEvent]] = defaultdict(list)
    for event in events:
        found[event.ticker].append(event)
    return found


def _begins(event: PriceEvent) -> Millis:
    return event.at if event.begins_at is None else event.begins_at
