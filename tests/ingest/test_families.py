"""Each family behaves as docs/planted.md says, and takes nobody's marginals away."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace
from itertools import pairwise
from statistics import mean

import pytest

from graph.errors import UsageError
from graph.text import text_key, words
from ingest.synthetic.background import SECOND_PLATFORM
from ingest.synthetic.families import FAMILIES, NEGATIVES, plant_families
from ingest.synthetic.families.disguised import HIDDEN
from ingest.synthetic.families.phrases import DISCLOSED
from ingest.synthetic.families.plan import LEAST, MOST, draw_plan
from ingest.synthetic.settings import DAY, HOUR, MINUTE
from tests.ingest.families import SEEDS, accounts_of, background, campaigns, market
from tests.ingest.planted import waves


def test_the_same_arguments_give_the_same_market_and_another_seed_another() -> None:
    assert plant_families(11, background(11)) == market(11)
    assert plant_families(12, background(11)).posts != market(11).posts


def test_a_market_has_each_family_and_each_hard_negative() -> None:
    for seed in SEEDS:
        truth = market(seed).truth
        assert [c.kind for c in truth.campaigns] == list(FAMILIES)
        assert [d.kind for d in truth.decoys] == list(NEGATIVES)
    chosen = plant_families(1, background(11), FAMILIES[:2], NEGATIVES[:1], count=3, around=2)
    assert Counter(c.kind for c in chosen.truth.campaigns) == dict.fromkeys(FAMILIES[:2], 3)
    assert [d.kind for d in chosen.truth.decoys] == [NEGATIVES[0]] * 2


def test_nobody_posts_more_or_less_than_before() -> None:
    for seed in SEEDS:
        before = Counter(post.account_id for post in background(seed).posts)
        assert Counter(post.account_id for post in market(seed).posts) == before


def test_profiles_stay_as_they_were() -> None:
    for seed in SEEDS:
        before = {one.id: replace(one, known_at=0) for one in background(seed).accounts}
        assert {one.id: replace(one, known_at=0) for one in market(seed).accounts} == before


def test_posts_are_unique_ordered_whole_seconds_and_within_the_span() -> None:
    for seed in SEEDS:
        posts, span = market(seed).posts, background(seed)
        assert len({post.id for post in posts}) == len(posts)
        assert [post.at for post in posts] == sorted(post.at for post in posts)
        assert all(span.first <= post.at < span.last and post.at % 1000 == 0 for post in posts)


def test_accounts_are_known_when_they_post() -> None:
    for seed in SEEDS:
        known = {one.id: one.known_at for one in market(seed).accounts}
        assert all(known[post.account_id] <= post.known_at for post in market(seed).posts)


def test_a_planted_post_refers_to_a_post_that_is_there_and_earlier() -> None:
    referred = 0
    for seed in SEEDS:
        at = {post.id: post.at for post in market(seed).posts}
        truth = market(seed).truth
        planted = {one for part in (*truth.campaigns, *truth.decoys) for one in part.post_ids}
        for post in market(seed).posts:
            key = post.repost_of or post.quote_of or post.reply_to
            if post.id in planted and key:
                assert at[key] < post.at
                referred += 1
    assert referred > 100


def test_members_are_in_one_campaign_took_part_and_name_its_stock() -> None:
    for seed in SEEDS:
        planted = market(seed)
        every = [one for c in planted.truth.campaigns for one in c.account_ids]
        assert len(every) == len(set(every))
        for campaign in planted.truth.campaigns:
            posts = {p.id: p for p in planted.posts if p.id in set(campaign.post_ids)}
            assert {p.account_id for p in posts.values()} == set(campaign.account_ids)
            naming = [campaign.ticker in p.tickers for p in posts.values()]
            assert mean(naming) > 0.75  # who cheers in two words may leave it out


def test_what_is_drawn_does_not_depend_on_the_family() -> None:
    drawn = [
        replace(draw_plan(random.Random(3), background(11), "c", family), family="")
        for family in FAMILIES
    ]
    assert all(one == drawn[0] for one in drawn)
    plans = [draw_plan(random.Random(n), background(11), "c", "") for n in range(200)]
    assert {one.size for one in plans} >= {9, 12, 16}
    assert all(LEAST <= one.size <= MOST for one in plans)
    assert len({one.effect for one in plans}) == 5
    assert len({one.source for one in plans}) == 5
    assert {len(one.pages) for one in plans} == {0, 1, 2}
    assert max(one.tempo for one in plans) > 3 * min(one.tempo for one in plans)


def test_f1_a_copied_text_is_over_in_minutes_and_by_most_of_the_members() -> None:
    for _, campaign, posts in campaigns("copy_paste_burst"):
        bursts = [b for b in waves(posts, 40 * MINUTE) if len(b) >= 4]
        assert 2 <= len(bursts) <= 4
        for burst in bursts:
            assert burst[-1].at - burst[0].at <= 20 * MINUTE
            common = set(words(burst[0].text))
            near = [len(common & set(words(p.text))) / len(common) > 0.75 for p in burst]
            assert mean(near) > 0.9
        assert max(len({p.account_id for p in b}) for b in bursts) >= 0.5 * len(campaign.members)


def test_f2_a_drip_takes_days_never_two_at_once() -> None:
    late = []
    for _, campaign, posts in campaigns("slow_drip"):
        assert campaign.end - campaign.start > 4 * DAY
        assert all(b.at - a.at >= 20 * MINUTE for a, b in pairwise(posts))
        middle = (campaign.start + campaign.end) / 2
        late.append(mean(p.at > middle for p in posts))
    assert mean(late) > 0.5


@pytest.mark.parametrize("family", ["slow_drip", "paraphrased_jitter"])
def test_the_price_runs_and_falls_and_after_a_drip_only_at_its_end(family: str) -> None:
    moved = 0
    for seed in SEEDS:
        planted = plant_families(seed, background(seed), (family,), (), count=3)
        flat = {(b.ticker, b.at): b.close for b in background(seed).bars}
        for one in planted.truth.campaigns:
            alone = sum(other.ticker == one.ticker for other in planted.truth.campaigns) == 1
            if one.price_effect < 0.15 or not alone:
                continue
            bars = [b for b in planted.bars if b.ticker == one.ticker]
            lift = {b.at: b.close / flat[b.ticker, b.at] for b in bars}
            early = [
                up for at, up in lift.items() if at < one.end - 10 * DAY or at < one.start - 8 * DAY
            ]
            assert max(early) == pytest.approx(1) or family != "slow_drip"
            assert max(lift.values()) == pytest.approx(1 + one.price_effect)
            assert lift[bars[-1].at] < 1 + 0.3 * one.price_effect
            moved += 1
    assert moved >= 4


def test_f3_amplifiers_say_what_a_leader_said_within_hours() -> None:
    kinds: Counter[str] = Counter()
    for _, campaign, posts in campaigns("leader_amplifiers"):
        leaders = {m.account_id for m in campaign.members if m.role == "leader"}
        own = [p for p in posts if p.account_id in leaders]
        assert own
        for post in (p for p in posts if p.account_id not in leaders):
            before = [p for p in own if 0 < post.at - p.at <= 21 * HOUR]
            assert before
            heard = set(words(before[-1].text)) & set(words(post.text))
            to = post.repost_of or post.quote_of or post.reply_to
            kinds["refers" if to else "echoes"] += 1
            assert to in {p.id for p in own} or len(heard) >= 2
    assert kinds["refers"] > 5
    assert kinds["echoes"] > 5


def test_f4_a_channel_calls_on_the_other_platform_and_the_rest_carry_it_over() -> None:
    called = 0
    for planted, campaign, posts in campaigns("cross_platform_relay"):
        accounts = accounts_of(planted)
        calls = [p for p in posts if accounts[p.account_id].platform == SECOND_PLATFORM]
        relayed = [p for p in posts if accounts[p.account_id].platform != SECOND_PLATFORM]
        assert {p.account_id for p in relayed} >= set(campaign.account_ids[2:])
        for post in relayed:
            texts = [set(words(p.text)) for p in calls if p.at < post.at]
            said = set(words(post.text))
            called += any(len(said & text) >= 0.5 * len(text) for text in texts)
    assert called > 100


def test_f5_paraphrases_share_a_message_and_hardly_a_text() -> None:
    for _, campaign, posts in campaigns("paraphrased_jitter"):
        assert len({text_key(p.text) for p in posts}) > 0.8 * len(posts)
        assert campaign.end - campaign.start > 2 * HOUR
        assert sum(b.at - a.at < MINUTE for a, b in pairwise(posts)) < len(posts) / 4


def test_f6_taken_accounts_are_old_and_say_nothing_of_their_own_any_more() -> None:
    own = []
    for planted, campaign, _posts in campaigns("hijacked_accounts"):
        accounts = accounts_of(planted)
        ordinary = {p.id for p in background(planted.truth.seed).posts}
        made = sorted(one.created_at or 0 for one in planted.accounts)
        for member in campaign.account_ids:
            assert (accounts[member].created_at or 0) <= made[int(0.75 * len(made))]
            mine = [p for p in planted.posts if p.account_id == member]
            own += [p.id in ordinary for p in mine if p.at >= campaign.start]
            assert any(p.id in ordinary for p in mine)
    assert mean(own) < 0.25  # what others answered stays


def test_f7_camouflaged_posters_mostly_post_something_else() -> None:
    for planted, _, posts in campaigns("camouflaged_posters"):
        count = Counter(p.account_id for p in planted.posts)
        for member, mine in Counter(p.account_id for p in posts).items():
            assert mine <= HIDDEN * count[member]
    hours = [
        (wave[-1].at - wave[0].at) / HOUR
        for _, _, posts in campaigns("camouflaged_posters")
        for wave in waves(posts, 6 * HOUR)
    ]
    assert max(hours) <= 11


def test_f8_issues_come_at_one_hour_with_a_page_and_a_line_that_they_are_paid() -> None:
    for _, campaign, posts in campaigns("paid_newsletter"):
        publisher = [p for p in posts if p.account_id in campaign.account_ids[:2]]
        said = [p for p in posts if any(f"({line})" in p.text for line in DISCLOSED)]
        assert 0.3 < len(said) / len(posts) < 1
        pages = Counter(link for p in posts for link in p.links if "issue-" in link)
        assert 1 <= len(pages) <= 6
        assert max(pages.values()) >= 3
        firsts = [wave[0].at % DAY for wave in waves(posts, 12 * HOUR)]
        assert max(firsts) - min(firsts) < 2 * HOUR
        assert publisher


def test_unknown_names_and_too_many_campaigns_are_refused() -> None:
    with pytest.raises(UsageError, match="there is no 'smoke'; there are copy_paste_burst"):
        plant_families(1, background(11), ("smoke",))
    with pytest.raises(UsageError, match="there are meme_run"):
        plant_families(1, background(11), negatives=("smoke",))
    with pytest.raises(UsageError, match="has room for"):
        plant_families(1, background(11), count=5)
