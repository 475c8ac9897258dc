"""kill -9 in the middle of a load, and of the store's server: the next load makes it whole."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

from graph.backends import open_embedded
from graph.backends.bolt import BoltStore
from graph.bars import Bars
from ingest.load import load
from tests.ingest.test_load import graph
from tests.ingest.x_records import crowd, write

ROOT = Path(__file__).parents[2]
POSTS = 1_500


def killed_load(home: Path, posts: Path, after: int, *, with_server: bool) -> None:
    """Starts a load, and kills it when it has said `after` times how far it is."""
    command = [sys.executable, "-m", "tests.ingest.loading", str(home), str(posts)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        said = [process.stdout.readline() for _ in range(after)]
        os.kill(process.pid, signal.SIGKILL)
    assert f"of {POSTS}" in said[-1], said
    if with_server:
        endpoint = json.loads((home / "graph" / "endpoint.json").read_text("utf-8"))
        os.kill(endpoint["pid"], signal.SIGKILL)


def test_a_killed_load_is_made_whole(embedded_store: BoltStore, tmp_path: Path) -> None:
    home = tmp_path / "home"
    posts = write(tmp_path / "posts.jsonl", crowd(POSTS))
    killed_load(home, posts, 3, with_server=False)
    killed_load(home, posts, 8, with_server=True)
    store = open_embedded(home / "graph", heap="512m")
    with Bars(home / "bars.sqlite") as bars:
        partial = graph(store)
        load(store, bars, [posts], rejects=home / "rejects.jsonl")
        found = graph(store)
        load(embedded_store, bars, [posts], rejects=home / "rejects.jsonl")
    store.close()
    expected = graph(embedded_store)
    assert 0 < len(partial[0]) < len(expected[0]), "the kill came in the middle"
    assert found == expected
