"""Does anything one can count give planted accounts away? The generator's own acceptance.

    python -m tests.bench.planted [--background made,real] [--seeds 5000-5009] [--data FOLDER]

For each one-line score on raw posts, before any tie, its AUROC between members of campaigns and
accounts in none, a mean over markets, for each family and all together. A score of 0.70 or more, or
of 0.30 or less, is marked and the command ends with 1. What the families are: docs/planted.md.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from statistics import fmean

from ingest.synthetic.audit import LIMIT, market_aurocs, raw_scores
from ingest.synthetic.families import FAMILIES
from ingest.synthetic.market import Planted
from tests.bench.markets import BACKGROUNDS, DATA, markets, seeds_of

Table = dict[str, dict[str, float]]
EVERY = "all"


def measured(found: Iterable[tuple[int, Planted]], families: Sequence[str] = FAMILIES) -> Table:
    """Mean AUROC by family, then by score; `all` is every member together."""
    sums: dict[str, dict[str, list[float]]] = {family: {} for family in (*families, EVERY)}
    for _, planted in found:
        scores = raw_scores(planted.posts, planted.accounts)
        for family, by_score in sums.items():
            kind = None if family == EVERY else family
            for name, value in market_aurocs(planted, kind, scores).items():
                by_score.setdefault(name, []).append(value)
    return {
        family: {name: fmean(values) for name, values in by_score.items()}
        for family, by_score in sums.items()
    }


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
        found[background] = measured(markets(background, seeds_of(args.seeds), args.data))
        print(
            f"{background} background, seeds {args.seeds}\n{shown(found[background])}\n", flush=True
        )
    args.out.parent.mkdir(parents=True, exist_ok=True)
    args.out.write_text(json.dumps({"seeds": args.seeds, **found}, indent=1), encoding="utf-8")
    return int(any(given_away(table) for table in found.values()))


if __name__ == "__main__":
    sys.exit(main())
