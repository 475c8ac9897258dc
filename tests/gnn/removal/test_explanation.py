"""The explanation as a whole, on a planted market."""

from __future__ import annotations

import random
from dataclasses import replace

import orjson
import pytest

from gnn.calibrate import BANDS, band
from gnn.measure import Features
from gnn.removal import Explanation, explain
from gnn.removal.factors import RULES, words_of
from gnn.removal.told import CAVEATS, NOT_CONSIDERED
from gnn.removal.weighing import log_odds
from gnn.removal.words import strange
from graph.model import Factor
from tests.gnn.removal.conftest import Case


def _texts(case: Case, told: Explanation) -> list[tuple[str, list[float]]]:
    """Every sentence that has figures, with the data beside it."""
    risk = case.risks[told.cluster]
    rows = []
    for factor in told.top_factors:
        words = words_of(next(f for f in risk.factors if f.name == factor.name))
        place = [] if factor.peer_percentile is None else [factor.peer_percentile]
        rows.append((factor.text.removeprefix(words), [factor.value, factor.peers, *place]))
    for item in (*told.evidence, *told.groups):
        change = item.delta_score_if_removed or 0
        accounts = [one for one in item.entities if not one.startswith("$")]
        data = [item.shared_acts, len(item.source_ids), len(accounts), change, told.score + change]
        if item.type == "post":
            assert item.partners == _partners(case, told.cluster, item.name)
            data.append(item.partners)
        rows.append((item.text, [float(one) for one in data]))
    other = told.counterfactual
    floor = next(least for least, word in BANDS if word == told.band)
    data = [told.score, other.score or 1, len(other.source_ids or ()), len(told.evidence), floor]
    rows.append((other.text, [float(one) for one in data]))
    return rows


def _partners(case: Case, cluster: str, post: str) -> int:
    """Members whose posts share something with this one, counted anew."""
    found = next(c for c in case.sample.clusters if c.id == cluster)
    members = {member.account_id for member in found.members}
    inside = [t for t in case.sample.ties if {t.left, t.right} <= members]
    whose = {(t.left, a.left_post, t.right, a.right_post) for t in inside for a in t.evidence}
    others = {left for left, _, _, mine in whose if mine == post}
    return len(others | {right for _, mine, right, _ in whose if mine == post})


def test_every_number_in_the_text_is_in_the_data(case: Case) -> None:
    rows = [row for told in case.told for row in _texts(case, told)]
    assert len(rows) > 100
    assert [(text, strange(text, data)) for text, data in rows if strange(text, data)] == []


def test_deltas_are_what_scoring_again_gives_in_the_whole_market(case: Case) -> None:
    told, cluster = case.told[0], case.shortest[0]
    whole = case.whole(cluster)
    for item in (*told.evidence[:4], *told.groups[:4]):
        after = whole.without(item.source_ids).risk(case.rescore)
        before = case.risks[cluster.id]
        assert item.delta_score_if_removed == after.score - before.score
        assert item.delta_log_odds_if_removed == log_odds(after) - log_odds(before)
    first = [item.name for item in told.evidence[:3]]
    after = whole.without(first).risk(case.rescore)
    assert told.evidence[2].score_without_first == after.score
    assert [item.place for item in told.evidence[:3]] == [1, 2, 3]


def test_the_smallest_set_drops_the_band_and_with_any_post_back_it_does_not(case: Case) -> None:
    dropped = 0
    for told, cluster in zip(case.told, case.shortest, strict=True):
        whole, found = case.whole(cluster), told.counterfactual
        floor = next(least for least, word in BANDS if word == told.band)
        if found.source_ids is None:
            assert whole.without(cluster.posts).risk(case.rescore).score >= floor
            assert found.score is found.band is None
            continue
        dropped += 1
        after = whole.without(found.source_ids).risk(case.rescore)
        assert (after.score, after.band) == (found.score, found.band)
        assert after.score < floor
        assert band(after.score) != told.band
        for back in found.source_ids:
            others = [post for post in found.source_ids if post != back]
            assert whole.without(others).risk(case.rescore).score >= floor
    assert dropped >= 2


