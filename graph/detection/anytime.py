"""A p-value that stays one however often it is looked at.

A stream is judged again every minute. The smallest of many p-values of one pair is no p-value, and
a pair that is looked at long enough passes any line. What may be looked at is an e-value: for a
count X that chance gives at most the mean L so far, r^X exp(-(r - 1) L) has mean at most 1 under
the null at every moment (a test martingale), and so has the mixture over r = 2, 4, 8 … with
weights 1/2, 1/6, 1/12 … By Ville's inequality the chance that it ever reaches 1/a is at most a, so
its inverse is a p-value at whatever moment one stops (Ville 1939; Howard, Ramdas, McAuliffe and
Sekhon 2021). That is the budget: one a for a pair's whole life, spent once.

The price: some two powers of ten against the p-value of a single look. The mean comes from the
margins known at the moment of looking; where those change much, the guarantee is approximate.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
from numba import njit

Floats = npt.NDArray[np.float64]


def log_e_values(counts: npt.NDArray[np.int64], means: Floats) -> Floats:
    """Natural logarithms of the e-values of counts against means, shape [n]."""
    return np.asarray(_log_e(counts.astype(np.float64), means))


def anytime_p(log_e: Floats, owner: npt.NDArray[np.int64], owners: int, questions: int) -> Floats:
    """One p-value per owner from the e-values of its answers: their mean over all `questions`.

    A question that is not among the answers has e = 0. Shape [owners].
    """
    top = np.full(owners, -np.inf)
    np.maximum.at(top, owner, log_e)
    safe = np.where(np.isfinite(top), top, 0.0)
    total = np.bincount(owner, weights=np.exp(log_e - safe[owner]), minlength=owners)
    log_mean = np.log(np.maximum(total, 1e-300)) + safe - math.log(questions)
    return np.exp(np.minimum(-log_mean, 0.0))


@njit(cache=True, nogil=True)
def _log_e(counts, means):  # type: ignore[no-untyped-def]
    out = np.empty(counts.shape[0], dtype=np.float64)
    terms = np.empty(64, dtype=np.float64)
    for n in range(counts.shape[0]):
        top = -np.inf
        for j in range(1, 65):
            rate = 2.0**j
            log_weight = -math.log(j * (j + 1.0))
            terms[j - 1] = log_weight + counts[n] * math.log(rate) - (rate - 1) * means[n]
            top = max(top, terms[j - 1])
        total = 0.0
        for j in range(64):
            total += math.exp(terms[j] - top)
        out[n] = top + math.log(total)
    return out
