"""The embedded server: one a folder, joined by all, stopped by the last, and hard to hurt."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from graph.backends import embedded, open_embedded, open_store, process
from graph.errors import SentinelError, StoreUnavailable

ROOT = Path(__file__).parents[2]


def user(home: Path, how: str) -> tuple[subprocess.Popen[str], int]:
    """Another process that uses the folder, and the server's pid."""
    started = subprocess.Popen(
        [sys.executable, "-m", "tests.graph.sidecar_user", str(home), how],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert started.stdout
    word, pid = started.stdout.readline().split()
    assert word == "pid"
    return started, int(pid)


def ends(pid: int, seconds: float = 20.0) -> bool:
    """Does the process end by itself within some seconds?"""
    return process.gone(pid, seconds)


def test_it_is_ready_soon_on_loopback_and_tells_nobody_its_password(tmp_path: Path) -> None:
    began = time.monotonic()
    store = open_store(None, tmp_path, heap="512m")
    took = time.monotonic() - began
    folder = tmp_path / "graph"
    pid = embedded._recorded(folder).pid  # type: ignore[union-attr]
    assert "ArcadeDBServer" in process.shown(pid)
    assert (folder / "password").read_text() not in process.shown(pid)
    assert all(
        (folder / name).stat().st_mode & 0o077 == 0 for name in ("password", "endpoint.json")
    )
    assert (folder / "server.log").stat().st_size > 0
    store.close()
    assert not process.alive(pid)
    assert took < 30, "5 s on an idle machine"


def test_the_last_one_out_stops_it(tmp_path: Path) -> None:
    first = open_embedded(tmp_path, heap="512m")
    second, pid = user(tmp_path, "wait")
    assert pid == embedded._recorded(tmp_path).pid  # type: ignore[union-attr]
    first.close()
    assert process.alive(pid)
    second.communicate("go\n")
    assert second.returncode == 0
    assert ends(pid)


def test_of_a_killed_owner_the_next_one_takes_over(tmp_path: Path) -> None:
    owner, pid = user(tmp_path, "wait")
    owner.kill()
    owner.communicate()
    store = open_embedded(tmp_path, heap="512m")
    assert store.read("schema/version")
    last = embedded._recorded(tmp_path).pid  # type: ignore[union-attr]
    store.close()
    assert ends(pid)
    assert ends(last)


def test_of_killed_users_the_server_ends_by_itself(tmp_path: Path) -> None:
    owner, pid = user(tmp_path, "wait")
    other, same = user(tmp_path, "wait")
    assert pid == same
    owner.kill()
    owner.communicate()
    assert not ends(pid, 3 * process.KEEPER_LOOKS), "somebody still uses it"
    other.kill()
    other.communicate()
    assert ends(pid)


def test_a_server_killed_while_it_writes_keeps_what_it_acknowledged(tmp_path: Path) -> None:
    writer, pid = user(tmp_path, "write")
    assert writer.stdout
    acknowledged = [writer.stdout.readline().strip() for _ in range(60)]
    os.kill(pid, signal.SIGKILL)
    writer.kill()
    acknowledged += writer.communicate()[0].split()
    store = open_embedded(tmp_path, heap="512m")
    kept = {row["id"] for row in store.read("read/posts_by_ids", ids=acknowledged)}
    store.close()
    assert len(acknowledged) >= 60
    assert kept == set(acknowledged)


def test_a_port_taken_in_between_is_no_problem(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen()
        taken = busy.getsockname()[1]
        offers = iter([(taken, embedded._free_ports()[0]), (embedded._free_ports()[0], taken)])
        real = embedded._free_ports
        monkeypatch.setattr(embedded, "_free_ports", lambda: next(offers, None) or real())
        store = open_embedded(tmp_path, heap="512m")
        assert store.read("schema/version") == []
        store.close()


def test_without_the_wheel_it_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(embedded, "find_spec", lambda name: None)
    with pytest.raises(StoreUnavailable, match=r"arcadedb-embedded.*GRAPH_URI=bolt://"):
        open_store(None, tmp_path)


@pytest.mark.parametrize(
    ("java", "jar"),
    [(None, True), (0o755, False), (0o644, True), (None, False)],
    ids=["no java", "no server", "java that may not be run", "neither"],
)
def test_a_wheel_without_java_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, java: int | None, jar: bool
) -> None:
    put_wheel(tmp_path / "site", java, jar)
    monkeypatch.delitem(sys.modules, "arcadedb_embedded", raising=False)
    monkeypatch.syspath_prepend(str(tmp_path / "site"))
    with pytest.raises(StoreUnavailable, match=r"no Java runtime.*GRAPH_URI"):
        open_store(None, tmp_path)


def test_a_whole_wheel_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = put_wheel(tmp_path / "site", 0o755, True)
    monkeypatch.delitem(sys.modules, "arcadedb_embedded", raising=False)
    monkeypatch.syspath_prepend(str(tmp_path / "site"))
    assert embedded.find_java() == (package / "jre" / "bin" / "java", str(package / "jars" / "*"))


def put_wheel(site: Path, java: int | None, jar: bool) -> Path:
    """A package of the wheel's name and layout, with a java of these rights and a server or not."""
    package = site / "arcadedb_embedded"
    for folder in ("jre/bin", "jars"):
        (package / folder).mkdir(parents=True)
    (package / "__init__.py").touch()
    if java is not None:
        (package / "jre" / "bin" / "java").touch(java)
    if jar:
        (package / "jars" / "server.jar").touch()
    return package


def test_an_unreachable_uri_is_named_without_its_password(tmp_path: Path) -> None:
    with socket.socket() as idle:
        idle.bind(("127.0.0.1", 0))
        port = idle.getsockname()[1]
    with pytest.raises(SentinelError) as caught:
        open_store(f"bolt://neo4j:hunter2@127.0.0.1:{port}", tmp_path)
    assert f"bolt://127.0.0.1:{port}" in str(caught.value)
    assert "docker compose up neo4j" in str(caught.value)
    assert "hunter2" not in str(caught.value)
    assert isinstance(caught.value, StoreUnavailable)


def test_a_uri_of_another_kind_says_which_are_known(tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailable, match=r"'http'; known: bolt, "):
        open_store("http://127.0.0.1:7474", tmp_path)


def test_a_server_that_hangs_is_replaced_only_where_nobody_uses_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(embedded, "START_SECONDS", 4.0)
    owner, pid = user(tmp_path, "wait")
    os.kill(pid, signal.SIGSTOP)
    time.sleep(1)
    with pytest.raises(StoreUnavailable, match=rf"process {pid}.*server\.log"):
        open_embedded(tmp_path, heap="512m")
    owner.kill()
    owner.communicate()
    monkeypatch.setattr(embedded, "START_SECONDS", 60.0)
    monkeypatch.setattr(embedded, "_answers_in_time", lambda *_: False)
    store = open_embedded(tmp_path, heap="512m")
    assert store.read("schema/version")
    assert ends(pid)
    store.close()
