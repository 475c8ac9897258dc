"""What the incremental engine costs: a hundred new posts, a reading, and memory over a long stream.

    python -m tests.bench.coordination.incremental [--posts 1000000] [--soak 5000000] [--no-batch]

The set is that of posts.py in 30 days, with a ticker in half of the posts, held for same_text (10m,
7d), co_link (1h, 7d) and co_ticker (10m). Timed are the first load; 100 posts more, with their
co-actions and how often each pair met; and the reading after that many posts that at least 1 % of
the pairs changed: p-values and ties at FDR 0.05, then clusters. Beside it stands a batch over the
same posts, and whether both say the same. `--soak` sends so many posts through a horizon of ten
days instead, with late ones and deletions, and prints the memory of the process.
"""

from __future__ import annotations

import argparse
import os
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from graph import detection
from graph.detection.acts import encode
from graph.detection.clusters import clusters
from graph.detection.communities import communities
from graph.detection.incremental import Incremental
from graph.detection.lines import lines
from graph.detection.observed import Observed, from_values
from graph.detection.ties import Question, Tables, as_ties, tables
from graph.detection.traces import co_link, co_ticker, same_text
from graph.windows import DAY
from tests.bench.coordination.posts import RING, RINGS, posts
from tests.bench.coordination.results import show, write

TRACES = (same_text.TRACE, co_link.TRACE, co_ticker.TRACE)
SPAN, FDR = 30 * DAY, 0.05
HUNDREDS, CHANGED = 20, 0.01
EVER = 10**15
MILLISECONDS, SECONDS, GROWTH = 50, 1.0, 1.1  # bounds, on an idle machine of two cores
TICKERS = 500
DAYS, HORIZON, PARTS = 50, 10, 10  # of the soak; a day comes in parts


@dataclass(frozen=True, slots=True)
class Stream:
    """Posts in the order of time, as frames of equal height."""

    posts: pl.DataFrame
    linked: pl.DataFrame
    named: pl.DataFrame

    def piece(self, low: int, high: int) -> Observed:
        """The posts low .. high - 1."""
        empty = from_values([], [], EVER)
        part = self.posts[low:high]
        named = self.named[low:high].filter(pl.col("ticker").is_not_null())
        return replace(empty, posts=part.sort("post"), linked=self.linked[low:high], named=named)


def stream(count: int, accounts: int, days: int) -> Stream:
    """The set of posts.py, with tickers."""
    made = posts(count, accounts, days).sort("timestamp", "message_id")
    draw = np.random.default_rng(7)
    weight = np.arange(1, TICKERS + 1) ** -1.1
    ticker = draw.choice(TICKERS, count, p=weight / weight.sum())
    said = pl.Series(draw.random(count) < 0.5)
    name = pl.Series([f"T{t}" for t in ticker.tolist()]).zip_with(
        said, pl.Series([None], dtype=pl.String)
    )
    frame = from_values([], [], EVER).posts
    whole = made.select(
        post="message_id",
        account="user_id",
        at=pl.col("timestamp") * 1000,
        text="message",
        text_id="message",
    )
    return Stream(
        pl.concat([frame, whole], how="diagonal"),
        made.select(post="message_id", link="urls"),
        made.select(post="message_id").with_columns(name.alias("ticker")),
    )


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds by the clock, and of the processors, which a busy machine stretches less."""

    wall: float
    cpu: float


def timed(does: Callable[..., Any], *arguments: Any) -> tuple[Cost, Any]:
    """What it cost, and what came out."""
    wall, cpu = time.perf_counter(), time.process_time()
    out = does(*arguments)
    return Cost(time.perf_counter() - wall, time.process_time() - cpu), out


def hundreds(engine: Incremental, source: Stream, low: int) -> list[Cost]:
    """What each hundred posts costs, taken in and looked at."""
    spent = []
    for n in range(HUNDREDS):
        piece = source.piece(low + 100 * n, low + 100 * n + 100)
        names = piece.posts["post"].to_list()
        taken, _ = timed(engine.update, piece)
        looked, _ = timed(engine.co_actions, names)
        spent.append(Cost(taken.wall + looked.wall, taken.cpu + looked.cpu))
    return spent


def change(engine: Incremental, source: Stream, low: int) -> tuple[int, float]:
    """Brings posts until CHANGED of the pairs have; how many posts, and the share of pairs."""
    before = _pairs(engine)
    at = low
    share = 0.0
    while share < CHANGED:
        engine.update(source.piece(at, at + 1000))
        at += 1000
        after = _pairs(engine)
        share = after.join(before, on=after.columns, how="anti").height / after.height
    return at - low, share


def _pairs(engine: Incremental) -> pl.DataFrame:
    """Every pair in every question and level, with how often it met, by code."""
    standing = [one for line in engine._lines for one in line.standing]
    read = [one.meetings.read() for one in standing]
    return pl.concat(
        pl.DataFrame({"question": np.full(len(keys), n), "key": keys, "times": counts})
        for n, (keys, counts) in enumerate(read)
    )


def clustered(found: Tables, seen: Observed) -> int:
    """How many clusters the pipeline makes of ties."""
    active = detection._active(seen)
    parts, ties = detection._parts(as_ties(found), lines(active), communities, active)
    return len(clusters(parts, ties, seen, active))


def batch(seen: Observed) -> Tables:
    """The same question, put to a batch."""
    accounts = seen.posts["account"].unique().sort()
    asked = [
        Question(trace.name, window, acts)
        for trace in TRACES
        for acts in [encode(trace.acts(seen), accounts)]
        for window in trace.windows
    ]
    return tables(asked, accounts, SPAN, fdr=FDR)


def measure(count: int, with_batch: bool) -> dict[str, Any]:
    """The figures for a window of about `count` posts."""
    source = stream(count + 200_000, count // 20, 30)
    engine = Incremental(TRACES, SPAN, 40 * DAY)
    engine.update(source.piece(0, 50))  # compiles
    engine.co_actions(source.posts["post"][:50].to_list())
    engine.tables(fdr=FDR)
    load, _ = timed(engine.update, source.piece(0, count))
    spent = hundreds(engine, source, count)
    done = count + 100 * HUNDREDS
    clustered(engine.tables(fdr=FDR), source.piece(0, done))  # as it stood before
    brought, share = change(engine, source, done)
    done += brought
    reading, found = timed(engine.tables, 1.0, FDR)
    seen = source.piece(0, done)
    grouping, groups = timed(clustered, found, seen)
    row = {
        "posts": len(engine),
        "load_s": load.wall,
        "hundred_ms": 1000 * statistics.median(one.wall for one in spent),
        "hundred_cpu_ms": 1000 * statistics.median(one.cpu for one in spent),
        "hundred_ms_worst": 1000 * max(one.wall for one in spent),
        "changed_share": share,
        "changed_by_posts": brought,
        "reading_s": reading.wall,
        "reading_cpu_s": reading.cpu,
        "ties": found.ties.height,
        "clusters_s": grouping.wall,
        "clusters_cpu_s": grouping.cpu,
        "clusters": groups,
        "megabytes": resident(),
        "machine_load": os.getloadavg()[0],
    }
    if with_batch:
        cost, other = timed(batch, seen)
        row["batch_s"], row["batch_cpu_s"] = cost.wall, cost.cpu
        row["equal"] = found.ties.equals(other.ties) and found.parts.equals(other.parts)
    return row


def resident() -> float:
    """Megabytes of this process in memory."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096 / 1e6


