"""Explanations over a store: read back as it was found, by the command and by GraphQL."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from api.cli import parser
from api.explaining import Explainer, explainer
from api.found import clusters_of, events_of, ties_of
from api.graphql.errors import code_of
from api.pipeline import Outcome, run
from api.runs import newest_run
from api.settings import Settings
from graph.backends import embedded_database
from graph.backends.bolt import BoltStore
from graph.backends.embedded import Sidecar
from graph.bars import Bars
from graph.detection import Settings as Choices
from graph.detection.stored import observe
from graph.errors import UsageError
from graph.model import Cluster
from graph.store import GraphStore
from ingest.load import load
from ingest.synthetic.market import plant
from ingest.synthetic.settings import MarketSettings
from ingest.synthetic.write import write_files
from tests.api import market
from tests.api.conftest import answer_to

QUESTION = """query($id: ID!) { cluster(id: $id) { risk { score } explanation {
  score p interval band topFactors { group text value peerPercentile peers effect }
  evidence(first: 3) { type text entities times sourceIds deltaScoreIfRemoved place
                       deltaLogOddsIfRemoved scoreWithoutFirst
                       shared { trace object window withId seconds } posts { id text } }
  groups(first: 2) { type name text posts(first: 2) { id } }
  counterfactual { sourceIds score band text } notConsidered caveats versions { name version } asOf
} } }"""


@dataclass(frozen=True)
class Ran:
    """A store in which a run found clusters, and what it found."""

    store: BoltStore
    bars: Bars
    outcome: Outcome

    @property
    def few(self) -> str:
        """The cluster that is quickest to explain."""
        return min(self.outcome.found.clusters, key=lambda c: (len(c.posts), c.id)).id


@pytest.fixture(scope="module")
def ran(sidecar: Sidecar, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ran]:
    """A small planted market on the real path, without meaning, which takes long."""
    folder = tmp_path_factory.mktemp("explain")
    settings = Settings(home=folder)
    planted = plant(MarketSettings(seed=3, accounts=150, stocks=12, days=30))
    posts, prices, _ = write_files(planted, folder / "market")
    sidecar.ensure_database("explain")
    store = embedded_database(sidecar, "explain")
    store.apply_schema()
    with Bars(settings.bars) as bars:
        load(store, bars, [posts, prices], rejects=settings.rejects)
        yield Ran(store, bars, run(store, bars, settings, choices=Choices(meaning=False)))
    store.close()
    sidecar.server_command("drop database explain")


def test_what_is_read_back_is_what_the_run_found(ran: Ran) -> None:
    row = newest_run(ran.store)
    _, clusters = clusters_of(ran.store, row)
    found = ran.outcome.found
    assert _by_id(clusters) == _by_id(found.clusters)
    homes = [{m.account_id for m in c.members} for c in found.clusters]
    inside = [t for t in found.ties if any({t.left, t.right} <= home for home in homes)]
    assert sorted(ties_of(ran.store, row, clusters), key=_ends) == sorted(inside, key=_ends)
    events = events_of(ran.store, observe(ran.store, row["as_of"]))
    assert events
    assert {event.kind for event in events} <= {"abnormal_return", "volume_spike"}


def _by_id(clusters: Sequence[Cluster]) -> dict[str, Cluster]:
    """Members in one order: of equally strong ones the graph does not keep which came first."""
    return {c.id: replace(c, members=tuple(sorted(c.members, key=str))) for c in clusters}


def _ends(tie: Any) -> tuple[str, str]:
    return tie.left, tie.right


def test_its_score_is_the_runs_to_the_last_bit(ran: Ran) -> None:
    known = Explainer(ran.store)
    for id, risk in list(ran.outcome.cluster_risks.items())[:2]:
        told = known.of(id)
        assert (told.p, told.score, told.band) == (risk.probability, risk.score, risk.band)
        assert [f.effect for f in told.top_factors] == [f.effect for f in risk.factors]
        assert not any(caveat.startswith("The run gave") for caveat in told.caveats)
        assert told.versions["run"] == ran.outcome.run.id


def test_it_is_computed_once_a_run_and_read_anew_after_the_next(
    ran: Ran, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = Explainer(ran.store)
    assert known.of(ran.few) is known.of(ran.few)
    assert explainer(ran.store) is explainer(ran.store)
    read = []

    def other(store: GraphStore) -> dict[str, Any]:
        read.append(store)
        return newest_run(store) | {"id": "r-other"}

    before = known.of(ran.few)
    monkeypatch.setattr("api.explaining.newest_run", other)
    with pytest.raises(UsageError, match="no cluster"):
        known.of(ran.few)
    monkeypatch.undo()
    assert read
    assert known.of(ran.few) is not before
    assert known.of(ran.few) == before


def test_a_lineage_names_its_cluster_and_an_unknown_id_is_refused(ran: Ran) -> None:
    known = Explainer(ran.store)
    lineage = ran.outcome.story.of[ran.few]
    assert known.of(lineage).cluster == ran.few
    with pytest.raises(UsageError, match="sentinelmarket clusters"):
        known.of("c-none")


def test_a_score_that_changed_since_is_said(ran: Ran) -> None:
    from api import explaining

    risk = ran.outcome.cluster_risks[ran.few]
    row = {"probability": risk.probability, "score": risk.score, "model": risk.model}
    assert explaining._changed(row, risk) is None
    assert explaining._changed(row | {"score": None}, risk) is None
    later = replace(risk, probability=risk.probability / 2, score=max(risk.score - 5, 1))
    assert "more was loaded since" in str(explaining._changed(row, later))
    assert "by model old" in str(explaining._changed(row | {"model": "old"}, later))


def test_graphql_tells_it_when_asked(ran: Ran) -> None:
    answer = answer_to(ran.store, ran.bars, QUESTION, {"id": ran.few})
    assert not answer.errors, answer.errors
    told = answer.data["cluster"]["explanation"]
    assert told["score"] == answer.data["cluster"]["risk"]["score"]
    first = told["evidence"][0]
    assert (first["type"], first["place"]) == ("post", 1)
    assert [post["id"] for post in first["posts"]] == first["sourceIds"]
    assert first["shared"][0]["withId"] != first["sourceIds"][0]
    assert first["deltaLogOddsIfRemoved"] <= 0
    assert len(told["groups"]) == 2
    assert "evidence post" in told["counterfactual"]["text"]
    assert {row["name"] for row in told["versions"]} == {"explanation", "features", "model", "run"}
    assert told["caveats"]
    assert told["notConsidered"]


def test_graphql_refuses_too_many_pieces(ran: Ran) -> None:
    wrong = "query($id: ID!) { cluster(id: $id) { explanation { evidence(first: 0) { text } } } }"
    (error,) = answer_to(ran.store, ran.bars, wrong, {"id": ran.few}).errors
    assert error.extensions["code"] == "BAD_USER_INPUT"
    assert code_of(error) == "BAD_USER_INPUT"


@pytest.fixture
def typed(ran: Ran, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., int]:
    """Runs a command on this store."""

    class Kept:
        """The store, which the command may not close: others use it too."""

        def __getattr__(self, name: str) -> Any:
            return getattr(ran.store, name)

        def close(self) -> None:
            pass

    monkeypatch.setattr("api.stores.open_both", lambda settings: (Kept(), Kept()))

    def run_it(*words: str) -> int:
        args = parser().parse_args(["explain", *words])
        return int(args.command.does(args, Settings(home=tmp_path)))

    return run_it


def test_the_command_writes_all_of_it(
    ran: Ran, typed: Callable[..., int], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "why.json"
    assert typed(ran.few, "-o", str(path), "--quiet") == 0
    told = json.loads(path.read_text(encoding="utf-8"))
    assert told["cluster"] == ran.few
    assert f"{len(told['evidence'])} pieces of evidence" in capsys.readouterr().out
    assert typed(ran.few, "--json") == 0
    assert json.loads(capsys.readouterr().out) == told
    with pytest.raises(UsageError, match="no folder"):
        typed(ran.few, "-o", str(tmp_path / "no" / "why.json"), "--quiet")


def test_the_command_tells_a_person(
    ran: Ran, typed: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    assert typed(ran.few, "--quiet") == 0
    said = capsys.readouterr().out
    for part in (ran.few, "Evidence, the most telling first", "What goes together", "never a"):
        assert part in said


def test_before_a_run_it_says_what_to_do(embedded_store: BoltStore) -> None:
    with pytest.raises(UsageError, match="nothing was run yet"):
        Explainer(embedded_store).of("c-1")


def test_a_run_without_what_newer_programs_keep_is_explained_too(
    embedded_store: BoltStore,
) -> None:
    """Ties without parts and evidence that names posts which are there."""
    market.put_market(embedded_store)
    told = Explainer(embedded_store).of("c-00")
    assert told.cluster == "c-00"
    assert told.caveats[0].startswith("The run gave")
