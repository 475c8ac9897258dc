"""News from feeds and from NewsAPI: when it was known, and which stocks it names."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

import orjson
import pytest

from graph.errors import SourceRefused, SourceUnavailable
from ingest.news import feeds, newsapi
from ingest.news.companies import Companies, Mention
from ingest.news.item import NewsItem, plain
from ingest.rejects import Reject

JANUARY_1 = 1_704_067_200_000
HOUR = 3_600_000
ISIN, OTHER = "INE999A01015", "INE999B01013"
KNOWN = Companies(
    [
        ("ACME.NS", "Acme Logistics Limited", ISIN),
        ("599999.BO", "ACME LOGISTICS LTD.", ISIN),
        ("ACMEPOW.NS", "Acme Logistics Power Ltd", OTHER),
        ("WIDGETCO", "Widgetry Inc.", None),
        ("TGT", "Target Corporation", None),
        ("DRR.NS", "Dr. Noname's Laboratories Ltd", None),
        ("LNT.NS", "Larch & Tubro Limited", None),
        ("CEO.NS", "Ceo Chemicals Limited", None),
        ("ONE.NS", "Twin Towers Limited", "INE999A01023"),
        ("TWO.NS", "Twin Towers Company", None),
        ("NEWI.NS", "New Sample Assurance Company Limited", None),
        ("", "", None),
    ]
)


def named(text: str) -> list[tuple[str, str]]:
    return [(mention.ticker, mention.how) for mention in KNOWN.mentions(text)]


BOTH = [("599999.BO", "name"), ("ACME.NS", "name")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Acme Logistics gains 5%", BOTH),
        ("ACME LOGISTICS LTD gains", BOTH),
        ("Acme Logistics Ltd. gains", BOTH),
        ("Acme Logistics' profit, Acme Logistics’s loss", BOTH),
        ("Acme Logistics Power gains", [("ACMEPOW.NS", "name")]),
        ("acme logistics gains", []),
        ("Acme gains in logistics", []),
        ("Acme-Logistics", BOTH),
        ("$ACME.NS and $TGT", [("ACME.NS", "cashtag"), ("TGT", "cashtag")]),
        ("(NSE: ACME) and (BSE: 599999)", [("ACME.NS", "listing"), ("599999.BO", "listing")]),
        ("NASDAQ:WIDGETCO", [("WIDGETCO", "listing")]),
        ("NYSE: BRK.B rises", [("BRK.B", "listing")]),
        ("(NYSE: T) rises", [("T", "listing")]),
        ("NSE: A new high, BSE: 30,000 points", []),
        ("Widgetry gains", [("WIDGETCO", "word")]),
        ("Target gains", []),
        ("Target Corp gains", [("TGT", "name")]),
        ("Price target for shares", []),
        ("Dr Noname's Laboratories gains", [("DRR.NS", "name")]),
        ("Larch and Tubro, Larch & Tubro", [("LNT.NS", "name")]),
        ("ACMEPOW gains", [("ACMEPOW.NS", "symbol")]),
        ("ACMEPOW GAINS 5% TODAY", []),  # where all is shouted, a symbol says nothing
        ("The CEO gains", []),
        ("Twin Towers gains", []),  # two companies are called so
        ("Twin Towers Limited gains", [("ONE.NS", "name")]),
        ("A New Sample Assurance policy", [("NEWI.NS", "name")]),
        ("a new sample assurance policy", []),
        ("Acme Logistics Power and Acme Logistics", [*BOTH, ("ACMEPOW.NS", "name")]),
        ("", []),
    ],
)
def test_which_stocks_a_text_names_and_how(text: str, expected: list[tuple[str, str]]) -> None:
    assert sorted(named(text)) == sorted(expected)


def test_the_surest_way_comes_first_and_each_stock_once() -> None:
    text = "Widgetry, Acme Logistics (NSE: ACME) and $ACME.NS again"
    assert KNOWN.mentions(text) == (
        Mention("ACME.NS", "cashtag", "$ACME.NS"),
        Mention("599999.BO", "name", "Acme Logistics"),
        Mention("WIDGETCO", "word", "Widgetry"),
    )


def test_without_companies_only_what_is_marked_counts() -> None:
    assert Companies().mentions("$TGT, NSE: ACME, Widgetry") == (
        Mention("TGT", "cashtag", "$TGT"),
        Mention("ACME.NS", "listing", "NSE: ACME"),
    )


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("a &amp; b", "a & b"),
        ("<p>one</p><p>two<br>three</p>", "one two three"),
        ("<script>x()</script><style>y</style>seen", "seen"),
        ("5 < 6 and 7 > 6", "5 < 6 and 7 > 6"),
        (" many \n spaces ", "many spaces"),
    ],
)
def test_html_becomes_what_a_reader_sees(html: str, text: str) -> None:
    assert plain(html) == text


# Feeds.


def rss(*items: str) -> str:
    body = "".join(f"<item>{one}</item>" for one in items)
    return f'<rss version="2.0"><channel><title>Wire</title>{body}</channel></rss>'


def entry(**parts: str) -> str:
    parts = {
        "title": "Acme Logistics Power wins an order",
        "link": "http://www.wire.example/1?utm_source=x",
        "pubDate": "Mon, 01 Jan 2024 09:00:00 GMT",
        "description": "&lt;p&gt;Shares &lt;b&gt;rose&lt;/b&gt;.&lt;/p&gt;",
        **parts,
    }
    return "".join(f"<{name}>{text}</{name}>" for name, text in parts.items() if text)


def feed(folder: Path, text: str, read_at: int | None = None) -> list[NewsItem | Reject]:
    (folder / "feed.xml").write_text(text, encoding="utf-8")
    return list(feeds.read(folder / "feed.xml", KNOWN, read_at))


def one(folder: Path, text: str) -> NewsItem:
    (found,) = feed(folder, text)
    assert isinstance(found, NewsItem), found
    return found


def test_an_article_of_rss_in_full(tmp_path: Path) -> None:
    found = one(tmp_path, rss(entry()))
    assert found == NewsItem(
        id=found.id,
        at=JANUARY_1 + 9 * HOUR,
        known_at=JANUARY_1 + 9 * HOUR,
        title="Acme Logistics Power wins an order",
        summary="Shares rose.",
        url="https://wire.example/1",
        source="Wire",
        mentions=(Mention("ACMEPOW.NS", "name", "Acme Logistics Power"),),
    )
    assert found.tickers == ("ACMEPOW.NS",)
    assert found.id.startswith("news:")


ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title>Filings</title><entry>
<title>Acme Logistics: results</title><link href="https://wire.example/2"/><id>urn:2</id>
<published>2024-01-01T09:00:00+05:30</published><updated>2024-01-01T12:00:00+05:30</updated>
<summary>Fine.</summary></entry></feed>"""


