"""Clusters followed over runs: each event by a story made by hand, and what holds for all."""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.detection.lineage import Event, Front, Group, Kind, Story, follow


def group(members: str | Iterable[str], **named: int) -> Group:
    """A cluster of one-letter accounts; its id says who they are."""
    return Group("c-" + "".join(sorted(members)), frozenset(members), named)


def told(before: list[Front], *groups: Group, salt: str = "r") -> tuple[Story, list[Front]]:
    """A run, and all fronts after it."""
    story = follow(before, groups, salt)
    kept = {front.lineage: front for front in before}
    kept |= {new.lineage: new for new, _ in story.fronts}
    return story, list(kept.values())


def kinds(story: Story, lineage: str | None = None) -> list[str]:
    return sorted(e.kind for e in story.events if lineage in (None, e.lineage))


def only(story: Story, kind: Kind) -> Event:
    (found,) = [e for e in story.events if e.kind == kind]
    return found


def test_a_first_run_is_all_births_named_by_their_members() -> None:
    one, _ = told([], group("abc", ACME=9), group("xyz"))
    other, _ = told([], group("xyz"), salt="elsewhere")
    assert kinds(one) == ["birth", "birth"]
    assert one.of["c-xyz"] == other.of["c-xyz"]
    assert len(set(one.of.values())) == 2
    assert {new.tickers for new, _ in one.fronts} == {("ACME",), ()}


def test_one_more_member_is_growth_and_the_lineage_stays() -> None:
    first, known = told([], group("abc"))
    second, _ = told(known, group("abcd"))
    assert second.of["c-abcd"] == first.of["c-abc"]
    event = only(second, Kind.GROWTH)
    assert (event.size, event.joined, event.gone) == (4, 1, 0)
    assert event.says == "grew from 3 to 4 accounts (1 joined, 0 left)"


def test_one_member_less_is_a_shrink_and_an_exchange_goes_on() -> None:
    _, known = told([], group("abcd"))
    assert kinds(told(known, group("abc"))[0]) == ["shrink"]
    exchanged, _ = told(known, group("abce"))
    assert kinds(exchanged) == ["continuation"]
    assert (exchanged.events[0].joined, exchanged.events[0].gone) == (1, 1)


def test_a_merge_keeps_the_ancestor_that_gives_most_and_records_the_other() -> None:
    first, known = told([], group("abcde"), group("xyz"))
    second, known = told(known, group("abcdexyz"))
    large, small = first.of["c-abcde"], first.of["c-xyz"]
    assert second.of["c-abcdexyz"] == large
    assert kinds(second, large) == ["growth"]
    event = only(second, Kind.MERGE)
    assert (event.lineage, event.other, event.cluster) == (small, large, "c-abcdexyz")
    assert [f.alive for f in known if f.lineage == small] == [False]


def test_the_largest_part_of_a_split_keeps_the_lineage() -> None:
    first, known = told([], group("abcdefgh"))
    second, _ = told(known, group("abcde"), group("fgh"))
    old = first.of["c-abcdefgh"]
    assert second.of["c-abcde"] == old
    assert kinds(second, old) == ["shrink"]
    event = only(second, Kind.SPLIT)
    assert (event.lineage, event.other) == (second.of["c-fgh"], old)


def test_a_split_of_a_split_does_not_take_a_name_that_is_in_use() -> None:
    """The first members come back as the smaller part: their name is that of the larger one."""
    first, known = told([], group("abc"))
    _, known = told(known, group("abcdefg"))
    third, _ = told(known, group("abc"), group("defg"), salt="r3")
    assert third.of["c-defg"] == first.of["c-abc"]
    assert third.of["c-abc"] != first.of["c-abc"]


def test_what_no_cluster_holds_has_ended_once() -> None:
    _, known = told([], group("abcd"))
    second, known = told(known)
    assert kinds(second) == ["death"]
    assert (second.events[0].size, second.events[0].gone) == (0, 4)
    assert told(known)[0].events == ()


def test_a_ring_that_comes_back_is_known_again() -> None:
    first, known = told([], group("abcd"))
    _, known = told(known)
    third, _ = told(known, group("abce"))
    assert third.of["c-abce"] == first.of["c-abcd"]
    assert kinds(third) == ["return"]
    assert "3 of them from before" in third.events[0].says


def test_a_living_lineage_is_asked_before_one_that_ended() -> None:
    first, known = told([], group("abcde"), group("xyz"))
    _, known = told(known, group("abcdexyz"))  # x, y, z go into the larger one
    third, _ = told(known, group("abcde"), group("xyz"))
    assert third.of == first.of  # and come out again under their old name
    assert kinds(third) == ["return", "shrink"]


def test_the_same_ring_on_another_stock_is_a_reuse_told_once() -> None:
    _, known = told([], group("abcd", ACME=40))
    second, known = told(known, group("abcd", ACME=40, ZORP=6))
    event = only(second, Kind.REUSE)
    assert event.other == "ZORP"
    assert event.says == "turned to $ZORP: 6 evidence posts on it since it was last seen"
    assert [f.tickers for f in known] == [("ACME", "ZORP")]
    assert kinds(told(known, group("abcd", ACME=40, ZORP=30))[0]) == ["continuation"]


