"""The compiled loops of coaction.py: over episodes, over the acts of each, over those near in time.

Whatever is looked up here was put in order before: acts by object and time, pairs and near texts as
sorted keys.
"""

from __future__ import annotations

import numpy as np
from numba import njit


@njit(cache=True, nogil=True)
def starts(obj, at, window):  # type: ignore[no-untyped-def]
    """First act of each episode, and the number of acts at the end."""
    n = obj.shape[0]
    out = np.empty(n + 1, dtype=np.int64)
    count = 0
    for i in range(n):
        if i == 0 or obj[i] != obj[i - 1] or at[i] - at[i - 1] > window:
            out[count] = i
            count += 1
    out[count] = n
    return out[: count + 1].copy()


@njit(cache=True, nogil=True)
def costs(start, at, window):  # type: ignore[no-untyped-def]
    """Pairs of acts within the window, by episode, plus one an act."""
    out = np.empty(start.shape[0] - 1, dtype=np.int64)
    for e in range(out.shape[0]):
        total, last = start[e + 1] - start[e], start[e]
        for i in range(start[e], start[e + 1]):
            while last + 1 < start[e + 1] and at[last + 1] - at[i] <= window:
                last += 1
            total += last - i
        out[e] = total
    return out


@njit(cache=True, nogil=True)
def _near(a, b, near, texts):  # type: ignore[no-untyped-def]
    """Whether two text codes are equal or neighbours."""
    if a == b:
        return True
    key = min(a, b) * np.int64(texts) + max(a, b)
    at = _place(near, key)
    return at < near.shape[0] and near[at] == key


@njit(cache=True, nogil=True)
def _place(keys, key):  # type: ignore[no-untyped-def]
    """np.searchsorted, which takes a second to compile."""
    low, high = 0, keys.shape[0]
    while low < high:
        middle = (low + high) // 2
        if keys[middle] < key:
            low = middle + 1
        else:
            high = middle
    return low


@njit(cache=True, nogil=True)
def level_of(popularity):  # type: ignore[no-untyped-def]
    """Index of the first of LEVELS that holds this popularity; the last one also beyond it."""
    if popularity <= 4:
        return 0
    if popularity <= 16:
        return 1
    return 2 if popularity <= 64 else 3


@njit(cache=True, nogil=True)
def meetings(  # type: ignore[no-untyped-def]
    start, first, last, account, at, text, window, most_popular, accounts, near, texts, compare
):
    """Keys, popularity, meetings and incidences of the episodes first..last."""
    popularity = np.zeros(last - first, dtype=np.int32)
    met = np.zeros(last - first, dtype=np.int64)
    begin, end = start[first], start[last]
    who, where = np.empty(end - begin, dtype=np.int32), np.empty(end - begin, dtype=np.int32)
    seen = np.full(accounts, -1, dtype=np.int64)
    number, known = np.empty(accounts, dtype=np.int32), np.zeros(1024, dtype=np.bool_)
    keys, latest = np.empty(1024, dtype=np.int64), np.empty(256, dtype=np.int64)
    incidences = count = 0
    for e in range(first, last):
        s, t = start[e], start[e + 1]
        crowd = 0
        for i in range(s, t):
            if seen[account[i]] != e:
                seen[account[i]], number[account[i]] = e, crowd
                who[incidences], where[incidences] = account[i], e
                incidences += 1
                crowd += 1
        popularity[e - first] = crowd
        if crowd < 2 or crowd > most_popular:
            continue
        segment = count
        level = level_of(crowd)
        again = crowd < t - s  # somebody acts twice, so a pair may come up twice
        if again:
            known = _cleared(known, crowd * crowd)
            if not compare and _many(at, s, t, window, crowd):
                latest = _nobody(latest, crowd)
                for i in range(s, t):
                    one = number[account[i]]
                    for other in range(crowd):
                        near_by = latest[other] >= 0 and at[i] - at[latest[other]] <= window
                        if near_by and other != one:
                            a, b = account[i], account[latest[other]]
                            low, high = min(a, b), max(a, b)
                            pair = number[low] * crowd + number[high]
                            if not known[pair]:
                                known[pair] = True
                                if count == keys.shape[0]:
                                    keys = twice(keys)
                                keys[count] = (low * np.int64(accounts) + high) * 4 + level
                                count += 1
                    latest[one] = i
                met[e - first] = count - segment
                continue
        for i in range(s, t):
            j = i + 1
            while j < t and at[j] - at[i] <= window:
                if account[i] != account[j] and (
                    not compare or _near(text[i], text[j], near, texts)
                ):
                    low, high = min(account[i], account[j]), max(account[i], account[j])
                    pair = number[low] * crowd + number[high] if again else 0
                    if not again or not known[pair]:
                        known[pair] = again
                        if count == keys.shape[0]:
                            keys = twice(keys)
                        keys[count] = (low * np.int64(accounts) + high) * 4 + level
                        count += 1
                j += 1
        met[e - first] = count - segment
    return keys[:count].copy(), popularity, met, who[:incidences].copy(), where[:incidences].copy()


