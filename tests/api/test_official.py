"""The list of official accounts: read from a file, refused with a sentence."""

from __future__ import annotations

from pathlib import Path

import pytest

from api.cli import parser
from api.settings import Settings
from graph.errors import UsageError


def run(tmp_path: Path, path: Path) -> None:
    args = parser().parse_args(["run", "--official", str(path)])
    args.command.does(args, Settings(home=tmp_path / "home"))


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (None, r"gone\.txt cannot be read as a list of official accounts"),
        (b"\xff\xfe\x00", "cannot be read as a list of official accounts"),
        (b"x:1\nacme corporation\n", "line 2 of the list"),
    ],
)
def test_a_list_that_cannot_be_used_is_refused_before_any_work(
    tmp_path: Path, content: bytes | None, says: str
) -> None:
    path = tmp_path / "gone.txt"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(UsageError, match=says):
        run(tmp_path, path)
    assert not (tmp_path / "home").exists()
