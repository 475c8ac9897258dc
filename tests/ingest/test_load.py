"""Files into the store: complete, repeatable, in any order."""

from __future__ import annotations

import gzip
import random
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from graph.backends.bolt import BoltStore
from graph.bars import Bars
from graph.errors import SourceRefused, SourceUnavailable, UsageError
from graph.store import GraphStore
from ingest import load as module
from ingest import rows
from ingest.load import Loaded, load
from ingest.rejects import read as read_rejects
from tests.conftest import data_file
from tests.ingest.x_records import Json, crowd, ms, record, repost, user, write

PRICES = "Date,Open,High,Low,Close,Adj Close,Volume,Symbol\n"
DAYS = ("2024-01-02,1,2,1,2,2,100,ACME", "2024-01-03,2,3,2,3,3,100,ACME")

Graph = tuple[list[dict[str, Any]], list[dict[str, Any]]]


@pytest.fixture
def bars(tmp_path: Path) -> Iterator[Bars]:
    with Bars(tmp_path / "bars.sqlite") as opened:
        yield opened


def graph(store: GraphStore) -> Graph:
    """Everything in the store, sorted."""
    return store.read("ingest/every_node"), store.read("ingest/every_edge")


def ids(store: GraphStore, label: str) -> dict[str, dict[str, Any]]:
    nodes = store.read("ingest/every_node")
    return {n["id"]: n["properties"] for n in nodes if n["label"] == label}


def edges(store: GraphStore, type: str) -> set[tuple[str, str]]:
    found = store.read("ingest/every_edge")
    return {(e["start"], e["stop"]) for e in found if e["type"] == type}


def loaded(store: GraphStore, bars: Bars, *paths: Path) -> Loaded:
    return load(store, bars, paths, rejects=bars.path.parent / "rejects.jsonl")


def test_what_a_load_makes(store: BoltStore, bars: Bars, tmp_path: Path) -> None:
    original = record(1, "old", by=3, minute=1)
    posts = [
        record(2, by=4, minute=5, symbols=["ACME", "LOVE"], names=[9], urls=["http://www.a.com/"]),
        repost(3, original, by=5, minute=60),
        record(4, by=4, minute=70, quoted_status=original, in_reply_to_status_id_str="77"),
    ]
    found = loaded(store, bars, write(tmp_path / "posts.jsonl", posts))
    assert edges(store, "POSTED") == {
        ("x:4", "x:2"), ("x:3", "x:1"), ("x:5", "x:3"), ("x:4", "x:4")
    }  # fmt: skip
    assert edges(store, "MENTIONS") == {("x:2", "ACME")}
    assert edges(store, "MENTIONS_ACCOUNT") == {("x:2", "x:9")}
    assert edges(store, "LINKS_TO") == {("x:2", "https://a.com")}
    assert edges(store, "REPOSTS") == {("x:3", "x:1")}
    assert edges(store, "QUOTES") == {("x:4", "x:1")}
    assert edges(store, "REPLIES_TO") == {("x:4", "x:77")}
    assert ids(store, "Post")["x:1"]["known_at"] == ms(60)
    assert ids(store, "Post")["x:77"] == {"id": "x:77"}
    assert ids(store, "Link")["https://a.com"]["domain"] == "a.com"
    assert ids(store, "Account")["x:9"]["handle"] == "acct9"
    counts = (found.records, found.posts, found.stub_posts, found.accounts, found.stub_accounts)
    assert counts == (3, 4, 1, 3, 1)
    kinds = (found.reposts, found.quotes, found.replies, found.mentions, found.account_mentions)
    assert kinds == (1, 1, 1, 1, 1)
    assert (found.stocks, found.links, found.links_to, found.rejected) == (1, 1, 1, 0)


def test_the_same_file_twice_changes_nothing(store: BoltStore, bars: Bars, tmp_path: Path) -> None:
    posts = write(tmp_path / "posts.jsonl", crowd())
    (tmp_path / "prices.csv").write_text(PRICES + "\n".join(DAYS))
    first = loaded(store, bars, posts, tmp_path / "prices.csv")
    before = graph(store)
    second = loaded(store, bars, posts, tmp_path / "prices.csv")
    assert (first.changed, second.changed) == (True, False)
    assert first.counters.nodes_created == len(before[0])
    assert first.counters.edges_created == len(before[1])
    assert not second.counters.changed
    assert (first.bars, first.bars_changed, second.bars, second.bars_changed) == (2, 2, 2, 0)
    assert second.posts == first.posts
    assert graph(store) == before


