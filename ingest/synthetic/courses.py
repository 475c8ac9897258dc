"""Courses of a price: what is added to a stock's own returns and volume, session by session.

Pumps and what only looks like one. Each draw of a family differs in length, slope and loudness.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass

PUMPS = ("ramp_peak_dump", "slow_drip", "opening_spike", "two_waves", "stairs")
INNOCENT = ("earnings_jump", "index_inclusion", "squeeze", "takeover_bid", "rally")


@dataclass(frozen=True, slots=True)
class Course:
    """`moves`: log return added in each session; `loud`: what the volume is multiplied by.

    `posts` and `peak` are sessions of the course: the first with posts, and the highest close.
    """

    family: str
    moves: tuple[float, ...]
    loud: tuple[float, ...]
    posts: int
    peak: int


def course(rng: random.Random, family: str, size: float) -> Course:
    """A draw of a family whose highest close is `size` (a fraction) above where it began."""
    return _FAMILIES[family](rng, math.log1p(size), 1 + 5 * size)


def _ramp_peak_dump(rng: random.Random, gain: float, loud: float) -> Course:
    """Some buy first, the posts and the ramp come, then they sell."""
    drift, ramp, dump = rng.randint(2, 5), rng.randint(4, 8), rng.randint(2, 4)
    early = rng.uniform(0.1, 0.2)
    quiet = 1 + (loud - 1) / 5
    moves = [*_shared(rng, drift, early * gain), *_shared(rng, ramp, (1 - early) * gain)]
    moves += _shared(rng, dump, -rng.uniform(0.7, 1.1) * gain)
    volumes = [quiet] * drift + [loud] * (ramp + dump)
    return _made(rng, "ramp_peak_dump", moves, volumes, posts=drift)


def _slow_drip(rng: random.Random, gain: float, loud: float) -> Course:
    """A little every day for weeks, and no hurry to sell."""
    ramp, dump = rng.randint(10, 15), rng.randint(4, 8)
    moves = [*_shared(rng, ramp, gain), *_shared(rng, dump, -rng.uniform(0.5, 0.9) * gain)]
    volumes = [1 + (loud - 1) / 2] * (ramp + dump)
    return _made(rng, "slow_drip", moves, volumes, posts=rng.randint(0, 2))


def _opening_spike(rng: random.Random, gain: float, loud: float) -> Course:
    """All within two sessions, and gone by the end of the week."""
    moves = [0.7 * gain, 0.3 * gain] if rng.random() < 0.5 else [gain]
    dump = rng.randint(2, 4)
    fall = [w * -rng.uniform(0.8, 1.1) * gain for w in _falling(dump)]
    volumes = [2 * loud] * len(moves) + [loud] * dump
    return _made(rng, "opening_spike", [*moves, *fall], volumes, posts=0)


def _two_waves(rng: random.Random, gain: float, loud: float) -> Course:
    """Promoted, half sold, promoted again to a higher peak, sold."""
    first, rest, second, dump = (rng.randint(*span) for span in ((3, 5), (2, 4), (3, 5), (2, 4)))
    low = rng.uniform(0.3, 0.5) * gain
    moves = [*_shared(rng, first, 0.7 * gain), *_shared(rng, rest, low - 0.7 * gain)]
    moves += [*_shared(rng, second, gain - low), *_shared(rng, dump, -rng.uniform(0.7, 1.1) * gain)]
    return _made(rng, "two_waves", moves, [loud] * len(moves), posts=0)


def _stairs(rng: random.Random, gain: float, loud: float) -> Course:
    """A step up with each wave of posts, quiet days between, and all sold at the end."""
    steps, quiet, dump = rng.randint(3, 4), rng.randint(1, 3), rng.randint(2, 4)
    ups = _shared(rng, steps, gain)
    moves = [move for up in ups[:-1] for move in (up, *[0.0] * quiet)] + [ups[-1]]
    volumes = [loud if move else 1 + (loud - 1) / 4 for move in moves] + [loud] * dump
    moves += _shared(rng, dump, -rng.uniform(0.7, 1.1) * gain)
    return _made(rng, "stairs", moves, volumes, posts=0)


def _takeover_bid(rng: random.Random, gain: float, loud: float) -> Course:
    """To the price that is bid, and no further either way; soon hardly traded."""
    after = rng.randint(6, 12)
    moves = [gain, *(rng.uniform(-0.01, 0.01) * gain for _ in range(after))]
    volumes = [4 * loud, *[1 + loud * 0.5 ** (n + 1) for n in range(after)]]
    return _made(rng, "takeover_bid", moves, volumes, posts=0)


def _rally(rng: random.Random, gain: float, loud: float) -> Course:
    """A climb of weeks that stays, with a little more volume than usual."""
    climb, after = rng.randint(8, 15), rng.randint(3, 8)
    moves = [*_shared(rng, climb, gain), *_shared(rng, after, rng.uniform(-0.15, 0.05) * gain)]
    return _made(rng, "rally", moves, [1 + (loud - 1) / 3] * len(moves), posts=0)


def _earnings_jump(rng: random.Random, gain: float, loud: float) -> Course:
    """A jump in one session that stays, with volume that dies away; a little drift after."""
    after = rng.randint(4, 9)
    moves = [gain, *_shared(rng, after, rng.uniform(-0.1, 0.15) * gain)]
    volumes = [1 + 2 * loud * 0.6**n for n in range(after + 1)]
    return _made(rng, "earnings_jump", moves, volumes, posts=0)


def _index_inclusion(rng: random.Random, gain: float, loud: float) -> Course:
    """A step when it is told, a drift until funds must hold it, one huge volume, then less."""
    wait, after = rng.randint(3, 7), rng.randint(2, 5)
    told = rng.uniform(0.4, 0.6)
    moves = [told * gain, *_shared(rng, wait, (1 - told) * gain)]
    moves += _shared(rng, after, -rng.uniform(0.2, 0.5) * gain)
    volumes = [loud, *[1 + (loud - 1) / 3] * (wait - 1), 4 * loud, *[1.0] * after]
    return _made(rng, "index_inclusion", moves, volumes, posts=0)


def _squeeze(rng: random.Random, gain: float, loud: float) -> Course:
    """Ever faster while sellers must buy back, then down in jerks and not to where it began."""
    rise, fall = rng.randint(3, 6), rng.randint(4, 8)
    moves = [w * gain for w in reversed(_falling(rise))]
    lost = rng.uniform(0.3, 0.7) * gain
    moves += [
        move + (0.1 * gain if n % 2 else -0.1 * gain)
        for n, move in enumerate(_shared(rng, fall, -lost))
    ]
    volumes = [1 + loud * (n + 1) / rise for n in range(rise)] + [1 + loud / 2] * fall
    return _made(rng, "squeeze", moves, volumes, posts=1)


def _made(
    rng: random.Random, family: str, moves: Sequence[float], loud: Sequence[float], posts: int
) -> Course:
    total, best, peak = 0.0, -math.inf, 0
    for place, move in enumerate(moves):
        total += move
        if total > best:
            best, peak = total, place
    noisy = tuple(volume * math.exp(rng.gauss(0, 0.2)) for volume in loud)
    return Course(family, tuple(moves), noisy, posts, peak)


def _shared(rng: random.Random, sessions: int, total: float) -> list[float]:
    """A total over sessions, unevenly."""
    weights = [rng.uniform(0.5, 1.5) for _ in range(sessions)]
    return [total * weight / sum(weights) for weight in weights]


def _falling(sessions: int) -> list[float]:
    """Weights that halve and sum to one."""
    weights = [0.5**n for n in range(sessions)]
    return [weight / sum(weights) for weight in weights]


_FAMILIES: dict[str, Callable[[random.Random, float, float], Course]] = {
    "ramp_peak_dump": _ramp_peak_dump,
    "slow_drip": _slow_drip,
    "opening_spike": _opening_spike,
    "two_waves": _two_waves,
    "stairs": _stairs,
    "earnings_jump": _earnings_jump,
    "index_inclusion": _index_inclusion,
    "squeeze": _squeeze,
    "takeover_bid": _takeover_bid,
    "rally": _rally,
}
