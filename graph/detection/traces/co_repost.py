"""co_repost: reposting the same post within a minute or an hour.

Whoever reposts was moved by somebody else: this shows an audience that acts as one, or a crowd of
helpers, and says less of each than a post of its own. It therefore stands alone, with a small
weight; reposts act in no other trace, so the link and the text that they repeat count once.
`source.py` finds whom they serve.
"""

from __future__ import annotations

import polars as pl

from graph.detection.observed import Observed
from graph.detection.traces.trace import Trace, as_acts, reposts

WEIGHT = 0.25


def acts(observed: Observed) -> pl.DataFrame:
    """A row per repost of somebody else's post; the object is that post."""
    return as_acts(reposts(observed), "repost_of")


TRACE = Trace("co_repost", "reposted the same post", ("1m", "1h"), acts, WEIGHT, audience=True)
