"""Families in which a text goes round: a copied burst, a relay, paraphrases, a newsletter."""

from __future__ import annotations

import random

from ingest.synthetic.clock import weekend, whole
from ingest.synthetic.families.acts import Act
from ingest.synthetic.families.phrases import DISCLOSED, SEEN
from ingest.synthetic.families.plan import Plan, Stage
from ingest.synthetic.families.script import copied
from ingest.synthetic.settings import DAY, HOUR, MINUTE, SECOND
from ingest.synthetic.words import coined


def copy_paste_burst(rng: random.Random, stage: Stage, plan: Plan) -> list[Act]:
    """A leader writes, the others paste it within minutes, a straggler hours later; a few times."""
    starts = plan.waves(rng, rng.randint(2, 4))
    acts = []
    for start, who in zip(starts, stage.takers(rng, plan, len(starts)), strict=True):
        text, page = stage.message(rng, plan).text(rng), stage.page(rng, plan)
        minutes = rng.uniform(2, 9) * plan.tempo
        for place, member in enumerate(who):
            delay = 0 if place == 0 else SECOND + whole(rng.uniform(0, minutes * MINUTE))
            if place and rng.random() < 0.08:
                delay += whole(rng.uniform(1, 3) * HOUR)
            said = text if place == 0 else copied(rng, text)
            acts.append(Act(member, start + delay, said, page, plain=True))
    return acts


def cross_platform_relay(rng: random.Random, stage: Stage, plan: Plan) -> list[Act]:
    """A channel on another platform calls; each relay carries the words over with a lag of its own,
    whole, cut or with a word before them, some with the address of the call."""
    channels = plan.members[: plan.leaders]
    lag = {one: rng.lognormvariate(2.6, 0.8) * plan.tempo for one in plan.members}  # minutes
    link_to = rng.uniform(0.2, 0.8)
    starts = plan.waves(rng, rng.randint(2, 5))
    acts = []
    for start, who in zip(starts, stage.takers(rng, plan, len(starts)), strict=True):
        channel = rng.choice(channels)
        room = (stage.account(channel).handle or "room").lower()
        call = f"https://channels.example/{room}/{rng.randrange(100, 99_999)}"
        text = stage.message(rng, plan).text(rng)
        acts.append(Act(channel, start, text, plain=True))
        for member in who:
            if member in channels:
                continue
            wait = lag[member] * rng.uniform(0.7, 1.5)
            at = start + SECOND + whole(wait * MINUTE)
            links = (call,) if rng.random() < link_to else ()
            acts.append(
                Act(member, at, _carried(rng, text, plan.ticker), links, plain=rng.random() < 0.7)
            )
    return acts


def paraphrased_jitter(rng: random.Random, stage: Stage, plan: Plan) -> list[Act]:
    """One message in everybody's own words, each wave over hours up to two days."""
    starts = plan.waves(rng, rng.randint(2, 5))
    acts = []
    for start, who in zip(starts, stage.takers(rng, plan, len(starts)), strict=True):
        message = stage.message(rng, plan)
        hours = min(44.0, rng.choice((4, 8, 16, 30)) * plan.tempo)
        for place, member in enumerate(who):
            delay = 0 if place == 0 else MINUTE + whole(rng.betavariate(1.2, 2) * hours * HOUR)
            text = message.reworded(rng)
            acts.append(Act(member, start + delay, text, stage.page(rng, plan, 0.3)))
    return acts


def paid_newsletter(rng: random.Random, stage: Stage, plan: Plan) -> list[Act]:
    """A publisher's issues at one hour of the day, each with a page of its own; affiliates announce
    the issue before the market opens, most with its page or a line that it is paid for."""
    host, hour = coined(rng).lower(), rng.uniform(11.5, 14) * HOUR
    said, linking = rng.choice(DISCLOSED), rng.uniform(0.4, 0.8)
    days = sorted(rng.sample(range(plan.room), min(plan.room, rng.randint(3, 6))))
    issues = [plan.start // DAY * DAY + n * DAY for n in days]
    issues = [day + (2 * DAY if weekend(day) else 0) for day in issues]
    acts = []
    for number, who in enumerate(stage.takers(rng, plan, len(issues))):
        at = issues[number] + whole(hour + rng.gauss(0, 4) * MINUTE)
        issue = f"https://{host}.example/issue-{rng.randrange(10, 400) + number}"
        message = stage.message(rng, plan)
        lead = message.point(rng)
        for place, member in enumerate(who):
            wait = 0.0 if place == 0 else rng.expovariate(1 / (70 * plan.tempo)) + 1
            moment = at + whole(min(wait, 600) * MINUTE)
            text = copied(rng, lead) if rng.random() < 0.35 else message.reworded(rng)
            told = f"{text} ({said})" if place == 0 or rng.random() < 0.5 else text
            page = (issue,) if place == 0 or rng.random() < linking else ()
            acts.append(Act(member, moment, told, page, plain=rng.random() < 0.5))
    return acts


def _carried(rng: random.Random, text: str, ticker: str) -> str:
    """The call's words as a relay gives them on."""
    way = rng.random()
    if way < 0.35:
        return text
    if way < 0.6:
        return f"{rng.choice(SEEN)} {text}"
    if way < 0.8:
        return copied(rng, text)
    words = text.split()
    cut = " ".join(words[: max(7, round(len(words) * rng.uniform(0.6, 0.9)))])
    return cut if f"${ticker}" in cut else f"${ticker} {cut}"
