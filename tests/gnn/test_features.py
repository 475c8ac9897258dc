"""What is measured of clusters and stocks."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from gnn.features import CLUSTER, cluster_features
from gnn.measure import Feature, columns, measure, shown
from gnn.stocks import STOCK, stock_features
from graph.detection.observed import Observed, from_values
from graph.model import Account, Cluster, Post, Tie
from tests.gnn.toy import AS_OF, DAY, START, account, cluster, event, market, post, tie

CREW = ["ann", "bob", "cat"]


def _people(**profile: float | None) -> list[Account]:
    return [account(who, **profile) for who in [*CREW, "dan", "eve"]]  # type: ignore[arg-type]


def _copies() -> list[Post]:
    return [post(str(i), who, "buy $ACME now", 2 * i) for i, who in enumerate(CREW)]


def _ties() -> list[Tie]:
    return [tie(a, b) for a, b in itertools.combinations(CREW, 2)]


def _measured(
    posts: list[Post], found: Cluster, people: list[Account] | None = None, **rest: list
) -> dict[str, float]:
    observed = from_values(posts, people or _people(), AS_OF)
    events = rest.get("events", [])
    features = cluster_features(observed, rest.get("ties", _ties()), [found], events)
    return dict(zip(features.names, features.matrix[0].tolist(), strict=True))


def test_a_copied_burst_is_measured() -> None:
    posts = _copies()
    value = _measured([*posts, post("9", "ann", "lunch", 900, None)], cluster("c", CREW, posts))
    assert value["size"] == 3
    assert value["density"] == 1
    assert value["trace_same_text"] == 1
    assert value["trace_co_link"] == 0
    assert value["distinct_texts"] == pytest.approx(1 / 3)
    assert value["within_hour"] == 1
    assert value["waves"] == 1
    assert value["gap"] == 2
    assert value["names_stock"] == 1
    assert value["evidence_share"] == pytest.approx(3 / 4)
    assert value["age"] == pytest.approx(900, abs=0.01)


def test_waves_count_pauses_of_more_than_a_day() -> None:
    posts = [post(str(i), CREW[i], "x", minute) for i, minute in enumerate((0, 5, 3 * 1_440))]
    assert _measured(posts, cluster("c", CREW, posts))["waves"] == 2


def test_a_news_burst_has_outsiders() -> None:
    posts = _copies()
    crowd = [post("o1", "dan", "what a day for $ACME", 3), post("o2", "eve", "wow $ACME", 4)]
    far = post("o3", "dan", "still $ACME", 60 * 24 * 9)
    value = _measured([*posts, *crowd, far], cluster("c", CREW, posts))
    assert value["outsiders"] == 2
    assert value["ours"] == pytest.approx(3 / 5)
    assert value["popularity"] == 1


def test_a_price_event_after_the_posts_is_lead() -> None:
    posts = _copies()
    near, far = event(day=1, z=-6.0), event(day=20, z=30.0)
    value = _measured(posts, cluster("c", CREW, posts), events=[near, far])
    assert value["events"] == 1
    assert value["largest_move"] == 6
    assert value["lead"] == 24
    assert value["lead_missing"] == 0


def test_what_is_unknown_is_flagged_not_guessed_in_silence() -> None:
    posts = _copies()
    people = _people(age_days=None, followers=None)
    value = _measured(posts, cluster("c", CREW, posts), people=people)
    assert value["age_missing"] == 1
    assert value["followers_missing"] == 1
    assert value["lead_missing"] == 1
    assert _measured(posts, cluster("c", CREW, posts))["age_missing"] == 0


def test_a_giveaway_speaks_of_winning() -> None:
    posts = [post(str(i), who, "Hope I WIN this #contest", i, None) for i, who in enumerate(CREW)]
    value = _measured(posts, cluster("c", CREW, posts, None))
    assert value["giveaway"] == 1
    assert value["names_stock"] == 0


def test_a_cluster_without_known_posts_or_ties_still_has_finite_measures() -> None:
    empty = replace(cluster("c", CREW, _copies()), posts=())
    value = _measured([post("9", "dan", "hello", 1)], empty, ties=[])
    assert all(np.isfinite(v) for v in value.values())


def test_features_see_nothing_later_than_as_of() -> None:
    sample = market(3)
    before = cluster_features(sample.observed, sample.ties, sample.clusters, sample.events)
    stocks = stock_features(sample.observed, sample.ties, sample.clusters, sample.events)
    posts = _as_posts(sample)
    member = sample.clusters[0].members[0].account_id.removeprefix("x:")
    later = [
        replace(post(f"late{i}", member, "buy it now", 1, "TK1"), at=AS_OF + i, known_at=AS_OF + i)
        for i in range(1, 9)
    ]
    observed = from_values([*posts, *later], _as_accounts(sample), AS_OF)
    day = (sample.clusters[0].first_at - START) // DAY
    events = [*sample.events, event("TK1", day=day), event("TK1", day=day + 1)]
    late = [replace(e, known_at=AS_OF + DAY) for e in events[-2:]]
    again = cluster_features(observed, sample.ties, sample.clusters, [*sample.events, *late])
    assert again.matrix.tobytes() == before.matrix.tobytes()
    again = stock_features(observed, sample.ties, sample.clusters, [*sample.events, *late])
    assert again.matrix.tobytes() == stocks.matrix.tobytes()
    known = cluster_features(observed, sample.ties, sample.clusters, events)
    assert known.matrix.tobytes() != before.matrix.tobytes()


def test_a_row_posted_after_as_of_is_ignored_even_where_it_was_handed_in() -> None:
    sample = market(3)
    before = cluster_features(sample.observed, sample.ties, sample.clusters, sample.events)
    extra = sample.observed.posts.head(1).with_columns(post=pl.lit("x:z"), at=pl.lit(AS_OF + 1))
    extra = extra.select(sample.observed.posts.columns).cast(dict(sample.observed.posts.schema))
    handed = replace(sample.observed, posts=sample.observed.posts.vstack(extra))
    after = cluster_features(handed, sample.ties, sample.clusters, sample.events)
    assert after.matrix.tobytes() == before.matrix.tobytes()


def test_order_of_ties_and_events_changes_nothing() -> None:
    sample = market(4)
    before = cluster_features(sample.observed, sample.ties, sample.clusters, sample.events)
    after = cluster_features(
        sample.observed, sample.ties[::-1], sample.clusters, list(sample.events)[::-1]
    )
    assert after.matrix.tobytes() == before.matrix.tobytes()


def test_a_stock_is_measured_through_its_clusters() -> None:
    posts = [*_copies(), post("o", "dan", "what is $ACME", 9)]
    observed = from_values(posts, _people(), AS_OF)
    found = cluster("c", CREW, posts[:3])
    features = stock_features(observed, _ties(), [found], [event()], {"c": 0.8})
    value = dict(zip(features.names, features.matrix[0].tolist(), strict=True))
    assert features.ids == ("ACME",)
    assert value["risk"] == pytest.approx(0.8)
    assert value["clustered"] == pytest.approx(3 / 4)
    assert value["accounts"] == 4
    assert value["events"] == 1


@pytest.mark.parametrize("declared", [CLUSTER, STOCK])
def test_every_measure_has_its_own_name_and_words(declared: tuple[Feature, ...]) -> None:
    assert len(set(columns(declared))) == len(columns(declared))
    assert len({f.words for f in declared}) == len(declared)
    assert all(f.words[0].islower() for f in declared)


def test_a_measure_that_may_not_be_absent_says_so() -> None:
    broken: Feature[int] = Feature("x", "x", lambda _: None)
    with pytest.raises(ValueError, match="must always have a value"):
        measure([broken], [1], ["a"])


@pytest.mark.parametrize(
    ("show", "value", "text"),
    [
        ("share", 0.857, "86 %"),
        ("count", 1234.0, "1,234"),
        ("minutes", 3.5, "3.5 minutes"),
        ("number", 0.07142, "0.0714"),
    ],
)
def test_values_are_shown_as_people_read_them(show: str, value: float, text: str) -> None:
    assert shown(Feature("x", "x", lambda _: 0.0, show), value) == text


def _as_posts(sample) -> list[Post]:  # type: ignore[no-untyped-def]
    named: dict[str, list[str]] = {}
    for pid, ticker in sample.observed.named.iter_rows():
        named.setdefault(pid, []).append(ticker)
    rows = sample.observed.posts.select("post", "account", "at", "text").iter_rows()
    return [
        Post(i, a, at, at, text, "x", tickers=tuple(named.get(i, ()))) for i, a, at, text in rows
    ]


def _as_accounts(sample) -> list[Account]:  # type: ignore[no-untyped-def]
    rows = sample.observed.accounts.iter_rows()
    return [Account(a, "x", 0, h, c, fo, fi, n) for a, h, c, fo, fi, n in rows]


def test_a_part_of_a_market_is_measured_as_popular_as_in_the_whole() -> None:
    posts = _copies()
    part = from_values(posts, _people(), AS_OF)
    for namers, popularity in ((None, 1.0), (12, 3 / 12)):
        seen = replace(part, namers=namers)
        features = cluster_features(seen, _ties(), [cluster("c", CREW, posts)], [])
        value = dict(zip(features.names, features.matrix[0].tolist(), strict=True))
        assert value["popularity"] == popularity
        assert set(_stock_column(seen, "popularity")) == {popularity}


def _stock_column(seen: Observed, name: str) -> list[float]:
    features = stock_features(seen, [], [], [])
    return features.matrix[:, features.names.index(name)].tolist()
