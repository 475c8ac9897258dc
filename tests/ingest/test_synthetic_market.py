"""A planted market as a whole: size, order, ordinary life, honest look-alikes, prices."""

from __future__ import annotations

import itertools
from collections import Counter
from statistics import mean, pstdev

import pytest

from graph.errors import UsageError
from graph.text import text_key
from ingest.synthetic.decoys import KINDS as DECOY_KINDS
from ingest.synthetic.market import MarketSettings, Planted, plant
from ingest.synthetic.settings import DAY, HOUR, MINUTE
from ingest.synthetic.truth import Campaign, Decoy, Truth
from tests.ingest.planted import market, posts_of, small


def decoys_of(planted: Planted, kind: str) -> list[Decoy]:
    return [decoy for decoy in planted.truth.decoys if decoy.kind == kind]


def test_the_default_market_has_the_promised_size() -> None:
    planted, settings = market(), MarketSettings()
    assert len(planted.accounts) == 600
    assert 8_000 <= len(planted.posts) <= 12_000
    assert len({bar.ticker for bar in planted.bars}) == 40
    days = sorted({bar.at for bar in planted.bars})
    assert sum(day < settings.first for day in days) >= 200
    assert sum(day >= settings.last for day in days) == 20
    assert len(planted.bars) == 40 * len(days)


def test_a_market_is_the_same_each_time_and_another_with_another_seed() -> None:
    again = plant(MarketSettings(seed=1, accounts=150, stocks=12, days=30))
    assert again == small(1)
    assert small(2).posts != small(1).posts


def test_posts_are_unique_ordered_and_within_the_span() -> None:
    planted, settings = market(), MarketSettings()
    times = [post.at for post in planted.posts]
    assert times == sorted(times)
    assert settings.first <= times[0]
    assert times[-1] < settings.last
    assert len({post.id for post in planted.posts}) == len(planted.posts)
    assert all(at % 1000 == 0 for at in times)


def test_every_account_posts_and_is_known_from_its_first_post() -> None:
    planted = market()
    first: dict[str, int] = {}
    for post in planted.posts:
        first.setdefault(post.account_id, post.at)
    assert {account.id: account.known_at for account in planted.accounts} == first
    assert len({(account.handle or "").lower() for account in planted.accounts}) == 600


def test_references_point_to_earlier_posts() -> None:
    planted = market()
    at = {post.id: post.at for post in planted.posts}
    referred = [
        (post.at, reference)
        for post in planted.posts
        for reference in (post.repost_of, post.quote_of, post.reply_to)
        if reference
    ]
    assert len(referred) > 500
    assert all(at[reference] < moment for moment, reference in referred)


