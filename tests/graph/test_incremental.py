"""The incremental engine stands where the batch would, to the last bit, whatever came when."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graph.detection import incremental
from graph.detection.incremental import Arrived, Incremental
from graph.detection.incremental.tally import Tally
from graph.detection.ties import Tables, as_ties
from graph.detection.traces import ALL, co_link
from graph.detection.traces.trace import Trace
from graph.errors import UsageError
from graph.model import Post
from tests.graph.acts import observed
from tests.graph.streams import (
    ALONE,
    LINKS,
    SECOND,
    TRACES,
    batch,
    batch_co_actions,
    batch_meetings,
    post,
)

LONG = 10**9


def engine(horizon: int = LONG, span: int = LONG, traces: Sequence[Trace] = LINKS, most: int = 256):
    return Incremental(traces, span, horizon, most)


def same(found: Tables, wanted: Tables | None) -> None:
    """Equal frames; episodes may be numbered otherwise, but must part the rows alike."""
    if wanted is None:
        assert found.ties.is_empty()
        assert found.evidence.is_empty()
        assert found.parts.is_empty()
        return
    assert found.ties.equals(wanted.ties)
    assert found.parts.equals(wanted.parts)
    assert found.evidence.drop("episode").equals(wanted.evidence.drop("episode"))
    both = pl.DataFrame(
        {
            "trace": found.evidence["trace"],
            "window": found.evidence["window"],
            "ours": found.evidence["episode"],
            "theirs": wanted.evidence["episode"],
        }
    ).unique()
    assert both.height == both.unique(["trace", "window", "ours"]).height
    assert both.height == both.unique(["trace", "window", "theirs"]).height
    assert (found.too_popular, found.tests) == (wanted.too_popular, wanted.tests)


def agrees(ours: Incremental, posts: Iterable[Post], span: int = LONG, **more: int) -> None:
    """Tables, meetings, and the co-actions of some posts are the batch's."""
    held = list(posts)
    traces, most = more.get("traces", LINKS), more.get("most", 256)
    assert len(ours) == len(held)
    same(ours.tables(), batch(held, span, traces, most))
    assert ours.meetings().equals(batch_meetings(held, span, traces, most))
    some = [p.id for p in held[::3]]
    rows = ours.co_actions(some).iter_rows(named=True)
    found = {
        (r["trace"], r["window"], r["left_post"], r["right_post"], r["object"], r["popularity"])
        for r in rows
    }
    assert found == batch_co_actions(held, some, span, traces, most)


def lively(draw: random.Random, count: int, accounts: int, seconds: int) -> list[Post]:
    """Posts of few accounts on few objects; some answer or repost one another or themselves."""
    return [
        post(
            f"p{n}",
            f"x:u{draw.randrange(accounts)}",
            draw.randrange(seconds),
            [f"l{draw.randrange(6)}" for _ in range(draw.choice([0, 1, 1, 2]))],
            [f"T{draw.randrange(4)}" for _ in range(draw.choice([0, 1, 2]))],
            reply_to=f"p{draw.randrange(min(count, 9))}" if draw.random() < 0.3 else None,
            repost_of=f"p{draw.randrange(min(count, 9))}" if draw.random() < 0.15 else None,
        )
        for n in range(count)
    ]


class Script:
    """Posts brought in pieces, some taken back, some edited; and what should be held."""

    def __init__(
        self, draw: random.Random, traces: Sequence[Trace], horizon: int, span: int, most: int
    ) -> None:
        self.draw, self.traces, self.span, self.most = draw, traces, span, most
        self.engine = engine(horizon, span, traces, most)
        self.held: dict[str, Post] = {}

    def bring(self, posts: list[Post]) -> None:
        report = self.engine.update(observed(posts))
        new = {p.id: p for p in posts if p.id not in self.held}
        before = len(self.held)
        taken = {p.id: p for p in new.values() if p.at >= self.engine.open_from}
        both = {**self.held, **taken}
        self.held = {p.id: p for p in both.values() if p.at >= self.engine.open_from}
        assert report.taken == len(taken)
        assert report.closed == len(new) - len(taken)
        assert report.repeated == len(posts) - len(new)
        assert report.left == before + len(taken) - len(self.held)

    def take_back(self, count: int) -> None:
        names = self.draw.sample(sorted(self.held), min(count, len(self.held)))
        report = self.engine.remove([*names, "never"])
        assert (report.removed, report.unknown) == (len(names), ("never",))
        for name in names:
            del self.held[name]

    def edit(self, other: list[Post]) -> None:
        names = self.draw.sample(sorted(self.held), min(len(other), len(self.held)))
        edited = [replace(new, id=name) for name, new in zip(names, other, strict=False)]
        self.engine.edit(observed(edited))
        self.held |= {p.id: p for p in edited}
        self.held = {p.id: p for p in self.held.values() if p.at >= self.engine.open_from}

    def check(self) -> None:
        agrees(self.engine, self.held.values(), self.span, traces=self.traces, most=self.most)


