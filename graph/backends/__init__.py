"""Where the graph lives: `open_store` reaches a Neo4j 5 server, or starts the embedded store."""

from __future__ import annotations

import atexit
from pathlib import Path
from urllib.parse import unquote, urlsplit, urlunsplit

import neo4j
from neo4j import exceptions as driver_errors

from graph.backends import embedded
from graph.backends.bolt import BoltStore
from graph.errors import StoreUnavailable
from graph.store import GraphStore

SCHEMES = ("bolt", "bolt+s", "bolt+ssc", "neo4j", "neo4j+s", "neo4j+ssc")
START_IT = (
    "start Neo4j, e.g. `docker compose up neo4j`, or leave GRAPH_URI unset for the embedded store"
)


def open_store(
    uri: str | None,
    home: Path,
    *,
    user: str | None = None,
    password: str | None = None,
    heap: str = "2g",
) -> GraphStore:
    """The graph store at `uri`, or, for None, the embedded one under `home`/graph.

    `heap` is the embedded server's memory ("1g" is enough for a demo). A user and password inside
    the URI are taken from there. Raises StoreUnavailable with what to do.
    """
    if uri:
        return open_neo4j(uri, user=user, password=password)
    return open_embedded(Path(home) / "graph", heap=heap)


def open_embedded(
    folder: Path, *, database: str = embedded.DATABASE, heap: str = "2g"
) -> BoltStore:
    """The embedded store in a folder; joins the server that already runs there."""
    sidecar = embedded.join(folder.resolve(), heap)
    atexit.register(sidecar.close)
    sidecar.ensure_database(database)
    return embedded_database(sidecar, database, sidecar.close)


def embedded_database(
    sidecar: embedded.Sidecar, database: str, on_close: embedded.Release = lambda: None
) -> BoltStore:
    """A store on one database of a running sidecar."""
    driver = _driver(sidecar.endpoint.bolt_uri, embedded.USER, sidecar.password)
    return BoltStore(
        driver,
        "embedded",
        database=database,
        where=str(sidecar.folder),
        execute_sql=lambda statement: sidecar.sql(database, statement),
        on_close=on_close,
    )


def open_neo4j(uri: str, *, user: str | None = None, password: str | None = None) -> BoltStore:
    """A Neo4j 5 server by bolt:// or neo4j://. Raises StoreUnavailable with what to do."""
    plain, inner_user, inner_password = _split(uri)
    driver = _driver(plain, inner_user or user or "neo4j", inner_password or password or "")
    try:
        driver.verify_connectivity()
    except driver_errors.AuthError as error:
        driver.close()
        raise StoreUnavailable(
            f"{plain} does not take this user and password; set GRAPH_USER and GRAPH_PASSWORD"
        ) from error
    except (driver_errors.DriverError, driver_errors.Neo4jError, OSError, ValueError) as error:
        driver.close()
        raise StoreUnavailable(f"no graph store answers at {plain}; {START_IT}") from error
    return BoltStore(driver, "neo4j", where=plain)


def _split(uri: str) -> tuple[str, str | None, str | None]:
    """The URI without its user and password, and these. Raises StoreUnavailable for a bad one."""
    parts = urlsplit(uri)
    if parts.scheme not in SCHEMES or not parts.hostname:
        raise StoreUnavailable(
            f"GRAPH_URI has the scheme {parts.scheme or 'none'!r}; "
            f"known: {', '.join(SCHEMES)}, e.g. bolt://127.0.0.1:7687; {START_IT}"
        )
    host = parts.netloc.rpartition("@")[2]
    plain = urlunsplit((parts.scheme, host, parts.path, parts.query, ""))
    return plain, _unquoted(parts.username), _unquoted(parts.password)


def _unquoted(text: str | None) -> str | None:
    return unquote(text) if text else None


def _driver(uri: str, user: str, password: str) -> neo4j.Driver:
    return neo4j.GraphDatabase.driver(
        uri,
        auth=(user, password),
        connection_timeout=5.0,
        connection_acquisition_timeout=30.0,
        max_transaction_retry_time=20.0,
        notifications_min_severity="OFF",
    )
