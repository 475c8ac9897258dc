"""The two databases that hold bars, and how they differ. All else is one path through ADBC."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import adbc_driver_postgresql.dbapi as postgresql
import adbc_driver_sqlite.dbapi as sqlite
import pyarrow as pa
from adbc_driver_manager import dbapi
from adbc_driver_sqlite import StatementOptions

from graph.bars.schema import OURS
from graph.errors import SourceRefused, StoreUnavailable, UsageError

Error = dbapi.Error
SCHEMES = ("postgresql", "postgres")
_PATIENCE = "PRAGMA busy_timeout = 30000"  # ms: another program's write is waited for
# Readers go on while one writes. What was committed survives a killed program; after a power cut
# the last commits may be gone, and the file is whole.
_SQLITE = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = NORMAL",
    "PRAGMA temp_store = MEMORY",
    "PRAGMA cache_size = -131072",  # KiB
    "PRAGMA wal_autocheckpoint = 32768",  # pages: what is written again and again goes over once
)
# The driver takes a column's type from the first rows of an answer, and those may all be null.
_WHOLE_ANSWER = {StatementOptions.BATCH_ROWS.value: str(1 << 30)}
_LOCK = 7_236_173  # any number that other programs do not use


@dataclass(frozen=True, slots=True)
class Engine:
    """One database. `connect` gives a connection that commits each statement for now."""

    shown: str  # where it is, for people: without a password
    connect: Callable[[], Any]
    tables: str  # the statement that lists the tables there are
    strangers: Callable[[set[str]], set[str]]  # which tables say that it is not ours
    advice: str
    instead: str  # what to do where it is not ours
    ready: tuple[str, ...] = ()  # statements once it is known to be ours
    lock: tuple[str, ...] = ()  # first in the transaction that makes or migrates tables
    table_end: str = ""
    reading: Mapping[str, str] = field(default_factory=dict)  # options of a statement


def engine_of(where: Path | str) -> Engine:
    """The engine that a path or an address means. Raises UsageError for another kind of address."""
    text = str(where)
    if "://" not in text:
        return _sqlite(Path(where))
    if urlsplit(text).scheme not in SCHEMES:
        raise UsageError(
            f"{shown(text)} is no address of bars; write postgresql://USER:PASSWORD@HOST/DATABASE, "
            "or name a file."
        )
    return _postgresql(text)


def shown(uri: str) -> str:
    """An address without what may be secret in it."""
    parts = urlsplit(uri)
    user = f"{parts.username}@" if parts.username else ""
    port = f":{parts.port}" if parts.port else ""
    return f"{parts.scheme}://{user}{parts.hostname or ''}{port}{parts.path}"


def run(cursor: Any, sql: str) -> int:
    """Runs a statement that gives no rows; how many it changed."""
    cursor.adbc_statement.set_sql_query(sql)
    return int(cursor.adbc_statement.execute_update())


def ask(cursor: Any, engine: Engine, sql: str, schema: pa.Schema) -> pa.Table:
    """A statement's rows. The cast gives an empty answer its types."""
    cursor.adbc_statement.set_options(**engine.reading)
    cursor.execute(sql)
    found = cursor.fetch_arrow_table()
    return found.rename_columns(schema.names).cast(schema)


def trouble(engine: Engine, error: Exception) -> StoreUnavailable:
    """What went wrong, in a sentence, with what to look at."""
    return StoreUnavailable(
        f"The bars in {engine.shown} cannot be read or written ({str(error).splitlines()[0]}). "
        f"{engine.advice}"
    )


def foreign(engine: Engine) -> SourceRefused:
    """What is there is not ours."""
    return SourceRefused(f"{engine.shown} {engine.instead}")


def _each_alone(connection: Any) -> Any:
    """Each statement is a transaction until set_autocommit(False). A connection that is opened so
    would never commit anything else."""
    connection.adbc_connection.set_autocommit(True)
    return connection


def _sqlite(path: Path) -> Engine:
    def connect() -> Any:
        if path.is_dir():
            raise StoreUnavailable(f"{path} is a folder; name the file that is to hold the bars.")
        path.parent.mkdir(parents=True, exist_ok=True)
        connection = _each_alone(sqlite.connect(str(path)))
        with connection.cursor() as cursor:
            cursor.execute(_PATIENCE)
            cursor.fetchall()
        return connection

    return Engine(
        shown=str(path),
        connect=connect,
        tables="SELECT name FROM sqlite_master WHERE type = 'table'",
        strangers=lambda tables: tables,
        advice="See whether the folder exists, may be written to and has room, "
        "and that no other program holds the file.",
        instead="is not a file of bars but something else; nothing in it was changed. "
        "Name another file, or one that does not exist yet.",
        ready=_SQLITE,
        table_end="WITHOUT ROWID",
        reading=_WHOLE_ANSWER,
    )


def _postgresql(uri: str) -> Engine:
    return Engine(
        shown=shown(uri),
        connect=lambda: _each_alone(postgresql.connect(uri)),
        tables="SELECT CAST(tablename AS TEXT) FROM pg_tables WHERE schemaname = current_schema()",
        strangers=lambda tables: tables & OURS,
        advice="See whether the server runs, and whether BARS_URI has the right user, password and "
        "database.",
        instead="has tables of other makers under the names of ours; nothing in it was changed. "
        "Name another database, or a schema by ?options=-csearch_path%3DNAME.",
        # Two programs that open an empty database at once make its tables once.
        lock=(f"SELECT pg_advisory_xact_lock({_LOCK})",),
    )
