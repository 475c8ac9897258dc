"""From questions to ties: one p a pair, what each question says, evidence, and what is kept."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.detection.acts import encode
from graph.detection.coaction import LEVELS, meet
from graph.detection.significance import judge
from graph.detection.ties import MOST_EVIDENCE, Question, Tables, as_ties, tables
from graph.windows import DAY, millis
from tests.graph.acts import acts

SPAN = 30 * DAY
ROWS = st.lists(
    st.tuples(
        st.sampled_from("abcdef"),
        st.sampled_from("wxyz"),
        st.integers(0, 90).map(lambda s: s * 1000),
    ),
    min_size=2,
    max_size=40,
)


def ask(rows, windows=("10s", "1m"), **more) -> Tables:
    frame = acts(rows)
    accounts = frame["account"].unique().sort()
    found = encode(frame, accounts)
    return tables([Question("co_link", w, found) for w in windows], accounts, SPAN, **more)


def ring(n=4, things=3):
    """Accounts that share some objects, among others that share nothing."""
    rows = [(f"m{i}", f"x{k}", 1000 * (i + 100 * k)) for i in range(n) for k in range(things)]
    return rows + [(f"u{i}", f"own{i}", 1000 * i) for i in range(80)]


@settings(deadline=None, max_examples=60)
@given(ROWS)
def test_a_part_is_recomputed_from_the_evidence_and_a_tie_from_its_parts(rows):
    found = ask(rows)
    for part in found.parts.iter_rows(named=True):
        alone = ask(rows, windows=(part["window"],))
        seen = alone.evidence.filter(
            (pl.col("left") == part["left"])
            & (pl.col("right") == part["right"])
            & (pl.col("popularity") <= LEVELS[part["level"]])
        )
        assert seen["episode"].n_unique() == part["co_actions"]
    least = found.parts.group_by("left", "right").agg(pl.col("p_value").min().alias("part"))
    both = found.ties.join(least, on=["left", "right"])
    assert both.height == found.ties.height
    assert both["p_value"].to_list() == pytest.approx(np.minimum(both["part"] * 2, 1).to_list())
    assert both["weight"].to_list() == pytest.approx((-np.log10(both["p_value"])).to_list())


def test_evidence_tells_two_posts_once_under_the_narrowest_window():
    found = ask(ring())
    one = found.evidence.filter((pl.col("left") == "m0") & (pl.col("right") == "m1"))
    assert one["window"].to_list() == ["10s"] * 3
    assert one["seconds"].to_list() == [1.0] * 3
    assert found.ties.filter(left="m0", right="m1")["co_actions"].to_list() == [3]


def test_the_family_is_all_pairs_and_filters_come_after_it():
    everything = ask(ring())
    n = 84
    assert everything.tests == n * (n - 1) // 2
    for narrower in (ask(ring(), fdr=0.05), ask(ring(), keep=0.01), ask(ring(), least=3)):
        assert 0 < narrower.ties.height <= everything.ties.height
        assert (
            everything.ties.join(
                narrower.ties, on=["left", "right", "p_value", "q_value", "by_value"], how="semi"
            ).height
            == narrower.ties.height
        )
    assert (ask(ring(), fdr=0.05).ties["q_value"] <= 0.05).all()
    assert ask(ring(), least=4).ties.is_empty()
    assert (everything.ties["by_value"] >= everything.ties["q_value"]).all()
    assert (everything.ties["anytime_p"] >= everything.ties["p_value"]).all()


def test_more_accounts_that_could_have_met_make_each_find_less_sure():
    few, many = ask(ring()), ask(ring(), active=1000)
    assert many.tests > few.tests
    assert many.ties["p_value"].equals(few.ties["p_value"])
    assert (many.ties["q_value"] >= few.ties["q_value"]).all()
    assert many.ties["q_value"].sum() > few.ties["q_value"].sum()


def test_a_kernel_counts_what_is_near_for_more():
    rows = [("a", "x", 0), ("b", "x", 1000), ("c", "y", 0), ("d", "y", 9000)]
    found = ask(rows, windows=("10s",), half_life=1000)
    assert found.ties.sort("left")["decayed"].to_list() == pytest.approx([0.5, 2.0**-9])
    assert "decayed" not in ask(rows).ties.columns


def test_values_say_what_the_frames_say():
    found = ask(ring())
    ties = as_ties(found)
    assert [(t.left, t.right, t.weight) for t in ties] == found.ties.select(
        "left", "right", "weight"
    ).rows()
    assert all(t.first_at <= t.last_at and t.evidence for t in ties)
    (one,) = [t for t in ties if (t.left, t.right) == ("m0", "m1")]
    assert (one.first_at, one.last_at) == (0, 201_000)


def test_a_trace_of_half_the_weight_says_the_root_of_its_p():
    frame = acts(ring())
    found = encode(frame)
    whole, half = (
        tables([Question("co_repost", "10s", found, None, w)], found.accounts, SPAN)
        for w in (1.0, 0.5)
    )
    assert half.ties["p_value"].to_list() == pytest.approx((whole.ties["p_value"] ** 0.5).to_list())
    assert (half.ties["anytime_p"] >= whole.ties["anytime_p"]).all()
    least = 0.01
    kept = tables(
        [Question("co_repost", "10s", found, None, 0.5)], found.accounts, SPAN, keep=least
    )
    assert kept.ties.height == (half.ties["p_value"] <= least).sum() > 0


def test_nothing_to_ask_about_is_no_error():
    empty = ask([])
    assert empty.ties.is_empty()
    assert as_ties(empty) == ()


def test_one_question_says_what_the_judge_says():
    rows = ring()
    found = encode(acts(rows))
    table = judge(meet(found, millis("1m"), SPAN))
    one = ask(rows, windows=("1m",))
    assert sorted(one.ties["p_value"]) == pytest.approx(sorted(table["p_value"]))


def test_a_tie_as_a_value_carries_what_its_row_says_and_its_parts():
    found = ask(ring())
    told = as_ties(found)
    assert len(told) == found.ties.height > 0
    for tie, row in zip(told, found.ties.iter_rows(named=True), strict=True):
        assert (tie.by_value, tie.anytime_p) == (row["by_value"], row["anytime_p"])
        assert tie.synchrony_p == row["synchrony_p"]
        mine = (pl.col("left") == tie.left) & (pl.col("right") == tie.right)
        parts = found.parts.filter(mine)
        assert [part.window for part in tie.parts] == parts["window"].to_list()
        assert [part.p_value for part in tie.parts] == parts["p_value"].to_list()
        assert min(part.p_value for part in tie.parts) * 2 == pytest.approx(min(tie.p_value, 1))


def test_of_many_co_actions_the_closest_are_kept_pair_by_pair():
    rows = [("a", f"x{n}", 10_000 * n) for n in range(70)]
    rows += [("b", f"x{n}", 10_000 * n + 10 * ((n * 37) % 70)) for n in range(70)]
    rows += [("c", f"x{n}", 10_000 * n + 5_000) for n in range(9)]
    found = {(tie.left, tie.right): tie for tie in as_ties(ask(rows, windows=("9s",)))}
    kept = sorted(round(act.seconds * 100) for act in found["a", "b"].evidence)
    assert kept == list(range(MOST_EVIDENCE))
    times = [int(act.object[1:]) for act in found["a", "b"].evidence]
    assert times == sorted(times)  # and stand in the order of time
    assert len(found["a", "c"].evidence) == 9
