"""One kind of shared behaviour a file. README.md walks through adding one."""

from __future__ import annotations

from graph.detection.traces import co_link, co_ticker, same_text
from graph.detection.traces.trace import Trace

# Traces that need nothing but the posts. The text traces that compare texts are made in
# detection, because they share one list of neighbours.
PLAIN: tuple[Trace, ...] = (co_ticker.TRACE, co_link.TRACE, same_text.TRACE)
