"""Shuffles who acts, keeping each account's activity and each episode's popularity by stratum.

Pairs of incidences of a stratum exchange their accounts, unless one of the two would then be in an
episode twice. PER tries an incidence mix well: every incidence is moved about 2 PER times, also
those of one episode with hundreds of accounts among many of one. (Trades between whole episodes,
curveball, hardly move such an episode.) Times, objects, episodes and strata stay.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numba import njit

from graph.detection.acts import Acts
from graph.detection.coaction import Meetings

PER = 10


def swapped(meetings: Meetings, seed: int, per: int = PER) -> Acts:
    """The acts of `meetings` with their accounts shuffled by `per` tries an incidence."""
    episode = meetings.incidence_episode
    start = np.searchsorted(episode, np.arange(len(meetings.episode_stratum) + 1))
    of_act = _incidence_of_act(
        meetings.episode_start, meetings.acts.account, start, meetings.incidence_account
    )
    stratum = meetings.episode_stratum[episode]
    order = np.argsort(stratum, kind="stable")
    edge = np.searchsorted(stratum[order], np.arange(stratum.max() + 2))
    who = _swap(meetings.incidence_account.copy(), episode, start, order, edge, per, seed)
    return replace(meetings.acts, account=who[of_act])


@njit(cache=True)
def _incidence_of_act(episode_start, account, start, who):  # type: ignore[no-untyped-def]
    out = np.empty(account.shape[0], dtype=np.int64)
    for e in range(episode_start.shape[0] - 1):
        for i in range(episode_start[e], episode_start[e + 1]):
            for k in range(start[e], start[e + 1]):
                if who[k] == account[i]:
                    out[i] = k
                    break
    return out


@njit(cache=True)
def _swap(who, episode, start, order, edge, per, seed):  # type: ignore[no-untyped-def]
    np.random.seed(seed)
    for s in range(edge.shape[0] - 1):
        size = edge[s + 1] - edge[s]
        for _ in range(per * size):
            i = order[edge[s] + np.random.randint(size)]
            j = order[edge[s] + np.random.randint(size)]
            e, f = episode[i], episode[j]
            if _place(who, start, f, who[i]) < 0 and _place(who, start, e, who[j]) < 0:
                who[i], who[j] = who[j], who[i]
    return who


@njit(cache=True)
def _place(who, start, episode, account):  # type: ignore[no-untyped-def]
    """The account's incidence in the episode, -1 where it has none."""
    for k in range(start[episode], start[episode + 1]):
        if who[k] == account:
            return k
    return -1
