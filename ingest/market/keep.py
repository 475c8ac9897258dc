"""What readers of markets yield, into the store of bars: one place that knows both shapes.

A quote becomes a bar with what stands beside it, and a listing: whose ticker it is. Corporate
actions and fundamentals go beside them as they are. All of it may come again: nothing changes then.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import polars as pl
import pyarrow as pa

from graph.bars import COLUMNS, EXTRAS, FULL, LISTINGS, Bars
from graph.model import Millis
from ingest.market.actions import Action
from ingest.market.fundamentals import Fact
from ingest.market.nse_listed import Company
from ingest.market.quote import DAY_MS, Interval, Quote
from ingest.market.venues import NSE, VENUES

# A quote's columns: those of a bar, those beside it, and what its listing is written as.
QUOTES = pa.schema([*FULL, ("symbol", pa.string()), ("name", pa.string())])
_NAMING = ("symbol", "name")


@dataclass(frozen=True, slots=True)
class Kept:
    """What was given to the store, and what of it was new or other than what was there."""

    bars: int = 0
    bars_changed: int = 0
    listings_changed: int = 0
    actions: int = 0
    actions_changed: int = 0
    facts: int = 0
    facts_changed: int = 0

    def __add__(self, other: Kept) -> Kept:
        mine, theirs = asdict(self), asdict(other)
        return Kept(**{name: mine[name] + theirs[name] for name in mine})

    @property
    def changed(self) -> bool:
        """Did anything change?"""
        return any(count for name, count in asdict(self).items() if name.endswith("_changed"))


def keep(store: Bars, found: Sequence[Any], interval: Interval, now: Millis) -> Kept:
    """Everything among what was found that the store has a place for. Raises what the store raises.

    `now` is when a list of companies, which does not say when it was made, counts as known.
    """
    quotes = [one for one in found if isinstance(one, Quote)]
    kept = keep_table(store, table(quotes), interval) if quotes else Kept()
    companies = [one for one in found if isinstance(one, Company)]
    actions = [asdict(one) for one in found if isinstance(one, Action)]
    facts = [one for one in found if isinstance(one, Fact)]
    facts += [company.fact for company in companies]
    listed = [_listed(company, now) for company in companies]
    return kept + Kept(
        listings_changed=store.put_listings(listed) if listed else 0,
        actions=len(actions),
        actions_changed=store.put_actions(actions) if actions else 0,
        facts=len(facts),
        facts_changed=store.put_facts(map(asdict, facts)) if facts else 0,
    )


def keep_table(store: Bars, quotes: pa.Table, interval: Interval) -> Kept:
    """Bars with any of the columns of QUOTES, and the listings that they show."""
    frame = _placed(quotes)
    changed = store.put_table(frame.to_arrow(), interval)
    found = _listings(frame)
    return Kept(frame.height, changed, store.put_listings(found) if found else 0)


def table(quotes: Sequence[Quote]) -> pa.Table:
    """Quotes as a table of QUOTES, in their order."""
    bars = {name: [getattr(one.bar, name) for one in quotes] for name in COLUMNS}
    beside = {name: [getattr(one, name) for one in quotes] for name in (*EXTRAS.names, *_NAMING)}
    return pa.table({**bars, **beside}, schema=QUOTES)


def actions_of(found: pa.Table) -> list[Action]:
    """Actions as values, from a table of graph.bars.ACTIONS."""
    return [Action(**row) for row in found.to_pylist()]


def facts_of(found: pa.Table) -> list[Fact]:
    """Facts as values, from a table of graph.bars.FACTS."""
    return [Fact(**{**row, "source": row["source"] or ""}) for row in found.to_pylist()]


def _placed(quotes: pa.Table) -> pl.DataFrame:
    """The quotes with exchange and suffix made to agree.

    A ticker is one listing: ACME of NSE and ACME of BSE, told apart by a column alone, become
    ACME.NS and ACME.BO. Where only the suffix says the exchange, its currency is known too.
    """
    frame = pl.from_arrow(quotes)
    assert isinstance(frame, pl.DataFrame)
    for name in ("exchange", "currency"):
        if name not in frame.columns:
            frame = frame.with_columns(pl.lit(None, pl.String).alias(name))
    ticker = pl.col("ticker")
    suffixed = pl.any_horizontal(ticker.str.ends_with(suffix) for suffix in VENUES)
    for venue in VENUES.values():
        bare = (pl.col("exchange") == venue.exchange) & ~suffixed
        frame = frame.with_columns(
            pl.when(bare).then(ticker + venue.suffix).otherwise(ticker).alias("ticker")
        )
        own = ticker.str.ends_with(venue.suffix)
        frame = frame.with_columns(
            pl.when(own & pl.col(name).is_null())
            .then(pl.lit(getattr(venue, name)))
            .otherwise(pl.col(name))
            .alias(name)
            for name in ("exchange", "currency")
        )
    return frame


def _listings(frame: pl.DataFrame) -> list[dict[str, Any]]:
    """Each ISIN or name under a ticker, with the first and last day on which it was seen so."""
    said = [name for name in ("isin", "name") if name in frame.columns]
    if not said:
        return []
    keys = [name for name in LISTINGS.schema.names if name in frame.columns and name != "known_at"]
    day = pl.col("at") // DAY_MS * DAY_MS
    found = frame.filter(pl.any_horizontal(pl.col(said).is_not_null()))
    grouped = found.group_by(keys, maintain_order=True).agg(
        day.min().alias("since"), day.max().alias("until"), pl.col("known_at").min()
    )
    return grouped.to_dicts()


def _listed(company: Company, now: Millis) -> dict[str, Any]:
    """A company of today's list. That it was called so before is not known."""
    return {
        "ticker": company.ticker,
        "isin": company.isin,
        "exchange": NSE.exchange,
        "currency": NSE.currency,
        "symbol": company.ticker.removesuffix(NSE.suffix),
        "name": company.name,
        "since": now // DAY_MS * DAY_MS,
        "until": now // DAY_MS * DAY_MS,
        "known_at": now,
    }
