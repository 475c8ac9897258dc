"""Whether one model is better than another on rows neither was chosen on, and how sure that is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from gnn.metrics import Metric, average_precision
from gnn.view import Floats, Ints
from graph.errors import UsageError

DRAWS = 2_000
LEVEL = 0.05


@dataclass(frozen=True, slots=True)
class Gain:
    """How much `better` has over `worse`; interval and p of the paired bootstrap.

    `held` is set by `holm`: whether it stands after all that was tried beside it.
    """

    name: str
    gain: float
    low: float
    high: float
    p: float
    held: bool = False

    @property
    def words(self) -> str:
        """A sentence for the report, in points of a hundred."""
        figures = f"{100 * self.gain:+.2f} ({100 * self.low:+.2f} to {100 * self.high:+.2f})"
        if self.held:
            return f"{self.name}: helped, {figures} points of average precision"
        return f"{self.name}: did not help, {figures} points of average precision"


def paired_gain(
    name: str,
    better: Floats,
    worse: Floats,
    labels: Ints,
    seed: int,
    groups: Ints | None = None,
    draws: int = DRAWS,
    metric: Metric = average_precision,
) -> Gain:
    """95 % interval of metric(better) - metric(worse), drawing rows, or whole groups, together.

    p is two-sided: twice the share of draws on the far side of 0, counting one more draw there.
    Raises UsageError where the labels are of one class: then nothing can be told.
    """
    if len(set(labels.tolist())) < 2:
        raise UsageError("a gain needs rows of both labels; give it a larger block")
    rng = np.random.default_rng(seed)
    members = _members(np.arange(len(labels)) if groups is None else groups)
    found: list[float] = []
    while len(found) < draws:
        drawn = rng.integers(len(members), size=len(members))
        rows = np.concatenate([members[i] for i in drawn]) if groups is not None else drawn
        if 0 < labels[rows].sum() < len(rows):
            found.append(metric(better[rows], labels[rows]) - metric(worse[rows], labels[rows]))
    kept = np.array(found)
    low, high = np.percentile(kept, [2.5, 97.5])
    p = 2 * (1 + min((kept <= 0).sum(), (kept >= 0).sum())) / (draws + 1)
    whole = metric(better, labels) - metric(worse, labels)
    return Gain(name, float(whole), float(low), float(high), min(float(p), 1.0))


def holm(gains: Sequence[Gain], level: float = LEVEL) -> list[Gain]:
    """The same with `held`: above 0 by an interval that excludes it, at a p that stands after Holm.

    Smallest p first, each is asked to be at most level / (how many are left); the first that fails
    takes the rest with it (Holm 1979).
    """
    order = sorted(range(len(gains)), key=lambda i: gains[i].p)
    out, standing = list(gains), True
    for rank, i in enumerate(order):
        standing = standing and gains[i].p <= level / (len(gains) - rank)
        out[i] = replace(gains[i], held=standing and gains[i].low > 0)
    return out


def _members(groups: Ints) -> list[Ints]:
    order = np.argsort(groups, kind="stable")
    cuts = np.flatnonzero(np.diff(groups[order])) + 1
    return [np.asarray(part, dtype=np.int64) for part in np.split(order, cuts)]