@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.randoms(use_true_random=False),
    st.sampled_from([TRACES, *ALONE]),
    st.integers(3, 120),
    st.integers(2, 12),
    st.sampled_from([200, 900, 10**6]),
    st.sampled_from([100, 700, 10**6]),
    st.sampled_from([2, 3, 6, 256]),
    st.sampled_from([150, 1500]),
)
def test_it_stands_where_the_batch_stands(draw, traces, count, accounts, horizon, span, most, long):
    script = Script(draw, traces, horizon * SECOND, span * SECOND, most)
    todo = lively(draw, count, accounts, long)
    draw.shuffle(todo)
    while todo:
        piece = draw.choice([1, 3, 20, 60])
        script.bring(
            [*todo[:piece], *draw.sample(list(script.held.values()), min(2, len(script.held)))]
        )
        todo = todo[piece:]
        act = draw.random()
        if act < 0.3:
            script.take_back(draw.choice([1, 4, 30]))
        elif act < 0.45:
            script.edit(lively(draw, 3, accounts, long))
        if draw.random() < 0.2:
            script.check()
    script.check()
    script.take_back(len(script.held))
    script.check()


def line(*seconds: int, link: str = "l") -> list[Post]:
    """Posts on one link, each of its own account."""
    return [post(f"{link}{s}", f"x:{s}", s, [link]) for s in seconds]


def test_the_window_is_inclusive_at_both_ends():
    ours = engine()
    ours.update(observed(line(100, 160)))
    assert ours.meetings()["window"].to_list() == ["60s"]
    ours.update(observed(line(39)))
    assert ours.meetings().height == 1
    ours.update(observed(line(40)))
    agrees(ours, line(39, 40, 100, 160))
    assert set(ours.meetings()["left"]) == {"x:100", "x:39"}


def test_a_late_post_joins_two_episodes_and_its_deletion_parts_them():
    ours, posts = engine(), line(0, 15, 50, 65)
    ours.update(observed(posts))
    assert set(ours.meetings().filter(window="20s")["times"]) == {1}
    ours.update(observed(line(32)))
    agrees(ours, posts + line(32))
    assert set(ours.co_actions(["l0", "l65"])["popularity"]) == {5}
    ours.remove(["l32"])
    agrees(ours, posts)
    assert set(ours.co_actions(["l0", "l65"]).filter(window="20s")["popularity"]) == {2}


def test_an_earlier_post_may_put_an_episode_into_another_stratum():
    ours, span = engine(span=100 * SECOND), 100 * SECOND
    posts = line(105, 110, 250, 255, link="l") + line(90, 95, link="m")
    ours.update(observed(posts))
    agrees(ours, posts, span)
    ours.update(observed(line(99)))
    agrees(ours, posts + line(99), span)
    ours.remove(["l99"])
    agrees(ours, posts, span)


@pytest.mark.parametrize("crowd", [4, 16, 64, 256])
def test_a_crowd_that_grows_past_a_level_moves_its_pairs_there_and_back(crowd):
    ours, posts = engine(), line(*range(crowd)) + line(1, 7, 100, 500, link="m")
    ours.update(observed(posts))
    level = {4: 16, 16: 64, 64: 256, 256: None}[crowd]
    assert set(ours.meetings().filter(pl.col("left") == "x:0")["level"]) == {crowd}
    one = post("late", "x:late", 2, ["l"])
    ours.update(observed([one]))
    agrees(ours, [*posts, one])
    found = set(ours.meetings().filter(pl.col("left") == "x:0")["level"])
    assert found == ({level} if level else set())
    assert ours.tables().too_popular == (0 if level else 2)
    ours.remove(["late"])
    agrees(ours, posts)


def test_who_leaves_a_crowd_that_ties_nobody_is_less_active_for_it():
    one = [replace(LINKS[0], windows=("60s",))]
    ours = engine(traces=one, most=3)
    posts = [*line(*range(8)), post("m0", "x:0", 500, ["m"]), post("m1", "x:1", 510, ["m"])]
    posts += line(900, 1200, 1500, link="own")
    ours.update(observed(posts))
    agrees(ours, posts, traces=one, most=3)
    before = ours.tables().ties["p_value"].to_list()
    ours.remove(["l0"])
    agrees(ours, [p for p in posts if p.id != "l0"], traces=one, most=3)
    assert ours.tables().ties["p_value"].to_list() < before
    late = post("again", "x:0", 3, ["l"])
    ours.update(observed([late]))
    agrees(ours, [late, *(p for p in posts if p.id != "l0")], traces=one, most=3)
    assert ours.tables().ties["p_value"].to_list() == before


