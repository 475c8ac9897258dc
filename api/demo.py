"""The whole path on a planted market, with the planted truth beside what was found."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

from api import look, show
from api.pipeline import ALERT_AT, Outcome, run
from api.settings import Settings
from api.stores import open_both
from graph.bars import Bars
from graph.store import GraphStore, Progress
from ingest.load import load
from ingest.synthetic.market import plant
from ingest.synthetic.settings import MarketSettings
from ingest.synthetic.write import write_files

SEED = 7


def prepare(
    settings: Settings, seed: int, progress: Progress | None
) -> tuple[GraphStore, Bars, Outcome, dict[str, Any]]:
    """Plants, loads by the same ingest as everything else, runs. Returns the truth for printing."""
    folder = settings.home / f"market-{seed}"
    truth = folder / "truth.json"
    if not truth.is_file():
        write_files(plant(MarketSettings(seed=seed)), folder)
    store, bars = open_both(settings)
    files = sorted(path for path in folder.iterdir() if path != truth)
    load(store, bars, files, rejects=settings.rejects, progress=progress)
    outcome = run(store, bars, settings, progress=progress)
    return store, bars, outcome, json.loads(truth.read_text(encoding="utf-8"))


def tell(store: GraphStore, outcome: Outcome, truth: dict[str, Any]) -> None:
    """Prints ranked clusters and alerts with the truth beside them."""
    beside = {
        c.id: _truth_of({m.account_id for m in c.members}, truth) for c in outcome.found.clusters
    }
    ranked = [row | {"truth": beside[row["cluster"]]} for row in look.clusters(store)]
    columns = ("score", "band", "accounts", "tickers", "traces", "why", "truth")
    show.rows(
        ranked, "table", columns, "Clusters, the most dangerous first; planted truth on the right"
    )
    show.rows(
        look.alerts(store), "table", ("score", "title", "tickers", "state", "raised"), "Alerts"
    )
    show.console().print(_summary(outcome, truth))
    show.console().print(show.CAVEAT)


def _truth_of(members: set[str], truth: dict[str, Any]) -> str:
    """What most of a cluster's members really did."""
    parts = Counter(
        {c["kind"] + " on " + c["ticker"]: len(members & _accounts(c)) for c in truth["campaigns"]}
    )
    (kind, count), *_ = parts.most_common(1)
    return f"{count} of {len(members)} in {kind}" if count else "honest"


def _accounts(campaign: dict[str, Any]) -> set[str]:
    return {member["account_id"] for member in campaign["members"]}


def _summary(outcome: Outcome, truth: dict[str, Any]) -> str:
    """Recall and precision over accounts, in a sentence."""
    planted = set().union(*(_accounts(c) for c in truth["campaigns"]))
    flagged = {
        m.account_id
        for c in outcome.found.clusters
        if outcome.cluster_risks[c.id].score >= ALERT_AT
        for m in c.members
    }
    return (
        f"{len(planted & flagged)} of {len(planted)} planted accounts are in flagged clusters;"
        f" {len(planted & flagged)} of {len(flagged)} accounts in flagged clusters are planted."
    )


def folder(settings: Settings) -> Path:
    """Where the demo keeps its own graph, apart from a user's data."""
    return settings.home / "demo"
