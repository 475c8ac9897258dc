"""Hard negatives: honest life that looks coordinated. Nobody in it was asked to take part."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from graph.model import Millis
from ingest.synthetic.clock import session_moment, weekend, whole
from ingest.synthetic.families.acts import Act
from ingest.synthetic.families.lives import Lives
from ingest.synthetic.families.moves import Move, spread
from ingest.synthetic.families.phrases import HYPE, MORNING, SHORTS
from ingest.synthetic.families.script import saying
from ingest.synthetic.settings import DAY, HOUR, MINUTE, SECOND
from ingest.synthetic.vocabulary import RULES
from ingest.synthetic.words import coined, expand, headline, news_link

_BUTTON = 0.42  # of those who share a page use its share button


@dataclass(slots=True)
class Happening:
    """What strangers did at once, and what the price did."""

    ticker: str | None
    acts: list[Act] = field(default_factory=list)
    moves: list[Move] = field(default_factory=list)


@dataclass(frozen=True)
class Around:
    """Where it happens: the lives, and how large a crowd is."""

    lives: Lives

    def crowd(self, rng: random.Random, low: float, high: float, least: int = 8) -> list[str]:
        """A share of all accounts, drawn blindly."""
        people = sorted(self.lives.accounts)
        size = max(least, round(rng.uniform(low, high) * len(people)))
        return rng.sample(people, min(size, len(people)))

    def start(self, rng: random.Random, room: int) -> Millis:
        """A moment in market hours with `room` days behind it."""
        first, last = self.lives.background.first, self.lives.background.last
        return session_moment(rng, first + 3 * DAY, (last - first) // DAY - room - 5)

    def ticker(self, rng: random.Random) -> str:
        return rng.choice(tuple(self.lives.background.stocks))

    def said(self, rng: random.Random, ticker: str) -> str:
        return saying(rng, self.lives.background, ticker)


def meme_run(rng: random.Random, around: Around) -> Happening:
    """Ever more people talk a stock up for days, with the same jokes, repeats and answers, and the
    price runs with them; then they lose interest."""
    made = Happening(around.ticker(rng))
    ticker = made.ticker or ""
    days = rng.uniform(3, 6)
    start = around.start(rng, 8)
    jokes = [rng.choice(HYPE).replace("{T}", f"${ticker}") for _ in range(4)]
    jokes += [f"${ticker} {coined(rng).lower()} gang, {coined(rng).lower()} at open again"]
    for account in around.crowd(rng, 0.08, 0.2):
        for _ in range(rng.choice((1, 1, 2, 3))):
            at = start + whole(days * math.sqrt(rng.betavariate(2, 1)) * DAY)
            said = rng.choice(jokes) if rng.random() < 0.3 else _hyped(rng, around, ticker)
            said = said if rng.random() < 0.6 else around.said(rng, ticker)
            made.acts.append(Act(account, at, said))
    _react(rng, made.acts, repeats=0.2, answers=0.15)
    gain = rng.uniform(0.2, 0.9)
    made.moves = spread(ticker, start, start + int(days * DAY), gain, 5.0)
    made.moves += spread(ticker, start + int(days * DAY) + DAY, start + 12 * DAY, -gain / 2, 3.0)
    return made


def earnings_surprise(rng: random.Random, around: Around) -> Happening:
    """A company's figures: many talk all day, a part of them by the page's button; the price jumps
    and stays."""
    made = Happening(around.ticker(rng))
    ticker = made.ticker or ""
    day = around.start(rng, 3) // DAY * DAY
    titles = [_title(rng, around, ticker) for _ in range(3)]
    for account in around.crowd(rng, 0.03, 0.09):
        at = day + whole(rng.triangular(11.5, 23, 13.5) * HOUR)
        made.acts.append(_shared(rng, around, account, at, ticker, rng.choice(titles)))
    jump = rng.choice((-1, 1)) * rng.uniform(0.05, 0.2)
    made.moves = spread(ticker, day, day, jump, rng.uniform(3, 7))
    return made


def short_squeeze(rng: random.Random, around: Around) -> Happening:
    """For days people watch sellers buy back, mostly in market hours and towards the close, with
    one page of figures that everybody cites; the price accelerates and falls back."""
    made = Happening(around.ticker(rng))
    ticker = made.ticker or ""
    start, days = around.start(rng, 12), rng.randint(3, 5)
    page = news_link(rng)
    for account in around.crowd(rng, 0.05, 0.12):
        for _ in range(rng.choice((1, 2, 2, 3))):
            day = start // DAY * DAY + round((days - 1) * rng.betavariate(2, 1.2)) * DAY
            day += 2 * DAY if weekend(day) else 0
            at = day + whole(rng.triangular(14.5, 21.2, 20) * HOUR)
            said = expand(rng, rng.choice(SHORTS), RULES, {"T": f"${ticker}"})
            said = said if rng.random() < 0.55 else around.said(rng, ticker)
            links = (page,) if rng.random() < 0.2 else ()
            made.acts.append(Act(account, at, said, links))
    _react(rng, made.acts, repeats=0.1, answers=0.2)
    gain = rng.uniform(0.3, 0.8)
    made.moves = spread(ticker, start, start + days * DAY, gain, 6.0)
    made.moves += spread(ticker, start + (days + 1) * DAY, start + 12 * DAY, -0.6 * gain, 3.0)
    return made


def news_burst(rng: random.Random, around: Around) -> Happening:
    """Something is reported and a good part of all accounts shares it within the hour."""
    made = Happening(around.ticker(rng))
    ticker = made.ticker or ""
    at = around.start(rng, 3)
    titles = [_title(rng, around, ticker) for _ in range(rng.choice((1, 1, 2)))]
    for account in around.crowd(rng, 0.1, 0.25):
        when = at + whole(min(rng.expovariate(1 / (8 * MINUTE)), 55 * MINUTE))
        made.acts.append(_shared(rng, around, account, when, ticker, rng.choice(titles)))
    move = rng.choice((-1, 1)) * rng.uniform(0.07, 0.22)
    made.moves = spread(ticker, at, at, move, rng.uniform(4, 9))
    return made


def fan_community(rng: random.Random, around: Around) -> Happening:
    """A dozen friends of one stock who greet each other, chat of it for weeks and answer."""
    lives, made = around.lives, Happening(around.ticker(rng))
    ticker = made.ticker or ""
    first, last = lives.background.first, lives.background.last
    group = around.crowd(rng, 0, 0)[:8] + around.crowd(rng, 0, 0)[: rng.randint(0, 8)]
    for account in dict.fromkeys(group):
        own = lives.own(account)
        for _ in range(lives.spare(account, rng.uniform(0.3, 0.8))):
            day = first + rng.randrange((last - first) // DAY - 1) * DAY
            like = rng.choice(own).at % DAY
            at = day + whole((like + rng.gauss(0, 30) * MINUTE) % DAY)
            said = around.said(rng, ticker)
            if rng.random() < 0.15:
                said = rng.choice(MORNING).replace("{T}", f"${ticker}")
            made.acts.append(Act(account, at, said))
    _react(rng, made.acts, repeats=0.05, answers=0.35)
    return made


def news_bots(rng: random.Random, around: Around) -> Happening:
    """Programs that do nothing but repeat headlines of all stocks, seconds after each other."""
    lives, made = around.lives, Happening(None)
    busy = sorted(lives.accounts, key=lambda one: (-len(lives.own(one)), one))
    bots = rng.sample(busy[: max(12, len(busy) // 3)], rng.randint(4, 7))
    room = {bot: lives.spare(bot, 1.0) for bot in bots}
    for _ in range(sorted(room.values())[len(room) // 2]):
        ticker = around.ticker(rng)
        title, link = _title(rng, around, ticker)
        at = around.start(rng, 1)
        for bot in bots:
            if room[bot] and rng.random() < 0.8:
                room[bot] -= 1
                when = at + rng.randrange(90) * SECOND
                made.acts.append(Act(bot, when, title, (link,), plain=True))
    return made


HARD: dict[str, Callable[[random.Random, Around], Happening]] = {
    one.__name__: one
    for one in (
        meme_run,
        earnings_surprise,
        short_squeeze,
        news_burst,
        fan_community,
        news_bots,
    )
}


def _title(rng: random.Random, around: Around, ticker: str) -> tuple[str, str]:
    return headline(rng, ticker, around.lives.background.stocks[ticker]), news_link(rng)


def _shared(
    rng: random.Random, around: Around, account: str, at: Millis, ticker: str, page: tuple[str, str]
) -> Act:
    """A page shared by its button or in one's own words, or talk without it."""
    title, link = page
    way = rng.random()
    if way < _BUTTON:
        return Act(account, at, title, (link,), plain=True)
    said = around.said(rng, ticker)
    return Act(account, at, said, (link,) if way < 0.6 else ())


def _hyped(rng: random.Random, around: Around, ticker: str) -> str:
    if rng.random() < 0.5:
        return rng.choice(HYPE).replace("{T}", f"${ticker}")
    return f"{around.said(rng, ticker)} {rng.choice((chr(0x1F680), '!!', 'lol', 'wow'))}"


def _react(rng: random.Random, acts: Sequence[Act], repeats: float, answers: float) -> None:
    """Some of the acts become repeats of or answers to an earlier one, mostly to a few of them."""
    ordered = sorted(acts, key=lambda act: (act.at, act.author))
    for place, act in enumerate(ordered):
        if place < 3 or act.links:
            continue
        to = ordered[int(place * rng.betavariate(1, 3))]
        way = rng.random()
        if to.author == act.author or to.repeats or to.answers or to.at >= act.at:
            continue
        if way < repeats:
            act.repeats, act.text = to, ""
        elif way < repeats + answers:
            act.answers = to
