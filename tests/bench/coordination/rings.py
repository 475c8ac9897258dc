"""Planted rings that are hard to find, among honest life that looks like them.

    python -m tests.bench.coordination.rings SEED     what is in the market of this seed

A market has 60 days, some 2,800 honest accounts (life.py) and RINGS rings, each of another cell of
GRID. A ring pushes a stock in 2 to 5 campaigns. In each a member takes part by chance; who does
posts once, within the jitter, in the campaign's text as reworded as the cell says, with the
campaign's link where it has one: of the ring itself, or an article of the news. Members of aged
rings also lead honest lives. Truth: pairs of a ring that take part in two campaigns together.

Seeds below 1,000 are for building and tuning. Those of a judged run are derived from a commit's
hash (`judged_seeds`), so nobody can have tuned on them.
"""

from __future__ import annotations

import hashlib
import itertools
import sys
from dataclasses import dataclass

import numpy as np
import polars as pl

from graph.detection.observed import ACCOUNTS, LINKED, NAMED, POSTS, Observed
from graph.text import text_key
from tests.bench.coordination import life
from tests.bench.coordination.life import BEGIN, DAY, DAYS, Draw, Floats, Ints

CAMPAIGNS = (2, 3, 4, 5)
TAKING_PART = (0.6, 0.8, 1.0)
JITTER_MINUTES = (5, 60, 360)
REWORDED = (0.0, 0.05, 1.0)  # share of the words that each member replaces
AGED = (False, True)
HONEST, RINGS = 2_800, 24
SMALLEST_RING, LARGEST_RING = 5, 12
WORDS = 14
BUSY_RINGS = 3.5  # the number of posts then finds members with an area of some 0.81
FIRST_JUDGED = 2**32


@dataclass(frozen=True, slots=True)
class Cell:
    """A point of the grid."""

    campaigns: int
    taking_part: float
    jitter: int
    reworded: float
    aged: bool


GRID = tuple(
    itertools.starmap(
        Cell, itertools.product(CAMPAIGNS, TAKING_PART, JITTER_MINUTES, REWORDED, AGED)
    )
)


@dataclass(frozen=True, slots=True)
class Ring:
    """Members, and of each campaign who took part, as account numbers."""

    cell: Cell
    members: Ints
    took_part: tuple[Ints, ...]

    def pairs(self) -> set[tuple[int, int]]:
        """Pairs that took part in at least two campaigns together, the smaller number first."""
        met: dict[tuple[int, int], int] = {}
        for part in self.took_part:
            for pair in itertools.combinations(sorted(part.tolist()), 2):
                met[pair] = met.get(pair, 0) + 1
        return {pair for pair, times in met.items() if times >= 2}


@dataclass(frozen=True, slots=True)
class Market:
    """What detection sees, and the rings."""

    observed: Observed
    rings: tuple[Ring, ...]

    def truth(self) -> set[tuple[str, str]]:
        """Pairs of account ids that share at least two campaigns."""
        return {(name(a), name(b)) for ring in self.rings for a, b in ring.pairs()}


def judged_seeds(commit: str, count: int) -> list[int]:
    """From the full hash of a commit: blake2b of "HASH:NUMBER", 8 bytes, over FIRST_JUDGED."""
    digests = (
        hashlib.blake2b(f"{commit}:{n}".encode(), digest_size=8).digest() for n in range(count)
    )
    return [FIRST_JUDGED + int.from_bytes(one, "big") % 2**62 for one in digests]


def name(account: int) -> str:
    """The id of an account; in the order of the numbers."""
    return f"x:{account:05}"


def market(seed: int, stress: str = "", busy: bool = False) -> Market:
    """The same for the same seed. `stress`: harder honest life, see life.STRESSES; `busy`: members
    of rings post BUSY_RINGS times as much as others, as real promoters do."""
    draw = np.random.default_rng(seed)
    cells = [GRID[n] for n in draw.choice(len(GRID), RINGS, replace=False)]
    sizes = draw.integers(SMALLEST_RING, LARGEST_RING + 1, RINGS)
    edges = HONEST + np.concatenate([[0], np.cumsum(sizes)])
    who = life.people(draw, _activity(draw, cells, edges, busy))
    shares, articles = life.articles(draw, who)
    posts = [life.talk(draw, who), shares, life.decoys(draw, who, stress)]
    if stress == "readers":
        posts.append(life.readers(draw, articles))
    rings = []
    for n, cell in enumerate(cells):
        ring = _ring(draw, cell, np.arange(edges[n], edges[n + 1]))
        posts.append(_posts(draw, ring, n, articles))
        rings.append(ring)
    return Market(_observed(pl.concat(posts)), tuple(rings))


