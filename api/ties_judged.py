"""`ties` by our own rules: every tie with its chance, only those that chance does not explain."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

import polars as pl

from api import ties_files, ties_read
from api.ties_auto import is_auto, with_stand_in
from graph.model import Tie
from graph.store import Progress
from graph.windows import DAY

if TYPE_CHECKING:  # while a table is read, numba is imported
    from api.ties_questions import Asked
    from graph.detection.ties import Tables

FDR = 0.05
STRATUM = 30 * DAY  # as `sentinelmarket run` takes it
COLUMNS = (
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

EVIDENCE = ("left", "right", "left_post", "right_post", "trace", "object", "window", "seconds")


def judged(args: argparse.Namespace, report: Progress) -> list[str]:
    """Ties to --out, co-actions to --evidence, clusters to --clusters; returns what to tell."""
    asked = _asked(args, report)
    from graph.detection.ties import tables

    fdr = FDR if args.fdr is None else args.fdr
    found = tables(
        asked.questions,
        asked.accounts,
        STRATUM,
        active=asked.active,
        keep=fdr,  # q is at least p, so nothing beyond can be accepted
        fdr=fdr,
        least=args.min_actions or 1,
        progress=report,
    )
    ties = found.ties.filter(pl.col("weight") >= (args.min_weight or 0))
    _write(args, ties, found, asked)
    return [*asked.said, *_told(args, found, ties, fdr)]


def _asked(args: argparse.Namespace, report: Progress) -> Asked:
    if not is_auto(args):
        return _as_told(args, report)
    asked = _as_told(with_stand_in(args), report)
    from api.ties_window import read_off

    return read_off(asked, named=bool(args.trace))


def _as_told(args: argparse.Namespace, report: Progress) -> Asked:
    shape = ties_read.shape(args.files)
    report("reading", 0, 1)
    if shape is None:
        from api.ties_questions import of_posts

        return of_posts(args, report)
    plan = ties_read.plan(args, shape)
    with ties_read.ahead(args.files, plan.wanted) as reading:
        from api.ties_questions import of_table

        return of_table(args, plan, reading, report)


def _write(args: argparse.Namespace, ties: pl.DataFrame, found: Tables, asked: Asked) -> None:
    if args.directed:
        from graph.detection.direction import directed

        rows = directed(asked.questions, found.parts, ties)
    else:
        rows = ties.select(COLUMNS)
    ties_files.write(rows, args.out, directed=bool(args.directed))
    if args.evidence:
        seen = found.evidence
        if ties.height < found.ties.height:
            seen = seen.join(ties.select("left", "right"), on=["left", "right"], how="semi")
        ties_files.write(seen.select(EVIDENCE), args.evidence)
    if args.clusters:
        ties_files.write(_clusters(ties, args.method or "leiden"), args.clusters)


def _clusters(ties: pl.DataFrame, method: str) -> pl.DataFrame:
    """account, cluster: communities of the ties, numbered by their first account."""
    from graph.detection.communities import communities

    values = [
        Tie(left, right, (), weight, 1.0, 1.0, 0, 0.0, 0, 0)
        for left, right, weight in ties.select("left", "right", "weight").rows()
    ]
    parts = communities(values, method)
    rows = [(account, number) for number, part in enumerate(parts) for account in part]
    return pl.DataFrame(rows, schema={"account": pl.String, "cluster": pl.Int64}, orient="row")


def _told(args: argparse.Namespace, found: Tables, ties: pl.DataFrame, fdr: float) -> list[str]:
    kept = f"{ties.height:,} ties in {args.out}"
    tests = f"{found.tests:,} pairs could have met; q at most {fdr:g} is accepted"
    lines = [f"{kept} ({tests})"]
    if weak := found.ties.height - ties.height:
        lines.append(f"{weak:,} accepted ties were weaker than asked for")
    if found.too_popular:
        lines.append(
            f"{found.too_popular:,} stretches of an object's time were everybody's business"
            " and tie nobody"
        )
    return lines
