"""Who is listed at NSE: its list `EQUITY_L.csv`, with names, days of listing and ISINs.

It says who is listed when it was fetched, not who was before: for the past, see `listings.py`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from graph.errors import BadRecord
from graph.model import Millis
from ingest.market import india, tabular
from ingest.market.fields import day_of_month_name, isin
from ingest.market.fundamentals import Fact
from ingest.market.venues import NSE
from ingest.rejects import Reject

NEEDED = ("SYMBOL", "NAME OF COMPANY", "SERIES", "DATE OF LISTING", "ISIN NUMBER")


@dataclass(frozen=True, slots=True)
class Company:
    """A company as NSE lists it."""

    ticker: str
    name: str
    isin: str | None
    listed_on: Millis

    @property
    def fact(self) -> Fact:
        """The day of its listing, known on it."""
        listed = self.listed_on
        return Fact(self.ticker, "listed_on", float(listed), listed, listed, source="nse")


def read(path: Path | str) -> Iterator[Company | Reject]:
    """The companies of a list. Raises SourceRefused, SourceUnavailable."""
    return tabular.read(path, "companies listed at NSE", NEEDED, _company)


def _company(row: tabular.Record) -> Iterator[Company]:
    india.nse_share(row["series"])
    if not row["symbol"] or not row["name of company"]:
        raise BadRecord("names no stock" if not row["symbol"] else "says no name")
    yield Company(
        row["symbol"].upper() + NSE.suffix,
        row["name of company"],
        isin(row["isin number"]),
        day_of_month_name(row["date of listing"]),
    )
