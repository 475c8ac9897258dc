"""Whether news explains an event, against values worked out by hand."""

from __future__ import annotations

from math import nan

import numpy as np
import pytest

from graph.model import Background, PriceEvent
from ingest.market.calendars import DAY_MS, Sessions, of_bars
from ingest.news.driven import DRAWN, GRID, LAST, backgrounds

HOUR = 3_600_000
FIRST = 16_071 * DAY_MS
DAYS = [FIRST + n * DAY_MS for n in range(101)]
SESSIONS = of_bars(DAYS)
END = DAYS[-1] + DAY_MS


def event(day: int, ticker: str = "A", kind: str = "abnormal_return", hour: int = 0) -> PriceEvent:
    at = DAYS[day] + hour * HOUR
    return PriceEvent(
        f"{ticker}:{at}:{kind}", ticker, at, at + DAY_MS, kind, 5.0, 1e-6, 0.1, nan, "It rose.",
        begins_at=at,
    )  # fmt: skip


def news(day: int, ticker: str = "A", hour: float = 12.0, name: str = "") -> tuple[str, str, int]:
    """Known on that day: before the session of the next day."""
    return f"news:{ticker}{day}{name}", ticker, DAYS[day] + int(hour * HOUR)


def told(
    events: list[PriceEvent],
    found: list[tuple[str, str, int]],
    posts: dict[str, int] | None = None,
    sessions: dict[str, Sessions] | None = None,
    as_of: int = END,
) -> list[Background]:
    return backgrounds(events, found, sessions or {"A": SESSIONS}, posts or {}, as_of)


FRAME = [news(0, "Z", hour=0), news(100, "Z")]  # another stock's news, so that all days are covered


def test_a_rare_article_before_every_event_explains_them() -> None:
    events = [event(day) for day in (10, 30, 50, 70, 90)]
    found = told(events, FRAME + [news(day - 1) for day in (10, 30, 50, 70, 90)])
    for one in found:
        assert one.probability is not None
        assert one.probability > 0.95
        assert one.p_value == pytest.approx(1 / 96)  # none of the 95 ordinary days has as much


def test_the_probability_is_the_mixture_worked_out_by_hand() -> None:
    """One event with news and one without: (pi + (1 - pi) b) (1 - pi) (1 - b) weighs each pi."""
    with_news, without = told([event(10), event(30)], [*FRAME, news(9), news(60)])
    ordinary, busy = 98, 1  # 100 windows less two events; the article of day 60 precedes day 61
    market = (busy + 0.5) / (ordinary + 1)
    b = (busy + DRAWN * market) / (ordinary + DRAWN)
    weight = (GRID + (1 - GRID) * b) * (1 - GRID) * (1 - b)
    by_hand = np.sum(weight * GRID / (GRID + (1 - GRID) * b)) / np.sum(weight)
    assert with_news.base_rate == pytest.approx(b)
    assert with_news.probability == pytest.approx(by_hand, abs=1e-12)
    assert with_news.ratio == pytest.approx(1 / b)
    assert with_news.p_value == pytest.approx(2 / 99)
    assert (without.probability, without.ratio, without.p_value) == (0.0, 0.0, 1.0)
    assert without.news == ()


def test_news_of_every_day_explains_nothing_more_than_it_must() -> None:
    daily = [news(day) for day in range(100)]
    busy = told([event(day) for day in (10, 30, 50, 70, 90)], FRAME + daily)
    rare = told([event(10)], [*FRAME, news(9)])
    assert busy[0].base_rate is not None
    assert busy[0].base_rate > 0.9
    assert busy[0].probability < rare[0].probability
    assert busy[0].p_value == 1.0


def test_each_kind_by_itself() -> None:
    """News before every return and before no volume: the share of one says nothing of the other."""
    days = (10, 20, 30, 40, 50, 60)
    events = [event(day) for day in days] + [event(day + 5, kind="volume_spike") for day in days]
    one_more = event(80, kind="volume_spike")
    found = told([*events, one_more, event(90)], FRAME + [news(d - 1) for d in (*days, 80, 90)])
    assert found[-1].probability > found[-2].probability > 0


def test_only_what_was_known_since_the_session_before_opened_counts() -> None:
    at = DAYS[10]
    moments = [at - DAY_MS - 1, at - DAY_MS, at - 60_000, at, at + HOUR]
    found = told([event(10)], FRAME + [(f"news:{n}", "A", t) for n, t in enumerate(moments)])
    assert found[0].news == (("news:2", 1.0), ("news:1", 1440.0))


