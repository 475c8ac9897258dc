"""The evidence pack: everything that shows a cluster, in one file that stands alone."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from api.cli import parser
from api.pack import as_json, pack, timeline, write
from api.settings import Settings
from graph.detection.lineage import follow
from graph.errors import UsageError
from graph.lineages import groups
from graph.model import Alert
from graph.publish import Aligned, publish
from graph.store import GraphStore
from tests.api import market
from tests.api.test_why import Open

RUN = replace(market.RUN, id="r-2", settings='{"min_weight":2.5}')


@pytest.fixture
def filled(store: GraphStore) -> GraphStore:
    """The market, then a run that knows of lineages and raised an alert on ring 0."""
    return fill(store)


def fill(store: GraphStore) -> GraphStore:
    market.put_market(store)
    posts = market.ring_posts(0, 4, "T0")
    ring = replace(market.ring_cluster(0, posts), coordination=0.75)
    story = follow([], groups([ring]), RUN.id)
    lineage = story.of[ring.id]
    alert = Alert(
        "a-0", ring.id, "4 accounts on $T0", 90, RUN.as_of, RUN.id, ("T0",), lineage_id=lineage
    )
    risks = {ring.id: market.risk(ring.id, "cluster", 90)}
    events = [Aligned(ring.id, market.event().id, 1440.0)]
    publish(store, RUN, market.ring_ties(posts), [ring], risks, {}, events, [alert], story=story)
    return store


def test_a_pack_has_all_that_shows_a_cluster(filled: GraphStore) -> None:
    found = pack(filled, "c-00")
    assert "never a verdict" in found["says"]
    assert "never a finding of guilt" in found["says"]
    assert (found["cluster"]["size"], found["cluster"]["coordination"]) == (4, 0.75)
    assert found["cluster"]["first_at"] == "2023-11-15 00:00:00"
    assert (found["risk"]["score"], found["risk"]["band"]) == (90, "high")
    assert found["risk"]["reasons"][0]["text"] == "they post one text"
    assert [(m["handle"], m["role"], m["posts"]) for m in found["members"]][:2] == [
        ("Ring00000", "leader", 1),
        ("Ring00001", "amplifier", 1),
    ]
    assert [(t["ticker"], t["posts"], t["share"]) for t in found["tickers"]] == [("T0", 4, 1.0)]
    assert found["voices"][0] == {
        "kind": "phrase",
        "what": "to the moon ring 0",
        "accounts": 4,
        "p_value": 1e-9,
        "first_at": "2023-11-15 00:00:00",
        "last_at": "2023-11-15 00:03:00",
    }
    assert found["price_events"][0]["lead_minutes"] == 1440.0
    assert len(found["ties"]) == 6
    assert (found["run"]["id"], found["settings"]) == ("r-2", {"min_weight": 2.5})
    assert [event["kind"] for event in found["lineage"]["events"]] == ["birth"]
    assert (found["alert"]["id"], found["alert"]["state"]) == ("a-0", "open")


def test_its_evidence_is_pairs_of_posts_with_text_and_time(filled: GraphStore) -> None:
    evidence = pack(filled, "c-00")["evidence"]
    assert len(evidence) == 6
    assert [act["seconds"] for act in evidence] == sorted(act["seconds"] for act in evidence)
    first = evidence[0]
    assert (first["trace"], first["window"], first["seconds"]) == ("same_text", "10m", 60.0)
    assert first["left"] == {
        "post_id": "x:p00000",
        "account_id": "x:00000",
        "role": "leader",
        "text": "$T0 to the moon, ring 0",
        "stocks": ["T0"],
        "at": "2023-11-15 00:00:00",
    }
    assert first["right"]["at"] == "2023-11-15 00:01:00"


def test_its_lineage_and_its_alert_name_it_too(filled: GraphStore) -> None:
    found = pack(filled, "c-00")
    assert pack(filled, found["lineage"]["id"]) == found
    assert pack(filled, "a-0") == found


def test_an_unknown_id_says_where_to_look(filled: GraphStore) -> None:
    with pytest.raises(UsageError, match=r"no cluster 'c-9'.*sentinelmarket clusters"):
        pack(filled, "c-9")


def test_before_a_run_it_says_what_to_do(embedded_store: GraphStore) -> None:
    with pytest.raises(UsageError, match="sentinelmarket run"):
        pack(embedded_store, "c-00")


def row(hours: float, who: str = "x:a", *stocks: str) -> dict[str, Any]:
    at = market.START + int(hours * 3_600_000)
    return {"at": at, "account_id": who, "stocks": list(stocks)}


def test_a_short_cluster_has_a_timeline_by_the_hour() -> None:
    found = timeline([row(0.1, "x:a", "T0"), row(0.9, "x:b", "T1"), row(72, "x:a")])
    assert found == [
        {"from": "2023-11-15 00:00:00", "span": "1h", "posts": 2, "accounts": 2,
         "stocks": ["T0", "T1"]},
        {"from": "2023-11-18 00:00:00", "span": "1h", "posts": 1, "accounts": 1, "stocks": []},
    ]  # fmt: skip


def test_a_long_cluster_has_a_timeline_by_the_day() -> None:
    found = timeline([row(0.1), row(23), row(73)])
    assert [(r["from"][:10], r["span"], r["posts"]) for r in found] == [
        ("2023-11-15", "1d", 2),
        ("2023-11-18", "1d", 1),
    ]
    assert timeline([]) == []


def test_a_file_is_written_whole_and_again(tmp_path: Path) -> None:
    path = tmp_path / "pack.json"
    for number in (1, 2):
        write({"says": number}, path)
    assert json.loads(path.read_text()) == {"says": 2}
    assert [p.name for p in tmp_path.iterdir()] == ["pack.json"]


@pytest.mark.parametrize(
    ("where", "says"), [("gone/pack.json", "no folder .*gone"), (".", "is a folder")]
)
def test_a_file_that_cannot_be_is_refused(tmp_path: Path, where: str, says: str) -> None:
    with pytest.raises(UsageError, match=says):
        write({}, tmp_path / where)


@pytest.fixture
def run(
    embedded_store: GraphStore, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Callable[..., int]:
    """The command on a store that holds the market."""
    opened = Open(fill(embedded_store))
    monkeypatch.setattr("api.stores.open_both", lambda settings: (opened, opened))

    def does(*words: str) -> int:
        args = parser().parse_args(["pack", *words])
        return int(args.command.does(args, Settings(home=tmp_path)))

    return does


def test_the_command_writes_a_file_or_prints(
    run: Callable[..., int],
    embedded_store: GraphStore,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    path = tmp_path / "pack.json"
    assert run("c-00", "-o", str(path)) == 0
    said = capsys.readouterr().out
    assert "4 members, 6 pairs of posts" in said
    assert "never a verdict" in said
    assert run("c-00") == 0
    assert capsys.readouterr().out.encode() == path.read_bytes()
    assert path.read_bytes() == as_json(pack(embedded_store, "c-00"))
