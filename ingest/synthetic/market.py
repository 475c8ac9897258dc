"""`plant`: a whole market of accounts, posts and bars, and the truth about it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from graph.model import Account, Bar, Millis, Post
from ingest.synthetic.campaigns import Plan, campaign_drafts, plans
from ingest.synthetic.decoys import Decoys, decoys
from ingest.synthetic.draft import Draft, counts, number
from ingest.synthetic.life import ordinary
from ingest.synthetic.prices import bars, campaign_pushes
from ingest.synthetic.settings import MarketSettings
from ingest.synthetic.truth import Campaign, Decoy, Participant, Truth
from ingest.synthetic.world import Push, World, make_world, stream

__all__ = ["MarketSettings", "Planted", "plant"]


@dataclass(frozen=True, slots=True)
class Planted:
    """Posts by time, accounts by id, bars by stock and time; and the truth, for the judge only."""

    posts: list[Post]
    accounts: list[Account]
    bars: list[Bar]
    truth: Truth


def plant(settings: MarketSettings) -> Planted:
    """The market of these settings, always the same one. Every account posts at least once."""
    world = make_world(settings)
    rng = stream(settings, "bots")
    bots = rng.sample(range(settings.accounts), max(3, settings.accounts // 150))
    free = [index for index in range(settings.accounts) if index not in set(bots)]
    planned = plans(stream(settings, "plans"), world, free)
    acted = [_acted(world, plan) for plan in planned]
    around = decoys(stream(settings, "decoys"), world, bots)
    drafts = [draft for drafts in acted for draft in drafts]
    life = _life(world, drafts, planned, bots, around)
    posts, parts = number([*life, *around.drafts, *drafts], world.people)
    pushes = [*around.pushes, *_pushes(settings, planned, acted)]
    return Planted(
        posts=posts,
        accounts=_accounts(world, posts),
        bars=bars(stream(settings, "bars"), world, pushes),
        truth=_truth(world, planned, around, parts),
    )


def _acted(world: World, plan: Plan) -> list[Draft]:
    return campaign_drafts(stream(world.settings, plan.id), world, plan)


def _life(
    world: World,
    campaign: Sequence[Draft],
    planned: Sequence[Plan],
    bots: Sequence[int],
    around: Decoys,
) -> list[Draft]:
    """Ordinary posts. A member posts as many fewer as its campaign asks of it; so does a bot."""
    busy = counts(campaign)
    busy.update(counts([draft for draft in around.drafts if draft.author in set(bots)]))
    members = frozenset(index for plan in planned for index in plan.members)
    linked = counts([draft for draft in campaign if draft.links])
    return ordinary(
        stream(world.settings, "life"), world, [*around.drafts, *campaign], busy, linked, members
    )


def _pushes(
    settings: MarketSettings, planned: Sequence[Plan], acted: Sequence[Sequence[Draft]]
) -> list[Push]:
    rng = stream(settings, "pushes")
    return [
        push
        for plan, drafts in zip(planned, acted, strict=True)
        for push in campaign_pushes(rng, plan, max(draft.at for draft in drafts))
    ]


def _accounts(world: World, posts: Sequence[Post]) -> list[Account]:
    first: dict[str, Millis] = {}
    for post in posts:
        first.setdefault(post.account_id, post.at)
    known = (p.account(first[p.id]) for p in world.people if p.id in first)
    return sorted(known, key=lambda account: account.id)


def _truth(
    world: World, planned: Sequence[Plan], around: Decoys, parts: Mapping[str, Sequence[Post]]
) -> Truth:
    return Truth(
        seed=world.settings.seed,
        campaigns=tuple(_campaign(world, plan, parts[plan.id]) for plan in planned),
        decoys=tuple(
            _decoy(name, kind, around.tickers[name], parts[name])
            for name, kind in around.kinds.items()
        ),
    )


def _campaign(world: World, plan: Plan, posts: Sequence[Post]) -> Campaign:
    members = tuple(
        Participant(world.people[index].id, "leader" if place < plan.leaders else "amplifier")
        for place, index in enumerate(plan.members)
    )
    ids = tuple(post.id for post in posts)
    span = posts[0].at, posts[-1].at
    return Campaign(plan.id, plan.kind, plan.ticker, members, ids, *span, plan.effect)


def _decoy(name: str, kind: str, ticker: str | None, posts: Sequence[Post]) -> Decoy:
    accounts = tuple(sorted({post.account_id for post in posts}))
    ids = tuple(post.id for post in posts)
    return Decoy(name, kind, ticker, accounts, ids, posts[0].at, posts[-1].at)
