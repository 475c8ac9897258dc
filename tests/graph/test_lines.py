"""The lines of weight: what they are for few accounts, and how they grow."""

from __future__ import annotations

import random

import networkx as nx
import pytest

from graph.detection.communities import communities
from graph.detection.crowd import CORE, core_beyond_chance, threshold, with_crowds
from graph.detection.lines import FEW, lines
from graph.model import Tie


def test_few_accounts_have_the_lines_that_their_markets_chose():
    assert lines(10) == lines(FEW)
    assert (lines(FEW).strong, lines(FEW).weakest, lines(FEW).crowd) == (2.5, 0.5, 2.0)


def test_ten_times_the_accounts_raise_the_line_by_more_than_ten_and_less_than_a_hundred():
    few, many = lines(FEW), lines(10 * FEW)
    assert many.strong - few.strong == pytest.approx(1.5)
    assert many.weakest - few.weakest == pytest.approx(1.5)
    assert many.crowd - few.crowd == pytest.approx(0.25)


def test_a_line_that_is_given_holds_whatever_the_accounts_and_the_others_go_with_it():
    for accounts in (10, FEW, 10**6):
        given = lines(accounts, 1.9)
        assert given.strong == 1.9
        assert given.weakest == 0.0
        assert given.crowd == pytest.approx(1.4)


@pytest.mark.parametrize("accounts", [FEW, 4 * FEW, 16 * FEW])
def test_chance_ties_grow_no_cluster_of_strangers(accounts):
    """Ties as chance spreads them: a pair has weight w or more with a chance of 0.07 times 10^-w,
    which is what discrete p-values leave of it on markets of 3,000 accounts."""
    draw = random.Random(accounts)
    line = lines(accounts)
    ties = {}
    for _ in range(int(accounts * (accounts - 1) / 2 * 10**-line.crowd * 0.07)):
        left, right = sorted(draw.sample(range(accounts), 2))
        weight = line.crowd + draw.expovariate(2.302585)
        ends = (f"{left:06}", f"{right:06}")
        ties[ends] = Tie(*ends, ("same_text",), weight, 10**-weight, 1, 1, 0.1, 0, 0)
    parts = communities([t for t in ties.values() if t.weight >= line.strong])
    assert max((len(part) for part in parts), default=0) <= 8
    assert with_crowds([], list(ties.values()), line.crowd, communities, accounts) == []


def test_a_core_is_asked_for_that_no_random_graph_of_as_many_ties_has():
    # the published mean degrees at which a random graph gets a core
    assert [threshold(k) for k in (3, 4, 5)] == pytest.approx([3.35, 5.14, 6.80], abs=0.01)
    assert core_beyond_chance(0.0) == CORE
    assert core_beyond_chance(6.0) == 5
    for degree in (4.0, 9.0):
        k = core_beyond_chance(degree)
        graph = nx.fast_gnp_random_graph(4000, degree / 4000, seed=5)
        assert max(nx.core_number(graph).values()) < k