def test_where_nothing_drops_the_band_it_says_so(case: Case) -> None:
    cluster = case.shortest[0]
    s = case.sample

    def stubborn(observed, ties, clusters, events):  # type: ignore[no-untyped-def]
        return {one.id: case.risks[one.id] for one in clusters}

    told = explain(s.observed, s.ties, cluster, s.events, stubborn, case.peers)
    assert told.counterfactual.source_ids is None
    assert "Even without any evidence post" in told.counterfactual.text

    def lowest(observed, ties, clusters, events):  # type: ignore[no-untyped-def]
        return {one.id: replace(case.risks[one.id], score=3, band="low") for one in clusters}

    told = explain(s.observed, s.ties, cluster, s.events, lowest, case.peers)
    assert told.counterfactual.source_ids is None
    assert "lowest band" in told.counterfactual.text


def test_the_order_of_posts_ties_and_accounts_changes_nothing(case: Case) -> None:
    s, cluster, draw = case.sample, case.shortest[1], random.Random(3)
    seen = s.observed
    frames = {n: getattr(seen, n).sample(fraction=1, shuffle=True, seed=4) for n in ("posts",)}
    ties, events = list(s.ties), list(s.events)
    draw.shuffle(ties)
    draw.shuffle(events)
    args = (replace(seen, **frames), ties, cluster, events, case.rescore, case.peers)
    assert explain(*args) == case.told[1]


def test_it_is_json_and_has_every_field(case: Case) -> None:
    told = case.told[0]
    read = orjson.loads(orjson.dumps(told.as_json()))
    assert set(read) == {
        *("cluster", "score", "p", "interval", "band", "top_factors", "evidence", "groups"),
        *("counterfactual", "not_considered", "caveats", "versions", "as_of"),
    }
    assert read["score"] == case.risks[told.cluster].score
    assert read["p"] == case.risks[told.cluster].probability
    assert set(CAVEATS) <= set(read["caveats"])
    assert set(NOT_CONSIDERED) <= set(read["not_considered"])
    assert read["versions"]["model"] == case.risks[told.cluster].model
    assert read["as_of"].startswith("20")


def test_no_account_outside_the_cluster_is_named(case: Case) -> None:
    for told, cluster in zip(case.told, case.shortest, strict=True):
        members = {member.account_id for member in cluster.members}
        text = orjson.dumps(told.as_json()).decode()
        others = set(case.sample.observed.posts["account"]) - members
        assert [who for who in others if f'"{who}"' in text] == []
        for item in (*told.evidence, *told.groups):
            assert {one for one in item.entities if not one.startswith("$")} <= members
            assert set(item.source_ids) <= set(cluster.posts)


def test_groups_are_objects_traces_and_members(case: Case) -> None:
    told = case.told[0]
    kinds = {item.type for item in told.groups}
    sings = {"voice"} if case.shortest[0].voices else set()
    assert kinds == {"object", "trace", "member"} | sings
    moves = [item.delta_log_odds_if_removed for item in told.groups]
    assert moves == sorted(moves)  # type: ignore[type-var]
    by_member = [p for item in told.groups if item.type == "member" for p in item.source_ids]
    assert sorted(by_member) == sorted(item.name for item in told.evidence)


def test_a_percentile_is_of_the_other_clusters() -> None:
    from gnn.removal.factors import top_factors

    peers = Features(("me", "a", "b", "c", "d"), ("size",), _column([9, 1, 5, 9, 12]))
    (one,) = top_factors([Factor("size", "accounts in the cluster: 9", 9.0, 0.5)], peers, "me")
    assert (one.peer_percentile, one.peers) == (62.5, 4)
    assert one.text == "accounts in the cluster: 9 (percentile 62 among 4 other clusters)"
    assert one.group == "structure"
    alone = Features(("me",), ("size",), _column([9]))
    (one,) = top_factors([Factor("size", "", 9.0, 0.5)], alone, "me")
    assert one.peer_percentile is None
    assert "no other cluster to compare with" in one.text


def test_a_rule_says_that_it_holds_the_score_down() -> None:
    from gnn.removal.factors import top_factors

    peers = Features(("me", "a"), ("names_stock",), _column([0.1, 0.5]))
    (name,) = (rule for rule, goes_by in RULES.items() if goes_by == "names_stock")
    (one,) = top_factors([Factor(name, "only 10%", 0.1, -3.0)], peers, "me")
    assert one.peer_percentile == 0.0
    assert one.text.endswith("10 % (percentile 0 among 1 other cluster); this holds the score down")


def _column(values: list[float]):  # type: ignore[no-untyped-def]
    import numpy as np

    return np.array(values, dtype=np.float64).reshape(-1, 1)


def test_a_part_without_its_cluster_is_refused(case: Case) -> None:
    with pytest.raises(KeyError):
        case.whole(case.sample.clusters[0]).risk(lambda *_: {})
