"""Where the figures of a bench go: to the screen and to build/bench/coordination-NAME.json."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

FOLDER = Path("build/bench")


def show(table: str) -> None:
    """Prints at once, also into a pipe."""
    print(table, flush=True)


def write(name: str, rows: Any) -> None:
    """Writes the figures for programs."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    text = json.dumps(rows, indent=1, default=float)
    (FOLDER / f"coordination-{name}.json").write_text(text, encoding="utf-8")
