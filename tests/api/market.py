"""A small market with results: what a run leaves in the graph, without running one.

`clusters` rings of `size` accounts each; ring i names stock T{i}, all its accounts posting the same
text minute by minute on its day; the last ring names no stock. Stock T0 has a price event and bars.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

from graph.bars import Bars
from graph.model import (
    Account,
    Alert,
    Bar,
    Cluster,
    CoAction,
    Factor,
    Member,
    Post,
    PriceEvent,
    Promotion,
    Risk,
    Tie,
    TiePart,
    Voice,
)
from graph.publish import Aligned, RunRow, publish
from graph.store import Counters, GraphStore
from ingest.record import Record
from ingest.rows import STATEMENTS, Rows

DAY, MINUTE = 86_400_000, 60_000
START = 1_700_006_400_000  # 15 November 2023, 00:00 UTC
AS_OF = START + 60 * DAY
MODEL = "test"
RUN = RunRow("r-1", AS_OF, AS_OF + 1, posts=0, ties=0, clusters=0, model=MODEL)


def account_id(ring: int, number: int) -> str:
    return f"x:{ring:02}{number:03}"


def ring_posts(ring: int, size: int, ticker: str | None) -> list[Post]:
    """One post an account, a minute apart."""
    return [
        Post(
            id=f"x:p{ring:02}{number:03}",
            account_id=account_id(ring, number),
            at=START + ring * DAY + number * MINUTE,
            known_at=START + ring * DAY + number * MINUTE,
            text=f"{'$' + ticker if ticker else 'giveaway'} to the moon, ring {ring}",
            platform="x",
            lang="en",
            tickers=(ticker,) if ticker else (),
            hashtags=("moon",),
            links=(f"https://example.org/{ring}",),
        )
        for number in range(size)
    ]


def ring_ties(posts: list[Post]) -> list[Tie]:
    """Everybody with everybody."""
    return [
        Tie(
            left=a.account_id,
            right=b.account_id,
            traces=("same_text",),
            weight=3.0,
            p_value=0.001,
            q_value=0.01,
            co_actions=1,
            expected=0.01,
            first_at=a.at,
            last_at=b.at,
            evidence=(CoAction(a.id, b.id, "same_text", "key", "10m", (b.at - a.at) / 1000),),
            by_value=0.2,
            anytime_p=0.03,
            synchrony_p=0.004,
            parts=(TiePart("same_text", "10m", 1, 0.01, 0.0005),),
        )
        for a, b in combinations(posts, 2)
    ]


def ring_voices(posts: list[Post]) -> tuple[Voice, ...]:
    """What a ring says alike: the words that all post, and three of them answer the first post."""
    first, last = posts[0].at, posts[-1].at
    ring = f"the moon ring {int(posts[0].id[3:5])}"
    return (
        Voice("phrase", f"to {ring}", len(posts), first, last, 1e-9),
        Voice("post", posts[0].id, 3, first, last, 2e-4),
    )


def ring_cluster(ring: int, posts: list[Post]) -> Cluster:
    """The ring as a run would find it."""
    ticker = posts[0].tickers[:1]
    first, last = posts[0].at, posts[-1].at
    members = tuple(
        Member(p.account_id, "leader" if not n else "amplifier", 9.0 - n / 100)
        for n, p in enumerate(posts)
    )
    return Cluster(
        id=f"c-{ring:02}",
        members=members,
        traces=("same_text",),
        promotions=tuple(Promotion(t, len(posts), 1.0, first, last) for t in ticker),
        posts=tuple(p.id for p in posts),
        density=1.0,
        weight=3.0,
        first_at=first,
        last_at=last,
        benign=None if ticker else "a giveaway: they name no stock",
        voices=ring_voices(posts) if ticker else (),
    )


def risk(subject: str, kind: str, score: int) -> Risk:
    factor = Factor("copies", "they post one text", 1.0, 2.0)
    return Risk(subject, kind, score, score / 100, "high", MODEL, AS_OF, (factor,))


def alert_of(cluster: Cluster, score: int, run: RunRow) -> Alert:
    tickers = tuple(p.ticker for p in cluster.promotions)
    return Alert(f"a-{cluster.id}", cluster.id, "A ring", score, AS_OF, run.id, tickers)


def event() -> PriceEvent:
    """T0 jumps on the day after its ring."""
    at = START + DAY
    return PriceEvent(
        id="T0:2023-11-16:volume_spike",
        ticker="T0",
        at=at,
        known_at=at + DAY,
        kind="volume_spike",
        z=8.0,
        p_value=1e-6,
        abnormal_return=float("nan"),
        volume_z=8.0,
        explanation="volume was eight times its usual spread",
    )


def put_posts(store: GraphStore, posts: list[Post]) -> None:
    """Accounts, posts, stocks and links, as ingest writes them."""
    records = [
        Record((p,), (Account(p.account_id, "x", p.known_at, handle=f"Ring{p.account_id[2:]}"),))
        for p in posts
    ]
    batch = Rows().batch(records)
    for statement in STATEMENTS:
        store.write_rows(f"ingest/{statement}", batch[statement])


def put_event(store: GraphStore, found: PriceEvent) -> None:
    row = {name: getattr(found, name) for name in PriceEvent.__slots__} | {"abnormal_return": None}
    store.write_rows("ingest/price_events", [row])


def put_bars(bars: Bars) -> None:
    """Ten days of T0."""
    bars.put(
        Bar("T0", START + n * DAY, START + (n + 1) * DAY, 1.0, 2.0, 0.5, 1.5, 1.5, 100.0 + n)
        for n in range(10)
    )


def put_market(store: GraphStore, rings: int = 3, size: int = 4, run: RunRow = RUN) -> Counters:
    """The whole market and one run's results; what publishing them changed."""
    tickers = [f"T{n}" for n in range(rings - 1)]
    posts = [ring_posts(n, size, t) for n, t in enumerate([*tickers, None])]
    put_posts(store, [post for ring in posts for post in ring])
    put_event(store, event())
    return put_results(store, posts, run)


def put_results(store: GraphStore, posts: list[list[Post]], run: RunRow) -> Counters:
    """What a run finds in rings of posts: ring i scores 90 - i; the first two raise alerts."""
    clusters = [ring_cluster(int(ring[0].id[3:5]), ring) for ring in posts]
    scores = {c.id: 90 - int(c.id[2:]) for c in clusters}
    tickers = {p.ticker: scores[c.id] for c in clusters for p in c.promotions}
    ties = [tie for ring in posts for tie in ring_ties(ring)]
    row = replace(run, posts=sum(map(len, posts)), ties=len(ties), clusters=len(clusters))
    return publish(
        store,
        row,
        ties,
        clusters,
        {key: risk(key, "cluster", score) for key, score in scores.items()},
        {ticker: risk(ticker, "stock", score) for ticker, score in tickers.items()},
        [Aligned("c-00", event().id, 1440.0)] if "c-00" in scores else [],
        [alert_of(c, scores[c.id], run) for c in clusters[:2]],
    )
