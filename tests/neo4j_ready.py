"""Starts a Neo4j for the tests and prints the lines that a shell evaluates to find it.

    python tests/neo4j_ready.py FOLDER      FOLDER has ./start DATA_DIR PORT, as Neo4j's engine does

Prints NEO4J_URI, NEO4J_PASSWORD, NEO4J_MAY_EMPTY and NEO4J_PID, each exported. Where the folder has
no ./start it prints nothing and says so on standard error: the tests then skip Neo4j.
"""

from __future__ import annotations

import secrets
import shlex
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import neo4j
from neo4j import exceptions

WAIT_SECONDS = 90.0
CHANGE = Path(__file__).parent / "data" / "neo4j_password.cypher"


def main(folder: Path) -> int:
    """Starts it; 0 also where there is nothing to start."""
    if not (folder / "start").exists():
        print(f"no Neo4j in {folder}: its tests will be skipped", file=sys.stderr)
        return 0
    home = Path(tempfile.mkdtemp(prefix="neo4j-"))
    port, password = _free_port(), secrets.token_urlsafe(12)
    process = _start(folder, home, port)
    uri = f"bolt://127.0.0.1:{port}"
    if not _set_password(process, uri, password):
        process.kill()
        print(f"Neo4j did not start; its log is {home / 'log'}", file=sys.stderr)
        return 1
    found = {"URI": uri, "PASSWORD": password, "MAY_EMPTY": "1", "PID": str(process.pid)}
    for name, value in found.items():
        print(f"export NEO4J_{name}={shlex.quote(value)}")
    return 0


def _start(folder: Path, home: Path, port: int) -> subprocess.Popen[bytes]:
    with (home / "log").open("wb") as log:
        return subprocess.Popen(
            ["sh", str(folder / "start"), str(home / "data"), str(port)],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )


def _set_password(process: subprocess.Popen[bytes], uri: str, password: str) -> bool:
    until = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < until and process.poll() is None:
        try:
            with (
                neo4j.GraphDatabase.driver(uri, auth=("neo4j", "neo4j")) as driver,
                driver.session(database="system") as session,
            ):
                session.run(CHANGE.read_text("utf-8"), new=password).consume()
            return True
        except (exceptions.DriverError, exceptions.Neo4jError):
            time.sleep(0.5)
    return False


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    sys.exit(main(Path(sys.argv[1]).resolve()))
