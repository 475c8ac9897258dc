"""What explanations are worth on planted markets: is the evidence told first the planted one?

    python -m tests.bench.bench_explain [--seeds 7000-7009] [--background made] [--limit N]

A cluster counts that holds a campaign (half of its members are of one) and any of its posts. Of
each: planted evidence among the first ten, over the smaller of ten and all planted evidence; the
log odds that the score loses when the first 1, 3, 5, 10 posts go, in the order told and in DRAWS
orders at random, without the model's say in either; whether the order stays when posts and ties
come in another; numbers of the texts that the data does not have. Intervals are of 2,000
bootstrap samples of the clusters. Meaning is read with the cheap vectors, as training does.
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import fmean, median

import numpy as np

from api.samples import QuickEmbedder, as_of, bar_table
from api.settings import quiet_libraries
from gnn.features import cluster_features
from gnn.removal import Explanation, explain
from gnn.removal.scene import Scene
from gnn.removal.weighing import Weighing
from gnn.removal.words import strange
from gnn.sample import Sample
from gnn.score import Scorer, load_scorer
from graph.detection import detect
from graph.detection.observed import from_values
from graph.model import Cluster
from ingest.market.events import price_events
from ingest.synthetic.market import Planted
from ingest.synthetic.truth import Campaign
from tests.bench.markets import markets, seeds_of

HALF, FIRST, DRAWS, RESAMPLED = 0.5, 10, 10, 2_000
TAKEN = (1, 3, 5, 10)


@dataclass(frozen=True, slots=True)
class Judged:
    """One cluster. `told` and `drawn`: log odds lost by TAKEN, the second as a mean of DRAWS."""

    seed: int
    family: str
    members: int
    posts: int
    score: int
    share: float  # planted among the first ten
    by_chance: float  # planted among ten at random
    told: tuple[float, ...]
    drawn: tuple[float, ...]
    stable: bool
    wrong_numbers: int
    dropping: int | None  # posts of the smallest set that drops the band
    seconds: float


def sample_of(seed: int, planted: Planted) -> Sample:
    """A market as a run sees it."""
    observed = from_values(planted.posts, planted.accounts, as_of(planted))
    found = detect(observed, embedder=QuickEmbedder())
    events = price_events(bar_table(planted.bars), observed.as_of)
    return Sample(str(seed), observed, found.ties, found.clusters, events, {}, {})


def judged(seed: int, planted: Planted, scorer: Scorer, limit: int) -> list[Judged]:
    """Every cluster of a market that holds a campaign, at most `limit` of them."""
    s = sample_of(seed, planted)
    held = [(c, best) for c in s.clusters if (best := _campaign(c, planted)) is not None]
    risks = scorer.clusters(s.observed, s.ties, s.clusters, s.events)
    peers = cluster_features(s.observed, s.ties, s.clusters, s.events)
    rows = []
    for cluster, campaign in held[:limit]:
        began = time.perf_counter()
        known = risks[cluster.id]
        args = (s.observed, s.ties, cluster, s.events, scorer.clusters, peers)
        found = explain(*args, known=known)
        seconds = time.perf_counter() - began
        whole = Scene(s.observed, tuple(s.ties), cluster, tuple(s.events))
        weighing = Weighing(whole, scorer.clusters, known)
        draw = random.Random(f"{seed} {cluster.id}")
        order = [item.name for item in found.evidence]
        curves = [_curve(draw.sample(order, len(order)), weighing) for _ in range(DRAWS)]
        ours = set(campaign.post_ids) & set(cluster.posts)
        rows.append(
            Judged(
                seed,
                campaign.kind,
                len(cluster.members),
                len(cluster.posts),
                known.score,
                len(ours & set(order[:FIRST])) / min(FIRST, len(ours)),
                min(FIRST, len(order)) * len(ours) / len(order) / min(FIRST, len(ours)),
                _curve(order, weighing),
                tuple(fmean(curve[n] for curve in curves) for n in range(len(TAKEN))),
                _shuffled(s, cluster, scorer, draw) == order,
                _wrong(found),
                len(found.counterfactual.source_ids or ()) or None,
                seconds,
            )
        )
    return rows


def _campaign(cluster: Cluster, planted: Planted) -> Campaign | None:
    members = {member.account_id for member in cluster.members}
    best = max(planted.truth.campaigns, key=lambda c: len(members & set(c.account_ids)))
    holds = len(members & set(best.account_ids)) >= HALF * len(members)
    return best if holds and set(best.post_ids) & set(cluster.posts) else None


def _curve(order: Sequence[str], weighing: Weighing) -> tuple[float, ...]:
    return tuple(-weighing.moved(order[:taken]) for taken in TAKEN)


def _shuffled(s: Sample, cluster: Cluster, scorer: Scorer, draw: random.Random) -> list[str]:
    """The order told where posts, ties and events come in another order."""
    ties, events = list(s.ties), list(s.events)
    draw.shuffle(ties)
    draw.shuffle(events)
    posts = s.observed.posts.sample(fraction=1, shuffle=True, seed=draw.randrange(2**31))
    seen = replace(s.observed, posts=posts)
    peers = cluster_features(s.observed, s.ties, s.clusters, s.events)
    found = explain(seen, ties, cluster, events, scorer.clusters, peers)
    return [item.name for item in found.evidence]


def _wrong(found: Explanation) -> int:
    """Numbers in the sentences on evidence that the data beside them does not have."""
    wrong = 0
    for item in (*found.evidence, *found.groups):
        change = item.delta_score_if_removed or 0
        accounts = [one for one in item.entities if not one.startswith("$")]
        data = [item.shared_acts, item.partners, len(item.source_ids), len(accounts)]
        wrong += len(strange(item.text, [*map(float, data), change, found.score + change]))
    return wrong


def interval(values: Sequence[float], seed: int = 1) -> tuple[float, float, float]:
    """The mean and its 95 % bootstrap interval."""
    rows = np.array(values)
    picks = np.random.default_rng(seed).integers(len(rows), size=(RESAMPLED, len(rows)))
    low, high = np.percentile(rows[picks].mean(axis=1), (2.5, 97.5))
    return float(rows.mean()), float(low), float(high)


def table_of(rows: Sequence[Judged]) -> str:
    """The figures, a line each, then a line a family."""
    lines = [f"{len(rows)} clusters that hold a campaign: mean (95 % interval)"]

    def line(name: str, values: Sequence[float]) -> None:
        lines.append("{:58} {:6.2f} ({:.2f} to {:.2f})".format(name, *interval(values)))

    line("planted among the first ten", [row.share for row in rows])
    line("  less that of ten at random", [row.share - row.by_chance for row in rows])
    for n, taken in enumerate(TAKEN):
        line(f"log odds lost without the first {taken}", [row.told[n] for row in rows])
        line(f"  at random {taken}", [row.drawn[n] for row in rows])
        line("  more than at random", [row.told[n] - row.drawn[n] for row in rows])
    lines.append(f"same order from another input order: {sum(r.stable for r in rows)}/{len(rows)}")
    lines.append(f"numbers that the data does not have: {sum(r.wrong_numbers for r in rows)}")
    sizes = [row.dropping / row.posts for row in rows if row.dropping]
    lines.append(
        f"clusters with a set that drops the band: {len(sizes)}; median share of posts"
        f" {median(sizes) if sizes else 0:.2f}"
    )
    seconds = [row.seconds for row in rows]
    lines.append(f"seconds an explanation: median {median(seconds):.1f}, most {max(seconds):.1f}")
    for family in sorted({row.family for row in rows}):
        own = [row for row in rows if row.family == family]
        least = min(row.share for row in own)
        mean = fmean(row.share for row in own)
        gain = fmean(row.told[-1] - row.drawn[-1] for row in own)
        lines.append(
            f"  {family:24} {len(own):3} clusters, planted {mean:.2f} (least {least:.2f}),"
            f" lost more than at random {gain:.2f}"
        )
    return "\n".join(lines)


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", default="7000-7009")
    parser.add_argument("--background", default="made")
    parser.add_argument("--limit", type=int, default=99, help="clusters a market (default: all)")
    args = parser.parse_args()
    quiet_libraries()
    scorer, rows = load_scorer(), list[Judged]()
    for seed, planted in markets(args.background, seeds_of(args.seeds)):
        more = judged(seed, planted, scorer, args.limit)
        rows += more
        print(f"{seed}: {len(more)} clusters", flush=True)
    print(table_of(rows))


if __name__ == "__main__":
    main()
