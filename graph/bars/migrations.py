"""Tables made where there are none, and those of an older program brought to this version."""

from __future__ import annotations

from typing import Any

from graph.bars import engine as engines
from graph.bars.engine import Engine, run
from graph.bars.schema import PRICES, VERSION, created, names, table_of
from graph.errors import UsageError

MINUTE_MS, DAY_MS = 60_000, 86_400_000

# Version 1 had days and minutes in one table, by ticker. A day begins at 00:00 UTC; so does one
# minute in 1,440, which was known a minute later.
_IS_MINUTE = f'(old."at" % {DAY_MS} <> 0 OR old."known_at" - old."at" = {MINUTE_MS})'
_STOCKS_OF_1 = (
    'INSERT INTO stocks ("id", "ticker") SELECT row_number() OVER (ORDER BY "ticker") - 1, "ticker"'
    ' FROM (SELECT DISTINCT "ticker" FROM bars) AS every'
)


def prepare(connection: Any, engine: Engine) -> None:
    """Makes the tables of this version, in one transaction; does nothing where they stand.

    Raises SourceRefused for a database of something else, which it leaves as it was, and UsageError
    for one that a newer program wrote.
    """
    with connection.cursor() as cursor:
        tables = _tables(cursor, engine)
        known = "sentinelmarket_bars" in tables
        if not known and engine.strangers(tables):
            raise engines.foreign(engine)
        for statement in engine.ready:
            _all(cursor, statement)
        if known and _of_now(_version(cursor, engine), engine):
            return
    connection.adbc_connection.set_autocommit(False)
    with connection.cursor() as cursor:
        _lock(cursor, engine, known)
        _bring(cursor, engine, _version(cursor, engine))
    connection.commit()


def _lock(cursor: Any, engine: Engine, known: bool) -> None:
    """Waits for whoever makes or migrates the tables now."""
    for statement in engine.lock:
        _all(cursor, statement)
    if not known:
        run(cursor, "CREATE TABLE IF NOT EXISTS sentinelmarket_bars (version BIGINT NOT NULL)")
    lock_writers(cursor)


def lock_writers(cursor: Any) -> None:
    """Waits for another writer, until the transaction ends: stocks get their numbers one by one."""
    run(cursor, "UPDATE sentinelmarket_bars SET version = version")


def _bring(cursor: Any, engine: Engine, version: int | None) -> None:
    """From the version there is, or none, to this one."""
    if _of_now(version, engine):
        return
    for statement in created(engine.table_end):
        run(cursor, statement)
    if version is None:
        run(cursor, f"INSERT INTO sentinelmarket_bars (version) VALUES ({VERSION})")
        return
    run(cursor, _STOCKS_OF_1)
    for interval, condition in (("1d", f"NOT {_IS_MINUTE}"), ("1m", _IS_MINUTE)):
        run(cursor, _bars_of_1(interval, condition))
    run(cursor, "DROP TABLE bars")
    run(cursor, f"UPDATE sentinelmarket_bars SET version = {VERSION}")


def _of_now(version: int | None, engine: Engine) -> bool:
    """Is this the version of this program?"""
    if version is not None and version > VERSION:
        raise UsageError(
            f"{engine.shown} was written by a newer program (bars version {version}, this one "
            f"knows {VERSION}). Update sentinelmarket, or name another place for the bars."
        )
    return version == VERSION


def _bars_of_1(interval: str, condition: str) -> str:
    kept = ("at", "known_at", *PRICES)
    theirs = ", ".join(f'old."{name}"' for name in kept)
    return (
        f'INSERT INTO {table_of(interval)} ("stock", {names(kept)}) SELECT stocks.id, {theirs} '
        f"FROM bars AS old JOIN stocks ON stocks.ticker = old.ticker WHERE {condition}"
    )


def _tables(cursor: Any, engine: Engine) -> set[str]:
    return {row[0] for row in _all(cursor, engine.tables)}


def _version(cursor: Any, engine: Engine) -> int | None:
    found = _all(cursor, "SELECT max(version) FROM sentinelmarket_bars")[0][0]
    return None if found is None else int(found)


def _all(cursor: Any, sql: str) -> list[tuple[Any, ...]]:
    """All rows of a statement; one that is not read to its end keeps its lock."""
    cursor.execute(sql)
    return list(cursor.fetchall())
