"""What is remembered of two classes of accounts is what would be worked out for two accounts."""

from __future__ import annotations

import dataclasses
from itertools import combinations

import numpy as np
import polars as pl
import pytest

from graph.detection.acts import encode
from graph.detection.coaction import Meetings, meet
from graph.detection.expected import memory, of_pair, plain, remembered
from graph.detection.margins import margins
from graph.detection.significance import judge
from tests.graph.acts import acts

SPAN = 40_000


def lively(seed: int = 2, accounts: int = 25, episodes: int = 120) -> pl.DataFrame:
    """Acts in two places and several spans; two accounts are in most episodes."""
    rng = np.random.default_rng(seed)
    rows = []
    for e in range(episodes):
        who = rng.choice(accounts, int(rng.integers(2, 9)), replace=False)
        who = np.union1d(who, rng.choice(2, int(rng.integers(0, 3)), replace=False))
        rows += [(f"u{a:02}", f"o{e}", 1000 * e + i) for i, a in enumerate(who)]
    place = pl.col("object").str.slice(1).cast(pl.Int64) % 2
    return acts(rows).with_columns(place.cast(pl.String).alias("stratum"))


def fields(meetings: Meetings) -> tuple[np.ndarray, ...]:
    by = margins(meetings)
    return tuple(getattr(by, field.name) for field in dataclasses.fields(by))


@pytest.mark.parametrize(
    ("listed", "trials", "tables"),
    [(4096, 4096, True), (3, 4096, True), (4096, 6, True), (9, 9, False)],
)
def test_what_is_remembered_is_what_is_worked_out(listed, trials, tables):
    by = fields(meet(encode(lively()), 500, SPAN))
    known = memory(by)
    known = (*known[:6], known[6][:trials], known[7])  # also where there is little room
    if not tables:
        known[1][:] = -1
    one, other = np.zeros(4), np.zeros(4)
    by_one, by_other = np.zeros((listed, 3)), np.zeros((listed, 3))
    likely = plainly = 0
    for a, b in [*combinations(range(25), 2), *combinations(range(25), 2)]:
        n = of_pair(a, b, by, one, by_one)
        assert remembered(a, b, by, other, by_other, known) == n
        assert (one == other).all()
        assert (by_one[:n] == by_other[:n]).all()
        likely += n
        other[:] = -1
        if plain(a, b, by[0], *known[:5], other):
            assert n == 0
            assert (one == other).all()
            plainly += 1
    assert likely > 0
    assert (known[3] > 0).any() == tables
    assert (plainly > 0) == (tables and trials > 6)


def test_a_small_p_is_never_missed_for_seeming_hopeless():
    meetings = meet(encode(lively()), 500, SPAN)
    everything = judge(meetings)
    for keep in (0.9, 0.3, 0.05, 0.002):
        assert judge(meetings, keep).equals(everything.filter(everything["p_value"] <= keep))


def test_each_stratum_has_a_table_of_its_own():
    meetings = meet(encode(lively()), 500, SPAN)
    known = memory(fields(meetings))
    begin, wide = known[1], known[2]
    assert len(begin) == len(np.unique(meetings.episode_stratum)) > 4
    assert (np.diff(begin) == wide[:-1] ** 2).all()
