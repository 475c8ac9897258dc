"""What is known of a company beside its prices, each thing with the moment from which it was known.

A fact without that moment is no fact: the float of today says nothing of last year's. Facts are
added and never changed; what was known at a moment is the newest of each name before it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from math import isfinite
from pathlib import Path
from typing import Any

from graph.errors import BadRecord
from graph.model import Millis
from ingest.market import tabular
from ingest.market.columns import ColumnMap
from ingest.market.fields import NOTHING, day, number, price
from ingest.market.quote import DAY_MS
from ingest.market.venues import HUNDREDTHS
from ingest.rejects import Reject


@dataclass(frozen=True, slots=True)
class Fact:
    """One figure of a company. `at` is what day it is about, `known_at` when one could know it."""

    ticker: str
    name: str  # one of FACTS
    value: float  # a day as epoch milliseconds, a part of a whole as 0 to 1
    at: Millis
    known_at: Millis
    currency: str | None = None  # of an amount of money
    source: str = ""


def _part(text: str, name: str) -> float:
    """`54.3%` or `0.543` as 0.543. 54.3 may be either and is refused."""
    value = number(text.rstrip("% "), name) / (100 if text.endswith("%") else 1)
    if value > 1:
        raise BadRecord(f"{name} is {text}, which is no part of a whole; write 54.3% or 0.543")
    return value


def _any(text: str, name: str) -> float:
    """A number of any sign: a price over a loss is below zero."""
    try:
        value = float(text)
    except ValueError:
        raise BadRecord(f"{name} is {text!r}, which is no number") from None
    if not isfinite(value):
        raise BadRecord(f"{name} is {text}, which no {name} can be")
    return value


def _day(text: str, name: str) -> float:
    return float(day(text))


# The names of facts, and how a person writes each.
FACTS: Mapping[str, Callable[[str, str], float]] = {
    "float_shares": price,
    "shares": price,
    "market_value": price,
    "price_to_earnings": _any,
    "debt": number,
    "promoter_holding": _part,
    "insider_holding": _part,
    "listed_on": _day,
}
MONEY = frozenset({"market_value", "debt"})
NEEDED = ("ticker", "known_at")
# Where Yahoo has them. Insiders are not promoters: the one is by filing, the other by Indian law.
YAHOO = {
    "float_shares": "floatShares",
    "shares": "sharesOutstanding",
    "market_value": "marketCap",
    "price_to_earnings": "trailingPE",
    "debt": "totalDebt",
    "insider_holding": "heldPercentInsiders",
    "listed_on": "firstTradeDateMilliseconds",
}


def read_csv(path: Path | str) -> Iterator[Fact | Reject]:
    """Facts from CSV: ticker, known_at, perhaps at and currency, and a column for each of FACTS.

    A line may leave out what it does not know. Raises SourceRefused, SourceUnavailable.
    """
    source = Path(path).name
    return tabular.read(path, "fundamentals", NEEDED, lambda row: _facts(row, source))


def of_yahoo(ticker: str, info: Mapping[str, Any], now: Millis) -> list[Fact]:
    """What Yahoo says of a company, known from now on: it does not say since when.

    `info` is what YahooClient.info gives. Debt is in the currency of the company's books, which is
    not always that of its price; where prices are in pence, it does not say what a value is in.
    """
    quoted = info.get("currency")
    currencies = {
        "market_value": None if quoted in HUNDREDTHS else quoted,
        "debt": info.get("financialCurrency"),
    }
    found = {name: info.get(theirs) for name, theirs in YAHOO.items()}
    numbers = {n: v for n, v in found.items() if isinstance(v, int | float) and isfinite(v)}
    if "listed_on" in numbers:
        numbers["listed_on"] = numbers["listed_on"] // DAY_MS * DAY_MS
    return [
        Fact(ticker.upper(), name, float(value), now, now, currencies.get(name), "yahoo")
        for name, value in numbers.items()
    ]


def known(facts: Iterable[Fact], ticker: str, as_of: Millis) -> dict[str, Fact]:
    """The newest fact of each name that was known of a stock, whatever the order they come in.

    Of two that became known together, the one about the later day counts.
    """
    newest: dict[str, Fact] = {}
    for fact in facts:
        if fact.ticker == ticker and fact.known_at <= as_of:
            before = newest.get(fact.name)
            if before is None or _age(before) < _age(fact):
                newest[fact.name] = fact
    return newest


def _age(fact: Fact) -> tuple[Millis, Millis, float]:
    return fact.known_at, fact.at, fact.value


def _facts(row: tabular.Record, source: str) -> Iterator[Fact]:
    ticker = row["ticker"].upper()
    if not ticker:
        raise BadRecord("names no stock: ticker is empty")
    if not row["known_at"]:
        raise BadRecord("known_at is empty: a fact counts from when it was known")
    known_at = ColumnMap().moment(row["known_at"])
    at = day(row["at"]) if row.get("at") else known_at
    if at > known_at:
        raise BadRecord("known_at lies before the day that the fact is about")
    currency = row.get("currency", "").upper() or None
    said = {name: row[name] for name in FACTS if row.get(name, "") not in NOTHING}
    if not said:
        raise BadRecord(f"says nothing; a fact is one of {', '.join(FACTS)}")
    values = {name: FACTS[name](text, name) for name, text in said.items()}
    for name, value in values.items():
        money = currency if name in MONEY else None
        yield Fact(ticker, name, value, at, known_at, money, source)
