"""The graph store over Bolt, with the official driver: one implementation for every endpoint."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

import neo4j
import pyarrow as pa
from neo4j import exceptions as driver_errors

from cypher import contract, query
from graph.backends import migrations
from graph.backends.arrow import table_of
from graph.errors import QueryFailed, StoreUnavailable
from graph.store import Counters, Progress, Row

Found = TypeVar("Found")

CONSTRAINT_RETRIES = 3  # two writers made the same key at once: the loser finds it on its next try


class BoltStore:
    """A GraphStore over a driver. `where` names the endpoint in messages, without a password.

    `execute_ddl` runs one rendered schema statement (embedded: some of them are SQL over HTTP);
    `on_close` lets go of what belongs to the endpoint.
    """

    def __init__(
        self,
        driver: neo4j.Driver,
        dialect: str,
        *,
        database: str | None = None,
        where: str = "",
        execute_sql: Callable[[str], None] | None = None,
        on_close: Callable[[], None] = lambda: None,
    ) -> None:
        self.dialect = dialect
        self.where = where
        self._driver = driver
        self._database = database
        self._execute_sql = execute_sql
        self._on_close = on_close

    def read(self, name: str, /, **params: Any) -> list[dict[str, Any]]:
        """The statement's rows as plain dictionaries. Raises QueryFailed or StoreUnavailable."""
        text = self._text(name)

        def work(tx: neo4j.ManagedTransaction) -> list[dict[str, Any]]:
            # not Result.data(): it walks every value of every list, a fifth of a run's time
            return [dict(record) for record in tx.run(text, params)]

        with self._mapped(name), self._session() as session:
            return session.execute_read(work)

    def columns(self, name: str, windows: Iterable[tuple[int, int]], /, **params: Any) -> pa.Table:
        """Long read by columns; see GraphStore.columns. Windows are half-open, epoch ms."""
        rows = (
            row
            for since, until in windows
            for row in self.read(name, since=since, until=until, **params)
        )
        return table_of(name, contract(name, self.dialect).returns, rows)

    def write(self, name: str, /, **params: Any) -> Counters:
        """Runs one writing statement, again where it met another writer."""
        text = self._text(name)

        def work(tx: neo4j.ManagedTransaction) -> Counters:
            return _counters(tx.run(text, params).consume().counters)

        with self._mapped(name), self._session() as session:
            return _again(lambda: session.execute_write(work))

    def write_rows(
        self,
        name: str,
        rows: Sequence[Row],
        /,
        batch: int = 5_000,
        progress: Progress | None = None,
        **params: Any,
    ) -> Counters:
        """Runs a `$rows` statement in batches, each one transaction."""
        total = Counters()
        for start in range(0, len(rows), batch):
            part = [dict(row) for row in rows[start : start + batch]]
            total += self.write(name, rows=part, **params)
            if progress:
                progress(name, start + len(part), len(rows))
        return total

    def plan(self, name: str, /, **params: Any) -> list[str]:
        """The operators a Neo4j server would use for the statement, without running it."""
        with self._mapped(name), self._session() as session:
            found = session.run("EXPLAIN " + self._text(name), params).consume().plan
        return list(_operators(found or {}))

    def apply_schema(self) -> None:
        """Constraints, indexes and the version, as graph/schema.py declares them."""
        migrations.apply(self)

    def execute_ddl(self, statement: str, language: str) -> None:
        """Runs one statement rendered from graph/schema.py; `language` is cypher or sql."""
        if language == "sql" and self._execute_sql:
            self._execute_sql(statement)
            return
        with self._mapped("schema"), self._session() as session:
            session.run(statement).consume()

    def close(self) -> None:
        """Lets go of the connection, and stops what this store itself started."""
        self._driver.close()
        self._on_close()

    def _text(self, name: str) -> str:
        return query(name, self.dialect)

    def _session(self) -> neo4j.Session:
        return self._driver.session(database=self._database)

    @contextmanager
    def _mapped(self, name: str) -> Iterator[None]:
        """The driver's errors as ours."""
        try:
            yield
        except (driver_errors.AuthError, driver_errors.DriverError) as error:
            raise StoreUnavailable(_lost(self.where, error)) from error
        except driver_errors.Neo4jError as error:
            raise QueryFailed(name, error.message or str(error)) from error


def _lost(where: str, error: Exception) -> str:
    said = (str(error).splitlines() or [type(error).__name__])[0]
    return f"the graph store at {where} does not answer any more ({said}); start it and repeat"


def _again(work: Callable[[], Found]) -> Found:
    """Runs `work`; a lost race for a new key is tried again, the driver retries the rest itself."""
    for attempt in range(CONSTRAINT_RETRIES):
        try:
            return work()
        except driver_errors.ConstraintError:
            time.sleep(0.02 * (attempt + 1))
    return work()


def _operators(plan: dict[str, Any]) -> Iterator[str]:
    yield str(plan.get("operatorType", "")).partition("@")[0]
    for child in plan.get("children", []):
        yield from _operators(child)


def _counters(found: neo4j.SummaryCounters) -> Counters:
    return Counters(
        nodes_created=found.nodes_created,
        nodes_deleted=found.nodes_deleted,
        edges_created=found.relationships_created,
        edges_deleted=found.relationships_deleted,
        properties_set=found.properties_set,
    )
