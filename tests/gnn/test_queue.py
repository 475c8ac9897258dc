"""What to judge next: the three parts, chances that are what they say, and what they estimate."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from gnn.prevalence import ChanceRow, Frame, prevalence
from gnn.queue import Candidate, Drawn, distance, draw, propensities, shares
from graph.errors import UsageError

SIZES = {"low": 60, "watch": 15, "high": 5}
MANY = [
    Candidate(f"{band}{n:02}", (n + 1) / (SIZES[band] + 20), band)
    for band in SIZES
    for n in range(SIZES[band])
]


def part(rows: list[Drawn], name: str) -> list[str]:
    return [row.id for row in rows if row.part == name]


def test_a_list_has_its_three_parts_and_everything_once() -> None:
    rows = draw(MANY, 20, "s")
    assert Counter(row.part for row in rows) == {"top": 14, "uncertain": 4, "random": 2}
    assert len({row.id for row in rows}) == 20
    chance = set(part(rows, "random"))
    likely = sorted((c for c in MANY if c.id not in chance), key=lambda c: -(c.probability or 0))
    assert part(rows, "top") == [c.id for c in likely[:14]]
    rest = sorted(likely[14:], key=lambda c: (distance(c), c.id))
    assert part(rows, "uncertain") == [c.id for c in rest[:4]]
    assert all((row.propensity is not None) == (row.part == "random") for row in rows)
    assert all(row.says for row in rows)
    assert {"top", "uncertain", "random"} == {row.part for row in rows[:15]}  # evenly mixed


def test_the_same_seed_gives_the_same_list_whatever_the_order() -> None:
    assert draw(MANY, 20, "s") == draw(MANY[::-1], 20, "s")
    assert part(draw(MANY, 20, "s"), "random") != part(draw(MANY, 20, "t"), "random")


def test_what_is_decided_is_not_asked_and_what_was_unclear_only_by_chance() -> None:
    judged = [replace(c, judged="harmless" if n % 2 else "unclear") for n, c in enumerate(MANY)]
    rows = draw(judged, 20, "s")
    unclear = {c.id for c in judged if c.judged == "unclear"}
    assert {row.part for row in rows} == {"random"}
    assert {row.id for row in rows} <= unclear
    assert draw([replace(c, judged="promotion") for c in MANY], 20, "s") == []


def test_few_candidates_are_all_taken_once() -> None:
    rows = draw(MANY[:6], 20, "s")
    assert sorted(row.id for row in rows) == [c.id for c in MANY[:6]]
    assert [row.part for row in draw(MANY, 1, "s")] == ["top"]


@pytest.mark.parametrize("size", [0, -1, 1_001])
def test_a_wrong_size_is_refused(size: int) -> None:
    with pytest.raises(UsageError, match="ask for 1 to 1000"):
        draw(MANY, size, "s")
    with pytest.raises(UsageError, match="one id"):
        draw([MANY[0], MANY[0]], 5, "s")


def test_doubt_and_novelty_make_less_sure() -> None:
    sure = Candidate("a", 0.9, "high")
    assert distance(sure) > distance(replace(sure, doubt=0.5)) > distance(replace(sure, doubt=3.0))
    assert distance(replace(sure, novelty=0.5)) < distance(sure)
    assert distance(replace(sure, probability=None)) == 0
    assert distance(replace(sure, probability=1.0)) > distance(sure)


def test_shares_of_a_list() -> None:
    assert shares(20) == (14, 4, 2)
    assert shares(10) == (7, 2, 1)
    assert all(sum(shares(n)) == n and min(shares(n)) >= 0 for n in range(1, 60))
    assert all(shares(n)[2] >= 1 for n in range(2, 60))


@pytest.mark.parametrize("wanted", [1, 2, 7, 30, 79, 80, 500])
def test_no_band_is_left_out_and_the_chances_add_up(wanted: int) -> None:
    found = propensities(SIZES, wanted)
    assert all(0 < p <= 1 for p in found.values())
    assert sum(found[h] * SIZES[h] for h in SIZES) == pytest.approx(min(wanted, 80))


def test_each_is_drawn_as_often_as_its_propensity_says() -> None:
    lists = 600
    seen: Counter[str] = Counter()
    told = {}
    for n in range(lists):
        for row in draw(MANY, 20, f"seed {n}"):
            if row.part == "random" and row.propensity is not None:
                seen[row.stratum] += 1
                told[row.stratum] = row.propensity
    assert told == pytest.approx(propensities(SIZES, 2))
    for band, many in SIZES.items():
        wanted = lists * many * told[band]
        assert abs(seen[band] - wanted) < 4 * wanted**0.5, band


def audits(
    rng: np.random.Generator, rates: dict[str, float], lists: int
) -> tuple[float, list[Frame]]:
    """The true share of a population, and what lists from it say once they are judged."""
    truth = {c.id: bool(rng.uniform() < rates[c.stratum]) for c in MANY}
    frames = []
    for n in range(lists):
        rows = [r for r in draw(MANY, 40, f"{rng.integers(1 << 40)} {n}") if r.propensity]
        chance = tuple(ChanceRow(r.stratum, r.propensity or 1, truth[r.id]) for r in rows)
        frames.append(Frame(len(MANY), 0, 0, chance))
    return float(np.mean(list(truth.values()))), frames


def taken_alike(frames: list[Frame]) -> float:
    """The share of promotions among the rows, as if each stood for as many."""
    rows = [row for frame in frames for row in frame.rows]
    return sum(bool(row.promotion) for row in rows) / len(rows)


def test_the_estimate_is_right_on_average_and_its_interval_holds_the_truth() -> None:
    rng = np.random.default_rng(7)
    rates = {"low": 0.05, "watch": 0.3, "high": 0.8}
    runs = [audits(rng, rates, 6) for _ in range(60)]
    found = [(truth, estimate) for truth, f in runs if (estimate := prevalence(f))]
    assert len(found) == 60
    errors = np.array([e.share - truth for truth, e in found])
    assert abs(errors.mean()) < 3 * errors.std() / 60**0.5
    assert sum(e.low <= truth <= e.high for truth, e in found) >= 54
    naive = np.array([taken_alike(f) - truth for truth, f in runs])
    assert naive.mean() > 0.05  # rows taken alike would say too much: high bands are drawn more


def test_what_was_decided_before_stands_for_itself() -> None:
    frame = Frame(80, 20, 5, (ChanceRow("low", 0.05, False),))
    found = prevalence([frame])
    assert found is not None
    assert found.share == 5 / 100
    assert found.low == 5 / 100 < found.high < 1


def test_undecided_rows_are_taken_like_their_band_and_unseen_bands_are_told() -> None:
    rows = (
        ChanceRow("low", 0.1, False),
        ChanceRow("low", 0.1, None),
        ChanceRow("low", 0.1, True),
        ChanceRow("high", 0.5, None),
    )
    found = prevalence([Frame(32, 0, 0, rows)])
    assert found is not None
    assert found.share == pytest.approx(0.5)
    assert found.unseen == pytest.approx(2 / 32)
    assert (found.judged, found.drawn) == (2, 4)
    assert prevalence([Frame(32, 0, 0, rows[1:2])]) is None
    assert prevalence([]) is None
