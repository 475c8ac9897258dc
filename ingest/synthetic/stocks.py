"""Invented stocks: tickers that are no words and no real listings, names, popularity."""

from __future__ import annotations

import random
from dataclasses import dataclass

from ingest.synthetic.words import coined

_SUFFIXES = [
    "Minerals",
    "Therapeutics",
    "Robotics",
    "Energy",
    "Foods",
    "Logistics",
    "Lithium",
    "Software",
    "Brands",
    "Marine",
    "Optics",
    "Genomics",
    "Shipping",
    "Holdings",
    "Interactive",
    "Aerospace",
    "Beverages",
    "Semiconductor",
    "Wireless",
    "Timber",
]
_REAL = frozenset({"VOXR", "VEXT", "VUZI", "XEQT", "ZUZL", "ZEXT"})
_ZIPF = 1.05


@dataclass(frozen=True, slots=True)
class Listing:
    """A stock of the planted market; `popularity` is its share of the talk."""

    ticker: str
    name: str
    popularity: float
    thin: bool


def listings(rng: random.Random, count: int) -> list[Listing]:
    """`count` stocks, the most talked about first; the lower half is thin."""
    tickers = rng.sample(_tickers(), count)
    names = [f"{coined(rng)} {rng.choice(_SUFFIXES)}" for _ in tickers]
    weights = [1 / (rank + 1) ** _ZIPF for rank in range(count)]
    total = sum(weights)
    return [
        Listing(ticker, name, weight / total, thin=rank >= count // 2)
        for rank, (ticker, name, weight) in enumerate(zip(tickers, names, weights, strict=True))
    ]


def _tickers() -> list[str]:
    made = (a + b + c + d for a in "QXZV" for b in "AOUIEY" for c in "XQZ" for d in "BDGKPRTVLN")
    return [ticker for ticker in made if ticker not in _REAL]
