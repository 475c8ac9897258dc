"""The compiled loops of the word model: bytes into words, words into features, features into sums.

All of them are in this file, because numba looks at a function's own file to know it is stale.
"""

from __future__ import annotations

import numpy as np
from numba import njit

MOST_WORDS = 256  # of a text are read; posts have far fewer
BITS = 15
BUCKETS = 1 << BITS  # of hashed features
STEM = 5  # letters of a longer word that its relatives share
NEGATED_FOR = 3  # words after "not"
SEVERAL = 4  # features: at least 2, 3, 4, 5 groups of the lexicon
NUMBER, CASHTAG = np.uint64(1), np.uint64(2)
_TIMES, _SHARE, _CALL, _QUESTION = np.uint64(3), np.uint64(4), np.uint64(5), np.uint64(6)
_OFFSET, _PRIME = np.uint64(0xCBF29CE484222325), np.uint64(0x100000001B3)
_MIX = np.uint64(0x9E3779B97F4A7C15)
_STEMMED, _PAIRED = np.uint64(0x51ED270B), np.uint64(0x2545F491)


@njit(cache=True, nogil=True)
def _in_word(c):  # type: ignore[no-untyped-def]
    """A letter of ASCII, or a part of a letter of another alphabet; no picture or sign."""
    return 97 <= c <= 122 or (128 <= c < 240 and c != 226)


@njit(cache=True, nogil=True)
def _step(h, c):  # type: ignore[no-untyped-def]
    return (h ^ np.uint64(c)) * _PRIME


@njit(cache=True, nogil=True)
def _blank(c):  # type: ignore[no-untyped-def]
    return c == 32 or 9 <= c <= 13


@njit(cache=True, nogil=True)
def _address(data, i, end):  # type: ignore[no-untyped-def]
    """Where an address that begins here ends; `i` where none does."""
    found = i + 4 <= end and data[i] == 119 and data[i + 1] == 119 and data[i + 2] == 119
    found = found and data[i + 3] == 46
    if not found and i + 7 <= end and data[i] == 104 and data[i + 1] == 116 and data[i + 2] == 116:
        j = i + 4 if data[i + 3] == 112 else end
        j = j + 1 if j < end and data[j] == 115 else j
        found = j + 2 < end and data[j] == 58 and data[j + 1] == 47
    while found and i < end and not _blank(data[i]):
        i += 1
    return i


@njit(cache=True, nogil=True)
def _name_end(data, i, end):  # type: ignore[no-untyped-def]
    while i < end and (_in_word(data[i]) or 48 <= data[i] <= 57 or data[i] == 95):
        i += 1
    return i


@njit(cache=True, nogil=True)
def _figure(data, i, end):  # type: ignore[no-untyped-def]
    """Past a number, and which kind: 3x, 40 % or plain."""
    while i < end and (48 <= data[i] <= 57 or ((data[i] == 46 or data[i] == 44) and i + 1 < end)):
        i += 1
    if i < end and data[i] == 120 and (i + 1 == end or not _in_word(data[i + 1])):
        return i + 1, _TIMES
    j = i + 1 if i + 1 < end and data[i] == 32 else i
    if j < end and data[j] == 37:
        return j + 1, _SHARE
    return i, NUMBER


@njit(cache=True, nogil=True)
def _word(data, i, end):  # type: ignore[no-untyped-def]
    """Past a word, its hash, and the hash of its first letters where it is longer than they are."""
    h, stem, letters = _OFFSET, np.uint64(0), 0
    while i < end and (_in_word(data[i]) or (data[i] == 39 and letters > 0)):
        if data[i] != 39:
            h = _step(h, data[i])
            letters += 1
            if letters == STEM:
                stem = h
        i += 1
    return i, h, stem if letters > STEM else np.uint64(0)


@njit(cache=True, nogil=True)
def read_words(data, start, end, words, stems):  # type: ignore[no-untyped-def]
    """Fills the hashes of a text's words; returns how many. Addresses, handles and hashtags are
    left out, a run of cashtags is one word, and so is a number whatever it is."""
    n, i = 0, start
    while i < end and n < MOST_WORDS:
        c = data[i]
        after = _address(data, i, end) if c == 104 or c == 119 else i
        kind, stem = np.uint64(0), np.uint64(0)
        if after > i:
            i = after
        elif (c == 64 or c == 35) and i + 1 < end and _name_end(data, i + 1, end) > i + 1:
            i = _name_end(data, i + 1, end)
        elif c == 36 and i + 1 < end and _in_word(data[i + 1]):
            i = _name_end(data, i + 1, end)
            kind = CASHTAG if n == 0 or words[n - 1] != CASHTAG else np.uint64(0)
        elif 48 <= c <= 57:
            i, kind = _figure(data, i, end)
        elif _in_word(c):
            i, kind, stem = _word(data, i, end)
        elif c >= 240 or c == 226:  # a picture or a sign is a word of its own
            stop = min(end, i + (4 if c >= 240 else 3))
            kind = _OFFSET
            while i < stop:
                kind = _step(kind, data[i])
                i += 1
        else:
            kind = _CALL if c == 33 else (_QUESTION if c == 63 else np.uint64(0))
            i += 1
        if kind != 0:
            words[n], stems[n] = kind, stem
            n += 1
    return n