def test_prices_alone_are_a_change(embedded_store: BoltStore, bars: Bars, tmp_path: Path) -> None:
    prices = tmp_path / "prices.csv"
    said = []
    for days in (DAYS[:1], DAYS, DAYS):
        prices.write_text(PRICES + "\n".join(days))
        found = loaded(embedded_store, bars, prices)
        said.append((found.counters.changed, found.bars_changed, found.changed))
    assert said == [(False, 1, True), (False, 1, True), (False, 0, False)]


@pytest.mark.parametrize("seed", [1, 2])
def test_order_and_repetition_do_not_matter(
    embedded_store: BoltStore,
    bars: Bars,
    tmp_path: Path,
    seed: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made = crowd(seed=seed)
    loaded(embedded_store, bars, write(tmp_path / "posts.jsonl", made))
    expected = graph(embedded_store)
    emptied(embedded_store)
    monkeypatch.setattr(module, "CHUNK", 17)
    shuffled = made + made[::3]
    random.Random(seed).shuffle(shuffled)
    half = len(shuffled) // 2
    later = write(tmp_path / "later.jsonl", shuffled[half:])
    loaded(embedded_store, bars, later, write(tmp_path / "earlier.jsonl.gz", shuffled[:half]))
    assert graph(embedded_store) == expected


def emptied(store: BoltStore) -> None:
    while store.write("schema/empty", limit=5_000).changed:
        pass


PROFILE = record(1, by=7, minute=10, user=user(7, followers_count=5))
NAMED_LATER = record(2, by=8, minute=50, names=[7])
NEWER = record(3, by=7, minute=90, user=user(7, followers_count=6))


@pytest.mark.parametrize(
    ("order", "followers", "known_at"),
    [
        ([PROFILE, NAMED_LATER], 5, ms(10)),
        ([NAMED_LATER, PROFILE], 5, ms(10)),
        ([NEWER, NAMED_LATER, PROFILE], 6, ms(90)),
        ([PROFILE, NEWER], 6, ms(90)),
    ],
)
def test_the_newest_profile_wins_and_a_stub_never_does(
    store: BoltStore, bars: Bars, tmp_path: Path, order: list[Json], followers: int, known_at: int
) -> None:
    for number, one in enumerate(order):
        loaded(store, bars, write(tmp_path / f"{number}.jsonl", [one]))
    account = ids(store, "Account")["x:7"]
    assert (account["followers"], account["known_at"]) == (followers, known_at)


@pytest.mark.parametrize("stands_first", [True, False])
def test_an_original_that_also_stands_alone_is_known_from_its_own_time(
    store: BoltStore, bars: Bars, tmp_path: Path, stands_first: bool
) -> None:
    original = record(1, "old", by=3, minute=1)
    files = [
        write(tmp_path / "a.jsonl", [original]),
        write(tmp_path / "b.jsonl", [repost(2, original, by=4, minute=60)]),
    ]
    for file in files if stands_first else files[::-1]:
        loaded(store, bars, file)
    assert ids(store, "Post")["x:1"]["known_at"] == ms(1)


def test_a_post_known_by_id_is_filled_when_it_comes(
    store: BoltStore, bars: Bars, tmp_path: Path
) -> None:
    answer = record(2, by=4, minute=9, in_reply_to_status_id_str="1")
    loaded(store, bars, write(tmp_path / "a.jsonl", [answer]))
    assert "at" not in ids(store, "Post")["x:1"]
    loaded(store, bars, write(tmp_path / "b.jsonl", [record(1, "asked", by=3, minute=1)]))
    assert ids(store, "Post")["x:1"]["text"] == "asked"
    assert edges(store, "REPLIES_TO") == {("x:2", "x:1")}


def test_bad_records_are_counted_and_kept_once(
    embedded_store: BoltStore, bars: Bars, tmp_path: Path
) -> None:
    posts = write(tmp_path / "posts.jsonl", [record(1), b"{broken", record(2), b'{"delete":{}}'])
    (tmp_path / "prices.csv").write_text(f"{PRICES}{DAYS[0]}\n2024-01-03,null,,,,,,ACME\n")
    for _ in range(2):
        found = loaded(embedded_store, bars, posts, tmp_path / "prices.csv")
        assert (found.records, found.rejected, found.posts, found.bars) == (6, 3, 2, 1)
        assert [(file.records, file.rejected) for file in found.files] == [(4, 2), (2, 1)]
        kept = read_rejects(tmp_path / "rejects.jsonl")
        assert [(Path(one.file).name, one.line) for one in kept] == [
            ("prices.csv", 3), ("posts.jsonl", 2), ("posts.jsonl", 4)
        ]  # fmt: skip
        assert all(one.reason and one.record for one in kept)


def test_a_cut_gzip_is_loaded_as_far_as_it_goes(
    embedded_store: BoltStore, bars: Bars, tmp_path: Path
) -> None:
    cut = write(tmp_path / "cut.jsonl.gz", crowd(2_000))
    cut.write_bytes(cut.read_bytes()[: cut.stat().st_size // 2])
    whole = write(tmp_path / "whole.jsonl", [record(1)])
    with pytest.raises(SourceRefused, match="ends in the middle") as raised:
        loaded(embedded_store, bars, cut, whole)
    kept = [post for post in ids(embedded_store, "Post").values() if "at" in post]
    standing = {f"x:{1_000 + number}" for number in range(1, 2_001)}
    read = sum(1 for post in kept if post["id"] in standing)
    assert read > 500
    assert f"The {read:,} records before that were read and are kept" in str(raised.value)
    assert "x:1" in ids(embedded_store, "Post")
    assert [one.line for one in read_rejects(tmp_path / "rejects.jsonl")] == [read + 1]


def test_a_wrong_file_stops_a_load_before_it_begins(
    embedded_store: BoltStore, bars: Bars, tmp_path: Path
) -> None:
    good = write(tmp_path / "posts.jsonl", [record(1)])
    (tmp_path / "wrong.txt").write_text("hello\n")
    with pytest.raises(SourceRefused, match="no known format"):
        loaded(embedded_store, bars, good, tmp_path / "wrong.txt")
    with pytest.raises(SourceUnavailable, match="does not exist"):
        loaded(embedded_store, bars, good, tmp_path / "missing")
    assert ids(embedded_store, "Post") == {}


def test_a_format_can_be_said(embedded_store: BoltStore, bars: Bars, tmp_path: Path) -> None:
    rejects = tmp_path / "rejects.jsonl"
    bad = write(tmp_path / "bad", [b"{broken"])
    found = load(embedded_store, bars, [bad], format="x-v1.1-jsonl", rejects=rejects)
    assert (found.records, found.rejected) == (1, 1)
    with pytest.raises(UsageError, match="known: x-v1"):
        load(embedded_store, bars, [bad], format="nonsense", rejects=rejects)


def test_progress_ends_at_its_total(embedded_store: BoltStore, bars: Bars, tmp_path: Path) -> None:
    said: list[tuple[str, int, int]] = []
    load(
        embedded_store,
        bars,
        [write(tmp_path / "posts.jsonl", crowd(30))],
        rejects=tmp_path / "rejects.jsonl",
        progress=lambda *step: said.append(step),
    )
    assert said[-1] == ("load posts.jsonl", 30, 30)


def test_forgetting_what_was_sent_changes_no_graph(
    embedded_store: BoltStore, bars: Bars, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    posts = write(tmp_path / "posts.jsonl", crowd())
    loaded(embedded_store, bars, posts)
    expected = graph(embedded_store)
    emptied(embedded_store)
    monkeypatch.setattr(rows, "FORGET_AT", 3)
    monkeypatch.setattr(module, "CHUNK", 10)
    loaded(embedded_store, bars, posts)
    assert graph(embedded_store) == expected


def test_real_posts(embedded_store: BoltStore, bars: Bars, tmp_path: Path) -> None:
    with gzip.open(data_file("stocknet_tweets_v11.jsonl.gz")) as lines:
        some = [line.rstrip(b"\n") for line in islice(lines, 3_000)]
    posts = write(tmp_path / "posts.jsonl", some)
    first = loaded(embedded_store, bars, posts)
    before = graph(embedded_store)
    random.Random(1).shuffle(some)
    again = loaded(embedded_store, bars, write(tmp_path / "shuffled.jsonl", some))
    assert (first.records, first.rejected, again.rejected) == (3_000, 0, 0)
    assert not again.changed
    assert graph(embedded_store) == before
    assert again.posts == first.posts > 3_000
    assert again.accounts == first.accounts