def test_what_repeats_itself_gains_nothing_until_the_other_one_goes():
    ours = engine()
    posts = [post("a1", "x:a", 0, ["l"]), post("a2", "x:a", 9, ["l"]), post("b", "x:b", 5, ["l"])]
    ours.update(observed(posts))
    agrees(ours, posts)
    ours.remove(["a1"])
    agrees(ours, posts[1:])
    ours.remove(["a2"])
    agrees(ours, posts[2:])


def test_co_actions_of_new_posts_come_with_how_often_the_pairs_met():
    ours = engine()
    ours.update(observed(line(0, 5)))
    ours.update(observed([post("n", "x:5", 300, ["m"]), post("o", "x:0", 310, ["m"])]))
    rows = ours.co_actions(["n"])
    assert rows["left_post"].to_list() == ["o", "o"]
    assert rows["right_post"].to_list() == ["n", "n"]
    assert rows["window"].to_list() == ["20s", "60s"]
    assert rows["seconds"].to_list() == [-10, -10]
    assert rows["met"].to_list() == [[2, 0, 0, 0], [2, 0, 0, 0]]
    with pytest.raises(UsageError, match="'gone' is not held"):
        ours.co_actions(["n", "gone"])


def test_what_leaves_the_horizon_is_forgotten_and_what_comes_too_late_is_counted():
    ours = engine(horizon=100 * SECOND)
    first, second = line(0, 5, 50), line(120, 130)
    assert ours.update(observed(first)) == Arrived(taken=3)
    assert ours.update(observed(second)) == Arrived(taken=2, left=2)
    assert ours.open_from == 30 * SECOND
    agrees(ours, first[2:] + second)
    late = line(29, 30, link="m")
    assert ours.update(observed(late)) == Arrived(taken=1, closed=1)
    agrees(ours, first[2:] + second + late[1:])
    assert ours.update(observed(late)) == Arrived(repeated=1, closed=1)
    assert ours.remove(["l0"]).unknown == ("l0",)
    assert ours.counted == Arrived(taken=6, repeated=1, closed=2, left=2)
    ours.remove([p.id for p in second])
    assert ours.open_from == 30 * SECOND


def test_the_cut_may_part_an_episode():
    ours = engine(horizon=100 * SECOND)
    posts = line(0, 15, 30, 45)
    ours.update(observed(posts))
    ours.update(observed(line(116, link="m")))
    agrees(ours, posts[2:] + line(116, link="m"))


def test_a_post_dated_ahead_is_not_taken_and_does_not_move_the_horizon():
    ours = engine(horizon=100 * SECOND)
    ours.update(observed(line(0, 5)))
    ahead = line(10, link="m") + line(500, link="n")
    report = ours.update(replace(observed(ahead), as_of=20 * SECOND))
    assert report == Arrived(taken=1, ahead=1)
    agrees(ours, line(0, 5) + ahead[:1])
    assert ours.update(observed(ahead)) == Arrived(taken=1, repeated=1, left=3)


def answer(name: str, who: str, second: int, to: str) -> Post:
    return post(name, who, second, reply_to=to)


def test_who_answers_himself_acts_only_while_that_is_not_known():
    span = LONG
    ours = engine(horizon=1000 * SECOND, traces=TRACES)
    first = post("root", "x:a", 0)
    answers = [answer("a1", "x:a", 10, "root"), answer("b1", "x:b", 15, "root")]
    tail = [answer("c1", "x:c", 20, "root")]
    ours.update(observed(answers))
    agrees(ours, answers, span, traces=TRACES)
    assert ours.meetings().height == 1
    ours.update(observed([first]))  # late: now a answers himself
    agrees(ours, [first, *answers], span, traces=TRACES)
    assert ours.meetings().is_empty()
    ours.update(observed(tail))
    ours.remove(["root"])
    agrees(ours, [*answers, *tail], span, traces=TRACES)
    assert ours.meetings().height == 3
    ours.update(observed([first]))
    ours.remove(["a1"])
    ours.update(observed([answers[0]]))
    agrees(ours, [first, *answers, *tail], span, traces=TRACES)
    far = post("far", "x:z", 1005)
    ours.update(observed([far]))  # root leaves the horizon
    agrees(ours, [*answers, *tail, far], span, traces=TRACES)
    assert ours.meetings().height == 3


