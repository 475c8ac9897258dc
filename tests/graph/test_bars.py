"""The two places that bars can be in: whose they are, what is refused, what an older program left.

What both must do alike is in tests/contract/test_every_bars.py.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from graph.bars import Bars
from graph.bars.engine import shown
from graph.bars.migrations import DAY_MS, MINUTE_MS
from graph.errors import SourceRefused, StoreUnavailable, UsageError
from graph.model import Bar
from tests import postgresql_ready

LATE = 2**60
HOUR_MS = 60 * MINUTE_MS


def bar(ticker: str, day: int, close: float = 10.0) -> Bar:
    return Bar(ticker, day, day + 5, 9.0, 12.0, 8.0, close, close / 2, 1000.0)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "home" / "bars.db"


@pytest.fixture
def server() -> Iterator[str]:
    with postgresql_ready.schema() as uri:
        yield uri


def test_a_file_that_is_no_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    other = tmp_path / "notes.txt"
    other.write_text("not bars " * 1000)
    with pytest.raises(SourceRefused, match=r"notes.txt is not a file of bars"):
        Bars(other)
    assert other.read_text() == "not bars " * 1000


def test_a_database_of_something_else_is_refused_and_left_alone(tmp_path: Path) -> None:
    other = tmp_path / "other.db"
    with sqlite3.connect(other) as connection:
        connection.execute("CREATE TABLE bars (anything TEXT)")
    connection.close()
    before = other.read_bytes()
    with pytest.raises(SourceRefused, match=r"other.db is not a file of bars"):
        Bars(other)
    assert other.read_bytes() == before


def test_a_folder_in_its_place_and_a_place_that_cannot_be_are_said(tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailable, match="is a folder; name the file"):
        Bars(tmp_path)
    (tmp_path / "file").touch()
    with pytest.raises(StoreUnavailable, match="See whether the folder exists"):
        Bars(tmp_path / "file" / "bars.db")


def test_bars_of_a_newer_program_are_not_touched(path: Path) -> None:
    Bars(path).close()
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE sentinelmarket_bars SET version = 99")
    connection.close()
    with pytest.raises(UsageError, match=r"newer program.*Update sentinelmarket"):
        Bars(path)


def version_1(path: Path, *rows: tuple[object, ...]) -> None:
    """A file as the first version wrote it."""
    path.parent.mkdir(parents=True)
    names = ("open", "high", "low", "close", "adj_close", "volume")
    prices = ", ".join(f'"{name}" DOUBLE PRECISION NOT NULL' for name in names)
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE sentinelmarket_bars (version BIGINT NOT NULL)")
        connection.execute("INSERT INTO sentinelmarket_bars VALUES (1)")
        connection.execute(
            'CREATE TABLE bars ("ticker" TEXT NOT NULL, "at" BIGINT NOT NULL, '
            f'"known_at" BIGINT NOT NULL, {prices}, PRIMARY KEY ("ticker", "at"))'
        )
        connection.executemany("INSERT INTO bars VALUES (?,?,?,?,?,?,?,?,?)", rows)
    connection.close()


def test_a_file_of_version_1_is_brought_up_to_date(path: Path) -> None:
    """Its minutes stood among its days."""
    prices = (9.0, 12.0, 8.0, 10.0, 5.0, 1000.0)
    day, minute = 7 * DAY_MS, 7 * DAY_MS + 4 * HOUR_MS
    version_1(
        path,
        ("B", day, day + 14 * HOUR_MS, *prices),
        ("A", day, day + 14 * HOUR_MS, *prices),
        ("A", minute, minute + MINUTE_MS, *prices),
        ("B", day + DAY_MS, day + DAY_MS + MINUTE_MS, *prices),  # a minute at midnight
    )
    for _ in range(2):
        with Bars(path) as bars:
            days = [Bar(**row) for row in bars.read(as_of=LATE).to_pylist()]
            assert days == [Bar(t, day, day + 14 * HOUR_MS, *prices) for t in "AB"]
            minutes = bars.read(interval="1m", as_of=LATE)
            assert minutes["ticker"].to_pylist() == ["A", "B"]
            assert minutes["at"].to_pylist() == [minute, day + DAY_MS]
            assert bars.put(days) == 0
    with sqlite3.connect(path) as connection:
        tables = {row[0] for row in connection.execute("SELECT name FROM sqlite_master")}
    connection.close()
    assert "bars" not in tables


def test_an_empty_file_of_version_1_is_brought_up_to_date(path: Path) -> None:
    version_1(path)
    with Bars(path) as bars:
        assert bars.put([bar("A", 1)]) == 1


def test_a_file_of_version_1_that_cannot_be_migrated_stays_as_it_was(path: Path) -> None:
    version_1(path, ("A", 1, 2, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0))
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE facts (anything TEXT)")  # stands in the way
    connection.close()
    with pytest.raises(StoreUnavailable, match="facts already exists"):
        Bars(path)
    with sqlite3.connect(path) as connection:
        assert connection.execute("SELECT count(*) FROM bars").fetchone() == (1,)
        assert connection.execute("SELECT version FROM sentinelmarket_bars").fetchone() == (1,)
    connection.close()


def test_another_kind_of_address_is_refused_without_its_password() -> None:
    with pytest.raises(UsageError, match=r"write postgresql://USER:PASSWORD@HOST") as refused:
        Bars("mysql://ann:secret@host/bars")
    assert "secret" not in str(refused.value)


def test_an_address_is_shown_without_what_is_secret_in_it() -> None:
    full = "postgresql://ann:secret@host:5433/bars?password=secret&sslmode=require"
    assert shown(full) == "postgresql://ann@host:5433/bars"
    assert shown("postgresql:///bars") == "postgresql:///bars"


def test_a_server_that_does_not_answer_is_said_without_a_password() -> None:
    with pytest.raises(StoreUnavailable, match="See whether the server runs") as failed:
        Bars("postgresql://ann:secret@127.0.0.1:1/bars")
    assert "secret" not in str(failed.value)


def test_tables_of_others_beside_ours_are_no_matter_but_under_our_names_are(server: str) -> None:
    postgresql_ready.statement("CREATE TABLE theirs (anything TEXT)", server)
    with Bars(server) as bars:
        assert bars.path is None
        assert bars.put([bar("A", 1)]) == 1


def test_a_schema_with_a_table_under_a_name_of_ours_is_refused_and_left_alone(server: str) -> None:
    postgresql_ready.statement("CREATE TABLE stocks (anything TEXT)", server)
    with pytest.raises(SourceRefused, match=r"under the names of ours; .*search_path"):
        Bars(server)
    postgresql_ready.statement("SELECT anything FROM stocks", server)


def test_a_connection_that_was_cut_is_made_anew(server: str) -> None:
    name = server.rpartition("%3D")[2]
    with Bars(f"{server}&application_name={name}") as bars:
        bars.put([bar("A", 1)])
        postgresql_ready.statement(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
            f"WHERE application_name = '{name}'"
        )
        with pytest.raises(StoreUnavailable, match="See whether the server runs"):
            bars.count()
        assert bars.count() == 1
        assert bars.put([bar("A", 2)]) == 1
