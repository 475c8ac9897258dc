"""What people say on an ordinary day, about a stock, about several, or about anything else."""

from __future__ import annotations

import random
from collections.abc import Sequence

from ingest.synthetic.phrases import (
    ANSWERS,
    ASIDES,
    COMMENTS,
    HASHTAGS,
    LISTS,
    OFFTOPIC,
    SHORT,
    TOPICS,
)
from ingest.synthetic.vocabulary import RULES
from ingest.synthetic.words import expand


def about(rng: random.Random, ticker: str, wordiness: float = 0.0) -> str:
    """A text of one's own that names one stock, of one to four sentences."""
    text = expand(rng, rng.choice(rng.choice(TOPICS)), RULES, {"T": f"${ticker}"})
    return _with_aside(rng, _and_more(rng, text, wordiness))


def short(rng: random.Random, ticker: str) -> str:
    """A phrase that many honest people write word for word."""
    return expand(rng, rng.choice(SHORT), RULES, {"T": f"${ticker}"})


def several(rng: random.Random, tickers: Sequence[str]) -> str:
    """A text that names several stocks."""
    tags = " ".join(f"${ticker}" for ticker in tickers)
    return expand(rng, rng.choice(LISTS), RULES, {"T": tags})


def anything(rng: random.Random, wordiness: float = 0.0) -> str:
    """A text that names no stock."""
    text = expand(rng, rng.choice(OFFTOPIC), RULES, {})
    return _with_aside(rng, _and_more(rng, text, wordiness))


def answer(rng: random.Random, ticker: str | None) -> str:
    """A reply."""
    text = expand(rng, rng.choice(ANSWERS), RULES, {})
    return f"{text} ${ticker}" if ticker and rng.random() < 0.4 else text


def comment(rng: random.Random, ticker: str) -> str:
    """What one says when sharing a page or reacting to news."""
    return expand(rng, rng.choice(COMMENTS), RULES, {"T": f"${ticker}"})


def hashtag(rng: random.Random) -> str:
    return "#" + rng.choice(HASHTAGS)


def _and_more(rng: random.Random, text: str, wordiness: float) -> str:
    for _ in range(3):
        if rng.random() < wordiness:
            template = rng.choice(rng.choice((OFFTOPIC, *TOPICS)))
            text += rng.choice((". ", ", ", "; ")) + expand(rng, template, RULES, {"T": "it"})
    return text


def _with_aside(rng: random.Random, text: str) -> str:
    if rng.random() < 0.55:
        return text
    return f"{text} {expand(rng, rng.choice(ASIDES), RULES, {})}"
