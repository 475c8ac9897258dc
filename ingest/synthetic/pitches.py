"""The message of a campaign and its many wordings: the meaning stays, the words change."""

from __future__ import annotations

import random
from dataclasses import dataclass

from ingest.synthetic.words import expand

Wordings = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Pitch:
    """What a campaign says: a claim, and what follows from it for the reader."""

    claim: Wordings
    urge: Wordings
    facts: dict[str, str]  # what stays the same in all wordings, such as a partner's name


def pitch(rng: random.Random, ticker: str, made: str) -> Pitch:
    """A message about a stock, of one of several themes."""
    facts = {"T": f"${ticker}", "M": made, "D": rng.choice(_DAYS), "X": rng.choice(_TIMES)}
    return Pitch(rng.choice(_CLAIMS), rng.choice(_URGES), facts)


def wording(rng: random.Random, message: Pitch) -> str:
    """One of the hundreds of ways to say it."""
    claim = expand(rng, rng.choice(message.claim), _SYNONYMS, message.facts)
    urge = expand(rng, rng.choice(message.urge), _SYNONYMS, message.facts)
    parts = [claim, urge] if rng.random() < 0.6 else [urge, claim]
    return rng.choice((". ", ", ", " - ", "! ", "; ", " ... ")).join(parts)


def edited(rng: random.Random, text: str) -> str:
    """The same text as a person copies it: sometimes with a tiny edit."""
    edit = rng.choice((None, None, None, "end", "tag", "case", "lead"))
    if edit == "end":
        return text + rng.choice(("!", "!!", " \U0001f680", ".", " \U0001f680\U0001f680", " ..."))
    if edit == "tag":
        return f"{text} {rng.choice(('#stocks', '#pennystocks', '#trading', '#smallcaps'))}"
    if edit == "case":
        return text[:1].swapcase() + text[1:]
    if edit == "lead":
        return f"{rng.choice(('wow', 'hey', 'psst', 'omg', 'note'))} {text}"
    return text


_DAYS = ("Monday", "Wednesday", "Thursday", "Friday", "next week", "this month")
_TIMES = ("double", "triple", "tenfold", "fivefold")

_CLAIMS: tuple[Wordings, ...] = (
    (
        "{T} is about to {announce} a {huge} {contract} with {M} {D}",
        "{huge} {contract} between {M} and {T} {expected} {D}",
        "{insiders} {say} {T} and {M} {sign} a {huge} {contract} {D}",
        "{D} {M} and {T} {sign} their {huge} {contract}",
        "expect {T} to {announce} the {M} {contract} {D}, and it is {huge}",
        "a {huge} {M} {contract} for {T} {expected} {D}, {say} {insiders}",
    ),
    (
        "{M} wants to {takeover} {T}, {bid} {expected} {D}",
        "{insiders} {say} {M} will {takeover} {T} {D}",
        "{T} {bid} from {M} {expected} {D}",
        "a {bid} for {T} by {M} is coming {D}, {say} {insiders}",
        "{D} we hear that {M} will {takeover} {T}",
        "expect {M} to {announce} a {bid} for {T} {D}",
    ),
    (
        "{T} {trial} of {M} {worked}, results {D}",
        "the {M} {trial} at {T} {worked}, {insiders} {say}, data {D}",
        "{D} {T} will {announce} that the {M} {trial} {worked}",
        "{insiders} {say} that {T} {worked} with the {M} {trial}, numbers {D}",
        "results of the {T} {M} {trial} {expected} {D} and it {worked}",
    ),
    (
        "{T} {struck} a {huge} {deposit} at {M}, assays {D}",
        "{huge} {deposit} at {M}: {T} {struck} it, lab results {D}",
        "{insiders} {say} {T} {struck} a {huge} {deposit} at the {M} site, official {D}",
        "{D} {T} will {announce} the {huge} {M} {deposit}",
        "the {M} {deposit} that {T} {struck} is {huge}, {announce} {D}",
    ),
)
_URGES: tuple[Wordings, ...] = (
    (
        "{buy} {T} {before} and {X} your money",
        "{T} can {X} from here, {buy} {now}",
        "{now} is the time to {buy} {T}, easy {X}",
        "those who {buy} {T} {now} will {X} the money",
        "this goes {X}, {buy} {before}",
    ),
    (
        "{cheap} at this price, {buy} {T} {before}",
        "{T} is {cheap}, {buy} {now}",
        "{buy} {T} {now}, it is {cheap}",
        "{cheap}, so {buy} {before}",
        "still {cheap} {now}, but not for long: {buy} {T}",
    ),
)
_SYNONYMS = {
    "announce": ("announce", "reveal", "publish", "confirm", "unveil", "disclose"),
    "huge": ("huge", "massive", "giant", "enormous", "game-changing", "monster", "colossal"),
    "contract": ("contract", "supply deal", "order", "agreement", "partnership deal"),
    "expected": ("expected", "due", "coming", "dropping", "will land", "arrives"),
    "insiders": ("insiders", "people inside", "my sources", "friends at the company", "staff"),
    "say": ("say", "tell me", "whisper", "confirm", "report"),
    "sign": ("sign", "close", "ink", "seal", "finalise"),
    "takeover": ("buy out", "take over", "acquire", "swallow", "purchase"),
    "bid": ("buyout offer", "takeover bid", "acquisition offer", "merger bid"),
    "trial": ("drug trial", "clinical study", "phase three trial", "patient study"),
    "worked": ("succeeded", "hit every endpoint", "was a success", "beat all hopes", "did great"),
    "struck": ("struck", "found", "discovered", "drilled into", "hit"),
    "deposit": ("gold deposit", "gold vein", "gold find", "ore body full of gold"),
    "buy": ("buy", "grab", "get", "load up on", "pick up", "accumulate"),
    "before": (
        "before everyone hears",
        "before the crowd wakes up",
        "ahead of the news",
        "before it is public",
        "while you can",
        "before it runs",
    ),
    "now": ("now", "today", "right away", "at once", "this minute", "here"),
    "cheap": ("dirt cheap", "a bargain", "a steal", "ridiculously low", "almost free", "on sale"),
}
