"""Priced stocks and price events into the graph. Running it twice changes nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from math import isfinite
from typing import Any

from graph.model import Millis, PriceEvent
from graph.store import Counters, GraphStore, Progress

TICKERS_A_READ = 500


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


def forget_price_events(
    store: GraphStore, tickers: Iterable[str], kept: Iterable[PriceEvent], as_of: Millis
) -> Counters:
    """Deletes the events of these stocks that were known at `as_of` and are not among `kept`:
    bars were corrected since, or a split became known. Raises QueryFailed or StoreUnavailable."""
    keep = {event.id for event in kept}
    wanted, counters = sorted(set(tickers)), Counters()
    for start in range(0, len(wanted), TICKERS_A_READ):
        part = wanted[start : start + TICKERS_A_READ]
        found = store.read("detect/price_event_ids", ids=part, as_of=as_of)
        gone = [{"id": row["id"]} for row in found if row["id"] not in keep]
        counters += store.write_rows("detect/forget_price_events", gone)
    return counters


def _row(event: PriceEvent) -> dict[str, Any]:
    """The event's properties; a figure that has no value is left out of the graph, not nan."""
    return {name: _known(value) for name, value in asdict(event).items()}


def _known(value: Any) -> Any:
    return None if isinstance(value, float) and not isfinite(value) else value
