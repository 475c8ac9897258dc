"""What the API answers, on each kind of store."""

from __future__ import annotations

from typing import Any

from tests.api import market
from tests.api.conftest import Ask

CLUSTER = """query($id: ID!) { cluster(id: $id) {
  id name size density weight traces tickers firstAt lastAt postCount benign
  risk { score probability band model caveat factors { name text value effect } }
  members { role strength account { id handle } }
  ties { weight coActions left { id } right { id }
         evidence { trace window seconds left { id account { id } } right { id } } }
  evidence { id at text stocks links repostOf hashtags account { handle } }
  promotions { posts share stock { ticker risk { score } } }
  priceEvents { leadMinutes event { id volumeZ abnormalReturn explanation } }
  graph { nodes { id kind role x y size } edges { source target kind weight } }
} }"""


def test_a_cluster_comes_with_all_that_proves_it(ask: Ask) -> None:
    found = ask(CLUSTER, id="c-00")["cluster"]
    assert found["name"] == "4 accounts on $T0"
    assert found["risk"]["score"] == 90
    assert "never a finding of guilt" in found["risk"]["caveat"]
    assert found["risk"]["factors"][0]["text"] == "they post one text"
    assert [m["account"]["handle"] for m in found["members"]][:2] == ["Ring00000", "Ring00001"]
    assert len(found["ties"]) == 6
    assert all(
        act["left"]["account"]["id"] == tie["left"]["id"]
        for tie in found["ties"]
        for act in tie["evidence"]
    )
    posts = found["evidence"]
    assert [p["id"] for p in posts] == ["x:p00000", "x:p00001", "x:p00002", "x:p00003"]
    assert posts[0]["at"] == "2023-11-15T00:00:00+00:00"
    assert (posts[0]["stocks"], posts[0]["links"]) == (["T0"], ["https://example.org/0"])
    assert found["promotions"][0]["stock"] == {"ticker": "T0", "risk": {"score": 90}}
    aligned = found["priceEvents"][0]
    assert (aligned["leadMinutes"], aligned["event"]["abnormalReturn"]) == (1440.0, None)


def test_its_drawing_has_every_account_and_stock_and_what_joins_them(ask: Ask) -> None:
    graph = ask(CLUSTER, id="c-00")["cluster"]["graph"]
    assert [n["kind"] for n in graph["nodes"]] == ["account"] * 4 + ["stock"]
    kinds = [edge["kind"] for edge in graph["edges"]]
    assert (kinds.count("tie"), kinds.count("promotes")) == (6, 4)
    ids = {node["id"] for node in graph["nodes"]}
    assert all({edge["source"], edge["target"]} <= ids for edge in graph["edges"])


def test_a_cluster_without_a_stock_says_so_and_why_it_may_be_ordinary_life(ask: Ask) -> None:
    found = ask(CLUSTER, id="c-02")["cluster"]
    assert found["name"] == "4 accounts, no stock named"
    assert found["benign"] == "a giveaway: they name no stock"


VOICES = """query($id: ID!) { cluster(id: $id) { voices {
  kind what accounts firstAt lastAt pValue post { id account { id } } } } }"""


def test_a_cluster_says_what_its_accounts_say_alike(ask: Ask) -> None:
    phrase, answered = ask(VOICES, id="c-00")["cluster"]["voices"]
    assert phrase == {
        "kind": "phrase",
        "what": "to the moon ring 0",
        "accounts": 4,
        "firstAt": "2023-11-15T00:00:00+00:00",
        "lastAt": "2023-11-15T00:03:00+00:00",
        "pValue": 1e-9,
        "post": None,
    }
    assert (answered["kind"], answered["accounts"]) == ("post", 3)
    assert answered["post"] == {"id": "x:p00000", "account": {"id": "x:00000"}}
    assert ask(VOICES, id="c-02")["cluster"]["voices"] == []


def test_clusters_are_ranked_and_filtered(ask: Ask) -> None:
    ranked = "query($t: String, $s: Int) { clusters(ticker: $t, minScore: $s) { nodes { id } } }"
    ids = [n["id"] for n in ask(ranked)["clusters"]["nodes"]]
    assert ids == ["c-00", "c-01", "c-02"]
    assert ask(ranked, t="$t1")["clusters"]["nodes"] == [{"id": "c-01"}]
    assert [n["id"] for n in ask(ranked, s=89)["clusters"]["nodes"]] == ["c-00", "c-01"]


