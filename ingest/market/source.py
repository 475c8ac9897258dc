"""What every source of bars is: something that can be walked through, again and again.

A file or a client is named when a source is made; `quotes` reads it. What every source must do,
whatever stands behind it, is held by tests/ingest/test_market_sources.py.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from graph.model import Bar
from ingest.market.quote import Interval, Quote
from ingest.rejects import Reject


class BarSource(Protocol):
    """Bars from one place.

    A bad record is a Reject with file, line and reason, and never stops the walk. A place that as a
    whole cannot be used raises SourceRefused, one that does not answer now SourceUnavailable; both
    after what was good before.
    """

    @property
    def name(self) -> str:
        """The name of the format or service: `nse-udiff`."""
        ...

    @property
    def interval(self) -> Interval:
        """What one bar spans."""
        ...

    def quotes(self) -> Iterator[Quote | Reject]:
        """Everything, in the order of the place. The same place unchanged gives the same again."""
        ...


def bars(source: BarSource) -> Iterator[Bar | Reject]:
    """The bars alone, as `graph.bars` keeps them."""
    for found in source.quotes():
        yield found.bar if isinstance(found, Quote) else found
