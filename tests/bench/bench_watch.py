"""From a post's arrival to what it makes known: the time of one look, by posts held.

    python -m tests.bench.bench_watch [--held 5000,20000,100000] [--looks 40]

Made posts in 30 days (tests/bench/coordination/posts.py, a stock in half of them) are held; then
ten more come at a time. Timed is what `sentinelmarket watch` does between reading their lines and
telling: taking them in, ties and clusters, scores. Add the tenth of a second between two looks at
the file. Seconds are of this machine as busy as it is; processor seconds stand beside.
"""

from __future__ import annotations

import argparse
import time

import numpy as np

from api.pipeline import ALERT_AT
from api.watching import Watch
from gnn.score import load_scorer
from tests.bench.coordination.incremental import Stream, stream
from tests.bench.coordination.results import show, write

PIECE = 10
PROMISED = 1.0


def looks(source: Stream, held: int, count: int) -> dict[str, float]:
    """Seconds of the first look and of `count` more, median and 95th percentile."""
    watch = Watch(load_scorer(), ALERT_AT)
    watch.take(source.piece(0, held))
    began = time.perf_counter()
    watch.look()
    first = time.perf_counter() - began
    wall, processor = [], []
    for n in range(count):
        low = held + n * PIECE
        clock, used = time.perf_counter(), time.process_time()
        watch.take(source.piece(low, low + PIECE))
        watch.look()
        wall.append(time.perf_counter() - clock)
        processor.append(time.process_time() - used)
    return {
        "held": held,
        "first": first,
        "median": float(np.median(wall)),
        "p95": float(np.quantile(wall, 0.95)),
        "cpu": float(np.median(processor)),
    }


def main() -> int:
    """Prints the table and writes it as JSON."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--held", default="5000,20000,100000")
    parser.add_argument("--looks", type=int, default=40)
    args = parser.parse_args()
    rows = []
    show(f"{'posts held':>11}{'first s':>9}{'median s':>10}{'p95 s':>8}{'cpu s':>8}")
    for held in map(int, args.held.split(",")):
        more = held + args.looks * PIECE
        rows.append(row := looks(stream(more, max(more // 20, 100), 30), held, args.looks))
        show(
            f"{held:11,}{row['first']:9.2f}{row['median']:10.3f}{row['p95']:8.3f}{row['cpu']:8.3f}"
        )
    write("watch", {"promised": PROMISED, "rows": rows})
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
