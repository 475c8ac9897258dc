"""What the learning code is worth on public labels, and what it costs on a large graph.

    python -m tests.bench.bench_learning parity TOLOKERS.npz [OUT.json]
    python -m tests.bench.bench_learning speed [--scale 0.1] [--threads 2] [OUT.json]

`parity` goes through the ten official splits of Tolokers (11,758 workers, 519,000 pairs, 21.8 %
banned; Platonov et al., ICLR 2023). Of each split's validation rows one half stops and weighs, the
other judges and calibrates; test rows are only read. A split that lies in --kept is not measured
again. `speed` draws a graph of 100,000 accounts, 500,000 posts and 1,000 stocks (times the scale)
and 3 million typed edges, each heard both ways.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.bench import learning_parity, learning_speed


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the part that is named; prints its table and writes it as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parts = parser.add_subparsers(dest="part", required=True)
    parity = parts.add_parser("parity")
    parity.add_argument("graph", type=Path)
    parity.add_argument("--splits", type=int, nargs="+", default=list(range(10)))
    parity.add_argument("--kept", type=Path, default=Path("build/bench/parity"))
    parity.add_argument("out", type=Path, nargs="?", default=Path("build/bench/parity.json"))
    speed = parts.add_parser("speed")
    speed.add_argument("--scale", type=float, default=0.1)
    speed.add_argument("--threads", type=int, default=2)
    speed.add_argument("out", type=Path, nargs="?", default=Path("build/bench/learning.json"))
    given = parser.parse_args(arguments)
    found: dict[str, Any]
    if given.part == "parity":
        found = learning_parity.measure(given.graph, given.splits, given.kept)
        print(learning_parity.show(found))
    else:
        found = learning_speed.measure(given.scale, given.threads)
        print(learning_speed.show(found))
    given.out.parent.mkdir(parents=True, exist_ok=True)
    given.out.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
