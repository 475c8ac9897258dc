"""Does anything one can count give planted accounts away? The generator's own acceptance.

    python -m tests.bench.planted [--background made,real] [--seeds 5000-5009] [--data FOLDER]

For each one-line score on raw posts, before any tie, its AUROC between members of campaigns and
accounts in none, a mean over markets, for each family and all together. A score of 0.70 or more, or
of 0.30 or less, is marked and the command ends with 1. Last comes what trees make of all scores
together, judged on markets that they did not see: no gate, but it says how much is left to count.
What the families are: docs/planted.md.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean

import numpy as np
import numpy.typing as npt
from scipy.stats import rankdata
from sklearn.ensemble import HistGradientBoostingClassifier

from ingest.synthetic.audit import LIMIT, Scores, auroc, market_aurocs, raw_scores
from ingest.synthetic.families import FAMILIES
from ingest.synthetic.market import Planted
from tests.bench.markets import BACKGROUNDS, DATA, markets, seeds_of

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Table = dict[str, dict[str, float]]
EVERY = "all"


@dataclass(frozen=True)
class Scored:
    """A market with its one-line scores."""

    planted: Planted
    scores: Mapping[str, Scores]


def scored(found: Iterable[tuple[int, Planted]]) -> list[Scored]:
    """Markets, their scores counted once."""
    return [Scored(one, raw_scores(one.posts, one.accounts)) for _, one in found]


def measured(found: Sequence[Scored], families: Sequence[str] = FAMILIES) -> Table:
    """Mean AUROC by family, then by score; `all` is every member together."""
    table: Table = {}
    for family in (*families, EVERY):
        kind = None if family == EVERY else family
        each = [market_aurocs(one.planted, kind, one.scores) for one in found]
        table[family] = {name: fmean(by[name] for by in each) for name in each[0]}
    return table


def together(found: Sequence[Scored], folds: int = 5) -> float:
    """Mean AUROC a market of boosted trees on all scores, each as a rank within its market, trained
    on the other markets only."""
    rows = [_ranked(one) for one in found]
    values = []
    for fold in range(min(folds, len(rows))):
        learn = [row for n, row in enumerate(rows) if n % folds != fold]
        model = HistGradientBoostingClassifier(max_iter=60, learning_rate=0.1, random_state=1)
        model.fit(np.vstack([x for x, _ in learn]), np.concatenate([y for _, y in learn]))
        for x, y in rows[fold::folds]:
            p = model.predict_proba(x)[:, 1]
            values.append(auroc(p[y == 1].tolist(), p[y == 0].tolist()))
    return fmean(values)


def _ranked(one: Scored) -> tuple[Floats, Ints]:
    """Scores [accounts, scores] as ranks from 0 to 1, and who is a member."""
    people = [account.id for account in one.planted.accounts]
    columns = [[by.get(p, 0.0) for p in people] for by in one.scores.values()]
    ranks = np.array([rankdata(column) for column in columns]).T / len(people)
    planted = one.planted.truth.planted
    return ranks, np.array([int(p in planted) for p in people])


def given_away(table: Table) -> list[tuple[str, str, float]]:
    """(family, score, AUROC) of what tells members from others, on either side."""
    return [
        (family, name, value)
        for family, by_score in table.items()
        for name, value in by_score.items()
        if max(value, 1 - value) >= LIMIT
    ]


def shown(table: Table) -> str:
    """The table for people, a score a line; marked is what gives members away."""
    bad = {(family, name) for family, name, _ in given_away(table)}
    lines = [" " * 15 + "".join(f"{_short(family):>11}" for family in table)]
    for name in table[EVERY]:
        cells = [
            f"{by_score[name]:.2f}" + ("*" if (family, name) in bad else " ")
            for family, by_score in table.items()
        ]
        lines.append(f"{name:15}" + "".join(f"{cell:>11}" for cell in cells))
    worst = [max(max(v, 1 - v) for v in by_score.values()) for by_score in table.values()]
    lines.append("worst          " + "".join(f"{value:>10.2f} " for value in worst))
    return "\n".join(lines)


def _short(family: str) -> str:
    return family.split("_")[0][:10]


def main() -> int:
    """Prints a table a background and writes both as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--background", default=",".join(BACKGROUNDS))
    parser.add_argument("--seeds", default="5000-5009")
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--out", type=Path, default=Path("build/bench/planted.json"))
    args = parser.parse_args()
    found: dict[str, Table] = {}
    for background in args.background.split(","):
        made = scored(markets(background, seeds_of(args.seeds), args.data))
        found[background] = measured(made)
        print(f"{background} background, seeds {args.seeds}\n{shown(found[background])}")
        print(f"trees on all of them together {together(made):.2f}\n", flush=True)
    args.out.parent.mkdir(parents=True, exist_ok=True)
    args.out.write_text(json.dumps({"seeds": args.seeds, **found}, indent=1), encoding="utf-8")
    return int(any(given_away(table) for table in found.values()))


if __name__ == "__main__":
    sys.exit(main())
