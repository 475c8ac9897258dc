"""Planted campaigns: who takes part, in which role, and who says what when.

Size, tempo, price effect and theme are drawn without looking at the kind, so that a kind is told
by its behaviour alone.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ingest.synthetic import talk
from ingest.synthetic.clock import session_moment, time_of_day, whole
from ingest.synthetic.draft import Draft
from ingest.synthetic.pitches import edited, pitch, wording
from ingest.synthetic.settings import DAY, HOUR, MINUTE, SECOND
from ingest.synthetic.words import coined
from ingest.synthetic.world import World

_EFFECTS = (0.0, 0.06, 0.15, 0.35, 0.8)
_LEAST_TAKING_PART = 0.7
_ONCE = 0.15  # of the members post for the campaign a single time


@dataclass(frozen=True, slots=True)
class Plan:
    """A campaign before its posts have ids. `leaders` are the first of `members`."""

    id: str
    kind: str
    ticker: str
    members: tuple[int, ...]
    leaders: int
    effect: float
    days: int
    start: int


def plans(rng: random.Random, world: World, free: Sequence[int]) -> list[Plan]:
    """The campaigns, the kinds in turn, each with members of its own and a thin stock."""
    settings = world.settings
    pool = rng.sample(list(free), len(free))
    thin = [stock.ticker for stock in world.stocks if stock.thin]
    tickers = rng.sample(thin, len(thin))
    made = []
    for number in range(settings.campaign_count):
        size = rng.randint(8, 20)
        members, pool = tuple(pool[:size]), pool[size:]
        kind = settings.kinds[number % len(settings.kinds)]
        days = rng.randint(7, min(14, settings.days - 14))
        start = session_moment(rng, settings.first + 5 * DAY, settings.days - days - 9)
        made.append(
            Plan(
                id=f"campaign-{number + 1}",
                kind=kind,
                ticker=tickers[number % len(tickers)],
                members=members,
                leaders=1 if size < 14 else 2,
                effect=rng.choice(_EFFECTS),
                days=days,
                start=start,
            )
        )
    return made


def campaign_drafts(rng: random.Random, world: World, plan: Plan) -> list[Draft]:
    """The campaign's posts, each marked with its id. Every member posts at least once."""
    drafts = _BEHAVIOURS[plan.kind](rng, world, plan)
    for draft in drafts:
        draft.part = plan.id
    return drafts


def _copied_burst(rng: random.Random, world: World, plan: Plan) -> list[Draft]:
    """The same text by all within minutes, the leader first; a new text each time."""
    drafts = []
    message = pitch(rng, plan.ticker, coined(rng))
    link = (_landing(rng, plan.ticker),) if rng.random() < 0.3 else ()
    starts = _wave_starts(rng, plan, rng.randint(2, 4))
    for start, who in zip(starts, _taking_part(rng, plan, len(starts)), strict=True):
        text, minutes = wording(rng, message), rng.uniform(2, 10)
        drafts.append(Draft(who[0], start, text, link))
        for index in who[1:]:
            at = start + SECOND + whole(rng.uniform(0, minutes * MINUTE))
            drafts.append(Draft(index, at, edited(rng, text), link))
    return drafts


def _reworded_jitter(rng: random.Random, world: World, plan: Plan) -> list[Draft]:
    """The same message in everybody's own words, over hours up to two days, in waves."""
    drafts = []
    message = pitch(rng, plan.ticker, coined(rng))
    starts = _wave_starts(rng, plan, rng.randint(2, 5))
    for start, who in zip(starts, _taking_part(rng, plan, len(starts)), strict=True):
        hours = rng.choice((3, 6, 12, 24, 44))
        drafts.append(Draft(who[0], start, wording(rng, message)))
        for index in who[1:]:
            at = start + MINUTE + whole(rng.betavariate(1.2, 2) * hours * HOUR)
            drafts.append(Draft(index, at, wording(rng, message)))
    return drafts


def _link_drip(rng: random.Random, world: World, plan: Plan) -> list[Draft]:
    """A few pages, linked by all over days to weeks, each time with words of one's own."""
    links = [_landing(rng, plan.ticker) for _ in range(rng.randint(2, 4))]
    drafts = [Draft(plan.members[0], plan.start, talk.about(rng, plan.ticker), (links[0],))]
    for index in plan.members:
        times = 1 if rng.random() < _ONCE else rng.randint(2, 5)
        for _ in range(times):
            day = (plan.start // DAY + 1 + rng.randrange(plan.days)) * DAY
            at = day + time_of_day(rng, world.people[index].hour)
            text = _own_words(rng, world, index, plan.ticker)
            drafts.append(Draft(index, at, text, (rng.choice(links),)))
    return drafts


def _own_words(rng: random.Random, world: World, index: int, ticker: str) -> str:
    if rng.random() < 0.3:
        return talk.comment(rng, ticker)
    return talk.about(rng, ticker, world.people[index].wordiness)


_BEHAVIOURS: dict[str, Callable[[random.Random, World, Plan], list[Draft]]] = {
    "copied_burst": _copied_burst,
    "reworded_jitter": _reworded_jitter,
    "link_drip": _link_drip,
}


def _wave_starts(rng: random.Random, plan: Plan, waves: int) -> list[int]:
    """The first when the campaign starts, the others on different days of its span."""
    later = rng.sample(range(1, plan.days), min(waves - 1, plan.days - 1))
    day = plan.start // DAY * DAY
    rest = [day + n * DAY + whole(rng.uniform(13, 21) * HOUR) for n in sorted(later)]
    return [plan.start, *rest]


def _taking_part(rng: random.Random, plan: Plan, waves: int) -> list[list[int]]:
    """Who posts in each wave: a leader first, at least 70 %; everybody in at least one."""
    followers = plan.members[plan.leaders :]
    once = {index: rng.randrange(waves) for index in followers if rng.random() < _ONCE}
    share = rng.uniform(_LEAST_TAKING_PART, 1.0)
    parts = [
        [i for i in followers if (once[i] == wave if i in once else rng.random() < share)]
        for wave in range(waves)
    ]
    for index in followers:
        if not any(index in part for part in parts):
            parts[rng.randrange(waves)].append(index)
    return [_with_leaders(rng, plan, _filled(rng, plan, part)) for part in parts]


def _filled(rng: random.Random, plan: Plan, part: list[int]) -> list[int]:
    needed = math.ceil(_LEAST_TAKING_PART * len(plan.members)) - plan.leaders
    missing = [i for i in plan.members[plan.leaders :] if i not in part]
    return part + rng.sample(missing, max(0, min(len(missing), needed - len(part))))


def _with_leaders(rng: random.Random, plan: Plan, part: Sequence[int]) -> list[int]:
    leaders = list(plan.members[: plan.leaders])
    return [*leaders, *rng.sample(list(part), len(part))]


def _landing(rng: random.Random, ticker: str) -> str:
    return f"https://{coined(rng).lower()}.example/{ticker.lower()}-{rng.randrange(100, 9999)}"