def test_of_an_hour_what_was_known_before_the_hour_counts_too() -> None:
    found = told([event(10, hour=15)], [*FRAME, news(10, hour=14)])
    assert found[0].news == (("news:A10", 60.0),)


def test_news_of_another_stock_says_nothing() -> None:
    sessions = {"A": SESSIONS, "B": SESSIONS}
    found = told([event(10)], [*FRAME, news(9, "B")], sessions=sessions)
    assert (found[0].news, found[0].probability) == ((), 0.0)


def test_outside_the_time_that_news_covers_nothing_is_said() -> None:
    some = [news(20), news(60)]
    early, covered, late = told([event(20), event(40), event(63)], some)
    assert early.probability is None
    assert covered.probability == 0.0
    assert late.probability is None
    just = told([event(61)], some)
    assert just[0].probability is not None  # LAST allows for it
    assert LAST == DAY_MS


def test_without_news_nothing_is_said_but_the_order_of_posts_and_price() -> None:
    (found,) = told([event(10)], [], {event(10).id: DAYS[10] - HOUR})
    assert found == Background(event(10).id, posts_at=DAYS[10] - HOUR, order=("posts", "price"))


def test_a_stock_without_sessions_has_no_probability() -> None:
    (found,) = told([event(10, "B")], [*FRAME, news(9, "B")])
    assert (found.probability, found.news) == (None, ())


@pytest.mark.parametrize(
    ("posts", "article", "order"),
    [
        (-2.0, -1.0, ("posts", "news", "price")),
        (-1.0, -2.0, ("news", "posts", "price")),
        (1.0, 2.0, ("price", "posts", "news")),
        (None, -1.0, ("news", "price")),
        (-1.0, None, ("posts", "price")),
        (None, None, ("price",)),
        (None, 24 * 8.0, ("price",)),  # a week later is not about it any more
    ],
)
def test_what_came_first(
    posts: float | None, article: float | None, order: tuple[str, ...]
) -> None:
    one = event(50)
    at = DAYS[50]
    stood_out = {} if posts is None else {one.id: at + int(posts * HOUR)}
    articles = [] if article is None else [("news:x", "A", at + int(article * HOUR))]
    (found,) = told([one], FRAME + articles, stood_out)
    assert found.order == order
    assert found.posts_at == stood_out.get(one.id)
    assert found.news_at == (articles[0][2] if "news" in order else None)


@pytest.mark.parametrize("kind", ["attention_spike", "joint_alert"])
def test_a_crowd_is_no_price(kind: str) -> None:
    crowd = event(50, kind=kind, hour=15)
    (found,) = told([crowd], [*FRAME, news(50, hour=14)], {crowd.id: crowd.at})
    assert found.order == ("news", "posts")


def test_the_order_of_what_comes_in_changes_nothing() -> None:
    events = [event(10), event(30)]
    articles = [*FRAME, news(9), news(9, name="b"), news(29)]
    forth, back = told(events, articles), told(events[::-1], articles[::-1])
    assert forth == back[::-1]


@pytest.mark.parametrize("part", [0.0, 0.3, 0.8])
def test_of_events_with_a_probability_about_that_part_is_explained(part: float) -> None:
    """Planted: a part of the events is explained and has news before it, all other days have news
    before them one time in five."""
    draws = np.random.default_rng(11)
    stocks, every = 40, range(2, 100, 4)
    explained: dict[str, bool] = {}
    events: list[PriceEvent] = []
    articles: list[tuple[str, str, int]] = []
    for number in range(stocks):
        ticker = f"S{number}"
        for day in range(1, 101):
            one = event(day, ticker) if day in every else None
            driven = one is not None and draws.random() < part
            if one is not None:
                events.append(one)
                explained[one.id] = driven
            if driven or draws.random() < 0.2:
                articles.append(news(day - 1, ticker))
    sessions = dict.fromkeys([f"S{n}" for n in range(stocks)], SESSIONS)
    found = told(events, [*articles, *FRAME], sessions=sessions)
    probabilities = [one.probability for one in found if one.probability is not None]
    assert len(probabilities) == len(events)
    assert np.mean(probabilities) == pytest.approx(np.mean(list(explained.values())), abs=0.03)
    with_news = [one for one in found if one.news]
    share = np.mean([explained[one.event_id] for one in with_news])
    assert np.mean([one.probability for one in with_news]) == pytest.approx(share, abs=0.05)
