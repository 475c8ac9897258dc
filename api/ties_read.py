"""The files of one run of `ties`, read and told: all of one kind."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from graph.errors import UsageError
from ingest import table_acts, tables

ACCOUNT = {"coortweet": "account_id", "toolkit": "user_id"}


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


@dataclass(frozen=True, slots=True)
class Plan:
    """What a table of this shape is asked, and the columns that takes; None: all of them, for its
    rows are looked at as posts."""

    shape: str
    traces: list[str]
    wanted: frozenset[str] | None


def plan(args: argparse.Namespace, shape: str) -> Plan:
    """The traces that were asked for, or all that the table shows by itself, most telling first.

    Raises UsageError where it shows none, or not what was asked for.
    """
    known = table_acts.TRACES[shape]
    has = frozenset.intersection(*(tables.columns(path) for path in args.files))
    names = args.trace or [name for name, one in known.items() if has.issuperset(one.columns)]
    if not names:
        raise UsageError(f"{args.files[0]} has no column that shows what was shared")
    if not set(names) <= known.keys():
        if shape == "coortweet":
            raise UsageError(f"a CooRTweet table shows the trace {', '.join(known)} and no other")
        return Plan(shape, names, None)
    needs = {ACCOUNT[shape], *tables.SHAPES[shape].ids}.union(*(known[n].columns for n in names))
    return Plan(shape, sorted(names, key=list(known).index), frozenset(needs))


@contextmanager
def ahead(paths: Sequence[Path], wanted: Iterable[str] | None) -> Iterator[Future[Rows]]:
    """`rows`, read by a thread of its own while the body runs: importing takes as long."""
    with ThreadPoolExecutor(1) as reader:
        yield reader.submit(rows, paths, wanted)


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
