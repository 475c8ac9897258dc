"""Yahoo's prices through yfinance: what it answered is kept, limits are waited out.

yfinance remembers answers within a process, bad ones too, and keeps cookies and time zones in a
folder of its own; both are set right here. An empty answer is an error and never kept: Yahoo gives
one for a ticker that it does not know, for a span it has nothing of, and when it has enough of us.
That a stock did not trade cannot be learned from it.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import quote

import pyarrow as pa
import pyarrow.parquet as pq
import yfinance
from yfinance.data import YfData
from yfinance.exceptions import YFRateLimitError, YFTickerMissingError

from graph.errors import BadRecord, SentinelError, SourceUnavailable
from graph.model import Millis
from ingest.market.quote import DAY_MS, MINUTE_MS, Interval

TRIES = 5
FIRST_WAIT = 5.0  # seconds, then twice as long each time: 75 in all
KEEP = DAY_MS // 2  # an answer about the past; a split to come rescales it
KEEP_LIVE: Mapping[Interval, Millis] = {"1d": 15 * MINUTE_MS, "1m": MINUTE_MS}
TIMEOUT = 20  # seconds
COLUMNS = ("Open", "High", "Low", "Close", "Adj Close", "Volume", "Dividends", "Stock Splits")
NOTHING = "it is unknown there, has nothing of these days, or was limited; no sign of no trading"

Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class History:
    """What Yahoo answered about one ticker and span.

    `rows` has `time` (epoch milliseconds), `day` (the date at the exchange, as text) and COLUMNS.
    Its closes carry splits, its Adj Close dividends too.
    """

    ticker: str
    rows: pa.Table
    currency: str | None
    exchange: str | None
    read_at: Millis


def _now() -> Millis:
    return time.time_ns() // 1_000_000


@dataclass(frozen=True, slots=True)
class YahooClient:
    """Asks Yahoo, politely. `folder` keeps its answers.

    `session` is a curl_cffi or requests session to use instead of yfinance's own; `now` and `sleep`
    are the clock. One process has one yfinance, whose session and cookies all clients share.
    """

    folder: Path
    session: Any = None
    now: Callable[[], Millis] = _now
    sleep: Callable[[float], None] = field(default=time.sleep)

    def history(self, ticker: str, since: Millis, until: Millis, interval: Interval) -> History:
        """The bars of a ticker with since <= time < until, both 00:00 UTC of a day.

        Raises BadRecord where Yahoo has none, SourceUnavailable where it does not answer or limits
        us for longer than a minute.
        """
        path = self._path(ticker, since, until, interval)
        if (kept := _kept(path, ticker)) and self._fresh(kept, until, interval):
            return kept
        found = self._patiently(lambda: self._ask(ticker, since, until, interval), ticker)
        _keep(found, path)
        return found

    def info(self, ticker: str) -> dict[str, Any]:
        """What Yahoo says of a company now. Raises as `history` does; nothing of it is kept."""
        found = self._patiently(lambda: dict(self._ticker(ticker).info), ticker)
        if not found.get("quoteType"):
            raise BadRecord(f"Yahoo says nothing of {ticker}: it is unknown there, or was limited")
        return found

    def _ask(self, ticker: str, since: Millis, until: Millis, interval: Interval) -> History:
        asked = self._ticker(ticker)
        frame = asked.history(
            start=_moment(since),
            end=_moment(until),
            interval=interval,
            auto_adjust=False,
            keepna=interval == "1d",  # a minute without a trade is no record, a day is
            timeout=TIMEOUT,
        )
        if frame.empty:
            raise BadRecord(f"Yahoo gave nothing of {ticker}: {NOTHING}")
        meta = asked.get_history_metadata()
        times = frame.index
        columns = {
            "time": [int(one.timestamp() * 1000) for one in times],
            "day": [one.strftime("%Y-%m-%d") for one in times],
            **{name: frame[name].astype(float).tolist() for name in COLUMNS},
        }
        return History(
            ticker,
            pa.table(columns),
            meta.get("currency"),
            meta.get("exchangeName"),
            self.now(),
        )

    def _ticker(self, ticker: str) -> Any:
        _locate(self.folder / "yfinance")
        YfData.cache_get.cache_clear()  # it would answer a second try with the first bad answer
        return yfinance.Ticker(ticker, session=self.session)

    def _patiently(self, ask: Callable[[], Answer], ticker: str) -> Answer:
        """The answer, asked for again after a while where Yahoo has enough or does not answer."""
        waits = [FIRST_WAIT * 2**attempt for attempt in range(TRIES - 1)]
        for wait in (*waits, None):
            try:
                with _told():
                    return ask()
            except YFTickerMissingError as error:
                why = str(error).removeprefix(f"${ticker}: ").rstrip(".")
                raise BadRecord(f"Yahoo gave nothing of {ticker} ({why}): {NOTHING}") from error
            except SentinelError:
                raise
            except Exception as error:
                if wait is None or _final(error):
                    raise _meaning(error, ticker) from error
                self.sleep(wait)
        raise AssertionError("the last try returns or raises")

    def _fresh(self, kept: History, until: Millis, interval: Interval) -> bool:
        past = until <= kept.read_at - DAY_MS
        return self.now() - kept.read_at < (KEEP if past else KEEP_LIVE[interval])

    def _path(self, ticker: str, since: Millis, until: Millis, interval: Interval) -> Path:
        span = f"{_moment(since):%Y%m%d}-{_moment(until):%Y%m%d}"
        return self.folder / f"{quote(ticker, safe='')}.{interval}.{span}.parquet"


@contextmanager
def _told() -> Iterator[None]:
    """Within it, yfinance raises what is wrong instead of logging it and giving an empty frame."""
    before = yfinance.config.debug.hide_exceptions
    yfinance.config.debug.hide_exceptions = False
    try:
        yield
    finally:
        yfinance.config.debug.hide_exceptions = before


@cache
def _located() -> list[Path]:
    """Where yfinance keeps time zones and cookies: said once a process, for it cannot move."""
    return []


def _locate(folder: Path) -> None:
    if not _located():
        yfinance.set_tz_cache_location(str(folder))
        _located().append(folder)


def _final(error: Exception) -> bool:
    """Is it no use to ask again?"""
    status = getattr(getattr(error, "response", None), "status_code", None)
    return status in (400, 404)


def _meaning(error: Exception, ticker: str) -> SentinelError:
    """What an error says to whoever asked."""
    if isinstance(error, YFRateLimitError):
        return SourceUnavailable(
            f"Yahoo limits how often it may be asked; it stopped at {ticker}. What it answered "
            "before is kept: start again in an hour and it goes on from there."
        )
    if _final(error):
        return BadRecord(f"Yahoo gave nothing of {ticker}: {NOTHING}")
    said = str(error).splitlines()[0][:200] if str(error) else type(error).__name__
    return SourceUnavailable(
        f"Yahoo does not answer about {ticker} ({said}). See whether this machine reaches it, and "
        "try again later."
    )


def _moment(millis: Millis) -> datetime:
    return datetime.fromtimestamp(millis / 1000, UTC)


def _keep(found: History, path: Path) -> None:
    """Writes an answer so that a killed program leaves no half of it."""
    said = {"currency": found.currency, "exchange": found.exchange, "read_at": found.read_at}
    rows = found.rows.replace_schema_metadata({"history": json.dumps(said)})
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    pq.write_table(rows, part)
    os.replace(part, path)


def _kept(path: Path, ticker: str) -> History | None:
    """The answer kept in a file; None where there is none or it is damaged."""
    try:
        rows = pq.read_table(path)
        said = json.loads(rows.schema.metadata[b"history"])
        return History(ticker, rows, said["currency"], said["exchange"], said["read_at"])
    except (OSError, pa.ArrowInvalid, KeyError, TypeError, ValueError):
        return None
