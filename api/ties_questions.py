"""What `ties` asks of its files: which traces, in which windows, as the engine takes them."""

from __future__ import annotations

import argparse
from collections import Counter
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from api import ties_read
from graph.detection.acts import encode
from graph.detection.ready import ready
from graph.detection.ties import Question
from graph.errors import UsageError
from graph.store import Progress
from ingest import table_acts
from ingest.record import Record
from ingest.rejects import Reject

if TYPE_CHECKING:  # tables that show their own traces do without
    from graph.detection.observed import Observed

# Where a table's trace is not one that posts in general have.
WINDOWS = ("1m", "1h")


@dataclass(frozen=True, slots=True)
class Asked:
    """Questions, most telling first, over the sorted ids `accounts`; how many could have met; and
    what to tell of the files."""

    questions: list[Question]
    accounts: pl.Series
    active: int
    said: list[str]


def of_table(
    args: argparse.Namespace,
    plan: ties_read.Plan,
    reading: Future[ties_read.Rows],
    report: Progress,
) -> Asked:
    """Questions of a table: by its own columns where they suffice, else of its rows as posts."""
    if plan.wanted is None:
        return _of_rows(args, reading, report)
    known = table_acts.TRACES[plan.shape]
    with ready():
        rows, said = _once(reading.result(), plan.shape)
        accounts = rows[ties_read.ACCOUNT[plan.shape]].unique().sort()
        frames = {name: known[name].acts(rows) for name in plan.traces}
    questions = []
    for name, frame in frames.items():
        report(f"acts of {name}", 0, 1)
        acts = encode(frame, accounts)
        questions += [Question(name, window, acts) for window in args.window or WINDOWS]
    return Asked(questions, accounts, len(accounts), said)


def of_posts(args: argparse.Namespace, report: Progress) -> Asked:
    """Questions of posts in a format that `sentinelmarket ingest` reads."""
    from graph.detection.observed import from_values

    records = [_records(path) for path in args.files]
    posts = [post for found, _ in records for record in found for post in record.posts]
    people = [one for found, _ in records for record in found for one in record.accounts]
    seen = from_values(posts, people, as_of=2**62)
    return _asked(args, seen, [line for _, said in records for line in said], report)


def _of_rows(args: argparse.Namespace, reading: Future[ties_read.Rows], report: Progress) -> Asked:
    """Questions of a toolkit table whose rows are looked at as posts."""
    from ingest.table_posts import observed

    rows, said = _once(reading.result(), "toolkit")
    report("reading texts", 0, 1)
    return _asked(args, observed(rows), said, report)


def _once(read: ties_read.Rows, shape: str) -> tuple[pl.DataFrame, list[str]]:
    """Every message once; what came again is told."""
    if shape != "toolkit":
        return read.rows, read.said
    rows = table_acts.once(read.rows)
    again = read.rows.height - rows.height
    told = [f"{again:,} rows dropped: the message was there already (the earliest counts)"]
    return rows, read.said + (told if again else [])


def _records(path: Path) -> tuple[list[Record], list[str]]:
    """The posts of a file, and what to tell of it."""
    from ingest import formats  # reads every market's files, which a table needs none of

    found: list[Record] = []
    reasons: Counter[str] = Counter()
    kind = formats.named(formats.detect(path))
    for item in kind.read(path, frozenset()):
        if isinstance(item, Record):
            found.append(item)
        elif isinstance(item, Reject):
            reasons[item.reason] += 1
        else:
            raise UsageError(f"{path} holds prices; ties are made of posts")
    read = len(found) + reasons.total()
    said = [f"{path}: {kind.name}, {read:,} records read"]
    said += [f"  {n:,} dropped: {reason}" for reason, n in reasons.most_common()]
    return found, said


def _asked(
    args: argparse.Namespace,
    observed: Observed,
    said: list[str],
    report: Progress,
) -> Asked:
    from graph.detection.asking import DEFAULT, accounts_of, questions

    asked = questions(observed, args.trace or DEFAULT, None, args.window, report)
    known = dict.fromkeys(question.trace for question in asked)
    for name in args.trace:
        if name not in known:
            raise UsageError(f"these posts show no trace {name!r}; of those asked: {[*known]}")
    own = observed.posts.filter(pl.col("repost_of").is_null())["account"]
    return Asked(asked, accounts_of(observed), own.n_unique(), said)