def test_an_edited_article_of_atom_counts_from_its_edit(tmp_path: Path) -> None:
    found = one(tmp_path, ATOM)
    assert found.at == JANUARY_1 + 7 * HOUR // 2
    assert found.known_at == JANUARY_1 + 13 * HOUR // 2
    assert (found.source, found.tickers) == ("Filings", ("599999.BO", "ACME.NS"))


def test_an_article_that_only_has_a_date_of_change(tmp_path: Path) -> None:
    published = "<published>2024-01-01T09:00:00+05:30</published>"
    found = one(tmp_path, ATOM.replace(published, ""))
    assert found.at == found.known_at == JANUARY_1 + 13 * HOUR // 2


@pytest.mark.parametrize(
    ("date", "hours"),
    [
        ("Mon, 01 Jan 2024 09:00:00 +0530", 3.5),
        ("Mon, 01 Jan 2024 09:00:00 IST", 3.5),
        ("Mon, 01 Jan 2024 09:00:00 EST", 14),
        ("2024-01-01T09:00:00Z", 9),
        ("2024-01-01T09:00:00", 9),
    ],
)
def test_dates_in_their_zones(tmp_path: Path, date: str, hours: float) -> None:
    assert one(tmp_path, rss(entry(pubDate=date))).at == JANUARY_1 + hours * HOUR


def test_one_address_is_one_article_however_it_is_written(tmp_path: Path) -> None:
    first, second, third = feed(
        tmp_path,
        rss(entry(), entry(link="https://wire.example/1/"), entry(link="https://wire.example/3")),
    )
    assert isinstance(first, NewsItem)
    assert isinstance(second, NewsItem)
    assert isinstance(third, NewsItem)
    assert first.id == second.id != third.id


def test_without_an_address_the_id_of_the_feed_counts(tmp_path: Path) -> None:
    found = one(tmp_path, rss(entry(link="", guid="tag:wire,7")))
    assert found.url is None
    assert found.source == "Wire"


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        ({"title": ""}, "has no title"),
        ({"title": "&lt;p&gt; &lt;/p&gt;"}, "has no title"),
        ({"pubDate": ""}, "has no date that can be read: when it was known cannot be said"),
        ({"pubDate": "yesterday"}, "has no date that can be read"),
        ({"pubDate": "Mon, 01 Jan 2024 09:00:00"}, "has no date that can be read"),
        ({"link": ""}, "has neither an address nor an id"),
        ({"pubDate": "Tue, 02 Jan 2024 09:00:00 GMT"}, "is dated after it was read"),
    ],
)
def test_a_bad_article_is_a_reject_between_good_ones(
    tmp_path: Path, bad: dict[str, str], reason: str
) -> None:
    read_at = JANUARY_1 + 10 * HOUR
    found = feed(tmp_path, rss(entry(), entry(**bad), entry()), read_at)
    assert [type(item) for item in found] == [NewsItem, Reject, NewsItem]
    assert isinstance(found[1], Reject)
    assert (found[1].file, found[1].line) == ("feed.xml", 2)
    assert found[1].reason.startswith(reason)


