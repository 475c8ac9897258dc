"""News from RSS and Atom, as files hold it.

A date without a zone is UTC's. IST is India's, which feedparser takes for UTC. Nothing is fetched:
the parser is given bytes, never an address.
"""

from __future__ import annotations

import calendar
import io
import re
from collections.abc import Iterator
from pathlib import Path
from time import struct_time
from typing import Any

import feedparser

from graph.errors import BadRecord, SourceRefused
from graph.model import Millis
from ingest.lines import opened
from ingest.market import texts
from ingest.news.companies import Companies
from ingest.news.item import NewsItem, Told, item
from ingest.rejects import Reject

INDIA = 19_800_000  # ms before UTC
_IN_INDIA = re.compile(r"\bIST\s*$")


def read(
    path: Path | str, companies: Companies, read_at: Millis | None = None
) -> Iterator[NewsItem | Reject]:
    """The articles of a feed; .gz is read as well. The line of a reject is its place, from 1.

    A feed that is cut gives what stands before that, and a reject. Raises SourceRefused for a file
    that is no feed, SourceUnavailable for one that cannot be opened.
    """
    path = Path(path)
    with opened(path) as file:
        content = file.read()
    feed: Any = feedparser.parse(io.BytesIO(content))
    if not feed.get("version"):
        raise SourceRefused(_no_feed(path, content))
    publisher = str(feed.feed.get("title") or "")
    for place, entry in enumerate(feed.entries, 1):
        try:
            yield item(_told(entry, publisher), companies, read_at)
        except BadRecord as error:
            record = " ".join(str(entry.get(name, "")) for name in ("title", "link")).strip()
            yield Reject(path.name, place, str(error), record)
    if feed.bozo and getattr(feed.bozo_exception, "getLineNumber", None):
        reason = f"is damaged or ends in the middle ({feed.bozo_exception.getMessage()})"
        yield Reject(path.name, len(feed.entries) + 1, reason, "")


def _told(entry: Any, publisher: str) -> Told:
    source = entry.get("source") or {}
    return Told(
        title=str(entry.get("title") or ""),
        summary=str(entry.get("summary") or ""),
        url=str(entry.get("link") or ""),
        guid=str(entry.get("id") or ""),
        source=str(source.get("title") or publisher),
        published=_moment(entry, "published"),
        updated=_moment(entry, "updated"),
    )


def _moment(entry: Any, name: str) -> Millis | None:
    # Asked plainly, the parser would give the one date for the other.
    parsed = dict.get(entry, f"{name}_parsed")
    if not isinstance(parsed, struct_time):
        return None
    utc = calendar.timegm(parsed) * 1000
    return utc - INDIA if _IN_INDIA.search(str(dict.get(entry, name))) else utc


def _no_feed(path: Path, content: bytes) -> str:
    if texts.is_page(content[:200].decode("utf-8", "replace")):
        return f"{path} is a web page and no feed; look for the address of its RSS or Atom."
    return f"{path} is no feed of news. Expected is RSS or Atom, XML with item or entry elements."
