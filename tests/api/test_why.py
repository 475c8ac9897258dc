"""Why two accounts are tied, and why they are not, from a store and as the command says it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from api.cli import parser
from api.settings import Settings
from api.why import why
from graph.errors import UsageError
from graph.model import Post
from graph.store import GraphStore
from tests.api import market
from tests.api.conftest import Ask

PITCH = "buy quist before monday it will surely triple"
RUN = replace(market.RUN, settings='{"min_weight":2.5,"meaning":true}')
DAY = market.DAY
Say = Callable[..., dict[str, Any]]


def post(who: str, text: str, minute: float, *tickers: str, links: tuple[str, ...] = ()) -> Post:
    at = market.START + int(minute * market.MINUTE)
    return Post(
        f"x:{who}-{minute:g}-{len(text)}", f"x:{who}", at, at, text, "x", "en",
        tickers=tickers, links=links,
    )  # fmt: skip


def put(store: GraphStore, *posts: Post) -> None:
    """The market with a run, and these posts beside it."""
    market.put_market(store, run=RUN)
    market.put_posts(store, list(posts))


def test_a_tie_comes_with_its_numbers_and_both_posts_of_each_act(store: GraphStore) -> None:
    put(store)
    found = why(store, "@ring00001", "x:00000")
    assert found["tied"] is True
    assert (found["left"], found["right"]) == ("x:00000", "x:00001")
    assert (found["weight"], found["expected"], found["q_value"]) == (3.0, 0.01, 0.01)
    assert (found["by_value"], found["anytime_p"], found["synchrony_p"]) == (0.2, 0.03, 0.004)
    (part,) = found["parts"]
    assert (part["trace"], part["window"], part["co_actions"]) == ("same_text", "10m", 1)
    assert (part["expected"], part["p"]) == (0.01, 0.0005)
    (act,) = found["evidence"]
    assert (act["left"], act["right"]) == ("x:p00000", "x:p00001")
    assert (act["trace"], act["window"], act["seconds"]) == ("same_text", "10m", 60.0)
    assert (act["left_at"], act["right_at"]) == ("2023-11-15 00:00:00", "2023-11-15 00:01:00")
    assert act["left_text"] == act["right_text"] == "$T0 to the moon, ring 0"
    assert found["says"].startswith("tied: in what says most of them they met once where chance")
    assert "below the line" not in found["says"]


def test_a_weak_tie_is_said_to_be_one(store: GraphStore) -> None:
    run = replace(RUN, settings='{"min_weight":4.0}')
    market.put_market(store, run=run)
    assert "below the line of 4" in why(store, "x:00000", "x:00001")["says"]


def test_who_never_shared_anything_is_told_so(store: GraphStore) -> None:
    put(store, post("ann", "my cat is asleep", 0, "CATS"), post("bob", "rain again", 1, "RAIN"))
    found = why(store, "x:ann", "x:bob")
    assert found["tied"] is False
    assert found["says"].startswith("not tied: they never shared a text, a link or a stock.")
    assert "in other words is not asked here" in found["says"]
    assert (found["evidence"], found["apart"]) == ([], [])


def test_who_shared_something_at_other_times_is_told_how_far_apart(store: GraphStore) -> None:
    put(
        store,
        post("ann", "quist is fine", 0, "QUST"),
        post("bob", "selling quist", 180, "QUST"),
    )
    says = why(store, "x:ann", "x:bob")["says"]
    assert "they share 1 object, but never within a window; nearest 3 hours apart" in says
    assert "co_ticker at $QUST, where 10m counts" in says


def test_who_met_is_told_how_often_and_what_chance_gives(store: GraphStore) -> None:
    crowd = [post(f"o{n}", f"quist {n} again", n * 300, "QUST") for n in range(40)]
    crowd += [post("ann", f"quist day {n}", n * 900, "QUST") for n in range(1, 9)]
    put(store, *crowd, post("bob", "what of quist", 903, "QUST"))
    found = why(store, "x:ann", "x:bob")
    (asked,) = [row for row in found["asked"] if row["times"]]
    assert (asked["trace"], asked["times"]) == ("co_ticker", 1)
    assert 0 < asked["expected"] < 1
    assert f"named the same stock once (chance gives {asked['expected']:.2g})" in found["says"]
    assert "ties from a weight of 2.5 on (p 0.0032 after all corrections)" in found["says"]
    (act,) = found["evidence"]
    assert (act["left_text"], act["right_text"], act["accounts"]) == (
        "quist day 1", "what of quist", 3,
    )  # fmt: skip


def test_what_others_did_at_the_same_link_is_read(store: GraphStore) -> None:
    link = ("https://example.org/quist",)
    others = [post(f"o{n}", f"look {n}", n, links=link) for n in range(5)]
    put(store, post("ann", "see", 0, links=link), post("bob", "there", 9, links=link), *others)
    found = why(store, "x:ann", "x:bob")
    assert [row["accounts"] for row in found["evidence"]] == [7]
    assert {(r["trace"], r["window"]) for r in found["asked"] if r["times"]} == {
        ("co_link", "1h"), ("co_link", "7d"),
    }  # fmt: skip
    assert "which takes a whole run" in found["says"]


def test_a_copied_text_is_evidence_once(store: GraphStore) -> None:
    put(store, post("ann", PITCH, 0, "QUST"), post("bob", PITCH, 5, "QUST"))
    (act,) = why(store, "x:ann", "x:bob")["evidence"]
    assert (act["trace"], act["seconds"]) == ("same_text", 300.0)


def test_of_many_shared_stocks_chance_is_told_at_least(store: GraphStore) -> None:
    names = [f"Q{n}" for n in range(20)]
    both = [post(who, f"{who} {t}", n * 900 + 90 * (who == "bob"), t)
            for n, t in enumerate(names) for who in ("ann", "bob")]  # fmt: skip
    put(store, *both, post("bob", "me too", 1, "Q0"), post("cat", "hm", 500, "Q0"))
    found = why(store, "x:ann", "x:bob")
    (asked,) = [row for row in found["asked"] if row["times"]]
    assert (asked["times"], asked["p_value"]) == (1, None)
    assert f"(chance gives at least {asked['expected']:.2g})" in found["says"]
    assert len(found["apart"]) == 19


def test_a_repost_is_no_act(store: GraphStore) -> None:
    again = replace(post("bob", PITCH, 5, "QUST"), repost_of="x:p00000")
    put(store, post("ann", PITCH, 0, "QUST"), again)
    assert "never shared" in why(store, "x:ann", "x:bob")["says"]


def test_what_became_known_after_the_run_is_not_seen(store: GraphStore) -> None:
    late = (market.AS_OF - market.START) // market.MINUTE + 10
    put(store, post("ann", PITCH, late, "QUST"), post("bob", PITCH, late + 5, "QUST"))
    assert "never shared" in why(store, "x:ann", "x:bob")["says"]


def test_a_mistyped_handle_is_answered_with_near_ones(store: GraphStore) -> None:
    put(store)
    with pytest.raises(UsageError, match=r"no account 'ring0000o'; near it: @Ring0000\d \(x:0000"):
        why(store, "ring0000o", "x:00001")


def test_an_unknown_account_says_how_ids_look(store: GraphStore) -> None:
    put(store)
    with pytest.raises(UsageError, match="no handle is near it; ids look like x:123"):
        why(store, "x:00000", "zzz")


def test_one_handle_on_two_platforms_asks_for_an_id(store: GraphStore) -> None:
    put(store)
    twin = {"id": "reddit:7", "platform": "reddit", "handle": "Ring00001", "known_at": 1}
    store.write_rows("ingest/account_stubs", [twin])
    with pytest.raises(UsageError, match="several accounts: reddit:7, x:00001"):
        why(store, "x:00000", "ring00001")


def test_an_account_and_itself_are_one(store: GraphStore) -> None:
    put(store)
    with pytest.raises(UsageError, match="one account, x:00001; name two"):
        why(store, "x:00001", "@Ring00001")


def test_before_a_run_it_says_what_to_do(store: GraphStore) -> None:
    market.put_posts(store, market.ring_posts(0, 2, "T0"))
    with pytest.raises(UsageError, match="sentinelmarket run"):
        why(store, "x:00000", "x:00001")


class Open:
    """A store that a command may close and a test goes on with."""

    def __init__(self, store: GraphStore) -> None:
        self.read = store.read

    def close(self) -> None:
        pass


@pytest.fixture
def say(
    embedded_store: GraphStore, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> Callable[..., int]:
    """The command on a store that holds the market."""
    put(embedded_store, post("ann", PITCH, 0, "QUST"), post("bob", PITCH, 5, "QUST"))
    opened = Open(embedded_store)
    monkeypatch.setattr("api.stores.open_both", lambda settings: (opened, opened))

    def does(*words: str) -> int:
        args = parser().parse_args(["why", *words])
        return int(args.command.does(args, Settings(home=tmp_path)))

    return does


@pytest.mark.parametrize(
    ("pair", "sentence"),
    [
        (("x:00000", "ring00001"), "x:00000 (@Ring00000) and x:00001 (@Ring00001) are tied:"),
        (("x:ann", "x:bob"), "are not tied: within 10m they posted the same text once"),
    ],
)
def test_the_command_answers_both_ways(
    say: Callable[..., int], capsys: pytest.CaptureFixture[str], pair: Any, sentence: str
) -> None:
    assert say(*pair) == 0
    out = " ".join(capsys.readouterr().out.split())
    assert sentence in out
    assert "never a finding of guilt" in out


def test_programs_get_the_whole_answer(
    say: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    assert say("x:ann", "x:bob", "--json") == 0
    (found,) = json.loads(capsys.readouterr().out)
    assert found["tied"] is False
    assert found["evidence"][0]["left_text"] == PITCH
    assert say("x:ann", "x:bob", "--csv") == 0
    assert len(capsys.readouterr().out.splitlines()) == 2


WHY_NOT = """query($a: ID!, $b: ID!) { whyNot(left: $a, right: $b) {
  says shared { trace window seconds accounts left { text account { id } } right { id } }
  asked { trace window times expected pValue } apart { trace object window seconds } } }"""


def test_graphql_says_why_not(store: GraphStore, asked: Ask) -> None:
    market.put_posts(store, [post("ann", PITCH, 0, "QUST"), post("bob", PITCH, 5, "QUST")])
    found = asked(WHY_NOT, a="x:bob", b="@ringann")["whyNot"]
    assert found["says"].startswith("not tied: within 10m")
    (act,) = found["shared"]
    assert (act["left"]["text"], act["left"]["account"]["id"]) == (PITCH, "x:ann")
    assert (act["trace"], act["accounts"]) == ("same_text", 2)
    assert {row["trace"] for row in found["asked"] if row["times"]} == {
        "same_text", "near_text", "co_ticker",
    }  # fmt: skip


def test_graphql_has_no_why_not_for_a_tie(asked: Ask) -> None:
    assert asked(WHY_NOT, a="x:00000", b="x:00001")["whyNot"] is None
