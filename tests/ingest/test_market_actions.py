"""Splits, bonuses and dividends in prices, by numbers worked out by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import orjson
import pytest

from graph.errors import BadRecord, SourceRefused, SourceUnavailable
from graph.model import Bar
from ingest.market.action_files import nse_actions, read_csv, read_nse
from ingest.market.actions import Action, Kind, adjusted
from ingest.market.event_study import event_study
from ingest.market.events import price_events
from ingest.market.unadjusted import suspicions
from ingest.rejects import Reject
from tests.ingest.market_days import LATE, at, bar, series, table
from tests.ingest.market_sources import zipped

JANUARY_2 = 1_704_153_600_000  # 2024-01-02
DAY = 86_400_000


def day_bar(ticker: str, day: int, opened: float, close: float, adjusted: float = 0) -> Bar:
    high, low = max(opened, close), min(opened, close)
    adj_close = adjusted or close
    return Bar(ticker, at(day), at(day) + 1000, opened, high, low, close, adj_close, 1000)


def action(kind: Kind, day: int, value: float, known: int | None = None) -> Action:
    when = at(day) if known is None else at(known)
    ratio, amount = (1.0, value) if kind == "dividend" else (value, 0.0)
    return Action("ACME", kind, at(day), when, ratio, amount)


def carried(bars: list[Bar], *actions: Action, as_of: int = LATE) -> list[float]:
    found: list[float] = adjusted(table(bars), actions, as_of).bars["adj_close"].to_pylist()
    return found


ALLCARGO = [day_bar("ACME", 0, 315.05, 321.70), day_bar("ACME", 1, 328.90, 329.05)]
ALLCARGO += [day_bar("ACME", 2, 86.00, 90.10)]
BONUS = action("bonus", 2, 4)  # 3:1


def test_a_bonus_scales_what_was_before_it_and_nothing_else() -> None:
    found = carried(ALLCARGO, BONUS)
    assert found == [321.70 / 4, 329.05 / 4, 90.10]
    assert found[2] / found[1] - 1 == pytest.approx(0.095274, abs=1e-6)  # no crash of 74 %


def test_a_dividend_takes_its_share_of_the_close_before() -> None:
    bars = [day_bar("ACME", 0, 50, 50), day_bar("ACME", 1, 40, 40), day_bar("ACME", 2, 39, 39)]
    assert carried(bars, action("dividend", 2, 2)) == [50 * 0.95, 40 * 0.95, 39]


def test_a_reverse_split_scales_up() -> None:
    bars = [day_bar("ACME", 0, 2, 2), day_bar("ACME", 1, 21, 20)]
    assert carried(bars, action("split", 1, 0.1)) == [20, 20]


def test_actions_multiply_whatever_their_order() -> None:
    """2 for 1, then 10 off 50, then a bonus of 1:1: 100 / 2 * 0.8 / 2 = 20."""
    bars = [day_bar("ACME", 0, 100, 100), day_bar("ACME", 1, 50, 50)]
    bars += [day_bar("ACME", 2, 40, 40), day_bar("ACME", 3, 20, 20)]
    three = [action("split", 1, 2), action("dividend", 2, 10), action("bonus", 3, 2)]
    assert carried(bars, *three) == carried(bars, *reversed(three)) == [20, 20, 20, 20]


def test_a_split_and_a_bonus_of_one_day_are_both_applied() -> None:
    bars = [day_bar("ACME", 0, 100, 100), day_bar("ACME", 1, 10, 10)]
    assert carried(bars, action("split", 1, 5), action("bonus", 1, 2)) == [10, 10]


def test_other_stocks_keep_their_prices() -> None:
    bars = [*ALLCARGO, day_bar("WIDGET", 0, 10, 10), day_bar("WIDGET", 2, 11, 11)]
    bars += [day_bar("AAA", 0, 8, 8), day_bar("AAA", 2, 9, 9)]
    assert carried(bars, BONUS) == [8, 9, 321.70 / 4, 329.05 / 4, 90.10, 10, 11]


def test_a_day_without_a_bar_passes_the_action_on_to_the_next() -> None:
    bars = [day_bar("ACME", 0, 100, 100), day_bar("ACME", 3, 50, 50)]
    assert carried(bars, action("split", 1, 2)) == [50, 50]


def test_an_action_counts_from_when_it_was_known() -> None:
    late = action("bonus", 2, 4, known=5)
    raw = [321.70, 329.05, 90.10]
    assert carried(ALLCARGO, late, as_of=at(5) - 1) == raw
    assert carried(ALLCARGO, late, as_of=at(5)) == [321.70 / 4, 329.05 / 4, 90.10]


def test_an_action_that_is_announced_changes_nothing_before_its_day() -> None:
    early = action("bonus", 2, 4, known=0)
    assert carried(ALLCARGO[:2], early, as_of=at(1)) == [321.70, 329.05]
    ((skipped,), bars) = (adjusted(table(ALLCARGO[:2]), [early], at(1)).skipped, ALLCARGO)
    assert skipped.reason == "was not known yet"
    assert carried(bars, early, as_of=at(2)) == [321.70 / 4, 329.05 / 4, 90.10]


def test_later_bars_and_actions_move_no_earlier_return() -> None:
    days = series("ACME", [0.01, -0.02, 0.03, 0.01, -0.01])
    later = [*days, day_bar("ACME", 6, days[-1].close / 2, days[-1].close / 2)]
    first = np.diff(np.log(carried(days)))
    second = np.diff(np.log(carried(later, action("split", 6, 2))))
    assert second[:-1] == pytest.approx(first, abs=1e-12)
    assert second[-1] == pytest.approx(0, abs=1e-12)


@pytest.mark.parametrize(
    ("bars", "one", "reason"),
    [
        (ALLCARGO, action("split", 0, 4), "has no bars on both sides of its day"),
        (ALLCARGO, action("split", 3, 4), "has no bars on both sides of its day"),
        (ALLCARGO, Action("NONE", "split", at(1), at(1), 4), "has no bars on both sides"),
        (ALLCARGO, action("dividend", 2, 329.05), "is no less than the price"),
        (
            [day_bar("ACME", 0, 25, 25), day_bar("ACME", 1, 26, 25)],
            action("split", 1, 4),
            "is in the prices already: they do not jump by its ratio",
        ),
        (
            [day_bar("ACME", 0, 25, 25, adjusted=24), day_bar("ACME", 1, 26, 25)],
            action("dividend", 1, 1),
            "is in adj_close already",
        ),
    ],
)
def test_what_is_not_applied_is_said(bars: list[Bar], one: Action, reason: str) -> None:
    found = adjusted(table(bars), [one], LATE)
    assert found.applied == ()
    assert [skipped.action for skipped in found.skipped] == [one]
    assert found.skipped[0].reason.startswith(reason)
    assert found.bars == table(bars)


def test_prices_that_carry_an_action_are_not_adjusted_again() -> None:
    once = adjusted(table(ALLCARGO), [BONUS], LATE)
    assert once.applied == (BONUS,)
    again = adjusted(once.bars, [BONUS], LATE)
    assert again.bars == once.bars
    assert again.applied == ()


def test_a_split_is_no_price_event_once_it_is_applied() -> None:
    """Two stocks with the same days; one is split by three at the end."""
    calm = [0.001, -0.001] * 30
    bars = [*series("ACME", calm), *series("WIDGET", calm)]
    last = bars[len(calm)]
    split = day_bar("ACME", len(calm) + 1, last.close / 3, last.close / 3)
    same = day_bar("WIDGET", len(calm) + 1, last.close, last.close)
    found = table([*bars, split, same])
    raw = {(e.ticker, e.kind) for e in price_events(found, LATE, since=split.at)}
    assert ("ACME", "abnormal_return") in raw
    applied = adjusted(found, [action("split", len(calm) + 1, 3)], LATE)
    study = event_study(applied.bars)
    assert study.returns[study.ticker == "ACME"][-1] == pytest.approx(0, abs=1e-12)
    after = {(e.ticker, e.kind) for e in price_events(applied.bars, LATE, since=split.at)}
    assert after == raw - {("ACME", "abnormal_return"), ("ACME", "volume_spike")}


# Jumps that nobody told us of.


def jump(days: list[Bar], opened: float, close: float) -> list[Bar]:
    return [*days, day_bar("ACME", len(days), opened, close)]


QUIET = series("ACME", [0.02, -0.02] * 10)


def test_an_exact_ratio_is_probably_a_split() -> None:
    before = QUIET[-1].close
    (found,) = suspicions(table(jump(QUIET, before / 4, before / 4 * 1.05)))
    assert (found.ticker, found.at, found.ratio, found.exact) == ("ACME", at(len(QUIET)), 4, True)
    assert "exactly 4 shares for each" in found.explanation
    assert "probably a split that is not adjusted" in found.explanation


def test_a_close_at_the_exact_ratio_counts_too_where_the_gap_was_overnight() -> None:
    before = QUIET[-1].close
    (found,) = suspicions(table(jump(QUIET, before / 2 * 1.03, before / 2)))
    assert (found.ratio, found.exact) == (2, True)
    assert not suspicions(table(jump(QUIET, before, before / 2)))  # fell within the day


def test_allcargo_without_its_bonus_is_near_four_and_worth_a_look() -> None:
    """329.05 to 86.00 is 3.83 for one: what remains at a ratio of 4 is a usual day."""
    scale = 321.70 / QUIET[-1].close
    days = [day_bar("ACME", n, b.close * scale, b.close * scale) for n, b in enumerate(QUIET)]
    found = suspicions(table(jump(jump(days, 328.90, 329.05), 86.00, 90.10)))
    assert [(one.ratio, one.exact) for one in found] == [(4, False)]
    assert "near 4 shares for each" in found[0].explanation
    assert "From 329.05 to an open of 86.00" in found[0].explanation


def test_with_its_bonus_it_is_no_suspicion() -> None:
    assert not suspicions(adjusted(table(ALLCARGO), [BONUS], LATE).bars)


def test_a_reverse_split_is_seen_too() -> None:
    before = QUIET[-1].close
    (found,) = suspicions(table(jump(QUIET, before * 10, before * 10)))
    assert found.ratio == pytest.approx(0.1)
    assert "exactly one share for each 10" in found.explanation


@pytest.mark.parametrize("fall", [0.05, 0.15, 0.28, 0.41, 0.58])
def test_a_fall_to_no_ratio_is_a_fall(fall: float) -> None:
    left = QUIET[-1].close * (1 - fall)
    assert not suspicions(table(jump(QUIET, left, left)))


def test_a_young_stock_has_no_usual_day_to_be_near_by() -> None:
    days = [day_bar("ACME", n, 100, 100) for n in range(5)]
    assert not suspicions(table(jump(days, 26, 26)))
    assert suspicions(table(jump(days, 25, 26)))


def test_two_stocks_are_not_one_series_and_none_is_none() -> None:
    assert not suspicions(table([day_bar("A", 0, 100, 100), day_bar("B", 1, 50, 50)]))
    assert not suspicions(table([]))
    assert not suspicions(table([bar("ACME", 0)]))


# Files of actions.


def entry(subject: str, **rest: Any) -> dict[str, Any]:
    """An entry of NSE's list, with what we do not read."""
    return {
        "bcEndDate": "-",
        "caBroadcastDate": None,
        "comp": "Acme Logistics Limited",
        "exDate": "02-Jan-2024",
        "faceVal": "2",
        "isin": "INE999A01015",
        "recDate": "02-Jan-2024",
        "series": "EQ",
        "subject": subject,
        "symbol": "ACME",
        **rest,
    }


