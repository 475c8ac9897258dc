"""What today's pipeline finds of each family, and what it says of honest life that looks like it.

    python -m tests.bench.bench_families [--background made,real] [--seeds 5100-5109] [--quick]

Each market goes from posts through detection to the score, as a run does. A campaign is found where
a cluster of score ALERT_AT or more holds at least half of its members and at least half of the
cluster are its members. It is lost in detection where no cluster of any score does that, else in
scoring. `--quick` reads meaning with the cheap vectors, as training does.
"""

from __future__ import annotations

import argparse
import json
import time
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import fmean

from api.pipeline import ALERT_AT
from api.samples import QuickEmbedder, as_of, bar_table
from api.settings import quiet_libraries
from gnn.score import load_scorer
from graph.detection import Found, detect
from graph.detection.observed import from_values
from graph.embedding import Embedder
from graph.model import Cluster, Risk
from ingest.market.events import price_events
from ingest.synthetic.families import FAMILIES, NEGATIVES
from ingest.synthetic.market import Planted
from ingest.synthetic.truth import Campaign, Decoy
from tests.bench.markets import BACKGROUNDS, DATA, markets, seeds_of

HALF = 0.5


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of one campaign. `coverage` and `purity` are of the cluster that shows it best,
    `tied` is the share of its members with a tie to another, `score` the best cluster's."""

    seed: int
    family: str
    id: str
    members: int
    posts: int
    fate: str  # "found", "lost in detection" or "lost in scoring"
    coverage: float
    purity: float
    tied: float
    score: int


@dataclass(frozen=True, slots=True)
class Alarm:
    """A cluster that is no campaign; `kind` is the hard negative that most of its evidence is."""

    seed: int
    kind: str
    members: int
    score: int
    flagged: bool


def judged(
    seed: int, planted: Planted, embedder: Embedder
) -> tuple[list[Fate], list[Alarm], dict[str, float]]:
    """One market through the pipeline, against its truth."""
    observed = from_values(planted.posts, planted.accounts, as_of(planted))
    began = time.perf_counter()
    found = detect(observed, embedder=embedder)
    detected = time.perf_counter() - began
    events = price_events(bar_table(planted.bars), observed.as_of)
    risks = load_scorer().clusters(observed, found.ties, found.clusters, events)
    campaigns = planted.truth.campaigns
    fates = [_fate(seed, campaign, found, risks) for campaign in campaigns]
    alarms = [
        Alarm(
            seed,
            _kind(cluster, planted.truth.decoys),
            len(cluster.members),
            risks[cluster.id].score,
            risks[cluster.id].score >= ALERT_AT,
        )
        for cluster in found.clusters
        if not any(_purity(cluster, c.account_ids) >= HALF for c in campaigns)
    ]
    seconds = {"detect": detected, "all": time.perf_counter() - began}
    return fates, alarms, seconds


def _fate(seed: int, campaign: Campaign, found: Found, risks: Mapping[str, Risk]) -> Fate:
    members = set(campaign.account_ids)
    showing = [
        (risks[one.id].score, one)
        for one in found.clusters
        if _purity(one, members) >= HALF and _coverage(one, members) >= HALF
    ]
    best = max(found.clusters, key=lambda one: len(_ids(one) & members), default=None)
    score = max((points for points, _ in showing), default=0)
    tied = {a for t in found.ties if {t.left, t.right} <= members for a in (t.left, t.right)}
    fate = "found" if score >= ALERT_AT else "lost in scoring" if showing else "lost in detection"
    return Fate(
        seed=seed,
        family=campaign.kind,
        id=campaign.id,
        members=len(members),
        posts=len(campaign.post_ids),
        fate=fate,
        coverage=_coverage(best, members) if best else 0.0,
        purity=_purity(best, members) if best else 0.0,
        tied=len(tied) / len(members),
        score=score,
    )


def _ids(cluster: Cluster) -> set[str]:
    return {member.account_id for member in cluster.members}


def _purity(cluster: Cluster, members: Collection[str]) -> float:
    return len(_ids(cluster) & set(members)) / len(cluster.members)


def _coverage(cluster: Cluster, members: Collection[str]) -> float:
    return len(_ids(cluster) & set(members)) / len(members)


def _kind(cluster: Cluster, decoys: Sequence[Decoy]) -> str:
    """The hard negative that at least half of the evidence is, or "other"."""
    seen = set(cluster.posts)
    shares = [(len(seen & set(one.post_ids)) / max(len(seen), 1), one.kind) for one in decoys]
    share, kind = max(shares, default=(0.0, ""))
    return kind if share >= HALF else "other"


def table_of(fates: Sequence[Fate]) -> str:
    """A family a line: campaigns found and lost, and how well the best cluster shows them."""
    lines = ["family                campaigns  found  lost: detection  scoring  coverage  tied"]
    for family in (*FAMILIES, "all"):
        mine = [one for one in fates if family in (one.family, "all")]
        counts = Counter(one.fate for one in mine)
        if mine:
            lines.append(
                f"{family:21} {len(mine):9}  {counts['found']:5}  {counts['lost in detection']:15}"
                f"  {counts['lost in scoring']:7}  {fmean(one.coverage for one in mine):8.2f}"
                f"  {fmean(one.tied for one in mine):4.2f}"
            )
    return "\n".join(lines)


def alarms_of(alarms: Sequence[Alarm]) -> str:
    """A hard negative a line: how many clusters of it there are, and how many are flagged."""
    by_kind: dict[str, list[Alarm]] = defaultdict(list)
    for alarm in alarms:
        by_kind[alarm.kind].append(alarm)
    lines = ["no campaign           clusters  flagged  highest score"]
    for kind in (*NEGATIVES, "other"):
        mine = by_kind[kind]
        highest = max((one.score for one in mine), default=0)
        flagged = sum(one.flagged for one in mine)
        lines.append(f"{kind:21} {len(mine):8}  {flagged:7}  {highest:13}")
    return "\n".join(lines)


def main() -> None:
    """Prints both tables for each background and writes every campaign's fate as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--background", default=",".join(BACKGROUNDS))
    parser.add_argument("--seeds", default="5100-5109")
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--out", type=Path, default=Path("build/bench/families.json"))
    args = parser.parse_args()
    quiet_libraries()
    told: dict[str, object] = {"seeds": args.seeds, "quick": args.quick}
    for background in args.background.split(","):
        fates: list[Fate] = []
        alarms: list[Alarm] = []
        for seed, planted in markets(background, seeds_of(args.seeds), args.data):
            embedder = QuickEmbedder() if args.quick else Embedder()
            more, wrong, seconds = judged(seed, planted, embedder)
            fates += more
            alarms += wrong
            print(f"{background} {seed}: {seconds['all']:.1f} s", flush=True)
        print(f"\n{background} background\n{table_of(fates)}\n\n{alarms_of(alarms)}\n", flush=True)
        told[background] = {
            "campaigns": [asdict(one) for one in fates],
            "others": [asdict(one) for one in alarms],
        }
    args.out.parent.mkdir(parents=True, exist_ok=True)
    args.out.write_text(json.dumps(told, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
