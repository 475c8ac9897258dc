"""Makes the expected tables under tests/data/toolkit with the real toolkit, once.

python -m tests.bench.coordination.tables
"""

from __future__ import annotations

import csv
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.bench.coordination import peer
from tests.bench.coordination.messages import awkward, write

HERE = Path("tests/data/toolkit")
SEED, COUNT, SIMILARITY = 20, 260, 0.6
NETWORKS = ("co_retweet", "co_link", "co_tweet", "co_reply", "co_post", "co_similar_tweet")
WINDOWS = ((0, 1), (7, 1), (60, 2))  # seconds, smallest weight


def main() -> int:
    """Writes messages.csv and edges.csv (network, window, least, user_1, user_2, weight)."""
    if not peer.installed():
        print("the toolkit cannot be installed here", file=sys.stderr)
        return 1
    messages = HERE / "messages.csv"
    write(messages, awkward(SEED, COUNT))
    with tempfile.TemporaryDirectory() as folder, (HERE / "edges.csv").open("w") as file:
        database = Path(folder) / "peer.db"
        subprocess.run(peer.load_command(database, messages), check=True)
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["network", "window", "least", "user_1", "user_2", "weight"])
        for network in NETWORKS:
            for window, least in WINDOWS:
                command = peer.compute_command(database, network, window, least, SIMILARITY, 1)
                subprocess.run(command, check=True)
                rows = peer.edges(database, network)
                writer.writerows([network, window, least, *row] for row in rows)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
