"""What any graph store must do, whichever it is."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pyarrow as pa
import pytest

from cypher import contract, names
from graph.backends.bolt import BoltStore
from graph.errors import QueryFailed
from graph.store import Counters
from tests.contract.samples import T0

POSTS = 23


def post(number: int) -> dict[str, object]:
    """A row for ingest/posts, a minute after the one before it."""
    return {
        "id": f"x:{number}",
        "account_id": "x:ann",
        "platform": "x",
        "at": T0 + number * 60_000,
        "known_at": T0 + number * 60_000,
        "text": f"words {number}",
        "text_id": f"text{number}",
        "lang": "en",
        "client": None,
        "hashtags": ["moon"],
    }


def load(store: BoltStore, batch: int = 5_000) -> Counters:
    """Some posts of one account."""
    rows = [post(number) for number in range(POSTS)]
    done = store.write_rows("ingest/posts", rows, batch=batch)
    author = {"id": "x:ann", "platform": "x", "handle": "ann", "known_at": T0}
    done += store.write_rows("ingest/account_stubs", [author])
    owners = [{"post_id": row["id"], "account_id": "x:ann"} for row in rows]
    return done + store.write_rows("ingest/posted", owners, batch=batch)


def test_counters_say_what_changed_and_the_same_rows_change_nothing(store: BoltStore) -> None:
    first = load(store, batch=10)
    assert (first.nodes_created, first.edges_created) == (POSTS + 1, POSTS)
    assert first.properties_set > POSTS
    assert load(store, batch=7) == Counters()
    assert store.read("schema/count") == [{"nodes": POSTS + 1}]


def test_deleting_is_counted(store: BoltStore) -> None:
    load(store)
    gone = store.write("schema/empty", limit=1_000)
    assert (gone.nodes_deleted, gone.edges_deleted) == (POSTS + 1, POSTS)


def test_values_come_back_as_they_went_in(store: BoltStore) -> None:
    load(store)
    (row,) = store.read("read/posts_by_ids", ids=["x:3"])
    assert row["id"] == "x:3"
    assert row["at"] == T0 + 3 * 60_000
    assert row["hashtags"] == ["moon"]
    assert row["client"] is None


def test_progress_is_told_by_batches(store: BoltStore) -> None:
    told: list[tuple[str, int, int]] = []
    rows = [post(number) for number in range(POSTS)]
    store.write_rows("ingest/posts", rows, batch=10, progress=lambda *step: told.append(step))
    assert told == [("ingest/posts", done, POSTS) for done in (10, 20, POSTS)]


def test_a_failure_names_the_file(store: BoltStore) -> None:
    with pytest.raises(QueryFailed, match=r"cypher/schema/empty\.cypher failed: .+"):
        store.write("schema/empty", limit="many")


def test_an_unknown_statement_says_which_there_are(store: BoltStore) -> None:
    with pytest.raises(LookupError, match=r"no query named 'read/nothing'.*schema/version"):
        store.read("read/nothing")


def test_two_writers_of_the_same_keys_lose_nothing_and_make_nothing_twice(
    store: BoltStore,
) -> None:
    rows = [post(number) for number in range(400)]

    def write(part: int) -> Counters:
        mine = rows if part % 2 else rows[::-1]
        return store.write_rows("ingest/posts", mine, batch=50)

    with ThreadPoolExecutor(4) as pool:
        done = sum(pool.map(write, range(4)), Counters())
    assert store.read("schema/count") == [{"nodes": len(rows)}]
    assert done.nodes_created == len(rows)
    assert load(store).nodes_created == 1  # the account


def windowed() -> list[str]:
    """Statements made for `columns`: a window in, lists out."""
    return [
        name
        for name in names()
        if {"since", "until"} <= set(contract(name).params)
        and contract(name).returns
        and all(type_.startswith("list<") for type_ in contract(name).returns.values())
    ]


def test_columns_join_their_windows(store: BoltStore) -> None:
    if not windowed():
        pytest.skip("no statement under cypher/ is read by columns")
    load(store)
    middle, end = T0 + 10 * 60_000, T0 + POSTS * 60_000
    found = 0
    for name in windowed():
        extra = {p: end for p in contract(name).params if p not in ("since", "until")}
        whole = store.columns(name, [(T0, end)], **extra)
        split = store.columns(name, [(T0, middle), (middle, end), (end, end + 1)], **extra)
        order = [(column, "ascending") for column in whole.column_names[:1]]
        assert split.schema == whole.schema
        assert split.sort_by(order).equals(whole.sort_by(order).combine_chunks())
        found += whole.num_rows
    assert found >= POSTS


def test_columns_of_nothing_have_their_types(store: BoltStore) -> None:
    for name in windowed():
        extra = {p: T0 for p in contract(name).params if p not in ("since", "until")}
        table = store.columns(name, [(T0, T0 + 1)], **extra)
        assert table.num_rows == 0
        assert list(table.column_names) == list(contract(name).returns)
        assert not any(pa.types.is_null(field.type) for field in table.schema)
