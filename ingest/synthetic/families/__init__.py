"""Campaigns of eight families, and six kinds of honest life that looks like them, planted into a
background. docs/planted.md tells each of them.

A family is behaviour: who posts what when, with which links, answers and repeats. What it is told
by is nowhere written down as a number; size, tempo, price effect and the source of its words are
drawn without looking at it.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from graph.errors import UsageError
from graph.model import Account, Post
from ingest.synthetic.background import SECOND_PLATFORM, Background
from ingest.synthetic.families.acts import Act, as_posts
from ingest.synthetic.families.copied import (
    copy_paste_burst,
    cross_platform_relay,
    paid_newsletter,
    paraphrased_jitter,
)
from ingest.synthetic.families.disguised import (
    HIDDEN,
    camouflaged_posters,
    hijacked_accounts,
    leader_amplifiers,
    slow_drip,
)
from ingest.synthetic.families.honest import HARD, Around, Happening
from ingest.synthetic.families.lives import Lives
from ingest.synthetic.families.moves import Move, campaign_moves, moved
from ingest.synthetic.families.plan import Plan, Stage, draw_plan
from ingest.synthetic.market import Planted
from ingest.synthetic.truth import Campaign, Decoy, Participant, Truth

Family = Callable[[random.Random, Stage, Plan], list[Act]]
BEHAVIOURS: Mapping[str, Family] = {
    family.__name__: family
    for family in (
        copy_paste_burst,
        slow_drip,
        leader_amplifiers,
        cross_platform_relay,
        paraphrased_jitter,
        hijacked_accounts,
        camouflaged_posters,
        paid_newsletter,
    )
}
FAMILIES = tuple(BEHAVIOURS)
NEGATIVES = tuple(HARD)
_RUN_AFTER = frozenset({"slow_drip"})  # its price runs when it has posted for a while
_MOST_TAKEN = 12  # posts that whoever takes an account has to replace
_LEADS = 4  # posts that fit into a leader's life
_LEAST_HIDDEN = 2  # posts that fit into a camouflaged poster's share
_MOST = 0.4  # of the accounts may be members


def plant_families(
    seed: int,
    background: Background,
    families: Sequence[str] = FAMILIES,
    negatives: Sequence[str] = NEGATIVES,
    count: int = 1,
    around: int = 1,
) -> Planted:
    """The background with `count` campaigns of each family and `around` of each hard negative.

    An account is in at most one campaign. The number of posts stays: all that is planted takes the
    place of a post of its author's. Same arguments, same market. Raises UsageError for unknown
    names and where the background is too small.
    """
    _check(background, families, negatives, count)
    rng = random.Random(f"{seed}/{background.name}/families")
    lives = Lives(background)
    free = sorted(lives.accounts)
    campaigns, moves, kinds = [], [], {}
    for number in range(count * len(families)):
        family = families[number % len(families)]
        plan = draw_plan(rng, background, f"campaign-{number + 1}", family)
        plan = _cast(rng, lives, plan, free)
        free = [one for one in free if one not in set(plan.members)]
        done = _campaign(rng, lives, plan)
        span = done[0].at, done[-1].at
        moves += campaign_moves(rng, plan, *span, after=family in _RUN_AFTER)
        campaigns.append(plan)
    for number in range(around * len(negatives)):
        kind = negatives[number % len(negatives)]
        name = f"honest-{number + 1}"
        kinds[name] = (kind, _happening(rng, lives, kind, name, moves))
    return _planted(seed, lives, campaigns, kinds, moves)


def _check(
    background: Background, families: Sequence[str], negatives: Sequence[str], count: int
) -> None:
    for wanted, known in ((families, FAMILIES), (negatives, NEGATIVES)):
        unknown = sorted(set(wanted) - set(known))
        if unknown:
            raise UsageError(f"there is no {unknown[0]!r}; there are {', '.join(known)}")
    most = int(_MOST * len(background.accounts) / 13)
    if count * len(families) > most:
        raise UsageError(
            f"{background.name} has room for {most} campaigns; ask for fewer or more accounts"
        )


def _cast(rng: random.Random, lives: Lives, plan: Plan, free: Sequence[str]) -> Plan:
    """The plan with its members. Whom a family needs decides among them, never how they live."""
    pool = [one for one in free if _suits(lives, plan, one)]
    drawn = rng.sample(pool, min(plan.size, len(pool)))
    leaders = 1 if len(drawn) < 14 else 2
    if plan.family == "cross_platform_relay":
        drawn = _with_channel(rng, lives, drawn, pool, leaders)
    elif plan.family == "leader_amplifiers":
        # Who leads is heard by many, and has something to say more than once.
        often = {one: lives.spare(one, 1.0) >= _LEADS for one in drawn}
        drawn.sort(key=lambda one: (not often[one], -(lives.accounts[one].followers or 0)))
    return replace(plan, members=tuple(drawn), leaders=leaders)


def _suits(lives: Lives, plan: Plan, key: str) -> bool:
    """Whether anybody would want the account for this."""
    if plan.family == "camouflaged_posters":
        return lives.spare(key, HIDDEN) >= _LEAST_HIDDEN
    if plan.family == "hijacked_accounts":
        old = (lives.accounts[key].created_at or 0) <= lives.young_from
        return old and lives.spare(key, 1.0) > 0 and lives.silence(key, plan.start) <= _MOST_TAKEN
    return lives.spare(key, 1.0) > 0


def _with_channel(
    rng: random.Random, lives: Lives, drawn: list[str], pool: Sequence[str], leaders: int
) -> list[str]:
    """Leaders on the second platform, all the others on the first."""
    there = [one for one in pool if lives.accounts[one].platform == SECOND_PLATFORM]
    here = [one for one in drawn if lives.accounts[one].platform != SECOND_PLATFORM]
    return [*rng.sample(there, min(leaders, len(there))), *here]


def _campaign(rng: random.Random, lives: Lives, plan: Plan) -> list[Act]:
    acts = BEHAVIOURS[plan.family](rng, Stage(lives), plan)
    last = lives.background.last
    return lives.plant(rng, [act for act in acts if act.at < last], plan.id)


def _happening(
    rng: random.Random, lives: Lives, kind: str, name: str, moves: list[Move]
) -> Happening:
    found = HARD[kind](rng, Around(lives))
    last = lives.background.last
    lives.plant(rng, [act for act in found.acts if act.at < last], name)
    moves += found.moves
    return found


def _planted(
    seed: int,
    lives: Lives,
    campaigns: Sequence[Plan],
    kinds: Mapping[str, tuple[str, Happening]],
    moves: Sequence[Move],
) -> Planted:
    background = lives.background
    kept = [post for post in background.posts if post.id not in lives.gone]
    made, parts = as_posts(lives.done, lives.accounts, (p.id for p in background.posts))
    posts = sorted([*kept, *made], key=lambda post: (post.at, post.id))
    told = tuple(_told(plan, parts[plan.id]) for plan in campaigns)
    honest = tuple(_honest(n, kind, f.ticker, parts[n]) for n, (kind, f) in kinds.items())
    return Planted(
        posts=posts,
        accounts=_accounts(lives, posts),
        bars=moved(background.bars, moves),
        truth=Truth(seed, told, honest),
    )


def _accounts(lives: Lives, posts: Sequence[Post]) -> list[Account]:
    """All accounts, known from their first post at the latest."""
    first: dict[str, int] = {}
    for post in posts:
        first.setdefault(post.account_id, post.known_at)
    return [
        replace(one, known_at=min(one.known_at, first.get(key, one.known_at)))
        for key, one in sorted(lives.accounts.items())
    ]


def _told(plan: Plan, posts: Sequence[Post]) -> Campaign:
    """The truth. Who never came to post for it is no member."""
    took_part = {post.account_id for post in posts}
    members = tuple(
        Participant(one, "leader" if place < plan.leaders else "amplifier")
        for place, one in enumerate(plan.members)
        if one in took_part
    )
    ids = tuple(post.id for post in posts)
    span = posts[0].at, posts[-1].at
    return Campaign(plan.id, plan.family, plan.ticker, members, ids, *span, plan.effect)


def _honest(name: str, kind: str, ticker: str | None, posts: Sequence[Post]) -> Decoy:
    accounts = tuple(sorted({post.account_id for post in posts}))
    ids = tuple(post.id for post in posts)
    return Decoy(name, kind, ticker, accounts, ids, posts[0].at, posts[-1].at)
