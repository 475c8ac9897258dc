"""What an incremental engine says: `ties.tables` of the posts it holds, to the last bit."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl

from graph.detection.acts import Ints, encode
from graph.detection.coaction import WORKERS
from graph.detection.incremental.asked import Asked, asked
from graph.detection.incremental.held import Held
from graph.detection.incremental.judging import in_parts
from graph.detection.incremental.lines import Line
from graph.detection.incremental.pool import Each, threads
from graph.detection.incremental.proof import evidence
from graph.detection.incremental.stretches import ACCOUNTS
from graph.detection.incremental.together import synchrony
from graph.detection.incremental.views import Wanted, wanted
from graph.detection.margins import Floats
from graph.detection.ties import (
    Question,
    Tables,
    _dated,
    _named,
    _parts,
    allowed,
    combined,
    ever,
)
from graph.detection.traces.trace import ACTS
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
    put = [(line, one) for line in shown for one in line.standing]
    tests = held.active * (held.active - 1) // 2
    with threads() as each:
        questions = each(lambda put: asked(*put, held.accounts.room, most_popular), put)
        ties, rows = _tied(questions, keep, fdr, least, tests, each)
        who = wanted(held, np.unique(np.concatenate(np.divmod(ties["pair"].to_numpy(), ACCOUNTS))))
        ties, rows = _recoded(ties, who), _recoded(rows, who)
        pairs = ties["pair"].sort().to_numpy()
        seen = evidence(questions, held, who, pairs, most_popular, each)
        ties = _synchronised(ties, questions, who, each)
    nothing = encode(pl.DataFrame(schema=ACTS))
    by_name = [Question(q.one.trace, q.one.window, nothing) for q in questions]
    return Tables(
        _named(_dated(ties, seen, half_life), who.names),
        seen.drop("pair", "question"),
        _parts(rows, pairs, by_name, who.names),
        sum(q.too_popular(most_popular) for q in questions),
        tests,
    )


def _tied(
    questions: Sequence[Asked], keep: float, fdr: float, least: int, tests: int, each: Each
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """What `ties.tied` says, and all that each question says of these pairs."""
    rows = _judged(questions, _enough(questions, keep, fdr, tests), None, each)
    ties = combined(rows, len(questions), tests, keep, fdr, least)
    rows = _judged(questions, keep, ties["pair"].to_numpy(), each)
    return ever(ties, rows, len(questions)), rows


def _enough(questions: Sequence[Asked], keep: float, fdr: float, tests: int) -> float:
    """A combined p above which no pair can be kept, so that most need not be judged to the end.

    A q of at most `fdr` is the p of some rank times tests over rank, and no rank is beyond the
    number of pairs; leaving out larger p changes no rank below them.
    """
    pairs = sum(len(q.keys) for q in questions)
    if fdr >= 1 or pairs > tests:
        return keep
    return min(keep, fdr * pairs / tests * (1 + 1e-9)) if pairs else keep


def _judged(
    questions: Sequence[Asked], keep: float, pairs: Ints | None, each: Each
) -> pl.DataFrame:
    """What each question says, with its number; of all pairs, or of sorted `pairs`."""
    limits = [allowed(keep, len(questions), q.line.trace.weight) for q in questions]
    work = [
        (null, keys[part], counts[part], limit)
        for q, limit in zip(questions, limits, strict=True)
        for keys, counts in [(q.keys, q.counts) if pairs is None else q.of(pairs)]
        for null, part in zip(q.nulls, in_parts(keys, len(q.nulls)), strict=True)
    ]
    found = each(lambda one: one[0].judge(*one[1:]), work)
    parts = [found[n : n + WORKERS] for n in range(0, len(found), WORKERS)]
    return pl.concat(
        q.weighed(columns).with_columns(pl.lit(n, dtype=pl.Int32).alias("question"))
        for n, (q, columns) in enumerate(zip(questions, parts, strict=True))
    )


def _synchronised(
    ties: pl.DataFrame, questions: Sequence[Asked], who: Wanted, each: Each
) -> pl.DataFrame:
    """Adds synchrony_p, by the question that decided each tie."""
    decided, pairs = ties["question"].to_numpy(), ties["pair"].to_numpy()

    def said(n: int) -> Floats:
        one = questions[n]
        return synchrony(one.line.timeline, who, one.one.millis, pairs[decided == n])

    deciding = np.unique(decided).tolist()
    p = np.ones(len(pairs))
    for n, values in zip(deciding, each(said, deciding), strict=True):
        p[decided == n] = values
    return ties.with_columns(pl.Series("synchrony_p", p))


def _recoded(rows: pl.DataFrame, who: Wanted) -> pl.DataFrame:
    pairs = pl.Series(who.pairs(rows["pair"].to_numpy()), dtype=pl.Int64)
    return rows.with_columns(pairs.alias("pair"))
