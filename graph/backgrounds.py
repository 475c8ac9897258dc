"""What was known when price events began, into the graph. Running it twice changes nothing."""

from __future__ import annotations

from collections.abc import Sequence

from graph.model import Background
from graph.store import Counters, GraphStore, Progress

BATCH = 2_000


def publish_backgrounds(
    store: GraphStore, found: Sequence[Background], progress: Progress | None = None
) -> Counters:
    """The figures onto the events, and edges to the news that was known before them.

    What an earlier run said of these events goes; events and news must be in the graph. Raises
    QueryFailed or StoreUnavailable.
    """
    told = [_row(one) for one in found]
    kept = [{"event_id": one.event_id, "keep": [id for id, _ in one.news]} for one in found]
    known = [
        {"event_id": one.event_id, "news_id": id, "minutes": minutes}
        for one in found
        for id, minutes in one.news
    ]
    counters = store.write_rows("ingest/what_was_known", told, BATCH, progress)
    counters += store.write_rows("detect/forget_event_news_not_in", kept, BATCH, progress)
    return counters + store.write_rows("detect/publish_event_news", known, BATCH, progress)


def _row(one: Background) -> dict[str, object]:
    return {
        "event_id": one.event_id,
        "probability": one.probability,
        "base_rate": one.base_rate,
        "ratio": one.ratio,
        "p_value": one.p_value,
        "posts_at": one.posts_at,
        "news_at": one.news_at,
        "sequence": list(one.order),
    }
