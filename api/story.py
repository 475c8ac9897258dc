"""Planted campaigns, replayed in the order of time: what was visible when, and when it was found.

The replay is `api.watching`'s, with nothing but what was known at each look. The truth joins
afterwards: it says which posts are a campaign's, and is seen by no detector.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from api.pipeline import ALERT_AT
from api.samples import as_of, bar_table
from api.watching import Sighting, Standing, Watch
from gnn.score import load_scorer
from graph.detection import detect
from graph.detection.observed import from_values
from graph.embedding import Embedder
from graph.model import Bar, Cluster, Millis, Post, PriceEvent, Risk, Tie
from graph.store import Progress
from graph.windows import DAY
from ingest.market.events import price_events
from ingest.synthetic.market import MarketSettings, Planted, plant
from ingest.synthetic.truth import Campaign

EVERY = DAY // 4  # between looks; the real watch looks whenever posts came
BEFORE, AFTER = 6 * DAY, 4 * DAY  # what a timeline shows around a campaign's posts
MOSTLY = 0.5  # of a cluster's accounts, from which the cluster is the campaign's
SETTINGS = MarketSettings(accounts=240, days=30, campaigns=3)  # but for the seed


@dataclass(frozen=True, slots=True)
class Look:
    """What stood at a moment, and what was told of it."""

    as_of: Millis
    standing: Standing
    told: tuple[Sighting, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """What was visible of a campaign at `as_of`. Counts are of what was known by then."""

    as_of: Millis
    posts: int  # the campaign's
    authors: int  # of those posts
    others: int  # posts about the stock that are not the campaign's, since the timeline begins
    latest: Post | None  # of the campaign's
    close: float | None  # of the newest finished session
    change: float | None  # of it, against the last session before the first post; a fraction
    events: tuple[PriceEvent, ...]  # of the stock, since the timeline begins
    ties: int  # among members
    tied: int  # members with such a tie
    held: int  # members in the cluster that is the campaign's
    strangers: int  # others in it
    risk: Risk | None  # that cluster's
    traces: tuple[str, ...]  # that cluster's


@dataclass(frozen=True, slots=True)
class Sighted:
    """The first time that a cluster which is mostly the campaign's was told."""

    as_of: Millis
    cluster: Cluster
    risk: Risk
    members: int
    after_first: Millis  # since the campaign's first post
    before_peak: Millis | None  # until the peak was known; negative: after it
    tie: Tie | None  # the strongest between two members


@dataclass(frozen=True, slots=True)
class Story:
    """One campaign. Posts and bars are by time, steps too; `peak` is the highest close of a session
    from the day of its first post to that of its last, None where no price effect was planted."""

    campaign: Campaign
    window: tuple[Millis, Millis]
    posts: tuple[Post, ...]
    others: tuple[Post, ...]
    bars: tuple[Bar, ...]
    events: tuple[PriceEvent, ...]
    steps: tuple[Step, ...]
    first_tied: Mapping[str, Millis]  # by member, the look that first saw it tied to another
    sighted: Sighted | None
    peak: Bar | None


@dataclass(frozen=True, slots=True)
class Stories:
    """A planted market told. `whole` is what a run over all posts makes at the end, with all usual
    traces; the meaning of texts is one of them where `meaning`. `elsewhere` are sightings that are
    no campaign's, with their look."""

    planted: Planted
    looks: tuple[Look, ...]
    whole: Standing
    meaning: bool
    stories: tuple[Story, ...]
    elsewhere: tuple[tuple[Millis, Sighting], ...]


def stories(
    seed: int, embedder: Embedder | None = None, progress: Progress | None = None
) -> Stories:
    """Plants the market of `seed`, replays it, and tells each campaign. Without an embedder the
    whole run at the end does not compare what texts mean."""
    return told(plant(replace(SETTINGS, seed=seed)), embedder, progress)


