"""Members of campaigns are not given away by anything one can count, and the audit would notice."""

from __future__ import annotations

import pytest

from ingest.synthetic.audit import LIMIT, audit, auroc
from ingest.synthetic.market import MarketSettings, plant
from ingest.synthetic.settings import KINDS
from tests.ingest.planted import market

SEEDS = (1, 2, 3, 4)
# What promoters say shows in markets of `plant`: 0.73 for words such as "buy", "huge", "now". The
# shipped model was trained on them, so they stay; those of plant_families do not have this.
KNOWN = {"loud_words"}
PROMISED = {"posts", "degree", "reposts", "text_length", "followers", "created_at", "links"}


def test_no_one_line_score_finds_the_members() -> None:
    findings = audit(market(seed) for seed in SEEDS)
    assert {finding.score for finding in findings} >= PROMISED
    assert {f.score for f in findings if f.given_away} <= KNOWN


@pytest.mark.parametrize("kind", KINDS)
def test_nor_the_members_of_one_kind_by_more_than_a_trifle(kind: str) -> None:
    # Who shares links in a drip does share links: that much shows.
    findings = audit((market(s) for s in SEEDS), kind)
    assert max(f.auroc for f in findings if f.score not in KNOWN) < LIMIT + 0.06


def test_the_audit_flags_members_that_post_ten_times_as_much() -> None:
    loud = [plant(MarketSettings(seed=seed, member_pace=10.0)) for seed in SEEDS[:2]]
    given_away = {finding.score for finding in audit(loud) if finding.given_away}
    assert {"posts", "degree"} <= given_away


def test_the_audit_flags_members_that_post_next_to_nothing() -> None:
    quiet = [plant(MarketSettings(seed=seed, member_pace=0.0)) for seed in SEEDS[:2]]
    assert any(finding.given_away for finding in audit(quiet))


@pytest.mark.parametrize(
    ("positives", "negatives", "expected"),
    [
        ([3.0, 4.0], [1.0, 2.0], 1.0),
        ([1.0, 2.0], [3.0, 4.0], 0.0),
        ([1.0, 1.0], [1.0, 1.0, 1.0], 0.5),
        ([1.0, 3.0], [2.0, 2.0], 0.5),
        ([2.0], [1.0, 2.0, 3.0, 0.0], 0.625),
    ],
)
def test_auroc_counts_ties_half(
    positives: list[float], negatives: list[float], expected: float
) -> None:
    assert auroc(positives, negatives) == pytest.approx(expected)


def test_auroc_needs_both_sides() -> None:
    with pytest.raises(ValueError, match="needs members and others"):
        auroc([], [1.0])
