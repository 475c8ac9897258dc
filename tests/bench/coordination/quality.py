"""Pairs of planted rings found at FDR 0.05 with nothing tuned, beside every peer cut in hindsight.

    python -m tests.bench.coordination.quality [--markets 20] [--commit HASH | --tuning]

The seeds of a judged run come from a commit's hash, by default HEAD's (rings.judged_seeds); with
--tuning they are 1, 2, …. A peer is given, in each market by itself, the trace, window and
threshold that serve it best, among those at which its precision is at least ours, and, in a second
column, at least 0.95. Intervals are 95 % bootstrap intervals over markets. Ends with 1 where the
mean precision is below 0.95 or the recall is not above the best peer's.
"""

from __future__ import annotations

import argparse
import subprocess
from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np
import polars as pl

from graph.detection import _active
from graph.detection.asking import accounts_of, questions
from graph.detection.ties import tables
from tests.bench.coordination.life import STRESSES
from tests.bench.coordination.peers import edges
from tests.bench.coordination.results import show, write
from tests.bench.coordination.rings import Cell, Market, judged_seeds, market, name
from tests.bench.coordination.sets import SPAN

FDR = 0.05
LEAST_PRECISION = 0.95
Pairs = set[tuple[str, str]]


def ours(made: Market, fdr: float = FDR) -> pl.DataFrame:
    """Accepted ties: left, right, traces and more."""
    seen = made.observed
    return tables(questions(seen), accounts_of(seen), SPAN, active=_active(seen), fdr=fdr).ties


def judge(seed: int, stress: str = "") -> dict[str, Any]:
    """One market: precision and recall, the best peers, and found pairs by cell.

    Under a stress only the cosines are asked: no other peer came near them in plain markets.
    """
    made = market(seed, stress)
    truth, ties = made.truth(), ours(made)
    found = set(ties.select("left", "right").iter_rows())
    precision = len(found & truth) / len(found) if found else 0.0
    tools = edges(made.observed, cosine_only=bool(stress))
    cuts = [_cut(label, table, truth, precision) for label, table in tools]
    equal = max(cuts, key=lambda c: c["equal"])
    fixed = max(cuts, key=lambda c: c["fixed"])
    return {
        "seed": seed,
        "true": len(truth),
        "found": len(found),
        "precision": precision,
        "recall": len(found & truth) / len(truth),
        "peer_equal": equal["equal"],
        "peer_equal_name": equal["name"] if equal["equal"] else "none",
        "peer": fixed["fixed"],
        "peer_name": fixed["name"] if fixed["fixed"] else "none",
        "wrong": Counter(_wrong(made, ties, truth)),
        "cells": [_by_cell(r.cell, _ids(r.pairs()), found, fixed["pairs"]) for r in made.rings],
        "peers": {c["name"]: c["fixed"] for c in cuts},
    }


def _cut(label: str, table: pl.DataFrame, truth: Pairs, precision: float) -> dict[str, Any]:
    """The best recall of a peer where its precision is at least ours, and at least 0.95."""
    true = pl.DataFrame(sorted(truth), schema=["left", "right"], orient="row")
    marked = table.join(
        true.with_columns(pl.lit(1).alias("true")), on=["left", "right"], how="left"
    )
    steps = (
        marked.group_by("weight")
        .agg(pl.len().alias("all"), pl.col("true").sum().alias("true"))
        .sort("weight", descending=True)
        .with_columns(pl.col("all").cum_sum(), pl.col("true").cum_sum())
        .with_columns((pl.col("true") / pl.col("all")).alias("precision"))
    )
    fixed = steps.filter(pl.col("precision") >= LEAST_PRECISION)
    equal = steps.filter(pl.col("precision") >= precision)
    line = fixed["weight"].min() if fixed.height else None
    kept = table.filter(pl.col("weight") >= line) if line is not None else table.clear()
    return {
        "name": label,
        "equal": int(equal["true"].max() or 0) / len(truth),  # type: ignore[arg-type]
        "fixed": int(fixed["true"].max() or 0) / len(truth),  # type: ignore[arg-type]
        "pairs": set(kept.select("left", "right").iter_rows()),
    }


def _wrong(made: Market, ties: pl.DataFrame, truth: Pairs) -> list[str]:
    """What each wrong tie is: a ring pair of one campaign, or the traces that tied it."""
    home = {name(a): n for n, ring in enumerate(made.rings) for a in ring.members.tolist()}
    said = []
    for left, right, traces in ties.select("left", "right", "traces").iter_rows():
        if (left, right) not in truth:
            same = home.get(left, -1) == home.get(right, -2)
            said.append("one campaign of a ring" if same else "+".join(traces))
    return said


def _ids(pairs: set[tuple[int, int]]) -> Pairs:
    return {(name(a), name(b)) for a, b in pairs}


def _by_cell(cell: Cell, pairs: Pairs, found: Pairs, peer: Pairs) -> dict[str, Any]:
    where = {key: getattr(cell, key) for key in Cell.__slots__}
    return where | {"true": len(pairs), "ours": len(pairs & found), "peer": len(pairs & peer)}


