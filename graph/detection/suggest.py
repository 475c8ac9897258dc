"""A window read off the data: how fast do the fastest repeat what somebody did?

CooRnet's rule (Giglietto, Righetti, Rossi and Marino 2020), made exact: of every object the time
from its first act to the act with which half of its accounts had acted; the window is a low
quantile of these times over the objects that at least LEAST accounts share. It is taken from a
span of time of its own, which is then not judged: a window tuned on what it judges proves nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from graph.errors import UsageError
from graph.model import Millis

LEAST = 3  # accounts of an object that says something about speed
QUANTILE = 0.1
SHARE = 0.3  # of the time span that is spent on the suggestion
ENOUGH = 20  # objects below which a quantile means nothing


@dataclass(frozen=True, slots=True)
class Suggestion:
    """`window` in milliseconds, read off the acts before `until`; judge what comes from then on."""

    window: Millis
    until: Millis
    objects: int
    quantile: float


def suggest(acts: pl.DataFrame, quantile: float = QUANTILE, share: float = SHARE) -> Suggestion:
    """A window for `acts` (account, object, at), from the first `share` of their time.

    Raises UsageError where fewer than ENOUGH objects were shared there.
    """
    if acts.is_empty():
        raise UsageError("there are no acts to read a window off; give --window")
    at = acts["at"].to_numpy()
    until = int(at.min() + (at.max() - at.min()) * share)
    once = (
        acts.filter(pl.col("at") < until)
        .group_by("object", "account")
        .agg(pl.col("at").min())
        .sort("object", "at")
        .with_columns(
            pl.len().over("object").alias("accounts"),
            pl.int_range(1, pl.len() + 1).over("object").alias("rank"),
            pl.col("at").min().over("object").alias("began"),
        )
    )
    half = once.filter((pl.col("accounts") >= LEAST) & (pl.col("rank") * 2 >= pl.col("accounts")))
    times = half.group_by("object").agg((pl.col("at") - pl.col("began")).min().alias("time"))
    if times.height < ENOUGH:
        raise UsageError(
            f"only {times.height} objects are shared by {LEAST} accounts in the first"
            f" {share:.0%} of the time, too few to read a window off ({ENOUGH}); give --window"
        )
    window = times["time"].quantile(quantile, "lower")
    return Suggestion(max(1000, int(window or 0)), until, times.height, quantile)
