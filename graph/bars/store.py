"""The store of bars: what stocks did, day by day and minute by minute, and what was known of them.

Sync, and safe to share between threads: one connection, one question at a time.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import polars as pl
import pyarrow as pa

from graph.bars import engine as engines
from graph.bars import rows
from graph.bars.engine import ask, engine_of, run
from graph.bars.migrations import lock_writers, prepare
from graph.bars.names import Names
from graph.bars.numbered import Numbered
from graph.bars.schema import (
    ACTIONS,
    COLUMNS,
    FACTS,
    FULL,
    INTERVALS,
    LISTINGS,
    STORED,
    WORDS,
    Dated,
    names,
    numbers,
    staging,
    table_of,
    upsert_bars,
    upsert_dated,
)
from graph.errors import UsageError
from graph.model import Bar, Millis

BATCH = 250_000  # rows staged at once
LONG_AGO, FAR_AHEAD = -(2**62), 2**62
Rows = Iterable[Mapping[str, Any]]


class Bars:
    """The bars in one SQLite file, or in a PostgreSQL database. A killed `put` leaves no trace.

    `where` is a path, or an address like postgresql://USER:PASSWORD@HOST/DATABASE; an older
    program's file is brought up to date. Raises SourceRefused for a place that holds something
    else, StoreUnavailable for one that cannot be opened, UsageError for one that a newer program
    wrote.
    """

    def __init__(self, where: Path | str) -> None:
        self._engine = engine_of(where)
        self.path = None if "://" in str(where) else Path(where)  # of the file, if it is one
        self._lock = threading.RLock()
        self._stocks, self._words = Numbered("stocks", "ticker"), Numbered("words", "word")
        self._closed = False
        self._connection: Any = self._connect()

    def put(self, bars: Iterable[Bar], interval: str = "1d") -> int:
        """Stores all of them or none; how many were new or differed from what was there.

        Raises BadRecord, naming the bar, where a number is not finite.
        """
        return self.put_table(rows.of_bars(bars), interval)

    def put_table(self, table: pa.Table, interval: str = "1d") -> int:
        """The same for a table with the columns of SCHEMA and any of EXTRAS.

        A bar is one by ticker, at and known_at. The last one's prices stand; an extra that it does
        not say stays as it was, unless the close differs. Raises UsageError for a table of another
        shape.
        """
        name = _interval(interval)
        frame = rows.conformed(table)
        with self._writing() as cursor:
            self._stocks.add(cursor, frame["ticker"].unique())
            said = (frame[word].drop_nulls().unique() for word in WORDS)
            self._words.add(cursor, (word for column in said for word in column))
            numbered = [self._words.encoded(frame[word]) for word in WORDS]
            stock = self._stocks.encoded(frame["ticker"]).alias("stock")
            ready = frame.with_columns(stock, *numbered).sort("stock", "at", "known_at")
            return _merged(cursor, rows.as_table(ready, STORED), upsert_bars(name))

    def read(
        self,
        tickers: Sequence[str] | None = None,
        since: Millis | None = None,
        until: Millis | None = None,
        *,
        interval: str = "1d",
        columns: Sequence[str] = COLUMNS,
        as_of: Millis,
    ) -> pa.Table:
        """Bars with since <= at < until as they were known at `as_of`, sorted by ticker and at.

        `tickers` None means all of them. `columns` are some of FULL, in the order asked for;
        those of graph.model.Bar (SCHEMA) where it is left out. Of a bar that was known in several
        versions, the one known last counts.
        """
        schema = _chosen(columns)
        stored = [name for name in schema.names if name not in ("ticker", "at", "known_at")]
        wanted = pa.schema([STORED.field(n) for n in ("stock", "at", "known_at", *stored)])
        span = (
            f'"at" >= {LONG_AGO if since is None else int(since)} '
            f'AND "at" < {FAR_AHEAD if until is None else int(until)} '
            f'AND "known_at" <= {int(as_of)}'
        )
        with self._reading() as cursor:
            sql = (
                f"SELECT {names(wanted.names)} FROM {table_of(_interval(interval))} "
                f'WHERE "stock" IN ({self._stock_list(tickers)}) AND {span}'
            )
            found = ask(cursor, self._engine, sql, wanted)
            self._refresh(cursor)  # what another writer has added meanwhile may be in the answer
        return rows.as_table(self._named(rows.as_frame(found, wanted, ())), schema)

    def tickers(self, *, as_of: Millis | None = None) -> list[str]:
        """Every ticker with at least one bar, known by `as_of` where it is given, sorted."""
        known = FAR_AHEAD if as_of is None else int(as_of)
        some = " OR ".join(
            f"EXISTS (SELECT 1 FROM {table_of(one)} AS bars "
            f'WHERE bars."stock" = stocks."id" AND bars."known_at" <= {known})'
            for one in INTERVALS
        )
        with self._reading() as cursor:
            sql = f'SELECT "ticker" FROM stocks WHERE {some}'
            found = ask(cursor, self._engine, sql, pa.schema([("ticker", pa.string())]))
            return sorted(found["ticker"].to_pylist())

    def count(self, interval: str | None = None) -> int:
        """How many bars there are, of an interval or of all."""
        chosen = INTERVALS if interval is None else (_interval(interval),)
        counts = pa.schema([("bars", pa.int64())])
        with self._reading() as cursor:
            sql = "SELECT count(*) AS bars FROM {}"
            found = (ask(cursor, self._engine, sql.format(table_of(i)), counts) for i in chosen)
            return sum(table["bars"][0].as_py() for table in found)

    def put_listings(self, listings: Rows) -> int:
        """Securities under tickers (columns of LISTINGS); how many were new or now say more."""
        return self._put_dated(LISTINGS, listings)

    def listings(self, tickers: Sequence[str] | None = None, *, as_of: Millis) -> pa.Table:
        """What was known of tickers and securities: columns of LISTINGS, by ticker and since.

        `until` is the last day on which it was seen so, and no later than `as_of`.
        """
        found = self._dated(LISTINGS, tickers, as_of)
        found = found.with_columns(pl.min_horizontal("until", pl.lit(as_of)).alias("until"))
        ordered = found.sort("ticker", "since", "isin", "name", nulls_last=True)
        return rows.as_table(ordered, LISTINGS.schema)

    def put_actions(self, actions: Rows) -> int:
        """What companies did to their shares (columns of ACTIONS); how many were new."""
        return self._put_dated(ACTIONS, actions)

    def actions(self, tickers: Sequence[str] | None = None, *, as_of: Millis) -> pa.Table:
        """Actions known at `as_of`, those ahead too: columns of ACTIONS, by ticker and at."""
        found = self._dated(ACTIONS, tickers, as_of)
        return rows.as_table(found.sort("ticker", "at", "kind", "ratio", "amount"), ACTIONS.schema)

    def put_facts(self, facts: Rows) -> int:
        """Figures of companies (columns of FACTS); how many were new or other than before."""
        return self._put_dated(FACTS, facts)

    def facts(self, tickers: Sequence[str] | None = None, *, as_of: Millis) -> pa.Table:
        """The newest figure of each name that was known: columns of FACTS, by ticker and name.

        Of two that became known together, the one about the later day counts.
        """
        found = self._dated(FACTS, tickers, as_of)
        ordered = found.sort("ticker", "name", "known_at", "at", "value", "source")
        latest = ordered.unique(["ticker", "name"], keep="last", maintain_order=True)
        return rows.as_table(latest, FACTS.schema)

    def names(self, *, as_of: Millis) -> Names:
        """Which tickers are one stock, and what posts may call it, as known at `as_of`."""
        return Names(self.listings(as_of=as_of), self.tickers(as_of=as_of))

    def close(self) -> None:
        """Lets go of the file or the server. Closing twice does nothing."""
        with self._lock:
            self._closed = True
            self._drop()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _stock_list(self, tickers: Sequence[str] | None) -> str:
        """Which stocks, as IN takes it: each is then sought by the key, whatever the span."""
        if tickers is None:
            return 'SELECT "id" FROM stocks'
        return numbers(self._stocks.numbers(sorted(set(tickers))))

    def _named(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Stored bars with words for numbers, each bar once, by ticker and at."""
        latest = rows.newest(frame.with_columns(self._stocks.ranks(frame["stock"])))
        words = [self._words.decoded(latest[name]) for name in WORDS if name in latest.columns]
        return latest.with_columns(self._stocks.decoded(latest["stock"]).alias("ticker"), *words)

    def _put_dated(self, kind: Dated, given: Rows) -> int:
        frame = rows.dated(given, kind)
        with self._writing() as cursor:
            self._stocks.add(cursor, frame["ticker"].unique())
            stock = self._stocks.encoded(frame["ticker"]).alias("stock")
            ready = rows.as_table(frame.with_columns(stock), kind.stored)
            return _merged(cursor, ready, upsert_dated(kind))

    def _dated(self, kind: Dated, tickers: Sequence[str] | None, as_of: Millis) -> pl.DataFrame:
        """Rows known at `as_of`, with tickers and with null for what is not said."""
        with self._reading() as cursor:
            sql = (
                f"SELECT {names(kind.stored.names)} FROM {kind.name} "
                f'WHERE "stock" IN ({self._stock_list(tickers)}) AND "known_at" <= {int(as_of)}'
            )
            found = rows.as_frame(ask(cursor, self._engine, sql, kind.stored), kind.stored, ())
            self._refresh(cursor)
            ticker = self._stocks.decoded(found["stock"]).alias("ticker")
        return found.with_columns(ticker, pl.col(pl.String).replace("", None))

    @contextmanager
    def _writing(self) -> Iterator[Any]:
        """A transaction that no other writer can come between."""
        with self._transaction() as cursor:
            lock_writers(cursor)
            self._refresh(cursor)
            yield cursor

    @contextmanager
    def _reading(self) -> Iterator[Any]:
        with self._transaction() as cursor:
            self._refresh(cursor)
            yield cursor

    def _refresh(self, cursor: Any) -> None:
        for texts in (self._stocks, self._words):
            texts.refresh(cursor, self._engine)

    @contextmanager
    def _transaction(self) -> Iterator[Any]:
        """A cursor whose work is kept if the block ends well, and undone if it does not."""
        with self._lock:
            if self._closed:
                raise UsageError(f"The bars in {self._engine.shown} were closed; open them again.")
            self._connection = self._connection or self._connect()
            try:
                with self._connection.cursor() as cursor:
                    yield cursor
                self._connection.commit()
            except (engines.Error, OSError) as error:
                self._undo()
                raise engines.trouble(self._engine, error) from error
            except BaseException:
                self._undo()
                raise

    def _connect(self) -> Any:
        """A connection to tables of this version, outside any transaction."""
        try:
            connection = self._engine.connect()
            try:
                prepare(connection, self._engine)
                connection.adbc_connection.set_autocommit(False)
            except BaseException:
                connection.close()
                raise
        except (engines.Error, OSError) as error:
            if "not a database" in str(error):
                raise engines.foreign(self._engine) from error
            raise engines.trouble(self._engine, error) from error
        return connection

    def _undo(self) -> None:
        """Back to before the transaction; a connection that cannot do that is made anew."""
        for texts in (self._stocks, self._words):
            texts.forget()
        try:
            self._connection.rollback()
        except engines.Error:
            self._drop()

    def _drop(self) -> None:
        if self._connection is not None:
            with suppress(engines.Error):
                self._connection.close()
            self._connection = None


def _merged(cursor: Any, table: pa.Table, upsert: str) -> int:
    """Rows into their table by way of a staging one; how many it changed."""
    changed = 0
    run(cursor, staging(table.schema))
    for first in range(0, table.num_rows, BATCH):
        cursor.adbc_ingest("staged", table.slice(first, BATCH), mode="append", temporary=True)
        changed += run(cursor, upsert)
        run(cursor, "DELETE FROM staged")
    run(cursor, "DROP TABLE staged")
    return changed


def _interval(name: str) -> str:
    if name not in INTERVALS:
        raise UsageError(f"there are no bars of {name!r}; known: {', '.join(INTERVALS)}")
    return name


def _chosen(columns: Sequence[str]) -> pa.Schema:
    if unknown := [name for name in columns if name not in FULL.names]:
        raise UsageError(f"bars have no {', '.join(unknown)}; known: {', '.join(FULL.names)}")
    return pa.schema([FULL.field(name) for name in columns])