def test_a_cut_feed_gives_what_stands_before_the_cut(tmp_path: Path) -> None:
    whole = rss(entry(), entry(link="https://wire.example/3"))
    good, *rest = feed(tmp_path, whole[: whole.rindex("<item>") + 30])
    assert isinstance(good, NewsItem)
    assert all(isinstance(one, Reject) for one in rest)
    assert "is damaged or ends in the middle" in [
        r.reason[:32] for r in rest if isinstance(r, Reject)
    ]


def test_a_gzipped_feed_and_one_without_articles(tmp_path: Path) -> None:
    (tmp_path / "feed.gz").write_bytes(gzip.compress(rss(entry()).encode()))
    assert len(list(feeds.read(tmp_path / "feed.gz", KNOWN))) == 1
    assert feed(tmp_path, rss()) == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("<!DOCTYPE html><html><body>hi</body></html>", "is a web page and no feed"),
        ('{"articles": []}', "is no feed of news"),
        ("<xml><a/></xml>", "is no feed of news"),
        ("", "is no feed of news"),
    ],
)
def test_what_is_no_feed_is_refused(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(SourceRefused, match=rf"feed\.xml {said}"):
        feed(tmp_path, text)
    with pytest.raises(SourceUnavailable):
        list(feeds.read(tmp_path / "none.xml", KNOWN))


def test_an_address_in_a_file_is_not_followed(tmp_path: Path) -> None:
    feed(tmp_path, rss(entry()))
    (tmp_path / "address").write_text(str(tmp_path / "feed.xml"), encoding="utf-8")
    with pytest.raises(SourceRefused, match="address is no feed of news"):
        list(feeds.read(tmp_path / "address", KNOWN))


# NewsAPI.


def article(**parts: Any) -> dict[str, Any]:
    return {
        "source": {"id": None, "name": "Wire"},
        "author": "Somebody",
        "title": "Acme Logistics Power wins an order",
        "description": "Shares <b>rose</b>.",
        "url": "https://www.wire.example/1",
        "urlToImage": None,
        "publishedAt": "2024-01-01T09:00:00Z",
        "content": "Shares rose. [+1234 chars]",
        **parts,
    }


def answer(folder: Path, content: Any, read_at: int | None = None) -> list[NewsItem | Reject]:
    (folder / "news.json").write_bytes(
        content.encode() if isinstance(content, str) else orjson.dumps(content)
    )
    return list(newsapi.read(folder / "news.json", KNOWN, read_at))


def articles(*found: Any) -> dict[str, Any]:
    return {"status": "ok", "totalResults": len(found), "articles": list(found)}


def test_an_article_is_the_same_from_either_source(tmp_path: Path) -> None:
    (found,) = answer(tmp_path, articles(article()))
    assert found == one(tmp_path, rss(entry()))
    assert "Somebody" not in repr(found)


def test_content_stands_in_for_a_missing_description(tmp_path: Path) -> None:
    (found,) = answer(tmp_path, articles(article(description=None)))
    assert isinstance(found, NewsItem)
    assert found.summary == "Shares rose. [+1234 chars]"


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (article(title=None), "has no title"),
        (article(title="[Removed]"), "was removed by the news service"),
        (article(publishedAt=None), "has no date that can be read"),
        (article(publishedAt="soon"), "time 'soon' is neither written"),
        (article(publishedAt="2024-01-01T11:00:00Z"), "is dated after it was read"),
        (article(url=None), "has neither an address nor an id"),
        (article(url="mailto:a@b.example"), "has neither an address nor an id"),
        ("text", "is no object"),
    ],
)
def test_a_bad_article_of_newsapi_is_a_reject_between_good_ones(
    tmp_path: Path, bad: Any, reason: str
) -> None:
    found = answer(tmp_path, articles(article(), bad, article()), JANUARY_1 + 10 * HOUR)
    assert [type(item) for item in found] == [NewsItem, Reject, NewsItem]
    assert isinstance(found[1], Reject)
    assert (found[1].file, found[1].line) == ("news.json", 2)
    assert found[1].reason.startswith(reason)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("{broken", "is not JSON"),
        ("<!doctype html><html></html>", "is a web page and no news"),
        ([], "is no answer of a news service"),
        ({"status": "ok"}, "is no answer of a news service"),
        (
            {"status": "error", "code": "apiKeyInvalid", "message": "Your key is wrong"},
            "holds an error of the news service: Your key is wrong",
        ),
    ],
)
def test_what_is_no_answer_is_refused(tmp_path: Path, content: Any, said: str) -> None:
    with pytest.raises(SourceRefused, match=rf"news\.json {said}"):
        answer(tmp_path, content)


def test_a_limit_is_for_later(tmp_path: Path) -> None:
    limited = {"status": "error", "code": "rateLimited", "message": "Too many requests"}
    with pytest.raises(SourceUnavailable, match="Too many requests"):
        answer(tmp_path, limited)
    with pytest.raises(SourceUnavailable):
        list(newsapi.read(tmp_path / "none.json", KNOWN))
