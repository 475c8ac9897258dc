"""Directed ties: of each trace, how many posts of one account the other matched."""

from __future__ import annotations

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.detection.acts import encode
from graph.detection.direction import directed
from graph.detection.ties import Question, tables

SCHEMA = {"post": pl.String, "account": pl.String, "at": pl.Int64, "object": pl.String}
ROWS = st.lists(
    st.tuples(st.sampled_from("abcd"), st.sampled_from("xy"), st.integers(0, 30)), max_size=14
)


@settings(deadline=None)
@given(rows=ROWS, seconds=st.sampled_from([1, 5, 20]))
def test_counts_are_those_of_plain_python(rows: list[tuple[str, str, int]], seconds: int) -> None:
    made = [(f"p{n}", who, at * 1_000, what) for n, (who, what, at) in enumerate(rows)]
    frame = pl.DataFrame(made, schema=SCHEMA, orient="row")
    accounts = frame["account"].unique().sort()
    questions = [Question("co_link", f"{seconds}s", encode(frame, accounts))]
    found = tables(questions, accounts, 10**9)
    rows_out = directed(questions, found.parts, found.ties)
    expected = {}
    for one in "abcd":
        for other in "abcd":
            matched = {
                n
                for n, (who, what, at) in enumerate(rows)
                for whose, which, then in rows
                if (who, whose, what) == (one, other, which) and abs(at - then) <= seconds
            }
            if matched and one != other:
                expected[one, other] = len(matched)
    counted = rows_out.select("left", "right", "co_actions").rows()
    assert {(a, b): n for a, b, n in counted} == expected
    assert len(counted) == len(expected)


def test_of_two_windows_the_less_likely_one_is_told() -> None:
    """Near in time at 9 objects, and far apart at one that both share twice."""
    made = [
        (f"{who}{n}", who, n * 10**6 + k, f"o{n}")
        for n in range(9)
        for k, who in ((0, "a"), (5, "b"))
    ]
    made += [(f"{who}z", who, 10**8 + k, "z") for k, who in ((0, "a"), (50_000, "b"))]
    made += [(f"c{n}", f"c{n % 30}", n * 10**5, f"o{n % 7}") for n in range(300)]
    frame = pl.DataFrame(made, schema=SCHEMA, orient="row")
    accounts = frame["account"].unique().sort()
    acts = encode(frame, accounts)
    questions = [Question("co_link", window, acts) for window in ("1s", "1m")]
    found = tables(questions, accounts, 10**12, fdr=0.05)
    rows = directed(questions, found.parts, found.ties)
    assert rows.select("left", "right").rows() == [("a", "b"), ("b", "a")]
    part = found.parts.filter(left="a", right="b").sort("p_value")
    assert rows["p_value"].to_list() == [part["p_value"][0]] * 2
    assert set(rows["co_actions"]) == {9 if part["window"][0] == "1s" else 10}
