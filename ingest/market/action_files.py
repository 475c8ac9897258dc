"""Corporate actions from files: NSE's list of them as JSON, and CSV.

CSV has the columns ticker, kind, ex_date and either ratio or amount; known_at and isin may follow.
A ratio is `4` (shares afterwards for each one before), for a split also `10:1` (ten for one) and
for a bonus `3:1` (three more for each one).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import orjson

from graph.errors import BadRecord, SourceRefused
from ingest.lines import opened as opened_bytes
from ingest.market import tabular, texts
from ingest.market.actions import KINDS, Action, Kind
from ingest.market.columns import ColumnMap
from ingest.market.fields import NOTHING, day, day_of_month_name, isin, price
from ingest.market.quote import DAY_MS
from ingest.market.venues import NSE
from ingest.rejects import Reject

NEEDED = ("ticker", "kind", "ex_date")
_NUMBER = r"(\d+(?:\.\d+)?)"
# A bonus of anything but shares (preference shares, debentures) leaves the price alone.
_BONUS = re.compile(rf"\bbonus(?: issue)?[\s-]*{_NUMBER}\s*:\s*{_NUMBER}", re.IGNORECASE)
_FACE = re.compile(
    rf"\b(?:split|sub-?division|consolidation)\b.*?from\s*r[es]\.?\s*{_NUMBER}.*?to\s*r[es]\.?\s*{_NUMBER}",
    re.IGNORECASE,
)
_DIVIDEND = re.compile(
    rf"\bdividend\b[^/]*?r[es]\.?\s*{_NUMBER}(?:/-)?\s*per\s*(?:share|sh)\b", re.IGNORECASE
)
_RATIO = re.compile(rf"{_NUMBER}(?:\s*:\s*{_NUMBER})?")


def read_nse(path: Path | str) -> Iterator[Action | Reject]:
    """NSE's answer for corporate actions: a JSON list of objects with symbol, subject, exDate.

    It was known at the end of the day it was announced on (caBroadcastDate), at the latest on its
    ex-date. The line of a reject is the place in the list, from 1. Raises SourceRefused,
    SourceUnavailable.
    """
    path = Path(path)
    for place, row in enumerate(_rows(path), 1):
        try:
            yield from nse_actions(row)
        except BadRecord as error:
            yield Reject(path.name, place, str(error), orjson.dumps(row).decode())


def nse_actions(row: Mapping[str, Any]) -> list[Action]:
    """What one entry of NSE's list says; a subject may hold several. Raises BadRecord."""
    symbol = _text(row, "symbol").upper()
    if not symbol:
        raise BadRecord("names no stock: symbol is empty")
    at = day_of_month_name(_text(row, "exDate"))
    told = _text(row, "caBroadcastDate")
    known = at if told in NOTHING else min(day_of_month_name(told[:11]) + DAY_MS, at)
    ticker, code = f"{symbol}{NSE.suffix}", isin(_text(row, "isin"))
    subject = _text(row, "subject")
    found = [
        Action(ticker, kind, at, known, ratio, amount, code)
        for kind, ratio, amount in _said(subject)
    ]
    if not found:
        raise BadRecord(f"{subject!r} is no split, bonus or dividend that can be counted")
    return found


def read_csv(path: Path | str) -> Iterator[Action | Reject]:
    """Actions from CSV, .gz and .zip too. Raises SourceRefused, SourceUnavailable."""
    return tabular.read(path, "corporate actions", NEEDED, _actions)


def _rows(path: Path) -> list[Any]:
    with opened_bytes(path) as file:
        text = file.read()
    if texts.is_page(text[:100].decode("utf-8", "replace")):
        raise SourceRefused(texts.page_instead(path))
    try:
        rows = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise SourceRefused(f"{path} is not JSON ({error}).") from error
    if isinstance(rows, list) and all(isinstance(row, dict) and "subject" in row for row in rows):
        return rows
    raise SourceRefused(
        f"{path} is not NSE's list of corporate actions: expected is a JSON list of objects with "
        "symbol, subject and exDate."
    )


def _said(subject: str) -> Iterator[tuple[Kind, float, float]]:
    """(kind, ratio, amount) of everything that a subject announces."""
    if found := _BONUS.search(subject):
        new, held = (price(one, "bonus") for one in found.groups())
        yield "bonus", (new + held) / held, 0.0
    if found := _FACE.search(subject):
        before, after = (price(one, "face value") for one in found.groups())
        yield "split", before / after, 0.0
    if amounts := [price(one[1], "dividend") for one in _DIVIDEND.finditer(subject)]:
        yield "dividend", 1.0, sum(amounts)


def _actions(row: tabular.Record) -> Iterator[Action]:
    ticker = row["ticker"].upper()
    if not ticker:
        raise BadRecord("names no stock: ticker is empty")
    kind = _kind(row["kind"].casefold())
    at = day(row["ex_date"])
    told = row.get("known_at", "")
    known = ColumnMap().moment(told) if told else at
    code = isin(row.get("isin", ""))
    if kind == "dividend":
        amount = price(row.get("amount", ""), "amount")
        yield Action(ticker, kind, at, known, 1.0, amount, code)
    else:
        yield Action(ticker, kind, at, known, _ratio(row.get("ratio", ""), kind), 0.0, code)


def _kind(text: str) -> Kind:
    for kind in KINDS:
        if text == kind:
            return kind
    raise BadRecord(f"kind {text!r} is not one of {', '.join(KINDS)}")


def _ratio(text: str, kind: Kind) -> float:
    """`4`, `10:1` of a split, `3:1` of a bonus as shares afterwards for each one before."""
    found = _RATIO.fullmatch(text)
    if found is None:
        raise BadRecord(f"ratio is {text!r}, neither a number nor written 10:1")
    first = price(found[1], "ratio")
    if found[2] is None:
        return first
    second = price(found[2], "ratio")
    return (first + second) / second if kind == "bonus" else first / second


def _text(row: Mapping[str, Any], name: str) -> str:
    value = row.get(name)
    return value.strip() if isinstance(value, str) else ""
