"""Each kind of campaign behaves as its name says, and its members live ordinary lives beside it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import combinations, pairwise
from statistics import mean

import pytest

from graph.model import Post
from graph.text import text_key, words
from ingest.synthetic.market import MarketSettings, Planted
from ingest.synthetic.settings import DAY, HOUR, KINDS, MINUTE
from ingest.synthetic.truth import Campaign
from tests.ingest.planted import market, posts_of, waves

SEEDS = (1, 2, 3)


def campaigns(kind: str | None = None) -> Iterator[tuple[Planted, Campaign, list[Post]]]:
    for seed in SEEDS:
        planted = market(seed)
        for campaign in planted.truth.campaigns:
            if kind in (None, campaign.kind):
                yield planted, campaign, posts_of(planted, campaign)


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_is_planted_with_eight_to_twenty_members(kind: str) -> None:
    sizes = [len(campaign.members) for _, campaign, _ in campaigns(kind)]
    assert len(sizes) == 2 * len(SEEDS)
    assert all(8 <= size <= 20 for size in sizes)


def test_members_are_in_one_campaign_and_a_leader_is_first() -> None:
    for planted, campaign, posts in campaigns():
        leaders = {member.account_id for member in campaign.members if member.role == "leader"}
        assert 1 <= len(leaders) <= 2
        assert posts[0].account_id in leaders
        every = [a for one in planted.truth.campaigns for a in one.account_ids]
        assert len(every) == len(set(every))


def test_every_campaign_post_names_the_stock() -> None:
    for _, campaign, posts in campaigns():
        assert all(post.tickers == (campaign.ticker,) for post in posts)


def test_a_copied_burst_is_over_in_minutes_and_nearly_one_text() -> None:
    for _, campaign, posts in campaigns("copied_burst"):
        bursts = waves(posts, 30 * MINUTE)
        assert 2 <= len(bursts) <= 4
        assert campaign.end - campaign.start <= 14 * DAY
        for burst in bursts:
            assert burst[-1].at - burst[0].at <= 11 * MINUTE
            assert len({post.account_id for post in burst}) >= 0.7 * len(campaign.members)
            common = set.intersection(*(set(words(post.text)) for post in burst))
            assert all(len(set(words(post.text)) - common) <= 3 for post in burst)


def test_some_copies_are_exact_and_some_are_edited() -> None:
    shares = []
    for _, _, posts in campaigns("copied_burst"):
        for burst in waves(posts, 30 * MINUTE):
            commonest = Counter(text_key(post.text) for post in burst).most_common(1)[0][1]
            shares.append(commonest / len(burst))
    assert 0.4 < mean(shares) < 0.95


def test_reworded_texts_are_hardly_ever_equal_and_share_few_words() -> None:
    for _, _, posts in campaigns("reworded_jitter"):
        assert len({text_key(post.text) for post in posts}) >= 0.95 * len(posts)
        pairs = combinations([set(words(post.text)) for post in posts], 2)
        assert mean(len(a & b) / len(a | b) for a, b in pairs) < 0.45


def test_reworded_waves_take_hours_up_to_two_days() -> None:
    for _, campaign, posts in campaigns("reworded_jitter"):
        assert campaign.end - campaign.start > 2 * HOUR
        assert campaign.end - campaign.start <= 16 * DAY
        close = sum(b.at - a.at < MINUTE for a, b in pairwise(posts))
        assert close < len(posts) / 4


def test_a_link_drip_shares_few_pages_over_days_with_own_texts() -> None:
    for planted, campaign, posts in campaigns("link_drip"):
        pages = Counter(link for post in posts for link in post.links)
        assert 1 <= len(pages) <= 4
        assert campaign.end - campaign.start > 3 * DAY
        assert len({text_key(post.text) for post in posts}) > 0.9 * len(posts)
        ids = set(campaign.post_ids)
        elsewhere = [p for p in planted.posts if p.id not in ids and set(p.links) & set(pages)]
        assert all(post.repost_of or post.quote_of for post in elsewhere)


def test_members_live_ordinary_lives_beside_the_campaign() -> None:
    for planted, campaign, _ in campaigns():
        ids, members = set(campaign.post_ids), set(campaign.account_ids)
        other = [p for p in planted.posts if p.account_id in members and p.id not in ids]
        assert {post.account_id for post in other} == members
        assert len({ticker for post in other for ticker in post.tickers}) > 5


def test_some_members_post_for_the_campaign_a_single_time() -> None:
    once = [
        Counter(post.account_id for post in posts)[account] == 1
        for _, campaign, posts in campaigns()
        for account in campaign.account_ids
    ]
    assert 0.05 < mean(once) < 0.5


def test_the_price_peaks_with_the_campaign_and_falls_after() -> None:
    for planted, campaign, _ in campaigns():
        if campaign.price_effect < 0.35:
            continue
        closes = {b.at: b.close for b in planted.bars if b.ticker == campaign.ticker}
        before = mean(c for at, c in closes.items() if 8 * DAY < campaign.start - at < 20 * DAY)
        peak = max(c for at, c in closes.items() if campaign.start - DAY < at <= campaign.end)
        after = min(c for at, c in closes.items() if 0 < at - campaign.end < 12 * DAY)
        assert peak > before * (1 + 0.4 * campaign.price_effect)
        assert after < peak * (1 - 0.3 * campaign.price_effect / (1 + campaign.price_effect))


def test_effect_and_size_do_not_depend_on_the_kind() -> None:
    effects = {kind: {c.price_effect for _, c, _ in campaigns(kind)} for kind in KINDS}
    assert all(len(found) >= 2 for found in effects.values())
    assert MarketSettings().campaign_count == 6
