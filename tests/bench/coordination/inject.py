"""Known ties in data where chance alone rules: pairs that are given co-actions on purpose.

A pair is two random accounts of one random stratum. Its k co-actions are at k random acts of that
stratum, each in another episode, none of which has either of them: both act there and then. The
data's own margins include them, as they would in life.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from graph.detection.acts import Acts
from graph.detection.coaction import LEVELS, MOST_POPULAR, Meetings
from graph.detection.margins import Margins
from graph.detection.significance import benjamini_hochberg
from tests.bench.coordination.expected import corrected, p_of

Ints = npt.NDArray[np.int64]
STRENGTHS = (1, 2, 3, 4, 6, 8, 12)
TIES = 50
ROOM = MOST_POPULAR - 64  # popularity up to which an episode takes guests and stays one that ties


@dataclass(frozen=True, slots=True)
class Injected:
    """The acts with `pairs` (left * accounts + right, shape [n]), each given `strength` co-actions.

    `popularity` [n, largest strength]: of the episodes used, guests included; else 0.
    """

    acts: Acts
    pairs: Ints
    strength: Ints
    popularity: Ints


def inject(base: Meetings, seed: int) -> Injected:
    """`base`'s acts with TIES more pairs, STRENGTHS in turn; fewer where strata are too small."""
    draw = np.random.default_rng(seed)
    episode = base.incidence_episode
    start = np.searchsorted(episode, np.arange(len(base.popularity) + 1))
    stratum = base.episode_stratum[episode]
    guests = np.zeros(len(base.popularity), dtype=np.int64)
    rows: list[tuple[int, int]] = []  # account, act that it joins
    pairs: dict[int, int] = {}
    used: dict[int, list[int]] = {}
    for _ in range(TIES * 40):
        if len(pairs) == TIES:
            break
        k = STRENGTHS[len(pairs) % len(STRENGTHS)]
        home = stratum[draw.integers(len(stratum))]
        inside = np.flatnonzero(stratum == home)
        a, b = np.sort(base.incidence_account[draw.choice(inside, 2)]).tolist()
        key = a * len(base.acts.accounts) + b
        hosts = _hosts(draw, base, inside, start, (a, b), k)
        if a == b or key in pairs or len(hosts) < k:
            continue
        pairs[key] = k
        used[key] = hosts
        guests[hosts] += 2
        first = [base.episode_start[e] for e in hosts]
        rows += [(who, int(act)) for act in first for who in (a, b)]
    return _made(base, rows, pairs, used, guests)


def _hosts(
    draw: np.random.Generator,
    base: Meetings,
    inside: Ints,
    start: Ints,
    pair: tuple[int, int],
    k: int,
) -> list[int]:
    """Up to k episodes of the stratum, by their accounts, with neither of the pair."""
    tried = draw.permutation(base.incidence_episode[draw.choice(inside, 6 * k)])
    found: list[int] = []
    for e in dict.fromkeys(tried.tolist()):
        who = base.incidence_account[start[e] : start[e + 1]]
        if len(who) <= ROOM and not np.isin(pair, who).any() and len(found) < k:
            found.append(e)
    return found


def _made(
    base: Meetings,
    rows: list[tuple[int, int]],
    pairs: dict[int, int],
    used: dict[int, list[int]],
    guests: Ints,
) -> Injected:
    acts = base.acts
    who, host = (np.array(x, dtype=np.int64) for x in zip(*rows, strict=True))
    at = np.concatenate([acts.at, acts.at[host]])
    thing = np.concatenate([acts.object, acts.object[host]])
    order = np.lexsort((at, thing))
    grown = replace(
        acts,
        account=np.concatenate([acts.account, who.astype(acts.account.dtype)])[order],
        object=thing[order],
        at=at[order],
        row=np.concatenate([acts.row, acts.row[host]])[order],
        text=np.concatenate([acts.text, acts.text[host]])[order] if len(acts.text) else acts.text,
    )
    popularity = np.zeros((len(pairs), max(STRENGTHS)), dtype=np.int64)
    for n, key in enumerate(pairs):
        popularity[n, : pairs[key]] = (base.popularity + guests)[used[key]]
    strength = np.array(list(pairs.values()), dtype=np.int64)
    return Injected(grown, np.array(list(pairs), dtype=np.int64), strength, popularity)


def possible(injected: Injected, by: Margins, tests: int, alpha: float) -> npt.NDArray[np.bool_]:
    """Which of the pairs somebody would find who knew the right level of popularity.

    Its p is the smallest tail of the four levels, uncorrected, for the co-actions given and no
    other; found is what Benjamini-Hochberg accepts of them over all `tests`.
    """
    order = np.argsort(injected.pairs)
    pairs, popularity = injected.pairs[order], injected.popularity[order]
    accounts = len(injected.acts.accounts)
    levels = corrected(pairs, by, accounts)
    p = np.ones(len(pairs))
    for level, most in enumerate(LEVELS):
        counts = ((popularity > 0) & (popularity <= most)).sum(axis=1)
        p = np.minimum(p, p_of(pairs, level, counts, by, accounts) / levels)
    out = np.zeros(len(pairs), dtype=np.bool_)
    out[order] = benjamini_hochberg(p, tests) <= alpha
    return out
