"""What a change of timelines does to episodes, incidences and meetings, in one window.

An act that comes or goes concerns the episodes it reaches and no others: it may lengthen one, join
two, or part one. Those are taken back as they were and told anew as they are. Where one episode
stays one, only the accounts that moved are told, for no other pair can have changed, unless the
episode's level of popularity did.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit

from graph.detection.acts import Codes, Ints
from graph.detection.incremental.names import grown
from graph.detection.incremental.timeline import Redrawn, Timeline, first_at
from graph.detection.loops import level_of
from graph.model import Millis

# A stratum is place * 2^BEGAN + span of time; an incidence stratum * 2^ACCOUNT + account; a class
# stratum * 2^ACCOUNT + popularity; a meeting (left * 2^ACCOUNT + right) * 4 + level, left < right.
ACCOUNT, BEGAN, PLACE = 28, 16, 18
ACCOUNTS = 1 << ACCOUNT


@dataclass(frozen=True, slots=True)
class Difference:
    """Changes as key * 2 + 1 for one more and key * 2 for one less; of classes, by episode that
    came or went: key, 1 or -1, and the pairs that met there, as often."""

    incidences: Ints
    meetings: Ints
    classes: Ints
    episodes: Ints
    met: Ints


class Scratch:
    """Room to mark accounts in, kept between calls."""

    def __init__(self) -> None:
        self.stamp: Ints = np.zeros(1024, dtype=np.int64)
        self.local: Ints = np.zeros(1024, dtype=np.int64)
        self.moved: Ints = np.zeros(1024, dtype=np.int64)
        self.tick: Ints = np.zeros(1, dtype=np.int64)
        self.acts: Ints = np.zeros(1024, dtype=np.int64)
        self.pair = np.zeros(1 << 16, dtype=np.bool_)

    def reach(self, accounts: int) -> None:
        """Makes room for codes below `accounts`."""
        self.stamp = grown(self.stamp, accounts)
        self.local = grown(self.local, accounts)
        self.moved = grown(self.moved, accounts)
        self.acts = grown(self.acts, accounts)


def difference(
    line: Timeline,
    drawn: Redrawn,
    place: Codes,
    window: Millis,
    span: Millis,
    most_popular: int,
    scratch: Scratch,
) -> Difference:
    """What changes when `line` becomes `drawn`; `place` by object."""
    found = _difference(
        (drawn.objects, drawn.edge, drawn.moves.at, drawn.moves.account, drawn.moves.add),
        (line.begin, line.size, line.at, line.account),
        (drawn.start, drawn.at, drawn.account),
        place,
        (window, span, most_popular),
        (scratch.stamp, scratch.local, scratch.moved, scratch.tick, scratch.pair, scratch.acts),
    )
    return Difference(*found)


@njit(cache=True, nogil=True)
def _difference(moves, old, new, place, sizes, scratch):  # type: ignore[no-untyped-def]
    objects, edge, m_at, m_account, m_add = moves
    begin, size, at, account = old
    start, n_at, n_account = new
    window = sizes[0]
    moved, tick = scratch[2], scratch[3]
    log = _empty_log()
    for k in range(objects.shape[0]):
        tick[0] += 1
        mark = tick[0]
        for m in range(edge[k], edge[k + 1]):
            moved[m_account[m]] = mark
        times = m_at[edge[k] : edge[k + 1]]
        b = begin[objects[k]]
        was = _reached(at, b, b + size[objects[k]], times, window)
        now = _covered(n_at, start[k], start[k + 1], at, was, times, window)
        here = place[objects[k]] << BEGAN
        i, j, m = 0, 0, edge[k]
        while i < was.shape[0] or j < now.shape[0]:
            i_to, j_to = _group(at, was, i, n_at, now, j)
            m_to = m
            until = _until(at, was[i:i_to], n_at, now[j:j_to])
            while m_to < edge[k + 1] and m_at[m_to] <= until:
                m_to += 1
            log = _told(
                (at, account, was[i:i_to]),
                (n_at, n_account, now[j:j_to]),
                (m_account[m:m_to], m_add[m:m_to]),
                here,
                sizes,
                scratch,
                mark,
                log,
            )
            i, j, m = i_to, j_to, m_to
    return (
        log[0][: log[3][0]].copy(),
        log[1][: log[3][1]].copy(),
        log[2][0, : log[3][2]].copy(),
        log[2][1, : log[3][2]].copy(),
        log[2][2, : log[3][2]].copy(),
    )


@njit(cache=True, nogil=True)
def _empty_log():  # type: ignore[no-untyped-def]
    """Incidences, meetings, classes [3, n], and how many of each are used."""
    return (
        np.empty(1024, dtype=np.int64),
        np.empty(1024, dtype=np.int64),
        np.empty((3, 1024), dtype=np.int64),
        np.zeros(3, dtype=np.int64),
    )


@njit(cache=True, nogil=True)
def _reached(at, low, high, times, window):  # type: ignore[no-untyped-def]
    """Episodes of low..high within the window of any of the sorted `times`: [n, 2] positions."""
    out = np.empty((2 * times.shape[0], 2), dtype=np.int64)
    n = 0
    for t in times:
        p = first_at(at, low, high, t)
        for q in (p - 1, p):
            if q < low or q >= high or abs(at[q] - t) > window or (n and q < out[n - 1, 1]):
                continue
            s, e = q, q + 1
            while s > low and at[s] - at[s - 1] <= window:
                s -= 1
            while e < high and at[e] - at[e - 1] <= window:
                e += 1
            out[n, 0], out[n, 1] = s, e
            n += 1
    return out[:n]


@njit(cache=True, nogil=True)
def _covered(at, low, high, old_at, was, times, window):  # type: ignore[no-untyped-def]
    """Episodes of the new block low..high in which there is anything of the old ones `was` or of
    `times`: no others touch them, for those of the old were all within reach."""
    out = np.empty((high - low, 2), dtype=np.int64)
    n = i = j = 0
    end = low
    while i < was.shape[0] or j < times.shape[0]:
        if j == times.shape[0] or (i < was.shape[0] and old_at[was[i, 0]] <= times[j]):
            since, until = old_at[was[i, 0]], old_at[was[i, 1] - 1]
            i += 1
        else:
            since = until = times[j]
            j += 1
        p = max(first_at(at, end, high, since), end)
        while p < high and at[p] <= until:
            if n and p == out[n - 1, 1] and at[p] - at[p - 1] <= window:
                out[n - 1, 1] = p + 1
            else:
                out[n, 0], out[n, 1] = p, p + 1
                n += 1
            p += 1
        end = max(end, p)
    return out[:n]


@njit(cache=True, nogil=True)
def _group(at, was, i, n_at, now, j):  # type: ignore[no-untyped-def]
    """Past the old and the new episodes that overlap in time with the first ones from i and j."""
    until = np.int64(2**62)
    if i < was.shape[0]:
        until = at[was[i, 0]]
    if j < now.shape[0]:
        until = min(until, n_at[now[j, 0]])
    while True:
        if i < was.shape[0] and at[was[i, 0]] <= until:
            until = max(until, at[was[i, 1] - 1])
            i += 1
        elif j < now.shape[0] and n_at[now[j, 0]] <= until:
            until = max(until, n_at[now[j, 1] - 1])
            j += 1
        else:
            return i, j


@njit(cache=True, nogil=True)
def _until(at, was, n_at, now):  # type: ignore[no-untyped-def]
    """When the last act of these episodes is."""
    last = np.int64(-(2**62))
    if was.shape[0]:
        last = at[was[-1, 1] - 1]
    if now.shape[0]:
        last = max(last, n_at[now[-1, 1] - 1])
    return last


@njit(cache=True, nogil=True)
def _told(old, new, moves, here, sizes, scratch, mark, log):  # type: ignore[no-untyped-def]
    """Takes back the old episodes of a group and tells the new ones. `moves`: of the group."""
    at, account, was = old
    n_at, n_account, now = new
    span, most_popular = sizes[1], sizes[2]
    one = was.shape[0] == 1 and now.shape[0] == 1
    one = one and at[was[0, 0]] // span == n_at[now[0, 0]] // span
    same = False
    if one:
        before, after = _crowds(n_account, now[0], moves, scratch)
        ties, tied = 2 <= before <= most_popular, 2 <= after <= most_popular
        if not ties and not tied:
            stratum = here + n_at[now[0, 0]] // span
            return _steady(before, after, moves, stratum, scratch, log)
        same = ties and tied and level_of(before) == level_of(after)
    for e in range(was.shape[0]):
        log = _episode(at, account, was[e], 0, one, same, here, sizes, scratch, mark, log)
    for e in range(now.shape[0]):
        log = _episode(n_at, n_account, now[e], 1, one, same, here, sizes, scratch, mark, log)
    return log


@njit(cache=True, nogil=True)
def _crowds(account, now, moves, scratch):  # type: ignore[no-untyped-def]
    """Distinct accounts of the one episode before and after its moves; leaves in `local` 1 for a
    moved account that is new there, -1 for one that is gone."""
    stamp, local, tick, acts = scratch[0], scratch[1], scratch[3], scratch[5]
    m_account, m_add = moves
    tick[0] += 1
    crowd = 0
    for i in range(now[0], now[1]):
        if acts[account[i]] >> 28 == tick[0]:
            acts[account[i]] += 1
        else:
            acts[account[i]] = tick[0] << 28 | 1
            crowd += 1
    for a in m_account:
        local[a] = 0
    for m in range(m_account.shape[0]):
        local[m_account[m]] += 1 if m_add[m] else -1
    before = crowd
    for a in m_account:
        if stamp[a] != tick[0]:
            stamp[a] = tick[0]
            stands = acts[a] & (2**28 - 1) if acts[a] >> 28 == tick[0] else 0
            stood = stands - local[a]
            local[a] = (stands > 0) - (stood > 0)
            before -= local[a]
    return before, crowd


@njit(cache=True, nogil=True)
def _steady(before, after, moves, stratum, scratch, log):  # type: ignore[no-untyped-def]
    """Notes what changed in an episode that ties nobody, before or after."""
    local, tick, stamp = scratch[1], scratch[3], scratch[0]
    tick[0] += 1
    log = _with_room(log, moves[0].shape[0], 0, 2)
    used = log[3]
    for a in moves[0]:
        if local[a] and stamp[a] != tick[0]:
            stamp[a] = tick[0]
            log[0][used[0]] = (((stratum << ACCOUNT) + a) << 1) | (local[a] > 0)
            used[0] += 1
    for crowd, sign in ((before, -1), (after, 1)):
        log[2][0, used[2]] = (stratum << ACCOUNT) + crowd
        log[2][1, used[2]], log[2][2, used[2]] = sign, 0
        used[2] += 1
    return log


@njit(cache=True, nogil=True)
def _crowd(account, start, end, scratch):  # type: ignore[no-untyped-def]
    """Distinct accounts of an episode; numbers them in `local`, in the order they appear."""
    stamp, local, tick = scratch[0], scratch[1], scratch[3]
    tick[0] += 1
    crowd = 0
    for i in range(start, end):
        if stamp[account[i]] != tick[0]:
            stamp[account[i]] = tick[0]
            local[account[i]] = crowd
            crowd += 1
    return crowd


@njit(cache=True, nogil=True)
def _episode(at, account, bounds, plus, few, same, here, sizes, scratch, mark, log):  # type: ignore[no-untyped-def]
    """Notes an episode that came (`plus` 1) or went (0): its incidences, of moved accounts only
    where `few`; its pairs, with a moved account only where `same`; its class."""
    start, end = bounds[0], bounds[1]
    window, span, most_popular = sizes
    crowd = _crowd(account, start, end, scratch)
    stratum = here + at[start] // span
    log = _with_room(log, crowd, crowd if crowd <= most_popular else 0, 1)
    used = log[3]
    _note_incidences(account, start, end, few, stratum, plus, scratch, mark, log)
    met = 0
    if 2 <= crowd <= most_popular:
        met = _note_meetings(at, account, start, end, crowd, window, same, plus, scratch, mark, log)
    log[2][0, used[2]] = (stratum << ACCOUNT) + crowd
    log[2][1, used[2]] = 2 * plus - 1
    log[2][2, used[2]] = (2 * plus - 1) * met
    used[2] += 1
    return log


@njit(cache=True, nogil=True)
def _with_room(log, incidences, crowd, classes):  # type: ignore[no-untyped-def]
    """The log with room for so many incidences, the pairs of a crowd, and so many classes more."""
    one, two, three, used = log
    need = used[0] + incidences
    if need > one.shape[0]:
        more = np.empty(2 * need, dtype=np.int64)
        more[: used[0]] = one[: used[0]]
        one = more
    need = used[1] + crowd * (crowd - 1) // 2
    if need > two.shape[0]:
        more = np.empty(2 * need, dtype=np.int64)
        more[: used[1]] = two[: used[1]]
        two = more
    if used[2] + classes > three.shape[1]:
        wide = np.empty((3, 2 * (used[2] + classes)), dtype=np.int64)
        wide[:, : used[2]] = three[:, : used[2]]
        three = wide
    return one, two, three, used


@njit(cache=True, nogil=True)
def _note_incidences(account, start, end, few, stratum, plus, scratch, mark, log):  # type: ignore[no-untyped-def]
    """Each account of the episode once: it was numbered where it first appeared."""
    local, moved = scratch[1], scratch[2]
    used = log[3]
    nth = 0
    for i in range(start, end):
        a = account[i]
        if local[a] == nth:
            nth += 1
            if not few or moved[a] == mark:
                log[0][used[0]] = (((stratum << ACCOUNT) + a) << 1) | plus
                used[0] += 1


@njit(cache=True, nogil=True)
def _note_meetings(  # type: ignore[no-untyped-def]
    at, account, start, end, crowd, window, same, plus, scratch, mark, log
):
    """How many pairs met in the episode; notes them, where `same` those with a moved account."""
    local, moved, pair = scratch[1], scratch[2], scratch[4]
    used, level = log[3], level_of(crowd)
    if crowd * crowd > pair.shape[0]:
        pair = np.zeros(crowd * crowd, dtype=np.bool_)
    else:
        pair[: crowd * crowd] = False
    met, possible = 0, crowd * (crowd - 1) // 2
    for i in range(start, end):
        a, j = account[i], i + 1
        while j < end and at[j] - at[i] <= window:
            b = account[j]
            place = min(local[a], local[b]) * crowd + max(local[a], local[b])
            if a != b and not pair[place]:
                pair[place] = True
                met += 1
                if not same or moved[a] == mark or moved[b] == mark:
                    key = ((min(a, b) << ACCOUNT) + max(a, b)) * 4 + level
                    log[1][used[1]] = (key << 1) | plus
                    used[1] += 1
            j += 1
        if met == possible:
            break
    return met