def told(
    planted: Planted, embedder: Embedder | None = None, progress: Progress | None = None
) -> Stories:
    """The same of a market that is planted already."""
    events = events_of(planted.bars)
    looks = replay(planted, events, progress)
    campaigns = planted.truth.campaigns
    elsewhere = (
        (look.as_of, one)
        for look in looks
        for one in look.told
        if not any(_tells(look, one, campaign) for campaign in campaigns)
    )
    made = tuple(story(planted, campaign, looks, events) for campaign in campaigns)
    after = whole(planted, events, embedder, progress)
    return Stories(planted, looks, after, embedder is not None, made, tuple(elsewhere))


def events_of(bars: Sequence[Bar]) -> list[PriceEvent]:
    """Every price event in the bars. None hangs on a later bar, so each may be shown once known."""
    return price_events(bar_table(bars), max((bar.known_at for bar in bars), default=0))


def replay(
    planted: Planted, events: Sequence[PriceEvent], progress: Progress | None = None
) -> tuple[Look, ...]:
    """A look every EVERY, from the first post until AFTER the last one."""
    posts = sorted(planted.posts, key=lambda post: (post.known_at, post.id))
    if not posts:
        return ()
    people = {account.id: account for account in planted.accounts}
    start = posts[0].known_at // EVERY * EVERY
    times = range(start + EVERY, posts[-1].known_at + AFTER + 1, EVERY)
    watch, looks, done = Watch(load_scorer(), ALERT_AT), [], 0
    for number, now in enumerate(times, 1):
        came = done
        while done < len(posts) and posts[done].known_at <= now:
            done += 1
        new = posts[came:done]
        watch.take(from_values(new, [people[post.account_id] for post in new], now))
        watch.events = [event for event in events if event.known_at <= now]
        stands = watch.standing()
        looks.append(Look(now, stands, tuple(watch.look(stands))))
        if progress:
            progress("watching the market as it comes", number, len(times))
    return tuple(looks)


def whole(
    planted: Planted,
    events: Sequence[PriceEvent],
    embedder: Embedder | None = None,
    progress: Progress | None = None,
) -> Standing:
    """What a run over all posts makes of them once the last one is known."""
    seen = from_values(planted.posts, planted.accounts, as_of(planted))
    found = detect(seen, embedder=embedder, progress=progress)
    known = [event for event in events if event.known_at <= seen.as_of]
    risks = load_scorer().clusters(seen, found.ties, found.clusters, known)
    return Standing(found.ties, found.clusters, risks)


def is_of(cluster: Cluster, campaign: Campaign) -> bool:
    """Whether it is the campaign's: MOSTLY of its accounts take part."""
    return len(inside(cluster, campaign)) >= MOSTLY * len(cluster.members)


def inside(cluster: Cluster, campaign: Campaign) -> frozenset[str]:
    """The campaign's members in it."""
    return frozenset(m.account_id for m in cluster.members) & frozenset(campaign.account_ids)


def story(
    planted: Planted, campaign: Campaign, looks: Sequence[Look], events: Sequence[PriceEvent]
) -> Story:
    """One campaign told from the looks."""
    window = campaign.start - BEFORE, campaign.end + AFTER
    ids = frozenset(campaign.post_ids)
    shown = [p for p in planted.posts if window[0] <= p.at <= window[1]]
    shown.sort(key=lambda post: (post.at, post.id))
    bars = [b for b in planted.bars if b.ticker == campaign.ticker]
    base = Story(
        campaign=campaign,
        window=window,
        posts=tuple(p for p in shown if p.id in ids),
        others=tuple(p for p in shown if p.id not in ids and campaign.ticker in p.tickers),
        bars=tuple(b for b in bars if window[0] <= b.at <= window[1]),
        events=tuple(
            e for e in events if e.ticker == campaign.ticker and window[0] <= e.at <= window[1]
        ),
        steps=(),
        first_tied=_first_tied(campaign, looks),
        sighted=None,
        peak=peak(campaign, bars),
    )
    first = campaign.start - EVERY  # the last look at which there was nothing of it
    within = [look for look in looks if first < look.as_of <= window[1]]
    steps = tuple(step(base, look) for look in within)
    return replace(base, steps=steps, sighted=_sighted(base, looks))


