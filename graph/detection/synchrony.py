"""Given what two accounts share, are their times closer than chance would put them?

The null: within an object and a UTC day the times of all acts are exchanged. Of the N(N-1)/2 pairs
of acts of that object and day a share r lies within the window, so two accounts with x and y acts
come that close with chance 1 - (1 - r)^(x y). The pair's count of shared (object, day) in which it
did is a sum of such independent trials; p is its exact upper tail.

An object that only the two of them touched says nothing: all its pairs of acts are theirs.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from numba import njit

from graph.detection.acts import Acts, Ints
from graph.model import Millis
from graph.windows import DAY

Floats = npt.NDArray[np.float64]


def synchrony(acts: Acts, window: Millis, pairs: Ints) -> Floats:
    """p-values of `pairs` (keys left * accounts + right), shape [pairs]; 1 where nothing is shared.

    An object and a day are judged together; a meeting across midnight is not counted.
    """
    day = acts.at // DAY
    new = np.ones(len(day), dtype=bool)
    new[1:] = (acts.object[1:] != acts.object[:-1]) | (day[1:] != day[:-1])
    group = np.cumsum(new) - 1
    share = shares(np.append(np.flatnonzero(new), len(day)), acts.at, window)
    order = _of_wanted(acts, pairs)  # by account; acts come by group and time already
    account = acts.account[order]
    edge = np.searchsorted(account, np.arange(len(acts.accounts) + 1))
    return np.asarray(
        p_values(pairs, len(acts.accounts), edge, group[order], acts.at[order], share, window)
    )


def _of_wanted(acts: Acts, pairs: Ints) -> Ints:
    """Acts of the accounts of `pairs`, by account and in each as they come."""
    accounts = max(len(acts.accounts), 1)
    wanted = np.zeros(accounts, dtype=np.bool_)
    wanted[pairs // accounts] = wanted[pairs % accounts] = True
    mine = np.flatnonzero(wanted[acts.account])
    return mine[np.argsort(acts.account[mine], kind="stable")]


@njit(cache=True, nogil=True)
def shares(start, at, window):  # type: ignore[no-untyped-def]
    """Of each group's pairs of acts, the share that lies within the window."""
    out = np.zeros(start.shape[0] - 1, dtype=np.float64)
    for g in range(out.shape[0]):
        out[g] = share(at, start[g], start[g + 1], window)
    return out


@njit(cache=True, nogil=True)
def share(at, low, high, window):  # type: ignore[no-untyped-def]
    """Of the pairs among the acts low .. high - 1, sorted by time, the share within the window."""
    near, last, acts = 0, low, high - low
    for i in range(low, high):
        while last + 1 < high and at[last + 1] - at[i] <= window:
            last += 1
        near += last - i
    return near / (acts * (acts - 1) / 2) if acts > 1 else 0.0


@njit(cache=True, nogil=True)
def p_values(pairs, accounts, edge, group, at, share, window):  # type: ignore[no-untyped-def]
    """Of each pair: `edge` and `group` say which acts are whose, and in which object and day."""
    out = np.ones(pairs.shape[0], dtype=np.float64)
    for n in range(pairs.shape[0]):
        a, b = pairs[n] // accounts, pairs[n] % accounts
        i, i_end, j, j_end = edge[a], edge[a + 1], edge[b], edge[b + 1]
        chances = np.empty(min(i_end - i, j_end - j), dtype=np.float64)
        shared = close = 0
        while i < i_end and j < j_end:
            if group[i] < group[j]:
                i += 1
            elif group[i] > group[j]:
                j += 1
            else:
                x, y, met = _meet(i, i_end, j, j_end, group, at, window)
                chances[shared] = 1 - (1 - share[group[i]]) ** (x * y)
                shared += 1
                close += met
                i, j = i + x, j + y
        if close:
            _sort(chances, shared)  # the order of objects must not change the last bit
            out[n] = tail(chances[:shared], close)
    return out


@njit(cache=True, nogil=True)
def _sort(values, count):  # type: ignore[no-untyped-def]
    """Sorts the first `count` values (Shell 1959): they are few, and numpy's takes a second to
    compile."""
    gap = count // 2
    while gap:
        for i in range(gap, count):
            value, j = values[i], i
            while j >= gap and values[j - gap] > value:
                values[j] = values[j - gap]
                j -= gap
            values[j] = value
        gap //= 2
    return values


@njit(cache=True, nogil=True)
def _meet(i, i_end, j, j_end, group, at, window):  # type: ignore[no-untyped-def]
    """Acts of either in the group at hand, and whether any two lie within the window."""
    x = y = 0
    while i + x < i_end and group[i + x] == group[i]:
        x += 1
    while j + y < j_end and group[j + y] == group[j]:
        y += 1
    p = q = 0
    while p < x and q < y:
        if abs(at[i + p] - at[j + q]) <= window:
            return x, y, 1
        if at[i + p] < at[j + q]:
            p += 1
        else:
            q += 1
    return x, y, 0


@njit(cache=True, nogil=True)
def tail(chances, k):  # type: ignore[no-untyped-def]
    """P(at least k successes) of independent trials: exact (Poisson-binomial by recursion).

    Certain trials are counted and not gone through: two who share thousands of objects that all
    their acts are close on would cost the square of that.
    """
    for p in chances:
        k -= p >= 1
    if k <= 0:
        return 1.0
    dist = np.zeros(k + 1, dtype=np.float64)
    dist[0] = 1.0
    for p in chances:
        if p < 1:
            dist[k] += p * dist[k - 1]
            for n in range(k - 1, 0, -1):
                dist[n] += p * (dist[n - 1] - dist[n])
            dist[0] *= 1 - p
    return dist[k]
