"""What one piece of news becomes: what it says, when, and which stocks it names and how."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from html.parser import HTMLParser

from graph.errors import BadRecord
from graph.model import Millis, News
from ingest import links
from ingest.news.companies import Companies, Mention

# Exchanges and regulators: what stands there is a filing or an order, not a report of one.
FILED_AT = frozenset({"bseindia.com", "nseindia.com", "sebi.gov.in", "sec.gov"})


@dataclass(frozen=True, slots=True)
class NewsItem:
    """One article. Its texts are plain; who wrote it is not kept."""

    id: str  # "news:" and a hash of its address
    at: Millis  # when it was published
    known_at: Millis  # when these words could be read: an edited text counts from its edit
    title: str
    summary: str
    url: str | None
    source: str | None  # the publisher, as it calls itself
    mentions: tuple[Mention, ...] = ()

    @property
    def tickers(self) -> tuple[str, ...]:
        """The stocks it names, the surest first."""
        return tuple(mention.ticker for mention in self.mentions)

    @property
    def news(self) -> News:
        """The article as the graph keeps it."""
        host = links.domain(self.url) if self.url else ""
        filed = any(host == one or host.endswith(f".{one}") for one in FILED_AT)
        kind = "filing" if filed else "news"
        words = (self.title, self.summary, self.url, self.source)
        return News(self.id, self.at, self.known_at, kind, *words)


@dataclass(frozen=True, slots=True)
class Told:
    """What a feed says of an article, before it is judged."""

    title: str
    summary: str
    url: str
    guid: str
    source: str
    published: Millis | None
    updated: Millis | None


def item(told: Told, companies: Companies, read_at: Millis | None) -> NewsItem:
    """The article. Raises BadRecord where it has no words, no date or nothing that identifies it.

    `read_at` is when the source was read, if that is known: an article of later than that is wrong
    about its time.
    """
    title, summary = plain(told.title), plain(told.summary)
    if not title:
        raise BadRecord("has no title")
    at = told.updated if told.published is None else told.published
    if at is None:
        raise BadRecord("has no date that can be read: when it was known cannot be said")
    known_at = max(at, told.updated or at)
    if read_at is not None and known_at > read_at:
        raise BadRecord("is dated after it was read")
    url = links.normal(told.url) if told.url else None
    name = url or told.guid.strip()
    if not name:
        raise BadRecord("has neither an address nor an id")
    key = hashlib.blake2b(name.encode(), digest_size=12).hexdigest()
    mentions = companies.mentions(f"{title}\n{summary}")
    source = told.source.strip() or (links.domain(url) if url else None)
    return NewsItem(f"news:{key}", at, known_at, title, summary, url, source, mentions)


def plain(text: str) -> str:
    """A text without its HTML, on one line."""
    reader = _Text()
    reader.feed(text)
    reader.close()
    return re.sub(r"\s+", " ", "".join(reader.parts)).strip()


class _Text(HTMLParser):
    """Gathers what a reader would see."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self._hidden += tag in ("script", "style")
        self.parts.append(" " if tag in ("p", "br", "div", "li", "td") else "")

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= tag in ("script", "style") and self._hidden > 0

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.parts.append(data)
