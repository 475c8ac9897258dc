"""Hard negatives look coordinated and nobody asked for them; what they do to prices."""

from __future__ import annotations

from collections import Counter
from statistics import mean, median

import pytest

from graph.model import Bar
from graph.text import text_key
from ingest.synthetic.families import NEGATIVES
from ingest.synthetic.families.moves import Move, moved, spread
from ingest.synthetic.settings import DAY, HOUR, MINUTE
from tests.ingest.families import background, honest, market


@pytest.mark.parametrize("kind", NEGATIVES)
def test_each_kind_is_there_and_its_members_are_drawn_from_everybody(kind: str) -> None:
    for planted, decoy, posts in honest(kind):
        assert len(decoy.account_ids) >= 4
        assert {p.account_id for p in posts} == set(decoy.account_ids)
        if decoy.ticker:
            assert mean(decoy.ticker in p.tickers for p in posts) > 0.9
        assert planted.truth.honest(decoy)


def test_a_meme_run_grows_for_days_and_repeats_its_jokes() -> None:
    for _, decoy, posts in honest("meme_run"):
        assert 2 * DAY < decoy.end - decoy.start < 7 * DAY
        half = (decoy.start + decoy.end) / 2
        assert sum(p.at > half for p in posts) > 0.55 * len(posts)
        texts = Counter(text_key(p.text) for p in posts if p.repost_of is None)
        assert texts.most_common(1)[0][1] >= 2


def test_earnings_take_a_day_and_a_news_burst_an_hour() -> None:
    for _, decoy, _posts in honest("earnings_surprise"):
        assert decoy.end - decoy.start < DAY
    for _, decoy, posts in honest("news_burst"):
        assert decoy.end - decoy.start <= HOUR
        assert posts[len(posts) // 2].at - decoy.start < 15 * MINUTE
        copies = Counter((text_key(p.text), p.links) for p in posts)
        assert copies.most_common(1)[0][1] >= 0.12 * len(posts)


def test_a_squeeze_is_talked_of_in_market_hours() -> None:
    for _, _decoy, posts in honest("short_squeeze"):
        inside = [14 * HOUR <= p.at % DAY < 22 * HOUR for p in posts if not p.reply_to]
        assert mean(inside) > 0.9


def test_fans_chat_for_weeks_and_answer_each_other() -> None:
    for _, decoy, posts in honest("fan_community"):
        assert 6 <= len(decoy.account_ids) <= 16
        assert decoy.end - decoy.start > 20 * DAY
        assert any(p.reply_to for p in posts)


def test_bots_repeat_headlines_of_all_stocks_within_moments() -> None:
    for _, decoy, posts in honest("news_bots"):
        assert decoy.ticker is None
        assert len({t for p in posts for t in p.tickers}) > 5
        times: dict[tuple[str, ...], list[int]] = {}
        for post in posts:
            times.setdefault(post.links, []).append(post.at)
        together = [max(at) - min(at) for at in times.values() if len(at) > 1]
        assert max(together) <= 90_000
        assert median(len(at) for at in times.values()) >= 2


def bar(day: int, close: float = 10.0) -> Bar:
    return Bar("ACME", day * DAY, day * DAY, close, close, close, close, close, 100.0)


def test_a_move_stays_and_volume_is_louder_only_on_its_days() -> None:
    bars = [bar(day) for day in range(6)]
    after = moved(bars, spread("ACME", 2 * DAY, 3 * DAY, 0.21, 3.0))
    assert [round(b.close, 4) for b in after] == [10, 10, 11, 12.1, 12.1, 12.1]
    assert [b.open for b in after][:4] == pytest.approx([10, 10, 10, 11])
    assert [b.volume for b in after] == [100, 100, 300, 300, 100, 100]
    assert all(b.low <= min(b.open, b.close) <= max(b.open, b.close) <= b.high for b in after)


def test_a_move_on_a_day_without_trading_happens_in_the_next_session() -> None:
    bars = [bar(0), bar(1), bar(4)]
    after = moved(bars, [Move("ACME", 2 * DAY, 3 * DAY, 0.1, 2.0)])
    assert [b.volume for b in after] == [100, 100, 200]
    assert after[2].close == pytest.approx(10 * 2.718281828**0.1)
    assert moved(bars, [Move("ACME", 9 * DAY, 9 * DAY, 0.1, 2.0)]) == bars
    assert moved(bars, [Move("OTHER", DAY, DAY, 0.1, 2.0)]) == bars


def test_prices_of_stocks_that_nothing_happened_to_are_untouched() -> None:
    planted, before = market(11), background(11)
    touched = {c.ticker for c in planted.truth.campaigns if c.price_effect}
    touched |= {d.ticker for d in planted.truth.decoys if d.ticker}
    changed = {a.ticker for a, b in zip(planted.bars, before.bars, strict=True) if a != b}
    assert changed <= touched
    assert [(b.ticker, b.at) for b in planted.bars] == [(b.ticker, b.at) for b in before.bars]