@pytest.mark.parametrize(
    ("subject", "kind", "ratio", "amount"),
    [
        ("Bonus 3:1", "bonus", 4, 0),
        ("Bonus issue 1:2", "bonus", 1.5, 0),
        (
            "Face Value Split (Sub-Division) - From Rs10/- Per Share To Rs 5/- Per Share",
            "split",
            2,
            0,
        ),
        (
            "Face Value Split (Sub-Division) - From Rs10/- Per Share To Re 1/- Per Share",
            "split",
            10,
            0,
        ),
        ("Consolidation Of Shares - From Re 1/- Per Share To Rs 10/- Per Share", "split", 0.1, 0),
        ("Interim Dividend - Rs 7 Per Share", "dividend", 1, 7),
        ("Interim Dividend - Re 0.01 Per Share", "dividend", 1, 0.01),
        ("Annual General Meeting/Dividend - Rs 2.50 Per Share", "dividend", 1, 2.5),
        (
            "Interim Dividend - Rs 2 Per Share/Special Dividend - Rs 8 Per Share",
            "dividend",
            1,
            10,
        ),
    ],
)
def test_what_nse_says_in_words(subject: str, kind: Kind, ratio: float, amount: float) -> None:
    assert nse_actions(entry(subject)) == [
        Action("ACME.NS", kind, JANUARY_2, JANUARY_2, ratio, amount, "INE999A01015")
    ]


