"""Labels: what is taken, what stands as of a moment, and that nothing is ever lost."""

from __future__ import annotations

from dataclasses import replace

import pytest

from graph.backends import migrations
from graph.backends.bolt import BoltStore
from graph.errors import UsageError
from graph.forget import forget_account
from graph.label_store import EVER, as_meant, labels_of, read_labels, write_labels
from graph.labels import Label, SubjectKind, Tier, Verdict, checked, current, day_of, said, word
from graph.schema import VERSION
from graph.store import Counters
from tests.api import market

DAY = market.DAY
NOW = market.AS_OF + 10 * DAY
ACCOUNT = market.account_id(0, 0)
GOLD = Label(
    SubjectKind.ACCOUNT,
    ACCOUNT,
    Verdict.PROMOTION,
    Tier.GOLD,
    1.0,
    "release 2024-1",
    market.AS_OF,
    "named in it",
)
STOCK_DAY = replace(GOLD, kind=SubjectKind.STOCK_DAY, subject="T0:2023-11-16")


@pytest.fixture
def filled(store: BoltStore) -> BoltStore:
    """A store with the small market."""
    market.put_market(store)
    return store


def as_read(store: BoltStore, as_of: int) -> list[tuple[str, str, str]]:
    return [(x.subject, x.verdict, x.tier) for x in current(read_labels(store, as_of), as_of)]


def test_what_was_written_is_read_and_twice_is_once(filled: BoltStore) -> None:
    assert write_labels(filled, [GOLD, STOCK_DAY], NOW).nodes_created == 2
    assert write_labels(filled, [GOLD, STOCK_DAY], NOW + DAY) == Counters()
    found = {label.id: label for label in read_labels(filled, EVER)}
    assert found == {x.id: replace(x, recorded_at=NOW) for x in (GOLD, STOCK_DAY)}


def test_nothing_is_seen_before_it_was_known(filled: BoltStore) -> None:
    write_labels(filled, [GOLD], NOW)
    assert read_labels(filled, GOLD.known_at - 1) == []
    assert labels_of(filled, [ACCOUNT], GOLD.known_at - 1) == []
    assert len(read_labels(filled, GOLD.known_at)) == 1


def test_a_later_word_of_the_same_source_supersedes_and_the_earlier_stays_readable(
    filled: BoltStore,
) -> None:
    later = replace(GOLD, verdict=Verdict.HARMLESS, known_at=GOLD.known_at + DAY)
    write_labels(filled, [later], NOW)
    write_labels(filled, [GOLD], NOW)  # the order of writing says nothing
    assert as_read(filled, later.known_at - 1) == [(ACCOUNT, "promotion", "gold")]
    assert as_read(filled, later.known_at) == [(ACCOUNT, "harmless", "gold")]
    assert len(read_labels(filled, EVER)) == 2


def test_another_source_or_tier_stands_beside_it(filled: BoltStore) -> None:
    others = [replace(GOLD, provenance="another"), replace(GOLD, tier=Tier.SILVER)]
    silver = replace(others[1], verdict=Verdict.HARMLESS, known_at=GOLD.known_at + DAY)
    write_labels(filled, [GOLD, others[0], silver], NOW)
    assert sorted(as_read(filled, EVER)) == [
        (ACCOUNT, "harmless", "silver"),
        (ACCOUNT, "promotion", "gold"),
        (ACCOUNT, "promotion", "gold"),
    ]


