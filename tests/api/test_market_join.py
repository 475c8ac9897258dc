"""Prices, posts and news of a run put beside each other, on the real path."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from api.market import Market, aligned, posts_at, tell_backgrounds, watch_prices
from graph.backends.bolt import BoltStore
from graph.bars import Bars
from graph.detection.observed import Observed, from_values
from graph.model import Account, Cluster, News, Post, PriceEvent, Promotion
from graph.publish import Aligned
from ingest.market.watch import Watched
from ingest.news.write import link_news, listed, write_news
from tests.api.market import put_posts
from tests.ingest.market_days import DAY
from tests.ingest.test_market_watch import DAYS, JUMP, moved

HOUR = 3_600_000
END = DAYS[-1] + 2 * DAY


def event(day: int, kind: str = "abnormal_return") -> PriceEvent:
    at = DAYS[day]
    opens = at + 14 * HOUR
    return PriceEvent(
        f"S3:{day}:{kind}",
        "S3",
        at,
        at + DAY,
        kind,
        5.0,
        0.1,
        0.1,
        0.0,
        "It rose.",
        begins_at=opens,
    )


def seen(*events: PriceEvent) -> Market:
    return Market(Watched(events, {}), {})


def cluster(first: int, last: int, ticker: str = "S3") -> Cluster:
    named = (Promotion(ticker, 3, 1.0, first, last),)
    return Cluster("c-1", (), (), named, (), 1.0, 1.0, first, last)


def test_lead_and_lag_are_told_from_the_opening() -> None:
    opens = DAYS[50] + 14 * HOUR
    found = aligned([cluster(opens - 90 * 60_000, opens + 30 * 60_000)], seen(event(50), event(90)))
    assert found == [Aligned("c-1", event(50).id, 90.0, 30.0)]
    after = aligned([cluster(opens + 10 * 60_000, opens + 30 * 60_000)], seen(event(50)))
    assert after == [Aligned("c-1", event(50).id, -10.0, 30.0)]


def test_clusters_on_other_stocks_or_days_are_not_beside_it() -> None:
    at = DAYS[50]
    assert not aligned([cluster(at, at, "S4")], seen(event(50)))
    assert not aligned([cluster(at + 4 * DAY, at + 5 * DAY)], seen(event(50)))


def test_what_posts_call_a_stock_leads_to_its_prices() -> None:
    at = DAYS[50]
    market = Market(Watched((event(50),), {}), {"ACME": "S3", "S4": "S4"})
    (found,) = aligned([cluster(at, at, "ACME")], market)
    assert found.event_id == event(50).id
    assert [(e.ticker, e.id) for e in market.trained] == [
        ("ACME", event(50).id),
        ("S3", event(50).id),
    ]


def test_posts_stood_out_with_the_first_of_clusters_and_crowds() -> None:
    price, crowd = event(50), replace(event(50, "attention_spike"), at=DAYS[50] - 2 * HOUR)
    crowd = replace(crowd, begins_at=crowd.at)
    around = [Aligned("c-1", price.id, 60.0, 0.0)]
    assert posts_at([price], []) == {}
    assert posts_at([price], around) == {price.id: price.begins_at - HOUR}
    assert posts_at([price, crowd], around)[price.id] == crowd.at
    far = replace(crowd, at=crowd.at - 4 * DAY, begins_at=crowd.at - 4 * DAY)
    assert posts_at([price, far], []) == {far.id: far.at}
    assert posts_at([price, crowd], [])[crowd.id] == crowd.at


@pytest.fixture
def bars(tmp_path: Path) -> Bars:
    opened = Bars(tmp_path / "bars.sqlite")
    opened.put(JUMP)
    return opened


POST = Post("x:1", "x:ann", DAYS[150], DAYS[150], "$S3", "x", tickers=("S3",))
LISTED = {
    "ticker": "S3.NS",
    "isin": "INE999A01015",
    "exchange": "NSE",
    "currency": "INR",
    "symbol": "S3",
    "name": "Sample Works Limited",
    "since": DAYS[0],
    "until": DAYS[199],
    "known_at": DAYS[0],
}


def observed(as_of: int = END) -> Observed:
    return from_values([POST], [Account("x:ann", "x", DAYS[150])], as_of)


def read(store: BoltStore, as_of: int = END) -> list[dict[str, object]]:
    return store.read("read/price_events_of_stocks", ids=["S3"], as_of=as_of, most=100)


def test_events_are_written_once_and_those_that_are_none_any_more_go(
    store: BoltStore, bars: Bars
) -> None:
    watched = watch_prices(store, bars, observed(), None).watched
    before = read(store)
    assert {row["id"] for row in before} == {e.id for e in watched.events if e.ticker == "S3"}
    assert "S3" in watched.sessions
    assert watch_prices(store, bars, observed(), None).watched.events == watched.events
    assert read(store) == before
    bars.put(moved(JUMP, "S3", 150, 1 / 1.3, volume=1 / 20))
    corrected = watch_prices(store, bars, observed(), None).watched
    assert {row["id"] for row in read(store)} == {
        e.id for e in corrected.events if e.ticker == "S3"
    }
    assert not [row for row in read(store) if row["at"] == DAYS[150]]


def test_a_run_of_an_earlier_moment_leaves_later_events_alone(store: BoltStore, bars: Bars) -> None:
    watch_prices(store, bars, observed(), None)
    whole = read(store)
    watch_prices(store, bars, observed(DAYS[100] + DAY), None)
    assert read(store) == whole
    assert not [row for row in read(store, DAYS[100] + DAY) if row["at"] >= DAYS[101]]


def test_backgrounds_stand_on_the_events_with_their_news(store: BoltStore, bars: Bars) -> None:
    put_posts(store, [POST])
    before = DAYS[150] + 8 * HOUR
    moments = {"a": DAYS[2], "b": before, "c": DAYS[-1]}
    write_news(
        store,
        [
            News(f"news:{n}", at, at, "news", "$S3 wins", "", None, None)
            for n, at in moments.items()
        ],
    )
    market = watch_prices(store, bars, observed(), None)
    watched = market.watched
    jump = next(
        e
        for e in watched.events
        if (e.ticker, e.at, e.kind) == ("S3", DAYS[150], "abnormal_return")
    )
    around = [Aligned("c-1", jump.id, 600.0, 0.0)]
    assert tell_backgrounds(store, market, around, END, None).changed
    row = next(row for row in read(store) if row["id"] == jump.id)
    assert row["sequence"] == ["posts", "news", "price"]
    assert row["news_at"] == before
    assert row["news_probability"] > 0
    (told,) = store.read("read/news_of_price_events", ids=[jump.id])
    assert told["id"] == "news:b"
    assert told["minutes"] == pytest.approx((jump.begins_at - before) / 60_000)
    assert not tell_backgrounds(store, market, around, END, None).changed
    assert {row["id"] for row in market.news} == {"news:a", "news:b", "news:c"}
    tell_backgrounds(store, replace(market, news=market.news[:1]), [], END, None)
    assert not store.read("read/news_of_price_events", ids=[jump.id])


def test_news_of_the_future_is_not_seen(store: BoltStore, bars: Bars) -> None:
    put_posts(store, [POST])
    at = DAYS[150]
    write_news(store, [News("news:1", at, at, "news", "$S3 wins", "", None, None)])
    assert not watch_prices(store, bars, observed(at - 1), None).news
    assert len(watch_prices(store, bars, observed(at), None).news) == 1


def test_a_market_without_prices_is_no_trouble(store: BoltStore, tmp_path: Path) -> None:
    with Bars(tmp_path / "none.sqlite") as none:
        market = watch_prices(store, none, observed(), None)
        assert market.watched.events == ()
        assert not tell_backgrounds(store, market, [], END, None).changed


def test_prices_of_a_listing_stand_under_what_posts_call_the_stock(
    store: BoltStore, tmp_path: Path
) -> None:
    """Posts say $S3 and the exchange S3.NS, where nobody else is called so."""
    with Bars(tmp_path / "india.sqlite") as india:
        india.put([replace(bar, ticker=f"{bar.ticker}.NS") for bar in JUMP])
        india.put_listings([LISTED])
        put_posts(store, [POST])
        market = watch_prices(store, india, observed(), None)
        link_news(store, listed(india))
        write_news(store, [News("news:1", 5, 5, "news", "Sample Works Ltd wins", "", None, None)])
        link_news(store, listed(india))
    assert market.priced == {"S3": "S3.NS"}
    assert {e.ticker for e in market.trained} >= {"S3", "S3.NS"}
    assert {row["ticker"] for row in read(store)} == {"S3.NS"}
    (stock,) = store.read("read/stocks_by_ids", ids=["S3"])
    assert (stock["name"], stock["priced_as"]) == ("Sample Works Limited", "S3.NS")
    span = {"since": 0, "until": END, "as_of": END, "most": 9}
    (told,) = store.read("read/news_of_stocks", ids=["S3"], **span)
    assert (told["id"], told["how"]) == ("news:1", "name")
