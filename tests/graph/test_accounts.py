"""An account's score: how sure its ties are together, for as many partners as it could have had."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from graph.detection.accounts import account_scores


def ties(*rows):
    return pl.DataFrame(rows, schema=["left", "right", "p_value"], orient="row")


def score(found, account):
    return found.filter(pl.col("account") == account)["score"].to_list()[0]


def test_one_tie_is_corrected_for_all_possible_partners():
    found = account_scores(ties(("a", "b", 1e-6)), active=1001)
    assert found["account"].to_list() == ["a", "b"]
    assert found["p_value"].to_list() == pytest.approx([1e-3, 1e-3])
    assert found["score"].to_list() == pytest.approx([3, 3])


def test_many_ties_of_middling_p_count_for_more_than_one():
    found = account_scores(ties(*[("a", f"b{i}", 1e-5) for i in range(10)]), active=1001)
    assert found.row(0)[:1] == ("a",)
    assert score(found, "a") == pytest.approx(3)
    assert score(found, "b3") == pytest.approx(2)


def test_it_is_the_definition_of_simes():
    rng = np.random.default_rng(2)
    p = rng.uniform(1e-5, 1e-2, 40)
    found = account_scores(ties(*[("a", f"b{i:02}", x) for i, x in enumerate(p)]), active=101)
    expected = min(x * 100 / (i + 1) for i, x in enumerate(sorted(p)))
    assert 10 ** -score(found, "a") == pytest.approx(expected)


def test_no_more_than_alpha_of_accounts_pass_where_nothing_is():
    rng = np.random.default_rng(3)
    n, runs = 120, 40
    left, right = np.triu_indices(n, 1)
    passed = 0
    for _ in range(runs):
        frame = pl.DataFrame({"left": left, "right": right, "p_value": rng.random(len(left))})
        passed += (account_scores(frame, n)["p_value"] <= 0.05).sum()
    assert passed / runs / n == pytest.approx(0.05, abs=0.01)


def test_order_and_sides_do_not_matter_and_no_tie_is_no_row():
    some = ties(("a", "b", 0.001), ("a", "c", 0.002), ("b", "c", 0.5))
    turned = some.select(pl.col("right").alias("left"), pl.col("left").alias("right"), "p_value")
    assert account_scores(turned.reverse(), 50).equals(account_scores(some, 50))
    assert account_scores(some.clear(), 50).is_empty()


def test_certainty_beyond_numbers_stays_a_number_and_doubt_is_zero():
    found = account_scores(ties(("a", "b", 0.0), ("c", "d", 0.9)), active=2000)
    assert found["score"].to_list() == pytest.approx([300, 300, 0, 0])


def test_a_p_above_one_half_speaks_for_nobody():
    ties = pl.DataFrame({"left": ["a", "c"], "right": ["b", "d"], "p_value": [0.004, 0.006]})
    found = {row["account"]: row for row in account_scores(ties, 101).iter_rows(named=True)}
    assert found["a"]["p_value"] == pytest.approx(0.4)
    assert found["a"]["score"] == pytest.approx(0.398, abs=1e-3)
    assert found["c"]["p_value"] == pytest.approx(0.6)
    assert found["c"]["score"] == 0.0
