"""Price bars by ticker and time, in one SQL file. Arrow in, Arrow out, through ADBC.

The statements are plain SQL that PostgreSQL takes as well; what is SQLite's own stands in `_open`.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import adbc_driver_sqlite.dbapi as adbc
import pyarrow as pa

from graph.errors import BadRecord, SourceRefused, StoreUnavailable, UsageError
from graph.model import Bar, Millis

VERSION = 1
BATCH = 50_000
TICKERS_A_QUERY = 500  # well under any engine's limit of parameters
LONG_AGO, FAR_AHEAD = -(2**62), 2**62
PRICES = ("open", "high", "low", "close", "adj_close", "volume")
COLUMNS = ("ticker", "at", "known_at", *PRICES)
SCHEMA = pa.schema(
    [("ticker", pa.string()), ("at", pa.int64()), ("known_at", pa.int64())]
    + [(name, pa.float64()) for name in PRICES]
)

_TYPES = {pa.string(): "TEXT", pa.int64(): "BIGINT", pa.float64(): "DOUBLE PRECISION"}
_COLUMN_LIST = ", ".join(f'"{name}"' for name in COLUMNS)
_DECLARED = ", ".join(f'"{field.name}" {_TYPES[field.type]} NOT NULL' for field in SCHEMA)
_CREATE = (
    "CREATE TABLE IF NOT EXISTS sentinelmarket_bars (version BIGINT NOT NULL)",
    f'CREATE TABLE IF NOT EXISTS bars ({_DECLARED}, PRIMARY KEY ("ticker", "at"))',
)
_STAGE = f'CREATE TEMP TABLE IF NOT EXISTS staged ("seq" BIGINT, {_DECLARED})'
_CHANGED = " OR ".join(f'bars."{name}" <> excluded."{name}"' for name in COLUMNS[2:])
_ASSIGNED = ", ".join(f'"{name}" = excluded."{name}"' for name in COLUMNS[2:])
# The last of several bars of one stock and day wins, as it would if they came one by one.
_UPSERT = f"""
INSERT INTO bars ({_COLUMN_LIST})
SELECT {_COLUMN_LIST} FROM (
  SELECT {_COLUMN_LIST}, row_number() OVER (PARTITION BY "ticker", "at" ORDER BY "seq" DESC) AS rank
  FROM staged
) AS latest WHERE rank = 1
ON CONFLICT ("ticker", "at") DO UPDATE SET {_ASSIGNED} WHERE {_CHANGED}
RETURNING 1 AS touched"""
_READ = f"""
SELECT {_COLUMN_LIST} FROM bars
WHERE "at" >= $1 AND "at" < $2 AND "known_at" <= $3 """
_SORTED = 'ORDER BY "ticker", "at"'
_PATIENCE = "PRAGMA busy_timeout = 30000"  # ms: another program's write is waited for


class Bars:
    """The bars in one file. Safe to share between threads; a killed `put` leaves no trace.

    Raises SourceRefused for a file that is something else, StoreUnavailable for one that cannot be
    opened, UsageError for one that a newer program wrote.
    """

    def __init__(self, path: Path | str) -> None:
        self.path = Path(path)
        self._lock = threading.RLock()
        self._connection = _open(self.path)

    def put(self, bars: Iterable[Bar]) -> int:
        """Stores all of them or none; how many were new or differed from what was there.

        Raises BadRecord, naming the bar, where a number is not finite.
        """
        with self._transaction() as cursor:
            cursor.execute(_STAGE)
            cursor.execute("DELETE FROM staged")
            for table in _batches(bars):
                cursor.adbc_ingest("staged", table, mode="append", temporary=True)
            cursor.execute(_UPSERT)
            touched = int(cursor.fetch_arrow_table().num_rows)
            cursor.execute("DELETE FROM staged")
            return touched

    def read(
        self,
        tickers: Sequence[str] | None = None,
        since: Millis | None = None,
        until: Millis | None = None,
        *,
        as_of: Millis,
    ) -> pa.Table:
        """Bars with since <= at < until that were known by `as_of`, sorted by ticker and at.

        Columns are those of graph.model.Bar (SCHEMA); `tickers` None means all of them.
        """
        span = (
            LONG_AGO if since is None else since,
            FAR_AHEAD if until is None else until,
            as_of,
        )
        with self._transaction() as cursor:
            if tickers is None:
                return _rows(cursor, _READ + _SORTED, span)
            wanted = sorted(set(tickers))
            parts = [_rows(cursor, *_chosen(chunk, span)) for chunk in _chunks(wanted)]
        return pa.concat_tables(parts) if parts else SCHEMA.empty_table()

    def tickers(self) -> list[str]:
        """Every ticker with at least one bar, sorted."""
        with self._transaction() as cursor:
            rows = _ask(cursor, 'SELECT DISTINCT "ticker" FROM bars ORDER BY "ticker"')
            return [row[0] for row in rows]

    def count(self) -> int:
        """How many bars there are."""
        with self._transaction() as cursor:
            return int(_ask(cursor, "SELECT count(*) FROM bars")[0][0])

    def close(self) -> None:
        """Lets go of the file. Closing twice does nothing."""
        with self._lock:
            if self._connection is not None:
                self._connection.close()
                self._connection = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @contextmanager
    def _transaction(self) -> Iterator[Any]:
        """A cursor whose work is kept if the block ends well, and undone if it does not."""
        with self._lock:
            if self._connection is None:
                raise UsageError(f"The bars in {self.path} were closed; open them again.")
            try:
                with self._connection.cursor() as cursor:
                    yield cursor
                self._connection.commit()
            except adbc.Error as error:
                self._connection.rollback()
                raise StoreUnavailable(_trouble(self.path, error)) from error
            except BaseException:
                self._connection.rollback()
                raise


def _open(path: Path) -> Any:
    """A connection to a file that is ours, or that was empty and now is."""
    if path.is_dir():
        raise StoreUnavailable(f"{path} is a folder; name the file that is to hold the bars.")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with adbc.connect(str(path), autocommit=True) as first, first.cursor() as cursor:
            _claim(cursor, path)
            _declare(cursor, path)
        connection = adbc.connect(str(path))
        with connection.cursor() as cursor:
            _ask(cursor, _PATIENCE)
    except (OSError, adbc.Error) as error:
        raise _unopened(path, error) from error
    return connection


def _claim(cursor: Any, path: Path) -> None:
    """Sees whose file this is before anything in it is changed."""
    _ask(cursor, _PATIENCE)
    tables = {row[0] for row in _ask(cursor, "SELECT name FROM sqlite_master WHERE type = 'table'")}
    if tables and "sentinelmarket_bars" not in tables:
        raise SourceRefused(_foreign(path))
    # Readers go on while one writes. It cannot be asked for inside a transaction.
    _ask(cursor, "PRAGMA journal_mode = WAL")


def _declare(cursor: Any, path: Path) -> None:
    for statement in _CREATE:
        cursor.execute(statement)
    version = _ask(cursor, "SELECT max(version) FROM sentinelmarket_bars")[0][0]
    if version is None:
        cursor.execute("INSERT INTO sentinelmarket_bars (version) VALUES ($1)", (VERSION,))
    elif version > VERSION:
        raise UsageError(
            f"{path} was written by a newer program (bars version {version}, this one knows "
            f"{VERSION}). Update sentinelmarket, or name another file."
        )


def _ask(cursor: Any, sql: str) -> list[tuple[Any, ...]]:
    """All rows of a statement; one that is not read to its end keeps its lock."""
    cursor.execute(sql)
    return list(cursor.fetchall())


def _unopened(path: Path, error: Exception) -> Exception:
    if "not a database" in str(error):
        return SourceRefused(_foreign(path))
    return StoreUnavailable(_trouble(path, error))


def _foreign(path: Path) -> str:
    return (
        f"{path} is not a file of bars but something else; nothing in it was changed. "
        "Name another file, or one that does not exist yet."
    )


def _trouble(path: Path, error: Exception) -> str:
    return (
        f"The bars in {path} cannot be read or written ({str(error).splitlines()[0]}). "
        "See whether the folder exists, may be written to and has room, "
        "and that no other program holds the file."
    )


def _batches(bars: Iterable[Bar]) -> Iterator[pa.Table]:
    """The bars as tables of SCHEMA with their place in the order, `seq`."""
    source, seq = iter(bars), 0
    while batch := list(islice(source, BATCH)):
        columns = [[getattr(bar, name) for bar in batch] for name in COLUMNS]
        _refuse_not_finite(batch, columns[3:])
        order = pa.array(range(seq, seq + len(batch)), pa.int64())
        table = pa.Table.from_arrays(
            [pa.array(c, f.type) for c, f in zip(columns, SCHEMA, strict=True)], schema=SCHEMA
        )
        yield table.add_column(0, "seq", order)
        seq += len(batch)


def _refuse_not_finite(batch: list[Bar], columns: list[list[float]]) -> None:
    for name, column in zip(PRICES, columns, strict=True):
        if not all(map(math.isfinite, column)):
            bar = next(
                b for b, value in zip(batch, column, strict=True) if not math.isfinite(value)
            )
            raise BadRecord(f"The bar of {bar.ticker} at {bar.at} has no finite {name}.")


def _chunks(tickers: list[str]) -> Iterator[list[str]]:
    return (tickers[i : i + TICKERS_A_QUERY] for i in range(0, len(tickers), TICKERS_A_QUERY))


def _chosen(tickers: list[str], span: tuple[int, int, int]) -> tuple[str, tuple[Any, ...]]:
    places = ", ".join(f"${number}" for number in range(4, 4 + len(tickers)))
    return f'{_READ} AND "ticker" IN ({places}) {_SORTED}', (*span, *tickers)


def _rows(cursor: Any, sql: str, parameters: tuple[Any, ...]) -> pa.Table:
    """The cast gives an empty answer its types, which the driver guesses from the rows."""
    cursor.execute(sql, parameters)
    return cursor.fetch_arrow_table().cast(SCHEMA).combine_chunks()
