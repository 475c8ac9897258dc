"""From files to an alert on the real path: ingest, run, look, and the same again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path

import pytest

from api import look
from api.pipeline import run
from api.settings import Settings
from graph import detection
from graph.backends.bolt import BoltStore
from graph.bars import Bars
from graph.errors import UsageError
from ingest.load import load
from ingest.synthetic.market import Planted, plant
from ingest.synthetic.settings import MarketSettings
from ingest.synthetic.write import write_files

CHOICES = detection.Settings()
DAY = 86_400_000
DISMISSED = {"state": "dismissed", "reason": "a known fan club", "entry": "1 dismissed"}


@pytest.fixture(scope="module")
def planted() -> Planted:
    return plant(MarketSettings(seed=3, accounts=200, stocks=20, days=40))


@pytest.fixture
def settings(planted: Planted, embedded_store: BoltStore, tmp_path: Path) -> Settings:
    """A home whose market was loaded from files; the truth beside them was not."""
    settings = Settings(home=tmp_path)
    posts, prices, _truth = write_files(planted, tmp_path / "market")
    with Bars(settings.bars) as bars:
        load(embedded_store, bars, [posts, prices], rejects=settings.rejects)
    return settings


@pytest.fixture
def bars(settings: Settings) -> Iterator[Bars]:
    with Bars(settings.bars) as opened:
        yield opened


def planted_accounts(planted: Planted) -> set[str]:
    return {id for campaign in planted.truth.campaigns for id in campaign.account_ids}


def test_files_become_alerts_that_open_to_posts(
    planted: Planted, embedded_store: BoltStore, settings: Settings, bars: Bars
) -> None:
    outcome = run(embedded_store, bars, settings, choices=CHOICES)
    found = {cluster.id: cluster for cluster in outcome.found.clusters}
    posts = {post.id: post for post in planted.posts}
    guilty = planted_accounts(planted)
    shares = []
    for alert in look.alerts(embedded_store):
        members = {member.account_id for member in found[alert["cluster"]].members}
        shares.append(len(members & guilty) / len(members))
        evidence = embedded_store.read("explain/cluster", id=alert["cluster"])
        assert evidence
        assert all(posts[row["post_id"]].account_id == row["account_id"] for row in evidence)
        assert {row["account_id"] for row in evidence} <= members
    assert len(shares) == len(outcome.alerts)
    assert max(shares, default=0) >= 0.5
    assert {row["cluster"] for row in look.clusters(embedded_store, limit=1_000)} == set(found)

    tie = outcome.found.ties[0]
    said = look.why(embedded_store, tie.right, tie.left)
    assert (said["left"], said["right"]) == (tie.left, tie.right)
    assert said["evidence"]
    for shared in said["evidence"]:
        left, right = posts[shared["left"]], posts[shared["right"]]
        assert {left.account_id, right.account_id} == {tie.left, tie.right}
        assert shared["seconds"] == pytest.approx((right.at - left.at) / 1000)


def test_the_same_run_again_changes_nothing_and_a_dismissal_stays(
    embedded_store: BoltStore, settings: Settings, bars: Bars
) -> None:
    first = run(embedded_store, bars, settings, choices=CHOICES)
    shown = look.clusters(embedded_store, limit=1_000)
    again = run(embedded_store, bars, settings, choices=CHOICES)
    assert again.run.id == first.run.id
    assert again.cluster_risks == first.cluster_risks
    assert again.stock_risks == first.stock_risks
    assert again.alerts == first.alerts
    assert not again.counters.changed
    assert look.clusters(embedded_store, limit=1_000) == shown

    gone = first.alerts[0].id
    embedded_store.write("detect/set_alert_state", id=gone, **DISMISSED)
    assert [row["alert"] for row in look.alerts(embedded_store, "dismissed")] == [gone]
    run(embedded_store, bars, settings, choices=CHOICES)
    (kept,) = look.alerts(embedded_store, "dismissed")
    assert (kept["alert"], kept["reason"]) == (gone, DISMISSED["reason"])
    assert gone not in {row["alert"] for row in look.alerts(embedded_store, "open")}


def test_a_run_as_of_an_earlier_moment_sees_no_later_post(
    planted: Planted, embedded_store: BoltStore, settings: Settings, bars: Bars
) -> None:
    times = sorted(post.at for post in planted.posts)
    middle = times[len(times) // 2]
    outcome = run(embedded_store, bars, settings, as_of=middle, choices=CHOICES)
    at = {post.id: post.at for post in planted.posts}
    assert outcome.run.as_of == middle
    assert outcome.run.posts == sum(moment <= middle for moment in times)
    for tie in outcome.found.ties:
        assert tie.last_at <= middle
    for cluster in outcome.found.clusters:
        rows = embedded_store.read("explain/cluster", id=cluster.id)
        assert all(at[row["post_id"]] <= middle for row in rows)


def test_news_loaded_beside_posts_stands_beside_the_stock_and_its_events(
    planted: Planted, embedded_store: BoltStore, settings: Settings, bars: Bars
) -> None:
    campaign = planted.truth.campaigns[0]
    days = (campaign.start - 20 * DAY, campaign.start - DAY, campaign.end + 20 * DAY)
    items = "".join(
        f"<item><title>${campaign.ticker} says {n}</title><link>https://wire.example/{n}</link>"
        f"<pubDate>{format_datetime(datetime.fromtimestamp(at // 1000, UTC))}</pubDate></item>"
        for n, at in enumerate(days)
    )
    feed = settings.home / "feed.xml"
    feed.write_text(f'<rss version="2.0"><channel>{items}</channel></rss>', encoding="utf-8")
    load(embedded_store, bars, [feed], rejects=settings.rejects)
    as_of = campaign.end + 5 * DAY
    run(embedded_store, bars, settings, as_of=as_of, choices=CHOICES)
    found = look.stock(embedded_store, campaign.ticker)
    assert [row["title"][-1] for row in found["news"]] == ["1", "0"], "2 is of the future"
    rows = embedded_store.read(
        "read/price_events_of_stocks", ids=[campaign.ticker], as_of=2**53, most=1_000
    )
    assert rows
    assert all(row["begins_at"] <= as_of for row in rows)
    assert all(row["explanation"] for row in rows)
    covered = [row for row in rows if row["news_probability"] is not None]
    before = {row["id"]: row["news_ratio"] > 0 for row in covered}
    told = embedded_store.read("read/news_of_price_events", ids=list(before))
    assert {row["owner"] for row in told} == {id for id, some in before.items() if some}


def test_an_empty_graph_says_what_to_do(embedded_store: BoltStore, tmp_path: Path) -> None:
    with Bars(tmp_path / "bars.sqlite") as bars, pytest.raises(UsageError, match="ingest FILE"):
        run(embedded_store, bars, Settings(home=tmp_path), choices=CHOICES)
