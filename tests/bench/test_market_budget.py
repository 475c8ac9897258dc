"""The judge of the alert budget: sessions, alerts that run on, the choice of a line."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import polars as pl

from tests.bench import market_budget as budget

DAY = 86_400_000
NEW_YORK = ZoneInfo("America/New_York")


def _at(day: int, hour: int) -> int:
    """An hour in New York of a day of January 2015; the 2nd is a Friday."""
    return int(datetime(2015, 1, day, hour, tzinfo=NEW_YORK).timestamp() * 1000)


def _midnight(day: int) -> int:
    return int(datetime(2015, 1, day, tzinfo=UTC).timestamp() * 1000)


def test_a_post_after_the_close_belongs_to_the_next_session() -> None:
    sessions = pl.Series([_midnight(2), _midnight(5)])
    told = [(_at(2, 15), 2), (_at(2, 16), 5), (_at(4, 3), 5), (_at(5, 1), 5)]
    posts = pl.DataFrame({"ticker": "A", "at": [at for at, _ in told]}).with_columns(
        account=pl.int_range(len(told))
    )
    placed = budget.in_sessions(posts, sessions, "America/New_York").sort("account")
    assert placed["at"].to_list() == [_midnight(day) for _, day in told]


def test_a_post_after_the_last_session_is_left_out() -> None:
    posts = pl.DataFrame({"ticker": ["A"], "at": [_at(5, 17)], "account": ["x:1"]})
    assert not len(budget.in_sessions(posts, pl.Series([_midnight(5)]), "America/New_York"))


def _rows(days: list[int], price: float = 4.0, attention: float | None = 3.0) -> pl.DataFrame:
    figures = {"price": price, "volume": 2.0, "attention": attention}
    return pl.DataFrame({"ticker": "A", "at": [day * DAY for day in days]}).with_columns(
        pl.lit(value, dtype=pl.Float64).alias(f"{span}_{name}")
        for span in ("day", "week")
        for name, value in figures.items()
    )


def test_days_within_a_week_are_one_alert() -> None:
    told = budget.alerts(_rows([1, 8, 16]), ("day", 3.0, 0.0, 0.0)).sort("at")
    assert told.select("at", "until").rows() == [(DAY, 8 * DAY), (16 * DAY, 16 * DAY)]


def test_each_figure_has_its_line() -> None:
    rows = _rows([1])
    assert len(budget.alerts(rows, ("week", 4.0, 2.0, 3.0))) == 1
    for line in (("week", 4.1, 0.0, 0.0), ("week", 0.0, 2.1, 0.0), ("week", 0.0, 0.0, 3.1)):
        assert not len(budget.alerts(rows, line))


def test_a_sum_counts_each_figure_to_its_most() -> None:
    """4 + 2 + 3; a price of 100 counts as 8, and attention that is not known as none."""
    assert len(budget.alerts(_rows([1]), ("sum", 9.0, 0.0, 0.0))) == 1
    assert not len(budget.alerts(_rows([1]), ("sum", 9.1, 0.0, 0.0)))
    assert not len(budget.alerts(_rows([1], price=100.0, attention=None), ("sum", 10.1, 0.0, 0.0)))


def test_the_line_that_keeps_most_within_the_budget_is_chosen() -> None:
    found: dict[budget.Line, tuple[int, float]] = {
        ("day", 1.0, 0.0, 0.0): (9, 0.9),
        ("day", 2.0, 0.0, 0.0): (8, 0.5),
        ("day", 3.0, 0.0, 0.0): (4, 0.5),
        ("day", 4.0, 0.0, 0.0): (0, 0.1),
    }
    assert budget.chosen(found) == ("day", 3.0, 0.0, 0.0)
    assert [line[1] for line in budget.front(found)] == [4.0, 3.0, 1.0]