def interval(values: Sequence[float], seed: int = 1) -> tuple[float, float, float]:
    """Mean and its 95 % bootstrap interval."""
    array, draw = np.asarray(values, dtype=float), np.random.default_rng(seed)
    means = array[draw.integers(0, len(array), (5_000, len(array)))].mean(axis=1)
    low, high = np.quantile(means, [0.025, 0.975])
    return float(array.mean()), float(low), float(high)


def summary(markets: Sequence[dict[str, Any]]) -> dict[str, tuple[float, float, float]]:
    """Means with intervals, and the paired differences to the best peer."""
    keys = ("precision", "recall", "peer_equal", "peer")
    said = {key: interval([m[key] for m in markets]) for key in keys}
    for peer in ("peer_equal", "peer"):
        said[f"recall - {peer}"] = interval([m["recall"] - m[peer] for m in markets])
    return said


def grid(markets: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Recall by each value of each side of the grid, ours and the best peer's at 0.95."""
    cells = pl.DataFrame([cell for m in markets for cell in m["cells"]])
    counts = [pl.col(c).sum() for c in ("true", "ours", "peer")]
    rows = []
    for side in Cell.__slots__:
        for one in cells.group_by(side).agg(counts).sort(side).iter_rows(named=True):
            rows.append({"side": side, "value": one[side]} | _shares(one))
    return rows


def lost(markets: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Cells of the grid in which the best peer found more than we did."""
    cells = pl.DataFrame([cell for m in markets for cell in m["cells"]])
    counts = [pl.col(c).sum() for c in ("true", "ours", "peer")]
    table = cells.group_by(list(Cell.__slots__)).agg(counts).sort(list(Cell.__slots__))
    return [row for row in table.iter_rows(named=True) if row["peer"] > row["ours"]]


def _shares(one: dict[str, Any]) -> dict[str, Any]:
    true = max(one["true"], 1)
    return {"true": one["true"], "ours": one["ours"] / true, "peer": one["peer"] / true}


def table(markets: Sequence[dict[str, Any]], stresses: dict[str, list[dict[str, Any]]]) -> str:
    """For people."""
    lines = [
        f"{key:22}{mean:.3f}  [{low:.3f}, {high:.3f}]"
        for key, (mean, low, high) in summary(markets).items()
    ]
    best = Counter(m["peer_name"] for m in markets).most_common(3)
    lines.append("best peers: " + ", ".join(f"{name} ({n})" for name, n in best))
    lines.append(f"{'grid':12}{'value':>8}{'pairs':>8}{'ours':>8}{'best peer':>11}")
    lines += [
        f"{r['side']:12}{r['value']!s:>8}{r['true']:8}{r['ours']:8.2f}{r['peer']:11.2f}"
        for r in grid(markets)
    ]
    lines += [f"lost: {row}" for row in lost(markets)] or ["lost: no cell"]
    wrong = sum((m["wrong"] for m in markets), Counter())
    lines.append(f"wrong ties: {dict(wrong.most_common())}")
    for stress, some in stresses.items():
        said, wrong = summary(some), sum((m["wrong"] for m in some), Counter())
        lines.append(
            f"stress {stress:8} precision {said['precision'][0]:.2f} recall {said['recall'][0]:.2f}"
            f" best peer at that {said['peer_equal'][0]:.2f}  {dict(wrong.most_common(3))}"
        )
    return "\n".join(lines)


def main() -> int:
    """Prints the tables and writes them as JSON."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--markets", type=int, default=20)
    parser.add_argument("--stressed", type=int, default=5, help="markets of each stress")
    parser.add_argument("--commit", default="")
    parser.add_argument("--tuning", action="store_true")
    args = parser.parse_args()
    commit = "" if args.tuning else args.commit or _head()
    seeds = list(range(1, args.markets + 1)) if args.tuning else judged_seeds(commit, args.markets)
    show(f"seeds from {'1 up' if args.tuning else commit}")
    markets = [_told(judge(seed)) for seed in seeds]
    stresses = {
        s: [_told(judge(seed, s)) for seed in seeds[: args.stressed]] for s in STRESSES if s
    }
    show(table(markets, stresses))
    write(
        "quality",
        {"seeds": seeds, "commit": commit, "summary": summary(markets), "grid": grid(markets)}
        | {"lost": lost(markets), "markets": markets, "stresses": stresses},
    )
    said = summary(markets)
    good = said["precision"][0] >= LEAST_PRECISION and said["recall - peer_equal"][1] > 0
    return 0 if good else 1


def _told(row: dict[str, Any]) -> dict[str, Any]:
    show(
        f"seed {row['seed']}: precision {row['precision']:.3f} recall {row['recall']:.3f}; best"
        f" peer {row['peer_equal']:.3f} at that, {row['peer']:.3f} at 0.95 ({row['peer_name']})"
    )
    return row


def _head() -> str:
    said = subprocess.run(["git", "rev-parse", "HEAD"], capture_output=True, text=True, check=True)
    return said.stdout.strip()


if __name__ == "__main__":
    raise SystemExit(main())