def day_of(day: int, a_day: int) -> Stream:
    """A day of posts; its links, its texts and a tenth of its accounts were never seen before. The
    rings are those of every day; which honest account does what is drawn anew, or each would meet
    the same others at the same hour day by day."""
    made = stream(a_day, a_day // 5, 1)
    mark = f"{day}:"
    names = made.posts["account"].unique().sort()
    honest = names.filter(names.str.strip_prefix("u").cast(pl.Int64) >= RINGS * RING)
    drawn = honest.sample(fraction=1, shuffle=True, seed=day)
    account = pl.col("account").replace(honest, drawn)
    old = account.hash(seed=day) % 10 > 0
    who = pl.when(old).then(pl.lit("old:")).otherwise(pl.lit(mark)) + account
    post, text, link = (mark + pl.col(one) for one in ("post", "text_id", "link"))
    at = pl.col("at") + day * DAY
    return Stream(
        made.posts.with_columns(post=post, at=at, account=who, text_id=text),
        made.linked.with_columns(post=post, link=link),
        made.named.with_columns(post=post),
    )


def soak(count: int) -> list[dict[str, Any]]:
    """Memory of the process over DAYS days of posts, a row for each twentieth of them."""
    a_day = count // DAYS
    engine = Incremental(TRACES, SPAN, HORIZON * DAY)
    rows: list[dict[str, Any]] = []
    begun, kept = time.perf_counter(), pl.Series([], dtype=pl.String)
    for day in range(DAYS):
        source = day_of(day, a_day)
        engine.remove(kept.to_list())  # of the day before
        kept = source.posts["post"].sample(a_day // 100, seed=1)
        for part in np.random.default_rng(day).permutation(PARTS).tolist():  # late by up to a day
            engine.update(source.piece(a_day * part // PARTS, a_day * (part + 1) // PARTS))
        if day % (DAYS // 20 or 1) == 0 or day == DAYS - 1:
            reading, found = timed(engine.tables, 1.0, FDR)
            rows.append(
                {
                    "posts": (day + 1) * a_day,
                    "held": len(engine),
                    "closed": engine.counted.closed,
                    "megabytes": resident(),
                    "seconds": time.perf_counter() - begun,
                    "reading_s": reading.wall,
                    "ties": found.ties.height,
                }
            )
            show("  ".join(f"{name} {value:,.0f}" for name, value in rows[-1].items()))
    return rows


def flat(rows: Sequence[dict[str, Any]]) -> float:
    """Memory of the last quarter over that of the second, when the horizon is long full."""
    of = [row["megabytes"] for row in rows]
    quarter = max(len(of) // 4, 1)
    return statistics.mean(of[-quarter:]) / statistics.mean(of[quarter : 2 * quarter])


def main() -> int:
    """Prints the figures, writes them, and ends with 1 where a bound is broken."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--posts", type=int, default=1_000_000)
    parser.add_argument("--soak", type=int, default=0)
    parser.add_argument("--no-batch", action="store_true")
    chosen = parser.parse_args()
    if chosen.soak:
        rows = soak(chosen.soak)
        growth = flat(rows)
        show(f"memory of the last quarter over the second: {growth:.3f} (at most {GROWTH})")
        write("incremental-soak", {"rows": rows, "growth": growth})
        return int(growth > GROWTH)
    row = measure(chosen.posts, not chosen.no_batch)
    for name, value in row.items():
        show(f"{name:18} {value:,.3f}" if isinstance(value, float) else f"{name:18} {value}")
    write("incremental", row)
    slow = row["hundred_ms"] > MILLISECONDS or row["reading_s"] + row["clusters_s"] > SECONDS
    return int(slow or not row.get("equal", True))


if __name__ == "__main__":
    raise SystemExit(main())
