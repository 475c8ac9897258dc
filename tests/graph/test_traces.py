"""What is special to each trace. What all of them keep is in test_traces_contract.py."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.detection.traces import (
    account_metadata,
    co_domain,
    co_hashtag,
    co_mention,
    co_reply,
    co_repost,
    co_ticker,
    hashtag_sequence,
    lockstep,
    same_phrase,
)
from graph.detection.traces.source import sources
from graph.errors import UsageError
from graph.model import Account
from graph.windows import millis
from tests.graph.trace_examples import HOUR, T0, Case, wrote

MINUTE = 60_000


def acts(trace, *posts, people=()):
    """(account, object) of every act."""
    frame = trace.acts(Case(list(posts), people).observed())
    return sorted(frame.select("account", "object").iter_rows())


def test_a_long_list_of_stocks_hashtags_or_names_says_little_of_each():
    many = tuple(f"x:{n}" for n in range(6))
    for trace, name, most in (
        (co_ticker, "tickers", 3),
        (co_hashtag, "hashtags", 5),
        (co_mention, "mentions", 5),
    ):
        assert len(acts(trace, wrote("ann", 0, **{name: many[:most]}))) == most
        assert acts(trace, wrote("ann", 0, **{name: many[: most + 1]})) == []


def test_chance_is_taken_within_what_honest_people_are_fond_of():
    post = wrote(
        "ann",
        0,
        tickers=("ZORP",),
        hashtags=("zorp",),
        mentions=("x:star",),
        links=("https://a.example/1",),
    )
    for trace in (co_ticker, co_hashtag, co_mention, co_domain):
        (act,) = trace.acts(Case([post]).observed()).iter_rows(named=True)
        assert act["stratum"] == act["object"] != ""


def test_a_site_is_the_host_of_an_address():
    links = (
        "https://a.example/1",
        "https://a.example?x",
        "https://b.example:8080#!y",
        "c.example/z",
    )
    found = acts(co_domain, wrote("ann", 0, links=links))
    assert [site for _, site in found] == ["a.example", "b.example:8080", "c.example"]


def test_hashtags_have_an_order_and_repeat_nothing():
    assert acts(hashtag_sequence, wrote("ann", 0, hashtags=("c", "a", "c", "b"))) == [
        ("x:ann", "#c #a #b")
    ]
    assert acts(hashtag_sequence, wrote("ann", 0, hashtags=("a", "b", "a"))) == []


def test_who_names_answers_or_repeats_itself_does_not_act():
    own = wrote("ann", 0, mentions=("x:ann", "x:star"))
    assert acts(co_mention, own) == [("x:ann", "x:star")]
    assert acts(co_reply, own, wrote("ann", 9, reply_to=own.id)) == []
    assert acts(co_reply, own, wrote("bob", 9, reply_to=own.id)) == [("x:bob", own.id)]
    assert acts(co_reply, wrote("bob", 9, reply_to="x:unknown")) == [("x:bob", "x:unknown")]
    assert acts(co_repost, own, wrote("ann", 9, repost_of=own.id)) == []
    assert acts(co_repost, wrote("bob", 9, repost_of="x:unknown")) == [("x:bob", "x:unknown")]


def test_an_audience_weighs_less_than_a_promoter():
    assert co_repost.TRACE.audience
    assert co_repost.TRACE.weight < co_ticker.TRACE.weight


@settings(deadline=None, max_examples=200)
@given(st.lists(st.tuples(st.sampled_from("ab"), st.integers(0, 90_000)), max_size=25))
def test_posts_share_a_moment_wherever_they_lie_within_the_longest_window(drawn):
    posts = [wrote(f"{who}{n}", at) for n, (who, at) in enumerate(drawn)]
    moment = dict(acts(lockstep, *posts))
    longest = max(map(millis, lockstep.WINDOWS))
    times = sorted(at for _, at in drawn)
    for one in posts:
        for two in posts:
            low, high = sorted((one.at - T0, two.at - T0))
            inside = [low, *(at for at in times if low <= at <= high)]
            linked = all(b - a <= longest for a, b in itertools.pairwise(inside))
            same = moment[one.account_id] == moment[two.account_id]
            assert same == linked
            assert same or high - low > longest


def test_two_platforms_have_their_own_moments():
    other = replace(wrote("bob", 5), account_id="reddit:bob", id="reddit:1")
    found = [o for _, o in acts(lockstep, wrote("ann", 0), other)]
    assert found == [f"reddit@{T0 + 5}", f"x@{T0}"]


def test_accounts_of_a_table_that_names_no_platform_are_on_one():
    posts = [replace(wrote(who, at), account_id=who) for who, at in (("ann", 0), ("bob", 5))]
    assert acts(lockstep, *posts) == [("ann", f"@{T0}"), ("bob", f"@{T0}")]


def test_a_moment_belongs_to_the_hour_in_which_it_began():
    posts = [wrote("ann", HOUR - 1_000), wrote("bob", HOUR + 1_000)]
    frame = lockstep.acts(Case(posts).observed())
    assert frame["stratum"].unique().to_list() == [str(T0 // HOUR)]


def _born(key, handle, **more):
    return Account(f"x:{key}", "x", 0, handle, created_at=T0 - HOUR, **more)


@pytest.mark.parametrize(
    ("handle", "pattern"),
    [
        ("amy_rose2048", "a_a0000"),
        ("Zoë1234", "a0000"),
        ("2048amy", "0000a"),
        ("amy12", None),
        ("amy12b34", None),
        ("", None),
        (None, None),
    ],
)
def test_a_handle_has_a_pattern_where_it_has_four_digits_in_a_row(handle, pattern):
    found = acts(account_metadata, wrote("ann", 0), people=[_born("ann", handle)])
    assert found == ([("x:ann", f"handle {pattern}")] if pattern else [])


def test_an_account_acts_once_a_pattern_when_it_was_made_shown_by_its_first_own_post():
    old = wrote("old", -9 * HOUR)
    posts = [
        old,
        wrote("ann", -5, repost_of=old.id, client="app a"),
        wrote("ann", 3, client="app b"),
        wrote("ann", 1, client="app b"),
        wrote("ann", 2, client="app a"),
        wrote("new", 0, client="app b"),
    ]
    people = [_born("ann", "amy2048"), Account("x:new", "x", 0, "new1234"), _born("quiet", "q1234")]
    frame = account_metadata.acts(Case(posts, people).observed())
    assert sorted(frame.select("post", "at", "object").iter_rows()) == [
        ("x:ann-1", T0 - HOUR, "client app b"),
        ("x:ann-1", T0 - HOUR, "handle a0000"),
    ]


def _campaign(posts, fans, gap=MINUTE, star="star"):
    originals = [wrote(star, -n * HOUR) for n in range(1, posts + 1)]
    return originals + [
        wrote(f"fan{fan}-{p.id}", p.at - T0 + 1 + fan * gap, repost_of=p.id)
        for p in originals
        for fan in range(fans)
    ]


def test_the_source_is_whom_several_repost_in_bursts():
    ring = [replace(p, account_id=p.account_id.split("-")[0]) for p in _campaign(3, 5)]
    crowd = [replace(p, id=p.id + "b") for p in _campaign(2, 6, star="moon")]
    crowd = [replace(p, repost_of=p.repost_of and p.repost_of + "b") for p in crowd]
    found = sources(Case(ring + crowd).observed())
    assert found.select("account", "posts", "bursts", "reposters", "faithful").rows() == [
        ("x:star", 3, 3, 5, 5),
        ("x:moon", 2, 2, 12, 0),
    ]
    assert found["first_at"][0] == T0 - 3 * HOUR + 1
    assert found["last_at"][0] == T0 - HOUR + 1 + 4 * MINUTE


@pytest.mark.parametrize(
    "posts",
    [
        _campaign(1, 9),  # one post only
        _campaign(3, 4),  # too few at once
        _campaign(3, 9, gap=11 * MINUTE),  # one after the other
        [replace(p, account_id="x:star") for p in _campaign(3, 9)],  # itself
        [p for p in _campaign(3, 9) if p.repost_of],  # nobody knows whose posts these are
        [],
    ],
)
def test_no_source_without_bursts_of_others(posts):
    assert sources(Case(posts).observed()).is_empty()


def test_a_window_that_is_none_is_refused():
    with pytest.raises(UsageError, match="is no window"):
        sources(Case([]).observed(), window="soon")


def phrase_pairs(*said):
    """How many texts have a phrase in common; `said` are (account, stock, text)."""
    posts = [wrote(who, n, text, tickers=(stock,)) for n, (who, stock, text) in enumerate(said)]
    return same_phrase.look(Case(posts).observed())[1].height


def worded(n, stock="ZORP"):
    return f"a{n}", stock, f"own{n} words{n} buy it before monday own{n} end{n}"


def test_a_phrase_is_what_some_use_about_one_stock_and_neither_few_nor_everybody():
    three, most = 3, same_phrase.MOST
    assert phrase_pairs(*map(worded, range(three - 1))) == 0
    assert phrase_pairs(*map(worded, range(three))) == 3
    assert phrase_pairs(*map(worded, range(most))) == most * (most - 1) / 2
    assert phrase_pairs(*map(worded, range(most + 1))) == 0
    stocks = [worded(n, f"ZORP{n % 2}") for n in range(4)]
    assert phrase_pairs(*stocks) == 0  # two use it about each


def test_the_name_of_the_stock_is_no_word_of_a_phrase():
    rows = [
        (f"a{n}", "ZORP", f"own{n} one buy $ZORP now or{n} never{n} again{n}") for n in range(5)
    ]
    assert phrase_pairs(*rows) == 0
    rows = [(f"a{n}", "ZORP", f"own{n} one buy $ZORP now today or{n} never{n}") for n in range(5)]
    assert phrase_pairs(*rows) == 10
