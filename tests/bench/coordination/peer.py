"""coordination-network-toolkit itself, in an environment of its own under build/peers/."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from pathlib import Path

VERSION = "1.5.2"
HOME = Path("build/peers/toolkit")
PROGRAM = HOME / "bin" / "compute_networks"
_SIMILARITY = "--similarity_threshold"


def installed() -> bool:
    """Whether it can be run; where it is not there yet, it is installed. False without an index."""
    if PROGRAM.exists():
        return True
    package = f"coordination-network-toolkit=={VERSION}"
    try:
        subprocess.run([sys.executable, "-m", "venv", str(HOME)], check=True)
        subprocess.run([str(HOME / "bin" / "pip"), "install", "--quiet", package], check=True)
    except (OSError, subprocess.CalledProcessError):
        return False
    return PROGRAM.exists()


def load_command(database: Path, posts: Path) -> list[str]:
    """What loads a CSV."""
    return [str(PROGRAM), str(database), "preprocess", "--format", "csv", str(posts)]


def compute_command(
    database: Path, network: str, window: int, least: int, similarity: float = 0.8, cpus: int = 2
) -> list[str]:
    """What computes a network; `window` in seconds."""
    options = ["--time_window", str(window), "--min_edge_weight", str(least)]
    options += ["--n_cpus", str(cpus), _SIMILARITY, str(similarity)]
    return [str(PROGRAM), str(database), "compute", network, *options]


def edges(database: Path, network: str) -> list[tuple[str, str, int]]:
    """(user_1, user_2, weight), sorted, loops too, of the network computed last."""
    with sqlite3.connect(database) as connection:
        rows = connection.execute(
            f"select user_1, user_2, weight from {network}_network order by user_1, user_2"
        ).fetchall()
    return [(str(one), str(two), int(weight)) for one, two, weight in rows]
