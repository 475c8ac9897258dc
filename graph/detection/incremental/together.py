"""`synchrony` of what stands: are the times of two accounts closer than exchanged ones would be?"""

from __future__ import annotations

import numpy as np
from numba import njit

from graph.detection.acts import Ints
from graph.detection.incremental.timeline import Timeline
from graph.detection.incremental.views import Wanted
from graph.detection.margins import Floats
from graph.detection.synchrony import p_values, share
from graph.model import Millis
from graph.windows import DAY


def synchrony(line: Timeline, who: Wanted, window: Millis, pairs: Ints) -> Floats:
    """p-values of `pairs` of wanted accounts, keyed as by `Wanted.pairs`; shape [pairs]."""
    others = len(who.names) - 1
    account, at, group, shares = _days(
        (line.begin, line.size, line.at, line.account), who.position, others, window
    )
    order = np.argsort(account, kind="stable")  # groups come in order, and times in them
    edge = np.searchsorted(account[order], np.arange(others + 2))
    return np.asarray(p_values(pairs, others + 1, edge, group[order], at[order], shares, window))


@njit(cache=True, nogil=True)
def _days(line, code, others, window):  # type: ignore[no-untyped-def]
    """Of each object and day on which at least two of the wanted act: their account, time and
    group by act, and the share by group."""
    begin, size, at, account = line
    room = 0
    for o in range(size.shape[0]):
        room += size[o]
    who, when = np.empty(room, dtype=np.int32), np.empty(room, dtype=np.int64)
    group, shares = np.empty(room, dtype=np.int64), np.empty(room, dtype=np.float64)
    acts = groups = 0
    for o in range(size.shape[0]):
        s, end = begin[o], begin[o] + size[o]
        while s < end:
            e, first, several, day = s, others, False, at[s] // DAY
            while e < end and at[e] // DAY == day:
                c = code[account[e]]
                if c < others and first < others and c != first:
                    several = True
                first = min(first, c)
                e += 1
            if several:
                shares[groups] = share(at, s, e, window)
                for i in range(s, e):
                    if code[account[i]] < others:
                        who[acts], when[acts] = code[account[i]], at[i]
                        group[acts] = groups
                        acts += 1
                groups += 1
            s = e
    return who[:acts].copy(), when[:acts].copy(), group[:acts].copy(), shares[:groups].copy()