@pytest.mark.parametrize(
    "named",
    [
        {"ACME": 40, "ZORP": 4},  # four posts are an aside
        {"ACME": 60, "ZORP": 6},  # most of what came is on the old stock
        {"ACME": 40, **{f"T{n}": 6 for n in range(9)}},  # a feed names whatever there is
    ],
)
def test_an_aside_is_no_reuse(named: dict[str, int]) -> None:
    _, known = told([], group("abcd", ACME=40))
    assert kinds(told(known, group("abcd", **named))[0]) == ["continuation"]


def test_a_large_cluster_turns_by_as_much_as_half_its_members_write() -> None:
    many = [f"a{i}" for i in range(20)]
    _, known = told([], group(many, ACME=40))
    assert kinds(told(known, group(many, ACME=40, ZORP=9))[0]) == ["continuation"]
    assert kinds(told(known, group(many, ACME=40, ZORP=10))[0]) == ["continuation", "reuse"]


def test_a_small_cluster_inside_a_large_new_one_does_not_give_it_its_name() -> None:
    """What an analyst said of three accounts says nothing of sixty."""
    first, known = told([], group("abc"))
    crowd = frozenset("abc") | {f"n{i}" for i in range(57)}
    second, _ = told(known, Group("c-crowd", crowd, {}))
    assert second.of["c-crowd"] != first.of["c-abc"]
    assert kinds(second) == ["birth", "merge"]
    assert only(second, Kind.MERGE).other == second.of["c-crowd"]


def test_one_account_in_common_is_nothing() -> None:
    _, known = told([], group("abc"))
    assert kinds(told(known, group("cde"))[0]) == ["birth", "death"]


def test_clusters_may_share_accounts_and_each_goes_on_as_itself() -> None:
    """An account may sing in a choir and be tied to a ring."""
    both = [group("abcd"), group("cdef")]
    first, known = told([], *both)
    assert kinds(first) == ["birth", "birth"]
    again, _ = told(known, *reversed(both))
    assert again.of == first.of
    assert kinds(again) == ["continuation", "continuation"]


def test_two_clusters_of_the_same_accounts_are_refused() -> None:
    with pytest.raises(ValueError, match="make them one"):
        follow([], [group("abc"), Group("c-other", frozenset("abc"), {})])


@st.composite
def partitions(draw: st.DrawFn) -> list[Group]:
    """Some of twelve accounts in disjoint clusters of at least three."""
    homes = draw(st.lists(st.integers(0, 4), min_size=12, max_size=12))
    parts = [[f"a{i}" for i, home in enumerate(homes) if home == part] for part in range(1, 5)]
    return [
        Group("c-" + "-".join(p), frozenset(p), {"ACME": draw(st.integers(0, 9))})
        for p in parts
        if len(p) >= 3
    ]


@st.composite
def histories(draw: st.DrawFn) -> tuple[list[Front], list[Group]]:
    """What is known after up to three runs, and what the next one finds."""
    known: list[Front] = []
    for number, groups in enumerate(draw(st.lists(partitions(), max_size=3))):
        _, known = told(known, *groups, salt=f"r{number}")
    return known, draw(partitions())


@given(histories())
def test_each_cluster_has_one_lineage_and_each_lineage_at_most_one(
    history: tuple[list[Front], list[Group]],
) -> None:
    known, now = history
    story = follow(known, now, "now")
    assert set(story.of) == {g.id for g in now}
    assert len(set(story.of.values())) == len(now)
    main = [Kind.BIRTH, Kind.CONTINUATION, Kind.GROWTH, Kind.SHRINK, Kind.SPLIT, Kind.RETURN]
    began = sorted(e.lineage for e in story.events if e.kind in main)
    assert began == sorted(story.of.values())
    ended = {e.lineage for e in story.events if e.kind in (Kind.MERGE, Kind.DEATH)}
    assert ended == {f.lineage for f in known if f.alive} - set(story.of.values())


@given(histories(), st.randoms(use_true_random=False))
def test_no_order_matters(history: tuple[list[Front], list[Group]], rng: random.Random) -> None:
    known, now = history
    mixed, later = list(known), list(now)
    rng.shuffle(mixed)
    rng.shuffle(later)
    assert follow(mixed, later, "now") == follow(known, now, "now")


@given(histories())
def test_the_same_clusters_again_are_pure_continuation(
    history: tuple[list[Front], list[Group]],
) -> None:
    known, now = history
    first, known = told(known, *now, salt="now")
    again = follow(known, now, "later")
    assert again.of == first.of
    assert {e.kind for e in again.events} <= {Kind.CONTINUATION}
    assert all(e.joined == e.gone == 0 for e in again.events)
    assert again.fronts == ()


@given(histories())
def test_a_lineage_carries_at_least_a_third_of_its_cluster_from_before(
    history: tuple[list[Front], list[Group]],
) -> None:
    known, now = history
    story = follow(known, now, "now")
    was = {f.lineage: f.members for f in known}
    for found in now:
        if (before := was.get(story.of[found.id])) is not None:
            assert len(before & found.members) >= max(2, 0.3 * len(found.members))


def test_the_fronts_say_how_it_was_before() -> None:
    _, known = told([], group("abc", ACME=9))
    story, _ = told(known, group("abcd", ACME=9))
    ((new, old),) = story.fronts
    assert old == known[0]
    assert new == replace(known[0], cluster="c-abcd", members=frozenset("abcd"))
