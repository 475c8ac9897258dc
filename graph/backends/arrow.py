"""Rows of collected lists, as a store returns them window by window, as one Arrow table."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

import pyarrow as pa

from graph.errors import QueryFailed

_PLAIN = {"string": pa.string(), "int": pa.int64(), "float": pa.float64(), "bool": pa.bool_()}


def table_of(name: str, returns: Mapping[str, str], rows: Iterable[dict[str, Any]]) -> pa.Table:
    """A table with the columns that the statement's head declares; rows without values are skipped.

    Raises QueryFailed where the lists of a row differ in length or a value has another type.
    """
    schema = pa.schema([(column, arrow_type(text)) for column, text in elements(returns).items()])
    parts = [_part(name, schema, row) for row in rows if any(row.values())]
    return pa.concat_tables(parts) if parts else schema.empty_table()


def elements(returns: Mapping[str, str]) -> dict[str, str]:
    """Types of one element a column: `id list<string>` in a head is a column of strings.

    A head where not every column is a list already speaks of elements.
    """
    inner = {column: re.fullmatch(r"list<(.+)>", text) for column, text in returns.items()}
    if all(inner.values()):
        return {column: match[1] for column, match in inner.items() if match}
    return dict(returns)


def arrow_type(text: str) -> pa.DataType:
    """`list<string>` and the like. Raises LookupError with the known names."""
    if match := re.fullmatch(r"list<(.+)>", text):
        return pa.list_(arrow_type(match[1]))
    if text not in _PLAIN:
        raise LookupError(f"no column type {text!r}; known: {', '.join(_PLAIN)}, list<...>")
    return _PLAIN[text]


def _part(name: str, schema: pa.Schema, row: Mapping[str, Any]) -> pa.Table:
    lengths = {field.name: len(row[field.name] or []) for field in schema}
    if len(set(lengths.values())) > 1:
        raise QueryFailed(name, f"columns of unequal length {lengths}; collect() drops nulls")
    try:
        return pa.table([pa.array(row[f.name] or [], f.type) for f in schema], schema=schema)
    except (pa.ArrowInvalid, pa.ArrowTypeError) as error:
        raise QueryFailed(name, str(error)) from error
