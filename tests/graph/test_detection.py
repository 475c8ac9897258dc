"""From posts to clusters: who is tied, who is not, and what is said about it."""

from __future__ import annotations

import random
from itertools import combinations

import pytest

from graph.detection import Settings, detect
from graph.detection.communities import METHODS, communities
from graph.detection.crowd import CROWD, with_crowds
from graph.detection.stability import CANDIDATES
from graph.errors import UsageError
from graph.model import Tie
from tests.graph.acts import observed, post

DAY = 24 * 60
WORDLIST = [
    "oak",
    "ash",
    "elm",
    "fir",
    "yew",
    "bay",
    "box",
    "fig",
    "gum",
    "hop",
    "ivy",
    "nut",
    "oat",
    "pea",
    "rye",
    "tea",
]


def life(accounts=40, posts=10, seed=1):
    """Honest accounts whose texts are their own."""
    rng = random.Random(seed)
    return [
        post(
            f"h{a}",
            " ".join(rng.choices(WORDLIST, k=9)) + f" {a} {n}",
            rng.uniform(0, 20 * DAY),
            ["ACME"],
        )
        for a in range(accounts)
        for n in range(posts)
    ]


def burst(members=8, text="buy zorp before monday it will surely triple", start=3 * DAY):
    return [post(f"m{i}", text, start + i * 0.5, ["ZORP"]) for i in range(members)]


def test_a_ring_that_copies_twice_is_one_cluster_with_its_posts():
    ring = burst() + burst(text="last chance to get zorp before the big news", start=9 * DAY)
    found = detect(observed(life() + ring))
    (cluster,) = found.clusters
    assert {m.account_id for m in cluster.members} == {f"x:m{i}" for i in range(8)}
    assert set(cluster.posts) == {p.id for p in ring}
    assert cluster.promotions[0].ticker == "ZORP"
    assert cluster.members[0].role in ("leader", "amplifier")
    assert [m.account_id for m in cluster.members if m.role == "leader"] == ["x:m0"]
    tie = next(t for t in found.ties if (t.left, t.right) == ("x:m0", "x:m1"))
    assert len({(a.left_post, a.right_post) for a in tie.evidence}) == len(tie.evidence) == 2
    assert tie.expected < 0.1 < tie.co_actions


def test_a_member_who_took_part_once_joins_the_ring_by_many_weak_ties():
    ring = burst() + burst(text="last chance to get zorp before the big news", start=9 * DAY)
    once = post("late", "buy zorp before monday it will surely triple", 3 * DAY + 5, ["ZORP"])
    own = [post("late", f"note {n} " + " ".join(WORDLIST[n : n + 7]), n * DAY) for n in range(3)]
    found = detect(observed(life() + ring + [once, *own]))
    (cluster,) = found.clusters
    assert "x:late" in {m.account_id for m in cluster.members}
    assert all(t.weight < found.min_weight for t in found.ties if "x:late" in (t.left, t.right))


def test_honest_life_ties_nobody():
    assert detect(observed(life())).clusters == ()


def test_a_news_burst_of_one_headline_ties_nobody():
    crowd = [
        post(
            f"h{i}",
            "acme reports record profit for the third quarter",
            5 * DAY + i * 0.05,
            ["ACME"],
        )
        for i in range(120)
    ]
    assert detect(observed(life(120) + crowd)).clusters == ()


def test_honest_fans_of_one_stock_are_not_tied_by_naming_it_together():
    rng = random.Random(3)
    days = [rng.uniform(0, 20 * DAY) for _ in range(30)]
    fans = [
        post(
            f"f{i}",
            f"zorp note {i} {n} " + " ".join(rng.choices(WORDLIST, k=7)),
            day + rng.uniform(0, 8),
            ["ZORP"],
        )
        for i in range(6)
        for n, day in enumerate(days)
    ]
    assert detect(observed(life() + fans)).clusters == ()


def test_a_giveaway_is_found_by_the_slow_window_and_said_to_be_one():
    text = "hope i win this tablet in the big spring giveaway"
    entries = [post(f"g{i}", text, i * 300) for i in range(30)]
    found = detect(observed(life(300, 20) + entries))
    cluster = max(found.clusters, key=lambda c: len(c.members))
    assert len(cluster.members) >= 20
    assert cluster.benign is not None
    assert "giveaway" in cluster.benign
    ties = [t for t in found.ties if t.left.startswith("x:g")]
    assert {a.window for t in ties for a in t.evidence} == {"7d"}


def test_a_giveaway_that_names_a_stock_is_still_said_to_be_one_and_a_burst_is_not():
    text = "hope i win this tablet in the big spring giveaway"
    slow = [post(f"g{i}", text, i * 400, ["ACME"]) for i in range(30)]
    found = detect(observed(life(300, 20) + slow))
    cluster = max(found.clusters, key=lambda c: len(c.members))
    assert "an account at a time" in (cluster.benign or "")
    ring = burst() + burst(start=12 * DAY)
    (cluster,) = detect(observed(life() + ring)).clusters
    assert cluster.benign is None


