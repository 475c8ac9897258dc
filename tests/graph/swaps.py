"""Shuffles who acts, keeping each account's activity and each episode's popularity by stratum.

Curveball trades (Strona et al. 2014): two episodes of a stratum pool the accounts that only one of
them has and deal them out anew. Times, objects, episodes and strata stay.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numba import njit

from graph.detection.acts import Acts
from graph.detection.coaction import Meetings


def swapped(meetings: Meetings, seed: int, rounds: int = 5) -> Acts:
    """The acts of `meetings` with their accounts shuffled; `rounds` trades an episode."""
    episodes = len(meetings.episode_stratum)
    start = np.searchsorted(meetings.incidence_episode, np.arange(episodes + 1))
    # incidences of one account lie in the order of its first act; acts point at their incidence
    of_act = _incidence_of_act(
        meetings.episode_start, meetings.acts.account, start, meetings.incidence_account
    )
    order = np.argsort(meetings.episode_stratum, kind="stable")
    edge = np.searchsorted(
        meetings.episode_stratum[order], np.arange(meetings.episode_stratum.max() + 2)
    )
    who = _trade(
        meetings.incidence_account.copy(),
        start,
        order,
        edge,
        rounds,
        seed,
        len(meetings.acts.accounts),
    )
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
def _trade(who, start, order, edge, rounds, seed, accounts):  # type: ignore[no-untyped-def]
    np.random.seed(seed)
    mark = np.zeros(accounts, dtype=np.int8)
    for s in range(edge.shape[0] - 1):
        size = edge[s + 1] - edge[s]
        if size < 2:
            continue
        for _ in range(rounds * size):
            e = order[edge[s] + np.random.randint(size)]
            f = order[edge[s] + np.random.randint(size)]
            if e == f:
                continue
            for k in range(start[e], start[e + 1]):
                mark[who[k]] += 1
            for k in range(start[f], start[f + 1]):
                mark[who[k]] += 2
            places = np.empty(start[e + 1] - start[e] + start[f + 1] - start[f], dtype=np.int64)
            n = 0
            for k in range(start[e], start[e + 1]):
                if mark[who[k]] == 1:
                    places[n] = k
                    n += 1
            for k in range(start[f], start[f + 1]):
                if mark[who[k]] == 2:
                    places[n] = k
                    n += 1
            for k in range(start[e], start[e + 1]):
                mark[who[k]] = 0
            for k in range(start[f], start[f + 1]):
                mark[who[k]] = 0
            names = who[places[:n]]
            np.random.shuffle(names)
            for k in range(n):
                who[places[k]] = names[k]
    return who
