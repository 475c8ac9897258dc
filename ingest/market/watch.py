"""The detectors over what is known: each finding becomes a price event.

The two kinds that the score was trained on come from `events.price_events`, all others from
`detectors.every`, cheap ones first and costly ones where those pointed. Days that the exchange
stopped are events too (`marked`). What else is known of the day goes with its events: the hours of
its session, a price limit, a halt (`marks`), a split that nobody told of (`unadjusted`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import chain
from math import nan

import polars as pl
import pyarrow as pa

from graph.model import Millis, PriceEvent
from ingest.market import calendars
from ingest.market.actions import Action, Adjusted, adjusted
from ingest.market.calendars import DAY_MS, Sessions
from ingest.market.detectors import attention_spike
from ingest.market.detectors.attention_spike import HOUR_MS
from ingest.market.detectors.every import find_every
from ingest.market.detectors.finding import detect
from ingest.market.events import ABNORMAL_RETURN, VOLUME_SPIKE, price_events
from ingest.market.marked import HALT, PRICE_LIMIT, marked
from ingest.market.marks import marks
from ingest.market.prices import Prices
from ingest.market.unadjusted import Suspicion

TRAINED = frozenset({ABNORMAL_RETURN, VOLUME_SPIKE})  # the kinds that the score knows, on days
PROBABLE_SPLIT = "probable_split"
JOINT_ALERT = "joint_alert"  # of posts beside prices: `joint_alert.py`
OF_POSTS = frozenset({attention_spike.NAME, JOINT_ALERT})  # they do not say when a price moved
LINE = 3.0  # of z, for the trained kinds, and from which a finding points a costly detector
OTHERS = 5.0  # for events of all other kinds and of minutes: what the detectors call strong
BY_RANK = frozenset({"joint"})  # whose z is of a rank among some thousand bars: LINE is rare
RUSH = "The jump is exactly that of a split, but so much was traded that it is taken for a move."
AHEAD = 14 * DAY_MS  # how far beyond the last bar sessions are laid out
_KEY, _GRADED = ("ticker", "at", "kind"), ("severity", "window", "bars_used")
_SHARED = (*_KEY, "known_at", "z", "p_value", "explanation", *_GRADED)


@dataclass(frozen=True, slots=True)
class Watched:
    """What was seen: events by ticker, time and kind, and the sessions of every ticker."""

    events: tuple[PriceEvent, ...]
    sessions: Mapping[str, Sessions]

    @property
    def trained(self) -> list[PriceEvent]:
        """Those of the kinds that the score was trained on, of days."""
        return [e for e in self.events if e.kind in TRAINED and e.at % DAY_MS == 0]


def watch(days: Prices, minutes: pa.Table, posts: pl.DataFrame, as_of: Millis) -> Watched:
    """Everything unusual in what was known at `as_of`.

    `days`: bars with corporate actions applied, with `exchange` and `delivered` where they are
    told (`prices.adjusted_prices`); `minutes`: bars as well; `posts` has ticker, at and account, a
    row for each stock that a post names.
    """
    sessions = sessions_of(_frame(days.bars)) | sessions_of(_frame(minutes))
    events = [*_of_days(days, sessions, as_of), *_of_posts(posts, as_of)]
    events += _of_minutes(_frame(minutes), sessions)
    return Watched(in_order(events), sessions)


def in_order(*events: Iterable[PriceEvent]) -> tuple[PriceEvent, ...]:
    """All of them by ticker, time and kind."""
    return tuple(sorted(chain(*events), key=lambda e: (e.ticker, e.at, e.kind)))


def sessions_of(bars: pl.DataFrame) -> dict[str, Sessions]:
    """The sessions of each ticker that has bars, to a while after the last of them.

    `bars` has ticker and at, and perhaps `exchange`: what the newest bar says of it counts.
    """
    shared: defaultdict[str | None, list[str]] = defaultdict(list)
    for ticker, exchange in _exchanges(bars).iter_rows():
        shared[calendars.calendar_of(ticker, exchange)].append(ticker)
    found: dict[str, Sessions] = {}
    for calendar, tickers in shared.items():
        own = bars.filter(pl.col("ticker").is_in(tickers))
        days = own.select("ticker", day=pl.col("at") // DAY_MS * DAY_MS).unique()
        dates = days["day"].to_numpy()
        if calendar is None:
            laid_out = calendars.of_bars(dates)
        else:
            first, last = int(dates.min()), int(dates.max())
            laid_out = calendars.sessions(calendar, first, last + AHEAD)
            laid_out = calendars.with_days(laid_out, dates)
        found |= dict.fromkeys(tickers, laid_out)
    return found


def _exchanges(bars: pl.DataFrame) -> pl.DataFrame:
    """ticker, exchange: the last one told of each, where one is."""
    told = pl.col("exchange") if "exchange" in bars.columns else pl.lit(None, pl.String)
    rows = bars.select("ticker", exchange=told)
    return rows.group_by("ticker").agg(pl.col("exchange").drop_nulls().last()).sort("ticker")


def _of_days(days: Prices, sessions: Mapping[str, Sessions], as_of: Millis) -> Iterator[PriceEvent]:
    suspected = {(s.ticker, s.at): s for s in days.suspicions}
    splits = _splits(days.bars, suspected.values(), as_of)
    sound, frame = splits.bars, _frame(splits.bars)
    hidden = {(split.ticker, split.at) for split in splits.applied}
    found = find_every(frame, z_at_least=LINE)
    actions = {(a.ticker, a.at): a for a in days.applied}
    told = marks(frame, sessions)
    beside = _Beside(found, told, suspected, actions, sessions)
    for event in price_events(sound, as_of, z_at_least=LINE):
        yield beside.told(event)
    for event in _events(found.filter(~pl.col("kind").is_in(TRAINED)), frame):
        yield beside.told(event)
    for event in _each(marked(frame, told).join(_known(frame), on=["ticker", "at"])):
        yield beside.told(event)
    for event in price_events(days.bars, as_of, z_at_least=LINE) if hidden else ():
        if (event.ticker, event.at) in hidden and event.kind == ABNORMAL_RETURN:
            yield beside.told(_split(event, suspected[event.ticker, event.at]))


def _splits(days: pa.Table, suspected: Iterable[Suspicion], as_of: Millis) -> Adjusted:
    """The days with those jumps taken for splits that are one to the tick, and without a rush: who
    holds a share that was split does not trade it more, and who flees a crash does."""
    exact = [_as_split(one) for one in suspected if one.exact]
    if not exact:
        return Adjusted(days, (), ())
    sound = adjusted(days, exact, as_of).bars
    rush = {(e.ticker, e.at) for e in price_events(sound, as_of) if e.kind == VOLUME_SPIKE}
    return adjusted(days, [one for one in exact if (one.ticker, one.at) not in rush], as_of)


def _of_posts(posts: pl.DataFrame, as_of: Millis) -> Iterator[PriceEvent]:
    """Of hours that are over: one that goes on would be judged again later."""
    found = detect(attention_spike.DETECTOR, posts, LINE)
    over = found.filter(pl.col("at") + HOUR_MS <= as_of)
    hours = posts.select("ticker", at=pl.col("at") // HOUR_MS * HOUR_MS).unique()
    yield from _events(over, hours.with_columns(known_at=pl.col("at") + HOUR_MS), HOUR_MS)


def _of_minutes(minutes: pl.DataFrame, sessions: Mapping[str, Sessions]) -> Iterator[PriceEvent]:
    for zone in sorted({sessions[ticker].zone for ticker in minutes["ticker"].unique()}):
        there = [ticker for ticker, own in sessions.items() if own.zone == zone]
        own = minutes.filter(pl.col("ticker").is_in(there))
        yield from _events(find_every(own, z_at_least=LINE, zone=zone), own)


def _events(
    found: pl.DataFrame, bars: pl.DataFrame, apart: Millis | None = None
) -> Iterator[PriceEvent]:
    """Findings beyond their line as events, where they set in: what goes on from the bar before, or
    from `apart` ago, is one event. `bars` says when each ticker and at was known."""
    line = pl.when(pl.col("kind").is_in(BY_RANK)).then(LINE).otherwise(OTHERS)
    step = pl.col("at") // apart if apart else pl.int_range(pl.len())
    known = bars.sort("ticker", "at").select("ticker", "at", "known_at", step=step)
    strong = found.filter(pl.col("z").abs() >= line).join(known, on=["ticker", "at"])
    rows = strong.sort("ticker", "kind", "at")
    goes_on = (pl.col("step").diff() == 1) & (pl.col("z").sign().diff() == 0)
    yield from _each(rows.filter(~goes_on.over("ticker", "kind").fill_null(False)))


def _known(bars: pl.DataFrame) -> pl.DataFrame:
    return bars.select("ticker", "at", "known_at")


def _each(found: pl.DataFrame) -> Iterator[PriceEvent]:
    """Findings with known_at as events."""
    for row in found.iter_rows(named=True):
        yield PriceEvent(
            id=f"{row['ticker']}:{_when(row['at'])}:{row['kind']}",
            abnormal_return=nan,
            volume_z=nan,
            begins_at=row["at"],
            **{name: row[name] for name in _SHARED},
        )


def _when(at: Millis) -> str:
    moment = datetime.fromtimestamp(at / 1000, UTC)
    return f"{moment:%Y-%m-%d}" if at % DAY_MS == 0 else f"{moment:%Y-%m-%dT%H:%M}"


def _as_split(one: Suspicion) -> Action:
    return Action(one.ticker, "split", one.at, one.known_at, ratio=one.ratio)


def _split(jump: PriceEvent, why: Suspicion) -> PriceEvent:
    """The jump that a split explains to the tick, under a name of its own."""
    return replace(
        jump,
        id=f"{jump.ticker}:{_when(jump.at)}:{PROBABLE_SPLIT}",
        kind=PROBABLE_SPLIT,
        abnormal_return=nan,
        volume_z=nan,
        explanation=why.explanation,
    )


class _Beside:
    """What is known of a day besides what a detector says of it."""

    def __init__(
        self,
        found: pl.DataFrame,
        marked: pl.DataFrame,
        suspected: Mapping[tuple[str, Millis], Suspicion],
        actions: Mapping[tuple[str, Millis], Action],
        sessions: Mapping[str, Sessions],
    ) -> None:
        self._graded = {row[:3]: row[3:] for row in found.select(*_KEY, *_GRADED).iter_rows()}
        said = marked.filter(pl.col("limit").is_not_null() | (pl.col("halted") > 0))
        self._marks = {row[:2]: row[2:] for row in said.iter_rows()}
        self._suspected, self._actions, self._sessions = suspected, actions, sessions

    def told(self, event: PriceEvent) -> PriceEvent:
        """The event with all of it."""
        graded = self._graded.get((event.ticker, event.at, event.kind))
        if graded is not None:
            event = replace(event, **dict(zip(_GRADED, graded, strict=True)))
        circuit, halted = self._marks.get((event.ticker, event.at), (None, 0))
        suspicion = self._suspected.get((event.ticker, event.at))
        said = [event.explanation]
        if suspicion is not None and event.kind != PROBABLE_SPLIT:
            said.append(RUSH if suspicion.exact else suspicion.explanation)
        action = self._actions.get((event.ticker, event.at))
        said += [f"It is the first day without {_named(action)}."] if action else []
        by_exchange = event.kind in (PRICE_LIMIT, HALT)  # its explanation says it already
        said += [f"It closed at its {circuit} limit."] if circuit and not by_exchange else []
        said += (
            [f"It was not traded in {_sessions(halted)} before."]
            if halted and not by_exchange
            else []
        )
        return replace(
            event,
            begins_at=self._sessions[event.ticker].hours(event.at)[0],
            circuit=circuit,
            halted=halted or None,
            split_ratio=None if suspicion is None else suspicion.ratio,
            explanation=" ".join(said),
        )


def _named(action: Action) -> str:
    if action.kind == "dividend":
        return f"a dividend of {action.amount:g}"
    return f"what a {action.kind} gave: {action.ratio:g} shares for each"


def _sessions(count: int) -> str:
    return "the session" if count == 1 else f"the {count} sessions"


def _frame(bars: pa.Table) -> pl.DataFrame:
    return pl.DataFrame(pl.from_arrow(bars))
