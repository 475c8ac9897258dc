"""Whole-process time and memory of `sentinelmarket ties` and of the toolkit, on the same files.

    python -m tests.bench.coordination.speed [--sets p100k,p1m] [--big] [--repeat 3] [--no-peer]

Each set is made once under build/bench/coordination/. Ours: load, co_link at 60 s with p-values for
every pair that met, ties of 2 co-actions or more with their evidence, to Parquet; and the same
question by the toolkit's rules. The toolkit: load into its database, then co_link. Their edges are
compared, and the ratio of that pair decides; ours does more. co_similar_tweet is timed on the dense
day, by its rules in ours and by itself. The first run of all, which compiles, is timed apart. `t1m`
is p1m with cashtags, hashtags, names, answers and reposts: every trace that such a table shows, in
the windows of each, with ties at FDR 0.05 and their evidence. same_meaning is not among them, and
pictures and profiles no table has. Seconds are medians; machine and load are written down.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from tests.bench.coordination import peer
from tests.bench.coordination.posts import posts, tagged
from tests.bench.coordination.results import show, write

HOME = Path("build/bench/coordination")
WINDOW, LEAST = 60, 2
# posts, accounts, days; seconds that an idle machine of two cores may take
SETS = {
    "p100k": (100_000, 5_000, 30),
    "p300k": (300_000, 15_000, 30),
    "p1m": (1_000_000, 50_000, 30),
    "d100k": (100_000, 5_000, 1),
    "d1m": (1_000_000, 50_000, 1),
}
TAGGED = {"t1m": (1_000_000, 50_000, 30)}
BIG = {"p3m": (3_000_000, 150_000, 30), "p10m": (10_000_000, 300_000, 30)}
SECONDS = {"p100k": 0.8, "p1m": 2.5, "d1m": 6.0, "p10m": 20.0, "t1m": 30.0}
MEGABYTES = {"p100k": 350, "p1m": 1_000, "p10m": 6_000}
RATIO_AT_1M = 10
EVERY = (  # trace that a table of posts shows
    "same_text",
    "near_text",
    "hashtag_sequence",
    "co_link",
    "co_reply",
    "co_mention",
    "co_hashtag",
    "co_domain",
    "co_ticker",
    "co_repost",
    "lockstep",
)
SIMILAR_ON = "d100k"
ALL_TRACES = "every trace, ours"
SLOW_FOR_PEER = ("p3m", "p10m")


@dataclass(frozen=True, slots=True)
class Cost:
    """One process and its children: seconds by the clock and of the processors, memory at most."""

    wall: float
    cpu: float
    megabytes: float


# A process begins with the peak memory of the one that spawned it: a tiny one spawns and measures.
_MEASURE = """
import json, os, sys, time
begun = time.perf_counter()
sink = [(os.POSIX_SPAWN_OPEN, fd, os.devnull, os.O_WRONLY, 0) for fd in (1, 2)]
child = os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ, file_actions=sink)
_, status, used = os.wait4(child, 0)
wall = time.perf_counter() - begun
code = os.waitstatus_to_exitcode(status)
print(json.dumps([code, wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024]))
"""


def run(command: Sequence[str], environ: Mapping[str, str] | None = None) -> Cost:
    """Runs a command to its end. Raises RuntimeError where it fails."""
    measured = subprocess.run(
        [sys.executable, "-S", "-c", _MEASURE, *command],
        env={**os.environ, **(environ or {})},
        stdout=subprocess.PIPE,
        check=True,
    )
    code, *cost = json.loads(measured.stdout)
    if code:
        raise RuntimeError(f"{' '.join(command)} ended with {code}")
    return Cost(*cost)


def median(costs: Sequence[Cost]) -> Cost:
    """The run in the middle, each figure by itself."""
    middle = (statistics.median(getattr(c, f) for c in costs) for f in ("wall", "cpu", "megabytes"))
    return Cost(*middle)


def made(name: str) -> Path:
    """The file of a set; made where it is not there yet."""
    HOME.mkdir(parents=True, exist_ok=True)
    path = HOME / f"{name}.csv"
    if not path.exists():
        rows = posts(*{**SETS, **TAGGED, **BIG}[name])
        part = path.with_suffix(".part")
        (tagged(rows) if name in TAGGED else rows).write_csv(part)
        part.rename(path)
    return path


def ties(file: Path, out: Path, *options: str) -> list[str]:
    """Our command. It writes OUT and the evidence beside it."""
    evidence = str(out.with_name(f"{out.stem}-evidence.parquet"))
    program = [sys.executable, "-m", "api", "ties", str(file), "-o", str(out)]
    return [*program, "--evidence", evidence, *options]


def judged(file: Path, out: Path) -> list[str]:
    """Our own rules: every pair that met has its p; what has LEAST co-actions is kept."""
    kept = ("--fdr", "1", "--min-actions", str(LEAST))
    return ties(file, out, "--window", f"{WINDOW}s", "--trace", "co_link", *kept)


def every(file: Path, out: Path) -> list[str]:
    """All that the table shows, each trace in its own windows."""
    return ties(file, out, *(word for name in EVERY for word in ("--trace", name)))


def by_its_rules(file: Path, out: Path, network: str) -> list[str]:
    """The toolkit's rules in our program."""
    parity = ("--parity", "toolkit", "--trace", network, "--min-weight", str(LEAST))
    return ties(file, out, "--window", f"{WINDOW}s", *parity)


