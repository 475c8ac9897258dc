"""A file that grows: each line once, whole, and all again where the file is another one."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from graph.errors import SourceRefused, SourceUnavailable
from ingest import follow
from ingest.follow import Follow


def append(path: Path, text: str) -> None:
    with path.open("a", encoding="utf-8") as file:
        file.write(text)


def test_each_line_comes_once_and_whole(tmp_path: Path) -> None:
    path = tmp_path / "posts.jsonl"
    file = Follow(path)
    assert file.poll() == []
    append(path, "one\ntwo\nthr")
    assert file.poll() == [(1, b"one"), (2, b"two")]
    assert file.poll() == []
    append(path, "ee\n\n  \nsix\n")
    assert file.poll() == [(3, b"three"), (6, b"six")]
    assert file.wrote == path.stat().st_mtime


def test_a_file_that_was_replaced_or_cut_is_read_from_its_beginning(tmp_path: Path) -> None:
    path = tmp_path / "posts.jsonl"
    append(path, "one\ntwo\nrest")
    file = Follow(path)
    file.poll()
    other = tmp_path / "other"
    append(other, "new\n" * 9)
    other.rename(path)
    assert file.poll() == [(n, b"new") for n in range(1, 10)]
    path.write_text("cut\n", encoding="utf-8")
    assert file.poll() == [(1, b"cut")]
    path.unlink()
    assert file.poll() == []
    append(path, "back\n")
    assert file.poll() == [(1, b"back")]


def test_a_large_backlog_comes_in_parts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(follow, "CHUNK", 10)
    path = tmp_path / "posts.jsonl"
    append(path, "".join(f"line {n}\n" for n in range(5)))
    file, came = Follow(path), []
    while True:
        came += file.poll()
        if not file.behind:
            break
    assert came == [(n + 1, f"line {n}".encode()) for n in range(5)]


def test_what_cannot_grow_by_lines_or_be_read_is_refused(tmp_path: Path) -> None:
    packed = tmp_path / "posts.jsonl.gz"
    packed.write_bytes(gzip.compress(b"one\n"))
    with pytest.raises(SourceRefused, match="sentinelmarket ingest"):
        Follow(packed).poll()
    with pytest.raises(SourceUnavailable, match="cannot be read"):
        Follow(tmp_path).poll()
