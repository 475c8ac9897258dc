"""Ordinary posts: own thoughts, links, lists, phrases; then reposts, quotes and replies to them."""

from __future__ import annotations

import random
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence

from ingest.synthetic import talk
from ingest.synthetic.clock import moment, whole
from ingest.synthetic.draft import Draft
from ingest.synthetic.people import Person
from ingest.synthetic.settings import DAY, MINUTE, MarketSettings
from ingest.synthetic.words import news_link, own_link
from ingest.synthetic.world import World

_LOOK_BACK = DAY
_CANDIDATES = 12
_SHORT = 0.08
_SEVERAL = 0.08
_QUOTING = 0.03


def ordinary(
    rng: random.Random,
    world: World,
    elsewhere: Sequence[Draft],
    busy: Counter[int],
    linked: Counter[int],
    members: frozenset[int],
) -> list[Draft]:
    """A life for everybody. `busy` is how many posts each writes elsewhere, and saves here.

    `linked` is how many of those have links: these too are saved. Posts `elsewhere` are reposted
    and answered like all others.
    """
    spared = Counter(linked)
    own: list[Draft] = []
    reactions: list[tuple[int, str]] = []
    pages = [news_link(rng) for _ in range(8 * world.settings.days)]
    for index, person in enumerate(world.people):
        pace = world.settings.member_pace if index in members else 1.0
        for _ in range(max(1, round(person.posts * pace) - busy[index])):
            kind = _kind(rng, person)
            if kind == "link" and spared[index] > 0:
                spared[index] -= 1
                kind = "about"
            if kind in ("repost", "quote", "reply"):
                reactions.append((index, kind))
            else:
                own.append(_own(rng, world, index, kind, pages))
    seen = [*own, *(draft for draft in elsewhere if draft.repost_of is None)]
    return own + _react(rng, world, seen, reactions)


def _kind(rng: random.Random, person: Person) -> str:
    shares = {
        "repost": person.reposting,
        "reply": person.answering,
        "quote": _QUOTING,
        "link": person.linking,
        "chat": person.chatting,
        "short": _SHORT,
        "several": _SEVERAL,
    }
    shares["about"] = max(0.1, 1 - sum(shares.values()))
    return rng.choices(list(shares), list(shares.values()))[0]


def _own(rng: random.Random, world: World, index: int, kind: str, pages: Sequence[str]) -> Draft:
    person = world.people[index]
    at = moment(rng, world.settings, person.hour)
    if kind == "link":
        return _linking(rng, world, index, at, pages)
    text = _text(rng, world, person, kind)
    return Draft(index, at, tagged(rng, text, person))


def _text(rng: random.Random, world: World, person: Person, kind: str) -> str:
    if kind == "chat":
        return talk.anything(rng, person.wordiness)
    if kind == "several":
        named = [world.ticker_for(rng, person) for _ in range(rng.choice((2, 2, 3, 3, 4, 6)))]
        return talk.several(rng, list(dict.fromkeys(named)))
    ticker = world.ticker_for(rng, person)
    return talk.short(rng, ticker) if kind == "short" else talk.about(rng, ticker, person.wordiness)


def _linking(rng: random.Random, world: World, index: int, at: int, pages: Sequence[str]) -> Draft:
    """A page shared: a news page that others share that day too, or one nobody else knows."""
    person = world.people[index]
    ticker = world.ticker_for(rng, person)
    if rng.random() < 0.4:
        return Draft(index, at, talk.about(rng, ticker, person.wordiness), (own_link(rng),))
    today = (at - world.settings.first) // DAY * 8
    link = pages[min(len(pages) - 1, max(0, today) + rng.choice((0, 0, 0, 1, 1, 2, 3, 4, 5, 6, 7)))]
    return Draft(index, at, talk.comment(rng, ticker), (link,))


def tagged(rng: random.Random, text: str, person: Person) -> str:
    """The text, with a hashtag where the person likes them."""
    return f"{text} {talk.hashtag(rng)}" if rng.random() < person.tagging else text


def _react(
    rng: random.Random, world: World, seen: Sequence[Draft], reactions: Sequence[tuple[int, str]]
) -> list[Draft]:
    """Reposts, quotes and replies go mostly to popular accounts, soon after the original."""
    ordered = sorted(seen, key=lambda draft: (draft.at, draft.author, draft.text))
    times = [draft.at for draft in ordered]
    made = []
    for index, kind in reactions:
        at = moment(rng, world.settings, world.people[index].hour)
        original = _original(rng, world, ordered, bisect_left(times, at), at)
        if original is None or original.author == index:
            made.append(Draft(index, at, _text(rng, world, world.people[index], "about")))
        else:
            made.append(reaction(rng, world, index, kind, original, soon(rng)))
    return [_inside(draft, world.settings) for draft in made]


def _original(
    rng: random.Random, world: World, ordered: Sequence[Draft], place: int, at: int
) -> Draft | None:
    """An earlier post of the last day, the more likely the more followers its author has."""
    near = ordered[max(0, place - 200) : place]
    chosen = rng.choices(near, k=_CANDIDATES) if near else []
    recent = [draft for draft in chosen if draft.at > at - _LOOK_BACK]
    if not recent:
        return None
    return rng.choices(recent, [1 + world.people[d.author].followers for d in recent])[0]


def reaction(
    rng: random.Random, world: World, index: int, kind: str, original: Draft, delay: int
) -> Draft:
    """What one makes of another's post: a repost, a quote or a reply."""
    at = original.at + delay
    if kind == "repost":
        return Draft(index, at, "", repost_of=original)
    ticker = world.ticker_for(rng, world.people[index])
    if kind == "quote":
        return Draft(index, at, talk.comment(rng, ticker), quote_of=original)
    return Draft(index, at, talk.answer(rng, ticker), reply_to=original)


def soon(rng: random.Random) -> int:
    """A reaction's delay: half come within forty minutes."""
    return max(1000, whole(rng.lognormvariate(0, 1.1) * 40 * MINUTE))


def _inside(draft: Draft, settings: MarketSettings) -> Draft:
    draft.at = min(draft.at, settings.last - 1000)
    return draft
