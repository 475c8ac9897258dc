"""Clusters against planted rings: three community methods, connected components, the whole path.

    python -m tests.bench.coordination.communities [--markets 10]

Judged are all accounts that took part in a ring's campaign and all that a method puts into a
community of two or more. Who is in no ring is a ring of his own, and who is in no community a
community of his own, so what is not found counts against a method and what is wrongly found too.
AMI: adjusted mutual information (arithmetic mean). B-cubed: for an account the share of its
community that is in its ring (precision), of its ring that is in its community (recall), means
over accounts. Methods get the ties that are accepted at FDR 0.05, those of a fixed weight of 2.5,
and the strong ones that the pipeline takes, whose line grows with the accounts; `pipeline` is what
detect() shows, weak ties and crowds joined.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from typing import Any

import networkx as nx
import numpy as np
import polars as pl
from sklearn.metrics import adjusted_mutual_info_score

from graph.detection import _active, detect
from graph.detection.asking import accounts_of, questions
from graph.detection.communities import METHODS
from graph.detection.lines import lines
from graph.detection.ties import tables
from tests.bench.coordination.results import show, write
from tests.bench.coordination.rings import Market, market, name
from tests.bench.coordination.sets import SPAN

FIRST_SEED = 211  # 201 to 203 chose how the line grows
FIXED = 2.5  # a line that does not grow
Edges = list[tuple[str, str, float]]
Labels = dict[str, int]
MEASURES = ("AMI", "B-cubed precision", "B-cubed recall", "B-cubed F1")


def components(edges: Edges, resolution: float) -> Labels:
    """Connected components; the resolution means nothing."""
    graph = nx.Graph()
    graph.add_weighted_edges_from(edges)
    return {a: n for n, part in enumerate(nx.connected_components(graph)) for a in part}


ALL: dict[str, Callable[[Sequence[tuple[str, str, float]], float], Labels]] = {
    **METHODS,
    "components": components,  # type: ignore[dict-item]
}


def judge(made: Market) -> list[dict[str, Any]]:
    """A row a method and choice of ties."""
    seen, true = made.observed, truth(made)
    active = _active(seen)
    line = lines(active).strong
    ties = tables(
        questions(seen), accounts_of(seen), SPAN, active=active, keep=10 ** -min(line, FIXED)
    ).ties
    chosen = {
        "q <= 0.05": ties.filter(pl.col("q_value") <= 0.05),
        f"weight >= {FIXED}": ties.filter(pl.col("weight") >= FIXED),
        "strong": ties.filter(pl.col("weight") >= line),
    }
    rows = [
        {"ties": label, "method": method} | scores(true, find(_edges(some), 1.0))
        for label, some in chosen.items()
        for method, find in ALL.items()
    ]
    whole = {
        m.account_id: n for n, cluster in enumerate(detect(seen).clusters) for m in cluster.members
    }
    return [*rows, {"ties": "all", "method": "pipeline"} | scores(true, whole)]


def truth(made: Market) -> Labels:
    """The ring of each account that took part in a campaign."""
    return {
        name(a): n
        for n, ring in enumerate(made.rings)
        for part in ring.took_part
        for a in part.tolist()
    }


def scores(true: Labels, found: Labels) -> dict[str, float]:
    """MEASURES over everybody who is in a ring or in a community of two or more."""
    sizes = np.bincount(list(found.values()) or [0])
    kept = {account: part for account, part in found.items() if sizes[part] > 1}
    everybody = sorted(true.keys() | kept.keys())
    one = np.array([true.get(a, -1 - n) for n, a in enumerate(everybody)])
    other = np.array([kept.get(a, -1 - n) for n, a in enumerate(everybody)])
    precision, recall = _b_cubed(one, other), _b_cubed(other, one)
    f1 = 2 * precision * recall / (precision + recall)
    values = (adjusted_mutual_info_score(one, other), precision, recall, f1)
    return dict(zip(MEASURES, map(float, values), strict=True))


def _b_cubed(true: Any, found: Any) -> float:
    """The mean over accounts of the share of their `found` group that is in their `true` one."""
    frame = pl.DataFrame({"true": true, "found": found})
    return float(
        frame.select(
            (pl.len().over("true", "found") / pl.len().over("found")).mean().alias("share")
        ).item()
    )


def _edges(ties: pl.DataFrame) -> Edges:
    return sorted(ties.select("left", "right", "weight").iter_rows())


def main() -> int:
    """Prints the table, means over markets, and writes it as JSON."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--markets", type=int, default=10)
    args = parser.parse_args()
    seeds = range(FIRST_SEED, FIRST_SEED + args.markets)
    rows = pl.DataFrame([row for seed in seeds for row in judge(market(seed))])
    means = rows.group_by("ties", "method", maintain_order=True).agg(
        *(pl.col(m).mean() for m in MEASURES), pl.col("AMI").std().alias("AMI sd")
    )
    show(f"{'ties':15}{'method':12}{'AMI':>6}{'sd':>6}{'B3 P':>7}{'B3 R':>7}{'B3 F1':>7}")
    for row in means.iter_rows(named=True):
        bcubed = "".join(f"{row[m]:7.3f}" for m in MEASURES[1:])
        spread = f"{row['AMI sd'] or 0:6.3f}"
        show(f"{row['ties']:15}{row['method']:12}{row['AMI']:6.3f}{spread}{bcubed}")
    write("communities", {"seeds": list(seeds), "means": means.to_dicts()})
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
