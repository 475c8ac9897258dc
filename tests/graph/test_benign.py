"""Ordinary life that looks coordinated is said; a promoter who copies its habits is not excused."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from graph.detection import detect
from graph.detection.benign import Habits, benign, official, read_allowed
from graph.errors import UsageError
from graph.model import Cluster, Post
from tests.api import market
from tests.graph.acts import observed, post
from tests.graph.test_detection import WORDLIST, burst, life

HOUR, DAY = 60, 24 * 60


def habits(posts: Sequence[Post], reposted: Sequence[str] = (), own: int = 0) -> Habits:
    """Of a cluster whose evidence these posts are."""
    seen = observed(posts)
    return Habits(seen.posts, seen.named, seen.linked, reposted, own)


def label(posts: Sequence[Post], *reposted: str, own: int = 0) -> str:
    return benign(habits(posts, reposted, own)) or ""


def entries(
    text: str, tickers: Sequence[str] = (), count: int = 30, apart: int = 400
) -> list[Post]:
    return [post(f"g{n}", text, n * apart, tickers) for n in range(count)]


def feed(hosts: Sequence[str], stocks: int = 12) -> list[Post]:
    return [
        post(
            f"bot{n % 3}",
            " ".join(WORDLIST[(n * k + k) % 16] for k in range(1, 8)),
            n * HOUR,
            [f"T{n % stocks}"],
            links=(f"https://{hosts[n % len(hosts)]}/{n}",),
        )
        for n in range(60)
    ]


def quotes(form: str, stocks: int = 3, apart: int = HOUR) -> list[Post]:
    return [
        post(
            f"bot{n % 3}",
            form.format(f"T{n % stocks}", n / 7, n % 5),
            n * apart,
            [f"T{n % stocks}"],
        )
        for n in range(60)
    ]


def fans(days: int = 90, a_day: int = 1) -> list[Post]:
    return [
        post(f"f{n % 5}", f"note {n} {WORDLIST[n % 16]} of mine", n * DAY / a_day, ["ACME"])
        for n in range(days * a_day)
    ]


def test_a_giveaway_that_names_no_stock() -> None:
    assert "a giveaway or a chain post looks like this" in label(entries("win this lamp today"))


def test_a_giveaway_in_passing_of_a_stock() -> None:
    assert "an account at a time" in label(entries("win one share today", ["ACME"]))


@pytest.mark.parametrize(
    ("hosts", "says"),
    [
        (["news.example.org"], "with links to news.example.org: a news feed looks like this"),
        (["a.example", "b.example", "c.example"], "automated feeds look like this"),
    ],
)
def test_feeds_are_told_by_many_stocks_and_one_site(hosts: list[str], says: str) -> None:
    assert says in label(feed(hosts))


def test_a_feed_on_few_stocks_is_no_feed() -> None:
    assert label(feed(["news.example.org"], stocks=2)) == ""


def test_automated_price_posts_are_one_form_with_new_numbers() -> None:
    says = label(quotes("${} trades at {:.2f}, up {} percent"))
    assert "60 posts of one form with new numbers each time: automated price posts" in says


def test_a_pitch_is_no_price_post() -> None:
    assert label(quotes("${} is the next big thing, insiders say so")) == ""


def test_fans_write_of_one_stock_for_months_in_their_own_words() -> None:
    assert "a fan community looks like this" in label(fans())
    assert label(fans(days=30)) == ""
    assert (
        label([*fans(), *(post(f"f{n}", f"own words {n}", n, ["ACME"]) for n in range(40))]) == ""
    )


def test_copies_over_months_are_no_fans_of_their_own_words() -> None:
    same = [post(f"f{n % 5}", f"acme will triple {n % 20}", n * DAY, ["ACME"]) for n in range(90)]
    assert "fan community" not in label(same)


def test_an_audience_mostly_reposts_one_account() -> None:
    posts = [post(f"m{n}", f"own words {n} on it", n, ["ACME"]) for n in range(6)]
    says = label(posts, *["x:star"] * 9, "x:other", own=6)
    assert "repeats one account, x:star (9 of 10 reposts): an audience looks like this" in says
    assert label(posts, *["x:star"] * 5, own=6) == ""  # most of what they post is their own
    assert label(posts, *["x:star", "x:other", "x:third"] * 3, own=6) == ""


def test_the_first_reading_that_fits_is_told_and_nothing_is_no_habit() -> None:
    assert benign(habits([])) is None
    assert label(burst()) == ""


def ring_of(size: int) -> Cluster:
    return market.ring_cluster(0, market.ring_posts(0, size, "T0"))


def test_official_accounts_are_told_by_a_list() -> None:
    found = ring_of(4)
    ids = [m.account_id for m in found.members]
    seen = observed([post(id[2:], "hello", 0) for id in ids])
    (told,) = official([found], seen, [ids[0], f"@{ids[1][2:]}"])
    assert told.benign == "2 of its 4 accounts are on the list of official accounts."
    assert official([found], seen, ids[:1]) == (found,)
    assert official([found], seen, []) == (found,)


def test_a_list_is_an_id_or_handle_a_line() -> None:
    lines = ["# ours", "x:1", " @acme  # the company", ""]
    assert read_allowed(lines) == {"x:1", "@acme"}
    with pytest.raises(UsageError, match=r"line 2 .*several words: 'acme inc'"):
        read_allowed(["x:1", "acme inc"])


def test_a_ring_that_posts_a_giveaway_too_is_one_cluster_with_all_its_posts() -> None:
    """The label may stand; nothing is taken away."""
    text = "hope i win this tablet in the big spring giveaway"
    ring = burst() + burst(text="last chance to get zorp before the big news", start=9 * DAY)
    copies = [post(f"m{n % 8}", text, 15 * DAY + n * 200) for n in range(80)]
    clusters = detect(observed(life(300, 20) + ring + copies)).clusters
    (found,) = [c for c in clusters if "x:m0" in {m.account_id for m in c.members}]
    assert {p.id for p in ring} <= set(found.posts)
    assert [p.ticker for p in found.promotions] == ["ZORP"]


def test_a_cluster_carries_its_coordination() -> None:
    ring = burst() + burst(text="last chance to get zorp before the big news", start=9 * DAY)
    (found,) = detect(observed(life() + ring)).clusters
    assert found.coordination > 0.9
    chatty = [
        post(f"m{m}", f"zorp again {m} {n} " + WORDLIST[n], 4 * DAY + n * 300 + m * 31, ["ZORP"])
        for m in range(8)
        for n in range(8)
    ]
    (diluted,) = detect(observed(life() + ring + chatty)).clusters
    assert 0 < diluted.coordination < 0.6


def test_who_is_reposted_by_the_ring_is_its_source() -> None:
    ring = burst() + burst(text="last chance to get zorp before the big news", start=9 * DAY)
    again = [
        Post(f"x:again{n}", f"x:m{n}", ring[0].at + n * 60_000, ring[0].at + n * 60_000, "rt", "x",
             repost_of=ring[0].id)
        for n in range(1, 5)
    ]  # fmt: skip
    (found,) = detect(observed(life() + ring + again)).clusters
    roles = {m.account_id: m.role for m in found.members}
    assert roles["x:m0"] == "source"
    assert "leader" in roles.values()
