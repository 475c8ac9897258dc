"""lockstep: posting within seconds of each other, again and again, whatever about.

The object is a *moment*: a stretch of one platform's own posts without a gap longer than the
longest window. No two posts of different moments lie within a window of each other, so nothing is
missed and nothing is cut, as slots of the clock would do; and two accounts meet once a moment.
Chance is taken within the hour in which the moment began, because all accounts keep the same
hours. One moment says nothing; many do.

Where a platform is so busy that its posts never pause, its moments hold more accounts than the
engine's bound on popularity and tie nobody: at that rate only the shorter window still sees gaps
(about 3 posts a second for a window of 1 second, 1 post in 3 seconds for 10 seconds).
"""

from __future__ import annotations

import polars as pl

from graph.detection.observed import Observed
from graph.detection.traces.trace import Trace, as_acts, own_posts
from graph.windows import millis

WINDOWS = ("1s", "10s")
_HOUR = millis("1h")


def acts(observed: Observed, windows: tuple[str, ...] = WINDOWS) -> pl.DataFrame:
    """A row per post; the object is its moment, named by platform and first millisecond."""
    platform = pl.col("account").str.extract("^([^:]*):").fill_null("")  # a table says none
    rows = own_posts(observed).with_columns(platform.alias("platform"))
    rows = rows.sort("platform", "at", "post")
    pause = max(map(millis, windows))
    new = (pl.col("platform") != pl.col("platform").shift(1)) | (pl.col("at").diff() > pause)
    rows = rows.with_columns(new.fill_null(True).cum_sum().alias("number"))
    began = pl.col("at").min().over("number")
    rows = rows.with_columns(began.alias("began")).with_columns(
        pl.concat_str("platform", "began", separator="@").alias("moment")
    )
    return as_acts(rows, "moment", (pl.col("began") // _HOUR).cast(pl.String))


def within(windows: tuple[str, ...]) -> Trace:
    """The trace in these windows: a moment is as long as they ask."""
    says = "posted at the same moments"
    return Trace("lockstep", says, windows, lambda seen: acts(seen, windows), within=within)


TRACE = within(WINDOWS)