def test_an_answer_to_himself_that_came_with_what_it_answers_counts_when_that_goes():
    ours = engine(traces=TRACES)
    first, answers = post("root", "x:a", 0), [answer("a1", "x:a", 10, "root")]
    answers.append(answer("b1", "x:b", 15, "root"))
    ours.update(observed([first, *answers]))
    agrees(ours, [first, *answers], traces=TRACES)
    ours.remove(["root"])
    agrees(ours, answers, traces=TRACES)
    assert ours.meetings().height == 1
    ours.update(observed([first]))
    ours.remove(["a1", "root"])  # both at once: nothing of it comes back
    agrees(ours, answers[1:], traces=TRACES)


def test_an_edit_puts_a_post_in_place_of_what_it_was():
    ours, posts = engine(), line(0, 5, 100)
    ours.update(observed(posts))
    same_again = [post("l0", "x:0", 0, ["other"])]
    assert ours.update(observed(same_again)).repeated == 1
    agrees(ours, posts)
    assert ours.edit(observed([*same_again, post("new", "x:n", 2, ["other"])])).taken == 2
    agrees(ours, [*same_again, *posts[1:], post("new", "x:n", 2, ["other"])])


def test_a_post_is_taken_back_once():
    ours = engine()
    ours.update(observed(line(0, 5)))
    report = ours.remove(["l0", "l0", "no"])
    assert (report.removed, report.unknown) == (1, ("no",))
    assert ours.remove(["l0"]).unknown == ("l0",)
    agrees(ours, line(5))


def test_nothing_at_all_is_no_error():
    ours = engine(traces=TRACES)
    assert ours.update(observed([])) == Arrived()
    assert ours.tables().ties.is_empty()
    assert ours.meetings().is_empty()
    assert ours.co_actions([]).is_empty()


def campaign(draw: random.Random) -> list[Post]:
    """Honest life on many links, and a ring of five that meets again and again."""
    life = [
        post(
            f"h{n}", f"x:h{draw.randrange(60)}", draw.randrange(90_000), [f"l{draw.randrange(150)}"]
        )
        for n in range(1500)
    ]
    ring = [
        post(f"r{c}-{m}", f"x:r{m}", 9000 * c + draw.randrange(15), [f"ring{c}"])
        for c in range(6)
        for m in range(5)
    ]
    return life + ring


@pytest.mark.parametrize(
    ("keep", "fdr", "least"), [(1, 1, 1), (0.3, 1, 1), (1, 0.05, 1), (0.1, 0.5, 3), (1, 0.999, 2)]
)
def test_a_filter_keeps_what_the_batch_keeps(keep, fdr, least):
    posts = campaign(random.Random(4))
    ours = engine()
    ours.update(observed(posts))
    more = {"keep": keep, "fdr": fdr, "least": least, "half_life": 30_000}
    found = ours.tables(**more)
    same(found, batch(posts, LONG, LINKS, **more))
    assert found.ties.height >= 10
    assert as_ties(found) == as_ties(batch(posts, LONG, LINKS, **more))


def test_a_filter_at_the_very_edge_keeps_what_the_batch_keeps_with_all_its_parts():
    draw = random.Random(2)
    quiet = [
        post(f"q{n}", f"x:q{n % 300}", draw.randrange(90_000), [f"own{n}"], [f"T{n % 40}"])
        for n in range(1200)
    ]
    ring = [
        post(f"r{c}-{m}", f"x:r{m}", 9000 * c + 4 * m, [f"ring{c}"] if c < 2 + m else [], ["T1"])
        for c in range(6)
        for m in range(5)
    ]
    ours = engine(traces=TRACES)
    ours.update(observed(quiet + ring))
    whole = batch(quiet + ring, LONG)
    assert whole is not None
    edges = sorted(set(whole.ties["q_value"].to_list()) - {1.0})
    assert len(edges) >= 3
    for edge in edges[-3:]:
        for fdr in (edge, float(np.nextafter(edge, 0))):
            found, wanted = ours.tables(fdr=fdr), batch(quiet + ring, LONG, fdr=fdr)
            same(found, wanted)
    found = ours.tables(fdr=edges[0])
    same(found, batch(quiet + ring, LONG, fdr=edges[0]))
    assert found.parts["p_value"].max() > 1000 * found.ties["p_value"].max()


