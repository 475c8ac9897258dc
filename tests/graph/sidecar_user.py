"""A process that uses the embedded store, for the tests that kill it: sidecar_user.py HOME HOW

Opens the store and prints "pid PID". `wait` then waits for a line on its input, closes and ends;
`write` writes posts one by one, and prints the id of each one that the store acknowledged.
"""

from __future__ import annotations

import sys
from pathlib import Path

from graph.backends import open_embedded
from graph.backends.embedded import _recorded
from tests.contract.test_every_store import post


def main(home: Path, how: str) -> None:
    """See above."""
    store = open_embedded(home, heap="512m")
    store.apply_schema()
    server = _recorded(home)
    print("pid", server.pid if server else None, flush=True)
    if how == "wait":
        sys.stdin.readline()
    for number in range(100_000 if how == "write" else 0):
        store.write_rows("ingest/posts", [post(number)])
        print(f"x:{number}", flush=True)
    store.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
