"""Tables of bars on their way in and out: refused where they are no bars, each bar once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import polars as pl
import pyarrow as pa

from graph.bars.schema import COLUMNS, FIGURES, FULL, PRICES, SCHEMA, Dated
from graph.errors import BadRecord, UsageError
from graph.model import Bar


def of_bars(bars: Iterable[Bar]) -> pa.Table:
    """Values as a table of SCHEMA, in their order."""
    held = list(bars)
    columns = [[getattr(bar, name) for bar in held] for name in COLUMNS]
    arrays = [pa.array(c, f.type) for c, f in zip(columns, SCHEMA, strict=True)]
    return pa.Table.from_arrays(arrays, schema=SCHEMA)


def conformed(table: pa.Table) -> pl.DataFrame:
    """The columns of FULL; of several bars of one stock, time and known_at the last.

    Raises UsageError where a column is missing or of another type, BadRecord, naming the bar, where
    a value is missing or a number not finite.
    """
    frame = as_frame(table, FULL, COLUMNS)
    _refuse_bad(frame)
    # The last one wins, as it would if they came one by one.
    return frame.unique(["ticker", "at", "known_at"], keep="last", maintain_order=True)


def dated(rows: Iterable[Mapping[str, Any]], kind: Dated) -> pl.DataFrame:
    """Dated things as they are kept, each key once. Raises BadRecord where one cannot be kept."""
    held = list(rows)
    columns = {field.name: [row.get(field.name) for row in held] for field in kind.schema}
    frame = as_frame(pa.table(columns, schema=kind.schema), kind.schema, ())
    texts = [name for name in kind.key if kind.schema.field(name).type == pa.string()]
    frame = frame.with_columns(pl.col(texts).fill_null(""))
    needed = {"ticker", *kind.key, *(n for n, how in kind.merges.items() if how != "filled")}
    _refuse_holes(frame, kind, needed - {"currency"})
    merged = [_MERGES[how](pl.col(name)) for name, how in kind.merges.items()]
    return frame.group_by("ticker", *kind.key, maintain_order=True).agg(merged)


_MERGES = {
    "last": lambda column: column.last(),
    "filled": lambda column: column.drop_nulls().last(),
    "least": lambda column: column.min(),
    "most": lambda column: column.max(),
}


def as_frame(table: pa.Table, schema: pa.Schema, needed: Sequence[str]) -> pl.DataFrame:
    """A table with exactly the columns of a schema; what is not needed may be missing."""
    if missing := [name for name in needed if name not in table.column_names]:
        raise UsageError(f"a table of bars has no column {', '.join(missing)}; give it one")
    try:
        arrays = [
            table[field.name].cast(field.type)
            if field.name in table.column_names
            else pa.nulls(table.num_rows, field.type)
            for field in schema
        ]
    except pa.ArrowInvalid as error:
        raise UsageError(f"a table of bars has a column of another kind: {error}") from error
    frame = pl.from_arrow(pa.Table.from_arrays(arrays, schema=schema))
    assert isinstance(frame, pl.DataFrame)
    return frame


def as_table(frame: pl.DataFrame, schema: pa.Schema) -> pa.Table:
    """A frame as Arrow, in these columns and types."""
    return frame.select(schema.names).to_arrow().cast(schema).combine_chunks()


def newest(frame: pl.DataFrame) -> pl.DataFrame:
    """Of each stock and time the bar that was known last; sorted by `rank` and at."""
    ordered = frame.sort("rank", "at", "known_at")
    later = (pl.col("rank") == pl.col("rank").shift(-1)) & (pl.col("at") == pl.col("at").shift(-1))
    return ordered.filter(~later.fill_null(False))


def _refuse_bad(frame: pl.DataFrame) -> None:
    for name in ("ticker", "at", "known_at"):
        if frame[name].null_count():
            bar = frame.row(int(frame[name].is_null().arg_true()[0]), named=True)
            raise BadRecord(f"A bar of {bar['ticker']} at {bar['at']} has no {name}.")
    for name in (*PRICES, *FIGURES):
        good = frame[name].is_finite().fill_null(name in FIGURES)
        if not good.all():
            bar = frame.row(int((~good).arg_true()[0]), named=True)
            raise BadRecord(f"The bar of {bar['ticker']} at {bar['at']} has no finite {name}.")


def _refuse_holes(frame: pl.DataFrame, kind: Dated, needed: Iterable[str]) -> None:
    for name in sorted(needed):
        column = frame[name]
        good = column.is_finite() if column.dtype.is_float() else column.is_not_null()
        if not good.fill_null(False).all():
            row = frame.row(int((~good.fill_null(False)).arg_true()[0]), named=True)
            raise BadRecord(f"One of the {kind.name} of {row['ticker']} has no {name}.")
