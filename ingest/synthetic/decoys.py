"""Honest life that looks coordinated: every market has it, and none of it may be flagged."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field

from ingest.synthetic import talk
from ingest.synthetic.clock import moment, session_moment, session_of, whole
from ingest.synthetic.draft import Draft
from ingest.synthetic.life import reaction, soon, tagged
from ingest.synthetic.settings import DAY, HOUR, MINUTE, SECOND
from ingest.synthetic.stocks import Listing
from ingest.synthetic.words import coined, expand, headline, news_link
from ingest.synthetic.world import Push, World

KINDS = ("news_burst", "earnings_day", "giveaway", "fan_group", "feed_bots", "repost_storm")


@dataclass(slots=True)
class Decoys:
    """The drafts, each marked with its decoy's id; `kinds` and `tickers` are by decoy's id."""

    drafts: list[Draft] = field(default_factory=list)
    kinds: dict[str, str] = field(default_factory=dict)
    tickers: dict[str, str | None] = field(default_factory=dict)
    pushes: list[Push] = field(default_factory=list)

    def add(self, kind: str, ticker: str | None, drafts: Sequence[Draft]) -> None:
        name = f"decoy-{kind}-{1 + sum(k == kind for k in self.kinds.values())}"
        self.kinds[name], self.tickers[name] = kind, ticker
        for draft in drafts:
            draft.part = name
        self.drafts.extend(drafts)

    def push(self, ticker: str, at: int, move: float, volume: float) -> None:
        self.pushes.append(Push(ticker, session_of(at), move, volume))


def decoys(rng: random.Random, world: World, bots: Sequence[int]) -> Decoys:
    """All decoys of a market; their numbers grow with its days, their sizes with its accounts."""
    found = Decoys()
    days = world.settings.days
    for _ in range(max(2, days // 20)):
        _news_burst(rng, world, found)
    for _ in range(max(3, world.settings.stocks * days // 240)):
        _earnings_day(rng, world, found)
    for number in range(2):
        _giveaway(rng, world, found, in_passing=number == 1)
    for _ in range(max(2, world.settings.accounts // 200)):
        _fan_group(rng, world, found)
    for _ in range(max(2, days // 15)):
        _repost_storm(rng, world, found)
    found.add("feed_bots", None, _feed(rng, world, bots))
    return found


def _news_burst(rng: random.Random, world: World, found: Decoys) -> None:
    """A quarter of all accounts and more, within minutes; many use the page's share button."""
    stock, at = world.stock(rng), _event_time(rng, world)
    crowd = len(world.people)
    title, link = headline(rng, stock.ticker, stock.name), news_link(rng)
    drafts = [
        news_post(rng, stock, index, at + _burst_delay(rng), title, link)
        for index in world.some(rng, -(-crowd // 4), int(crowd * 0.36))
    ]
    found.add("news_burst", stock.ticker, drafts)
    found.push(stock.ticker, at, rng.choice((-1, 1)) * rng.uniform(0.07, 0.22), rng.uniform(4, 9))


def news_post(
    rng: random.Random, stock: Listing, index: int, at: int, title: str, link: str
) -> Draft:
    way = rng.random()
    if way < 0.42:
        return Draft(index, at, title, (link,))
    if way < 0.60:
        return Draft(index, at, talk.comment(rng, stock.ticker), (link,))
    if way < 0.72:
        return Draft(index, at, talk.short(rng, stock.ticker))
    return Draft(index, at, talk.about(rng, stock.ticker, rng.random()))


def _burst_delay(rng: random.Random) -> int:
    return whole(min(rng.expovariate(1 / (7 * MINUTE)), 40 * MINUTE))


def _event_time(rng: random.Random, world: World) -> int:
    settings = world.settings
    return session_moment(rng, settings.first + 2 * DAY, settings.days - 4)


def _earnings_day(rng: random.Random, world: World, found: Decoys) -> None:
    """Fans and others talk of one stock all day; the price moves."""
    stock, at = world.stock(rng), _event_time(rng, world) // DAY * DAY
    title, link = headline(rng, stock.ticker, stock.name), news_link(rng)
    fans = [i for i, person in enumerate(world.people) if stock.ticker in person.favourites]
    crowd = len(world.people) // 30
    chosen = {*rng.sample(fans, min(len(fans), crowd)), *world.some(rng, 3, 3 + crowd)}
    drafts = [
        news_post(rng, stock, index, at + whole(rng.uniform(12, 23) * HOUR), title, link)
        for index in sorted(chosen)
    ]
    found.add("earnings_day", stock.ticker, drafts)
    found.push(stock.ticker, at, rng.gauss(0, 0.06), rng.uniform(2, 5))


def _giveaway(rng: random.Random, world: World, found: Decoys, *, in_passing: bool) -> None:
    """The same text by many, over weeks, hours apart, about a prize and no stock's future."""
    settings, ticker = world.settings, world.stock(rng).ticker if in_passing else None
    prize = f"one share of ${ticker}" if ticker else expand(rng, "{made} headset", {}, {})
    text = f"Hope I win this {prize} from {coined(rng)} #{rng.choice(('giveaway', 'contest'))}"
    link = news_link(rng)
    weeks = min(settings.days - 4, rng.randint(24, 42))
    start = settings.first + rng.randrange(settings.days - weeks) * DAY
    few = max(5, min(30, settings.accounts // 20))
    drafts = [
        Draft(index, whole(start + rng.uniform(0, weeks * DAY)), text, (link,))
        for index in world.some(rng, few, 2 * few)
        for _ in range(rng.choice((1, 1, 1, 2, 3)))
    ]
    found.add("giveaway", ticker, drafts)


def _fan_group(rng: random.Random, world: World, found: Decoys) -> None:
    """Some people of one stock who chat about it nearly daily and answer each other."""
    stock = rng.choice(world.stocks)
    drafts: list[Draft] = []
    for index in world.some(rng, 7, 16):
        pace = rng.uniform(0.1, 0.6)
        for _ in range(max(2, int(pace * world.settings.days))):
            drafts.append(_fan_post(rng, world, index, stock.ticker))
    answers = [
        reaction(rng, world, other.author, "reply", one, soon(rng))
        for one, other in zip(drafts, reversed(drafts), strict=True)
        if one.author != other.author and rng.random() < 0.15
    ]
    inside = [draft for draft in answers if draft.at < world.settings.last]
    found.add("fan_group", stock.ticker, drafts + inside)


def _fan_post(rng: random.Random, world: World, index: int, ticker: str) -> Draft:
    person = world.people[index]
    at = moment(rng, world.settings, person.hour)
    if rng.random() < 0.12:
        return Draft(index, at, f"good morning ${ticker} family")
    text = (
        talk.short(rng, ticker) if rng.random() < 0.1 else talk.about(rng, ticker, person.wordiness)
    )
    return Draft(index, at, tagged(rng, text, person))


def _feed(rng: random.Random, world: World, bots: Sequence[int]) -> list[Draft]:
    """Programs that post every headline, about every stock, nearly at the same time."""
    drafts = []
    for _ in range(2 * world.settings.days):
        stock = rng.choice(world.stocks)
        at = moment(rng, world.settings, 15)
        title, link = headline(rng, stock.ticker, stock.name), news_link(rng)
        drafts += [
            Draft(index, at + rng.randrange(90) * SECOND, title, (link,))
            for index in bots
            if rng.random() < 0.85
        ]
    return [draft for draft in drafts if draft.at < world.settings.last]


def _repost_storm(rng: random.Random, world: World, found: Decoys) -> None:
    """A well-known account says something and many repost it within the hour."""
    ranked = sorted(range(len(world.people)), key=lambda i: -world.people[i].followers)
    author = rng.choice(ranked[: max(3, len(ranked) // 30)])
    ticker = world.ticker_for(rng, world.people[author])
    original = Draft(author, _event_time(rng, world), talk.about(rng, ticker))
    few = max(6, len(ranked) // 20)
    storm = [
        Draft(
            index,
            original.at + SECOND + whole(rng.expovariate(1 / (20 * MINUTE))),
            "",
            repost_of=original,
        )
        for index in world.some(rng, few, 2 * few)
        if index != author
    ]
    found.add("repost_storm", ticker, [original, *storm])
