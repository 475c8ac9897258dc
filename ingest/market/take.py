"""Bars from sources into the store of bars, with what could not be used beside them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from graph.bars import Bars
from graph.errors import SourceUnavailable
from graph.model import Bar
from graph.store import Progress
from ingest.market.source import BarSource, bars
from ingest.rejects import Reject, RejectsFile

CHUNK = 5_000  # records at once: a killed program has kept all but the last of them


@dataclass(frozen=True, slots=True)
class Taken:
    """What sources gave and what of it was new."""

    records: int = 0  # with the rejected ones
    rejected: int = 0
    bars: int = 0
    changed: int = 0  # new, or other than what was there
    trouble: str | None = None  # why it stopped before the end


def take(
    store: Bars,
    source: BarSource,
    rejects: Path,
    names: Sequence[str],
    progress: Progress | None = None,
) -> Taken:
    """Everything that a source has, into the store.

    `names` are those under which its rejects stand (`yahoo:ACME.NS`); what was said of them before
    is replaced. A source that stops answering is no error here: what it gave is kept, and
    `trouble` says the rest. Raises SourceRefused and what the store raises.
    """
    found = bars(source)
    records = kept = changed = 0
    trouble: str | None = None
    with RejectsFile(rejects, names) as rejected:
        while trouble is None:
            part, trouble = _part(found)
            records += len(part)
            for one in part:
                if isinstance(one, Reject):
                    rejected.add(one)
            good = [one for one in part if isinstance(one, Bar)]
            kept += len(good)
            changed += store.put(good) if good else 0
            if progress:
                progress(f"prices from {source.name}", records, records)
            if len(part) < CHUNK:
                break
    return Taken(records, rejected.count, kept, changed, trouble)


def _part(found: Iterator[Bar | Reject]) -> tuple[list[Bar | Reject], str | None]:
    """The next records, and why there are no more of them."""
    part: list[Bar | Reject] = []
    try:
        part.extend(islice(found, CHUNK))
    except SourceUnavailable as error:
        return part, str(error)
    return part, None
