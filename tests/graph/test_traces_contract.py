"""Every trace keeps the contract of trace_contract.py, and a wrong trace is caught by it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from graph.detection import traces
from graph.detection.observed import Observed
from graph.detection.traces import ALL, MOST_TELLING_FIRST, PLAIN
from graph.detection.traces.trace import Trace, as_acts, own_posts
from graph.windows import millis
from tests.graph import trace_contract
from tests.graph.trace_contract import CHECKS, Check
from tests.graph.trace_examples import EXAMPLES

Acts = Callable[[Observed], pl.DataFrame]
README = Path(traces.__file__).with_name("README.md")


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
@pytest.mark.parametrize("name", ALL)
def test_contract(name: str, check: Check) -> None:
    check(ALL[name], EXAMPLES[name])


def test_every_trace_is_registered_explained_and_ordered() -> None:
    folder = Path(traces.__file__).parent
    files = {p.stem for p in folder.glob("*.py") if "\nTRACE = " in p.read_text(encoding="utf-8")}
    assert files == set(ALL) == set(EXAMPLES) == set(MOST_TELLING_FIRST)
    assert len(MOST_TELLING_FIRST) == len(ALL)
    table = README.read_text(encoding="utf-8")
    for name, trace in ALL.items():
        assert trace.name == name
        assert f"| `{name}` |" in table
        assert trace.windows == tuple(sorted(trace.windows, key=millis))
        assert 0 < trace.weight <= 1
        assert trace.weight < 1 or not trace.audience
    assert [trace.name for trace in PLAIN] == ["co_ticker", "co_link", "same_text"]


def test_what_contains_another_trace_stands_after_it() -> None:
    for inner, outer in [
        ("same_text", "near_text"),
        ("near_text", "same_meaning"),
        ("co_link", "co_domain"),
        ("hashtag_sequence", "co_hashtag"),
    ]:
        assert MOST_TELLING_FIRST.index(inner) < MOST_TELLING_FIRST.index(outer)


# Wrong in one way each: who would catch it?

LINK = ALL["co_link"]


def _changed(*columns: pl.Expr, **named: pl.Expr) -> Acts:
    return lambda observed: LINK.acts(observed).with_columns(*columns, **named)


def _with_reposts(observed: Observed) -> pl.DataFrame:
    return as_acts(observed.posts.join(observed.linked, on="post"), "link")


def _numbered(observed: Observed) -> pl.DataFrame:
    numbered = LINK.acts(observed).with_row_index("n")
    return (
        numbered.with_columns(pl.concat_str("object", pl.col("n") // 9))
        .drop("n")
        .with_columns(object=pl.col("object") + pl.col("post").first())
    )


def _past_as_of(observed: Observed) -> pl.DataFrame:
    return LINK.acts(replace(observed, as_of=2**60))


def _needs_two(observed: Observed) -> pl.DataFrame:
    assert observed.posts["at"].max() is not None
    return LINK.acts(observed)


def _needs_a_host(observed: Observed) -> pl.DataFrame:
    if observed.linked["link"].str.extract("://([^/]+)").null_count():
        raise AssertionError("an address without a host")
    return LINK.acts(observed)


def _every_post(observed: Observed) -> pl.DataFrame:
    return as_acts(own_posts(observed).with_columns(all=pl.lit("everything")), "all")


def _lost_posts(observed: Observed) -> pl.DataFrame:
    return LINK.acts(observed).with_columns(account=pl.lit("x:ann"))


def _counting_rows(observed: Observed) -> pl.DataFrame:
    counted = observed.linked.with_columns(
        link=pl.concat_str("link", pl.len().over("post"), separator=" ")
    )
    return LINK.acts(replace(observed, linked=counted))


def _only_close(observed: Observed) -> pl.DataFrame:
    acts = LINK.acts(observed)
    return acts.filter(pl.col("at") - pl.col("at").min() <= millis("7d"))


WRONG: list[tuple[Acts, str]] = [
    (_changed(pl.col("at").cast(pl.Float64)), "has_the_columns"),
    (_changed(more=pl.lit(1)), "has_the_columns"),
    (_needs_two, "of_nothing_nothing"),
    (_changed(pl.col("at") // 3_600_000 * 3_600_000), "beyond_the_window_they_do_not"),
    (_changed(pl.col("object") + pl.col("at").cast(pl.String)), "two_alike_meet_once"),
    (_only_close, "it_may_be_asked_in_other_windows"),
    (_every_post, "two_unlike_do_not_meet"),
    (_lost_posts, "an_act_is_a_post_of_its_account"),
    (_changed(stratum=pl.col("post")), "an_act_is_a_post_of_its_account"),
    (_numbered, "the_order_of_rows_changes_nothing"),
    (_past_as_of, "nothing_after_as_of"),
    (_with_reposts, "reposts_act_only_in_traces_of_reposts"),
    (_counting_rows, "a_post_read_twice_counts_once"),
    (_needs_a_host, "strange_input_breaks_nothing"),
]


@pytest.mark.parametrize(("acts", "caught_by"), WRONG, ids=[name for _, name in WRONG])
def test_a_wrong_trace_is_caught(acts: Acts, caught_by: str) -> None:
    wrong = Trace("co_link", LINK.says, LINK.windows, acts)
    assert {check.__name__ for check in CHECKS} == {name for _, name in WRONG}
    with pytest.raises(AssertionError):
        getattr(trace_contract, caught_by)(wrong, EXAMPLES["co_link"])
