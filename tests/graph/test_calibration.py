"""Calibration in small: what make bench-coordination does on whole sets, in seconds.

The bench is tests/bench/coordination/calibration.py; its bounds are those of the tests here.
"""

from __future__ import annotations

import numpy as np
import pytest

from graph.detection.acts import encode
from graph.detection.coaction import meet
from graph.detection.margins import margins
from graph.detection.ties import Question
from tests.bench.coordination.calibration import ALPHA, calibrate
from tests.bench.coordination.expected import LIMITS, _drawn, _kinds, _summed, expected, rejections
from tests.bench.coordination.sets import Set
from tests.graph.acts import acts

DAY = 86_400_000


def busy_life(accounts=1500, objects=3000, days=30, seed=5):
    """Accounts of very different activity on objects of very different popularity."""
    rng = np.random.default_rng(seed)
    activity = rng.lognormal(0, 1, accounts)
    rows = []
    for thing in range(objects):
        crowd = 1 + min(int(rng.pareto(1.3)), 60)
        who = rng.choice(accounts, crowd, replace=False, p=activity / activity.sum())
        begin = int(rng.integers(0, days * DAY))
        rows += [(f"u{a:04}", f"o{thing}", begin + int(rng.integers(0, 90_000))) for a in who]
    return acts(rows)


@pytest.fixture(scope="module")
def life():
    found = encode(busy_life())
    return Set("life", (Question("co_link", "60s", found),), 1500)


def test_p_and_q_hold_what_they_say_and_known_ties_are_found(life):
    row, every = calibrate(life, runs=20)
    assert row["broken"] == every["broken"] == []
    # and not because nothing is ever accepted
    assert row["over"][0] > 0.85
    assert row["over"][1] > 0.7
    assert row["possible"] > 300
    assert row["curve"][1] < row["curve"][3] < row["curve"][12]
    assert row["curve"][12] > 0.9


def test_a_combined_p_is_the_smallest_times_the_questions(life):
    twice = Set(life.name, life.questions * 2, life.active)
    once = calibrate(life, runs=2)
    both = calibrate(twice, runs=2)
    assert both[0]["mean"] == once[0]["mean"]
    assert both[0]["mean"] == both[1]["mean"]


def test_what_the_model_expects_is_the_same_summed_and_drawn(life):
    met = meet(life.questions[0].acts, 60_000, 30 * DAY)
    by = margins(met)
    summed, drawn = _summed(met, _kinds(met, by), by), _drawn(met, by, seed=3)
    assert drawn.pairs == pytest.approx(summed.pairs, rel=0.05)
    assert (abs(drawn.pairs - summed.pairs) < 5 * drawn.error).all()
    assert expected(met, by).pairs == pytest.approx(summed.pairs, rel=0.05)


def test_what_the_model_expects_of_a_pair_is_how_often_its_trials_reject():
    # two accounts in 12 of 40 episodes of three and in 5 of 20 of ten: simulate the trials
    rng = np.random.default_rng(8)
    rows = [(f"v{i}", f"w{i}", i * 10**6) for i in range(300)]
    for n, (size, inside) in enumerate([(3, 12)] * 40 + [(10, 5)] * 20):
        number = n if size == 3 else n - 40
        who = rng.choice(60, size, replace=False)
        if number < inside:
            who[:1] = 98 + number % 2
        rows += [(f"u{a:02}", f"o{n}", 10**9 + n * 10**6 + i) for i, a in enumerate(set(who))]
    found = encode(acts(rows))
    by = margins(meet(found, 1000, 10**15))
    names = found.accounts.to_list()
    a, b = names.index("u98"), names.index("u99")
    chances = rejections(np.array([a]), np.array([b]), by, len(names))[0]
    simulated = _simulated(by, a, b, rng)
    assert chances == pytest.approx(simulated, abs=0.004)
    assert chances[0] > 0


def _simulated(by, a, b, rng, runs=60_000):
    """Share of runs whose p, by the book, is at most each limit."""
    from scipy.stats import poisson

    from graph.detection.margins import together

    levels = np.zeros((2, runs), dtype=int)
    mean = np.zeros(2)
    for c in range(len(by.popularity)):
        p = together(by.chance[by.row[by.active[a]] + c], by.chance[by.row[by.active[b]] + c],
                     by.spread[c]) * by.meeting[c]  # fmt: skip
        level = 0 if by.popularity[c] <= 4 else 1
        levels[level] += rng.binomial(by.episodes[c], p, runs)
        mean[level] += p * by.episodes[c]
    p = np.ones(runs)
    for k in range(2):
        seen = levels[: k + 1].sum(axis=0)
        p = np.minimum(p, 4 * poisson.sf(seen - 1, mean[: k + 1].sum()))
    return [(p <= limit).mean() for limit in LIMITS]


def test_a_row_says_what_is_broken():
    from tests.bench.coordination.calibration import Tally, _row
    from tests.bench.coordination.expected import Expected

    tally = Tally(small=[[12, 1, 0]] * 40, accepted=[True] * 8 + [False] * 32, wrong=[0.3] * 40)
    row = _row(
        "life",
        "co_link",
        tally,
        Expected(np.array([10.0, 1, 1]), np.zeros(3), np.array([1.2, 1, 1])),
    )
    said = ["accepting > 0.119", "p <= 0.05", "a pair's p", "false discoveries"]
    said.append("nothing possible")
    assert row["broken"] == said
    assert ALPHA == 0.05
