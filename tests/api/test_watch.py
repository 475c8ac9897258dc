"""`watch`: what the stream says is what a batch says, it is said once, and the graph has it too."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest

from api.pipeline import ALERT_AT
from api.samples import as_of
from api.watching import TRACES, Watch
from gnn.score import load_scorer
from graph.detection import Settings, detect
from graph.detection.observed import Observed, from_values
from graph.model import Post
from ingest.synthetic.market import Planted, plant
from ingest.synthetic.settings import MarketSettings
from ingest.synthetic.write import post_lines
from tests.api.test_cli import refusal, sentinelmarket

DAYS = 365  # nothing leaves the horizon


@pytest.fixture(scope="module")
def planted() -> Planted:
    return plant(MarketSettings(seed=7, accounts=240, days=30, campaigns=2))


def piece(planted: Planted, posts: list[Post]) -> Observed:
    wanted = {post.account_id for post in posts}
    people = [one for one in planted.accounts if one.id in wanted]
    return from_values(posts, people, max(post.known_at for post in posts))


def watched(planted: Planted, parts: int) -> tuple[Watch, list[str]]:
    """The market in `parts` parts, in the order of time, and what was told."""
    watch, told = Watch(load_scorer(), ALERT_AT, DAYS * 86_400_000), []
    posts = sorted(planted.posts, key=lambda post: (post.known_at, post.id))
    size = len(posts) // parts + 1
    for low in range(0, len(posts), size):
        watch.take(piece(planted, posts[low : low + size]))
        told += [one.cluster.id for one in watch.look()]
    return watch, told


def test_after_all_posts_the_stream_says_what_a_batch_over_its_traces_says(
    planted: Planted,
) -> None:
    watch, _ = watched(planted, 5)
    seen = from_values(planted.posts, planted.accounts, as_of(planted))
    names = tuple(trace.name for trace in TRACES)
    chosen = Settings(traces=names, meaning=False, choirs=False)  # a stream hears none yet
    batch = detect(seen, chosen)
    risks = load_scorer().clusters(seen, batch.ties, batch.clusters, [])
    above = {c.id for c in batch.clusters if risks[c.id].score >= ALERT_AT}
    fresh = Watch(load_scorer(), ALERT_AT, DAYS * 86_400_000)
    fresh.take(watch.seen)
    assert {one.cluster.id for one in fresh.look()} == above
    assert above


def test_a_cluster_is_told_once_and_again_only_in_a_higher_band(planted: Planted) -> None:
    watch, told = watched(planted, 8)
    assert told
    assert watch.look() == []
    posts = random.Random(1).sample(planted.posts, 50)
    assert watch.take(piece(planted, posts)).repeated == 50
    assert watch.look() == []


def test_posts_that_leave_the_horizon_leave_what_is_observed(planted: Planted) -> None:
    watch = Watch(load_scorer(), ALERT_AT, 5 * 86_400_000)
    posts = sorted(planted.posts, key=lambda post: post.known_at)
    for low in range(0, len(posts), 200):
        watch.take(piece(planted, posts[low : low + 200]))
    span = watch.seen.posts["at"].max() - watch.seen.posts["at"].min()  # type: ignore[operator]
    assert span <= 6 * 86_400_000
    assert len(watch) <= watch.seen.posts.height < len(posts) / 2


@pytest.fixture(scope="module")
def lines(planted: Planted) -> list[str]:
    return list(post_lines(planted))


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


def test_a_file_to_its_end_tells_alerts_writes_the_graph_and_puts_them_on_the_page(
    home: Path, lines: list[str], tmp_path: Path
) -> None:
    file = tmp_path / "posts.jsonl"
    file.write_text("\n".join([*lines, "no json"]) + "\n", encoding="utf-8")
    args = ("watch", file, "--once", "--days", DAYS, "--json")
    ran = sentinelmarket(*map(str, args), SENTINELMARKET_HOME=str(home))
    assert ran.returncode == 0, ran.stderr
    told = [json.loads(line) for line in ran.stdout.splitlines()]
    assert told
    assert all(one["score"] >= ALERT_AT and one["posts"] and one["why"] for one in told)
    assert f"{len(lines) + 1:,} records read, 1 could not be used" in ran.stderr
    shown = sentinelmarket("alerts", "--json", SENTINELMARKET_HOME=str(home))
    published = json.loads(shown.stdout)
    assert {t for one in told for t in one["tickers"][:1]} & {
        ticker for alert in published for ticker in alert["tickers"]
    }
    again = sentinelmarket(*map(str, args), SENTINELMARKET_HOME=str(home))
    assert again.returncode == 0, again.stderr
    assert again.stdout == ""  # what the graph knew is not told again


def test_lines_that_come_while_it_watches_are_told_and_it_ends_when_it_is_told_to(
    lines: list[str], tmp_path: Path
) -> None:
    file = tmp_path / "posts.jsonl"
    command = [sys.executable, "-m", "api", "watch", str(file), "--publish", "0", "--json"]
    more = {"SENTINELMARKET_HOME": str(tmp_path / "home"), "PYTHONUNBUFFERED": "1"}
    process = subprocess.Popen(
        [*command, "--days", str(DAYS)],
        env=os.environ | more,
        cwd=Path(__file__).parents[2],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stderr is not None
        assert "watching" in next(_lines(process.stderr))
        with file.open("a", encoding="utf-8") as out:
            out.write("\n".join(lines) + "\n")
        assert process.stdout is not None
        told = json.loads(next(_lines(process.stdout)))
        assert told["score"] >= ALERT_AT
        assert told["seconds"] >= 0
        process.send_signal(signal.SIGINT)
        said = process.communicate(timeout=120)[1]
        assert process.returncode == 0, said
        assert "stopped; what was read is in the graph" in said
    finally:
        process.kill()


def _lines(stream) -> Iterator[str]:  # type: ignore[no-untyped-def]
    """Lines of a pipe; a thread reads them, so that a silent process fails the test."""
    found: list[str] = []
    reader = Thread(target=lambda: found.append(stream.readline()), daemon=True)
    reader.start()
    reader.join(240)
    yield from found


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (("none.jsonl", "--once"), "none.jsonl is not there"),
        (("none.jsonl", "--every", "0"), "--every and --days are above 0"),
    ],
)
def test_what_makes_no_sense_is_refused(home: Path, args: tuple[str, ...], says: str) -> None:
    assert says in refusal(sentinelmarket("watch", *args, SENTINELMARKET_HOME=str(home)))
