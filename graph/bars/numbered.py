"""Texts that are kept once and meant by number: tickers, and the words that bars repeat."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import polars as pl
import pyarrow as pa

from graph.bars.engine import Engine, ask


class Numbered:
    """The texts of one table, as far as this connection knows them to be committed.

    Numbers go from 0 without a gap and are never given twice; who adds holds the writers' lock.
    """

    def __init__(self, table: str, column: str) -> None:
        self._table, self._column = table, column
        self._schema = pa.schema([("id", pa.int32()), (column, pa.string())])
        self.forget()

    def forget(self) -> None:
        """What was added may have been undone."""
        self.texts: list[str] = []
        self._numbers: dict[str, int] = {}
        self._places: pl.Series | None = None  # of each text in order, by number

    def refresh(self, cursor: Any, engine: Engine) -> None:
        """Learns what others added."""
        sql = (
            f'SELECT "id", "{self._column}" FROM {self._table} WHERE "id" >= {len(self.texts)} '
            'ORDER BY "id"'
        )
        self._learn(ask(cursor, engine, sql, self._schema)[self._column].to_pylist())

    def add(self, cursor: Any, texts: Iterable[str]) -> None:
        """Gives a number to each that has none. Refresh first, under the lock."""
        new = sorted(set(texts) - self._numbers.keys())
        if not new:
            return
        ids = pa.array(range(len(self.texts), len(self.texts) + len(new)), pa.int32())
        cursor.adbc_ingest(self._table, pa.table([ids, pa.array(new)], self._schema), mode="append")
        self._learn(new)

    def numbers(self, texts: Iterable[str]) -> list[int]:
        """The numbers of those that have one, in their order."""
        return [self._numbers[text] for text in texts if text in self._numbers]

    def encoded(self, texts: pl.Series) -> pl.Series:
        """Numbers for texts that all have one; null stays null."""
        if not self._numbers:
            return pl.Series(texts.name, [None], dtype=pl.Int32).new_from_index(0, len(texts))
        return texts.replace_strict(self._numbers, default=None, return_dtype=pl.Int32)

    def decoded(self, numbers: pl.Series) -> pl.Series:
        """Texts for numbers; null stays null."""
        return pl.Series(self.texts, dtype=pl.String).gather(numbers).alias(numbers.name)

    def ranks(self, numbers: pl.Series) -> pl.Series:
        """The place of each number's text among all texts in order."""
        if self._places is None:
            self._places = pl.Series(self.texts, dtype=pl.String).rank("ordinal").cast(pl.UInt32)
        return self._places.gather(numbers).alias("rank")

    def _learn(self, texts: list[str]) -> None:
        if not texts:
            return
        self._places = None
        self._numbers |= {text: len(self.texts) + i for i, text in enumerate(texts)}
        self.texts += texts
