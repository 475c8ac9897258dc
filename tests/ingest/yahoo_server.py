"""A server that answers as Yahoo does, on this machine, and a session that knows no other."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from curl_cffi import requests

from graph.model import Millis

DAY = 86_400
KOLKATA = 19_800  # seconds before UTC


class Local(requests.Session):
    """The session that yfinance uses by default, with every host at one address."""

    def __init__(self, port: int) -> None:
        super().__init__(impersonate="chrome")
        self.port = port

    def request(self, method: Any, url: str, **rest: Any) -> Any:
        parts = urlsplit(url)
        local = f"http://127.0.0.1:{self.port}/{parts.hostname}{parts.path}"
        return super().request(method, f"{local}?{parts.query}" if parts.query else local, **rest)


@dataclass
class Yahoo:
    """What the server answers, and what it was asked.

    `charts` holds for each ticker its answers in turn, the last for ever: a chart, a status, or
    text that is no JSON. The probe for the time zone is not one of them.
    """

    port: int = 0
    charts: dict[str, list[Any]] = field(default_factory=dict)
    infos: dict[str, Any] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    zone: str = "Asia/Kolkata"

    def answer(self, path: str, query: dict[str, str]) -> tuple[int, str]:
        host, _, rest = path.lstrip("/").partition("/")
        if rest.startswith("v8/finance/chart/"):
            return self._chart(rest.rsplit("/", 1)[1], query)
        if rest.startswith("v10/finance/quoteSummary/"):
            return self._summary(rest.rsplit("/", 1)[1])
        if rest.startswith("v7/finance/quote"):
            return 200, json.dumps({"quoteResponse": {"result": []}})
        if rest.startswith("ws/fundamentals-timeseries/"):
            return 200, json.dumps({"timeseries": {"result": [{}], "error": None}})
        return (200, "crumb") if rest.endswith("getcrumb") else (404, host)

    def _chart(self, ticker: str, query: dict[str, str]) -> tuple[int, str]:
        if "range" in query:
            if ticker not in self.charts:
                return 404, json.dumps(missing("No data found, symbol may be delisted"))
            return 200, json.dumps(chart([], zone=self.zone))
        self.asked.append((ticker, query))
        answers = self.charts[ticker]
        found = answers.pop(0) if len(answers) > 1 else answers[0]
        if isinstance(found, int):
            return found, "Too Many Requests" if found == 429 else "error"
        return 200, found if isinstance(found, str) else json.dumps(found)

    def _summary(self, ticker: str) -> tuple[int, str]:
        found = self.infos.get(ticker)
        if found is None:
            return 404, json.dumps(
                {"quoteSummary": {"result": None, "error": {"code": "Not Found"}}}
            )
        if isinstance(found, int):
            return found, "error"
        return 200, json.dumps({"quoteSummary": {"result": [found], "error": None}})


@contextmanager
def yahoo() -> Iterator[Yahoo]:
    """The server, while the block lasts."""
    state = Yahoo()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            query = {key: values[0] for key, values in parse_qs(parts.query).items()}
            status, text = state.answer(parts.path, query)
            body = text.encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    state.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield state
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def chart(
    bars: list[tuple[int, Any]],
    *,
    zone: str = "Asia/Kolkata",
    currency: str = "INR",
    exchange: str = "NSI",
    events: dict[str, Any] | None = None,
    minutes: bool = False,
) -> dict[str, Any]:
    """A chart of (seconds, (open, high, low, close, adj close, volume)) as Yahoo writes it."""
    columns = list(zip(*(values for _, values in bars), strict=True)) or [()] * 6
    names = ("open", "high", "low", "close", "adj", "volume")
    series = {name: list(column) for name, column in zip(names, columns, strict=True)}
    adjusted = series.pop("adj")
    meta: dict[str, Any] = {
        "currency": currency,
        "exchangeName": exchange,
        "exchangeTimezoneName": zone,
        "timezone": "IST",
        "gmtoffset": KOLKATA,
        "instrumentType": "EQUITY",
        "validRanges": ["1d", "5d", "1mo"],
        "currentTradingPeriod": {},
        "priceHint": 2,
    }
    if minutes:
        meta["tradingPeriods"] = [_session(first) for first in sorted({t // DAY for t, _ in bars})]
    result: dict[str, Any] = {"meta": meta, "indicators": {"quote": [series]}}
    if not minutes:
        result["indicators"]["adjclose"] = [{"adjclose": adjusted}]
    if bars:
        result["timestamp"] = [seconds for seconds, _ in bars]
        result["events"] = events or {}
    else:
        result["indicators"]["quote"] = [{}]
    return {"chart": {"result": [result], "error": None}}


def missing(reason: str) -> dict[str, Any]:
    """What Yahoo says where it has nothing."""
    return {"chart": {"result": None, "error": {"code": "Not Found", "description": reason}}}


def _session(day: int) -> list[dict[str, Any]]:
    opened = day * DAY + 13_500  # 09:15 in India
    return [{"timezone": "IST", "start": opened, "end": opened + 22_500, "gmtoffset": KOLKATA}]


def opening(day: Millis) -> int:
    """The second at which trading begins in India: Yahoo's stamp of a day's bar."""
    return day // 1000 + 13_500
