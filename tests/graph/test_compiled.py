"""Compiled functions of older sources are not run."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from graph.detection.compiled import drop_stale

CALLED = "from numba import njit\n@njit(cache=True)\ndef two(): return {}\n"
CALLS = """from numba import njit
from called import two
@njit(cache=True)
def four(): return 2 * two()
"""


def run(folder: Path) -> str:
    """What the calling function says, in a process of its own."""
    code = "from calls import four; print(four())"
    found = subprocess.run(
        [sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, check=True
    )
    return found.stdout.strip()


def test_a_change_in_another_file_is_seen(tmp_path: Path) -> None:
    (tmp_path / "called.py").write_text(CALLED.format(2))
    (tmp_path / "calls.py").write_text(CALLS)
    assert run(tmp_path) == "4"
    assert drop_stale(tmp_path) == 0  # nothing changed: nothing is compiled again
    assert list(tmp_path.rglob("*.nbi"))
    # of another length: Python too keeps what it compiled by the second and the length of a file
    (tmp_path / "called.py").write_text(CALLED.format(15))
    assert run(tmp_path) == "4"  # what numba does by itself
    assert drop_stale(tmp_path) > 0
    assert not list(tmp_path.rglob("*.nb[ic]"))
    assert run(tmp_path) == "30"


def test_where_nothing_was_compiled_there_is_nothing_to_do(tmp_path: Path) -> None:
    (tmp_path / "a.py").touch()
    assert drop_stale(tmp_path) == 0
    later = (tmp_path / "a.py").stat().st_mtime_ns + 10**9
    (tmp_path / "a.nbi").touch()
    os.utime(tmp_path / "a.nbi", ns=(later, later))
    assert drop_stale(tmp_path) == 0
