"""Joins the generator of planted markets and the learning of risk, which do not know each other.

Markets of three disjoint ranges of seeds: to learn from, to choose and calibrate on, to judge on.
"""

from __future__ import annotations

import json
import platform
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from functools import partial
from importlib.metadata import version
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import pyarrow as pa

from gnn.dataset import prepare
from gnn.evaluate import Report, evaluate
from gnn.labels import label_clusters, label_stocks, share_of
from gnn.registry import SHIPPED, manifest, save
from gnn.report import card, page
from gnn.sample import Sample
from gnn.train import Model, calibrated, train
from graph.bars import SCHEMA
from graph.detection import detect
from graph.detection.observed import Observed, from_values
from graph.detection.traces import same_meaning
from graph.embedding import Embedder
from graph.embedding import Floats as Vectors
from graph.model import Bar, Cluster, Millis, PriceEvent, Tie
from graph.store import Progress
from ingest.market.events import price_events
from ingest.synthetic.market import MarketSettings, Planted, plant
from ingest.synthetic.truth import Truth

TRAIN = range(1000, 1040)
CHOICE = range(1100, 1120)
JUDGED = range(1200, 1220)
SEED = 20  # of the models, not of any market
WORKERS = 2

# At this cosine the cheap vectors find what the sentence model finds at its own, in a tenth of the
# time (one market: 503 ties for 519, 15 clusters for 15, each campaign found as far). Markets for
# training are read this way.
_QUICK = 0.87
_SENTENCE = same_meaning.THRESHOLD
_STAND_IN = (
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


def samples(
    seeds: Sequence[int], progress: Progress | None = None, exact: bool = False
) -> list[Sample]:
    """A sample a seed, in order: planted, detected, labelled.

    `exact` reads meaning with the sentence model, which takes some ten times as long.
    """
    found = []
    with ProcessPoolExecutor(WORKERS, get_context("spawn")) as pool:
        for sample in pool.map(partial(sample_of, exact=exact), seeds):
            found.append(sample)
            if progress is not None:
                progress("planting markets and looking for clusters", len(found), len(seeds))
    return found


def sample_of(seed: int, exact: bool = False) -> Sample:
    """One market, planted, detected and labelled."""
    planted = plant(settings(seed))
    observed = from_values(planted.posts, planted.accounts, as_of(planted))
    found = detect(observed, embedder=Embedder() if exact else QuickEmbedder())
    events = price_events(bar_table(planted.bars), observed.as_of)
    return labelled(f"planted {seed}", observed, found.ties, found.clusters, events, planted.truth)


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
        decoys={c.id: _decoy(c, truth) for c in clusters if not labels.labels[c.id]},
    )


def run_train(
    out: Path,
    seeds: Sequence[int] = TRAIN,
    progress: Progress | None = None,
    choice: Sequence[int] = CHOICE,
) -> Model:
    """Trains, chooses, calibrates and writes the model and its card to `out`.

    The card of the shipped model stands in gnn/, beside the code that it speaks of.
    """
    learnt = samples(seeds, progress)
    held_out = samples(choice, progress)
    report = evaluate(learnt, held_out, held_out, SEED, progress)
    model = calibrated(train(learnt, SEED), [prepare(s) for s in held_out], report.chosen)
    save(replace(model, about=_about(seeds, choice, report)), out)
    beside = out.parent if out.resolve() == SHIPPED else out
    (beside / "MODEL_CARD.md").write_text(card(manifest(out)), encoding="utf-8")
    return model


def run_evaluate(
    out: Path,
    seeds: Sequence[int] = JUDGED,
    progress: Progress | None = None,
    exact: bool = False,
) -> Report:
    """Judges the recipe on markets of `seeds`; writes evaluation.md and .json to `out`."""
    learnt, held_out = (samples(part, progress) for part in (TRAIN, CHOICE))
    judged = samples(seeds, progress, exact)
    report = evaluate(learnt, held_out, judged, SEED, progress)
    words = {"train": span(TRAIN), "choice": span(CHOICE), "test": span(seeds)}
    found = {**report.as_json(), "seeds": words, "meaning": meaning(exact)}
    out.mkdir(parents=True, exist_ok=True)
    kept = json.dumps(found, indent=1, sort_keys=True)
    (out / "evaluation.json").write_text(kept + "\n", encoding="utf-8")
    (out / "evaluation.md").write_text(page(found), encoding="utf-8")
    return report


def meaning(exact: bool = False) -> str:
    """What read the meaning of texts (the trace same_meaning) when the markets were looked at."""
    if exact:
        return f"judging read with the sentence model, training and choosing with {_STAND_IN}"
    return f"training, choosing and judging all read with {_STAND_IN}"


def span(seeds: Sequence[int]) -> str:
    """Seeds as a person reads them."""
    return f"{min(seeds)} to {max(seeds)}"


def _about(seeds: Sequence[int], choice: Sequence[int], report: Report) -> dict[str, object]:
    return {
        "trained_on": f"{len(seeds)} planted markets, seeds {span(seeds)}",
        "calibrated_on": f"{len(choice)} planted markets, seeds {span(choice)}",
        "figures_from": "On the markets that chose and calibrated it; docs/evaluation.md has the"
        " figures on markets that nothing was chosen on.",
        "meaning": _STAND_IN,
        "mean": report.mean,
        "choice": report.choice,
        "counts": report.counts,
        "versions": {
            "python": ".".join(platform.python_version_tuple()[:2]),
            **{name: version(name) for name in ("scikit-learn", "torch", "torch-geometric")},
        },
    }


def _decoy(cluster: Cluster, truth: Truth) -> str:
    """The decoy that most of the cluster's evidence belongs to; "" where none does."""
    shares: list[tuple[float, str]] = [
        (share_of(cluster.posts, decoy.post_ids), decoy.kind) for decoy in truth.decoys
    ]
    share, kind = max(shares, default=(0.0, ""))
    return kind if share >= 0.5 else ""
