"""Bars and actions from sources into the store of bars; what could not be used beside them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from time import time_ns

from graph.bars import Bars
from graph.errors import SourceUnavailable
from graph.store import Progress
from ingest.market.actions import Action
from ingest.market.fundamentals import Fact
from ingest.market.keep import Kept, keep
from ingest.market.quote import Quote
from ingest.market.source import BarSource
from ingest.rejects import Reject, RejectsFile

Item = Quote | Action | Fact | Reject
CHUNK = 5_000  # records at once: a killed program has kept all but the last of them


@dataclass(frozen=True, slots=True)
class Taken:
    """What sources gave and what of it was new."""

    records: int = 0  # with the rejected ones
    rejected: int = 0
    bars: int = 0
    changed: int = 0  # bars that were new, or other than what was there
    actions: int = 0  # splits and dividends
    actions_changed: int = 0
    facts: int = 0  # figures of companies
    facts_changed: int = 0
    trouble: str | None = None  # why it stopped before the end


def take(
    store: Bars,
    source: BarSource,
    rejects: Path,
    names: Sequence[str],
    progress: Progress | None = None,
    found: Iterable[Item] | None = None,
) -> Taken:
    """Everything that a source has, into the store.

    `found` is what to take of it where that is more than its quotes.
    `names` are those under which its rejects stand (`yahoo:ACME.NS`); what was said of them before
    is replaced. A source that stops answering is no error here: what it gave is kept, and
    `trouble` says the rest. Raises SourceRefused and what the store raises.
    """
    items = iter(source.quotes() if found is None else found)
    records, kept = 0, Kept()
    trouble: str | None = None
    with RejectsFile(rejects, names) as rejected:
        while trouble is None:
            part, trouble = _part(items)
            records += len(part)
            for one in part:
                if isinstance(one, Reject):
                    rejected.add(one)
            kept += keep(store, part, source.interval, time_ns() // 1_000_000)
            if progress:
                progress(f"prices from {source.name}", records, records)
            if len(part) < CHUNK:
                break
    return Taken(
        records,
        rejected.count,
        kept.bars,
        kept.bars_changed,
        kept.actions,
        kept.actions_changed,
        kept.facts,
        kept.facts_changed,
        trouble,
    )


def _part(found: Iterator[Item]) -> tuple[list[Item], str | None]:
    """The next records, and why there are no more of them."""
    part: list[Item] = []
    try:
        part.extend(islice(found, CHUNK))
    except SourceUnavailable as error:
        return part, str(error)
    return part, None
