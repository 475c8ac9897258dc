"""Fitting the word model: a ridge logistic whose weights may only raise a score."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from scipy import sparse
from scipy.optimize import minimize

from gnn.text import loops
from gnn.text.lexicon import GROUPS, promotion_table
from gnn.text.reading import read
from gnn.text.words import COLUMNS, Words
from gnn.view import Floats, Ints

PENALTY = 0.03  # C: strong, because generated texts repeat themselves


def fit_words(
    texts: Sequence[str], labels: Ints, penalty: float = PENALTY, free: bool = False
) -> Words:
    """Learns from texts, labels 1 for a promotion; both classes weigh the same, whatever their
    counts. `free` lets weights lower a score too. Same input, same model."""
    every = features(texts)
    used = np.unique(every.indices)  # a feature that no text has keeps a weight of 0
    x = every[:, used]
    y = np.asarray(labels)
    share = np.where(y == 1, 0.5 / max(y.sum(), 1), 0.5 / max((y == 0).sum(), 1)) * len(y)
    side = np.where(y == 1, 1.0, -1.0)
    across = x.T.tocsr()

    def loss(theta: Any) -> tuple[float, Any]:
        margin = side * (x @ theta[:-1] + theta[-1])
        pull = -penalty * share * side / (1.0 + np.exp(np.clip(margin, -500, 500)))
        wrong = penalty * float((share * np.logaddexp(0, -margin)).sum())
        gradient = np.append(across @ pull + theta[:-1], pull.sum())
        return wrong + float(theta[:-1] @ theta[:-1]) / 2, gradient

    bounds = [(None if free else 0.0, None)] * len(used) + [(None, None)]
    found = minimize(
        loss,
        np.zeros(len(used) + 1),
        jac=True,
        bounds=bounds,
        method="L-BFGS-B",
        options={"maxiter": 300, "ftol": 1e-9},
    )
    weights = np.zeros(COLUMNS)
    weights[used] = found.x[:-1]
    return Words(weights, float(found.x[-1]))


def features(texts: Sequence[str]) -> Any:
    """A sparse matrix [texts, COLUMNS], rows of one length: 1 / root of how many features."""
    rows, columns = loops.all_features(*read(texts), *promotion_table(), len(GROUPS))
    each = 1 / np.sqrt(np.maximum(np.diff(rows), 1))
    values: Floats = np.repeat(each, np.diff(rows))
    return sparse.csr_matrix((values, columns, rows), shape=(len(texts), COLUMNS))
