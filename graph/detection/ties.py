"""From what each trace found to one tie a pair: one p-value, one weight, all the evidence.

Traces overlap (a copied text repeats its link and its ticker), so their p-values are not
multiplied: the smallest one counts, times the number of (trace, window) questions that were asked.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from graph.detection.coaction import Meetings
from graph.detection.significance import benjamini_hochberg, judge
from graph.model import CoAction, Tie

MOST_EVIDENCE = 50  # co-actions kept a tie, the closest in time


@dataclass(frozen=True, slots=True)
class Finding:
    """What one trace found in one window."""

    trace: str
    window: str
    meetings: Meetings


def tie(findings: list[Finding], accounts: int, min_weight: float) -> tuple[Tie, ...]:
    """Ties of at least `min_weight`, strongest first. `accounts` is how many could have met."""
    judged = pl.concat(
        [
            judge(f.meetings).with_columns(
                pl.lit(f.trace).alias("trace"), pl.lit(f.window).alias("window")
            )
            for f in findings
        ]
    )
    pairs = _combine(judged, len(findings), accounts)
    kept = pairs.filter(pl.col("weight") >= min_weight)
    evidence = _evidence(findings, kept)
    rows = kept.sort("weight", "left", "right", descending=[True, False, False]).iter_rows(
        named=True
    )
    return tuple(_tie(row, evidence.get((row["left"], row["right"]), ())) for row in rows)


def _combine(judged: pl.DataFrame, questions: int, accounts: int) -> pl.DataFrame:
    """A row per pair: the smallest p times the questions asked, and its q over all pairs."""
    best = judged.sort("left", "right", "p_value", "trace", "window").unique(
        ["left", "right"], keep="first", maintain_order=True
    )
    p = np.minimum(best["p_value"].to_numpy() * questions, 1.0)
    q = benjamini_hochberg(p, max(accounts * (accounts - 1) // 2, len(p)))
    return best.with_columns(
        pl.Series("p_value", p), pl.Series("q_value", q), pl.Series("weight", -np.log10(p) + 0.0)
    )


def _evidence(
    findings: list[Finding], kept: pl.DataFrame
) -> dict[tuple[str, str], tuple[CoAction, ...]]:
    """The co-actions of each kept pair: each two posts once, under the trace that says most."""
    keys = kept.select("left", "right")
    rows = pl.concat(
        [
            f.meetings.pairs.join(keys, on=["left", "right"], how="semi").select(
                "left",
                "right",
                "left_post",
                "right_post",
                "object",
                "left_at",
                "right_at",
                "gap",
                pl.lit(rank).alias("rank"),
                pl.lit(f.trace).alias("trace"),
                pl.lit(f.window).alias("window"),
            )
            for rank, f in enumerate(findings)
        ]
    )
    once = rows.sort("left", "right", "left_post", "right_post", "rank").unique(
        ["left", "right", "left_post", "right_post"], keep="first", maintain_order=True
    )
    top = (
        once.sort("left", "right", "gap", "left_post", "right_post")
        .group_by("left", "right", maintain_order=True)
        .head(MOST_EVIDENCE)
    )
    found: dict[tuple[str, str], list[CoAction]] = {}
    for row in top.sort("left", "right", "left_at", "left_post").iter_rows(named=True):
        seconds = (row["right_at"] - row["left_at"]) / 1000
        act = CoAction(
            row["left_post"], row["right_post"], row["trace"], row["object"], row["window"], seconds
        )
        found.setdefault((row["left"], row["right"]), []).append(act)
    return {pair: tuple(acts) for pair, acts in found.items()}


def _tie(row: dict[str, Any], evidence: tuple[CoAction, ...]) -> Tie:
    traces = tuple(sorted({act.trace for act in evidence}))
    return Tie(
        left=str(row["left"]),
        right=str(row["right"]),
        traces=traces,
        weight=float(row["weight"]),
        p_value=float(row["p_value"]),
        q_value=float(row["q_value"]),
        co_actions=int(row["co_actions"]),
        expected=float(row["expected"]),
        first_at=0,
        last_at=0,
        evidence=evidence,
    )