@njit(cache=True, nogil=True)
def _many(at, s, t, window, crowd):  # type: ignore[no-untyped-def]
    """Whether the acts of an episode have more neighbours in time than it has accounts, so that it
    is cheaper to look at each account's last act than at all acts of the window."""
    total, last, least = 0, s, np.int64(crowd) * (t - s)
    for i in range(s, t):
        while last + 1 < t and at[last + 1] - at[i] <= window:
            last += 1
        total += last - i
        if total > least:
            return True
    return False


@njit(cache=True, nogil=True)
def _nobody(latest, places):  # type: ignore[no-untyped-def]
    """Room for the last act of so many accounts, none of which has acted yet."""
    if places > latest.shape[0]:
        latest = np.empty(2 * places, dtype=np.int64)
    for place in range(places):
        latest[place] = -1
    return latest


@njit(cache=True, nogil=True)
def _cleared(marks, places):  # type: ignore[no-untyped-def]
    """`marks` with so many places, none of them marked."""
    if places > marks.shape[0]:
        return np.zeros(2 * places, dtype=np.bool_)
    for place in range(places):
        marks[place] = False
    return marks


@njit(cache=True, nogil=True)
def events(  # type: ignore[no-untyped-def]
    start,
    popularity,
    account,
    at,
    text,
    window,
    most_popular,
    accounts,
    pairs,
    near,
    texts,
    compare,
):
    """Acts i of the left and j of the right account, of wanted pairs, with the episode."""
    mine = _who(pairs, accounts)
    bits = np.zeros(1 << 20, dtype=np.bool_)
    for k in range(pairs.shape[0]):
        bits[pairs[k] & 0xFFFFF] = True
    left, right = np.empty(1024, dtype=np.int64), np.empty(1024, dtype=np.int64)
    where = np.empty(1024, dtype=np.int64)
    acts = np.empty(1024, dtype=np.int64)  # of an episode, by accounts that some pair is of
    count = 0
    for e in range(popularity.shape[0]):
        if popularity[e] < 2 or popularity[e] > most_popular:
            continue
        wanted = 0
        for i in range(start[e], start[e + 1]):
            if account[i] < mine.shape[0] and mine[account[i]]:
                if wanted == acts.shape[0]:
                    acts = twice(acts)
                acts[wanted] = i
                wanted += 1
        for m in range(wanted):
            i = acts[m]
            for n in range(m + 1, wanted):
                j = acts[n]
                if at[j] - at[i] > window:
                    break
                low, high = min(account[i], account[j]), max(account[i], account[j])
                key = low * np.int64(accounts) + high
                if low != high and bits[key & 0xFFFFF]:
                    k = _place(pairs, key)
                    if (
                        k < pairs.shape[0]
                        and pairs[k] == key
                        and (not compare or _near(text[i], text[j], near, texts))
                    ):
                        if count == left.shape[0]:
                            left, right, where = twice(left), twice(right), twice(where)
                        left[count] = i if account[i] == low else j
                        right[count] = j if account[i] == low else i
                        where[count] = e
                        count += 1
    return left[:count], right[:count], where[:count]


