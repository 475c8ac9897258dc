"""The one path, from posts to alerts. Start reading here.

files → ingest/load.py → the graph
      → api/market.py: what the prices did, and what was known when they did it
      → graph/detection: what is observed, tied, clustered
      → gnn/score.py: a risk with its reasons
      → api/feature_rows.py: what was measured, kept beside the graph
      → graph/detection/lineage.py, api/alerting.py: what became of those of before
      → graph/publish.py: the graph again, for readers
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import orjson

from api import alerting
from api.feature_rows import keep, rows_of
from api.market import aligned, tell_backgrounds, watch_prices
from api.settings import Settings
from gnn.score import load_scorer, measured
from graph import detection
from graph.bars import Bars
from graph.detection import benign
from graph.detection.lineage import Story, follow
from graph.detection.observed import Observed
from graph.detection.stored import keep_vectors, kept_vectors, observe
from graph.embedding import Embedder
from graph.errors import UsageError
from graph.lineages import fronts, groups
from graph.model import Alert, Cluster, Millis, PriceEvent, Risk
from graph.publish import RunRow, publish
from graph.schema import VERSION
from graph.store import Counters, GraphStore, Progress

ALERT_AT = 70  # the score, band "high", from which a cluster is flagged and an alert raised
SEEN_AT = 30  # the score, band "watch", from which a choir without a strong tie is told
OBSERVED = ("posts", "named", "linked", "hashtags", "mentioned", "images", "accounts")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one run found."""

    run: RunRow
    found: detection.Found
    cluster_risks: Mapping[str, Risk]
    stock_risks: Mapping[str, Risk]
    alerts: tuple[Alert, ...]  # of clusters above the line, gravest first, new and old
    counters: Counters
    story: Story  # which lineage each cluster goes on with, and what happened to them
    drifted: str | None = None  # a sentence, where what was seen is unlike what the model learnt


def run(
    store: GraphStore,
    bars: Bars,
    settings: Settings,
    *,
    as_of: Millis | None = None,
    choices: detection.Settings | None = None,
    official: Collection[str] = (),
    progress: Progress | None = None,
) -> Outcome:
    """Detects, scores and alerts once, and publishes it. Raises UsageError on an empty graph.

    `official`: ids and handles of accounts that are known to speak for a company or an agency;
    clusters of theirs say so.
    """
    choices = choices or detection.Settings()
    observed = observe(store, _moment(store, bars, as_of), progress)
    market = watch_prices(store, bars, observed, progress)
    found = detected(store, observed, choices, official, progress)
    scorer = load_scorer()
    _report(progress, "scoring")
    table = measured(observed, found.ties, found.clusters, market.trained)
    scored, stock_risks = scorer.of(table, observed.as_of)
    found = replace(found, clusters=standing(found, scored))
    risks = {cluster.id: scored[cluster.id] for cluster in found.clusters}
    told = asdict(choices) | {"min_weight": found.min_weight}
    told |= {"official": sorted(official)} if official else {}
    row = _run_row(observed, market.watched.events, found, told, scorer.name)
    rows = rows_of(row, table, scored, stock_risks, scorer, choices, official)
    keep(settings.home, rows)
    around = aligned(found.clusters, market)
    story = follow(fronts(store, row.id), groups(found.clusters), row.id)
    known = alerting.known_alerts(store, story)
    alerts = alerting.alerts(found.clusters, risks, story, row, known, ALERT_AT, title)
    tell_backgrounds(store, market, around, observed.as_of, progress)
    counters = publish(
        store,
        row,
        found.ties,
        found.clusters,
        risks,
        stock_risks,
        around,
        alerts.raised,
        progress,
        story=story,
        updates=alerts.updates,
    )
    standing_alerts = alerts.standing
    return Outcome(row, found, risks, stock_risks, standing_alerts, counters, story, rows.drifted)


def standing(found: detection.Found, risks: Mapping[str, Risk]) -> tuple[Cluster, ...]:
    """The clusters that are told: those with a strong tie, and choirs that score SEEN_AT or more.

    People say alike what they heard alike; a choir that looks like that is no finding.
    """
    tied = _strongly_tied(found)
    return tuple(
        cluster
        for cluster in found.clusters
        if not cluster.voices or cluster.id in tied or risks[cluster.id].score >= SEEN_AT
    )


def _strongly_tied(found: detection.Found) -> set[str]:
    """The clusters within which a tie is strong."""
    homes: dict[str, set[str]] = {}
    for cluster in found.clusters:
        for member in cluster.members:
            homes.setdefault(member.account_id, set()).add(cluster.id)
    strong = [tie for tie in found.ties if tie.weight >= found.min_weight]
    nowhere: set[str] = set()
    return {c for t in strong for c in homes.get(t.left, nowhere) & homes.get(t.right, nowhere)}


def _moment(store: GraphStore, bars: Bars, as_of: Millis | None) -> Millis:
    """As of when: what was asked, else the last thing that we know of."""
    if as_of is not None:
        return as_of
    (span,) = store.read("detect/observed_span", as_of=2**53)
    if not span["posts"]:
        raise UsageError("there are no posts yet; load some with `sentinelmarket ingest FILE...`")
    return int(max(span["last"], span["last_known"]))


def detected(
    store: GraphStore,
    observed: Observed,
    choices: detection.Settings,
    official: Collection[str],
    progress: Progress | None,
    *,
    keeps: bool = True,
) -> detection.Found:
    """Detection with the vectors that the graph has; new ones are kept there, if it `keeps`."""
    embedder = Embedder(progress=progress)
    ids = observed.posts["text_id"].unique().sort().to_list()
    embedder.kept = known = kept_vectors(store, ids, embedder.model)
    before = set(known)
    found = detection.detect(observed, choices, embedder, progress)
    if keeps:
        new = {key: vector for key, vector in known.items() if key not in before}
        keep_vectors(store, new, embedder.model)
    return replace(found, clusters=benign.official(found.clusters, observed, official))


def _run_row(
    observed: Observed,
    events: Sequence[PriceEvent],
    found: detection.Found,
    told: Mapping[str, Any],
    model: str,
) -> RunRow:
    """A run's id is a hash of what it saw and was told: the same run has the same id. The schema's
    version is part of it, so that a migrated graph gets what an older program did not write."""
    seen = hashlib.blake2b(digest_size=8)
    for part in (VERSION, observed.as_of, told, model, [e.id for e in events]):
        seen.update(orjson.dumps(part))
    for name in OBSERVED:
        seen.update(getattr(observed, name).hash_rows(seed=1).to_numpy().tobytes())
    return RunRow(
        id=f"r-{seen.hexdigest()}",
        as_of=observed.as_of,
        finished_at=time.time_ns() // 1_000_000,
        posts=observed.posts.height,
        ties=len(found.ties),
        clusters=len(found.clusters),
        model=model,
        settings=orjson.dumps(told).decode(),
    )


def title(cluster: Cluster) -> str:
    """One line about a cluster, as people say it."""
    named = f"on ${cluster.promotions[0].ticker}" if cluster.promotions else "naming no stock"
    return f"{len(cluster.members)} accounts {named}"


def _report(progress: Progress | None, step: str) -> None:
    if progress:
        progress(step, 0, 1)
