"""What is asked of the posts: each chosen trace in each of its windows, the most telling first."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from graph.detection.acts import encode
from graph.detection.observed import Observed
from graph.detection.ties import Question
from graph.detection.traces import ALL, MOST_TELLING_FIRST, same_meaning
from graph.detection.traces.trace import Trace, in_windows
from graph.embedding import Embedder
from graph.errors import UsageError
from graph.store import Progress
from graph.windows import millis

# What promoters of stocks were seen to share. The others (hashtags, answers, audiences, habits,
# profiles) are asked by name: each further question makes every tie's p larger.
DEFAULT = (
    "same_text",
    "near_text",
    "same_meaning",
    "same_image",
    "co_link",
    "co_ticker",
)


def questions(
    observed: Observed,
    traces: Sequence[str] = DEFAULT,
    embedder: Embedder | None = None,
    windows: Sequence[str] = (),
    progress: Progress | None = None,
) -> list[Question]:
    """Questions of `traces` by name, whose codes are those of `accounts_of(observed)`.

    A trace that no post shows is not asked, for its answer is known and would only make the others
    less sure; nor is same_meaning without an embedder. `windows` replaces those of the traces.
    Raises UsageError for a name that there is none of.
    """
    unknown = sorted(set(traces) - ALL.keys())
    if unknown:
        raise UsageError(f"there is no trace {unknown[0]!r}; there are {', '.join(ALL)}")
    wanted = [name for name in MOST_TELLING_FIRST if name in traces]
    accounts = accounts_of(observed)
    asked: list[Question] = []
    for done, name in enumerate(wanted):
        if progress:
            progress(f"reading {name}", done, len(wanted))
        if name == "same_meaning" and embedder is None:
            continue
        trace = _with(ALL[name], embedder)
        if windows:
            trace = in_windows(trace, tuple(windows))
        asked += _of(trace, observed, accounts)
    return asked


def accounts_of(observed: Observed) -> pl.Series:
    """Every account that posted, sorted."""
    return observed.posts["account"].unique().sort()


def _with(trace: Trace, embedder: Embedder | None) -> Trace:
    """same_meaning reads with the embedder that was given."""
    if trace.name != "same_meaning" or embedder is None:
        return trace
    return same_meaning.trace(lambda: embedder)


def _of(trace: Trace, observed: Observed, accounts: pl.Series) -> list[Question]:
    rows, near = trace.look(observed) if trace.look else (trace.acts(observed), None)
    if rows.is_empty():
        return []
    if near is None:
        rows = rows.drop("text_id")  # equal objects suffice, and texts are long
    acts = encode(rows, accounts)
    return [
        Question(trace.name, window, acts, near, trace.weight)
        for window in sorted(trace.windows, key=millis)
    ]