@njit(cache=True, nogil=True)
def nearest(  # type: ignore[no-untyped-def]
    start, popularity, account, at, window, most_popular, accounts, pairs
):
    """Of `events`, those nearest in time of each pair and episode, all where several are as near.

    Texts are not compared. An act is held against the last act of each account and not against all
    acts in the window: somebody who posts a thousand times costs a thousand looks, not a million.
    """
    mine = _who(pairs, accounts)
    number = np.full(mine.shape[0], -1, dtype=np.int64)  # of an account within the episode
    left, right = np.empty(1024, dtype=np.int64), np.empty(1024, dtype=np.int64)
    where = np.empty(1024, dtype=np.int64)
    acts, before = np.empty(1024, dtype=np.int64), np.empty(1024, dtype=np.int64)
    who, latest = np.empty(1024, dtype=np.int64), np.empty(1024, dtype=np.int64)
    count = 0
    for e in range(popularity.shape[0]):
        if popularity[e] < 2 or popularity[e] > most_popular:
            continue
        wanted = crowd = 0
        for i in range(start[e], start[e + 1]):
            if account[i] < mine.shape[0] and mine[account[i]]:
                if wanted == acts.shape[0]:
                    acts, before = twice(acts), twice(before)
                    who, latest = twice(who), twice(latest)
                one = number[account[i]]
                if one < 0:
                    number[account[i]] = one = crowd
                    who[crowd], latest[crowd] = account[i], -1
                    crowd += 1
                acts[wanted], before[wanted] = i, latest[one]
                latest[one] = wanted
                wanted += 1
        asked = _asked(who, crowd, accounts, pairs)
        best = np.full((crowd, crowd), window + 1, dtype=np.int64)
        for emit in (False, True):
            for one in range(crowd):
                latest[one] = -1
            for m in range(wanted):
                i = acts[m]
                one = number[account[i]]
                for other in range(crowd):
                    if not asked[one, other] or latest[other] < 0:
                        continue
                    n = latest[other]
                    gap = at[i] - at[acts[n]]
                    low, high = min(one, other), max(one, other)
                    if gap > window or gap > best[low, high]:
                        continue
                    best[low, high] = gap
                    while emit and n >= 0 and at[i] - at[acts[n]] == gap:
                        if count == left.shape[0]:
                            left, right, where = twice(left), twice(right), twice(where)
                        j = acts[n]
                        left[count] = (
                            min(i, j) if account[min(i, j)] < account[max(i, j)] else max(i, j)
                        )
                        right[count] = i + j - left[count]
                        where[count] = e
                        count += 1
                        n = before[n]
                latest[one] = m
        for one in range(crowd):
            number[who[one]] = -1
    return left[:count], right[:count], where[:count]


@njit(cache=True, nogil=True)
def _asked(who, crowd, accounts, pairs):  # type: ignore[no-untyped-def]
    """Which two of these accounts are a pair that is asked for, [crowd, crowd], both ways."""
    out = np.zeros((crowd, crowd), dtype=np.bool_)
    for one in range(crowd):
        for other in range(one):
            low, high = min(who[one], who[other]), max(who[one], who[other])
            key = low * np.int64(accounts) + high
            k = _place(pairs, key)
            if k < pairs.shape[0] and pairs[k] == key:
                out[one, other] = out[other, one] = True
    return out


@njit(cache=True, nogil=True)
def _who(pairs, accounts):  # type: ignore[no-untyped-def]
    """Marks by account: whether a pair is of it."""
    most = np.int64(-1)
    for k in range(pairs.shape[0]):
        most = max(most, pairs[k] % accounts)  # the larger one of the two
    marks = np.zeros(most + 1, dtype=np.bool_)
    for k in range(pairs.shape[0]):
        marks[pairs[k] // accounts] = True
        marks[pairs[k] % accounts] = True
    return marks


@njit(cache=True, nogil=True)
def twice(values):  # type: ignore[no-untyped-def]
    out = np.empty(2 * values.shape[0], dtype=values.dtype)
    for n in range(values.shape[0]):  # as a slice it takes a second more to compile
        out[n] = values[n]
    return out
