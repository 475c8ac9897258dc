"""Does news explain a price event? A mixture of two kinds of events, estimated from the data.

Looked at is what was known of a stock from the opening of the session before to the opening of the
event's own (to its beginning, where it is an hour or a minute). Some events are explained by news:
those always have news before them. The others have news before them as often as the stock's
ordinary days, b. Where a part pi of all events of a kind is explained, one with news before it is
explained with probability pi / (pi + (1 - pi) b), one without it is not.

b is counted on the sessions of the stock without an event, drawn to the market's where they are
few. Of pi all values are held possible, weighed by how likely they make what was seen of all events
of the kind (a uniform prior, on a grid); the probability is the mean over them. So it says how far
news gathers before such events beyond ordinary days. It does not say that the news is about the
move, and it knows only the news that was loaded: outside the time that this news covers, and
without any, there is no probability.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from graph.model import Background, Millis, PriceEvent
from ingest.market.calendars import DAY_MS, Sessions
from ingest.market.watch import OF_POSTS

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Told = tuple[str, str, Millis]  # id of an article, ticker that it names, when it was known

GRID = np.linspace(0.0, 1.0, 201)  # of pi
DRAWN = 30  # ordinary days of a stock from which its own rate weighs more than the market's
LAST = DAY_MS  # how long after the last article the news still counts as complete
AROUND = 3 * DAY_MS  # news within so much of an event takes part in the order of things


@dataclass(frozen=True, slots=True)
class _Stock:
    """A stock's news, and how much of it lay before each of its ordinary sessions."""

    ids: tuple[str, ...]
    known_at: Ints  # ascending
    ordinary: Ints  # articles before each session without an event


@dataclass(frozen=True, slots=True)
class _Case:
    """An event, with how much news lay before it."""

    event: PriceEvent
    begins_at: Millis
    covered: bool  # is what was known before it known to us?
    first: int  # of the stock's articles, the first of its window
    end: int  # and the first after it

    @property
    def count(self) -> int:
        """Articles in its window."""
        return self.end - self.first


def backgrounds(
    events: Sequence[PriceEvent],
    news: Iterable[Told],
    sessions: Mapping[str, Sessions],
    posts_at: Mapping[str, Millis],
    as_of: Millis,
) -> list[Background]:
    """Of each event what was known, and what came first, in the same order.

    `news` by when it was known, nothing later than `as_of`; `sessions` by ticker; `posts_at` has
    for each event id when posts about the stock stood out, where they did.
    """
    told = sorted(news, key=lambda one: (one[2], one[0]))
    spans = (told[0][2], min(told[-1][2] + LAST, as_of)) if told else (0, -1)
    stocks = _stocks(events, told, sessions, spans)
    cases = [_case(event, stocks, sessions, spans) for event in events]
    base = _market_rate(stocks)
    rates = {ticker: _rate(stock.ordinary, base) for ticker, stock in stocks.items()}
    weights = _weights(cases, rates)
    return [_background(case, stocks, rates, weights, posts_at) for case in cases]


