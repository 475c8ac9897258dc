"""Prices as they can be judged: bars out of the store with corporate actions applied.

The one place that joins what the store keeps with `actions.py` and `unadjusted.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import pyarrow as pa

from graph.bars import COLUMNS, Bars, Names
from graph.model import Millis
from ingest.market.actions import Action, Skipped, adjusted
from ingest.market.keep import actions_of
from ingest.market.quote import Interval
from ingest.market.unadjusted import Suspicion, suspicions


@dataclass(frozen=True, slots=True)
class Prices:
    """Bars with adj_close as one could have computed it, and what to know of them."""

    bars: pa.Table  # the columns asked for, sorted by ticker and at
    applied: tuple[Action, ...]
    skipped: tuple[Skipped, ...]  # with the reason of each
    suspicions: tuple[Suspicion, ...]  # days whose jump is probably a split nobody told of


def adjusted_prices(
    bars: Bars,
    tickers: Sequence[str] | None = None,
    since: Millis | None = None,
    until: Millis | None = None,
    *,
    interval: Interval = "1d",
    columns: Sequence[str] = COLUMNS,
    as_of: Millis,
) -> Prices:
    """Bars with since <= at < until as known at `as_of`, corporate actions applied.

    `tickers` None means all; `columns` are more of graph.bars.FULL to read beside COLUMNS. An
    action told of one listing counts for every listing of the stock: NSE's list of actions adjusts
    BSE's prices. Suspicions are of days only; minutes have none.
    """
    wanted = list(dict.fromkeys((*COLUMNS, *columns)))
    found = bars.read(tickers, since, until, interval=interval, columns=wanted, as_of=as_of)
    known = actions_of(bars.actions(as_of=as_of))
    listed = set(found["ticker"].unique().to_pylist())
    result = adjusted(found, _of_every_listing(known, bars.names(as_of=as_of), listed), as_of)
    jumps = suspicions(result.bars) if interval == "1d" else []
    return Prices(result.bars, result.applied, result.skipped, tuple(jumps))


def _of_every_listing(actions: Iterable[Action], names: Names, listed: set[str]) -> list[Action]:
    """Each action under every ticker of its stock that has bars here, once a ticker."""
    spread = {
        replace(action, ticker=ticker)
        for action in actions
        for ticker in {action.ticker, *names.tickers(action.ticker)} & listed
    }
    earliest: dict[tuple[object, ...], Action] = {}
    for action in sorted(spread, key=lambda one: (one.known_at, one.isin or "")):
        key = (action.ticker, action.kind, action.at, action.ratio, action.amount)
        earliest.setdefault(key, action)
    return list(earliest.values())
