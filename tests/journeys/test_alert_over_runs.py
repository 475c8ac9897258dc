"""An alert while its data grows: posts come in, the ring is found larger, the alert is the same."""

from __future__ import annotations

import gzip
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest

from api import look
from api.pipeline import Outcome, run
from api.settings import Settings
from graph import detection
from graph.backends.bolt import BoltStore
from graph.bars import Bars
from ingest.load import load
from ingest.synthetic.market import plant
from ingest.synthetic.settings import MarketSettings
from ingest.synthetic.write import write_files

CHOICES = detection.Settings(meaning=False)
REASON = "a known fan club"


@pytest.fixture(scope="module")
def market(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[Path], set[str]]:
    """Prices, and posts in two files: one member of a ring comes with the second. And the ring."""
    folder = tmp_path_factory.mktemp("market")
    planted = plant(MarketSettings(seed=3, accounts=200, stocks=20, days=40))
    posts, prices, _truth = write_files(planted, folder)
    (ring, *_) = (c for c in planted.truth.campaigns if c.kind == "copied_burst")
    wrote = Counter(p.account_id for p in planted.posts if p.account_id in ring.account_ids)
    late = min(wrote, key=lambda id: (wrote[id], id))
    lines = gzip.decompress(posts.read_bytes()).splitlines(keepends=True)
    theirs = [orjson.loads(line)["user"]["id_str"] == late.partition(":")[2] for line in lines]
    parts = [folder / "early.jsonl", folder / "late.jsonl"]
    for path, wanted in zip(parts, (False, True), strict=True):
        kept = [line for line, is_late in zip(lines, theirs, strict=True) if is_late is wanted]
        path.write_bytes(b"".join(kept))
    return [prices, *parts], set(ring.account_ids)


@pytest.fixture
def bars(tmp_path: Path) -> Iterator[Bars]:
    with Bars(tmp_path / "bars.sqlite") as opened:
        yield opened


def alert(store: BoltStore, id: str) -> dict[str, Any]:
    (row,) = store.read("read/alerts_by_ids", ids=[id])
    return row


def members(outcome: Outcome, cluster_id: str) -> set[str]:
    (found,) = (c for c in outcome.found.clusters if c.id == cluster_id)
    return {member.account_id for member in found.members}


def test_a_dismissed_alert_keeps_its_id_and_state_while_its_ring_grows(
    market: tuple[list[Path], set[str]], embedded_store: BoltStore, bars: Bars, tmp_path: Path
) -> None:
    (prices, early, late), ring = market
    settings = Settings(home=tmp_path)
    load(embedded_store, bars, [prices, early], rejects=settings.rejects)
    first = run(embedded_store, bars, settings, choices=CHOICES)
    raised = max(first.alerts, key=lambda a: len(members(first, a.cluster_id) & ring))
    embedded_store.write(
        "detect/set_alert_state",
        id=raised.id,
        state="dismissed",
        reason=REASON,
        entry="1 dismissed",
    )

    load(embedded_store, bars, [late], rejects=settings.rejects)
    second = run(embedded_store, bars, settings, choices=CHOICES)
    row = alert(embedded_store, raised.id)
    assert row["cluster_id"] != raised.cluster_id  # it is another cluster now: somebody joined
    assert members(second, row["cluster_id"]) > members(first, raised.cluster_id)
    assert (row["state"], row["reason"], row["history"]) == ("dismissed", REASON, ["1 dismissed"])
    listed = look.alerts(embedded_store)
    assert [a["cluster"] for a in listed].count(row["cluster_id"]) == 1
    assert [a["alert"] for a in look.alerts(embedded_store, "dismissed")] == [raised.id]
    assert {a.id for a in second.alerts} <= {a["alert"] for a in listed}

    again = run(embedded_store, bars, settings, choices=CHOICES)
    assert again.alerts == second.alerts
    assert not again.counters.changed
    events = embedded_store.read("read/events_of_lineages", ids=[row["lineage_id"]], most=50)
    assert [event["kind"] for event in events] == ["birth", "growth"]


def test_official_accounts_are_said_to_be_so_and_make_another_run(
    market: tuple[list[Path], set[str]], embedded_store: BoltStore, bars: Bars, tmp_path: Path
) -> None:
    files, ring = market
    settings = Settings(home=tmp_path)
    load(embedded_store, bars, files, rejects=settings.rejects)
    plain = run(embedded_store, bars, settings, choices=CHOICES)
    listed = run(embedded_store, bars, settings, choices=CHOICES, official=ring)
    assert listed.run.id != plain.run.id
    assert listed.cluster_risks.keys() == plain.cluster_risks.keys()
    for id, risk in listed.cluster_risks.items():
        assert risk.score == plain.cluster_risks[id].score  # a label lowers nothing
    told = [c for c in look.clusters(embedded_store) if "list of official" in c["why"]]
    assert told
    assert {a.id for a in listed.alerts} == {a.id for a in plain.alerts}
