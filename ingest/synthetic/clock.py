"""When people post: a daily rhythm, quieter weekends, whole seconds."""

from __future__ import annotations

import random

from graph.model import Millis
from ingest.synthetic.settings import DAY, HOUR, SECOND, MarketSettings

_MONDAY = 4 * DAY  # 1970-01-05
_OPEN = int(14.5 * HOUR)
_CLOSE = 21 * HOUR
_WEEKEND_KEPT = 0.45
_SESSION_SHARE = 0.4  # posts that follow the market's hours, not the person's


def weekend(at: Millis) -> bool:
    return (at - _MONDAY) // DAY % 7 >= 5


def moment(rng: random.Random, settings: MarketSettings, hour: float) -> Millis:
    """Some time in the span, at which a person with this favourite hour posts."""
    while True:
        day = settings.first + rng.randrange(settings.days) * DAY
        if not weekend(day) or rng.random() < _WEEKEND_KEPT:
            return day + time_of_day(rng, hour)


def time_of_day(rng: random.Random, hour: float) -> Millis:
    """Milliseconds since midnight UTC."""
    if rng.random() < _SESSION_SHARE:
        return whole(rng.uniform(_OPEN, _CLOSE))
    return whole(rng.gauss(hour, 3) * HOUR) % DAY


def session_moment(rng: random.Random, first: Millis, days: int) -> Millis:
    """A time within market hours of a weekday, in the days that begin at `first`."""
    while True:
        day = first // DAY * DAY + rng.randrange(max(1, days)) * DAY
        if not weekend(day):
            return day + whole(rng.uniform(_OPEN, _CLOSE - HOUR))


def session_of(at: Millis) -> Millis:
    """The first session's day in which something known at `at` can move the price."""
    day = at // DAY * DAY if at % DAY < _CLOSE else at // DAY * DAY + DAY
    while weekend(day):
        day += DAY
    return day


def whole(at: float) -> Millis:
    """Cut to whole seconds: the platform's files hold no finer time."""
    return int(at) // SECOND * SECOND
