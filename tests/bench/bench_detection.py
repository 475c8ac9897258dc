"""Accounts found and wrongly found on planted markets that nothing was built or tuned on.

python -m tests.bench.bench_detection [--seeds 2400-2419] [--out build/bench/detection.json]
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from pathlib import Path
from typing import Any

from api.pipeline import ALERT_AT
from api.samples import as_of, bar_table
from api.settings import quiet_libraries
from gnn.score import load_scorer
from graph.detection import detect
from graph.detection.observed import from_values
from graph.embedding import Embedder
from ingest.market.events import price_events
from ingest.synthetic.market import plant
from ingest.synthetic.settings import MarketSettings

HONEST = ("news_burst", "giveaway")


def judge(seed: int) -> dict[str, Any]:
    """One market through detection and scoring, against its truth."""
    planted = plant(MarketSettings(seed=seed))
    observed = from_values(planted.posts, planted.accounts, as_of(planted))
    began = time.perf_counter()
    found = detect(observed, embedder=Embedder())
    events = price_events(bar_table(planted.bars), observed.as_of)
    risks = load_scorer().clusters(observed, found.ties, found.clusters, events)
    seconds = time.perf_counter() - began
    flagged = [c for c in found.clusters if risks[c.id].score >= ALERT_AT]
    inside = {m.account_id for c in flagged for m in c.members}
    truth = planted.truth
    decoys = [d for d in truth.decoys if d.kind in HONEST]
    wrong = [
        d.kind
        for c in flagged
        for d in decoys
        if len(set(c.posts) & set(d.post_ids)) >= len(c.posts) / 2
        and len({m.account_id for m in c.members} & truth.planted) < len(c.members) / 2
    ]
    return {
        "seed": seed,
        "recall": len(inside & truth.planted) / len(truth.planted),
        "precision": len(inside & truth.planted) / len(inside) if inside else 0.0,
        "largest": max((len(c.members) for c in flagged), default=0) / len(planted.accounts),
        "decoys_flagged": wrong,
        "seconds": seconds,
    }


def main() -> None:
    """Prints the table and writes it as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", default="2400-2419")
    parser.add_argument("--out", type=Path, default=Path("build/bench/detection.json"))
    args = parser.parse_args()
    quiet_libraries()
    first, last = map(int, args.seeds.split("-"))
    print("seed   recall  precision  largest  decoys flagged  seconds")
    rows = []
    for seed in range(first, last + 1):
        rows.append(row := judge(seed))
        print(
            f"{seed}   {row['recall']:.2f}    {row['precision']:.2f}       {row['largest']:.2f}"
            f"     {', '.join(row['decoys_flagged']) or 'none':14}  {row['seconds']:.1f}",
            flush=True,
        )
    mean = {k: statistics.fmean(r[k] for r in rows) for k in ("recall", "precision", "seconds")}
    print("mean   " + "  ".join(f"{k} {v:.3f}" for k, v in mean.items()))
    args.out.parent.mkdir(parents=True, exist_ok=True)
    args.out.write_text(json.dumps({"mean": mean, "markets": rows}, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
