"""A PostgreSQL for tests of bars: BARS_TEST_URI names it, by default the one of this machine.

Each test gets a schema of its own, which is dropped after it, so nothing else there is touched.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count

import adbc_driver_postgresql.dbapi as postgresql
import pytest

URI = os.environ.get("BARS_TEST_URI") or "postgresql://postgres@127.0.0.1:5432/test"
WITHOUT = "no PostgreSQL answers; start one with `docker compose up -d postgres`, and set "
_numbers = count()


@contextmanager
def schema() -> Iterator[str]:
    """The address of an empty schema. Skips the test, saying why, where no server answers."""
    name = f"bars_test_{os.getpid()}_{next(_numbers)}"
    statement(f"CREATE SCHEMA {name}", or_skip=True)
    try:
        yield f"{URI}{'&' if '?' in URI else '?'}options=-csearch_path%3D{name}"
    finally:
        statement(f"DROP SCHEMA {name} CASCADE")


def statement(sql: str, uri: str = URI, *, or_skip: bool = False) -> None:
    """Runs one statement there."""
    try:
        connection = postgresql.connect(uri, autocommit=True)
    except postgresql.Error as error:
        if not or_skip:
            raise
        first = str(error).splitlines()[0]
        pytest.skip(f"{WITHOUT}BARS_TEST_URI if it is not this machine's ({first})")
    with connection, connection.cursor() as cursor:
        cursor.adbc_statement.set_sql_query(sql)
        cursor.adbc_statement.execute_update()
