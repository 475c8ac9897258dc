"""What `sentinelmarket watch` does: files that grow in, alerts out, the graph kept up to date.

An alert is told first, then the posts are written, then a whole run puts it on the page. That run
goes on beside the watching and never holds it up.
"""

from __future__ import annotations

import argparse
import sys
import time
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field

import orjson

from api.pipeline import ALERT_AT, run, title
from api.settings import Settings, quiet_libraries
from api.show import CAVEAT
from api.watching import Sighting, Watch
from gnn.score import load_scorer
from graph.bars import Bars
from graph.detection.joined import since
from graph.detection.stored import observe
from graph.errors import BadRecord, UsageError
from graph.store import GraphStore
from graph.windows import DAY
from ingest import x_v11
from ingest.follow import Follow
from ingest.load import write_records
from ingest.record import Record
from ingest.rejects import Reject, RejectsFile
from ingest.rows import Rows


@dataclass(slots=True)
class _Session:
    """What one watching holds."""

    args: argparse.Namespace
    settings: Settings
    store: GraphStore
    bars: Bars
    watch: Watch
    rejects: RejectsFile
    rows: Rows = field(default_factory=Rows)
    pool: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1))
    running: Future[object] | None = None
    ran_at: float = float("-inf")
    due: bool = False  # an alert that no run has published yet
    read: int = 0
    told: int = 0


def follow(args: argparse.Namespace, settings: Settings, store: GraphStore, bars: Bars) -> int:
    """Watches until interrupted, or with --once until the files end. Returns the exit code.

    Raises UsageError for options that make no sense and SourceRefused for files that cannot grow.
    """
    if args.every <= 0 or args.days < 1 or args.publish < 0:
        raise UsageError("--every and --days are above 0 and --publish is not below it")
    missing = [path for path in args.files if args.once and not path.exists()]
    if missing:
        raise UsageError(f"{missing[0]} is not there; without --once it may come later")
    quiet_libraries()
    watch = Watch(load_scorer(), ALERT_AT, args.days * DAY)
    _before(store, watch)
    _say(f"watching {', '.join(map(str, args.files))}; {len(watch):,} posts of before count")
    with RejectsFile(settings.rejects, map(str, args.files)) as rejects:
        session = _Session(args, settings, store, bars, watch, rejects)
        files = [Follow(path) for path in args.files]
        try:
            while _step(session, files) or not args.once:
                pass
        finally:
            session.pool.shutdown(wait=True)
    _publish(session, last=True)
    rejected = f", {rejects.count:,} could not be used: {settings.rejects}" if rejects.count else ""
    _say(f"{session.read:,} records read{rejected}; {session.told} alerts. {CAVEAT}")
    return 0


def _before(store: GraphStore, watch: Watch) -> None:
    """Takes in the posts of the graph that still count; what they make is not told again."""
    (span,) = store.read("detect/observed_span", as_of=2**53)
    if span["posts"]:
        newest = int(max(span["last"], span["last_known"]))
        watch.take(since(observe(store, newest, None), newest - watch.horizon))
        watch.look()


def _step(session: _Session, files: list[Follow]) -> bool:
    """One look at the files; whether anything came. Waits where nothing did."""
    records: list[Record] = []
    arrived = time.time()
    for file in files:
        for number, line in file.poll():
            session.read += 1
            try:
                records.append(x_v11.record(line))
            except BadRecord as error:
                text = line.decode("utf-8", "replace")
                session.rejects.add(Reject(str(file.path), number, str(error), text))
        if records:
            arrived = min(arrived, max(file.wrote, 0.0))
    if records:
        session.watch.records(records)
        if not any(file.behind for file in files):
            _tell(session, session.watch.look(), arrived)
        write_records(session.store, records, session.rows)
    _publish(session)
    if not records and not session.args.once:
        time.sleep(session.args.every)
    return bool(records) or any(file.behind for file in files)


def _tell(session: _Session, sightings: list[Sighting], arrived: float) -> None:
    """Prints what was sighted, with the seconds since its last post was written."""
    for one in sightings:
        seconds = time.time() - arrived
        session.told += 1
        session.due = True
        print(_json(one, seconds) if session.args.json else _line(one, seconds), flush=True)


def _line(one: Sighting, seconds: float) -> str:
    risk, cluster = one.risk, one.cluster
    rose = f" (was {one.before})" if one.before is not None else ""
    why = risk.factors[0].text if risk.factors else ""
    return (
        f"{risk.score:3}{rose} {risk.band:9} {title(cluster)}, {len(cluster.posts)} posts,"
        f" by {' '.join(cluster.traces)}: {why} [{seconds:.1f} s after its last post]"
    )


def _json(one: Sighting, seconds: float) -> str:
    cluster, risk = one.cluster, one.risk
    found = {
        "score": risk.score,
        "before": one.before,
        "band": risk.band,
        "title": title(cluster),
        "accounts": [member.account_id for member in cluster.members],
        "tickers": [promotion.ticker for promotion in cluster.promotions],
        "traces": list(cluster.traces),
        "posts": list(cluster.posts),
        "why": [factor.text for factor in risk.factors],
        "as_of": risk.as_of,
        "seconds": round(seconds, 3),
    }
    return orjson.dumps(found).decode()


def _publish(session: _Session, last: bool = False) -> None:
    """Starts a whole run where an alert waits for one and none is on the way; `last`: and waits."""
    if session.running is not None and session.running.done():
        session.running.result()
        session.running = None
    if not session.due or not session.args.publish or session.running is not None:
        return
    if last:
        run(session.store, session.bars, session.settings)
        session.due = False
    elif time.monotonic() - session.ran_at >= session.args.publish:
        session.due, session.ran_at = False, time.monotonic()
        session.running = session.pool.submit(run, session.store, session.bars, session.settings)


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
