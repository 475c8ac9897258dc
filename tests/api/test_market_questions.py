"""What GraphQL and the command line say of events and news."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from typing import Any

import pytest

from api import look
from graph.backends.bolt import BoltStore
from graph.backgrounds import publish_backgrounds
from graph.bars import Bars
from graph.model import Background, News
from graph.store import GraphStore
from ingest.market.write import write_price_events
from ingest.news.write import link_news, write_news
from tests.api import market
from tests.api.conftest import asker, shared

Ask = Callable[..., dict[str, Any]]
HOUR = 3_600_000
EVENT = replace(
    market.event(),
    severity="extreme",
    window="60 bars",
    bars_used=60,
    begins_at=market.START + market.DAY + 14 * HOUR,
    circuit="upper 5 %",
    halted=2,
    split_ratio=None,
)
LATER = replace(EVENT, id="T0:later", at=market.AS_OF + 1, known_at=market.AS_OF + 1)


def article(number: int, at: int, text: str) -> News:
    return News(
        f"news:{number}", at, at, "news", text, "", f"https://wire.example/{number}", "Wire"
    )


NEWS = (
    article(1, market.START + market.DAY, "$T0 wins an order"),
    article(2, market.START, "$T0 and $T1 meet"),
    article(3, market.AS_OF + 1, "$T0 of tomorrow"),
)


def fill(store: GraphStore) -> GraphStore:
    market.put_market(store)
    write_price_events(store, [EVENT, LATER])
    write_news(store, NEWS)
    link_news(store)
    store.write_rows("ingest/stocks", [{"id": "S0"}])
    store.write_rows("ingest/stock_listings", [{"id": "S0", "priced_as": "T0", "name": None}])
    told = Background(
        EVENT.id,
        news=(("news:1", 840.0),),
        probability=0.4,
        base_rate=0.1,
        ratio=10.0,
        p_value=0.2,
        posts_at=market.START,
        news_at=market.START + market.DAY,
        order=("posts", "news", "price"),
    )
    publish_backgrounds(store, [told])
    return store


@pytest.fixture(scope="module", params=["embedded", "neo4j"])
def ask(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ask]:
    """Asks a store that the tests of this module share."""
    with ExitStack() as stack:
        bars = stack.enter_context(Bars(tmp_path_factory.mktemp("bars") / "bars.sqlite"))
        market.put_bars(bars)
        yield asker(fill(stack.enter_context(shared(request.param, request))), bars)


def test_an_event_says_all_that_is_known_of_it(ask: Ask) -> None:
    document = """{ stock(ticker: "T0") { priceEvents { id severity window barsUsed beginsAt circuit
        halted splitRatio z background { probability baseRate ratio pValue order postsAt says }
        news { minutes news { title } }
        clusters { leadMinutes lagMinutes cluster { id name } } } } }"""
    (event,) = ask(document)["stock"]["priceEvents"]
    assert event["id"] == EVENT.id, "what was known after the run looked is not shown"
    assert (event["severity"], event["window"], event["barsUsed"]) == ("extreme", "60 bars", 60)
    assert event["beginsAt"] == "2023-11-16T14:00:00+00:00"
    assert (event["circuit"], event["halted"], event["splitRatio"]) == ("upper 5 %", 2, None)
    told = event["background"]
    assert (told["probability"], told["baseRate"], told["ratio"]) == (0.4, 0.1, 10.0)
    assert told["order"] == ["posts", "news", "price"]
    assert told["says"][0] == "Posts first, then news, then the price."
    assert event["news"] == [{"minutes": 840.0, "news": {"title": "$T0 wins an order"}}]
    (around,) = event["clusters"]
    assert (around["leadMinutes"], around["lagMinutes"]) == (1440.0, None)
    assert around["cluster"]["id"] == "c-00"


def test_a_clusters_events_are_the_same_events(ask: Ask) -> None:
    document = """{ cluster(id: "c-00") { priceEvents { leadMinutes
        event { id severity background { probability } } } } }"""
    assert ask(document)["cluster"]["priceEvents"] == [
        {
            "leadMinutes": 1440.0,
            "event": {"id": EVENT.id, "severity": "extreme", "background": {"probability": 0.4}},
        }
    ]


def test_a_stocks_news_is_the_newest_first_and_nothing_of_the_future(ask: Ask) -> None:
    document = """query($first: Int!, $since: DateTime) { stock(ticker: "T0") {
        news(first: $first, since: $since) { how news { id kind title url source knownAt } } } }"""
    found = ask(document, first=50)["stock"]["news"]
    assert [one["news"]["id"] for one in found] == ["news:1", "news:2"]
    assert found[0] == {
        "how": "cashtag",
        "news": {
            "id": "news:1",
            "kind": "news",
            "title": "$T0 wins an order",
            "url": "https://wire.example/1",
            "source": "Wire",
            "knownAt": "2023-11-16T00:00:00+00:00",
        },
    }
    assert len(ask(document, first=1)["stock"]["news"]) == 1
    since = ask(document, first=50, since="2023-11-16T00:00:00Z")["stock"]["news"]
    assert [one["news"]["id"] for one in since] == ["news:1"]


def test_each_stock_has_its_own(ask: Ask) -> None:
    assert ask('{ stock(ticker: "T1") { news { news { id } } priceEvents { id } } }') == {
        "stock": {"news": [{"news": {"id": "news:2"}}], "priceEvents": []}
    }


def test_what_posts_call_a_stock_leads_to_its_prices_and_back(ask: Ask) -> None:
    document = """query($t: ID!) { stock(ticker: $t) {
        pricedAs called bars { at } priceEvents { id } news { news { id } } } }"""
    said = ask(document, t="S0")["stock"]
    assert (said["pricedAs"], said["called"]) == ("T0", [])
    assert len(said["bars"]) == 10
    assert [event["id"] for event in said["priceEvents"]] == [EVENT.id]
    assert len(said["news"]) == 2
    priced = ask(document, t="T0")["stock"]
    assert (priced["pricedAs"], priced["called"]) == ("T0", ["S0"])


def test_too_much_news_is_refused(ask: Ask) -> None:
    with pytest.raises(AssertionError, match="200"):
        ask('{ stock(ticker: "T0") { news(first: 5000) { how } } }')


def test_the_command_line_says_the_same(store: BoltStore) -> None:
    found = look.stock(fill(store), "$t0")
    (event,) = found["price_events"]
    assert (event["kind"], event["severity"], event["news_probability"]) == (
        "volume_spike",
        "extreme",
        0.4,
    )
    assert event["order"] == ["posts", "news", "price"]
    assert "Posts first" in event["explanation"]
    assert [row["title"] for row in found["news"]] == ["$T0 wins an order", "$T0 and $T1 meet"]
    assert found["news"][0]["known_at"] == "2023-11-16 00:00"
