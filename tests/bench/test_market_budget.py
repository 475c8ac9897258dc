"""The judge of the alert budget: curves, the choice of rule and line, lead, decoys."""

from __future__ import annotations

from math import inf

import polars as pl
import pytest

from ingest.synthetic.pumps import Lookalike
from tests.bench import market_budget as budget
from tests.bench.market_sets import DAY, Labelled, Target


def days(scores: dict[int, float], ticker: str = "A") -> pl.DataFrame:
    return pl.DataFrame(
        {"ticker": ticker, "at": [day * DAY for day in scores], "score": list(scores.values())}
    )


def target(first: int, last: int, size: float = 0.3, peak: int | None = None) -> Target:
    return Target("A", first * DAY, last * DAY, size, "slow_drip", "link_drip", peak and peak * DAY)


def test_a_line_is_the_lowest_that_raises_at_most_so_many_alerts() -> None:
    """Alerts of 9 on day 1, 8 on day 20, 7 on days 40 and 42, which are one."""
    found = budget.lines(days({1: 9.0, 20: 8.0, 40: 7.0, 42: 6.5, 60: 0.0}))
    assert [found[n] for n in (1, 2, 3)] == [9.0, 8.0, 6.5]


def test_the_best_day_of_a_pump_lies_from_a_day_before_to_five_after() -> None:
    scores = {10: 9.0, 14: 3.0, 30: 5.0, 36: 9.0}
    found = budget.best_in(days(scores), [target(15, 25), target(16, 24), target(31, 31)])
    assert found.tolist() == [5.0, -inf, 9.0]


def test_the_rule_that_keeps_most_within_half_the_budget_is_chosen() -> None:
    def point(alerts: int, kept: float, line: float) -> dict[str, object]:
        return {"alerts": alerts, "kept": {"markets": kept, "real bars": kept}, "line": line}

    curves = {
        "one": [point(budget.SPARE, 0.7, 3.0), point(budget.SPARE + 1, 1.0, 2.0)],
        "other": [point(1, 0.8, 6.0), point(2, 0.9, 5.0), point(3, 0.9, 4.0)],
    }
    assert budget.chosen(curves) == ("other", 5.0)


def test_shares_have_wilson_intervals() -> None:
    """Wilson's interval for 9 of 10, as in his formula with z of 1.96."""
    import numpy as np

    found = budget.share(np.array([True] * 9 + [False]))
    assert (found["kept"], found["of"]) == (9, 10)
    assert (found["low"], found["high"]) == pytest.approx((0.596, 0.982), abs=1e-3)


def test_sizes_are_bands() -> None:
    import numpy as np

    targets = [target(1, 2, size) for size in (0.05, 0.1, 0.35, 0.8)]
    found = budget.by_size(targets, np.array([True, False, True, True]))
    assert {name: row["kept"] for name, row in found.items()} == {
        "from 0%": 1,
        "from 10%": 0,
        "from 20%": 1,
        "from 80%": 1,
    }


def test_lead_is_in_sessions_from_the_first_alert_to_the_peak() -> None:
    rows = days(dict.fromkeys(range(1, 40), 0.0))
    pumps = Labelled(rows, (target(10, 20, peak=16), target(30, 35, peak=31)))
    told = pl.DataFrame({"ticker": "A", "at": [12 * DAY, 33 * DAY], "until": [13 * DAY, 33 * DAY]})
    found = budget.lead(pumps, told)
    assert found["pumps"] == 2
    assert found["before_the_peak"] == 0.5
    assert found["sessions"]["50%"] == 1.0  # four before, two after


def test_an_alert_on_a_decoy_is_counted_and_one_on_a_pump_is_not() -> None:
    pumps = Labelled(
        days({1: 0.0}),
        (target(10, 20),),
        (("", Lookalike("A", "earnings", 40 * DAY)), ("", Lookalike("", "index_day", 12 * DAY))),
    )
    told = pl.DataFrame({"ticker": "A", "at": [12 * DAY, 45 * DAY], "until": [12 * DAY, 45 * DAY]})
    assert budget.decoys(pumps, told) == {
        "earnings": {"planted": 1, "alerts": 1},
        "index_day": {"planted": 1, "alerts": 0},
    }
