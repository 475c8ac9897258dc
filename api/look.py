"""What was found, as rows: one function a question, each over statements under cypher/."""

from __future__ import annotations

from typing import Any

import orjson

from api.runs import newest_run
from api.show import moment
from api.told import news_sentence, order_sentence
from api.who import account as known_account
from api.why import why as why
from graph.errors import UsageError
from graph.store import GraphStore
from graph.voice_rows import voices_of

Rows = list[dict[str, Any]]
ALL = 1_000
END_OF_TIME = 2**53


def clusters(store: GraphStore, min_score: int = 0, ticker: str = "", limit: int = 20) -> Rows:
    """Ranked clusters of the newest run."""
    rows = store.read(
        "read/clusters_page",
        run_id=newest_run(store)["id"],
        min_score=min_score,
        ticker=ticker,
        after_score=101,
        after_id="",
        limit=limit,
    )
    return [_cluster(row) for row in rows]


def _cluster(row: dict[str, Any]) -> dict[str, Any]:
    factors = orjson.loads(row["factors"] or "[]")
    alike = [f"{voice.accounts} say alike: {voice.what}" for voice in voices_of(row["voices"])]
    why = (row["benign"], *alike[:1], *(factor["text"] for factor in factors[:2]))
    return {
        "score": row["score"],
        "band": row["band"],
        "cluster": row["id"],
        "accounts": row["size"],
        "posts": row["posts"],
        "tickers": row["tickers"][:3],
        "traces": row["traces"],
        "from": moment(row["first_at"]),
        "to": moment(row["last_at"]),
        "why": "; ".join(filter(None, why)),
    }


def alerts(store: GraphStore, state: str = "", limit: int = 20) -> Rows:
    """Alerts, newest and gravest first."""
    rows = store.read(
        "read/alerts_page",
        state=state,
        after_at=END_OF_TIME,
        after_score=101,
        after_id="",
        limit=limit,
    )
    return [
        {
            "score": row["score"],
            "alert": row["id"],
            "title": row["title"],
            "tickers": row["tickers"],
            "state": row["state"],
            "reason": row["reason"],
            "raised": moment(row["raised_at"]),
            "cluster": row["cluster_id"],
        }
        for row in rows
    ]


def stock(store: GraphStore, ticker: str) -> dict[str, Any]:
    """Everything known about a stock. Raises UsageError for an unknown ticker."""
    ticker = ticker.lstrip("$").upper()
    if not store.read("read/stocks_by_ids", ids=[ticker]):
        raise UsageError(f"no post names {ticker!r} and no price of it was loaded")
    run = newest_run(store)
    risks = store.read("read/risks_of_stocks", run_id=run["id"], ids=[ticker])
    risk = risks[0] if risks else {"score": None, "band": None, "factors": "[]"}
    return {
        "ticker": ticker,
        "score": risk["score"],
        "band": risk["band"],
        "why": [f["text"] for f in orjson.loads(risk["factors"] or "[]")],
        "clusters": clusters(store, ticker=ticker, limit=ALL),
        "price_events": _events(store, ticker, run["as_of"]),
        "news": _news(store, ticker, run["as_of"]),
    }


def _events(store: GraphStore, ticker: str, as_of: int) -> Rows:
    rows = store.read("read/price_events_of_stocks", ids=[ticker], as_of=as_of, most=ALL)
    return [
        {
            "day": moment(r["at"])[:10],
            "kind": r["kind"],
            "z": r["z"],
            "severity": r["severity"],
            "news_probability": r["news_probability"],
            "order": r["sequence"] or [],
            "explanation": " ".join(
                filter(None, (r["explanation"], order_sentence(r), news_sentence(r)))
            ),
        }
        for r in rows
    ]


def _news(store: GraphStore, ticker: str, as_of: int) -> Rows:
    rows = store.read(
        "read/news_of_stocks", ids=[ticker], since=0, until=END_OF_TIME, as_of=as_of, most=ALL
    )
    return [
        {
            "known_at": moment(r["known_at"]),
            "kind": r["kind"],
            "named_by": r["how"],
            "title": r["title"],
            "source": r["source"],
            "url": r["url"],
        }
        for r in rows
    ]


def account(store: GraphStore, id: str) -> dict[str, Any]:
    """Everything known about an account, by id or handle. Raises UsageError for an unknown one."""
    found = known_account(store, id)
    id = found["id"]
    run = newest_run(store)
    ties = store.read("read/ties_of_accounts", run_id=run["id"], ids=[id], most=20)
    homes = store.read("read/clusters_of_accounts", run_id=run["id"], ids=[id])
    return found | {
        "created_at": moment(found["created_at"]),
        "clusters": [row["value"] for row in homes],
        "ties": [
            {
                "with": row["right"] if row["left"] == id else row["left"],
                "weight": row["weight"],
                "p_value": row["p_value"],
                "q_value": row["q_value"],
                "co_actions": row["co_actions"],
                "expected": row["expected"],
                "traces": row["traces"],
            }
            for row in ties
        ],
    }
