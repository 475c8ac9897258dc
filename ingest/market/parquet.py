"""Prices in Parquet, by the column: a minute bar becomes a Python object only when it is asked for.

Columns go by the same names and maps as in CSV. A time is a date, a timestamp with or without a
zone, a string, or seconds or milliseconds since 1970. The line of a reject is its row, from 1.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from graph.bars import COLUMNS
from graph.errors import SourceRefused, SourceUnavailable
from graph.model import Bar
from ingest.market.columns import ColumnMap
from ingest.market.judge import EXTRAS, judged
from ingest.market.quote import Interval, Quote
from ingest.market.venues import venue_of
from ingest.market.yahoo_csv import ticker_of
from ingest.rejects import Reject

EXPECTED = "Parquet with the columns of prices-csv"
# At once. A file by the minute has all stocks in every part of it, and each part writes to the
# place of every stock: the fewer parts, the less is written twice.
ROWS = 750_000


@dataclass(frozen=True, slots=True)
class ParquetSource:
    """The quotes of one Parquet file."""

    path: Path
    columns: ColumnMap = field(default_factory=ColumnMap)

    @property
    def name(self) -> str:
        return "prices-parquet"

    @property
    def interval(self) -> Interval:
        return self.columns.interval

    def quotes(self) -> Iterator[Quote | Reject]:
        """See BarSource."""
        for frame in self._frames():
            for row in frame.iter_rows(named=True):
                yield self._reject(row) if row["why"] else _quote(row)

    def tables(self) -> Iterator[tuple[pa.Table, list[Reject]]]:
        """The same as tables of COLUMNS and EXTRAS, each with its rejects: the way of millions."""
        for frame in self._frames():
            good = frame.filter(pl.col("why").is_null()).select(*COLUMNS, *EXTRAS).to_arrow()
            bad = frame.filter(pl.col("why").is_not_null())
            yield good, [self._reject(row) for row in bad.iter_rows(named=True)]

    def _frames(self) -> Iterator[pl.DataFrame]:
        """Parts of the file with our columns, `row`, `record` and `why` a row is none."""
        with self._opened() as file:
            places = self._places(file.schema_arrow.names)
            row = 1
            for batch in file.iter_batches(batch_size=ROWS, columns=list(places.values())):
                raw = pl.from_arrow(pa.Table.from_batches([batch]))
                assert isinstance(raw, pl.DataFrame)
                ours = raw.select(pl.col(theirs).alias(name) for name, theirs in places.items())
                numbered = ours.with_row_index("row", offset=row)
                yield judged(numbered, self.columns, ticker_of(self.path))
                row += raw.height

    @contextmanager
    def _opened(self) -> Iterator[pq.ParquetFile]:
        try:
            with pq.ParquetFile(self.path) as file:
                yield file
        except pa.ArrowInvalid as error:
            raise SourceRefused(
                f"{self.path} is not Parquet, or is damaged ({str(error).splitlines()[0]}). "
                f"Expected is {EXPECTED}."
            ) from error
        except OSError as error:
            raise SourceUnavailable(f"{self.path} cannot be read: {error}") from error

    def _places(self, names: Sequence[str]) -> dict[str, str]:
        """Our name of each column that is there, with its name in the file."""
        known = {name.strip().casefold(): name for name in names}
        wanted = {**self.columns.needed, **self.columns.optional}
        found = {
            ours: known[there[0]]
            for ours, theirs in wanted.items()
            if (there := [name.casefold() for name in theirs if name.casefold() in known])
        }
        if missing := [theirs[0] for o, theirs in self.columns.needed.items() if o not in found]:
            raise SourceRefused(
                f"{self.path} is not a file of prices: it has no column {', '.join(missing)}. "
                f"It has {', '.join(names)}."
            )
        return found

    def _reject(self, row: dict[str, Any]) -> Reject:
        return Reject(self.path.name, row["row"], row["why"], row["record"])


def _quote(row: dict[str, Any]) -> Quote:
    bar = Bar(*(row[name] for name in COLUMNS))
    venue = venue_of(bar.ticker)
    said = {name: row[name] for name in EXTRAS}
    if venue is not None:
        said["exchange"] = said["exchange"] or venue.exchange
        said["currency"] = said["currency"] or venue.currency
    return Quote(bar, **said)
