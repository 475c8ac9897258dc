"""What to judge next: the likeliest, the least sure, and some by chance with a known propensity.

Of a list of 20, 14 are the likeliest promotions that nobody has decided on, 4 those the model is
least sure of, and 2 are drawn by chance. The first two find promotions and sharpen the model, and
say nothing of how many there are: whoever looks where the score is high finds them there. The part
by chance does. It is drawn first, from everything undecided, by bands of the score so that no band
is left out; each row keeps the chance it had (its propensity), and `gnn/prevalence.py` weighs it by
one over that.
"""

from __future__ import annotations

import hashlib
import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from graph.errors import UsageError

UNCERTAIN, RANDOM = 0.2, 0.1  # shares of a list; the rest is the likeliest
NOVELTY = 1.0  # log odds by which something wholly new counts as less sure
EVENLY = 0.5  # of the chance part, given to all bands alike; the rest by their size
MOST = 1_000
_SURE = 1e-6
DECIDED = ("promotion", "harmless")


@dataclass(frozen=True, slots=True)
class Candidate:
    """Something that can be judged.

    `probability` is None where the model gave none. `doubt`, in log odds: half the width of the
    interval around it, or how far two models are apart; 0 where unknown. `novelty` is 0 to 1.
    `judged` is what stands: promotion, harmless, unclear, or None.
    """

    id: str
    probability: float | None
    stratum: str
    doubt: float = 0.0
    novelty: float = 0.0
    judged: str | None = None


@dataclass(frozen=True, slots=True)
class Drawn:
    """A row of the list. `propensity`: its chance of being drawn; None but in the part by chance"""

    id: str
    part: str  # top, uncertain or random
    stratum: str
    probability: float | None
    propensity: float | None
    says: str


def draw(candidates: Iterable[Candidate], size: int, seed: str) -> list[Drawn]:
    """A list of at most `size`, in the order to judge them in. The same input, the same list.

    The three parts are spread evenly, so that who stops early has judged some of each. What is
    decided is never asked again; what was unclear only by chance. Raises UsageError.
    """
    if not 1 <= size <= MOST:
        raise UsageError(f"the list is of {size}; ask for 1 to {MOST}")
    open_ = sorted((c for c in candidates if c.judged not in DECIDED), key=lambda c: c.id)
    if len({c.id for c in open_}) < len(open_):
        raise UsageError("two candidates have one id; each must have its own")
    _, unsure, by_chance = shares(size)
    random = _by_chance(open_, by_chance, seed)
    taken = {row.id for row in random}
    left = [c for c in open_ if c.id not in taken and c.judged is None]
    likely = sorted(left, key=lambda c: (-(c.probability or 0.0), c.id))
    top = likely[: max(0, size - len(random) - unsure)]
    rest = sorted(likely[len(top) :], key=lambda c: (distance(c), c.id))
    uncertain = rest[: size - len(random) - len(top)]
    return _spread(_rows("top", top, _likely), _rows("uncertain", uncertain, _unsure), random)


def shares(size: int) -> tuple[int, int, int]:
    """How many of a list are the likeliest, the least sure, and drawn by chance (of two or more,
    at least one)."""
    by_chance = max(1, math.floor(size * RANDOM + 0.5)) if size > 1 else 0
    unsure = min(size - by_chance, math.floor(size * UNCERTAIN + 0.5))
    return size - by_chance - unsure, unsure, by_chance


def distance(candidate: Candidate) -> float:
    """How sure the model is, in log odds: how far the near end of its interval is from even odds.

    Below 0 the interval holds even odds. Something new counts as less sure.
    """
    p = candidate.probability
    odds = 0.0 if p is None else _log_odds(p)
    return abs(odds) - candidate.doubt - NOVELTY * candidate.novelty


def propensities(counts: Mapping[str, int], wanted: int) -> dict[str, float]:
    """The chance of each member of a stratum to be drawn: above 0 in every one, at most 1.

    Half of what is wanted goes to the strata alike, half by their size; what a small one cannot
    take goes to the others. Times the counts, they add up to what is wanted.
    """
    total = sum(counts.values())
    wanted = min(wanted, total)
    if not wanted:
        return dict.fromkeys(counts, 0.0)
    ideal = {h: EVENLY / len(counts) + (1 - EVENLY) * n / total for h, n in counts.items()}
    full: set[str] = set()
    while True:
        spare = wanted - sum(counts[h] for h in full)
        weight = sum(share for h, share in ideal.items() if h not in full)
        given = {h: spare * ideal[h] / weight for h in counts if h not in full} if weight else {}
        over = {h for h, many in given.items() if many >= counts[h]}
        if not over:
            return {h: 1.0 if h in full else given[h] / counts[h] for h in counts}
        full |= over


def _by_chance(frame: Sequence[Candidate], wanted: int, seed: str) -> list[Drawn]:
    """Draws by strata. How many of each is rounded by chance too, so that the chances are exact."""
    strata: defaultdict[str, list[Candidate]] = defaultdict(list)
    for candidate in frame:
        strata[candidate.stratum].append(candidate)
    counts = {name: len(strata[name]) for name in sorted(strata)}
    chance = propensities(counts, wanted)
    rng = np.random.default_rng(_number(seed))
    start, ends = float(rng.uniform()), 0.0
    rows = []
    for name, many in counts.items():
        before, ends = ends, ends + many * chance[name]
        takes = min(many, math.floor(ends + start + 1e-9) - math.floor(before + start + 1e-9))
        for at in sorted(rng.choice(many, size=takes, replace=False).tolist()):
            one = strata[name][at]
            says = (
                f"by chance: one of {many} undecided in band {name}, taken with {chance[name]:.3g}"
            )
            rows.append(
                Drawn(one.id, "random", name, one.probability, min(1.0, chance[name]), says)
            )
    return rows


def _rows(part: str, chosen: Sequence[Candidate], says: Callable[[Candidate], str]) -> list[Drawn]:
    return [Drawn(c.id, part, c.stratum, c.probability, None, says(c)) for c in chosen]


def _likely(c: Candidate) -> str:
    return f"among the likeliest that nobody has judged: {_shown(c.probability)}"


def _unsure(c: Candidate) -> str:
    more = [f"give or take {c.doubt:.2g} in log odds"] if c.doubt else []
    more += [f"unlike what the model knows ({c.novelty:.2g})"] if c.novelty else []
    return ", ".join([f"the model is unsure: {_shown(c.probability)}", *more])


def _shown(probability: float | None) -> str:
    return "no probability" if probability is None else f"probability {probability:.3g}"


def _spread(*parts: Sequence[Drawn]) -> list[Drawn]:
    """The parts mixed evenly, each in its own order."""
    placed = [
        ((at + 0.5) / len(part), order, row)
        for order, part in enumerate(parts)
        for at, row in enumerate(part)
    ]
    return [row for _, _, row in sorted(placed, key=lambda item: item[:2])]


def _log_odds(p: float) -> float:
    kept = min(max(p, _SURE), 1 - _SURE)
    return math.log(kept / (1 - kept))


def _number(seed: str) -> int:
    return int.from_bytes(hashlib.sha256(seed.encode()).digest()[:8], "big")
