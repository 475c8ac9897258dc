"""A part of a market scores as the whole does, also after posts were taken out of both."""

from __future__ import annotations

import random
from dataclasses import replace

import polars as pl

from gnn.removal.items import groups, pieces
from gnn.removal.scene import Scene, scenes
from gnn.removal.voicing import said
from gnn.removal.weighing import Weighing
from graph.detection.observed import from_values
from graph.model import CoAction, TiePart, Voice
from tests.gnn.removal.conftest import Case
from tests.gnn.toy import AS_OF, account, cluster, post, tie

CREW = ["ann", "bob", "cat"]
POSTS = [post(str(i), who, "buy $ACME", 2 * i) for i, who in enumerate(CREW)]


def _act(left: str, right: str, trace: str = "same_text") -> CoAction:
    return CoAction(f"x:{left}", f"x:{right}", trace, "text", "10m", 60.0)


def _toy() -> Scene:
    both = (_act("0", "1"), _act("0", "1", "co_ticker"))
    ties = (
        replace(
            tie("ann", "bob"),
            evidence=both,
            traces=("co_ticker", "same_text"),
            co_actions=4,
            parts=(TiePart("same_text", "10m", 4, 0.1, 1e-9),),
        ),
        replace(tie("ann", "cat"), evidence=(_act("0", "2"), _act("3", "2")), co_actions=5),
    )
    more = [post("3", "ann", "buy $ACME", 9), post("4", "dan", "what of $BETA", 9, "BETA")]
    observed = from_values([*POSTS, *more], [account(who) for who in [*CREW, "dan"]], AS_OF)
    found = cluster("c", CREW, [*POSTS, more[0]])
    return Scene(observed, ties, found, ())


def test_each_part_scores_every_cluster_as_the_whole_market_does(case: Case) -> None:
    for cluster_ in case.sample.clusters:
        whole = case.whole(cluster_)
        sizes = []
        for part in scenes(whole):
            assert part.risk(case.rescore) == case.risks[cluster_.id]
            sizes.append(part.observed.posts.height)
        assert sizes == sorted(sizes)
        assert sizes[0] < sizes[-1]


def test_posts_taken_out_of_a_part_and_of_the_whole_leave_the_same_score(case: Case) -> None:
    draw = random.Random(5)
    for cluster_ in case.sample.clusters:
        whole = case.whole(cluster_)
        weighing = Weighing(whole, case.rescore, case.risks[cluster_.id])
        for share in (0.1, 0.5, 0.9):
            gone = draw.sample(cluster_.posts, max(1, round(share * len(cluster_.posts))))
            assert weighing.without(gone) == whole.without(gone).risk(case.rescore)


def test_a_model_that_looks_further_gets_more_of_the_market(case: Case) -> None:
    cluster_ = case.sample.clusters[0]

    def nosy(observed, ties, clusters, events):  # type: ignore[no-untyped-def]
        found = case.rescore(observed, ties, clusters, events)
        far = observed.posts.height / 1e9
        return {id: replace(r, probability=r.probability - far) for id, r in found.items()}

    whole = case.whole(cluster_)
    gone = cluster_.posts[:2]
    weighing = Weighing(whole, nosy)
    assert weighing.without(gone) == whole.without(gone).risk(nosy)
    assert weighing.without(gone) != next(iter(scenes(whole))).without(gone).risk(nosy)


def test_what_is_taken_out_was_never_seen() -> None:
    scene = _toy().without(["x:0"])
    assert "x:0" not in set(scene.observed.posts["post"])
    assert "x:0" not in set(scene.observed.named["post"])
    assert [(t.left, t.right) for t in scene.ties] == [("x:ann", "x:cat")]
    (left,) = scene.ties
    assert [a.left_post for a in left.evidence] == ["x:3"]
    assert left.co_actions == 3  # half of five, rounded up
    assert scene.cluster.posts == ("x:2", "x:3")  # x:1 shares nothing with anybody any more
    assert scene.cluster.density == 1 / 3
    assert scene.cluster.weight == left.weight
    (promotion,) = scene.cluster.promotions
    assert (promotion.ticker, promotion.posts, promotion.share) == ("ACME", 2, 1.0)
    assert scene.cluster.first_at == POSTS[2].at
    assert scene.cluster.members == _toy().cluster.members


def test_a_tie_loses_the_traces_and_acts_whose_evidence_is_gone() -> None:
    kept = _toy()
    one = replace(kept.ties[0], evidence=(_act("0", "1"), _act("8", "9", "co_ticker")))
    (left, _) = replace(kept, ties=(one, kept.ties[1])).without(["x:9"]).ties
    assert left.traces == ("same_text",)
    assert left.co_actions == 2
    assert [part.co_actions for part in left.parts] == [4]
    (left,) = replace(kept, ties=(one,)).without(["x:1"]).ties
    assert left.traces == ("co_ticker",)
    assert left.parts == ()


