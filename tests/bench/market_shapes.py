"""How well shapes of prices are told from each other, on families that nothing was trained on.

    python -m tests.bench.market_shapes PRICES.csv.gz [OUT.json]

Each pair of a pump and an innocent family in turn is left out; the network is trained and the cases
are chosen among the others, and the pair is judged: AUC of the network, of the nearest case by time
warping, and of how far the price has fallen from its peak. Twice: planted into drawn noise, and
into abnormal returns and volumes of PRICES (StockNet), at random stocks and days.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from api.shapes import JUDGED, METHODS, TESTED, Unseen, means, unseen
from graph.model import Bar
from ingest.market import yahoo_csv
from ingest.market.detectors.every import figures
from ingest.market.detectors.figures import values
from ingest.market.detectors.past import group_starts
from ingest.market.patterns.planted import Noise, noise
from ingest.market.patterns.window import BARS
from tests.bench.market_sets import bar_frame


def real_noise(bars: pl.DataFrame, count: int, seed: int) -> Noise:
    """Windows of real stocks whose figures are all known."""
    frame = figures(bars)
    abnormal, volume = values(frame, "abnormal"), values(frame, "volume_z")
    rows = np.flatnonzero(np.arange(len(frame)) - group_starts(frame, "ticker") >= BARS)
    np.random.default_rng(seed).shuffle(rows)
    places = rows[: 2 * count, None] + np.arange(1 - BARS, 1)
    known = (np.isfinite(abnormal[places]) & np.isfinite(volume[places])).all(axis=1)
    places = places[known][:count]
    return Noise(abnormal[places], volume[places])


def measure(prices: Path) -> dict[str, Any]:
    """AUC of each method on each pair left out, on both grounds."""
    bars = bar_frame(item for item in yahoo_csv.read(prices) if isinstance(item, Bar))
    grounds = {
        "drawn noise": noise(JUDGED, TESTED),
        "StockNet": real_noise(bars, TESTED, JUDGED),
    }
    found: dict[str, Any] = {}
    for name, ground in grounds.items():
        rows = unseen(ground)
        found[name] = {"mean": means(rows), "pairs": [asdict(row) for row in rows]}
    return found


def show(found: dict[str, Any]) -> str:
    """The table a person reads."""
    parts = []
    for ground, row in found.items():
        pairs = [Unseen(**pair) for pair in row["pairs"]]
        parts.append(f"{ground}: AUC on {pairs[0].windows} windows of families not trained on")
        parts.append(f"  {'pump':<16}{'innocent':<17}" + "".join(f"{m:>18}" for m in METHODS))
        parts += [
            f"  {p.pump:<16}{p.innocent:<17}" + "".join(f"{p.auc[m]:>18.3f}" for m in METHODS)
            for p in pairs
        ]
        parts.append(f"  {'mean':<33}" + "".join(f"{row['mean'][m]:>18.3f}" for m in METHODS))
    return "\n".join(parts)


def main(arguments: Sequence[str]) -> int:
    """Runs on the file named; returns the exit code."""
    if not arguments:
        print(__doc__)
        return 2
    if not Path(arguments[0]).is_file():
        print(f"shapes of prices: skipped, there is no {arguments[0]}")
        return 0
    found = measure(Path(arguments[0]))
    print(show(found))
    out = Path(arguments[1] if len(arguments) > 1 else "build/bench/market_shapes.json")
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
