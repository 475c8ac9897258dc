"""The evidence pack of a cluster: one file that shows what was found and why to who was not there.

Everything in it comes from the graph by statements under cypher/, most of them under explain/.
"""

from __future__ import annotations

import os
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import orjson

from api.runs import newest_run, told
from api.show import CAVEAT, second
from graph.errors import UsageError
from graph.model import Millis
from graph.store import GraphStore
from graph.voice_rows import voices_of
from graph.windows import DAY

Row = dict[str, Any]
Rows = list[Row]
TIES, ACTS, EVENTS = 200, 50, 500  # the most that a pack holds of each
HOUR = DAY // 24
BY_HOUR = 3 * DAY  # a cluster that is no longer than this has a timeline by the hour
SAYS = f"{CAVEAT} Take it as an indicator, never a verdict: read the posts."
SHARED = ("trace", "object", "window", "seconds")


def pack(store: GraphStore, id: str) -> Row:
    """The pack of the cluster `id` of the newest run; the id of its lineage or alert does as well.

    Raises UsageError where the newest run has no such cluster, and where nothing was run yet.
    """
    run = newest_run(store)
    cluster = _cluster(store, run, id)
    posts = store.read("explain/cluster", id=cluster["id"])
    ties = store.read("explain/ties_of_cluster", id=cluster["id"], run_id=run["id"], most=TIES)
    return {
        "says": SAYS,
        "cluster": _about(cluster),
        "risk": _risk(cluster),
        "voices": [_dated(asdict(voice)) for voice in voices_of(cluster["voices"])],
        "members": _members(store, cluster["id"], posts),
        "tickers": [_dated(r) for r in _owned(store, "read/promotions_of_clusters", cluster["id"])],
        "evidence": _evidence(ties, posts),
        "ties": [{k: v for k, v in t.items() if not k.startswith("evidence_")} for t in ties],
        "timeline": timeline(posts),
        "price_events": _price_events(store, cluster["id"]),
        "lineage": _lineage(store, cluster["lineage_id"]),
        "alert": _alert(store, cluster["lineage_id"]),
        "run": {k: v for k, v in run.items() if k != "settings"}
        | {"as_of": second(run["as_of"]), "finished_at": second(run["finished_at"])},
        "settings": told(run),
    }


def write(found: Row, path: Path) -> None:
    """Writes a pack as JSON, all of it or nothing. Raises UsageError where there is no folder."""
    if not path.parent.is_dir():
        raise UsageError(f"there is no folder {path.parent} for {path.name}; make it first")
    if path.is_dir():
        raise UsageError(f"{path} is a folder; name a file, for instance {path / 'pack.json'}")
    part = path.with_name(path.name + ".part")
    part.write_bytes(as_json(found))
    os.replace(part, path)


