"""What an incremental engine says: `ties.tables` of the posts it holds, to the last bit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import polars as pl

from graph.detection.acts import Ints
from graph.detection.incremental.asked import Asked, asked
from graph.detection.incremental.held import Held
from graph.detection.incremental.lines import Line
from graph.detection.incremental.stretches import ACCOUNTS
from graph.detection.incremental.views import Wanted, episodes, view, wanted
from graph.detection.ties import Question, Tables, allowed, combined, ever, told
from graph.model import Millis


def tables(
    lines: Sequence[Line],
    held: Held,
    most_popular: int,
    keep: float,
    fdr: float,
    least: int,
    half_life: Millis | None,
) -> Tables:
    """`ties.tables` of the posts held. A trace that no post shows is not asked."""
    shown = [line for line in lines if len(line.timeline)] or lines
    room = held.accounts.room
    questions = [asked(line, one, room, most_popular) for line in shown for one in line.standing]
    tests = held.active * (held.active - 1) // 2
    rows = _judged(questions, _enough(questions, keep, fdr, tests))
    ties = combined(rows, len(questions), tests, keep, fdr).filter(pl.col("co_actions") >= least)
    rows = _judged(questions, keep, ties["pair"].to_numpy())
    ties = ever(ties, rows, len(questions))
    ends = np.divmod(ties["pair"].to_numpy(), ACCOUNTS)
    who = wanted(held, np.unique(np.concatenate(ends)))
    views = {id(line): view(line, held, who) for line in shown}
    said = told(
        _recoded(ties, who),
        _recoded(rows, who),
        [Question(q.one.trace, q.one.window, views[id(q.line)].acts) for q in questions],
        [episodes(views[id(q.line)], q.one.millis, most_popular) for q in questions],
        who.names,
        tests,
        half_life,
    )
    return replace(said, too_popular=sum(q.too_popular(most_popular) for q in questions))


def _enough(questions: Sequence[Asked], keep: float, fdr: float, tests: int) -> float:
    """A combined p above which no pair can be kept, so that most need not be judged to the end.

    A q of at most `fdr` is the p of some rank times tests over rank, and no rank is beyond the
    number of pairs; leaving out larger p changes no rank below them.
    """
    pairs = sum(len(q.keys) for q in questions)
    if fdr >= 1 or pairs > tests:
        return keep
    return min(keep, fdr * pairs / tests * (1 + 1e-9)) if pairs else keep


def _judged(questions: Sequence[Asked], keep: float, pairs: Ints | None = None) -> pl.DataFrame:
    """What each question says, with its number."""
    return pl.concat(
        q.judged(allowed(keep, len(questions), q.line.trace.weight), pairs).with_columns(
            pl.lit(n, dtype=pl.Int32).alias("question")
        )
        for n, q in enumerate(questions)
    )


def _recoded(rows: pl.DataFrame, who: Wanted) -> pl.DataFrame:
    pairs = pl.Series(who.pairs(rows["pair"].to_numpy()), dtype=pl.Int64)
    return rows.with_columns(pairs.alias("pair"))