@njit(cache=True, nogil=True)
def paired(left, right):  # type: ignore[no-untyped-def]
    """The hash of two words in a row."""
    return (left * _MIX) ^ (right + _PAIRED)


@njit(cache=True, nogil=True)
def bucket(h):  # type: ignore[no-untyped-def]
    """0 to BUCKETS - 1."""
    return np.int64((h * _MIX) >> np.uint64(64 - BITS))


@njit(cache=True, nogil=True)
def look_up(keys, values, h):  # type: ignore[no-untyped-def]
    """What a table of `lexicon.table` holds for a hash; 0 where it does not know it."""
    mask = keys.shape[0] - 1
    at = np.int64(h & np.uint64(mask))
    while keys[at] != 0:
        if keys[at] == h:
            return values[at]
        at = (at + 1) & mask
    return 0


@njit(cache=True, nogil=True)
def _note(feature, seen, text, ids, m):  # type: ignore[no-untyped-def]
    """Adds a feature of a text once."""
    if seen[feature] != text:
        seen[feature] = text
        ids[m] = feature
        return m + 1
    return m


@njit(cache=True, nogil=True)
def read_features(words, stems, n, keys, values, groups, seen, text, ids):  # type: ignore[no-untyped-def]
    """Fills the features of a text of `n` words, each once; returns how many.

    Words, stems and pairs are in buckets; then come the groups of the lexicon, and how many of
    them there are.
    """
    m, found = 0, 0
    for i in range(n):
        m = _note(bucket(words[i]), seen, text, ids, m)
        if stems[i] != 0:
            m = _note(bucket(stems[i] ^ _STEMMED), seen, text, ids, m)
        group = look_up(keys, values, words[i])
        for pair in range(2):
            if pair == 1:
                if i == 0:
                    break
                both = paired(words[i - 1], words[i])
                m = _note(bucket(both), seen, text, ids, m)
                group = look_up(keys, values, both)
            if group > 0:
                before = m
                m = _note(BUCKETS + group - 1, seen, text, ids, m)
                found += m - before
    for several in range(2, min(found, SEVERAL + 1) + 1):
        m = _note(BUCKETS + groups + several - 2, seen, text, ids, m)
    return m


@njit(cache=True, nogil=True)
def all_features(data, starts, keys, values, groups):  # type: ignore[no-untyped-def]
    """Features of texts as rows of a sparse matrix: where each row begins, and its columns."""
    count = starts.shape[0] - 1
    words, stems = np.empty(MOST_WORDS, np.uint64), np.empty(MOST_WORDS, np.uint64)
    seen = np.full(BUCKETS + groups + SEVERAL, -1, np.int64)
    rows = np.zeros(count + 1, np.int64)
    ids = np.empty(4 * data.shape[0] + 64 * count + 64, np.int32)
    one = np.empty(4 * MOST_WORDS + groups + SEVERAL, np.int32)
    for t in range(count):
        n = read_words(data, starts[t], starts[t + 1], words, stems)
        m = read_features(words, stems, n, keys, values, groups, seen, t, one)
        ids[rows[t] : rows[t] + m] = one[:m]
        rows[t + 1] = rows[t] + m
    return rows, ids[: rows[count]].copy()


@njit(cache=True, nogil=True)
def all_sums(data, starts, keys, values, groups, weights):  # type: ignore[no-untyped-def]
    """For each text, the sum of its features' weights over the root of how many they are."""
    count = starts.shape[0] - 1
    words, stems = np.empty(MOST_WORDS, np.uint64), np.empty(MOST_WORDS, np.uint64)
    seen = np.full(BUCKETS + groups + SEVERAL, -1, np.int64)
    one = np.empty(4 * MOST_WORDS + groups + SEVERAL, np.int32)
    sums = np.zeros(count)
    for t in range(count):
        n = read_words(data, starts[t], starts[t + 1], words, stems)
        m = read_features(words, stems, n, keys, values, groups, seen, t, one)
        for j in range(m):
            sums[t] += weights[one[j]]
        if m > 0:
            sums[t] /= np.sqrt(m)
    return sums


@njit(cache=True, nogil=True)
def all_moods(data, starts, keys, values):  # type: ignore[no-untyped-def]
    """For each text, good words minus bad words; a negation turns those just after it.

    Values of the table: 1 good, 2 bad, 3 a negation.
    """
    count = starts.shape[0] - 1
    words, stems = np.empty(MOST_WORDS, np.uint64), np.empty(MOST_WORDS, np.uint64)
    moods = np.zeros(count)
    for t in range(count):
        n = read_words(data, starts[t], starts[t + 1], words, stems)
        turned, last = 0, 0.0
        for i in range(n):
            mood = look_up(keys, values, words[i])
            both = look_up(keys, values, paired(words[i - 1], words[i])) if i > 0 else 0
            if both > 0:  # two words that mean another thing than each by itself
                moods[t] -= last
                turned = 0 if turned == NEGATED_FOR else turned
                mood = both
            last = 0.0
            if mood == 3:
                turned = NEGATED_FOR + 1
            elif mood > 0:
                sign = 1.0 if mood == 1 else -1.0
                last = -sign if turned > 0 else sign
                moods[t] += last
            turned -= 1
    return moods
