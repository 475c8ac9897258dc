"""What is measured of a stock, declared as for clusters."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from gnn.measure import Feature, Features, measure
from gnn.view import DAY, Crowd, PostRow, View, World, views, world
from graph.detection.observed import Observed
from graph.model import Cluster, PriceEvent, Tie

_DAYS = 7  # a stock with fewer days of posts has no ordinary day to compare with


@dataclass(frozen=True, slots=True)
class StockView:
    """One stock with who named it, what moved, and the clusters whose evidence names it."""

    ticker: str
    crowd: Crowd
    rows: tuple[PostRow, ...]
    events: tuple[PriceEvent, ...]
    clusters: tuple[View, ...]
    accounts: int  # accounts in the whole market that name any stock
    risk: float  # largest probability among its clusters; 0 where it has none


def stock_features(
    observed: Observed,
    ties: Sequence[Tie],
    clusters: Sequence[Cluster],
    events: Sequence[PriceEvent],
    probabilities: Mapping[str, float] | None = None,
) -> Features:
    """Measures of each stock that a post names or that an event concerns, by ticker.

    `probabilities` are those of the clusters (none known: 0). As known at `observed.as_of`.
    """
    seen = world(observed, events)
    found = stock_views(seen, views(seen, ties, clusters), probabilities or {})
    return measure(STOCK, found, [view.ticker for view in found])


def stock_views(
    seen: World, clusters: Sequence[View], probabilities: Mapping[str, float]
) -> list[StockView]:
    """A view for each stock that is named or moved, by ticker."""
    promoting: defaultdict[str, list[View]] = defaultdict(list)
    for view in clusters:
        for ticker in view.named:
            promoting[ticker].append(view)
    rows = _rows(seen)
    return [
        StockView(
            ticker=ticker,
            crowd=seen.crowds.get(ticker, _NOBODY),
            rows=tuple(rows[ticker]),
            events=seen.events.get(ticker, ()),
            clusters=tuple(promoting[ticker]),
            accounts=seen.namers,
            risk=_risk(ticker, promoting[ticker], probabilities),
        )
        for ticker in sorted({*seen.crowds, *seen.events})
    ]


_NOBODY = Crowd(np.array([], dtype=np.int64), ())


def _rows(seen: World) -> defaultdict[str, list[PostRow]]:
    found: defaultdict[str, list[PostRow]] = defaultdict(list)
    for post in sorted(seen.tickers):
        for ticker in seen.tickers[post]:
            found[ticker].append(seen.posts[post])
    return found


def _risk(ticker: str, clusters: Sequence[View], probabilities: Mapping[str, float]) -> float:
    """A cluster counts for a stock by how much of its evidence names it."""
    return max(
        (
            probabilities.get(view.cluster.id, 0.0) * view.named[ticker] / len(view.ids)
            for view in clusters
        ),
        default=0.0,
    )


def _spike(view: StockView) -> float | None:
    """The busiest day against the stock's own ordinary days, in robust standard deviations."""
    if not len(view.crowd.at):
        return None
    days = view.crowd.at // DAY
    counts = np.bincount(days - days.min()).astype(np.float64)
    if len(counts) < _DAYS:
        return None
    typical = np.median(counts)
    spread = 1.4826 * np.median(np.abs(counts - typical))
    return float((counts.max() - typical) / max(spread, np.sqrt(typical), 1.0))


def _clustered(view: StockView) -> float:
    """Posts about the stock by members of clusters that name it, over all posts about it."""
    members = {member for cluster in view.clusters for member in cluster.members}
    owners = view.crowd.accounts
    return sum(owner in members for owner in owners) / len(owners) if owners else 0.0


def _distinct_texts(view: StockView) -> float:
    return len({row.text_id for row in view.rows}) / len(view.rows) if view.rows else 1.0


def _busiest_account(view: StockView) -> float:
    counts = Counter(view.crowd.accounts)
    return max(counts.values()) / counts.total() if counts else 0.0


def _move(view: StockView) -> float | None:
    return max((abs(event.z) for event in view.events), default=None)


def _volume(view: StockView) -> float | None:
    seen = [event.volume_z for event in view.events if np.isfinite(event.volume_z)]
    return max(seen, default=None)


STOCK: tuple[Feature[StockView], ...] = (
    Feature("risk", "largest risk among the clusters that promote it", lambda v: v.risk, "share"),
    Feature("posts", "posts that name it", lambda v: float(len(v.rows)), "count", log=True),
    Feature(
        "accounts",
        "accounts that name it",
        lambda v: float(len(set(v.crowd.accounts))),
        "count",
        log=True,
    ),
    Feature(
        "popularity",
        "accounts in the whole market that name it",
        lambda v: len(set(v.crowd.accounts)) / v.accounts if v.accounts else 0.0,
        "share",
    ),
    Feature(
        "spike", "its busiest day against its ordinary days (z)", _spike, missing=0.0, log=True
    ),
    Feature("clustered", "posts about it by members of a cluster", _clustered, "share"),
    Feature("distinct_texts", "distinct texts per post about it", _distinct_texts),
    Feature("busiest_account", "posts about it by its busiest account", _busiest_account, "share"),
    Feature("events", "its price events", lambda v: float(len(v.events)), "count", log=True),
    Feature("largest_move", "its largest price event (z)", _move, missing=0.0, log=True),
    Feature("volume", "its largest volume among price events (z)", _volume, missing=0.0),
)