def test_nothing_of_the_future_is_seen():
    ring = burst() + burst(text="last chance to get zorp before the big news", start=9 * DAY)
    cut = 8 * DAY * 60_000
    early = [p for p in life() + ring if p.at <= cut]
    assert detect(observed(life() + ring, as_of=cut)) == detect(observed(early, as_of=cut))


def test_the_order_of_posts_changes_nothing():
    posts = (
        life() + burst() + burst(text="last chance to get zorp before the big news", start=9 * DAY)
    )
    assert detect(observed(posts)) == detect(observed(posts[::-1]))


def test_nobody_at_all_is_no_error():
    assert detect(observed([])).ties == ()


def test_without_strong_ties_weak_ones_make_nothing():
    posts = (
        life() + burst() + burst(text="last chance to get zorp before the big news", start=9 * DAY)
    )
    weak = detect(observed(posts))
    none = detect(observed(posts), Settings(min_weight=20, choirs=False))
    assert weak.ties
    assert none.ties == ()
    assert none.clusters == ()


def tie(left: str, right: str, weight: float = 5.0) -> Tie:
    return Tie(left, right, ("same_text",), weight, 10**-weight, 0.01, 2, 0.01, 0, 0)


@pytest.mark.parametrize("method", sorted(METHODS))
def test_each_method_parts_two_rings_whatever_the_order(method):
    rings = [tie(a, b) for ring in ("abcd", "wxyz") for a in ring for b in ring if a < b]
    ties = [*rings, tie("d", "w", 0.5)]
    assert (
        communities(ties, method)
        == communities(ties[::-1], method)
        == [tuple("abcd"), tuple("wxyz")]
    )


def test_an_unknown_method_is_refused_with_the_known_ones():
    with pytest.raises(UsageError, match="leiden"):
        communities([], "magic")


def test_a_crowd_tied_just_below_the_line_is_a_cluster_and_a_few_are_not():
    # sixty entrants of one post each: no two of them share more than the one text
    text = "hope i win this tablet in the big spring giveaway"
    crowd = [post(f"g{i}", text, i * 600, ["ACME"]) for i in range(60)]
    line = Settings(min_weight=2.3)
    found = detect(observed(life(300, 4) + crowd), line)
    entrants = {f"x:g{i}" for i in range(60)}
    assert all(t.weight < 2.3 for t in found.ties if {t.left, t.right} <= entrants)
    assert entrants in [{m.account_id for m in c.members} for c in found.clusters]
    near = [tie(a, b, 1.5) for a, b in combinations("abcdefgh", 2)]
    assert with_crowds([], near, 1.4, communities, 100) == [tuple("abcdefgh")]
    assert with_crowds([], near, 2.0, communities, 100) == []
    seven = [t for t in near if "h" not in (t.left, t.right)]
    assert len({t.left for t in seven} | {t.right for t in seven}) == CROWD - 1
    assert with_crowds([], seven, 1.4, communities, 100) == []


def test_many_who_are_loosely_tied_are_no_crowd():
    # each is tied to the next three on a ring: three ties are left to each of no core of four
    ring = [tie(*sorted((f"{n:02}", f"{(n + k) % 30:02}")), 2.2) for n in range(30) for k in (1, 2)]
    assert with_crowds([], ring, 2.0, communities, 100) != [tuple(f"{n:02}" for n in range(30))]
    sparse = [t for t in ring if not (int(t.left) % 5 == 0 and int(t.right) - int(t.left) == 2)]
    assert with_crowds([], sparse, 2.0, communities, 100) == []


def test_a_crowd_joins_the_cluster_it_reaches():
    strong = [tie(a, b) for a, b in combinations("abc", 2)]
    near = [tie(a, b, 2.2) for a, b in combinations("mnopqrst", 2)]
    parts = [tuple("abc"), ("m",), ("x", "y")]
    apart = with_crowds(parts, strong + near, 2.0, communities, 100)
    assert apart == [tuple("abc"), tuple("mnopqrst"), ("x", "y")]
    cross = [tie(a, b, 2.2) for a in "abc" for b in "mn"]
    assert with_crowds(parts, (strong + near + cross)[::-1], 2.0, communities, 100) == [
        tuple("abcmnopqrst"),
        ("x", "y"),
    ]


def test_a_resolution_that_is_not_given_is_chosen_and_stated():
    ring = burst() + burst(text="last chance to get zorp before the big news", start=9 * DAY)
    found = detect(observed(life() + ring), Settings(resolution=None))
    assert found.resolution in CANDIDATES
    assert (
        found.clusters
        == detect(observed(life() + ring), Settings(resolution=found.resolution)).clusters
    )
    assert detect(observed(life()), Settings(resolution=1.5)).resolution == 1.5