def _stocks(
    events: Sequence[PriceEvent],
    told: Sequence[Told],
    sessions: Mapping[str, Sessions],
    span: tuple[Millis, Millis],
) -> dict[str, _Stock]:
    """Of each stock with sessions."""
    of: defaultdict[str, list[tuple[Millis, str]]] = defaultdict(list)
    for id, ticker, known_at in told:
        of[ticker].append((known_at, id))
    moved: defaultdict[str, list[Millis]] = defaultdict(list)
    for event in events:
        moved[event.ticker].append(event.at // DAY_MS * DAY_MS)
    found = {}
    for ticker, own in sessions.items():
        moments = np.array([at for at, _ in of[ticker]], dtype=np.int64)
        ids = tuple(id for _, id in of[ticker])
        found[ticker] = _Stock(ids, moments, _ordinary(own, moments, moved[ticker], span))
    return found


def _ordinary(
    own: Sessions, known_at: Ints, moved: Sequence[Millis], span: tuple[Millis, Millis]
) -> Ints:
    """Articles before each session that is covered and without an event."""
    since, until = own.opens[:-1], own.opens[1:]
    quiet = ~np.isin(own.days[1:], np.array(moved, dtype=np.int64))
    wanted = quiet & (since >= span[0]) & (until <= span[1])
    counts = np.searchsorted(known_at, until) - np.searchsorted(known_at, since)
    return np.asarray(counts[wanted], dtype=np.int64)


def _case(
    event: PriceEvent,
    stocks: Mapping[str, _Stock],
    sessions: Mapping[str, Sessions],
    span: tuple[Millis, Millis],
) -> _Case:
    begins_at = event.at if event.begins_at is None else event.begins_at
    own = sessions.get(event.ticker)
    place = 0 if own is None else int(np.searchsorted(own.opens, begins_at, side="right")) - 1
    if own is None or place < 1:
        return _Case(event, begins_at, False, 0, 0)
    since = int(own.opens[place - 1])
    known_at = stocks[event.ticker].known_at
    first, end = (int(np.searchsorted(known_at, at)) for at in (since, begins_at))
    covered = span[0] <= since and begins_at <= span[1]
    return _Case(event, begins_at, covered, first, end)


def _market_rate(stocks: Mapping[str, _Stock]) -> float:
    """Part of all ordinary sessions with news before them, never quite 0 or 1."""
    every = [stock.ordinary for stock in stocks.values()]
    counts = np.concatenate([np.empty(0, dtype=np.int64), *every])
    return (float((counts > 0).sum()) + 0.5) / (len(counts) + 1)


def _rate(ordinary: Ints, base: float) -> float:
    return (float((ordinary > 0).sum()) + DRAWN * base) / (len(ordinary) + DRAWN)


def _weights(cases: Sequence[_Case], rates: Mapping[str, float]) -> dict[str, Floats]:
    """How likely each value of GRID is for each kind, after all its covered events."""
    logs: dict[str, Floats] = defaultdict(lambda: np.zeros(len(GRID)))
    with np.errstate(divide="ignore"):
        for case in cases:
            if case.covered:
                b = rates[case.event.ticker]
                seen = GRID + (1 - GRID) * b if case.count else (1 - GRID) * (1 - b)
                logs[case.event.kind] += np.log(seen)
    return {kind: _normed(np.exp(log - log.max())) for kind, log in logs.items()}


def _normed(weights: Floats) -> Floats:
    return np.asarray(weights / weights.sum())


def _background(
    case: _Case,
    stocks: Mapping[str, _Stock],
    rates: Mapping[str, float],
    weights: Mapping[str, Floats],
    posts_at: Mapping[str, Millis],
) -> Background:
    event = case.event
    stock = stocks.get(event.ticker, _NOTHING)
    times = {
        "posts": posts_at.get(event.id),
        "news": _first_around(case, stock),
        "price": None if event.kind in OF_POSTS else case.begins_at,
    }
    came = sorted((at, name) for name, at in times.items() if at is not None)
    known = range(case.end - 1, case.first - 1, -1)
    figures = _figures(case, stock, rates, weights) if case.covered else {}
    return Background(
        event_id=event.id,
        news=tuple(
            (stock.ids[n], _minutes(case.begins_at - int(stock.known_at[n]))) for n in known
        ),
        posts_at=times["posts"],
        news_at=times["news"],
        order=tuple(name for _, name in came),
        **figures,
    )


_NOTHING = _Stock((), np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64))


def _figures(
    case: _Case, stock: _Stock, rates: Mapping[str, float], weights: Mapping[str, Floats]
) -> dict[str, float]:
    """The probability and what it rests on, of an event within the time that news covers."""
    b = rates[case.event.ticker]
    explained = float(weights[case.event.kind] @ (GRID / (GRID + (1 - GRID) * b)))
    as_much = float((stock.ordinary >= case.count).sum()) + 1
    return {
        "probability": explained if case.count else 0.0,
        "base_rate": b,
        "ratio": 1 / b if case.count else 0.0,
        "p_value": as_much / (len(stock.ordinary) + 1),
    }


def _first_around(case: _Case, stock: _Stock) -> Millis | None:
    """When the first article within AROUND of the event was known, before or after it."""
    place = int(np.searchsorted(stock.known_at, case.begins_at - AROUND))
    if place == len(stock.known_at) or stock.known_at[place] > case.event.known_at + AROUND:
        return None
    return int(stock.known_at[place])


def _minutes(span: Millis) -> float:
    return span / 60_000
