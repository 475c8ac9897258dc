"""What it costs to store minute bars and to read them back, beside the plain ways to do it.

    python -m tests.bench.bench_bars [--stocks 10000] [--minutes 375] [--order minute] [--no-peers]

One day of minutes in one Parquet file, by the minute as a feed writes it or by the stock. Ours: the
file as `ingest` reads it, each value judged, to bars that are kept once, with what stands beside
them. Peers: the same file unjudged, by sqlite3.executemany and by COPY of psql from CSV, to a table
with the same key. Each case is a process of its own; memory is its peak. PostgreSQL is the one that
BARS_TEST_URI names (tests/postgresql_ready.py); where none answers its rows are left out. Prints
tables and writes build/bench/bars.json.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from tests import postgresql_ready

OUT = Path("build/bench/bars.json")
OPENED = 1_767_584_700_000  # 2026-01-05 03:45 UTC, when India's exchanges open
MINUTE = 60_000
LATE = 2**60
READS = 5
LIMITS = {"sqlite": 15.0, "postgresql": 30.0}  # seconds for 3.75 million bars
NAMES = ("ticker", "time", "open", "high", "low", "close", "volume")


def make(path: str, stocks: str, minutes: str, order: str) -> dict[str, Any]:
    """Writes the file: a seeded random walk a stock."""
    import numpy as np
    import polars as pl

    count, span = int(stocks), int(minutes)
    draw = np.random.default_rng(7)
    close = 100 * np.exp(np.cumsum(draw.normal(0, 0.001, (count, span)), axis=1))
    opened = close * np.exp(draw.normal(0, 0.0005, close.shape))
    high, low = np.maximum(opened, close) * 1.0005, np.minimum(opened, close) * 0.9995
    volume = draw.integers(1, 100_000, close.shape).astype(float)
    tickers = pl.Series([f"S{n:05}.NS" for n in range(count)])
    frame = pl.DataFrame(
        {
            "ticker": tickers.gather(np.repeat(np.arange(count), span)),
            "time": np.tile(OPENED + MINUTE * np.arange(span), count),
            **{
                name: np.round(values, 2).ravel()
                for name, values in zip(NAMES[2:], (opened, high, low, close, volume), strict=True)
            },
        }
    ).with_columns(pl.col("time").cast(pl.Datetime("ms", "UTC")))
    frame.sort(["time", "ticker"] if order == "minute" else ["ticker", "time"]).write_parquet(path)
    return {"rows": frame.height}


def ours(path: str, place: str) -> dict[str, Any]:
    """From the file to stored bars, as a load does it."""
    from graph.bars import Bars
    from ingest.ahead import ahead
    from ingest.market.columns import column_map
    from ingest.market.keep import keep_table
    from ingest.market.parquet import ParquetSource

    begun = time.perf_counter()
    changed = 0
    with Bars(place) as bars:
        for table, rejects in ahead(ParquetSource(Path(path), column_map("interval=1m")).tables()):
            assert not rejects
            changed += keep_table(bars, table, "1m").bars_changed
    return {"rows": changed, "seconds": time.perf_counter() - begun}


def executemany(path: str, place: str) -> dict[str, Any]:
    """The plain way into SQLite."""
    import pyarrow.parquet as pq

    begun = time.perf_counter()
    rows = 0
    columns = ", ".join(f'"{name}"' for name in NAMES)
    connection = sqlite3.connect(place)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute(f'CREATE TABLE peer ({columns}, PRIMARY KEY ("ticker", "time"))')
    for batch in pq.ParquetFile(path).iter_batches(batch_size=250_000, columns=list(NAMES)):
        values = [batch[name].cast("int64") if name == "time" else batch[name] for name in NAMES]
        given = zip(*(column.to_pylist() for column in values), strict=True)
        connection.executemany("INSERT OR REPLACE INTO peer VALUES (?,?,?,?,?,?,?)", given)
        connection.commit()
        rows += batch.num_rows
    connection.close()
    return {"rows": rows, "seconds": time.perf_counter() - begun}


def copy(path: str, place: str) -> dict[str, Any]:
    """The plain way into PostgreSQL."""
    import polars as pl

    begun = time.perf_counter()
    table = (
        'CREATE TABLE peer ("ticker" text, "time" bigint, "open" float8, "high" float8, '
        '"low" float8, "close" float8, "volume" float8, PRIMARY KEY ("ticker", "time"))'
    )
    postgresql_ready.statement(table, place)
    frame = pl.read_parquet(path, columns=list(NAMES)).with_columns(pl.col("time").dt.epoch("ms"))
    into = ["psql", "-q", "-d", place, "-c", "COPY peer FROM STDIN (FORMAT csv)"]
    with subprocess.Popen(into, stdin=subprocess.PIPE) as running:
        assert running.stdin is not None
        frame.write_csv(running.stdin, include_header=False)
        running.stdin.close()
    assert running.returncode == 0
    return {"rows": frame.height, "seconds": time.perf_counter() - begun}


def reads(place: str, stocks: str, minutes: str) -> dict[str, Any]:
    """Milliseconds to read one stock's day and one minute of all stocks, and what came."""
    from graph.bars import FULL, Bars

    ticker, at = f"S{int(stocks) // 2:05}.NS", OPENED + MINUTE * (int(minutes) // 2)
    with Bars(place) as bars:

        def stock() -> int:
            found = bars.read([ticker], interval="1m", columns=FULL.names, as_of=LATE)
            return int(found.num_rows)

        def minute() -> int:
            return int(bars.read(None, at, at + MINUTE, interval="1m", as_of=LATE).num_rows)

        def everything() -> int:
            return int(bars.read(interval="1m", as_of=LATE).num_rows)

        return {
            "one stock": _timed(stock),
            "one minute": _timed(minute),
            "everything": _timed(everything, 1),
        }


def peer_reads(place: str, stocks: str, minutes: str) -> dict[str, Any]:
    """The same from the plain table, as Python's rows."""
    ticker, at = f"S{int(stocks) // 2:05}.NS", OPENED + MINUTE * (int(minutes) // 2)
    connection = sqlite3.connect(place)

    def asked(where: str, *values: Any) -> Callable[[], int]:
        sql = f'SELECT * FROM peer {where} ORDER BY "ticker", "time"'
        return lambda: len(connection.execute(sql, values).fetchall())

    return {
        "one stock": _timed(asked('WHERE "ticker" = ?', ticker)),
        "one minute": _timed(asked('WHERE "time" = ?', at)),
        "everything": _timed(asked(""), 1),
    }


def _timed(ask: Callable[[], int], times: int = READS) -> dict[str, float]:
    rows, seconds = 0, []
    for _ in range(times + 1 if times > 1 else 1):
        begun = time.perf_counter()
        rows = ask()
        seconds.append(time.perf_counter() - begun)
    return {"rows": rows, "milliseconds": 1000 * statistics.median(seconds[-times:])}


CASES: dict[str, Callable[..., dict[str, Any]]] = {
    case.__name__: case for case in (make, ours, executemany, copy, reads, peer_reads)
}


def run(case: str, *words: object) -> dict[str, Any]:
    """A case in a process of its own, with the processor time and the memory of that process."""
    command = [sys.executable, "-m", "tests.bench.bench_bars", "--case", case, *map(str, words)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    return dict(json.loads(done.stdout.splitlines()[-1]))


def measure(stocks: int, minutes: int, order: str, peers: bool) -> dict[str, Any]:
    """Every case on one file."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        file = folder / "minutes.parquet"
        run("make", file, stocks, minutes, order)
        places = {"sqlite": str(folder / "bars.sqlite")}
        if server := _server(stack):
            places["postgresql"] = server
        loads, found = {}, {}
        for name, place in places.items():
            loads[f"ours, {name}"] = run("ours", file, place)
            loads[f"ours again, {name}"] = run("ours", file, place)
            found[f"ours, {name}"] = run("reads", place, stocks, minutes)
        if peers:
            loads["sqlite3.executemany"] = run("executemany", file, folder / "peer.sqlite")
            plain = run("peer_reads", folder / "peer.sqlite", stocks, minutes)
            found["sqlite3"] = plain
        if peers and "postgresql" in places:
            loads["psql COPY"] = run("copy", file, places["postgresql"])
        size = {"parquet": file.stat().st_size, "sqlite": Path(places["sqlite"]).stat().st_size}
    return {
        "stocks": stocks,
        "minutes": minutes,
        "order": order,
        "load_average": os.getloadavg()[0],
        "bytes": size,
        "loads": loads,
        "reads": found,
    }


def _server(stack: ExitStack) -> str | None:
    import adbc_driver_postgresql.dbapi as postgresql

    try:
        postgresql.connect(postgresql_ready.URI).close()
    except postgresql.Error as error:
        print(f"PostgreSQL is left out: {str(error).splitlines()[0]}", file=sys.stderr)
        return None
    return stack.enter_context(postgresql_ready.schema())


def shown(found: dict[str, Any]) -> str:
    """The tables a person reads."""
    bars = found["stocks"] * found["minutes"]
    sizes = ", ".join(f"{name} {size / 1e6:.0f} MB" for name, size in found["bytes"].items())
    lines = [
        f"{bars:,} minute bars of {found['stocks']:,} stocks, by {found['order']} ({sizes})",
        f"{'':24} {'seconds':>8} {'of cpu':>8} {'bars a second':>14} {'memory':>9} {'new':>10}",
    ]
    for name, row in found["loads"].items():
        rate = bars / row["seconds"]
        lines.append(
            f"{name:24} {row['seconds']:8.1f} {row['cpu']:8.1f} {rate:14,.0f} "
            f"{row['megabytes']:6,.0f} MB {row['rows']:10,}"
        )
    questions = list(next(iter(found["reads"].values())))[:3]
    lines.append(f"{'read, milliseconds':24} " + " ".join(f"{one:>14}" for one in questions))
    for name, row in found["reads"].items():
        asked = (f"{row[one]['milliseconds']:14,.1f}" for one in questions)
        lines.append(f"{name:24} " + " ".join(asked))
    for name, limit in LIMITS.items():
        row = found["loads"].get(f"ours, {name}")
        if row and bars >= 3_750_000:
            kept = "kept" if row["seconds"] <= limit else "missed"
            lines.append(f"{name}: at most {limit:g} s, {kept} with {row['seconds']:.1f} s")
    return "\n".join(lines)


def main(arguments: Sequence[str]) -> int:
    """Runs the cases, or one of them for `run`; returns the exit code."""
    if arguments[:1] == ["--case"]:
        found = CASES[arguments[1]](*arguments[2:])
        used = resource.getrusage(resource.RUSAGE_SELF)
        cost = {"megabytes": used.ru_maxrss / 1024, "cpu": used.ru_utime + used.ru_stime}
        print(json.dumps(found | cost))
        return 0
    parser = argparse.ArgumentParser(prog="bench_bars")
    parser.add_argument("--stocks", type=int, default=10_000)
    parser.add_argument("--minutes", type=int, default=375)
    parser.add_argument("--order", choices=("minute", "stock"), default="minute")
    parser.add_argument("--no-peers", action="store_true")
    args = parser.parse_args(arguments)
    found = measure(args.stocks, args.minutes, args.order, not args.no_peers)
    print(shown(found))
    OUT.parent.mkdir(parents=True, exist_ok=True)
    OUT.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