def test_life_is_uneven_daily_and_varied() -> None:
    posts = market().posts
    counts = sorted(Counter(post.account_id for post in posts).values())
    assert counts[-6] > 6 * counts[len(counts) // 2]
    hours = Counter(post.at % DAY // HOUR for post in posts)
    assert max(hours.values()) > 5 * min(hours[hour] for hour in range(24))
    tickers = Counter(ticker for post in posts for ticker in post.tickers)
    assert tickers.most_common(1)[0][1] > 8 * min(tickers.values())
    assert len({text_key(post.text) for post in posts}) > 5_000
    assert sum(not post.tickers for post in posts) > 500
    assert sum(len(post.tickers) > 1 for post in posts) > 300
    assert sum(bool(post.quote_of) for post in posts) > 50
    assert sum(bool(post.hashtags) for post in posts) > 500


def test_honest_people_write_some_phrases_word_for_word() -> None:
    planted = market()
    wrote: dict[str, set[str]] = {}
    for post in planted.posts:
        if post.text.startswith("watching $") and post.account_id not in planted.truth.planted:
            wrote.setdefault(post.text, set()).add(post.account_id)
    assert max(len(accounts) for accounts in wrote.values()) >= 3


@pytest.mark.parametrize("kind", DECOY_KINDS)
def test_every_kind_of_look_alike_is_there(kind: str) -> None:
    assert decoys_of(market(), kind)
    assert decoys_of(small(), kind)


def test_a_news_burst_is_a_quarter_of_all_accounts_within_minutes() -> None:
    planted = market()
    for burst in decoys_of(planted, "news_burst"):
        posts = posts_of(planted, burst)
        assert len(burst.account_ids) >= max(100, len(planted.accounts) // 4)
        assert posts[len(posts) // 2].at - burst.start < 12 * MINUTE
        assert burst.end - burst.start <= 40 * MINUTE
        assert all(burst.ticker in post.tickers for post in posts)
        copies = Counter((text_key(post.text), post.links) for post in posts)
        assert copies.most_common(1)[0][1] > len(posts) // 4


def test_the_price_jumps_on_a_news_burst() -> None:
    planted = market()
    for burst in decoys_of(planted, "news_burst"):
        bars = [bar for bar in planted.bars if bar.ticker == burst.ticker]
        moves = {b.at: b.close / a.close - 1 for a, b in itertools.pairwise(bars)}
        quiet = [move for day, move in moves.items() if day < MarketSettings().first]
        assert abs(moves[burst.start // DAY * DAY]) > 2 * pstdev(quiet)


def test_a_giveaway_is_one_text_over_weeks() -> None:
    planted = market()
    for giveaway in decoys_of(planted, "giveaway"):
        posts = posts_of(planted, giveaway)
        assert 30 <= len(giveaway.account_ids) <= 60
        assert len({text_key(post.text) for post in posts}) == 1
        assert giveaway.end - giveaway.start > 14 * DAY
        assert mean(b.at - a.at for a, b in itertools.pairwise(posts)) > 2 * HOUR
    assert {giveaway.ticker is None for giveaway in decoys_of(planted, "giveaway")} == {True, False}


def test_feed_bots_are_in_no_campaign() -> None:
    for planted in map(market, range(1, 5)):
        (feed,) = decoys_of(planted, "feed_bots")
        assert planted.truth.honest(feed) == set(feed.account_ids)


def test_feed_bots_post_the_same_headlines() -> None:
    planted = market()
    (feed,) = decoys_of(planted, "feed_bots")
    posts = posts_of(planted, feed)
    assert len({ticker for post in posts for ticker in post.tickers}) > 30
    by_text = Counter(text_key(post.text) for post in posts)
    assert mean(by_text.values()) > 2.5


def parts(truth: Truth) -> list[Campaign | Decoy]:
    return [*truth.campaigns, *truth.decoys]


def test_the_truth_fits_the_posts() -> None:
    planted = market()
    for part in parts(planted.truth):
        posts = posts_of(planted, part)
        assert tuple(post.id for post in posts) == part.post_ids
        assert (posts[0].at, posts[-1].at) == (part.start, part.end)
        assert {post.account_id for post in posts} == set(part.account_ids)
    marked = [post_id for part in parts(planted.truth) for post_id in part.post_ids]
    assert len(marked) == len(set(marked))


def test_bars_are_whole() -> None:
    for bar in market().bars:
        assert 0 < bar.low <= min(bar.open, bar.close) <= max(bar.open, bar.close) <= bar.high
        assert bar.volume > 0
        assert bar.at % DAY == 0 < bar.known_at - bar.at < DAY


def test_tickers_are_invented() -> None:
    tickers = {bar.ticker for bar in market().bars}
    assert all(len(ticker) == 4 and ticker[0] in "QXZV" for ticker in tickers)


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"accounts": 10}, "at least 60 accounts"),
        ({"stocks": 5_000}, "at most 600 stocks"),
        ({"kinds": ("copied",)}, "copied_burst, reworded_jitter, link_drip"),
        ({"campaigns": 100}, "too many campaigns"),
    ],
)
def test_impossible_settings_say_what_is_possible(wrong: dict[str, object], says: str) -> None:
    with pytest.raises(UsageError, match=says):
        MarketSettings(**wrong)  # type: ignore[arg-type]
