"""The files of one run of `ties`, read and told: all of one kind."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from graph.errors import UsageError
from ingest import tables


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of all files, in their order, and a line or more on each file for a person."""

    rows: pl.DataFrame
    said: list[str]


def shape(paths: Sequence[Path]) -> str | None:
    """The shape of the tables, None for files that are none. Raises UsageError for a mixture."""
    shapes = {path: tables.shape_of(path) for path in paths}
    if len(set(shapes.values())) > 1:
        kinds = ", ".join(f"{path} is {kind or 'no table'}" for path, kind in shapes.items())
        raise UsageError(f"one run reads one kind of file: {kinds}")
    return next(iter(shapes.values()))


def rows(paths: Sequence[Path], wanted: Iterable[str] | None) -> Rows:
    """The columns wanted (None: all), and `at`, of tables of one shape; raises as `tables.read`."""
    found = [tables.read(path, wanted) for path in paths]
    said = [line for table in found for line in told(table)]
    return Rows(pl.concat(table.rows for table in found), said)


def told(table: tables.Table) -> list[str]:
    """What a file held, what of it was dropped and why."""
    lines = [f"{table.path}: {table.shape} table, {table.read:,} rows read"]
    lines += [
        f"  {one.rows:,} dropped: {one.reason} (first: row {one.first})" for one in table.dropped
    ]
    return lines + [f"  {note}" for note in table.notes]
