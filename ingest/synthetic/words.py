"""Making texts: a small grammar, invented names, headlines, links and lists of plain words."""

from __future__ import annotations

import random
import re
from collections.abc import Mapping, Sequence

_SLOT = re.compile(r"\{(\w+)\}")
_ONSETS = [
    "b",
    "br",
    "c",
    "cr",
    "d",
    "dr",
    "f",
    "fl",
    "g",
    "gr",
    "h",
    "j",
    "k",
    "kl",
    "l",
    "m",
    "n",
    "p",
    "pr",
    "r",
    "s",
    "st",
    "t",
    "tr",
    "v",
    "w",
    "z",
]
_VOWELS = ["a", "e", "i", "o", "u", "ea", "ou", "ia"]
_CODAS = ["", "", "n", "r", "l", "s", "m", "x", "nd", "rt", "lk"]

Rules = Mapping[str, Sequence[str]]


def coined(rng: random.Random) -> str:
    """An invented name of two or three syllables, such as 'Velmora'."""
    syllables = rng.choice((2, 2, 3))
    parts = [
        rng.choice(_ONSETS) + rng.choice(_VOWELS) + rng.choice(_CODAS) for _ in range(syllables)
    ]
    return "".join(parts).capitalize()


def expand(rng: random.Random, template: str, rules: Rules, given: Mapping[str, str]) -> str:
    """The template with each {slot} filled: from `given`, else by one of its rules.

    {made} is an invented name, {n} a small number, {pct} a per cent figure, {price} a price.
    """

    def fill(match: re.Match[str]) -> str:
        slot = match.group(1)
        if slot in given:
            return given[slot]
        if slot in _NUMBERS:
            return _number(rng, slot)
        return _SLOT.sub(fill, rng.choice(rules[slot]))

    return _SLOT.sub(fill, template)


def headline(rng: random.Random, ticker: str, company: str) -> str:
    """A headline about a company, with its cashtag."""
    given = {"T": f"${ticker}", "company": company}
    return expand(rng, rng.choice(HEADLINES), HEADLINE_RULES, given)


def news_link(rng: random.Random) -> str:
    """The address of a news page, in normal form."""
    host = rng.choice(_NEWS_HOSTS)
    return f"https://{host}.example/{rng.choice(_SECTIONS)}/{rng.randrange(10**6, 10**7)}"


def own_link(rng: random.Random) -> str:
    """The address of a page that hardly anybody else links to."""
    host = coined(rng).lower()
    return f"https://{host}.example/{coined(rng).lower()}-{rng.randrange(10, 9999)}"


_NUMBERS = frozenset({"made", "n", "pct", "price", "big"})


def _number(rng: random.Random, slot: str) -> str:
    if slot == "made":
        return coined(rng)
    if slot == "n":
        return str(rng.randrange(2, 60))
    if slot == "pct":
        return f"{rng.choice((rng.randrange(1, 30), round(rng.uniform(0.5, 12), 1)))}%"
    if slot == "price":
        return f"{rng.uniform(1, 240):.2f}"
    return str(rng.choice((50, 80, 120, 150, 200, 250, 400, 600, 900)))


_NEWS_HOSTS = [
    "tickerpost",
    "marketledger",
    "dailybourse",
    "openbell",
    "wireonmoney",
    "tradetribune",
    "capitalcourier",
    "stockgazette",
    "pennyjournal",
    "thefloor",
]
_SECTIONS = [
    "markets",
    "companies",
    "news",
    "stocks",
    "deals",
    "earnings",
    "tech",
    "energy",
    "health",
]

HEADLINES = (
    "{company} {T} {beats} quarterly {figure} estimates, {outlook}",
    "{company} {T} to {acquire} {made} {business} for ${big} million",
    "{company} {T} names {made} {made} as {officer}",
    "{T} {company} {recalls} {pct} of its {product} after {made} {complaint}",
    "Regulator {approves} {company} {T} {product} in {region}",
    "{company} {T} {announces} ${big} million {paper}",
    "{region} {agency} opens {probe} into {company} {T}",
    "{company} {T} shares {move} {pct} {because}",
    "{made} {cuts} {company} {T} to {rating}, sees {price} target",
    "{company} {T} and {made} sign {n}-year {product} agreement",
    "Strike at {company} {T} {site} enters day {n}",
    "{company} {T} {warns} on {figure} as {region} demand {fades}",
)
HEADLINE_RULES: Rules = {
    "beats": ("beats", "misses", "tops", "falls short of", "matches"),
    "figure": ("revenue", "profit", "margin", "sales", "earnings", "bookings", "cash flow"),
    "outlook": (
        "raises full-year outlook",
        "keeps guidance",
        "cuts {n} jobs",
        "flags weak {region} orders",
        "adds buyback",
    ),
    "acquire": ("acquire", "sell", "spin off", "merge with", "take a {pct} stake in"),
    "business": ("unit", "division", "labs", "plant network", "retail arm", "patents"),
    "officer": ("chief executive", "finance chief", "chairman", "head of research", "president"),
    "recalls": ("recalls", "halts shipments of", "discontinues", "redesigns"),
    "complaint": ("complaints", "court order", "safety report", "lab findings", "fire"),
    "approves": ("approves", "rejects", "delays ruling on", "fast-tracks", "questions"),
    "product": (
        "pump line",
        "sensor",
        "vaccine",
        "battery",
        "drone",
        "snack range",
        "ferry",
        "turbine",
        "payment app",
        "scanner",
        "router",
        "fertiliser",
    ),
    "region": ("Nordic", "Asian", "Gulf", "Andean", "Baltic", "coastal", "European", "Midwest"),
    "announces": ("announces", "prices", "withdraws", "completes", "expands"),
    "paper": ("share sale", "bond", "buyback", "convertible note", "special dividend"),
    "agency": ("watchdog", "prosecutor", "tax office", "antitrust panel"),
    "probe": ("probe", "inquiry", "review", "audit"),
    "move": ("jump", "slide", "surge", "tumble", "climb", "sink"),
    "because": (
        "after surprise {figure}",
        "on {made} bid report",
        "as trading resumes",
        "following {officer} exit",
        "on {region} contract loss",
    ),
    "cuts": ("cuts", "raises", "starts", "reiterates"),
    "rating": ("hold", "buy", "sell", "underweight", "outperform"),
    "site": ("plant", "warehouse", "mine", "terminal", "refinery"),
    "warns": ("warns", "stays upbeat", "updates investors"),
    "fades": ("fades", "recovers", "stalls", "doubles"),
}
