"""Arrow tables in and out of the functions that Spark calls."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from graph.detection.spark.session import quiet

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, GroupedData

Table = Any  # pyarrow.Table; the package has no types
TYPES = {
    "string": pa.string(),
    "long": pa.int64(),
    "int": pa.int32(),
    "double": pa.float64(),
    "array<double>": pa.list_(pa.float64()),
}
Lists = tuple[npt.NDArray[np.int64], Any]


def table(schema: str, columns: dict[str, Any]) -> Table:
    """A table of exactly the types that Spark was promised; columns left out are null."""
    said = _types(schema)
    rows = len(next(iter(columns.values())))
    arrays = [
        _array(columns[one.name], one.type) if one.name in columns else pa.nulls(rows, one.type)
        for one in said
    ]
    return pa.Table.from_arrays(arrays, schema=said)


def empty(schema: str) -> Table:
    """No rows of it."""
    return _types(schema).empty_table()


def lists(column: Any) -> Lists:
    """A column of lists as edges, shape [rows + 1], and all the values one after another."""
    whole = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    lengths = pc.list_value_length(whole).to_numpy(zero_copy_only=False)
    return np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64), whole.flatten()


def numbers(column: Any) -> npt.NDArray[Any]:
    """A column of numbers without nulls, shape [rows]."""
    return np.asarray(column.to_numpy(zero_copy_only=False) if _is_array(column) else column)


def by_batch(frame: DataFrame, does: Callable[[Any], Table], schema: str) -> DataFrame:
    """`does` on each batch of rows."""

    def run(batches: Iterator[Any]) -> Iterator[Any]:
        for batch in batches:
            if batch.num_rows:
                yield from does(batch).to_batches()

    with quiet():
        return frame.mapInArrow(run, schema)


def by_group(grouped: GroupedData, does: Callable[[Table], Table], schema: str) -> DataFrame:
    """`does` on all rows of each group."""
    with quiet():
        return grouped.applyInArrow(lambda rows: does(rows), schema)


def by_both(
    one: GroupedData, other: GroupedData, does: Callable[[Table, Table], Table], schema: str
) -> DataFrame:
    """`does` on the rows that both sides have of each group."""
    with quiet():
        return one.cogroup(other).applyInArrow(lambda a, b: does(a, b), schema)


def _types(schema: str) -> Any:
    """`name type, name type` as Arrow has it. Spark's own parser needs the driver."""
    return pa.schema([(name, TYPES[kind]) for name, kind in map(str.split, schema.split(", "))])


def _is_array(column: Any) -> bool:
    return isinstance(column, pa.Array | pa.ChunkedArray)


def _array(values: Any, kind: Any) -> Any:
    array = values if _is_array(values) else pa.array(values)
    array = array.combine_chunks() if isinstance(array, pa.ChunkedArray) else array
    return array.cast(kind)
