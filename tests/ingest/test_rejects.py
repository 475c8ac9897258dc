"""The rejects file: complete, never doubled, whole even when a load is killed."""

from __future__ import annotations

from pathlib import Path

from ingest.rejects import SHOWN, Reject, RejectsFile, read


def rejected(path: Path, inputs: list[str], *rejects: Reject) -> list[Reject]:
    with RejectsFile(path, inputs) as file:
        for reject in rejects:
            file.add(reject)
    return read(path)


def test_the_same_load_twice_says_it_once(tmp_path: Path) -> None:
    path, bad = tmp_path / "rejects.jsonl", Reject("a", 3, "is not JSON", "{")
    rejected(path, ["a"], bad)
    assert rejected(path, ["a"], bad) == [bad]


def test_other_files_keep_theirs(tmp_path: Path) -> None:
    path = tmp_path / "rejects.jsonl"
    first, second = Reject("a", 3, "r", "{"), Reject("b", 1, "r", "[")
    rejected(path, ["a"], first)
    assert rejected(path, ["b"], second) == [first, second]
    assert rejected(path, ["a"]) == [second]
    assert rejected(path, ["b"]) == []
    assert not path.exists()


def test_a_killed_load_leaves_the_old_file(tmp_path: Path) -> None:
    path, bad = tmp_path / "rejects.jsonl", Reject("a", 3, "r", "{")
    rejected(path, ["a"], bad)
    RejectsFile(path, ["a"]).add(Reject("a", 9, "r", "{"))
    assert read(path) == [bad]


def test_a_long_record_is_shortened_and_a_strange_one_kept(tmp_path: Path) -> None:
    found = rejected(tmp_path / "r", ["a"], Reject("a", 1, "r", "x" * 9_999 + "\ud83d"))
    assert len(found[0].record) == SHOWN
    assert rejected(tmp_path / "q", ["a"], Reject("a", 1, "r", "\ud83d"))[0].record == "?"
