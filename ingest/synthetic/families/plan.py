"""A campaign before it acts, and the stage it acts on.

Size, tempo, price effect, source of the words, pages and stock are drawn before the family is
looked at, so that a family has no fingerprint but its behaviour.
"""

from __future__ import annotations

import random
from dataclasses import dataclass

from graph.model import Account, Millis
from ingest.synthetic.background import Background
from ingest.synthetic.clock import session_moment, weekend, whole
from ingest.synthetic.families.lives import Lives
from ingest.synthetic.families.script import SOURCES, Script, script
from ingest.synthetic.settings import DAY, MINUTE
from ingest.synthetic.words import coined

EFFECTS = (0.0, 0.06, 0.15, 0.35, 0.8)
PAGES = (0, 0, 0, 1, 1, 2)
LEAST, MOST = 7, 22  # members
SHARE = 0.75  # of a member's posts may be a campaign's
_QUIET_WEEKEND = 0.65
_ONCE = 0.15  # of the members take part a single time


@dataclass(frozen=True)
class Plan:
    """Who is in it and what was drawn. `members` begin with the `leaders`.

    `tempo` stretches every delay; `pages` are those that any of its posts may link to; `room` is
    how many days there are from `start`.
    """

    id: str
    family: str
    ticker: str
    size: int
    effect: float
    tempo: float
    source: str
    pages: tuple[str, ...]
    start: Millis
    room: int
    members: tuple[str, ...] = ()
    leaders: int = 1

    def waves(self, rng: random.Random, count: int, days: int | None = None) -> list[Millis]:
        """`count` moments in market hours: the start, the others on other days within `days`."""
        span = min(self.room, max(count + 1, days or round(9 * self.tempo)))
        later = sorted(rng.sample(range(1, span), min(count - 1, span - 1)))
        return [self.start, *(session_moment(rng, self.start + n * DAY, 3) for n in later)]


@dataclass(frozen=True)
class Stage:
    """Where a family acts: the lives around it."""

    lives: Lives

    @property
    def background(self) -> Background:
        return self.lives.background

    def account(self, key: str) -> Account:
        return self.lives.accounts[key]

    def talked_of(self, rng: random.Random) -> str:
        """A stock, the likelier the more people name it."""
        named = rng.choice(self.background.posts).tickers
        known = [ticker for ticker in named if ticker in self.background.stocks]
        return rng.choice(known or tuple(self.background.stocks))

    def page(self, rng: random.Random, plan: Plan, chance: float = 0.6) -> tuple[str, ...]:
        """One of the campaign's pages, if it has some, for a post that may link to one."""
        return (rng.choice(plan.pages),) if plan.pages and rng.random() < chance else ()

    def message(self, rng: random.Random, plan: Plan) -> Script:
        """A message of the campaign; each has another angle."""
        return script(rng, plan.source, plan.ticker, self.background)

    def weekday(self, rng: random.Random, day: Millis) -> Millis:
        """The day, or the Monday after: weekends are as quiet as everybody's."""
        return day + 2 * DAY if weekend(day) and rng.random() < _QUIET_WEEKEND else day

    def usual_time(self, rng: random.Random, account: str, day: Millis) -> Millis:
        """A moment of that day at which the account usually posts, give or take half an hour."""
        like = rng.choice(self.lives.own(account)).at % DAY
        return day // DAY * DAY + whole((like + rng.gauss(0, 25) * MINUTE) % DAY)

    def takers(
        self, rng: random.Random, plan: Plan, waves: int, share: float = SHARE
    ) -> list[list[str]]:
        """Who takes part in each wave, a leader first. Nobody more often than its life allows.

        Members take part in most waves, some in a single one.
        """
        parts: list[list[str]] = [[] for _ in range(waves)]
        eager = rng.uniform(0.7, 1.0)
        for place, member in enumerate(plan.members):
            most = self.lives.spare(member, share)
            leads = place < plan.leaders
            wanted = sum(leads or rng.random() < eager for _ in range(waves))
            if not leads and rng.random() < _ONCE:
                wanted = 1
            for wave in rng.sample(range(waves), max(1, min(most, wanted))):
                parts[wave].append(member)
        leaders = set(plan.members[: plan.leaders])
        return [sorted(rng.sample(p, len(p)), key=lambda m: m not in leaders) for p in parts]


def draw_plan(rng: random.Random, background: Background, name: str, family: str) -> Plan:
    """All that does not depend on the family."""
    days = (background.last - background.first) // DAY
    room = rng.randint(14, max(14, min(24, days - 14)))
    ticker = rng.choice(background.quiet())
    host = coined(rng).lower()
    pages = tuple(
        f"https://{host}.example/{coined(rng).lower()}{rng.randrange(100, 9999)}"
        for _ in range(rng.choice(PAGES))
    )
    return Plan(
        id=name,
        family=family,
        ticker=ticker,
        size=min(MOST, max(LEAST, round(rng.lognormvariate(2.5, 0.35)))),
        effect=rng.choice(EFFECTS),
        tempo=2 ** rng.uniform(-1, 1),
        source=rng.choice(SOURCES),
        pages=pages,
        start=session_moment(rng, background.first + 5 * DAY, days - room - 6),
        room=room,
    )