def test_one_subject_may_hold_several() -> None:
    found = nse_actions(entry("Bonus 1:1/Dividend - Rs 3 Per Share"))
    assert [(one.kind, one.ratio, one.amount) for one in found] == [
        ("bonus", 2, 0),
        ("dividend", 1, 3),
    ]


@pytest.mark.parametrize(
    ("told", "days"),
    [("27-Dec-2023 18:02:11", -5), ("01-Jan-2024", 0), ("05-Jan-2024", 0), ("-", 0), (None, 0)],
)
def test_it_was_known_when_the_day_of_its_announcement_had_passed(
    told: str | None, days: int
) -> None:
    (found,) = nse_actions(entry("Bonus 3:1", caBroadcastDate=told))
    assert found.known_at == JANUARY_2 + days * DAY


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (entry("Rights 1:5 @ Premium Rs 20/-"), "is no split, bonus or dividend"),
        (entry("Bonus NCRPS 4:1"), "is no split, bonus or dividend"),
        (entry("Bonus 0:1"), "bonus is 0"),
        (entry("Bonus 3:1", symbol=""), "names no stock"),
        (entry("Bonus 3:1", exDate="-"), "date '-' is not a day written DD-MON-YYYY"),
        (entry("Bonus 3:1", isin="INE999A01016"), "ISIN 'INE999A01016' is not well-formed"),
    ],
)
def test_what_cannot_be_counted_is_a_bad_record(row: dict[str, Any], reason: str) -> None:
    with pytest.raises(BadRecord, match=reason):
        nse_actions(row)


