"""From what each trace found to one tie a pair: one p-value, one weight, all the evidence.

Traces overlap (a copied text repeats its link and its ticker), so their p-values are not
multiplied: the smallest one counts, times the number of (trace, window) questions that were asked.
What each question says by itself is kept in `parts`.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any, TypeVar

import numpy as np
import polars as pl

from graph.detection.acts import Acts, Ints
from graph.detection.anytime import anytime_p, log_e_values
from graph.detection.coaction import MOST_POPULAR, WORKERS, Meetings, evidence, first, meet
from graph.detection.significance import (
    LEVELS,
    Floats,
    judge,
    q_of,
    under_dependence,
)
from graph.detection.synchrony import synchrony
from graph.model import CoAction, Millis, Tie, TiePart
from graph.store import Progress
from graph.windows import millis

ENDS = ("left", "right")
MOST_EVIDENCE = 50  # co-actions kept with a tie in the graph, the closest in time
TIES = (  # columns of a tie; `decayed` comes after them where it is asked for
    "left",
    "right",
    "traces",
    "weight",
    "p_value",
    "q_value",
    "by_value",
    "anytime_p",
    "synchrony_p",
    "co_actions",
    "expected",
    "first_at",
    "last_at",
)
EVIDENCE = (
    "left",
    "right",
    "left_post",
    "right_post",
    "trace",
    "object",
    "window",
    "seconds",
    "episode",
    "popularity",
)

CO_ACTION = ("left_post", "right_post", "trace", "object", "window", "seconds")
PART = ("trace", "window", "co_actions", "expected", "p_value")
Ends = tuple[str, str]
Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Question:
    """A trace looked at in one window. `neighbours`: see coaction.meet.

    `weight` below 1 discounts what the trace says: its p counts as p^weight, which is never less.
    """

    trace: str
    window: str
    acts: Acts
    neighbours: pl.DataFrame | None = None
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Tables:
    """Ties as frames, strongest first.

    `ties`: left, right, traces (list), weight, p_value, q_value, by_value (Benjamini-Yekutieli),
    anytime_p (see anytime.py), synchrony_p, co_actions, expected, first_at, last_at.
    `evidence`: the columns EVIDENCE and left_at, right_at, a row per two posts, under the most
    telling question that saw them. `parts`: left, right, trace, window, co_actions, expected,
    level, p_value before fusion.
    `too_popular`: episodes left out. `tests`: pairs of the family.
    """

    ties: pl.DataFrame
    evidence: pl.DataFrame
    parts: pl.DataFrame
    too_popular: int
    tests: int


def tables(
    questions: Sequence[Question],
    accounts: pl.Series,
    span: Millis,
    *,
    active: int | None = None,
    keep: float = 1.0,
    fdr: float = 1.0,
    least: int = 1,
    most_popular: int = MOST_POPULAR,
    half_life: Millis | None = None,
    progress: Progress | None = None,
) -> Tables:
    """Ties whose combined p is at most `keep`, whose q is at most `fdr`, and that have at least
    `least` co-actions, which is asked after the correction and changes no q.

    `questions` come most telling first and share the codes of the sorted ids `accounts`; `span` is
    the length of a stratum; `active` says how many accounts could have met (default: all). q-values
    are exact as far as they are at most `keep`. With `half_life` the ties have one more column,
    `decayed`: co-actions of which each counts 2^(-distance / half_life), for who wants a kernel.
    """
    report = progress or (lambda step, done, total: None)
    met: list[Meetings] = []
    judged = []
    for n, question in enumerate(questions):
        report(f"looking for {question.trace}", n, len(questions))
        found = meet(
            question.acts, millis(question.window), span, question.neighbours, most_popular
        )
        rows = discounted(
            judge(found, allowed(keep, len(questions), question.weight)), question.weight
        )
        judged.append(rows.with_columns(pl.lit(n, dtype=pl.Int32).alias("question")))
        met.append(replace(found, keys=found.keys[:0]))  # evidence needs the timeline only
    report("tying accounts", len(questions), len(questions))
    number = active if active is not None else len(accounts)
    tests = number * (number - 1) // 2
    ties = tied(pl.concat(judged), len(questions), tests, keep, fdr, least)
    return told(ties, pl.concat(judged), questions, met, accounts, tests, half_life)


def allowed(keep: float, questions: int, weight: float) -> float:
    """The largest p of a question of this weight that can still make a combined p of `keep`."""
    return float(min(1.0, keep / questions) ** (1 / weight))


def discounted(judged: pl.DataFrame, weight: float) -> pl.DataFrame:
    """The rows of `judge` as a trace of this weight says them, with the weight beside."""
    return judged.with_columns(pl.col("p_value") ** weight, pl.lit(weight).alias("discount"))


def tied(
    judged: pl.DataFrame, questions: int, tests: int, keep: float, fdr: float, least: int
) -> pl.DataFrame:
    """A row per pair that `tables` keeps, by pair, from the rows of `judge` and their question."""
    return ever(combined(judged, questions, tests, keep, fdr, least), judged, questions)


def told(
    ties: pl.DataFrame,
    judged: pl.DataFrame,
    questions: Sequence[Question],
    met: Sequence[Meetings],
    accounts: pl.Series,
    tests: int,
    half_life: Millis | None,
) -> Tables:
    """All that is said of `ties` (see `tied`). `judged` and the timelines `questions` and `met`
    may be cut down to what concerns their accounts."""
    pairs = ties["pair"].sort().to_numpy()
    seen = _evidence(questions, met, pairs)
    return Tables(
        _named(_dated(_synchronised(ties, questions), seen, half_life), accounts),
        seen.drop("pair", "question"),
        _parts(judged, pairs, questions, accounts),
        sum(found.too_popular for found in met),
        tests,
    )


def combined(
    judged: pl.DataFrame, questions: int, tests: int, keep: float, fdr: float, least: int = 1
) -> pl.DataFrame:
    """A row per pair: the smallest p times the questions asked, its q over all pairs.

    Rows of one question come by pair, as `judge` gives them.
    """
    best = judged
    if questions > 1:
        best = judged.sort("pair", "p_value", "question").unique(
            "pair", keep="first", maintain_order=True
        )
    p = np.minimum(best["p_value"].to_numpy() * questions, 1.0)
    family, ranked = max(tests, len(p)), np.sort(p)
    asked = best.with_columns(pl.Series("p_value", p, dtype=pl.Float64)).filter(
        (pl.col("p_value") <= keep) & (pl.col("co_actions") >= least)
    )
    p = asked["p_value"].to_numpy()
    return (
        asked.with_columns(
            pl.Series("q_value", q_of(p, ranked, family), dtype=pl.Float64),
            pl.Series("by_value", q_of(p, ranked, under_dependence(family)), dtype=pl.Float64),
            pl.Series("weight", -np.log10(p) + 0.0, dtype=pl.Float64),
        )
        .filter(pl.col("q_value") <= fdr)
        .sort("pair")
    )


def ever(ties: pl.DataFrame, judged: pl.DataFrame, questions: int) -> pl.DataFrame:
    """Adds anytime_p, from what every question says of a kept pair at its deciding level."""
    pairs = ties["pair"].to_numpy()
    mine = judged.filter(pl.col("pair").is_in(ties["pair"].implode()))
    log_e = log_e_values(mine["co_actions"].to_numpy(), mine["expected"].to_numpy())
    log_e = log_e * mine["discount"].to_numpy() if "discount" in mine.columns else log_e
    owner = np.searchsorted(pairs, mine["pair"].to_numpy())
    p = anytime_p(log_e, owner, len(pairs), questions * len(LEVELS))
    return ties.with_columns(pl.Series("anytime_p", p, dtype=pl.Float64))


def _synchronised(ties: pl.DataFrame, questions: Sequence[Question]) -> pl.DataFrame:
    """Adds synchrony_p, by the question that decided each tie."""
    p: Floats = np.ones(ties.height)
    asked = ties["question"].to_numpy()
    for n, question in enumerate(questions):
        mine = np.flatnonzero(asked == n)
        if len(mine):
            pairs = ties["pair"].to_numpy()[mine]
            p[mine] = synchrony(question.acts, millis(question.window), pairs)
    return ties.with_columns(pl.Series("synchrony_p", p))


def _evidence(questions: Sequence[Question], met: Sequence[Meetings], pairs: Ints) -> pl.DataFrame:
    """The co-actions of kept pairs: each two posts once, under the question that says most."""
    with ThreadPoolExecutor(WORKERS) as pool:
        seen = list(pool.map(lambda found: evidence(found, pairs), met))
    rows = [
        one.with_columns(
            pl.lit(n, dtype=pl.Int32).alias("question"),
            pl.lit(question.trace).alias("trace"),
            pl.lit(question.window).alias("window"),
            ((pl.col("right_at") - pl.col("left_at")) / 1000).alias("seconds"),
        )
        for n, (question, one) in enumerate(zip(questions, seen, strict=True))
    ]
    order = ("pair", "left_at", "left_post", "right_post")  # of pairs, as of their names
    whole = pl.concat(rows)  # by question, each in order and with the first object first
    if len(rows) > 1:
        whole = whole.sort(order, maintain_order=True)
    return whole.filter(first(*order)).select("pair", "question", *EVIDENCE, "left_at", "right_at")


def _dated(ties: pl.DataFrame, seen: pl.DataFrame, half_life: Millis | None) -> pl.DataFrame:
    """Adds the traces that left evidence, the times of the first and last co-action, `decayed`."""
    kernel = 2.0 ** (-pl.col("seconds").abs() * 1000 / (half_life or 1))
    about = seen.group_by("pair").agg(
        pl.col("trace").unique().sort().alias("traces"),
        pl.min_horizontal("left_at", "right_at").min().alias("first_at"),
        pl.max_horizontal("left_at", "right_at").max().alias("last_at"),
        *([kernel.sort().sum().alias("decayed")] if half_life else []),  # the same in any order
    )
    return ties.join(about, on="pair", how="left")


def _named(ties: pl.DataFrame, accounts: pl.Series) -> pl.DataFrame:
    return (
        ties.with_columns(*_ends(ties, accounts))
        .select(*TIES, *(["decayed"] if "decayed" in ties.columns else []))
        .sort("weight", "left", "right", descending=[True, False, False])
    )


def _ends(rows: pl.DataFrame, accounts: pl.Series) -> tuple[pl.Series, pl.Series]:
    pair, n = rows["pair"].to_numpy(), max(len(accounts), 1)
    return (
        accounts.gather(pair // n).alias("left"),
        accounts.gather(pair % n).alias("right"),
    )


def _parts(
    judged: pl.DataFrame, pairs: Ints, questions: Sequence[Question], accounts: pl.Series
) -> pl.DataFrame:
    kept = judged.filter(pl.col("pair").is_in(pl.Series(pairs, dtype=pl.Int64).implode()))
    asked = pl.DataFrame(
        {
            "question": pl.Series(range(len(questions)), dtype=pl.Int32),
            "trace": [question.trace for question in questions],
            "window": [question.window for question in questions],
        }
    )
    named = kept.with_columns(*_ends(kept, accounts)).join(asked, on="question")
    return named.sort("left", "right", "question").select(
        "left", "right", "trace", "window", "co_actions", "expected", "level", "p_value"
    )


def as_ties(found: Tables) -> tuple[Tie, ...]:
    """The same as values, with at most MOST_EVIDENCE co-actions a tie."""
    with _uncollected():
        acts = _together(_closest(found.evidence).select(*ENDS, *CO_ACTION), CoAction)
        parts = _together(found.parts.select(*ENDS, *PART), TiePart)
        ends = found.ties.select(ENDS).rows()
        rows = found.ties.iter_rows(named=True)
        return tuple(
            _tie(row, acts[pair], parts[pair]) for pair, row in zip(ends, rows, strict=True)
        )


@contextmanager
def _uncollected() -> Iterator[None]:
    """Python looks for no garbage meanwhile. It would look through everything there is again and
    again, while values are made of which none is garbage: most of the time, in a large process."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def _together(rows: pl.DataFrame, kind: Callable[..., Value]) -> dict[Ends, tuple[Value, ...]]:
    """The rows of each pair, which stand together, as values of a kind that takes the columns after
    the two ends."""
    begins = np.flatnonzero(rows.select(first(*ENDS)).to_series().to_numpy()).tolist()
    names = rows.select(ENDS)[begins].rows()
    values = tuple(map(kind, *(column.to_list() for column in rows.drop(ENDS))))
    cuts = pairwise([*begins, len(values)])
    return {pair: values[low:high] for pair, (low, high) in zip(names, cuts, strict=True)}


def _closest(evidence: pl.DataFrame) -> pl.DataFrame:
    """Of each pair's rows, which stand together, the MOST_EVIDENCE closest in time; of equally
    close ones the earlier."""
    gaps = evidence.select(
        first(*ENDS).cum_sum().alias("pair"), pl.col("seconds").abs().alias("gap")
    )
    place = pl.col("gap").rank("ordinal").over("pair")
    return evidence.filter(gaps.select(place <= MOST_EVIDENCE).to_series())


def _tie(row: dict[str, Any], seen: tuple[CoAction, ...], parts: tuple[TiePart, ...]) -> Tie:
    return Tie(
        left=str(row["left"]),
        right=str(row["right"]),
        traces=tuple(row["traces"]),
        weight=float(row["weight"]),
        p_value=float(row["p_value"]),
        q_value=float(row["q_value"]),
        co_actions=int(row["co_actions"]),
        expected=float(row["expected"]),
        first_at=int(row["first_at"]),
        last_at=int(row["last_at"]),
        evidence=seen,
        by_value=float(row["by_value"]),
        anytime_p=float(row["anytime_p"]),
        synchrony_p=float(row["synchrony_p"]),
        parts=parts,
    )
