"""What a trace is: one kind of shared behaviour, as rows of acts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import polars as pl

from graph.detection.observed import Observed
from graph.windows import millis

# An act: this account did something with this object then. `stratum` says within what chance
# shuffles who acts; the engine adds the span of time.
ACTS = {
    "post": pl.String,
    "account": pl.String,
    "at": pl.Int64,
    "object": pl.String,
    "stratum": pl.String,
    "text_id": pl.String,
}

# Pairs of distinct texts that are near each other, `left` < `right`; None: equal objects suffice.
Neighbours = pl.DataFrame | None


@dataclass(frozen=True, slots=True)
class Trace:
    """A kind of shared behaviour.

    `acts` returns the columns ACTS, a row per act. A trace that compares by likeness has `look`
    too: its acts and their neighbours, each computed once. Two of its acts meet only if their
    `text_id` are equal or neighbours; the object is then the group of texts they belong to.

    `weight` is how much a meeting says beside one of the other traces. `audience` marks what
    accounts do that were moved by somebody else: it shows who listens, not who promotes.
    `within` makes the trace for other windows, where its acts depend on them (see `in_windows`).
    """

    name: str
    says: str
    windows: tuple[str, ...]
    acts: Callable[[Observed], pl.DataFrame]
    weight: float = 1.0
    audience: bool = False
    look: Callable[[Observed], tuple[pl.DataFrame, pl.DataFrame]] | None = None
    within: Callable[[tuple[str, ...]], Trace] | None = None


def in_windows(trace: Trace, windows: tuple[str, ...]) -> Trace:
    """The trace asked in other windows than its own. Raises UsageError for what is no window."""
    ordered = tuple(sorted(windows, key=millis))
    return trace.within(ordered) if trace.within else replace(trace, windows=ordered)


def own_posts(observed: Observed) -> pl.DataFrame:
    """Posts that repeat nobody's: a repost marks an audience, not a promoter."""
    return _known(observed).filter(pl.col("repost_of").is_null())


def reposts(observed: Observed) -> pl.DataFrame:
    """Posts that repeat another account's. Who repeats what it said itself is no audience."""
    authors = observed.posts.select(pl.col("post").alias("repost_of"), author="account")
    known = _known(observed).filter(pl.col("repost_of").is_not_null())
    known = known.join(authors, on="repost_of", how="left")
    return known.filter(pl.col("account").ne_missing(pl.col("author")))


def _known(observed: Observed) -> pl.DataFrame:
    return observed.posts.filter(pl.col("at") <= observed.as_of)


def as_acts(frame: pl.DataFrame, obj: str, stratum: pl.Expr | None = None) -> pl.DataFrame:
    """Picks the columns ACTS, with `obj` as the object; what has none, or "", is no act."""
    return frame.filter(pl.col(obj).fill_null("") != "").select(
        "post",
        "account",
        "at",
        pl.col(obj).alias("object"),
        (pl.lit("") if stratum is None else stratum).alias("stratum"),
        "text_id",
    )