def test_a_cluster_is_meant_as_its_lineage(filled: BoltStore) -> None:
    filled.write("schema/set_version", version=1)
    filled.apply_schema()  # gives the clusters lineages
    asked = replace(GOLD, kind=SubjectKind.CLUSTER, subject="c-00")
    assert [x.subject for x in as_meant(filled, [asked, GOLD])] == ["l-00", ACCOUNT]
    write_labels(filled, [asked], NOW)
    assert as_read(filled, EVER) == [("l-00", "promotion", "gold")]


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (replace(GOLD, confidence=0.0), "above 0, at most 1"),
        (replace(GOLD, confidence=1.5), "above 0, at most 1"),
        (replace(GOLD, confidence=float("nan")), "above 0, at most 1"),
        (replace(GOLD, known_at=NOW + 1), "in the future"),
        (replace(GOLD, known_at=0), "known_at is missing"),
        (replace(GOLD, provenance=" "), "provenance is empty"),
        (replace(GOLD, provenance="x" * 300), "300 characters"),
        (replace(GOLD, reason="x" * 3_000), "3000 characters"),
        (replace(GOLD, provenance="https://me:pw@example.org/list"), "password or key"),
        (replace(GOLD, reason="fetched with api_key=1234"), "password or key"),
        (replace(STOCK_DAY, subject="T0"), "TICKER:YYYY-MM-DD"),
        (replace(STOCK_DAY, subject="T0:2023-02-30"), "TICKER:YYYY-MM-DD"),
        (replace(STOCK_DAY, known_at=market.START), "before the day"),
    ],
)
def test_what_makes_no_sense_is_refused_with_a_sentence(wrong: Label, says: str) -> None:
    with pytest.raises(UsageError, match=says):
        checked(wrong, NOW)


@pytest.mark.parametrize(
    "label",
    [
        replace(GOLD, subject="x:nobody"),
        replace(STOCK_DAY, subject="NONE:2023-11-16"),
        replace(GOLD, kind=SubjectKind.CLUSTER, subject="c-99"),
        replace(GOLD, kind=SubjectKind.CLUSTER, subject=ACCOUNT),
    ],
)
def test_an_unknown_subject_is_refused_and_nothing_is_written(
    filled: BoltStore, label: Label
) -> None:
    with pytest.raises(UsageError, match="the graph holds no"):
        write_labels(filled, [GOLD, label], NOW)
    assert read_labels(filled, EVER) == []


def test_one_source_cannot_say_two_things_at_one_moment(filled: BoltStore) -> None:
    write_labels(filled, [GOLD], NOW)
    for other in (replace(GOLD, verdict=Verdict.HARMLESS), replace(GOLD, confidence=0.5)):
        with pytest.raises(UsageError, match="needs a later known_at"):
            write_labels(filled, [other], NOW)
    with pytest.raises(UsageError, match="needs a later known_at"):
        write_labels(filled, [STOCK_DAY, replace(STOCK_DAY, verdict=Verdict.HARMLESS)], NOW)


def test_a_forgotten_account_takes_its_labels_with_it(filled: BoltStore) -> None:
    write_labels(filled, [GOLD, STOCK_DAY], NOW)
    forget_account(filled, ACCOUNT)
    assert [x.subject for x in read_labels(filled, EVER)] == [STOCK_DAY.subject]


def test_what_analysts_made_of_alerts_before_becomes_labels(filled: BoltStore) -> None:
    filled.write("schema/set_version", version=1)
    for entry in ("10 dismissed a fan club", "20 open again, by run r-2", "30 acknowledged"):
        state = {"state": "acknowledged", "reason": None, "entry": entry}
        filled.write("detect/set_alert_state", id="a-c-00", **state)
    filled.apply_schema()
    assert migrations.version_of(filled) == VERSION
    found = read_labels(filled, EVER)
    assert sorted((x.known_at, x.verdict, x.reason, x.recorded_at) for x in found) == [
        (10, "harmless", "a fan club", 10),
        (30, "promotion", None, 30),
    ]
    assert {x.subject for x in found} == {"l-00"}
    filled.write("schema/set_version", version=3)
    filled.apply_schema()  # as after a crash
    assert len(read_labels(filled, EVER)) == 2


def test_words_and_moments() -> None:
    assert word(Tier, " Gold ", "tier") is Tier.GOLD
    with pytest.raises(UsageError, match="'iron' is no tier; there are gold, silver, bronze"):
        word(Tier, "iron", "tier")
    assert day_of("T0:2023-11-15") == market.START
    assert said(market.START + 5) == "2023-11-15T00:00:00.005Z"