def _activity(draw: Draw, cells: list[Cell], edges: Ints, busy: bool) -> Floats:
    activity = draw.lognormal(0, 1, int(edges[-1]))
    if busy:
        activity[HONEST:] *= BUSY_RINGS
    for n, cell in enumerate(cells):
        if not (cell.aged or busy):
            activity[edges[n] : edges[n + 1]] = 0.05
    return np.asarray(activity)


def _ring(draw: Draw, cell: Cell, members: Ints) -> Ring:
    parts = tuple(
        members[draw.random(len(members)) < cell.taking_part] for _ in range(cell.campaigns)
    )
    return Ring(cell, members, parts)


def _posts(draw: Draw, ring: Ring, number: int, articles: pl.DataFrame) -> pl.DataFrame:
    """The ring's posts. Rings of own words always have a link: nothing else would show them."""
    cell, stock = ring.cell, life.ticker(int(draw.integers(5, life.STOCKS)))
    made = []
    for n, part in enumerate(ring.took_part):
        begin = int(BEGIN + draw.integers(0, (DAYS - 1) * DAY))
        link = _link(draw, cell, f"https://ring.example/{number}/{n}", begin, articles)
        pitch = draw.integers(0, life.VOCABULARY, WORDS)
        at = begin + draw.integers(0, cell.jitter * 60_000, len(part))
        texts = [_worded(draw, pitch, cell.reworded) for _ in part]
        made.append(life.rows(part, at, [stock] * len(part), [link] * len(part), texts))
    return pl.concat(made)


def _link(draw: Draw, cell: Cell, own: str, begin: int, articles: pl.DataFrame) -> str | None:
    """None in three of ten campaigns, else an article of that day or a page of the ring's own."""
    kind = draw.random()
    if kind < 0.3 and cell.reworded < 1:
        return None
    today = articles.filter(pl.col("at").is_between(begin - DAY, begin))
    if kind < 0.6 and today.height:
        return str(today["link"][int(draw.integers(today.height))])
    return own


def _worded(draw: Draw, pitch: Ints, share: float) -> str:
    own = draw.random(WORDS) < share
    chosen = np.where(own, draw.integers(0, life.VOCABULARY, WORDS), pitch)
    return " ".join(f"word{n}" for n in chosen.tolist())


def _observed(posts: pl.DataFrame) -> Observed:
    """The frames that detection reads."""
    posts = posts.sort("at", "account", "text").with_row_index("n")
    full = posts.with_columns(
        pl.format("p{}", pl.col("n").cast(pl.String).str.zfill(6)).alias("post"),
        pl.format("x:{}", pl.col("account").cast(pl.String).str.zfill(5)).alias("account"),
    )
    known = {text: text_key(text) for text in full["text"].unique()}
    full = full.with_columns(pl.col("text").replace_strict(known).alias("text_id"))
    frame = full.with_columns(
        *(pl.lit(None, pl.String).alias(c) for c in POSTS if c not in full.columns)
    ).select(*POSTS)
    return Observed(
        posts=frame,
        named=full.filter(pl.col("ticker").is_not_null()).select(*NAMED),
        linked=full.filter(pl.col("link").is_not_null()).select(*LINKED),
        accounts=pl.DataFrame(schema=ACCOUNTS),
        as_of=BEGIN + 2 * DAYS * DAY,
    )


def main(arguments: list[str]) -> int:
    """Prints a market's rings and sizes."""
    if len(arguments) != 1:
        print(__doc__)
        return 2
    made = market(int(arguments[0]))
    for ring in made.rings:
        print(f"{len(ring.members):3} members, {len(ring.pairs()):3} pairs, {ring.cell}")
    accounts = made.observed.posts["account"].n_unique()
    print(
        f"{made.observed.posts.height} posts, {accounts} accounts, {len(made.truth())} true pairs"
    )
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
