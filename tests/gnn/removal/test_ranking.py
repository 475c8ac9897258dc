"""The order of evidence, and the smallest set."""

from __future__ import annotations

from collections.abc import Collection

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gnn.calibrate import sigmoid
from gnn.removal.ranking import ALONE, FIRST, minimal, ranked
from graph.model import Risk


class Pretend:
    """A weighing in which the log odds are those of a function of what is left."""

    def __init__(self, of: dict[frozenset[str], float] | None = None, each: float = 1.0) -> None:
        self.of, self.each = of or {}, each

    def moved(self, posts: Collection[str], already: Collection[str] = ()) -> float:
        gone = frozenset(already)
        return self._at(gone | frozenset(posts)) - self._at(gone)

    def _at(self, gone: frozenset[str]) -> float:
        return self.of.get(gone, -self.each * len(gone))


def test_copies_stand_in_for_one_another_so_the_second_counts_when_the_first_is_gone() -> None:
    odds = {frozenset(): 5.0}
    odds |= {frozenset(p): 5.0 for p in "ab"} | {frozenset("c"): 4.0}
    odds |= {frozenset("ac"): 4.0, frozenset("bc"): 3.5, frozenset("ab"): 1.0}
    odds[frozenset("abc")] = 0.0
    found = ranked(["a", "b", "c"], {}, Pretend(odds))  # type: ignore[arg-type]
    assert found.alone == {"a": 0.0, "b": 0.0, "c": -1.0}
    assert found.posts == ("c", "b", "a")
    assert found.first == 3


def test_of_equal_ones_that_with_more_shared_acts_comes_first() -> None:
    found = ranked(["a", "b", "c"], {"b": 9, "c": 3}, Pretend())  # type: ignore[arg-type]
    assert found.posts == ("b", "c", "a")


def test_only_the_first_ten_are_put_in_order_and_only_so_many_are_weighed_alone() -> None:
    posts = [f"p{n:03}" for n in range(ALONE + 30)]
    acts = dict.fromkeys(posts[:ALONE], 1)
    found = ranked(posts[::-1], acts, Pretend())  # type: ignore[arg-type]
    assert found.first == FIRST
    assert set(found.alone) == set(posts[:ALONE])
    assert sorted(found.posts) == posts
    assert set(found.posts[ALONE:]) == set(posts[ALONE:])


@given(st.permutations([f"p{n}" for n in range(12)]))
def test_the_order_in_which_posts_come_changes_nothing(posts: list[str]) -> None:
    acts = {post: int(post[1:]) // 3 for post in posts}
    pretend = Pretend(each=0.5)
    assert ranked(posts, acts, pretend) == ranked(sorted(posts), acts, pretend)  # type: ignore[arg-type]


@given(
    st.sets(st.frozensets(st.integers(0, 9), min_size=1, max_size=3), min_size=1, max_size=12),
    st.integers(0, 9),
)
def test_with_any_one_item_back_the_band_is_there_again(
    dropping: set[frozenset[int]], more: int
) -> None:
    """Also where taking out more may raise the score again."""

    def drops(gone: Collection[str]) -> bool:
        numbers = {int(item) for item in gone}
        even = len(numbers) % 3 != 1 or len(numbers) == 10
        return even and any(one <= numbers for one in dropping)

    order = [str(n) for n in range(10)]
    found = minimal(order, drops)
    assert found is not None
    assert drops(found)
    for item in found:
        assert not drops([other for other in found if other != item])


def test_it_says_where_nothing_drops_the_band() -> None:
    assert minimal(["a", "b"], lambda gone: False) is None
    assert minimal([], lambda gone: True) is None


def test_one_post_may_be_enough() -> None:
    assert minimal(["a", "b", "c"], lambda gone: "c" in gone) == ("c",)


def test_log_odds_come_from_the_probability() -> None:
    from gnn.removal.weighing import log_odds

    risk = Risk("c", "cluster", 85, float(sigmoid(2.5)), "critical", "m", 0)  # type: ignore[arg-type]
    assert log_odds(risk) == pytest.approx(2.5)