def measure(name: str, repeat: int, with_peer: bool) -> list[dict[str, Any]]:
    """The rows of one set."""
    file = made(name)
    with tempfile.TemporaryDirectory(dir=HOME) as folder:
        own, parity = Path(folder) / "own.parquet", Path(folder) / "parity.parquet"
        if name in TAGGED:
            whole = median([run(every(file, own)) for _ in range(repeat)])
            return [_row(name, ALL_TRACES, whole, pl.read_parquet(own).height)]
        ours = median([run(judged(file, own)) for _ in range(repeat)])
        rows = [_row(name, "co_link, ours", ours, pl.read_parquet(own).height)]
        rows += _against(name, file, parity, "co_link", repeat, with_peer, ours)
        if name == SIMILAR_ON:
            rows += _against(name, file, parity, "co_similar_tweet", repeat, with_peer)
    return rows


def _against(
    name: str,
    file: Path,
    out: Path,
    network: str,
    repeat: int,
    with_peer: bool,
    ours: Cost | None = None,
) -> list[dict[str, Any]]:
    """Its rules in our program, and itself, with the ratio and whether the edges are the same."""
    costs = median([run(by_its_rules(file, out, network)) for _ in range(repeat)])
    edges = pl.read_parquet(out)
    rows = [_row(name, f"{network}, its rules in ours", costs, edges.height // 2)]
    if not with_peer or name in SLOW_FOR_PEER:
        return rows
    database = out.with_suffix(".db")
    database.unlink(missing_ok=True)
    load = run([*peer.load_command(database.absolute(), file)])
    compute = run(peer.compute_command(database.absolute(), network, WINDOW, LEAST))
    theirs = [row for row in peer.edges(database, network) if row[0] != row[1]]
    whole = Cost(
        load.wall + compute.wall, load.cpu + compute.cpu, max(load.megabytes, compute.megabytes)
    )
    same = edges.rows() == theirs
    faster = {"ratio_its_rules": whole.wall / costs.wall, "same_edges": same}
    if ours:
        faster["ratio_ours"] = whole.wall / ours.wall
    return [*rows, _row(name, f"{network}, the toolkit", whole, len(theirs) // 2) | faster]


def _row(name: str, job: str, cost: Cost, edges: int) -> dict[str, Any]:
    figures = {"wall": cost.wall, "cpu": cost.cpu, "megabytes": cost.megabytes}
    return {"set": name, "job": job, "pairs": edges, **figures, "load": os.getloadavg()[0]}


def first_run() -> dict[str, Any]:
    """Ours with nothing compiled yet: what the first run after an installation takes."""
    file = made("p100k")
    with tempfile.TemporaryDirectory(dir=HOME) as folder:
        cache = {"NUMBA_CACHE_DIR": str(Path(folder).absolute() / "cache")}
        cost = run(judged(file, Path(folder) / "t.parquet"), cache)
        return _row("p100k", "co_link, ours, first run of all", cost, 0)


def broken(rows: Sequence[dict[str, Any]]) -> list[str]:
    """What is not as it should be; absolute seconds hold for an idle machine and only warn."""
    found = []
    for row in rows:
        if row.get("same_edges") is False:
            found.append(f"{row['set']}: the edges of {row['job']} are not the same")
        if row["set"] == "p1m" and row.get("ratio_its_rules", RATIO_AT_1M) < RATIO_AT_1M:
            found.append(f"p1m: {row['ratio_its_rules']:.1f} times as fast, not {RATIO_AT_1M}")
        if row["job"] == "co_link, ours" and row["megabytes"] > MEGABYTES.get(row["set"], 1e9):
            found.append(f"{row['set']}: {row['megabytes']:.0f} MB")
    return found


def table(rows: Sequence[dict[str, Any]]) -> str:
    """For people."""
    head = f"{'set':7}{'job':36}{'wall s':>8}{'cpu s':>8}{'MB':>7}{'pairs':>9}{'load':>6}  "
    lines = [head + "beside the toolkit / aim on an idle machine"]
    for row in rows:
        beside = [
            f"{row[key]:.1f}x {said}"
            for key, said in (("ratio_ours", "ours"), ("ratio_its_rules", "its rules in ours"))
            if key in row
        ]
        if "same_edges" in row:
            beside.append("same edges" if row["same_edges"] else "OTHER EDGES")
        if row["job"] in ("co_link, ours", ALL_TRACES) and row["set"] in SECONDS:
            beside.append(f"aim {SECONDS[row['set']]:g} s")
        lines.append(
            f"{row['set']:7}{row['job']:36}{row['wall']:8.2f}{row['cpu']:8.2f}"
            f"{row['megabytes']:7.0f}{row['pairs']:9,}{row['load']:6.1f}  {', '.join(beside)}"
        )
    return "\n".join(lines)


def main() -> int:
    """Prints the table and writes it as JSON."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sets", default=",".join((*SETS, *TAGGED)))
    parser.add_argument("--big", action="store_true", help="also 3M and 10M posts")
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--no-peer", action="store_true")
    args = parser.parse_args()
    with_peer = not args.no_peer and peer.installed()
    if not with_peer:
        show("without the toolkit itself: it is not to be had here, or not asked for")
    rows = [first_run()]
    for name in [*args.sets.split(","), *(BIG if args.big else ())]:
        rows += measure(name, args.repeat, with_peer)
        show(table(rows[-4:]))
    show(table(rows))
    machine = {"processor": platform.processor() or platform.machine(), "cores": os.cpu_count()}
    wrong = broken(rows)
    write("speed", {"machine": machine, "rows": rows, "broken": wrong})
    show("\n".join(wrong) or "holds")
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
