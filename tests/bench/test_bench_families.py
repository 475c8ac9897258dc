"""What counts as found, lost in detection, lost in scoring and a false alarm."""

from __future__ import annotations

import pytest

from api.pipeline import ALERT_AT
from graph.detection import Found
from graph.model import Cluster, Member, Risk, Tie
from ingest.synthetic.truth import Campaign, Decoy, Participant
from tests.bench.bench_families import Alarm, _fate, _kind, alarms_of, table_of
from tests.bench.markets import markets, seeds_of


def cluster(name: str, members: str, posts: tuple[str, ...] = ()) -> Cluster:
    people = tuple(Member(one, "amplifier", 1.0) for one in members)
    return Cluster(name, people, ("same_text",), (), posts, 1.0, 1.0, 0, 1)


def risk(name: str, score: int) -> Risk:
    return Risk(name, "cluster", score, score / 100, "", "", 0, ())


def campaign(members: str) -> Campaign:
    people = tuple(Participant(one, "amplifier") for one in members)
    return Campaign("c", "slow_drip", "ACME", people, ("p1", "p2"), 0, 1, 0.0)


def tie(left: str, right: str) -> Tie:
    return Tie(left, right, ("same_text",), 3.0, 0.001, 0.01, 2, 0.1, 0, 1)


@pytest.mark.parametrize(
    ("clusters", "fate"),
    [
        ({"abc": ALERT_AT}, "found"),
        ({"abcwxy": ALERT_AT}, "found"),  # half of it and half of them are enough
        ({"abc": ALERT_AT - 1}, "lost in scoring"),
        ({"abcwxyz": 99}, "lost in detection"),  # not pure
        ({"ab": 99}, "lost in detection"),  # too few of them
        ({"ab": 99, "cdef": 10}, "lost in scoring"),
        ({"ab": 99, "cdef": 80}, "found"),
        ({}, "lost in detection"),
    ],
)
def test_a_campaign_is_found_where_a_flagged_cluster_holds_half_and_is_half(
    clusters: dict[str, int], fate: str
) -> None:
    found = Found((tie("a", "b"), tie("c", "z")), tuple(cluster(m, m) for m in clusters), 0)
    risks = {members: risk(members, score) for members, score in clusters.items()}
    judged = _fate(7, campaign("abcdef"), found, risks)
    assert judged.fate == fate
    assert judged.tied == pytest.approx(2 / 6)
    assert (judged.seed, judged.family, judged.members, judged.posts) == (7, "slow_drip", 6, 2)


def test_a_cluster_is_of_the_hard_negative_that_half_of_its_evidence_is() -> None:
    burst = Decoy("d", "news_burst", "ACME", ("a",), ("p1", "p2"), 0, 1)
    fans = Decoy("e", "fan_community", "ACME", ("a",), ("p3",), 0, 1)
    assert _kind(cluster("k", "ab", ("p1", "p2", "p3")), (burst, fans)) == "news_burst"
    assert _kind(cluster("k", "ab", ("p3", "p4")), (burst, fans)) == "fan_community"
    assert _kind(cluster("k", "ab", ("p1", "p4", "p5")), (burst, fans)) == "other"
    assert _kind(cluster("k", "ab"), ()) == "other"


def test_the_tables_count() -> None:
    found = Found((), (cluster("abc", "abc"),), 0)
    fates = [
        _fate(1, campaign("abc"), found, {"abc": risk("abc", 90)}),
        _fate(2, campaign("xyz"), found, {"abc": risk("abc", 90)}),
    ]
    lines = table_of(fates).splitlines()
    assert [line.split()[0] for line in lines] == ["family", "slow_drip", "all"]
    assert lines[1].split()[1:5] == ["2", "1", "1", "0"]
    told = alarms_of([Alarm(1, "news_bots", 4, 80, True), Alarm(1, "other", 3, 9, False)])
    assert "news_bots                    1        1             80" in told
    assert "other                        1        0              9" in told


def test_seeds_are_written_as_a_span() -> None:
    assert list(seeds_of("3-5")) == [3, 4, 5]
    assert list(seeds_of("7")) == [7]


def test_a_market_of_the_bench_has_every_family_asked_for() -> None:
    ((seed, planted),) = markets("made", [3], families=("slow_drip", "paid_newsletter"))
    assert seed == 3
    assert [c.kind for c in planted.truth.campaigns] == ["slow_drip", "paid_newsletter"]
