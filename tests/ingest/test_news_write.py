"""News in the graph: from files, once each, linked to the stocks it names."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson
import pytest

from graph.backends.bolt import BoltStore
from graph.bars import Bars
from graph.errors import SourceRefused
from graph.model import News
from graph.store import Counters, GraphStore
from ingest.formats import detect
from ingest.load import Loaded, load
from ingest.news.item import NewsItem
from ingest.news.write import link_news, write_news

EVER = 2**53
RSS = b"""<?xml version="1.0"?>
<rss version="2.0"><channel><title>Wire</title>
<item><title>$ACME wins an order</title><link>https://wire.example/1</link>
<pubDate>Mon, 01 Jan 2024 09:00:00 GMT</pubDate></item>
<item><title>Acme Logistics (NSE: BETA) names a chief</title><link>https://wire.example/2</link>
<pubDate>Tue, 02 Jan 2024 09:00:00 GMT</pubDate></item>
<item><title>No date</title><link>https://wire.example/3</link></item>
</channel></rss>"""
ANSWER = {
    "status": "ok",
    "articles": [
        {
            "title": "$ACME again",
            "url": "https://wire.example/4",
            "publishedAt": "2024-01-03T09:00:00Z",
            "source": {"name": "Wire"},
        }
    ],
}


def stocks(store: GraphStore, *tickers: str) -> None:
    store.write_rows("ingest/stocks", [{"id": ticker} for ticker in tickers])


def of(store: GraphStore, ticker: str, as_of: int = EVER) -> list[dict[str, Any]]:
    span = {"since": 0, "until": EVER, "as_of": as_of}
    return store.read("read/news_of_stocks", ids=[ticker], most=50, **span)


def loaded(store: GraphStore, folder: Path, *files: Path) -> Loaded:
    with Bars(folder / "bars.sqlite") as bars:
        return load(store, bars, files, rejects=folder / "rejects.jsonl")


def feed(folder: Path, content: bytes = RSS) -> Path:
    (folder / "feed.xml").write_bytes(content)
    return folder / "feed.xml"


def article(text: str = "$ACME rises", known_at: int = 10, id: str = "news:1") -> News:
    return News(id, known_at, known_at, "news", text, "", "https://wire.example/1", "Wire")


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (RSS, "news-feed"),
        (b"\xef\xbb\xbf" + RSS, "news-feed"),
        (b'<feed xmlns="http://www.w3.org/2005/Atom"><title>x</title></feed>', "news-feed"),
        (b'<rdf:RDF xmlns:rdf="x"></rdf:RDF>', "news-feed"),
        (orjson.dumps(ANSWER), "newsapi"),
        (orjson.dumps(ANSWER, option=orjson.OPT_INDENT_2), "newsapi"),
        (b'{"totalResults": 0, "articles": []}', "newsapi"),
    ],
)
def test_news_is_known_by_looking(tmp_path: Path, content: bytes, name: str) -> None:
    assert detect(feed(tmp_path, content)) == name


@pytest.mark.parametrize(
    "content",
    [
        b"<!doctype html><html><head><link type='application/rss+xml'></head><rss></html>",
        b"<html><rss></html>",
        b'{"status": "ok", "results": []}',
        b"<prices></prices>",
    ],
)
def test_what_is_no_news_is_refused(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(SourceRefused):
        detect(feed(tmp_path, content))


def test_a_cut_answer_is_refused_and_the_graph_is_as_before(
    embedded_store: BoltStore, tmp_path: Path
) -> None:
    cut = feed(tmp_path, orjson.dumps(ANSWER)[:-20])
    assert detect(cut) == "newsapi"
    with pytest.raises(SourceRefused, match="is not JSON"):
        loaded(embedded_store, tmp_path, cut)
    assert embedded_store.read("schema/count") == [{"nodes": 0}]


def test_a_feed_becomes_news_of_the_stocks_it_names(store: BoltStore, tmp_path: Path) -> None:
    stocks(store, "ACME", "BETA.NS")
    done = loaded(store, tmp_path, feed(tmp_path))
    assert (done.news, done.records, done.rejected) == (2, 3, 1)
    assert done.changed
    (row,) = of(store, "ACME")
    assert row["title"] == "$ACME wins an order"
    assert (row["how"], row["kind"], row["source"]) == ("cashtag", "news", "Wire")
    assert row["url"] == "https://wire.example/1"
    (other,) = of(store, "BETA.NS")
    assert other["how"] == "listing"
    assert not loaded(store, tmp_path, feed(tmp_path)).changed


def test_newsapi_and_a_feed_in_one_load(store: BoltStore, tmp_path: Path) -> None:
    stocks(store, "ACME")
    (tmp_path / "answer.json").write_bytes(orjson.dumps(ANSWER))
    done = loaded(store, tmp_path, feed(tmp_path), tmp_path / "answer.json")
    assert [file.format for file in done.files] == ["news-feed", "newsapi"]
    assert [row["title"] for row in of(store, "ACME")] == ["$ACME again", "$ACME wins an order"]


def test_what_was_not_known_then_is_not_seen(store: BoltStore) -> None:
    stocks(store, "ACME")
    write_news(store, [article(known_at=10)])
    link_news(store)
    assert not of(store, "ACME", as_of=9)
    assert len(of(store, "ACME", as_of=10)) == 1


def test_stocks_that_come_later_are_linked_and_names_count(store: BoltStore) -> None:
    write_news(store, [article("Acme Logistics wins, $ACME")])
    assert link_news(store) == Counters()
    stocks(store, "ACME")
    assert link_news(store).edges_created == 1
    assert link_news(store) == Counters()
    assert [row["how"] for row in of(store, "ACME")] == ["cashtag"]


def test_of_two_versions_the_words_known_first_stay(store: BoltStore) -> None:
    stocks(store, "ACME", "BETA")
    first, second = article("$ACME rises", 10), article("$BETA rises", 20)
    for order in ([second, first], [first, second]):
        write_news(store, order)
        write_news(store, order[:1])
    link_news(store)
    assert [row["title"] for row in of(store, "ACME")] == ["$ACME rises"]
    assert not of(store, "BETA")


def test_a_link_that_does_not_hold_any_more_goes(store: BoltStore) -> None:
    stocks(store, "ACME", "BETA")
    write_news(store, [article("$ACME and $BETA", 20)])
    link_news(store)
    assert of(store, "BETA")
    write_news(store, [article("$ACME alone", 10)])
    assert link_news(store).edges_deleted == 1
    assert not of(store, "BETA")


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        ("https://nsearchives.nseindia.com/corporate/x.pdf", "filing"),
        ("https://bseindia.com/x", "filing"),
        ("https://sec.gov/x", "filing"),
        ("https://notbseindia.com/x", "news"),
        ("https://wire.example/x", "news"),
        (None, "news"),
    ],
)
def test_what_stands_at_an_exchange_or_regulator_is_a_filing(url: str | None, kind: str) -> None:
    item = NewsItem("news:1", 1, 2, "a", "b", url, None)
    assert item.news == News("news:1", 1, 2, kind, "a", "b", url, None)
