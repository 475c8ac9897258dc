"""A load in a process of its own, to be killed: python -m tests.ingest.loading HOME FILE."""

from __future__ import annotations

import sys
from pathlib import Path

from graph.backends import open_embedded
from graph.bars import Bars
from ingest import load as module


def main(home: Path, file: Path) -> None:
    """Loads in small parts, and says after each how far it is."""
    module.CHUNK = 40
    store = open_embedded(home / "graph", heap="512m")
    store.apply_schema()
    with Bars(home / "bars.sqlite") as bars:
        module.load(store, bars, [file], rejects=home / "rejects.jsonl", progress=_say)
    store.close()


def _say(step: str, done: int, total: int) -> None:
    print(f"{step}: {done} of {total}", flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
