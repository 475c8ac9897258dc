"""What the incremental engine does to be quick changes nothing of what it says."""

from __future__ import annotations

import random

import numpy as np
import pytest

from graph.detection.incremental import proof
from graph.detection.incremental.judging import in_parts
from graph.detection.significance import hopeless
from tests.graph.acts import observed
from tests.graph.streams import ALONE, TRACES, batch, post
from tests.graph.test_incremental import LONG, campaign, engine, lively, same


def test_evidence_of_more_posts_and_pairs_than_a_key_holds(monkeypatch):
    posts = lively(random.Random(3), 200, 8, 900)
    ours = engine(traces=TRACES)
    ours.update(observed(posts))
    plain = ours.tables()
    monkeypatch.setattr(proof, "MOST_KEYS", 1)
    same(ours.tables(), batch(posts, LONG))
    assert ours.tables().evidence.equals(plain.evidence)


def test_two_posts_that_share_several_objects_are_shown_under_the_first_by_name():
    links = [f"l{n}" for n in random.Random(2).sample(range(60), 60)]
    posts = [post("a", "x:a", 0, links), post("b", "x:b", 1, links), post("c", "x:c", 5, links[:9])]
    ours = engine(traces=ALONE[0])
    ours.update(observed(posts))
    found = ours.tables()
    same(found, batch(posts, LONG, ALONE[0]))
    assert found.evidence.filter(left_post="a", right_post="b")["object"].to_list() == [min(links)]


@pytest.mark.parametrize("fdr", [0.05, 0.3])
def test_who_met_once_is_put_aside_at_a_glance_only_where_a_closer_look_would(fdr):
    posts = campaign(random.Random(9)) + lively(random.Random(1), 200, 30, 90_000)
    ours = engine(traces=TRACES)
    ours.update(observed(posts))
    wanted = batch(posts, LONG, fdr=fdr)
    assert wanted is not None
    same(ours.tables(fdr=fdr), wanted)
    assert 0 < wanted.ties.height < ours.tables().ties.height
    seen = []
    closer = hopeless.py_func
    for keep in (1e-9, 1e-4, 0.01, 0.2, 1.0):
        for once in (1e-12, 1e-5, 0.0099, 0.3, 0.9):
            mean = np.array([once, 0.0, 0.0, 0.0])
            glance = keep < 1 and once - once * once / 2 > keep * (1 + 1e-9)
            if glance:
                assert closer(np.array([1, 0, 0, 0]), mean, np.zeros((1, 3)), 0, keep)
            seen.append(glance)
    assert {True, False} == set(seen)


@pytest.mark.parametrize("parts", [1, 2, 3])
@pytest.mark.parametrize("pairs", [[], [0], [0, 0, 0, 0], [0, 0, 1, 1, 1, 2], list(range(9))])
def test_no_pair_is_in_two_parts(pairs, parts):
    keys = np.sort(np.array([pair * 4 + n % 4 for n, pair in enumerate(pairs)], dtype=np.int64))
    cut = [keys[part] for part in in_parts(keys, parts)]
    assert len(cut) == parts
    assert np.concatenate(cut).tolist() == keys.tolist()
    owners = [set((one >> 2).tolist()) for one in cut]
    assert sum(map(len, owners)) == len(set().union(*owners))
