"""Settings: the only place that reads the environment.

SENTINELMARKET_HOME   the data folder (default: ~/.sentinelmarket)
GRAPH_URI             bolt://… or neo4j://… of a Neo4j 5 (default: the embedded store in the home)
GRAPH_USER            its user (default: neo4j)
GRAPH_PASSWORD        its password
GRAPH_HEAP            memory of the embedded store (default: 2g)
BARS_URI              postgresql://… of a database for price bars (default: a file)
BARS_PATH             that file (default: bars.sqlite in the home)
TEXT_MODEL            folder of a sequence-classification model that reads posts' texts, such as
                      FinBERT (default: the reader that ships)
TEXT_LABELS           what its labels mean where they do not say: LABEL_0=negative,LABEL_1=positive
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Settings:
    """Where things are. Build it with `from_environment`, or by hand in a test."""

    home: Path
    graph_uri: str | None = None
    graph_user: str | None = None
    graph_password: str | None = field(default=None, repr=False)
    graph_heap: str = "2g"
    bars_path: Path | None = None
    bars_uri: str | None = field(default=None, repr=False)  # it may hold a password
    text_model: str | None = None
    text_labels: str | None = None

    @property
    def bars(self) -> Path | str:
        """Where price bars are: an address, which goes before the path of a file."""
        return self.bars_uri or self.bars_path or self.home / "bars.sqlite"

    @property
    def models(self) -> Path:
        """Where models made once are kept."""
        return self.home / "models"

    @property
    def rejects(self) -> Path:
        """Where records that could not be used are written."""
        return self.home / "rejects.jsonl"


def from_environment(
    environ: Mapping[str, str] | None = None, home: Path | None = None
) -> Settings:
    """The settings the environment gives; a `home` said on the command line wins."""
    env = os.environ if environ is None else environ
    bars = env.get("BARS_PATH")
    return Settings(
        home=home or Path(env.get("SENTINELMARKET_HOME") or Path.home() / ".sentinelmarket"),
        graph_uri=env.get("GRAPH_URI") or None,
        graph_user=env.get("GRAPH_USER") or None,
        graph_password=env.get("GRAPH_PASSWORD") or None,
        graph_heap=env.get("GRAPH_HEAP") or "2g",
        bars_path=Path(bars) if bars else None,
        bars_uri=env.get("BARS_URI") or None,
        text_model=env.get("TEXT_MODEL") or None,
        text_labels=env.get("TEXT_LABELS") or None,
    )


def quiet_libraries() -> None:
    """Models come from installed packages: nothing is fetched, no library draws its own bar."""
    for name in ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE", "HF_HUB_DISABLE_TELEMETRY"):
        os.environ.setdefault(name, "1")
    os.environ.setdefault("HF_HUB_DISABLE_PROGRESS_BARS", "1")
    os.environ.setdefault("TRANSFORMERS_VERBOSITY", "error")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")


def allow_downloads() -> None:
    """A model may be fetched after this. Call it before the library that fetches is imported."""
    for name in ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE"):
        os.environ[name] = "0"
