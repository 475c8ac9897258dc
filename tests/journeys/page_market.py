"""A small market with one bold ring and one giveaway, loaded and published as a run would."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import combinations
from pathlib import Path
from typing import Any

import orjson

from graph.backgrounds import publish_backgrounds
from graph.bars import Bars
from graph.detection.lineage import follow
from graph.lineages import groups
from graph.model import (
    Alert,
    Background,
    Cluster,
    CoAction,
    Factor,
    Member,
    Millis,
    News,
    PriceEvent,
    Promotion,
    Risk,
    Tie,
    Voice,
)
from graph.publish import Aligned, RunRow, publish
from graph.store import GraphStore
from ingest.load import load
from ingest.market.write import write_price_events
from ingest.news.write import link_news, write_news

START = int(datetime(2026, 3, 2, 14, tzinfo=UTC).timestamp() * 1000)
DAY: Millis = 86_400_000
RUN = "page-1"
HOSTILE = "$ZQRV up <img src=x onerror=\"document.title='owned'\"> & away, load up now"
BOLD = (
    "$ZQRV is about to move, huge news, load up now",
    "$ZQRV is about to move, big news, load up now",
)
GIFT = "Hope I win this lamp from $PLMN today"


def seed(store: GraphStore, bars: Bars, folder: Path) -> None:
    """Loads the files, then publishes what a run would have found in them."""
    files = [_posts_file(folder / "posts.jsonl"), _prices_file(folder / "prices.csv")]
    load(store, bars, files, rejects=folder / "rejects.jsonl")
    write_price_events(store, [_jump()])
    write_news(store, [_article(), _filing()])
    link_news(store)
    publish_backgrounds(store, [_background()])
    clusters = [_cluster("ring", 8, "ZQRV", None), _cluster("gift", 5, "PLMN", _BENIGN)]
    ties = [tie for ring, size in (("ring", 8), ("gift", 5)) for tie in _ties(ring, size)]
    risks = {"ring": _risk("ring", 91, _BOLD_FACTORS), "gift": _risk("gift", 12, _GIFT_FACTORS)}
    stock = {"ZQRV": _risk("ZQRV", 84, _STOCK_FACTORS)}
    alert = Alert("alert-ring", "ring", "8 accounts on $ZQRV", 91, START + DAY, RUN, ("ZQRV",))
    run = RunRow(RUN, START + 9 * DAY, START + 9 * DAY, 26, len(ties), 2, "logistic")
    around = [Aligned("ring", "ZQRV:jump", 600.0, 900.0)]
    story = follow([], groups(clusters), RUN)
    publish(store, run, ties, clusters, risks, stock, around, [alert], story=story)


def _article() -> News:
    at = START + 40 * 60_000
    words = ("ZQRV Corp names a chief", "About $ZQRV.", "https://wire.example/1", "Wire")
    return News("news:1", at, at, "news", *words)


def _filing() -> News:
    at = START - 5 * DAY
    words = ("<b>$ZQRV</b> files its results", "", None, "An exchange")
    return News("news:2", at, at, "filing", *words)


def _background() -> Background:
    return Background(
        "ZQRV:jump",
        news=(("news:1", 560.0),),
        probability=0.31,
        base_rate=0.12,
        ratio=8.3,
        p_value=0.2,
        posts_at=START,
        news_at=START + 40 * 60_000,
        order=("posts", "news", "price"),
    )


_BENIGN = "One invitation, answered hours apart by accounts that share nothing else: a giveaway."
_BOLD_FACTORS = (
    Factor("shared_text", "Nine of ten posts share their words with another member's.", 0.9, 2.2),
    Factor("burst", "Half of the posts fall within four minutes.", 240, 1.1),
    Factor("variety", "Its members also write about other stocks.", 3, -0.4),
)
_GIFT_FACTORS = (Factor("pace", "The posts are hours apart.", 3.0, -2.0),)
_STOCK_FACTORS = (Factor("clusters", "A cluster with score 91 promotes it.", 91, 1.7),)


def _account(ring: str, number: int) -> str:
    return f"x:{9000 if ring == 'ring' else 9500}{number}"


def _post(ring: str, number: int, turn: int) -> str:
    return f"x:{71 if ring == 'ring' else 72}{number:02}{turn}"


def _at(ring: str, number: int, turn: int) -> Millis:
    pace = 40_000 if ring == "ring" else 3 * 3_600_000
    return START + turn * DAY + number * pace


def _said(ring: str, number: int) -> str:
    if ring == "gift":
        return GIFT
    return HOSTILE if number == 3 else BOLD[number % 2]


def _status(ring: str, number: int, turn: int) -> dict[str, Any]:
    made = datetime.fromtimestamp(_at(ring, number, turn) // 1000, UTC)
    text = _said(ring, number).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return {
        "id_str": _post(ring, number, turn)[2:],
        "created_at": made.strftime("%a %b %d %H:%M:%S +0000 %Y"),
        "full_text": text,
        "lang": "en",
        "user": {
            "id_str": _account(ring, number)[2:],
            "screen_name": f"{ring}member{number}",
            "created_at": "Thu Jan 01 00:00:00 +0000 2026",
            "followers_count": 12 + number,
            "friends_count": 40,
            "statuses_count": 90,
        },
        "entities": {"urls": [{"expanded_url": "https://ring.example/join"}]},
    }


def _posts_file(path: Path) -> Path:
    wanted = [
        (ring, n, turn)
        for ring, size in (("ring", 8), ("gift", 5))
        for n in range(size)
        for turn in (0, 1)
    ]
    path.write_bytes(b"\n".join(orjson.dumps(_status(*one)) for one in wanted) + b"\n")
    return path


def _prices_file(path: Path) -> Path:
    with path.open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["Date", "Open", "High", "Low", "Close", "Adj Close", "Volume", "Symbol"])
        for number in range(-40, 12):
            day = datetime.fromtimestamp((START + number * DAY) // 1000, UTC).date()
            base = 10 + 0.1 * (number % 5) + (3 if number >= 1 else 0)
            if day.weekday() < 5:
                rows.writerow(
                    [day, base, base + 0.4, base - 0.3, base + 0.2, base + 0.2, 90_000, "ZQRV"]
                )
    return path


def _jump() -> PriceEvent:
    at = START - START % DAY + DAY
    text = "$ZQRV rose 30 % more than the market."
    return PriceEvent(
        "ZQRV:jump", "ZQRV", at, at + DAY, "abnormal_return", 9.0, 1e-9, 0.3, 2.0, text,
        severity="extreme", begins_at=at + 14 * 3_600_000, circuit="upper 20 %",
    )  # fmt: skip


def _ties(ring: str, size: int) -> list[Tie]:
    return [_tie(ring, left, right) for left, right in combinations(range(size), 2)]


def _tie(ring: str, left: int, right: int) -> Tie:
    text = _said(ring, left)
    evidence = tuple(
        CoAction(
            _post(ring, left, turn), _post(ring, right, turn), "same_text", text, "10m",
            (_at(ring, right, turn) - _at(ring, left, turn)) / 1000,
        )
        for turn in (0, 1)
    )  # fmt: skip
    return Tie(
        _account(ring, left), _account(ring, right), ("co_ticker", "same_text"), 9.0 - right,
        1e-9, 1e-7, 2, 0.01, _at(ring, left, 0), _at(ring, right, 1), evidence,
    )  # fmt: skip


def _cluster(ring: str, size: int, ticker: str, benign: str | None) -> Cluster:
    roles = ["leader", *["amplifier"] * (size - 1)]
    members = tuple(Member(_account(ring, n), roles[n], 9.0 - n) for n in range(size))
    posts = tuple(_post(ring, n, turn) for turn in (0, 1) for n in range(size))
    first, last = _at(ring, 0, 0), _at(ring, size - 1, 1)
    promoted = (Promotion(ticker, len(posts), 1.0, first, last),)
    return Cluster(
        ring,
        members,
        ("co_ticker", "same_text"),
        promoted,
        posts,
        1.0,
        40.0,
        first,
        last,
        benign,
        voices=() if benign else _voices(posts[0], first, last),
    )


def _voices(post: str, first: Millis, last: Millis) -> tuple[Voice, ...]:
    """What the ring says alike, and what it answers."""
    said = (
        ("phrase", "is about to move", 7, 1e-12),
        ("link", "https://ring.example/join", 8, 2e-7),
        ("post", post, 3, 3e-4),
        ("phrase", "<img src=x onerror=alert(1)>", 3, 4e-3),
    )
    return tuple(Voice(kind, what, n, first, last, p) for kind, what, n, p in said)


def _risk(subject: str, score: int, factors: Sequence[Factor]) -> Risk:
    band = "critical" if score >= 85 else "high" if score >= 70 else "low"
    kind = "stock" if subject == "ZQRV" else "cluster"
    return Risk(
        subject, kind, score, score / 100, band, "logistic", START + 9 * DAY, tuple(factors)
    )
