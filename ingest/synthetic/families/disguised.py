"""Families that hide in ordinary life: a slow drip, amplifiers, taken accounts, camouflage."""

from __future__ import annotations

import random
from itertools import pairwise

from ingest.synthetic.clock import whole
from ingest.synthetic.families.acts import Act
from ingest.synthetic.families.phrases import YES
from ingest.synthetic.families.plan import Plan, Stage
from ingest.synthetic.families.script import Script, saying
from ingest.synthetic.settings import DAY, HOUR, MINUTE, SECOND

HIDDEN = 0.45  # of a camouflaged poster's posts at most are the campaign's
_APART = 20 * MINUTE


def slow_drip(rng: random.Random, stage: Stage, plan: Plan) -> list[Act]:
    """A few posts a day for weeks before the price runs, each at its author's own hours, with a
    point of one script and often a page; a little more every day, and never two at once."""
    days = min(plan.room, max(8, round(14 * plan.tempo)))
    messages = [stage.message(rng, plan) for _ in range(rng.randint(2, 4))]
    word_for_word, answering = rng.uniform(0.1, 0.6), rng.uniform(0.1, 0.5)
    points = [message.point(rng) for message in messages]
    acts = []
    for member in plan.members:
        for _ in range(min(stage.lives.spare(member, 0.75), rng.randint(1, 5))):
            day = plan.start + int(days * rng.betavariate(1.6, 1)) * DAY
            day = stage.weekday(rng, day)
            at = stage.usual_time(rng, member, day)
            said = rng.choice(messages).point(rng)
            if rng.random() < word_for_word:
                said = rng.choice(points)
            to = stage.lives.recent(rng, at, member) if rng.random() < answering else None
            act = Act(member, at, said, stage.page(rng, plan, 0.5), answers=to, talks=True)
            acts.append(act)
    return _apart(acts)


def leader_amplifiers(rng: random.Random, stage: Stage, plan: Plan) -> list[Act]:
    """One or two leaders write what they think; amplifiers say nothing of their own, but repeat,
    answer, quote or echo it within minutes to hours, again and again for the same leader."""
    starts = plan.waves(rng, rng.randint(3, 6))
    leaders = plan.members[: plan.leaders]
    acts = []
    for start, who in zip(starts, stage.takers(rng, plan, len(starts)), strict=True):
        if who[0] not in leaders:
            continue  # without a leader there is nothing to amplify
        text = stage.message(rng, plan).text(rng)
        thesis = Act(who[0], start, text, stage.page(rng, plan), talks=True)
        acts.append(thesis)
        for member in who:
            if member not in leaders:
                wait = rng.lognormvariate(2.7, 1.0) * plan.tempo
                at = start + SECOND + whole(min(wait, 20 * 60) * MINUTE)
                acts.append(_amplified(rng, stage, plan, thesis, member, at))
    return acts


def hijacked_accounts(rng: random.Random, stage: Stage, plan: Plan) -> list[Act]:
    """Old accounts fall silent and then speak with another's voice: at one part of the day, often
    by one program, spun texts of a message that changes every few days, among filler about other
    stocks and repeats of each other; nothing of their own."""
    program = rng.choice(stage.background.posts).client if rng.random() < 0.5 else None
    opens, hours = rng.uniform(0, 20), rng.uniform(3, 8)  # when whoever took them works
    filler = rng.uniform(0.3, 0.6)
    days = min(plan.room - 3, max(5, round(10 * plan.tempo)))
    messages = [stage.message(rng, plan) for _ in range(rng.randint(2, 3))]
    acts: list[Act] = []
    for member in plan.members:
        after = stage.lives.silence(member, plan.start)
        count = min(stage.lives.spare(member, 1.0), max(after, rng.randint(1, 3)))
        works = rng.sample(range(1, days + 1), days)
        for number in range(max(1, count)):
            day = works[number % days]
            moment = stage.weekday(rng, plan.start // DAY * DAY + day * DAY)
            at = moment + whole((opens + rng.uniform(0, hours)) * HOUR)
            act = Act(
                member,
                at,
                _spoken(rng, messages[(day - 1) * len(messages) // days]),
                stage.page(rng, plan, 0.35),
            )
            if number and rng.random() < filler:
                other = stage.talked_of(rng)
                act = Act(member, at, saying(rng, stage.background, other), aside=True)
            act.client, act.since, act.talks = program, plan.start, not act.aside
            acts.append(act)
    return _boosted(rng, stage, acts)


def _spoken(rng: random.Random, message: Script) -> str:
    return message.reworded(rng) if rng.random() < 0.5 else message.point(rng)


def camouflaged_posters(rng: random.Random, stage: Stage, plan: Plan) -> list[Act]:
    """Members live as before; on a few call days each slips in one post of its own words about the
    stock within hours of the others, half of them as answers to what strangers said."""
    starts = plan.waves(rng, rng.randint(2, 5))
    within = rng.choice((0.5, 1, 2, 5)) * plan.tempo * HOUR
    acts = []
    for start, who in zip(starts, stage.takers(rng, plan, len(starts), HIDDEN), strict=True):
        message = stage.message(rng, plan)
        for place, member in enumerate(who):
            at = start + (0 if place == 0 else MINUTE + whole(rng.uniform(0, 1) * within))
            to = None
            if rng.random() < 0.5:
                to = stage.lives.recent(rng, at, member, plan.ticker)
            links = stage.page(rng, plan, 0.2)
            acts.append(Act(member, at, message.point(rng), links, answers=to, talks=True))
    return acts


def _amplified(
    rng: random.Random, stage: Stage, plan: Plan, thesis: Act, member: str, at: int
) -> Act:
    """What an amplifier makes of the thesis: mostly what it does with others' posts anyway."""
    yes = rng.choice(YES).replace("{T}", f"${plan.ticker}")
    lives, way = stage.lives, rng.random()
    if way < 0.1 or (lives.repeats(member) and way < 0.8):
        return Act(member, at, "", repeats=thesis)
    if way < 0.15 or (lives.answers(member) and way < 0.6):
        return Act(member, at, yes, answers=thesis)
    if way < 0.25:
        return Act(member, at, yes, quotes=thesis)
    words = thesis.text.split()
    heard = " ".join(words[: max(5, round(len(words) * rng.uniform(0.4, 1)))])
    text = f"{heard} - {yes}" if rng.random() < 0.5 else f"{yes}: {heard}"
    return Act(member, at, text if f"${plan.ticker}" in text else f"${plan.ticker} {text}")


def _boosted(rng: random.Random, stage: Stage, acts: list[Act]) -> list[Act]:
    """Those who used to repeat or answer others now do so to each other."""
    acts.sort(key=lambda act: (act.at, act.author))
    for place, act in enumerate(acts):
        earlier = [a for a in acts[:place] if not (a.repeats or a.aside) and a.at < act.at]
        to = rng.choice(earlier[-10:]) if earlier else act
        if to.author == act.author or act.aside:
            continue
        if stage.lives.repeats(act.author) and rng.random() < 0.45:
            act.repeats, act.text, act.links, act.talks = to, "", (), False
        elif stage.lives.answers(act.author) and rng.random() < 0.5:
            act.answers = to
    return acts


def _apart(acts: list[Act]) -> list[Act]:
    """The acts by time, each at least twenty minutes after the one before."""
    acts.sort(key=lambda act: (act.at, act.author))
    for before, act in pairwise(acts):
        act.at = max(act.at, before.at + _APART)
    return acts
