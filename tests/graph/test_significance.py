"""The null model: margins, mean against shuffles, tails, and its care for fans and crowds."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom, poisson

from graph.detection.acts import encode
from graph.detection.coaction import meet
from graph.detection.margins import fit, margins
from graph.detection.significance import (
    _tail,
    benjamini_hochberg,
    benjamini_yekutieli,
    differing,
    judge,
    poisson_tail,
    q_of,
    under_dependence,
    unlikely_tail,
)
from tests.graph.acts import acts
from tests.graph.swaps import swapped

SPAN = 10**9


def verdict(rows, pair=("a", "b"), window=10, place=None):
    frame = acts(rows)
    found = encode(frame)
    left, right = (found.accounts.to_list().index(name) for name in pair)
    table = judge(meet(found, window, SPAN))
    (row,) = table.filter(pair=left * len(found.accounts) + right).iter_rows(named=True)
    return row


def background(n=60):
    """Accounts that share nothing, each once."""
    return [(f"u{i}", f"own{i}", i) for i in range(n)]


def crowded(seed=1, accounts=30, episodes=40):
    """Episodes of two to eight accounts, some accounts far more active than others."""
    rng = np.random.default_rng(seed)
    busy = rng.lognormal(0, 1, accounts)
    rows = []
    for e in range(episodes):
        size = int(rng.integers(2, 9))
        who = rng.choice(accounts, size, replace=False, p=busy / busy.sum())
        rows += [(f"u{a:02}", f"o{e}", 1000 * e + i) for i, a in enumerate(who)]
    return rows


def test_expected_degrees_are_the_observed_ones():
    degree, d_count = np.array([1, 2, 7, 20]), np.array([50, 20, 5, 1])
    popularity, c_count = np.array([1, 3, 29]), np.array([30, 19, 1])
    assert degree @ d_count == 145
    popularity[2] = 145 - 30 - 57
    table = fit(degree, d_count, popularity, c_count, 5000, 1e-10)
    assert table @ c_count == pytest.approx(degree, rel=1e-6)
    assert d_count @ table == pytest.approx(popularity, rel=1e-6)
    assert (table >= 0).all()
    assert (table <= 1).all()


def test_who_is_in_every_episode_is_expected_in_every_episode():
    # 5 episodes; one account in all of them, ten in one each
    degree, d_count = np.array([1, 5]), np.array([10, 1])
    table = fit(degree, d_count, np.array([3]), np.array([5]), 500, 1e-9)
    assert table[1] == pytest.approx([1.0])
    assert table[0] == pytest.approx([0.2])


def test_expected_meetings_are_the_mean_of_shuffles_that_keep_the_margins():
    found = encode(acts(crowded()))
    meetings = meet(found, 10**6, SPAN)
    n = len(found.accounts)
    said, met = np.zeros(n * n), np.zeros(n * n)
    table = judge(meetings)
    said[table["pair"].to_numpy()] = table["expected"].to_numpy()
    runs = 400
    for seed in range(runs):
        pairs, counts = np.unique(
            meet(swapped(meetings, seed), 10**6, SPAN).keys >> 2, return_counts=True
        )
        met[pairs] += counts
    deciding_all = table.filter(level=1)["pair"].to_numpy()
    both = said[deciding_all] > 0.3
    assert both.sum() > 20
    ratio = met[deciding_all][both] / runs / said[deciding_all][both]
    assert np.median(ratio) == pytest.approx(1, abs=0.03)
    assert (abs(ratio - 1) < 0.3).mean() > 0.9


def test_shuffles_keep_activity_and_popularity():
    meetings = meet(encode(acts(crowded())), 10**6, SPAN)
    again = meet(swapped(meetings, 3), 10**6, SPAN)
    assert np.array_equal(meetings.popularity, again.popularity)
    assert np.array_equal(
        np.bincount(meetings.incidence_account), np.bincount(again.incidence_account)
    )
    assert not np.array_equal(meetings.keys, again.keys)


def test_shuffles_forget_where_they_began():
    # one popular episode among many of one: what is kept of it is what chance keeps
    rows = [(f"u{a:03}", "crowd", a) for a in range(100)]
    rows += [(f"u{(i + 7) % 200:03}", f"own{i}", i * 1000) for i in range(2000)]
    meetings = meet(encode(acts(rows)), 10, SPAN)
    crowd = int(meetings.popularity.argmax())
    began = set(meetings.incidence_account[meetings.incidence_episode == crowd].tolist())
    kept = []
    for seed in range(20):
        again = meet(swapped(meetings, seed), 10, SPAN)
        who = again.incidence_account[again.incidence_episode == crowd].tolist()
        kept.append(len(began & set(who)) / 100)
    assert np.mean(kept) == pytest.approx(0.5, abs=0.05)


def test_among_shuffles_few_pairs_are_surprising():
    meetings = meet(encode(acts(crowded(accounts=60, episodes=150))), 10**6, SPAN)
    pairs = 60 * 59 / 2
    runs = 40
    small = np.zeros(3)
    accepted = 0
    for seed in range(runs):
        p = judge(meet(swapped(meetings, seed), 10**6, SPAN))["p_value"].to_numpy()
        small += [(p <= limit).sum() for limit in (0.05, 0.01, 0.001)]
        accepted += (benjamini_hochberg(p, int(pairs)) <= 0.05).any()
    assert (small / runs <= 1.1 * pairs * np.array([0.05, 0.01, 0.001])).all()
    assert accepted / runs <= 0.05 + 2 * np.sqrt(0.05 * 0.95 / runs)


def test_p_is_the_tail_of_what_chance_expects_times_the_levels_tried():
    rows = [("a", "x", 0), ("b", "x", 1), *background()]
    said = verdict(rows)
    by = margins(meet(encode(acts(rows)), 10, SPAN))
    assert by.chance[0] == pytest.approx(2 / 62)
    assert said["expected"] == pytest.approx(2 / (62 * 61), rel=0.02)  # exact: one of all pairs
    assert said["p_value"] == pytest.approx(said["expected"])  # one level differs
    crowd = [(f"c{n}", "crowded", 900) for n in range(10)]
    two = verdict([*rows, *crowd])  # an episode of ten, at which a and b could be
    assert two["expected"] < said["expected"]
    assert two["p_value"] == pytest.approx(2 * two["expected"])


@settings(deadline=None, max_examples=200)
@given(st.lists(st.floats(1e-4, 0.1), min_size=1, max_size=30), st.integers(1, 6))
def test_a_tail_is_never_smaller_than_the_truth_from_one_more_than_the_mean_on(chances, k):
    mean = sum(chances)
    dist = np.array([1.0])
    for p in chances:
        dist = np.convolve(dist, [1 - p, p])
    if k == 1 or k >= mean + 1:
        assert unlikely_tail(k, mean) >= dist[k:].sum() * (1 - 1e-9)


def test_levels_are_corrected_for_only_where_they_differ_for_the_pair():
    nothing = np.zeros((2, 3))
    assert differing(np.zeros(4), nothing, 0) == 1
    assert differing(np.array([0.1, 0, 0, 0]), nothing, 0) == 1
    assert differing(np.array([0.1, 0, 0.2, 0]), nothing, 0) == 2
    assert differing(np.array([0.1, 0.1, 0.1, 0.1]), nothing, 0) == 4
    likely = np.array([[0.5, 1, 3], [0.5, 1, 0]])
    assert differing(np.array([0.1, 0, 0, 0]), likely, 2) == 2
    assert differing(np.zeros(4), likely, 1) == 1


def test_two_meetings_say_more_than_one_and_a_busy_account_less_than_a_quiet_one():
    one = verdict([("a", "x", 0), ("b", "x", 1), *background()])
    two = verdict([("a", "x", 0), ("b", "x", 1), ("a", "y", 50), ("b", "y", 51), *background()])
    busy = [("a", f"noise{i}", 100 + i) for i in range(30)]
    loud = verdict([("a", "x", 0), ("b", "x", 1), *busy, *background()])
    assert two["p_value"] < one["p_value"] < loud["p_value"]


def test_sharing_what_few_share_says_more_than_sharing_what_many_share():
    rare = verdict([("a", "x", 0), ("b", "x", 1), *background(100)])
    crowd = [(f"u{i}", "x", 2) for i in range(60)] + background(40)
    assert rare["p_value"] * 100 < verdict([("a", "x", 0), ("b", "x", 1), *crowd])["p_value"]


def test_two_who_are_always_there_are_no_surprise():
    rows = [(who, f"o{e}", 100 * e) for e in range(20) for who in ("a", "b")]
    rows += [(f"u{e}", f"o{e}", 100 * e + 1) for e in range(20)]
    said = verdict(rows)
    assert said["co_actions"] == 20
    assert said["p_value"] == 1


@settings(deadline=None, max_examples=60)
@given(st.floats(1e-6, 50), st.integers(1, 80))
def test_the_poisson_tail_is_the_librarys(mean, k):
    assert poisson_tail(k, mean) == pytest.approx(poisson.sf(k - 1, mean), rel=1e-9, abs=1e-280)


def test_the_tail_of_likely_and_unlikely_trials_is_that_of_their_sum():
    likely = np.array([[0.7, 5, 0], [0.3, 4, 1]])
    mean = 0.4

    def rest(k):  # Boole's bound for one meeting, else Poisson
        return mean if k == 1 else poisson.sf(k - 1, mean)

    for k in range(1, 9):
        exact = sum(
            binom.pmf(i, 5, 0.7) * binom.pmf(j, 4, 0.3) * rest(k - i - j)
            for i in range(6)
            for j in range(5)
        )
        sure, p = _tail(k, mean, likely, 2, 3)
        assert sure == pytest.approx(5 * 0.7 + 4 * 0.3)
        assert p == pytest.approx(exact, rel=1e-9)
    assert _tail(2, mean, likely, 2, 0)[0] == pytest.approx(3.5)


def test_what_is_kept_are_the_pairs_of_small_p():
    meetings = meet(encode(acts(crowded())), 10**6, SPAN)
    all_of_them = judge(meetings)
    assert judge(meetings, 0.3).equals(all_of_them.filter(all_of_them["p_value"] <= 0.3))
    assert 0 < judge(meetings, 0.3).height < all_of_them.height


def test_benjamini_hochberg_counts_the_pairs_that_never_met():
    p = np.array([0.0001, 0.2, 0.001])
    assert benjamini_hochberg(p, 3) == pytest.approx([0.0003, 0.2, 0.0015])
    assert benjamini_hochberg(p, 3000)[0] == pytest.approx(0.3)


def test_benjamini_yekutieli_asks_for_more_by_the_harmonic_number():
    p = np.array([0.0001, 0.001])
    harmonic = sum(1 / n for n in range(1, 1001))
    assert benjamini_yekutieli(p, 1000) == pytest.approx(
        benjamini_hochberg(p, 1000 * harmonic), rel=1e-6
    )


@given(st.lists(st.sampled_from([1e-9, 0.001, 0.02, 0.02, 0.3, 0.7, 1.0]), min_size=1), st.data())
def test_the_q_of_some_is_what_it_is_among_all(values, data):
    p = np.array(values)
    some = np.array(data.draw(st.lists(st.sampled_from(range(len(p))), max_size=9)), dtype=int)
    ranked = np.sort(p)
    assert q_of(p[some], ranked, 40).tolist() == benjamini_hochberg(p, 40)[some].tolist()
    under = q_of(p[some], ranked, under_dependence(40))
    assert under.tolist() == benjamini_yekutieli(p, 40)[some].tolist()
