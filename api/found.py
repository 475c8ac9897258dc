"""A run's clusters as the values that it found, read back from the graph."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from math import nan
from typing import Any

from api.market import Market
from graph.detection.observed import Observed
from graph.model import Cluster, CoAction, Member, PriceEvent, Promotion, Tie, TiePart
from graph.store import GraphStore
from graph.voice_rows import voices_of
from ingest.market.watch import Watched

Row = dict[str, Any]
AT_ONCE = 50  # clusters whose ties are read at once: a tie carries all its evidence
EVERYTHING = 1_000_000  # rows; a larger limit is an error in the embedded store
ABOVE_ANY_SCORE = 101
ACT = ("left", "right", "trace", "object", "window", "seconds")
PART = ("trace", "window", "co_actions", "expected", "p")
PLAIN = ("left", "right", "weight", "p_value", "q_value", "co_actions", "expected")
JUDGED = ("by_value", "anytime_p", "synchrony_p")


def clusters_of(store: GraphStore, run: Row) -> tuple[list[Row], list[Cluster]]:
    """Every cluster of a run: its row, with its risk, and itself; in one order."""
    rows = store.read(
        "read/clusters_page",
        run_id=run["id"],
        min_score=0,
        ticker="",
        after_score=ABOVE_ANY_SCORE,
        after_id="",
        limit=EVERYTHING,
    )
    ids = [row["id"] for row in rows]
    members, posts = (
        _by_owner(store.read(f"read/{name}_of_clusters", ids=ids, most=EVERYTHING))
        for name in ("members", "evidence")
    )
    promotions = _by_owner(store.read("read/promotions_of_clusters", ids=ids))
    return rows, [
        _cluster(row, members[row["id"]], posts[row["id"]], promotions[row["id"]]) for row in rows
    ]


def ties_of(store: GraphStore, run: Row, clusters: Sequence[Cluster]) -> list[Tie]:
    """The ties inside these clusters, each once, with their evidence and parts."""
    ids = [cluster.id for cluster in clusters]
    return list(
        {
            (row["left"], row["right"]): _tie(row)
            for start in range(0, len(ids), AT_ONCE)
            for row in store.read(
                "explain/ties_in_full", run_id=run["id"], ids=ids[start : start + AT_ONCE]
            )
        }.values()
    )


def events_of(store: GraphStore, observed: Observed) -> list[PriceEvent]:
    """The price events that a score looks at, by what posts call the stock."""
    said = observed.named["ticker"].unique().sort().to_list()
    stocks = store.read("read/stocks_by_ids", ids=said) if said else []
    priced = {row["id"]: row["priced_as"] or row["id"] for row in stocks}
    rows = store.read("detect/known_price_events", as_of=observed.as_of)
    return Market(Watched(tuple(_event(row) for row in rows), {}), priced).trained


def _cluster(row: Row, members: list[Row], posts: list[Row], promotions: list[Row]) -> Cluster:
    names = ("density", "weight", "first_at", "last_at", "benign")
    told = ("ticker", "posts", "share", "first_at", "last_at")
    return Cluster(
        id=row["id"],
        members=tuple(Member(m["account_id"], m["role"], m["strength"]) for m in members),
        traces=tuple(row["traces"]),
        promotions=tuple(Promotion(**{name: p[name] for name in told}) for p in promotions),
        posts=tuple(post["id"] for post in posts),
        coordination=row["coordination"] or 0.0,
        voices=voices_of(row["voices"]),
        **{name: row[name] for name in names},
    )


def _tie(row: Row) -> Tie:
    acts = (CoAction(*values) for values in _columns(row, "evidence", ACT))
    parts = (TiePart(*values) for values in _columns(row, "part", PART))
    return Tie(
        traces=tuple(row["traces"]),
        first_at=row["first_at"],
        last_at=row["last_at"],
        evidence=tuple(acts),
        parts=tuple(parts),
        **{name: row[name] for name in PLAIN},
        **{name: row[name] for name in JUDGED if row[name] is not None},
    )


def _columns(row: Row, kind: str, names: Sequence[str]) -> Iterator[tuple[Any, ...]]:
    """Lists of equal length as rows; none where a run of an older program kept none."""
    return zip(*(row[f"{kind}_{name}"] or () for name in names), strict=True)


def _event(row: Row) -> PriceEvent:
    absent = {name: nan for name in ("abnormal_return", "volume_z") if row[name] is None}
    return PriceEvent(**(row | absent))


def _by_owner(rows: Sequence[Row]) -> defaultdict[str, list[Row]]:
    found: defaultdict[str, list[Row]] = defaultdict(list)
    for row in rows:
        found[row["owner"]].append(row)
    return found
