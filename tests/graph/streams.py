"""Posts for tests of the incremental engine, and the batch that it is held against."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np
import polars as pl

from graph.detection.acts import encode
from graph.detection.coaction import LEVELS, MOST_POPULAR, evidence, meet
from graph.detection.observed import Observed
from graph.detection.ties import Question, Tables, tables
from graph.detection.traces import co_link, co_reply, co_repost, co_ticker
from graph.detection.traces.trace import Trace
from graph.model import Post
from graph.windows import millis
from tests.graph.acts import LATER, observed

SECOND = 1000
TRACES = (
    Trace("co_link", "", ("20s", "60s"), co_link.acts),
    Trace("co_reply", "", ("40s",), co_reply.acts),
    Trace("co_ticker", "", ("30s",), co_ticker.acts),
    Trace("co_repost", "", ("30s",), co_repost.acts, weight=0.25),
)
LINKS = TRACES[:1]
# One question alone keeps every pair that met; several keep those with p of at most one in so many.
ALONE = tuple((replace(trace, windows=trace.windows[-1:]),) for trace in TRACES)
MEETINGS = {
    "left": pl.String,
    "right": pl.String,
    "trace": pl.String,
    "window": pl.String,
    "level": pl.Int64,
    "times": pl.Int64,
}


def post(
    name: str,
    who: str,
    second: int,
    links: Sequence[str] = (),
    tickers: Sequence[str] = (),
    **more: object,
) -> Post:
    """A post at a second."""
    at = second * SECOND
    return Post(
        name,
        who,
        at,
        at,
        "",
        "x",
        links=tuple(links),
        tickers=tuple(tickers),
        **more,  # type: ignore[arg-type]
    )


def asked(seen: Observed, traces: Sequence[Trace]) -> list[Question]:
    """What the batch is asked: a trace that no post shows is not."""
    accounts = seen.posts["account"].unique().sort()
    found = [(trace, trace.acts(seen)) for trace in traces]
    return [
        Question(trace.name, window, encode(acts, accounts), weight=trace.weight)
        for trace, acts in found
        if not acts.is_empty()
        for window in trace.windows
    ]


def batch(
    posts: Iterable[Post],
    span: int,
    traces: Sequence[Trace] = TRACES,
    most_popular: int = MOST_POPULAR,
    **more: float,
) -> Tables | None:
    """What the batch says; None where nothing can be asked."""
    seen = observed(list(posts), LATER)
    questions = asked(seen, traces)
    own = seen.posts.filter(pl.col("repost_of").is_null())
    accounts = seen.posts["account"].unique().sort()
    if not questions:
        return None
    return tables(
        questions,
        accounts,
        span,
        active=own["account"].n_unique(),
        most_popular=most_popular,
        **more,  # type: ignore[arg-type]
    )


def batch_meetings(
    posts: Iterable[Post], span: int, traces: Sequence[Trace], most_popular: int
) -> pl.DataFrame:
    """How often each pair met, as `Incremental.meetings` words it."""
    rows = [
        (accounts[pair // n], accounts[pair % n], q.trace, q.window, LEVELS[level], times)
        for q in asked(observed(list(posts), LATER), traces)
        for keys, counts in [
            np.unique(
                meet(q.acts, millis(q.window), span, None, most_popular).keys, return_counts=True
            )
        ]
        for accounts, n in [(q.acts.accounts, len(q.acts.accounts))]
        for pair, level, times in zip(
            (keys >> 2).tolist(), (keys & 3).tolist(), counts.tolist(), strict=True
        )
    ]
    return pl.DataFrame(rows, schema=MEETINGS, orient="row").sort(list(MEETINGS)[:5])


def batch_co_actions(
    posts: Iterable[Post],
    names: Sequence[str],
    span: int,
    traces: Sequence[Trace],
    most_popular: int,
) -> set[tuple[object, ...]]:
    """The co-actions that some posts take part in, each as question, posts, object, popularity."""
    found = set()
    for q in asked(observed(list(posts), LATER), traces):
        meetings = meet(q.acts, millis(q.window), span, None, most_popular)
        for row in evidence(meetings, meetings.pairs).iter_rows(named=True):
            if row["left_post"] in names or row["right_post"] in names:
                pair = (row["left_post"], row["right_post"], row["object"], row["popularity"])
                found.add((q.trace, q.window, *pair))
    return found
