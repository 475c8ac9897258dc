"""A file's format is found by looking into it."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from graph.errors import SourceRefused, SourceUnavailable, UsageError
from ingest import x_v11
from ingest.formats import detect, named
from ingest.market import yahoo_csv
from tests.ingest.x_records import record, write

PRICES = b"Date,Open,High,Low,Close,Adj Close,Volume\n2024-01-02,1,2,1,2,2,100\n"


@pytest.mark.parametrize("name", ["posts.jsonl", "posts.gz", "posts.csv", "posts"])
def test_posts_whatever_the_name(tmp_path: Path, name: str) -> None:
    assert detect(write(tmp_path / name, [record(1)])) == "x-v1.1-jsonl"


@pytest.mark.parametrize("content", [PRICES, gzip.compress(PRICES)])
def test_prices_packed_or_not(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "prices.txt").write_bytes(content)
    assert detect(tmp_path / "prices.txt") == "yahoo-csv"


def test_a_bad_first_line_hides_nothing(tmp_path: Path) -> None:
    assert detect(write(tmp_path / "a", [b"{broken", b"", record(1)])) == "x-v1.1-jsonl"
    assert detect(write(tmp_path / "b", [b"{broken"] * 40 + [record(1)])) == "x-v1.1-jsonl"


def test_a_cut_gzip_is_still_known(tmp_path: Path) -> None:
    path = write(tmp_path / "a.gz", [record(n) for n in range(500)])
    path.write_bytes(path.read_bytes()[:-200])
    assert detect(path) == "x-v1.1-jsonl"


@pytest.mark.parametrize(
    ("content", "shown"),
    [
        (b"", "it is empty"),
        (b"name;age\nann;5\n", "'name;age'"),
        (b"name,age\nann,5\n", "'name,age'"),
        (b"Date,Open,High,Low\n2024-01-02,1,2,1\n", "'Date,Open,High,Low'"),
        ("größe,farbe\n".encode("latin-1"), "its first line is 'gr"),
        (b'{"data": []}\n', '{"data": []}'),
        (b'{"created_at": "now", "text": "hello"}\n', "created_at"),
        (b'["created_at", "user", "text"]\n', "created_at"),
        (b"x" * 500, "'xxxx"),
        (bytes(range(256)), "its first line is"),
        (gzip.compress(b"hello\n"), "'hello'"),
    ],
)
def test_a_wrong_file_is_refused_with_what_was_expected(
    tmp_path: Path, content: bytes, shown: str
) -> None:
    (tmp_path / "wrong").write_bytes(content)
    with pytest.raises(SourceRefused) as raised:
        detect(tmp_path / "wrong")
    message = str(raised.value)
    assert shown in message
    assert f"x-v1.1-jsonl: posts of X API v1.1, {x_v11.EXPECTED}" in message
    assert f"yahoo-csv: daily prices, {yahoo_csv.EXPECTED}" in message
    assert "x" * 100 not in message


def test_no_file_and_a_folder(tmp_path: Path) -> None:
    with pytest.raises(SourceUnavailable, match="does not exist"):
        detect(tmp_path / "nowhere")
    with pytest.raises(SourceRefused, match="is a folder"):
        detect(tmp_path)


def test_an_unknown_name_says_the_known_ones() -> None:
    with pytest.raises(UsageError, match=r"x-v1\.1-jsonl, .*yahoo-csv"):
        named("parquet")
