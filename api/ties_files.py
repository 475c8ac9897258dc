"""Frames into files, by the ending of their name; a file is whole or not there."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl

from graph.errors import UsageError

Ends = tuple[str, str]
Write = Callable[[pl.DataFrame, Path, Ends, bool], None]
TABLES = (".parquet", ".csv")
GRAPHS = (".graphml", ".gexf")


def check(path: Path | None, endings: tuple[str, ...] = TABLES) -> None:
    """Raises UsageError where a file of this name cannot be written. Before the work, not after."""
    if path is None:
        return
    if path.suffix not in endings:
        known = f"{', '.join(endings[:-1])} or {endings[-1]}"
        raise UsageError(f"{path} has no ending that says how to write it; there are {known}")
    if not path.parent.is_dir():
        raise UsageError(f"{path.parent} is no folder; make it, or write elsewhere")


def write(
    frame: pl.DataFrame, path: Path, ends: Ends = ("left", "right"), directed: bool = False
) -> None:
    """Writes a frame. Where it becomes a graph, `ends` are the two columns that are its nodes."""
    part = path.with_name(f"{path.name}.part")
    _WRITERS[path.suffix](frame, part, ends, directed)
    os.replace(part, path)


def _parquet(frame: pl.DataFrame, path: Path, ends: Ends, directed: bool) -> None:
    frame.write_parquet(path)


def _csv(frame: pl.DataFrame, path: Path, ends: Ends, directed: bool) -> None:
    _flat(frame).write_csv(path)


def _graphml(frame: pl.DataFrame, path: Path, ends: Ends, directed: bool) -> None:
    import networkx as nx

    nx.write_graphml(_graph(frame, ends, directed), path)


def _gexf(frame: pl.DataFrame, path: Path, ends: Ends, directed: bool) -> None:
    import networkx as nx

    lines = list(nx.generate_gexf(_graph(frame, ends, directed)))
    dated = next(n for n, line in enumerate(lines) if line.lstrip().startswith("<meta"))
    lines[dated] = "  <meta>"  # the same ties, the same file, whatever the day
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _graph(frame: pl.DataFrame, ends: Ends, directed: bool) -> Any:
    """A graph of networkx; one of several edges a pair where a pair has several rows."""
    import networkx as nx

    many = frame.select(ends).n_unique() < frame.height
    kinds = {
        (False, False): nx.Graph,
        (False, True): nx.MultiGraph,
        (True, False): nx.DiGraph,
        (True, True): nx.MultiDiGraph,
    }
    graph = kinds[directed, many]()
    for row in _flat(frame).iter_rows(named=True):
        left, right = (row.pop(end) for end in ends)
        graph.add_edge(left, right, **{name: v for name, v in row.items() if v is not None})
    return graph


def _flat(frame: pl.DataFrame) -> pl.DataFrame:
    """Lists as words joined by commas."""
    lists = [name for name, kind in frame.schema.items() if isinstance(kind, pl.List)]
    return frame.with_columns(pl.col(name).list.join(",") for name in lists)


_WRITERS: dict[str, Write] = {
    ".parquet": _parquet,
    ".csv": _csv,
    ".graphml": _graphml,
    ".gexf": _gexf,
}