SAME = [
    "our moon shot is near",
    "moon shot is near now",
    "MOON $ACME shot is near",
    "a moon shot is near",
]


def _choir() -> Scene:
    """Four say one phrase, three of them share a link, three repeat, quote or answer a post."""
    who = [*CREW, "dan"]
    rows = [
        post(str(i), one, text, 2 * i) for i, (one, text) in enumerate(zip(who, SAME, strict=True))
    ]
    rows[:3] = [replace(one, links=("https://new.example/",)) for one in rows[:3]]
    rows.append(replace(post("4", "ann", "moon shot is near again", 9), reply_to="x:0"))
    rows.append(replace(post("5", "bob", "so it is", 10), quote_of="x:0"))
    rows.append(replace(post("6", "cat", SAME[0], 11), repost_of="x:0"))
    later = post("7", "dan", "moon shot is near", 90)
    observed = from_values([*rows, later], [account(one) for one in who], AS_OF)
    first, last = rows[0].at, rows[-1].at
    voices = (
        Voice("phrase", "moon shot is near", 4, first, last, 1e-9),
        Voice("link", "https://new.example/", 3, first, last, 1e-6),
        Voice("post", "x:0", 3, first, last, 1e-4),
    )
    return Scene(observed, (), replace(cluster("c", who, rows), voices=voices), ())


def _voices(scene: Scene) -> dict[str, int]:
    return {voice.kind: voice.accounts for voice in scene.cluster.voices}


def test_what_is_said_alike_is_found_in_its_posts() -> None:
    scene = _choir()
    posts = {one.voice.kind: sorted(one.posts) for one in said(scene.cluster, scene.observed)}
    assert posts == {
        "phrase": ["x:0", "x:1", "x:2", "x:3", "x:4"],  # x:6 only repeats, x:7 came too late
        "link": ["x:0", "x:1", "x:2"],
        "post": ["x:0", "x:4", "x:5", "x:6"],
    }


def test_a_voice_loses_who_says_it_nowhere_any_more_and_goes_with_less_than_three() -> None:
    scene = _choir()
    assert _voices(scene.without(["x:3"])) == {"phrase": 3, "link": 3, "post": 3}
    assert scene.without(["x:3"]).cluster.voices[0].p_value == 1e-9
    assert _voices(scene.without(["x:1"])) == {"phrase": 3, "post": 3}
    assert _voices(scene.without(["x:1", "x:3"])) == {"post": 3}
    assert _voices(scene.without(["x:4"])) == {"phrase": 4, "link": 3, "post": 3}  # ann wrote x:0
    assert _voices(scene.without(["x:5"])) == {"phrase": 4, "link": 3}


def test_nobody_answers_a_post_that_was_never_seen() -> None:
    assert _voices(_choir().without(["x:0"])) == {"phrase": 4}


def test_a_post_that_no_voice_has_any_more_is_no_evidence() -> None:
    left = _choir().without(["x:5"])
    assert left.cluster.posts == ("x:0", "x:1", "x:2", "x:3", "x:4")  # x:6 said no other thing
    assert _choir().without(["x:1", "x:2", "x:3", "x:0"]).cluster.posts == ()


def test_voices_are_groups_and_what_a_post_shares() -> None:
    found = pieces(_choir())
    assert [voice.kind for voice in found["x:0"].voices] == ["phrase", "link", "post"]
    rows = [
        (one.trace, one.name, len(one.posts))
        for one in groups(list(found.values()))
        if one.type == "voice"
    ]
    assert rows == [
        ("link", "https://new.example/", 3),
        ("phrase", "moon shot is near", 5),
        ("post", "x:0", 4),
    ]


def test_nothing_taken_out_changes_nothing() -> None:
    scene = _toy()
    assert scene.without([]) is scene


def test_who_names_no_stock_any_more_is_not_counted_among_those_who_do(case: Case) -> None:
    toy = _toy()
    part = scenes(toy)[0]
    assert part.observed.namers == 4
    assert part.without(["x:1"]).observed.namers == 3
    assert part.without(["x:3"]).observed.namers == 4  # ann still does
    assert toy.without(["x:1"]).observed.namers is None
    assert "x:dan" not in set(part.observed.posts["account"])


def test_all_evidence_can_go(case: Case) -> None:
    scene = _toy().without([p.id for p in POSTS] + ["x:3"])
    assert scene.cluster.posts == ()
    assert scene.cluster.promotions == ()
    assert scene.ties == ()
    assert scene.observed.posts.filter(pl.col("account") == "x:ann").is_empty()
    assert scene.risk(case.rescore).score <= 10
