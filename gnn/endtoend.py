"""From raw posts to a flag: which campaigns are found, and what is flagged that is none.

A campaign is found where one flagged cluster holds at least HALF of its members and is at least
HALF its members. One that detection lost is as lost as one that scored low. Figures are sums by
market, so that an interval can draw whole markets.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from gnn.dataset import Table
from gnn.view import Bools, Floats

HALF = 0.5
DRAWS = 1_000
BASE_RATES = (0.05, 0.01, 0.003, 0.001)


@dataclass(frozen=True, slots=True)
class Counts:
    """Of one family, a number a market: float64 [markets] each.

    `detected`: campaigns that some cluster shows, flagged or not; `caught`: members in a flagged
    cluster that is at least half their campaign's; `flagged` of `harmless` clusters.
    """

    campaigns: Floats
    detected: Floats
    found: Floats
    members: Floats
    caught: Floats
    harmless: Floats
    flagged: Floats


def counts(tables: Sequence[Table], flags: Sequence[Bools], family: str) -> Counts:
    """What became of a family's campaigns in each market, and of the clusters of no campaign."""
    rows = np.array([_row(table, flag, family) for table, flag in zip(tables, flags, strict=True)])
    return Counts(*rows.reshape(len(tables), 7).T)


def rates(by_family: Mapping[str, Counts], seed: int, draws: int = DRAWS) -> dict[str, object]:
    """Campaign and account recall by family and as the mean of families, and false positives, each
    with its 95 % interval over draws of whole markets."""
    rng = np.random.default_rng(seed)
    markets = len(next(iter(by_family.values())).campaigns)
    drawn = rng.multinomial(markets, np.full(markets, 1 / markets), size=draws).astype(np.float64)
    weights = np.concatenate([np.ones((1, markets)), drawn])  # the first is the figure itself
    found = {
        name: {family: _rate(weights, one, *parts) for family, one in by_family.items()}
        for name, parts in _RATES.items()
    }
    told: dict[str, object] = {
        name: {
            **{family: _told(values) for family, values in families.items()},
            "mean": _told(np.nanmean(list(families.values()), axis=0)),
        }
        for name, families in found.items()
    }
    told["campaigns"] = {f: int(one.campaigns.sum()) for f, one in by_family.items()}
    told["harmless"] = int(next(iter(by_family.values())).harmless.sum())
    return told


def mean_recall(by_family: Mapping[str, Counts], weights: Floats) -> Floats:
    """Campaign recall as the mean of families, for each row of market weights: [draws]."""
    each = [_rate(weights, one, "found", "campaigns") for one in by_family.values()]
    return np.asarray(np.nanmean(each, axis=0))


def gain(
    better: Mapping[str, Counts], worse: Mapping[str, Counts], seed: int, draws: int = DRAWS
) -> dict[str, float]:
    """Mean campaign recall of one over another on the same draws of markets, with its interval."""
    rng = np.random.default_rng(seed)
    markets = len(next(iter(better.values())).campaigns)
    drawn = rng.multinomial(markets, np.full(markets, 1 / markets), size=draws).astype(np.float64)
    weights = np.concatenate([np.ones((1, markets)), drawn])
    return _told(mean_recall(better, weights) - mean_recall(worse, weights))


def precision_at(recall: float, false_rate: float) -> dict[str, float]:
    """Of what is flagged, the share that is a campaign, at each of BASE_RATES."""
    return {
        f"{100 * rate:g} %": recall * rate / max(recall * rate + false_rate * (1 - rate), 1e-12)
        for rate in BASE_RATES
    }


_RATES = {
    "campaign_recall": ("found", "campaigns"),
    "detected": ("detected", "campaigns"),
    "account_recall": ("caught", "members"),
    "false_positives": ("flagged", "harmless"),
}


def _row(table: Table, flags: Bools, family: str) -> tuple[float, ...]:
    campaigns = detected = found = members = caught = 0
    for ring in table.rings:
        if ring.kind != family:
            continue
        shared = np.array([len(one & ring.members) for one in table.members], dtype=np.float64)
        size = np.array([len(one) for one in table.members], dtype=np.float64)
        mine = shared >= HALF * np.maximum(size, 1)
        shows = mine & (shared >= HALF * len(ring.members))
        flagged = [table.members[n] for n in np.flatnonzero(mine & flags)]
        campaigns += 1
        detected += bool(shows.any())
        found += bool((shows & flags).any())
        members += len(ring.members)
        caught += len(frozenset().union(*flagged) & ring.members)
    harmless = table.labels == 0
    wrong = float((harmless & flags).sum())
    return campaigns, detected, found, members, caught, float(harmless.sum()), wrong


def _rate(weights: Floats, one: Counts, part: str, whole: str) -> Floats:
    over, under = weights @ getattr(one, part), weights @ getattr(one, whole)
    return np.asarray(over / np.where(under > 0, under, np.nan))


def _told(values: Floats) -> dict[str, float]:
    if np.isnan(values).all():  # no campaign of this kind there
        return dict.fromkeys(("value", "low", "high"), float("nan"))
    low, high = np.nanpercentile(values[1:], [2.5, 97.5])
    return {"value": float(values[0]), "low": float(low), "high": float(high)}