def step(story: Story, look: Look) -> Step:
    """What was visible of it at this look."""
    now, campaign = look.as_of, story.campaign
    posts = [post for post in story.posts if post.known_at <= now]
    ties = ties_among(campaign, look.standing.ties)
    cluster = best(campaign, look.standing)
    held = len(inside(cluster, campaign)) if cluster else 0
    close, change = _price(story, now)
    return Step(
        as_of=now,
        posts=len(posts),
        authors=len({post.account_id for post in posts}),
        others=sum(post.known_at <= now for post in story.others),
        latest=posts[-1] if posts else None,
        close=close,
        change=change,
        events=tuple(event for event in story.events if event.known_at <= now),
        ties=len(ties),
        tied=len({account for tie in ties for account in (tie.left, tie.right)}),
        held=held,
        strangers=len(cluster.members) - held if cluster else 0,
        risk=look.standing.risks[cluster.id] if cluster else None,
        traces=cluster.traces if cluster else (),
    )


def ties_among(campaign: Campaign, ties: Iterable[Tie]) -> list[Tie]:
    """Those between two members, in the order given."""
    members = frozenset(campaign.account_ids)
    return [tie for tie in ties if tie.left in members and tie.right in members]


def best(campaign: Campaign, standing: Standing) -> Cluster | None:
    """The campaign's cluster with the most members in it, of equals the one with more risk."""
    its = [cluster for cluster in standing.clusters if is_of(cluster, campaign)]
    score = standing.risks
    return min(
        its,
        key=lambda c: (-len(inside(c, campaign)), -score[c.id].score, c.id),
        default=None,
    )


def peak(campaign: Campaign, bars: Iterable[Bar]) -> Bar | None:
    """The session of the highest close while the campaign went on; see Story."""
    days = range(campaign.start // DAY, campaign.end // DAY + 1)
    its = [bar for bar in bars if bar.ticker == campaign.ticker and bar.at // DAY in days]
    if not campaign.price_effect:
        return None
    return max(its, key=lambda bar: (bar.close, -bar.at), default=None)


def _price(story: Story, now: Millis) -> tuple[float | None, float | None]:
    """The newest close, and its change since the last session before the first post."""
    known = [bar for bar in story.bars if bar.known_at <= now]
    before = [bar for bar in known if bar.known_at <= story.campaign.start]
    if not known or not before:
        return (known[-1].close if known else None), None
    return known[-1].close, known[-1].close / before[-1].close - 1


def _first_tied(campaign: Campaign, looks: Sequence[Look]) -> dict[str, Millis]:
    found: dict[str, Millis] = {}
    for look in looks:
        for tie in ties_among(campaign, look.standing.ties):
            for account in (tie.left, tie.right):
                found.setdefault(account, look.as_of)
    return found


def _tells(look: Look, one: Sighting, campaign: Campaign) -> bool:
    """Whether it is a sighting of the campaign; before its first post there is none to be had."""
    return look.as_of >= campaign.start and is_of(one.cluster, campaign)


def _sighted(story: Story, looks: Sequence[Look]) -> Sighted | None:
    campaign, top = story.campaign, story.peak
    for look in looks:
        its = [one for one in look.told if _tells(look, one, campaign)]
        if its:
            one = max(its, key=lambda s: len(inside(s.cluster, campaign)))
            held = inside(one.cluster, campaign)
            ties = [t for t in look.standing.ties if t.left in held and t.right in held]
            return Sighted(
                as_of=look.as_of,
                cluster=one.cluster,
                risk=one.risk,
                members=len(held),
                after_first=look.as_of - campaign.start,
                before_peak=top.known_at - look.as_of if top else None,
                tie=ties[0] if ties else None,
            )
    return None