def test_a_list_of_nse_with_a_bad_entry_in_the_middle(tmp_path: Path) -> None:
    rows = [entry("Bonus 3:1"), entry("Annual General Meeting"), entry("Dividend - Rs 1 Per Share")]
    (tmp_path / "actions.json").write_bytes(orjson.dumps(rows))
    found = list(read_nse(tmp_path / "actions.json"))
    assert [type(one) for one in found] == [Action, Reject, Action]
    assert isinstance(found[1], Reject)
    assert (found[1].file, found[1].line) == ("actions.json", 2)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("<!DOCTYPE html><html></html>", "a.json is a web page"),
        ("{broken", "a.json is not JSON"),
        ('{"data": []}', "a.json is not NSE's list of corporate actions"),
        ('[{"symbol": "ACME"}]', "a.json is not NSE's list of corporate actions"),
    ],
)
def test_something_else_is_refused(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "a.json").write_text(text, encoding="utf-8")
    with pytest.raises(SourceRefused, match=said):
        list(read_nse(tmp_path / "a.json"))


HEAD = "ticker,kind,ex_date,ratio,amount,known_at,isin"


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("acme,split,2024-01-02,10:1,,,", Action("ACME", "split", JANUARY_2, JANUARY_2, 10)),
        ("acme,split,2024-01-02,1:10,,,", Action("ACME", "split", JANUARY_2, JANUARY_2, 0.1)),
        ("acme,Bonus,2024-01-02,3:1,,,", Action("ACME", "bonus", JANUARY_2, JANUARY_2, 4)),
        ("acme,bonus,2024-01-02,4,,,", Action("ACME", "bonus", JANUARY_2, JANUARY_2, 4)),
        (
            "acme,dividend,2024-01-02,,2.5,2023-12-31 12:00,INE999A01015",
            Action("ACME", "dividend", JANUARY_2, JANUARY_2 - DAY * 3 // 2, 1, 2.5, "INE999A01015"),
        ),
    ],
)
def test_actions_from_csv(tmp_path: Path, row: str, expected: Action) -> None:
    (tmp_path / "a.csv").write_text(f"{HEAD}\n{row}\n", encoding="utf-8")
    assert list(read_csv(tmp_path / "a.csv")) == [expected]
    assert list(read_csv(zipped(tmp_path / "a.zip", {"a.csv": f"{HEAD}\n{row}\n"}))) == [expected]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (",split,2024-01-02,2,,,", "names no stock: ticker is empty"),
        ("a,merger,2024-01-02,2,,,", "kind 'merger' is not one of split, bonus, dividend"),
        ("a,split,2024-01-02,two,,,", "ratio is 'two', neither a number nor written 10:1"),
        ("a,split,2024-01-02,0:1,,,", "ratio is 0; a price is above zero"),
        ("a,dividend,2024-01-02,,,,", "amount is empty"),
        ("a,dividend", "date '' is not a day written YYYY-MM-DD"),
    ],
)
def test_a_bad_row_of_csv_says_why(tmp_path: Path, row: str, reason: str) -> None:
    (tmp_path / "a.csv").write_text(f"{HEAD}\n{row}\n", encoding="utf-8")
    (found,) = read_csv(tmp_path / "a.csv")
    assert isinstance(found, Reject)
    assert (found.line, found.reason) == (2, reason)


def test_a_csv_of_something_else_and_none_at_all(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("name,age\nann,5\n", encoding="utf-8")
    with pytest.raises(SourceRefused, match=r"a\.csv is not a file of corporate actions.*ex_date"):
        list(read_csv(tmp_path / "a.csv"))
    with pytest.raises(SourceUnavailable):
        list(read_csv(tmp_path / "none.csv"))
    with pytest.raises(SourceUnavailable):
        list(read_nse(tmp_path / "none.json"))