def test_what_is_unknown_is_null(ask: Ask) -> None:
    document = """{ cluster(id: "c-9") { id } account(id: "x:9") { id } post(id: "x:9") { id }
                    stock(ticker: "NONE") { ticker } 
                    why(left: "x:00000", right: "x:01000") { weight } }"""
    assert set(ask(document).values()) == {None}


def test_why_two_accounts_are_tied_does_not_depend_on_their_order(ask: Ask) -> None:
    document = """query($a: ID!, $b: ID!) { why(left: $a, right: $b) {
                  left { id } right { id } evidence { seconds } } }"""
    one = ask(document, a="x:00000", b="x:00001")
    assert one == ask(document, a="x:00001", b="x:00000")
    assert one["why"]["evidence"] == [{"seconds": 60.0}]


def test_an_account_shows_its_posts_ties_and_clusters(ask: Ask) -> None:
    document = """{ account(id: "x:01002") { platform handle posts { id } clusters { id }
                    ties { left { id } right { id } } } }"""
    found = ask(document)["account"]
    assert (found["platform"], found["handle"]) == ("x", "Ring01002")
    assert found["posts"] == [{"id": "x:p01002"}]
    assert found["clusters"] == [{"id": "c-01"}]
    assert len(found["ties"]) == 3


def test_a_tie_says_how_sure_it_is_by_trace_and_by_other_questions(ask: Ask) -> None:
    document = """{ account(id: "x:01002") { ties { significance {
        byValue anytimeP synchronyP parts { trace window coActions expected pValue } } } } }"""
    part = {
        "trace": "same_text",
        "window": "10m",
        "coActions": 1,
        "expected": 0.01,
        "pValue": 0.0005,
    }
    for tie in ask(document)["account"]["ties"]:
        said = tie["significance"]
        assert (said["byValue"], said["anytimeP"], said["synchronyP"]) == (0.2, 0.03, 0.004)
        assert said["parts"] == [part]


def test_a_stock_shows_its_risk_bars_events_and_posts_a_day(ask: Ask) -> None:
    document = """{ stock(ticker: "$t0") { ticker risk { score } clusters { id }
        priceEvents { id } bars(since: "2023-11-16T00:00:00Z", until: "2023-11-18T00:00:00Z")
        { at close volume } postsPerDay { day posts accounts } } }"""
    found = ask(document)["stock"]
    assert (found["ticker"], found["risk"]["score"]) == ("T0", 90)
    assert found["clusters"] == [{"id": "c-00"}]
    assert [bar["volume"] for bar in found["bars"]] == [101.0, 102.0]
    assert found["postsPerDay"] == [{"day": "2023-11-15T00:00:00+00:00", "posts": 4, "accounts": 4}]


def test_accounts_are_found_by_letters_of_their_handle(ask: Ask) -> None:
    document = "query($s: String) { accounts(search: $s) { nodes { id } } }"
    assert [n["id"] for n in ask(document, s="@ring0100")["accounts"]["nodes"]] == [
        market.account_id(1, n) for n in range(4)
    ]


def test_posts_are_found_by_stock_account_time_and_words(ask: Ask) -> None:
    def ids(**filters: Any) -> list[str]:
        document = """query($ticker: String, $accountId: ID, $since: DateTime, $until: DateTime,
            $search: String) { posts(ticker: $ticker, accountId: $accountId, since: $since,
            until: $until, search: $search) { nodes { id } } }"""
        return [n["id"][3:] for n in ask(document, **filters)["posts"]["nodes"]]

    ring1 = ["01003", "01002", "01001", "01000"]
    assert len(ids()) == 12
    assert ids(ticker="T1") == ring1
    assert ids(ticker="T1", accountId="x:01002") == ["01002"]
    assert ids(accountId="x:01002") == ["01002"]
    assert ids(since="2023-11-16T00:01:00Z", until="2023-11-16T00:03:00Z") == ["01002", "01001"]
    assert ids(search="GIVEAWAY moon") == ["02003", "02002", "02001", "02000"]
    assert ids(search="moon", ticker="T1") == ring1
    assert ids(search="giveaway", ticker="T1") == []
    assert ids(search='moon) OR "(') == []
