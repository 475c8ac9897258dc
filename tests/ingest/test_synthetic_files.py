"""A planted market written as files is read back, equal, by the readers of real files."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from graph.model import Account, Bar, Post
from ingest import x_v11
from ingest.market import yahoo_csv
from ingest.rejects import Reject
from ingest.synthetic.truth import read_truth
from ingest.synthetic.write import BARS_FILE, POSTS_FILE, TRUTH_FILE, write_files
from tests.ingest.planted import small


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("planted")
    assert [p.name for p in write_files(small(), made)] == [POSTS_FILE, BARS_FILE, TRUTH_FILE]
    return made


def read_posts(path: Path) -> tuple[list[Post], dict[str, Account]]:
    """Posts and accounts as loading keeps them: what was known first."""
    posts: dict[str, Post] = {}
    accounts: dict[str, Account] = {}
    for record in x_v11.read(path):
        assert not isinstance(record, Reject), record
        for post in record.posts:
            posts.setdefault(post.id, post)
        for account in record.accounts:
            accounts.setdefault(account.id, account)
    return list(posts.values()), accounts


def test_posts_and_accounts_come_back_equal(folder: Path) -> None:
    posts, accounts = read_posts(folder / POSTS_FILE)
    assert posts == small().posts
    assert sorted(accounts.values(), key=lambda a: a.id) == small().accounts


def test_bars_come_back_equal(folder: Path) -> None:
    read = list(yahoo_csv.read(folder / BARS_FILE))
    assert all(isinstance(bar, Bar) for bar in read)
    assert read == small().bars


def test_the_truth_comes_back_equal(folder: Path) -> None:
    assert read_truth(folder / TRUTH_FILE) == small().truth


def test_the_files_are_the_same_byte_for_byte(folder: Path, tmp_path: Path) -> None:
    for path in write_files(small(), tmp_path / "again"):
        assert path.read_bytes() == (folder / path.name).read_bytes()
    # gzip keeps the time of writing in these bytes unless told not to.
    assert (folder / POSTS_FILE).read_bytes()[4:8] == bytes(4)


def test_nothing_in_the_input_tells_the_truth(folder: Path) -> None:
    seen = gzip.decompress((folder / POSTS_FILE).read_bytes()).decode()
    seen += (folder / BARS_FILE).read_text()
    names = [c.id for c in small().truth.campaigns] + [d.id for d in small().truth.decoys]
    assert names
    assert not any(name in seen for name in (*names, "decoy", "campaign", "amplifier"))


def test_a_record_has_the_shape_of_the_platform(folder: Path) -> None:
    lines = gzip.decompress((folder / POSTS_FILE).read_bytes()).decode().splitlines()
    records = [json.loads(line) for line in lines]
    reposts = [record for record in records if "retweeted_status" in record]
    repost = next(one for one in reposts if one["entities"]["symbols"])
    original = repost["retweeted_status"]
    assert repost["text"] == f"RT @{original['user']['screen_name']}: {original['text']}"
    start, end = original["entities"]["symbols"][0]["indices"]
    assert original["text"][start:end] == "$" + original["entities"]["symbols"][0]["text"]
    assert x_v11.looks_like(lines[0].encode())
