"""Priced stocks and price events into the graph. Running it twice changes nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from math import isfinite
from typing import Any

from graph.model import PriceEvent
from graph.store import Counters, GraphStore, Progress


def write_priced_stocks(
    store: GraphStore, tickers: Iterable[str], progress: Progress | None = None
) -> Counters:
    """A Stock for each ticker with bars. Raises QueryFailed or StoreUnavailable."""
    rows = [{"id": ticker} for ticker in sorted(set(tickers))]
    return store.write_rows("ingest/priced_stocks", rows, progress=progress)


def write_price_events(
    store: GraphStore, events: Sequence[PriceEvent], progress: Progress | None = None
) -> Counters:
    """The events, the stocks they happened to, and the edges between them.

    An event of the same id with other figures is replaced. Raises QueryFailed or StoreUnavailable.
    """
    rows = [_row(event) for event in events]
    written = write_priced_stocks(store, (event.ticker for event in events), progress)
    written += store.write_rows("ingest/price_events", rows, progress=progress)
    edges = [{"id": event.id, "ticker": event.ticker} for event in events]
    return written + store.write_rows("ingest/price_event_of", edges, progress=progress)


def _row(event: PriceEvent) -> dict[str, Any]:
    """The event's properties; a figure that has no value is left out of the graph, not nan."""
    return {name: _known(value) for name, value in asdict(event).items()}


def _known(value: Any) -> Any:
    return None if isinstance(value, float) and not isfinite(value) else value
