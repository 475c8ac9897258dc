"""Markets to learn from and to be judged on: planted, detected, measured, labelled.

Joins the generator of planted markets and the learning of risk, which do not know each other. Three
kinds of market: `plant` (rings as ingest/synthetic/market.py has them, with giveaways), and the
eight families with their hard negatives over a `made` or a `real` background.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import lru_cache, partial
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import pyarrow as pa

from gnn.dataset import Table, prepare
from gnn.labels import label_clusters, label_stocks, share_of
from gnn.sample import Ring, Sample
from graph.bars import SCHEMA
from graph.detection import detect
from graph.detection.observed import Observed, from_values
from graph.detection.traces import same_meaning
from graph.embedding import Embedder
from graph.embedding import Floats as Vectors
from graph.errors import UsageError
from graph.model import Bar, Cluster, Millis, PriceEvent, Tie
from graph.store import Progress
from ingest.market.events import price_events
from ingest.synthetic.background_made import made_background
from ingest.synthetic.background_real import Archive, read_archive, real_background
from ingest.synthetic.families import plant_families
from ingest.synthetic.market import MarketSettings, Planted, plant
from ingest.synthetic.truth import Truth

WORKERS = 2
KINDS = ("plant", "made", "real")


@dataclass(frozen=True, slots=True)
class Files:
    """Real posts (X API v1.1) and daily prices (Yahoo's columns), whose life is a background."""

    posts: Path
    bars: Path


def files(args: argparse.Namespace) -> Files | None:
    """What --posts and --prices say. Raises UsageError where one is not given or not there."""
    given = (args.posts, args.prices)
    if given == (None, None):
        return None
    if None in given:
        raise UsageError("--posts and --prices go together: campaigns move prices as well")
    for path in given:
        if not path.is_file():
            raise UsageError(f"there is no file {path}")
    return Files(*given)


@dataclass(frozen=True, slots=True)
class Source:
    """Markets of one kind, a seed each."""

    kind: str
    seeds: Sequence[int]


# At this cosine the cheap vectors find what the sentence model finds at its own, in a tenth of the
# time (one market: 503 ties for 519, 15 clusters for 15, each campaign found as far). Markets for
# training are read this way.
_QUICK = 0.87
_SENTENCE = same_meaning.THRESHOLD
STAND_IN = (
    f"the cheap word vectors at a cosine of {_QUICK}, in place of the sentence model at {_SENTENCE}"
    " that a run uses"
)


class QuickEmbedder(Embedder):
    """Decides with the cheap vectors alone, shrunk so that the detector's threshold fits them."""

    def exact(self, texts: Mapping[str, str]) -> Vectors:
        shrunk: Vectors = self.cheap(texts) * np.float32(np.sqrt(_SENTENCE / _QUICK))
        return shrunk


def settings(seed: int) -> MarketSettings:
    """The market of a seed. Sizes and the share of campaigns vary, so that neither is a hint."""
    accounts = (450, 600, 750)[seed % 3]
    campaigns = accounts // 200 if seed % 4 == 0 else None
    return MarketSettings(
        seed=seed, accounts=accounts, days=(45, 60)[seed % 2], campaigns=campaigns
    )


def tables(
    sources: Sequence[Source],
    files: Files | None = None,
    progress: Progress | None = None,
    exact: bool = False,
) -> list[Table]:
    """A measured market a seed, in order: planted, detected, labelled, measured.

    `exact` reads meaning with the sentence model, which takes some ten times as long. Raises
    UsageError for a real background without `files`.
    """
    if files is None and any(source.kind == "real" and source.seeds for source in sources):
        raise UsageError("markets over real posts need the files with posts and prices")
    asked = [(source.kind, seed) for source in sources for seed in source.seeds]
    found = []
    with ProcessPoolExecutor(WORKERS, get_context("spawn")) as pool:
        for table in pool.map(partial(_table, files=files, exact=exact), asked):
            found.append(table)
            if progress is not None:
                progress("planting markets and looking for clusters", len(found), len(asked))
    return found


def _table(asked: tuple[str, int], files: Files | None, exact: bool) -> Table:
    return prepare(sample_of(*asked, files, exact))


def sample_of(kind: str, seed: int, files: Files | None = None, exact: bool = False) -> Sample:
    """One market of one of KINDS, planted, detected and labelled."""
    planted = market(kind, seed, files)
    observed = from_values(planted.posts, planted.accounts, as_of(planted))
    found = detect(observed, embedder=Embedder() if exact else QuickEmbedder())
    events = price_events(bar_table(planted.bars), observed.as_of)
    name = f"{kind} {seed}"
    return labelled(name, observed, found.ties, found.clusters, events, planted.truth)


def market(kind: str, seed: int, files: Files | None = None) -> Planted:
    """The planted market of a kind and seed. Raises UsageError for another kind."""
    if kind == "plant":
        return plant(settings(seed))
    if kind == "made":
        return plant_families(seed, made_background(seed))
    if kind == "real" and files is not None:
        return plant_families(seed, real_background(_archive(files), seed))
    raise UsageError(f"there is no market {kind!r} here; there are {', '.join(KINDS)}")


@lru_cache(maxsize=1)
def _archive(files: Files) -> Archive:
    return read_archive(files.posts, files.bars)


def as_of(planted: Planted) -> Millis:
    """When a market's last post was known."""
    return max(post.known_at for post in planted.posts)


def bar_table(bars: Sequence[Bar]) -> pa.Table:
    """Bars as the columns that price events are found in, by ticker and day."""
    rows = sorted(bars, key=lambda bar: (bar.ticker, bar.at))
    columns = {name: [getattr(bar, name) for bar in rows] for name in SCHEMA.names}
    return pa.table(columns, schema=SCHEMA)


def labelled(
    market: str,
    observed: Observed,
    ties: Sequence[Tie],
    clusters: Sequence[Cluster],
    events: Sequence[PriceEvent],
    truth: Truth,
) -> Sample:
    """What was found, with what is true of it."""
    posts = {campaign.id: campaign.post_ids for campaign in truth.campaigns}
    labels = label_clusters(clusters, {c.id: c.account_ids for c in truth.campaigns}, posts)
    kinds = {campaign.id: campaign.kind for campaign in truth.campaigns}
    named = [event.ticker for event in events]
    return Sample(
        market=market,
        observed=observed,
        ties=ties,
        clusters=clusters,
        events=events,
        labels=labels.labels,
        stocks=label_stocks(
            {*observed.named["ticker"], *named}, {c.ticker for c in truth.campaigns}
        ),
        groups={cluster: kinds[campaign] for cluster, campaign in labels.campaigns.items()},
        rings=[Ring(c.kind, frozenset(c.account_ids)) for c in truth.campaigns],
        decoys={c.id: _decoy(c, truth) for c in clusters if not labels.labels[c.id]},
    )


def _decoy(cluster: Cluster, truth: Truth) -> str:
    """The decoy that most of the cluster's evidence belongs to; "" where none does."""
    shares: list[tuple[float, str]] = [
        (share_of(cluster.posts, decoy.post_ids), decoy.kind) for decoy in truth.decoys
    ]
    share, kind = max(shares, default=(0.0, ""))
    return kind if share >= 0.5 else ""
