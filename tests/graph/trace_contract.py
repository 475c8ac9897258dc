"""What every trace keeps. Each check takes a trace and its example and raises AssertionError."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from itertools import combinations
from typing import Any

import polars as pl

from graph.detection.observed import Observed
from graph.detection.traces.trace import ACTS, Trace, in_windows
from graph.model import Account
from graph.windows import millis
from tests.graph.trace_examples import HOUR, LATER, LONG, T0, Case, Example, wrote

Check = Callable[[Trace, Example], None]


def meetings(trace: Trace, observed: Observed) -> set[tuple[str, str, str]]:
    """Plainly: (account, account, object) of acts within the widest window of each other."""
    acts, near = trace.look(observed) if trace.look else (trace.acts(observed), None)
    pairs = set(near.iter_rows()) if near is not None else None
    widest = max(map(millis, trace.windows))
    found = set()
    for one, two in combinations(acts.iter_rows(named=True), 2):
        texts = tuple(sorted((one["text_id"], two["text_id"])))
        if (
            one["account"] != two["account"]
            and one["object"] == two["object"]
            and abs(one["at"] - two["at"]) <= widest
            and (pairs is None or texts[0] == texts[1] or texts in pairs)
        ):
            low, high = sorted((one["account"], two["account"]))
            found.add((low, high, one["object"]))
    return found


def rows(frame: pl.DataFrame) -> list[tuple[Any, ...]]:
    return sorted(frame.iter_rows())


def has_the_columns(trace: Trace, example: Example) -> None:
    for case in (example.alike(0), example.unlike, Case([])):
        acts = trace.acts(case.observed())
        assert dict(acts.schema) == ACTS
        assert acts.null_count().sum_horizontal()[0] == 0
        if trace.look:
            looked, near = trace.look(case.observed())
            assert rows(looked) == rows(acts)
            assert dict(near.schema) == {"left": pl.String, "right": pl.String}
            assert near.filter(pl.col("left") >= pl.col("right")).is_empty()


def of_nothing_nothing(trace: Trace, example: Example) -> None:
    assert trace.acts(Case([]).observed()).is_empty()
    assert trace.acts(Case([wrote("ann", 0, "")]).observed(as_of=T0 - 1)).is_empty()


def two_alike_meet_once(trace: Trace, example: Example) -> None:
    widest = max(map(millis, trace.windows))
    for gap in (0, 1, widest):
        found = meetings(trace, example.alike(gap).observed())
        assert [(a, b) for a, b, _ in found] == [("x:ann", "x:bob")], f"{gap} ms apart"


def beyond_the_window_they_do_not(trace: Trace, example: Example) -> None:
    beyond = max(map(millis, trace.windows)) + 1
    assert meetings(trace, example.alike(beyond).observed()) == set()


def it_may_be_asked_in_other_windows(trace: Trace, example: Example) -> None:
    other = in_windows(trace, ("9d", "2s"))
    assert (other.name, other.windows, other.weight) == (trace.name, ("2s", "9d"), trace.weight)
    widest = millis("9d")
    assert len(meetings(other, example.alike(widest).observed())) == 1
    assert meetings(other, example.alike(widest + 1).observed()) == set()


def two_unlike_do_not_meet(trace: Trace, example: Example) -> None:
    assert meetings(trace, example.unlike.observed()) == set()


def an_act_is_a_post_of_its_account(trace: Trace, example: Example) -> None:
    observed = example.alike(1).observed()
    author = dict(observed.posts.select("post", "account").iter_rows())
    acts = trace.acts(observed)
    assert all(author[post] == who for post, who in acts.select("post", "account").iter_rows())
    per_object = acts.group_by("object").agg(pl.col("stratum").n_unique())
    assert per_object["stratum"].to_list() == [1] * per_object.height


def the_order_of_rows_changes_nothing(trace: Trace, example: Example) -> None:
    cases = [example.alike(1), example.unlike, _strange()]
    for observed in (case.observed() for case in cases):
        want = rows(trace.acts(observed))
        for seed in range(3):
            shuffled = {
                f.name: frame.sample(fraction=1, shuffle=True, seed=seed)
                for f in fields(observed)
                if isinstance(frame := getattr(observed, f.name), pl.DataFrame)
            }
            assert rows(trace.acts(replace(observed, **shuffled))) == want


def nothing_after_as_of(trace: Trace, example: Example) -> None:
    case = example.alike(1)
    late = [post for post in case.posts if post.account_id == "x:bob"]
    as_of = late[0].at - 1
    told = trace.acts(case.observed(as_of))
    handed = trace.acts(replace(case.observed(), as_of=as_of))
    for acts in (told, handed):
        assert "x:bob" not in acts["account"].to_list()
        assert acts["at"].max() is None or acts["at"].max() <= as_of


def reposts_act_only_in_traces_of_reposts(trace: Trace, example: Example) -> None:
    case = example.alike(1)
    other = wrote("other", -5 * HOUR, "what was said before")
    repeated = [replace(post, repost_of=post.repost_of or other.id) for post in case.posts]
    own = [replace(post, repost_of=None) for post in case.posts]
    kept = replace(case, posts=own if trace.audience else [other, *repeated])
    assert {"x:ann", "x:bob"}.isdisjoint(trace.acts(kept.observed())["account"])


def a_post_read_twice_counts_once(trace: Trace, example: Example) -> None:
    case = example.alike(1)
    twice = replace(case, posts=[*case.posts, *case.posts], people=[*case.people, *case.people])
    want = rows(trace.acts(case.observed()))
    assert rows(trace.acts(twice.observed())) == want
    observed = case.observed()
    doubled = {
        name: pl.concat([getattr(observed, name)] * 2)
        for name in ("named", "linked", "hashtags", "mentioned", "images", "accounts")
    }
    assert sorted(set(rows(trace.acts(replace(observed, **doubled))))) == want


def strange_input_breaks_nothing(trace: Trace, example: Example) -> None:
    strange = _strange()
    acts = trace.acts(strange.observed())
    assert dict(acts.schema) == ACTS
    assert acts.null_count().sum_horizontal()[0] == 0
    assert acts.filter(pl.col("object") == "").is_empty()
    case = example.alike(1)
    together = Case(
        [*case.posts, *strange.posts],
        [*case.people, *strange.people],
        [*case.images, *strange.images],
    )
    met = {(a, b) for a, b, _ in meetings(trace, together.observed())}
    assert ("x:ann", "x:bob") in met


def _strange() -> Case:
    """Hours before the examples: what platforms really hold, and what they should not."""
    texts = [
        " ",
        "🚀🚀🚀",
        "\u202eقل لي شيئا عن هذا السهم اليوم يا صديقي",
        "word " * 2_000,
        "x" * 10_000,
        "@you @me https://a.example",
        "\x00\x1f\ufffd",
        LONG + "\n\n" + LONG,
        "RT @nobody: " + LONG,
    ]
    posts = [
        wrote(f"s{n}", (n - 40) * HOUR, text, client=None if n % 2 else "", tickers=("",) * (n % 2))
        for n, text in enumerate(texts)
    ]
    odd = {
        "hashtags": ("", "a", "a", "é", "日本"),
        "links": ("", "https://", "no address", "https://[::1]/x"),
        "mentions": ("x:odd", "x:odd", ""),
    }
    posts += [wrote("odd", -99 * HOUR, **odd), wrote("odd", -98 * HOUR, reply_to="", **odd)]
    itself = wrote("loop", -97 * HOUR)
    posts += [replace(itself, reply_to=itself.id), wrote("loop", -96 * HOUR, repost_of=itself.id)]
    people = [
        Account("x:odd", "x", 0, "日本語12345678", created_at=LATER + 1),
        Account("x:loop", "x", 0, None, created_at=0),
        Account("x:s1", "x", 0, "", created_at=-1),
        Account("no platform", "", 0, "1" * 300, created_at=5),
    ]
    images = [(posts[0].id, one) for one in ("", "xyz", "0" * 16, "F" * 16, "00ff00ff")]
    return Case(posts, people, images)


CHECKS: tuple[Check, ...] = (
    has_the_columns,
    of_nothing_nothing,
    two_alike_meet_once,
    beyond_the_window_they_do_not,
    it_may_be_asked_in_other_windows,
    two_unlike_do_not_meet,
    an_act_is_a_post_of_its_account,
    the_order_of_rows_changes_nothing,
    nothing_after_as_of,
    reposts_act_only_in_traces_of_reposts,
    a_post_read_twice_counts_once,
    strange_input_breaks_nothing,
)
