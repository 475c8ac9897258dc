"""News into the graph, and its links to stocks. Running either twice changes nothing.

Which stocks an article names depends on which companies are known, so links are made anew from the
words whenever that may have changed: the order of files does not matter.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from itertools import islice
from typing import Any

from graph.bars import Bars
from graph.model import News
from graph.paging import pages
from graph.store import Counters, GraphStore, Progress
from ingest.news.companies import Companies

BATCH = 2_000
EVER = 2**53
Listed = tuple[str, str, str | None]  # ticker, name, ISIN


def write_news(
    store: GraphStore, found: Iterable[News], progress: Progress | None = None
) -> Counters:
    """The articles; of one that comes twice the words known first. Raises QueryFailed or
    StoreUnavailable."""
    first: dict[str, News] = {}
    for one in found:
        other = first.setdefault(one.id, one)
        if _rank(one) < _rank(other):
            first[one.id] = one
    rows = [asdict(first[key]) for key in sorted(first)]
    return store.write_rows("ingest/news", rows, batch=BATCH, progress=progress)


def link_news(
    store: GraphStore, listings: Iterable[Listed] = (), progress: Progress | None = None
) -> Counters:
    """Edges from every article to the stocks of the graph that it names, and from none to others.

    A stock is named by its ticker, and by its name where the graph or one of `listings` has one
    (`companies.py`).
    """
    stocks = list(pages(store, "ingest/every_stock"))
    known = {row["id"] for row in stocks}
    told = [one for one in listings if one[0] in known]
    silent = known - {ticker for ticker, _, _ in told}
    told += [(row["id"], row["name"] or "", None) for row in stocks if row["id"] in silent]
    companies = Companies(told)
    counters = Counters()
    articles = pages(store, "ingest/every_news")
    while part := list(islice(articles, BATCH)):
        named = {row["id"]: _named(companies, known, row) for row in part}
        about = [
            {"id": id, "ticker": ticker, "how": how}
            for id, found in named.items()
            for ticker, how in found.items()
        ]
        kept = [{"id": id, "keep": list(found)} for id, found in named.items()]
        counters += store.write_rows("ingest/forget_news_about_not_in", kept, batch=BATCH)
        counters += store.write_rows("ingest/news_about", about, batch=BATCH, progress=progress)
    return counters


def listed(bars: Bars) -> list[Listed]:
    """What companies are called, of all that the store of bars was ever told."""
    rows = bars.listings(as_of=EVER).select(["ticker", "name", "isin"]).to_pylist()
    return [(row["ticker"], row["name"] or "", row["isin"]) for row in rows]


def _named(companies: Companies, known: set[str], row: dict[str, Any]) -> dict[str, str]:
    """The stocks of the graph that an article names, with how."""
    found = companies.mentions(f"{row['title']}\n{row['summary']}")
    return {one.ticker: one.how for one in found if one.ticker in known}


def _rank(one: News) -> tuple[int, str]:
    """Says in Python what the WHERE of news.cypher says in Cypher."""
    return one.known_at, f"{one.title}|{one.summary}"
