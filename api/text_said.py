"""Texts that we generate to learn promotional language from: manners of promoting, kinds of talk.

Names of stocks are drawn anew for each text, and the word model sees none of them.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence

from ingest.synthetic import phrases, pitches
from ingest.synthetic.background import Background
from ingest.synthetic.families.phrases import HYPE, MANNERS, MORNING, SHORTS
from ingest.synthetic.families.script import Borrowed, copied, script
from ingest.synthetic.touting import SOBER, TOUT_RULES, TOUTS
from ingest.synthetic.vocabulary import RULES
from ingest.synthetic.words import coined, expand, headline

PITCHES = "pitches"
CAMPAIGNS = (*MANNERS, PITCHES)  # what planted campaigns say
APART = tuple(TOUTS)  # what none of them says
MADE_LIFE: Mapping[str, Sequence[str]] = {
    **{f"topic {place + 1}": said for place, said in enumerate(phrases.TOPICS)},
    "short": phrases.SHORT,
    "lists": phrases.LISTS,
    "off topic": phrases.OFFTOPIC,
    "answers": phrases.ANSWERS,
    "comments": phrases.COMMENTS,
    "hype": HYPE,
    "short squeeze": SHORTS,
    "morning": MORNING,
    "headlines": (),
}
KINDS: tuple[str, ...] = (*MADE_LIFE, *SOBER)
_ALSO, _ASIDE = 0.3, 0.3  # of the texts go on with something ordinary
_JOINTS = (". ", ", ", "; ", " - ")


def promoting(manner: str, count: int, seed: int) -> list[str]:
    """Texts of one manner, one of CAMPAIGNS or APART, as campaigns copy and reword them."""
    rng = random.Random(f"{seed}/text/{manner}")
    return [_longer(rng, _promotion(rng, manner)) for _ in range(count)]


def ordinary(kind: str, count: int, seed: int) -> list[str]:
    """Texts of one of KINDS."""
    rng = random.Random(f"{seed}/text/{kind}")
    return [_longer(rng, _talk(rng, kind)) for _ in range(count)]


def borrowed(count: int, seed: int) -> list[str]:
    """What campaigns say that borrow their words from ordinary talk, which no text gives away."""
    rng = random.Random(f"{seed}/text/borrowed")
    kinds = [kind for kind in MADE_LIFE if kind.startswith("topic")]
    return [Borrowed(_talk(rng, rng.choice(kinds))).reworded(rng) for _ in range(count)]


def _promotion(rng: random.Random, manner: str) -> str:
    ticker = _ticker(rng)
    if manner == PITCHES:
        return pitches.edited(rng, pitches.wording(rng, pitches.pitch(rng, ticker, coined(rng))))
    if manner in TOUTS:
        said = expand(rng, rng.choice(TOUTS[manner]), TOUT_RULES, {"T": f"${ticker}"})
        return copied(rng, said)
    spoken = script(rng, manner, ticker, _NOBODY)
    say: Callable[[random.Random], str] = spoken.point if rng.random() < 0.3 else spoken.reworded
    return copied(rng, say(rng))


def _talk(rng: random.Random, kind: str) -> str:
    if kind == "headlines":
        return headline(rng, _ticker(rng), f"{coined(rng)} {rng.choice(('Corp', 'Inc', 'Group'))}")
    several = rng.randint(2, 5) if kind == "lists" else 1
    tags = " ".join(f"${_ticker(rng)}" for _ in range(several))
    said = MADE_LIFE[kind] if kind in MADE_LIFE else SOBER[kind]
    return expand(rng, rng.choice(said), RULES, {"T": tags})


def _longer(rng: random.Random, text: str) -> str:
    """As people go on: with an ordinary clause, with an aside, or not at all."""
    if rng.random() < _ALSO:
        more = rng.choice(rng.choice(phrases.TOPICS))
        text += rng.choice(_JOINTS) + expand(rng, more, RULES, {"T": "it"})
    if rng.random() < _ASIDE:
        text += " " + expand(rng, rng.choice(phrases.ASIDES), RULES, {})
    return text


def _ticker(rng: random.Random) -> str:
    return "".join(rng.choice("ABCDEFGHIJKLMNOPQRSTUVWXYZ") for _ in range(rng.choice((3, 4))))


_NOBODY = Background("nobody", (), (), (), 0, 0, {}, ())
