"""The message of one campaign: as it is copied, in other words, or as a point in somebody's own.

Where its words come from is drawn without looking at the family: one of four manners of speaking,
or what people of the background say of another stock.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from ingest.synthetic.background import Background
from ingest.synthetic.families.phrases import DAYS, EDITS, LEADS, MANNERS, RULES, Phrasings
from ingest.synthetic.words import coined, expand

BORROWED = "borrowed"
SOURCES = (*MANNERS, BORROWED)
_URGED = 0.5  # of the texts say what to do
_JOINTS = (". ", ", ", " - ", "; ", ", so ", " and ")


class Script(Protocol):
    """What a campaign says. Each call may give another text."""

    def text(self, rng: random.Random) -> str:
        """The whole message, as one writes it for others to copy."""
        ...

    def reworded(self, rng: random.Random) -> str:
        """The same in other words."""
        ...

    def point(self, rng: random.Random) -> str:
        """A part of it, to go into a text of one's own."""
        ...


@dataclass(frozen=True)
class Spoken:
    """A claim and an urge in one of the manners."""

    claims: Phrasings
    urges: Phrasings
    facts: Mapping[str, str]

    def text(self, rng: random.Random) -> str:
        return self.reworded(rng)

    def reworded(self, rng: random.Random) -> str:
        said = [self.point(rng)]
        if rng.random() < _URGED:
            said.append(expand(rng, rng.choice(self.urges), RULES, self.facts))
        if rng.random() < 0.35:
            said.reverse()
        return rng.choice(_JOINTS).join(said)

    def point(self, rng: random.Random) -> str:
        return expand(rng, rng.choice(self.claims), RULES, self.facts)


@dataclass(frozen=True)
class Borrowed:
    """What somebody said of another stock, and the same spun: words lost, parts moved."""

    base: str

    def text(self, rng: random.Random) -> str:
        return self.base

    def reworded(self, rng: random.Random) -> str:
        words = self.base.split()
        kept = [word for word in words if word.startswith("$") or rng.random() > 0.15]
        if rng.random() < 0.5 and len(kept) > 6:
            cut = rng.randrange(2, len(kept) - 2)
            kept = kept[cut:] + kept[:cut]
        return f"{rng.choice(LEADS)} {' '.join(kept)}" if rng.random() < 0.4 else " ".join(kept)

    def point(self, rng: random.Random) -> str:
        return self.reworded(rng)


def script(rng: random.Random, source: str, ticker: str, background: Background) -> Script:
    """The message about a stock whose words come from `source`, one of SOURCES."""
    if source == BORROWED:
        return Borrowed(saying(rng, background, ticker))
    claims, urges = MANNERS[source]
    low = rng.uniform(1, 90)
    facts = {
        "T": f"${ticker}",
        "M": coined(rng),
        "D": rng.choice(DAYS),
        "P": f"{low:.2f}",
        "Q": f"{low * rng.uniform(1.2, 3):.2f}",
    }
    return Spoken(rng.choice(claims), urges, facts)


def saying(rng: random.Random, background: Background, ticker: str) -> str:
    """What anybody may say of the stock."""
    return rng.choice(background.sayings).replace("{T}", f"${ticker}")


def copied(rng: random.Random, text: str) -> str:
    """The text as it is pasted: mostly as it is, else with a tiny edit."""
    way = rng.random()
    if way < 0.5:
        return text
    if way < 0.75:
        return text + rng.choice(EDITS)
    if way < 0.85:
        return text[:1].swapcase() + text[1:]
    return f"{rng.choice(LEADS)} {text}"