def test_only_strata_that_changed_are_fitted_again(monkeypatch):
    ours = Incremental(TRACES, 100 * SECOND, LONG)
    posts = lively(random.Random(1), 300, 10, 900)
    ours.update(observed(posts))
    ours.tables()
    asked = incremental.asked
    fitted = []
    plain = asked.chances
    monkeypatch.setattr(asked, "chances", lambda *a: (fitted.append(1), plain(*a))[1])
    ours.tables()
    assert fitted == []
    one = post("one", "x:u1", 450, ["l1"])
    ours.update(observed([one]))
    same(ours.tables(), batch([*posts, one], 100 * SECOND))
    assert 1 <= len(fitted) <= 4


def test_a_long_stream_leaves_nothing_behind():
    ours = engine(horizon=100 * SECOND, traces=TRACES)
    draw = random.Random(5)
    sizes, every = [], []
    for n in range(60):
        new = [
            post(
                f"{n}-{k}",
                f"x:{n // 3}-{draw.randrange(9)}",
                60 * n + draw.randrange(60),
                [f"l{n // 2}-{draw.randrange(4)}"],
                [f"T{n // 5}"],
                reply_to=f"{n}-{draw.randrange(9)}" if draw.random() < 0.3 else None,
            )
            for k in range(40)
        ]
        ours.update(observed(new))
        every += new
        if n % 10 == 9:
            ours.tables()
            sizes.append(room(ours))
    assert max(sizes[2:]) <= sizes[1] * 1.3
    agrees(ours, [p for p in every if p.at >= ours.open_from], traces=TRACES)


def room(ours: Incremental) -> int:
    """Everything that is held, in places."""
    total = 0
    for one in ours._lines:
        total += len(one.timeline.at) + one.objects.room + one.places.room
        total += len(one._aside._to) if one._aside else 0
        for standing in one.standing:
            total += len(standing.meetings.read()[0]) + len(standing.incidences.read()[0])
            total += len(standing.fits) + len(standing.classes.read()[0])
    return total + ours._held.posts.room + ours._held.accounts.room


@pytest.mark.parametrize("name", ["near_text", "same_meaning", "same_image", "lockstep"])
def test_a_trace_that_looks_at_other_posts_is_refused(name):
    with pytest.raises(UsageError, match=f"{name} is not covered; there are same_text, "):
        engine(traces=[*LINKS, ALL[name]])


def test_lengths_and_times_that_cannot_be_are_refused():
    with pytest.raises(UsageError, match="at least a millisecond"):
        engine(horizon=0)
    with pytest.raises(UsageError, match="at least a millisecond"):
        engine(span=0)
    with pytest.raises(UsageError, match="nothing is not covered"):
        engine(traces=[])
    ours = engine(span=1)
    with pytest.raises(UsageError, match="must lie from 0 to 65535"):
        ours.update(observed(line(66)))
    with pytest.raises(UsageError, match="lie from -1000 to"):
        ours.update(observed(line(-1, 3)))
    assert len(ours) == 0


def test_an_object_in_two_strata_is_refused_and_changes_nothing():
    def acts(seen):
        return co_link.acts(seen).with_columns(stratum=pl.col("account"))

    ours = engine(traces=[Trace("co_link", "", ("20s",), acts)])
    ours.update(observed(line(0)))
    for wrong in (line(5), line(5, 6, link="m")):
        with pytest.raises(UsageError, match="an object has one stratum"):
            ours.update(observed(wrong))
    assert len(ours) == 1
    ours.update(observed(line(5, link="m")))
    assert len(ours) == 2


def test_more_cannot_be_taken_away_than_there_was():
    tally = Tally()
    tally.note(np.array([7 * 2 + 1, 7 * 2 + 1, 9 * 2 + 1, 7 * 2]))
    assert tally.counts(np.array([7, 8, 9])).tolist() == [1, 0, 1]
    assert [part.tolist() for part in tally.read()] == [[7, 9], [1, 1]]
    tally.note(np.array([9 * 2, 9 * 2]))
    with pytest.raises(ValueError, match="more was taken away"):
        tally.read()


def test_the_batch_says_the_same_to_the_last_bit_whatever_the_order_of_rows():
    posts = lively(random.Random(8), 250, 8, 900)
    apart = [replace(p, reply_to=None, repost_of=None) for p in posts]
    turned = [replace(p, id=f"{999 - n}") for n, p in enumerate(apart)]
    tickers = [replace(TRACES[2], windows=("30s",))]
    found, again = (batch(these, 60 * SECOND, tickers) for these in (apart, turned))
    assert found is not None
    assert again is not None
    assert found.ties.height > 20
    assert found.ties.equals(again.ties)
    assert found.parts.equals(again.parts)
