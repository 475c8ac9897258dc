"""Time travel: what a log cut at t gives is what the whole log gives as of t, to the last bit.

A planted market at several moments, from posts over detection to scores. What comes after t is
there or not, changed, added to, in another order: nothing as of t may move.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import polars as pl
import pytest

from api.samples import QuickEmbedder, bar_table
from gnn import habits
from gnn.dataset import Table
from gnn.features import CLUSTER
from gnn.measure import Feature, columns
from gnn.score import Scorer, measured
from gnn.train import Model
from gnn.view import DAY, View
from graph.detection import Found, detect
from graph.detection.observed import Observed, from_values
from graph.labels import Label, SubjectKind, Tier, Verdict, current
from graph.model import Account, Bar, Millis, Post, Risk
from ingest.market.events import price_events
from ingest.synthetic.market import Planted
from tests.gnn.conftest import model as trained_on_toys
from tests.ingest.planted import small

model = trained_on_toys
SHARES = (0.6, 0.9)  # of the posts known by then
FRAMES = ("posts", "named", "linked", "accounts", "hashtags", "mentioned")


@dataclass(frozen=True, slots=True)
class Log:
    """Everything that a market leaves, in the order in which it came."""

    posts: Sequence[Post]
    accounts: Sequence[Account]
    bars: Sequence[Bar]

    def until(self, t: Millis) -> Log:
        """What was known at a moment."""
        known = ([x for x in part if x.known_at <= t] for part in self.parts)
        return Log(*known)  # type: ignore[arg-type]

    @property
    def parts(self) -> tuple[Sequence[Post], Sequence[Account], Sequence[Bar]]:
        """Posts, accounts and bars."""
        return self.posts, self.accounts, self.bars


@dataclass(frozen=True, slots=True)
class Seen:
    """What one log gives as of one moment."""

    observed: Observed
    found: Found
    table: Table
    risks: tuple[dict[str, Risk], dict[str, Risk]]


def seen(log: Log, t: Millis, scorer: Scorer) -> Seen:
    """The path of a run, from values."""
    observed = from_values(log.posts, log.accounts, t)
    found = detect(observed, embedder=QuickEmbedder())
    events = price_events(bar_table(newest(log.bars, t)), t)
    table = measured(observed, found.ties, found.clusters, events)
    return Seen(observed, found, table, scorer.of(table, t))


def newest(bars: Sequence[Bar], t: Millis) -> list[Bar]:
    """Of each bar the version known last by then, as graph.bars has it; what nobody knew stays in,
    for the price events to leave it out themselves."""
    best: dict[tuple[str, int], Bar] = {}
    for bar in sorted(bars, key=lambda one: (one.known_at <= t, one.known_at)):
        if bar.known_at <= t or (bar.ticker, bar.at) not in best:
            best[bar.ticker, bar.at] = bar
    return list(best.values())


def moved(left: Seen, right: Seen) -> list[str]:
    """What differs between two, by name; nothing where every bit is equal."""
    told = [f for f in FRAMES if not _frame(left, f).equals(_frame(right, f))]
    told += ["ties"] if left.found.ties != right.found.ties else []
    told += ["clusters"] if left.found.clusters != right.found.clusters else []
    for kind in ("clusters", "stocks"):
        before, after = (getattr(one.table, kind) for one in (left, right))
        if before.ids != after.ids:
            told.append(f"ids of {kind}")
            continue
        told += [
            name
            for at, name in enumerate(before.names)
            if before.matrix[:, at].tobytes() != after.matrix[:, at].tobytes()
        ]
    return told + (["risks"] if left.risks != right.risks else [])


def _frame(one: Seen, name: str) -> pl.DataFrame:
    frame: pl.DataFrame = getattr(one.observed, name)
    return frame


def log_of(planted: Planted, seed: int) -> Log:
    """A market as a log: posts that are seen again later, accounts whose profiles change, and bars
    that were corrected a week after."""
    rng = random.Random(seed)
    posts = [*planted.posts, *(_edited(p) for p in rng.sample(planted.posts, 100))]
    grown = [_grown(account, rng) for account in planted.accounts for _ in range(2)]
    bars = [*planted.bars, *(_corrected(bar) for bar in rng.sample(planted.bars, 60))]
    log = Log(posts, [*planted.accounts, *grown], bars)
    return Log(*(rng.sample(part, len(part)) for part in log.parts))  # type: ignore[arg-type]


def _edited(post: Post) -> Post:
    later = post.known_at + 3 * DAY
    return replace(post, known_at=later, text=f"edit: {post.text}", tickers=(*post.tickers, "ZZZZ"))


def _grown(account: Account, rng: random.Random) -> Account:
    later = account.known_at + rng.randrange(1, 25) * DAY
    return replace(account, known_at=later, followers=rng.randrange(5_000), handle="renamed")


def _corrected(bar: Bar) -> Bar:
    return replace(bar, known_at=bar.known_at + 7 * DAY, close=bar.close * 2, volume=bar.volume * 9)


def moments(log: Log) -> list[Millis]:
    """Several moments of a log, by the share of posts known then."""
    known = sorted(post.known_at for post in log.posts)
    return [known[int(share * (len(known) - 1))] for share in SHARES]


@pytest.fixture(scope="module")
def scorer(model: Model) -> Scorer:
    return Scorer(model, "toys")


@pytest.fixture(scope="module", params=(1, 2))
def log(request: pytest.FixtureRequest) -> Log:
    return log_of(small(request.param), request.param)


def test_a_log_cut_at_a_moment_gives_what_the_whole_gives_as_of_it(
    log: Log, scorer: Scorer
) -> None:
    scored = 0
    for t in moments(log):
        cut = log.until(t)
        assert all(len(a) < len(b) for a, b in zip(cut.parts, log.parts, strict=True))
        whole = seen(log, t, scorer)
        assert moved(whole, seen(cut, t, scorer)) == []
        scored += len(whole.risks[0])
    assert scored > 3  # the markets have something to lose


def futures(log: Log, t: Millis, rng: random.Random) -> Iterator[Log]:
    """What could come after a moment in place of what came, each with what was known then."""
    known = log.until(t)
    hot = random.Random(0).sample(sorted({p.account_id for p in known.posts}), 20)
    ticker = next(p.tickers[0] for p in known.posts if p.tickers)
    shout = [
        Post(f"x:f{n}", who, t + 1 + n, t + 1 + n, f"buy ${ticker} now", "x", tickers=(ticker,))
        for n, who in enumerate(hot)
    ]
    late = [replace(p, id=f"{p.id}l", known_at=t + DAY) for p in rng.sample(list(known.posts), 50)]
    people = [Account(who, "x", t + 1, "changed", t - DAY, 9, 9, 9) for who in hot]
    crash = [replace(b, known_at=t + 1, close=b.close / 3) for b in known.bars[::7]]
    next_day = [replace(b, at=b.at + 40 * DAY, known_at=t + 2, volume=9e9) for b in known.bars[:50]]
    parts = (shout, late, people, crash, next_day)
    everything = Log(
        [*known.posts, *parts[0], *parts[1]],
        [*known.accounts, *parts[2]],
        [*known.bars, *parts[3], *parts[4]],
    )
    yield everything
    yield Log(*(rng.sample(list(p), len(p)) for p in everything.parts))  # type: ignore[arg-type]


def test_no_future_event_moves_a_score_whatever_its_order(log: Log, scorer: Scorer) -> None:
    t = moments(log)[0]
    before = seen(log.until(t), t, scorer)
    for future in futures(log, t, random.Random(7)):
        assert moved(before, seen(future, t, scorer)) == []


def test_labels_known_later_are_not_known(log: Log) -> None:
    t = moments(log)[0]
    ids = sorted({account.id for account in log.accounts})[:60]
    labels = [_label(id, t + (n - 30) * DAY) for n, id in enumerate(ids)]
    labels += [replace(one, known_at=one.known_at + 5 * DAY, verdict=_NO) for one in labels]
    cut = [label for label in labels if label.known_at <= t]
    assert 0 < len(cut) < len(labels)
    for order in (labels, labels[::-1], random.Random(3).sample(labels, len(labels))):
        assert current(order, t) == current(cut, t)


_NO = Verdict.HARMLESS


def _label(subject: str, known_at: Millis) -> Label:
    made = (Verdict.PROMOTION, Tier.SILVER, 0.8, "an analyst", known_at)
    return Label(SubjectKind.ACCOUNT, subject, *made)


def leaking(whole: Log) -> Callable[[View], float]:
    """A measure that looks ahead: all posts ever of a cluster's members, known by then or not."""
    return lambda v: float(sum(post.account_id in v.members for post in whole.posts))


def test_a_measure_that_looks_ahead_is_caught(
    log: Log, scorer: Scorer, monkeypatch: pytest.MonkeyPatch
) -> None:
    t = moments(log)[0]
    cut = log.until(t)

    def with_leak(part: Log) -> Seen:
        leak = [_with(f, leaking(part)) if f.name == "member_posts" else f for f in CLUSTER]
        monkeypatch.setattr("gnn.dataset.CLUSTER", tuple(leak))
        return seen(part, t, scorer)

    assert "member_posts" in columns(CLUSTER)
    assert "member_posts" in moved(with_leak(log), with_leak(cut))


def _with(feature: Feature[View], of: Callable[[View], float]) -> Feature[View]:
    assert feature.of is habits.member_posts
    return replace(feature, of=of)
