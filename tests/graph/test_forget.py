"""What is forgotten is gone, with what hung on it, and nothing else is."""

from __future__ import annotations

from typing import Any

from graph.backends.bolt import BoltStore
from graph.forget import forget_account, forget_span
from graph.store import Counters
from tests.contract.test_every_store import post

AUTHORS = {1: "x:ann", 2: "x:ann", 3: "x:bob", 4: "x:bob"}
BASE = post(0)["at"]
MINUTE = 60_000


def fill(store: BoltStore) -> None:
    """Ann and bob post twice each; bob names ann; 2 and 3 point to one link, 1 to another."""
    posts = [post(n) | {"account_id": AUTHORS[n], "text_id": f"text{n % 3}"} for n in AUTHORS]
    links = {1: "https://example.org/a", 2: "https://example.org/b", 3: "https://example.org/b"}
    store.write_rows("ingest/accounts", [profile("x:ann"), profile("x:bob")])
    store.write_rows("ingest/posts", posts)
    store.write_rows(
        "ingest/posted", [{"post_id": p["id"], "account_id": p["account_id"]} for p in posts]
    )
    store.write_rows("ingest/mentions_account", [{"post_id": "x:3", "account_id": "x:ann"}])
    store.write_rows(
        "ingest/links", [{"id": u, "domain": "example.org"} for u in sorted(set(links.values()))]
    )
    store.write_rows(
        "ingest/links_to", [{"post_id": f"x:{n}", "link": u} for n, u in links.items()]
    )


def profile(id: str) -> dict[str, Any]:
    """A row for ingest/accounts."""
    seen = {"created_at": BASE, "known_at": BASE, "followers": 5, "following": 5}
    return {"id": id, "platform": "x", "handle": id[2:], "posts_count": 2, "verified": False} | seen


def ids(store: BoltStore) -> set[str]:
    """The ids of the posts that are left."""
    return {row["id"] for row in store.read("read/posts_by_ids", ids=[f"x:{n}" for n in AUTHORS])}


def account(store: BoltStore, id: str) -> list[dict[str, Any]]:
    """The account's row, or none."""
    return store.read("read/accounts_by_ids", ids=[id])


def test_of_a_forgotten_account_that_others_name_only_the_id_stays(store: BoltStore) -> None:
    fill(store)
    done = forget_account(store, "x:ann", batch=1)
    assert ids(store) == {"x:3", "x:4"}
    assert done.nodes_deleted == 3  # two posts, the link that only they had
    (left,) = account(store, "x:ann")
    assert {key for key, value in left.items() if value is not None} <= {"id", "platform"}
    assert forget_account(store, "x:ann") == Counters()


def test_a_forgotten_account_that_nobody_names_is_gone(store: BoltStore) -> None:
    fill(store)
    forget_account(store, "x:bob")
    assert ids(store) == {"x:1", "x:2"}
    assert account(store, "x:bob") == []
    assert account(store, "x:ann")[0]["handle"] == "ann"


def test_forgetting_an_unknown_account_changes_nothing(store: BoltStore) -> None:
    fill(store)
    assert forget_account(store, "x:nobody") == Counters()


def test_a_span_is_half_open(store: BoltStore) -> None:
    fill(store)
    forget_span(store, BASE + 2 * MINUTE, BASE + 4 * MINUTE, batch=1)
    assert ids(store) == {"x:1", "x:4"}
    assert account(store, "x:ann")[0]["handle"] == "ann"


def test_a_text_goes_with_its_last_post(store: BoltStore) -> None:
    fill(store)
    rows = [{"id": key} for key in ("text0", "text1", "text2")]
    forget_span(store, BASE, BASE + 3 * MINUTE)
    assert store.write_rows("ingest/forget_texts", rows) == Counters()