def as_json(found: Row) -> bytes:
    """A pack as it stands in a file."""
    return orjson.dumps(found, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def timeline(posts: Sequence[Row]) -> Rows:
    """Evidence posts (at, account_id, stocks) by the hour, or by the day where they span long.

    A row for each hour or day (UTC) that has any: from, posts, accounts, stocks.
    """
    if not posts:
        return []
    times = [row["at"] for row in posts]
    step = HOUR if max(times) - min(times) <= BY_HOUR else DAY
    bins: defaultdict[Millis, Rows] = defaultdict(list)
    for row in posts:
        bins[row["at"] // step * step].append(row)
    return [
        {
            "from": second(start),
            "span": "1h" if step == HOUR else "1d",
            "posts": len(rows),
            "accounts": len({row["account_id"] for row in rows}),
            "stocks": sorted({ticker for row in rows for ticker in row["stocks"]}),
        }
        for start, rows in sorted(bins.items())
    ]


def _cluster(store: GraphStore, run: Row, id: str) -> Row:
    """The cluster of the newest run that this id names, itself or by its lineage or alert."""
    names = [id]
    names += [row["cluster_id"] for row in store.read("read/lineages_by_ids", ids=[id])]
    names += [row["cluster_id"] for row in store.read("read/alerts_by_ids", ids=[id])]
    found = store.read("read/clusters_by_ids", run_id=run["id"], ids=names)
    if not found:
        raise UsageError(
            f"the newest run has no cluster {id!r}, nor one of such a lineage or alert;"
            " `sentinelmarket clusters` lists what it has"
        )
    return found[0]


def _about(cluster: Row) -> Row:
    names = ("id", "size", "density", "weight", "coordination", "traces", "tickers", "benign")
    return {name: cluster[name] for name in names} | {
        "first_at": second(cluster["first_at"]),
        "last_at": second(cluster["last_at"]),
        "evidence_posts": cluster["posts"],
        "lineage": cluster["lineage_id"],
    }


def _risk(cluster: Row) -> Row:
    names = ("score", "probability", "band", "model")
    factors: Rows = orjson.loads(cluster["factors"] or "[]")
    return {name: cluster[name] for name in names} | {"reasons": factors}


def _members(store: GraphStore, id: str, posts: Iterable[Row]) -> Rows:
    """Members, strongest first, with how many evidence posts each wrote."""
    wrote = Counter(row["account_id"] for row in posts)
    return [
        row | {"created_at": second(row["created_at"]), "posts": wrote[row["account_id"]]}
        for row in store.read("explain/members", id=id)
    ]


def _owned(store: GraphStore, name: str, id: str) -> Rows:
    return [{k: v for k, v in r.items() if k != "owner"} for r in store.read(name, ids=[id])]


def _dated(row: Row) -> Row:
    return row | {name: second(row[name]) for name in ("first_at", "last_at")}


def _evidence(ties: Iterable[Row], posts: Iterable[Row]) -> Rows:
    """The co-actions of the heaviest ties first, the closest in time first, each two posts once."""
    by_id = {row["post_id"]: row for row in posts}
    acts = [
        {"left": left, "right": right, "weight": tie["weight"]}
        | {name: tie[f"evidence_{name}"][n] for name in SHARED}
        for tie in ties
        for n, (left, right) in enumerate(
            zip(tie["evidence_left"], tie["evidence_right"], strict=True)
        )
        if left in by_id and right in by_id
    ]
    acts.sort(key=lambda act: (-act["weight"], abs(act["seconds"]), act["left"], act["right"]))
    return [
        {name: act[name] for name in (*SHARED, "weight")}
        | {side: _post(by_id[act[side]]) for side in ("left", "right")}
        for act in acts[:ACTS]
    ]


def _post(row: Row) -> Row:
    names = ("post_id", "account_id", "role", "text", "stocks")
    return {name: row[name] for name in names} | {"at": second(row["at"])}


def _price_events(store: GraphStore, id: str) -> Rows:
    names = ("id", "ticker", "kind", "severity", "z", "p_value", "lead_minutes", "lag_minutes")
    told = ("explanation", "news_probability", "sequence")
    rows = store.read("read/price_events_of_clusters", ids=[id])
    return [
        {"day": second(r["at"])[:10]} | {name: r[name] for name in (*names, *told)} for r in rows
    ]


def _lineage(store: GraphStore, id: str | None) -> Row | None:
    found = store.read("read/lineages_by_ids", ids=[id]) if id else []
    if not found:
        return None
    names = ("kind", "lineage_id", "other", "size", "joined", "gone", "says", "run_id")
    events = store.read("read/events_of_lineages", ids=[id], most=EVENTS)
    return {
        "id": id,
        "born_at": second(found[0]["born_at"]),
        "tickers": found[0]["tickers"],
        "events": [{"at": second(e["at"])} | {name: e[name] for name in names} for e in events],
    }


def _alert(store: GraphStore, lineage: str | None) -> Row | None:
    found = store.read("detect/known_alerts", ids=[lineage]) if lineage else []
    names = ("id", "title", "score", "state", "reason", "history")
    return {n: found[0][n] for n in names} | _raised(found[0]) if found else None


def _raised(alert: Row) -> Row:
    return {"raised_at": second(alert["raised_at"])}
