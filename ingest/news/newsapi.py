"""News in the shape of NewsAPI: JSON with `articles`, each with title, url and publishedAt."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import orjson

from graph.errors import BadRecord, SourceRefused, SourceUnavailable
from graph.model import Millis
from ingest.lines import opened
from ingest.market import texts
from ingest.market.columns import ColumnMap
from ingest.news.companies import Companies
from ingest.news.item import NewsItem, Told, item
from ingest.rejects import Reject

REMOVED = "[Removed]"
LATER = ("rateLimited", "maximumResultsReached", "unexpectedError")
EXPECTED = "a JSON object with a list `articles` of objects with title, url and publishedAt"


def read(
    path: Path | str, companies: Companies, read_at: Millis | None = None
) -> Iterator[NewsItem | Reject]:
    """The articles of an answer; .gz is read as well. The line of a reject is its place, from 1.

    Raises SourceRefused for a file of something else or an answer that says no, SourceUnavailable
    for one that says later, or a file that cannot be opened.
    """
    path = Path(path)
    for place, article in enumerate(_articles(path), 1):
        try:
            yield item(_told(article), companies, read_at)
        except BadRecord as error:
            yield Reject(path.name, place, str(error), orjson.dumps(article).decode())


def _articles(path: Path) -> list[Any]:
    with opened(path) as file:
        content = file.read()
    try:
        answer = orjson.loads(content)
    except orjson.JSONDecodeError as error:
        if texts.is_page(content[:200].decode("utf-8", "replace")):
            raise SourceRefused(
                f"{path} is a web page and no news; expected is {EXPECTED}."
            ) from error
        raise SourceRefused(f"{path} is not JSON ({error}); expected is {EXPECTED}.") from error
    if isinstance(answer, dict) and answer.get("status") == "error":
        trouble = SourceUnavailable if answer.get("code") in LATER else SourceRefused
        raise trouble(f"{path} holds an error of the news service: {answer.get('message')}")
    if isinstance(answer, dict) and isinstance(answer.get("articles"), list):
        return list(answer["articles"])
    raise SourceRefused(f"{path} is no answer of a news service; expected is {EXPECTED}.")


def _told(article: Any) -> Told:
    if not isinstance(article, dict):
        raise BadRecord("is no object")
    title = _text(article, "title")
    if title == REMOVED:
        raise BadRecord("was removed by the news service")
    source = article.get("source")
    return Told(
        title=title,
        summary=_text(article, "description") or _text(article, "content"),
        url=_text(article, "url"),
        guid="",
        source=_text(source, "name") if isinstance(source, dict) else "",
        published=_moment(_text(article, "publishedAt")),
        updated=None,
    )


def _moment(text: str) -> Millis | None:
    return ColumnMap().moment(text) if text else None


def _text(values: Mapping[str, Any], name: str) -> str:
    value = values.get(name)
    return value if isinstance(value, str) else ""
