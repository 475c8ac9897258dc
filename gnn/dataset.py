"""From a sample to what models take: matrices with labels, and the heterogeneous graph.

Only accounts that belong to a cluster become nodes: an account of no cluster has no tie.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from torch_geometric.data import HeteroData

from gnn.features import CLUSTER
from gnn.hold import bursts, pitched
from gnn.measure import Features, measure, scaled
from gnn.sample import Ring, Sample
from gnn.stocks import STOCK, StockView, stock_views
from gnn.view import DAY, Floats, Ints, View, World, views, world
from graph.detection.observed import Observed
from graph.model import Cluster, PriceEvent, Tie

ACCOUNT_COLUMNS = 9
EVENT_COLUMNS = 6
MIXED = 0.2
EDGES = (
    ("account", "member", "cluster"),
    ("cluster", "has", "account"),
    ("account", "tie", "account"),
    ("cluster", "promotes", "stock"),
    ("stock", "promoted_by", "cluster"),
    ("account", "names", "stock"),
    ("stock", "named_by", "account"),
    ("price_event", "of", "stock"),
    ("stock", "has_event", "price_event"),
)
Edge = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Table:
    """One market, measured. Rows of `clusters` and `labels` and `kinds` go together."""

    market: str
    clusters: Features
    labels: Ints  # [clusters] 0 or 1
    kinds: tuple[str, ...]  # campaign kind of a positive cluster, "" of a negative one
    decoys: tuple[str, ...]  # what a harmless cluster is, "" where unknown
    stocks: Features  # with the risk column 0: no model has spoken yet
    stock_labels: Ints  # 0 or 1, -1 where unknown
    shares: Floats  # [stocks, clusters] share of the cluster's evidence that names the stock
    graph: HeteroData
    bursts: tuple[bool, ...] = ()  # [clusters] members named one stock together, see gnn.hold
    pitched: tuple[float, ...] = ()  # [clusters] share of members that did, not for a giveaway
    members: tuple[frozenset[str], ...] = ()  # [clusters]
    rings: tuple[Ring, ...] = ()
    mixed: tuple[bool, ...] = ()  # [clusters] no campaign, but partly one's

    @property
    def x(self) -> Floats:
        """The cluster matrix on the scale models take."""
        return scaled(CLUSTER, self.clusters.matrix)


def prepare(sample: Sample, stocks_too: bool = True) -> Table:
    """Measures a sample once for all models.

    Without `stocks_too` only clusters are measured: no stock has a row, and the graph is empty.
    """
    seen = world(sample.observed, sample.events)
    found = views(seen, sample.ties, sample.clusters)
    stocks = stock_views(seen, found, {}) if stocks_too else []
    ids = tuple(view.cluster.id for view in found)
    tickers = tuple(view.ticker for view in stocks)
    return Table(
        market=sample.market,
        clusters=measure(CLUSTER, found, ids),
        labels=np.array([sample.labels.get(i, 0) for i in ids], dtype=np.int64),
        kinds=tuple(sample.groups.get(i, "") for i in ids),
        decoys=tuple(sample.decoys.get(i, "") for i in ids),
        stocks=measure(STOCK, stocks, tickers),
        stock_labels=np.array([sample.stocks.get(t, -1) for t in tickers], dtype=np.int64),
        shares=_shares(found, tickers),
        graph=_graph(seen, found, stocks) if stocks_too else HeteroData(),
        bursts=tuple(bursts(view) for view in found),
        pitched=tuple(pitched(view) for view in found),
        members=tuple(view.members for view in found),
        rings=tuple(sample.rings),
        mixed=tuple(
            not sample.labels.get(view.cluster.id, 0) and _mixed(view.members, sample.rings)
            for view in found
        ),
    )


def learnable(table: Table, without: str | None = None) -> Table:
    """The table to learn from: -1 in place of a label for clusters that are neither a campaign nor
    none (`mixed`), and as if clusters of campaigns of one kind had not been looked at.

    Stocks that clusters of that kind promote have no label then, rather than being called harmless.
    """
    hidden = np.array([without is not None and kind == without for kind in table.kinds], dtype=bool)
    unclear = hidden | np.array(table.mixed or np.zeros(len(hidden)), dtype=bool)
    touched = table.shares[:, hidden].max(axis=1, initial=0.0) > 0
    return replace(
        table,
        labels=np.where(unclear, -1, table.labels),
        stock_labels=np.where(touched, -1, table.stock_labels),
    )


def _mixed(members: frozenset[str], rings: Sequence[Ring]) -> bool:
    """Of some campaign's, yet not half: at least MIXED of the members."""
    return any(MIXED * len(members) <= len(members & r.members) for r in rings)


def hetero(
    observed: Observed,
    ties: Sequence[Tie],
    clusters: Sequence[Cluster],
    events: Sequence[PriceEvent],
) -> HeteroData:
    """The graph that the graph model reads, as known at `observed.as_of`.

    Nodes: cluster, account, stock, price_event, each with float32 `x`; rows of cluster and stock
    are in the order of `cluster_features` and `stock_features`. Edges: EDGES, ties with a weight.
    """
    seen = world(observed, events)
    found = views(seen, ties, clusters)
    return _graph(seen, found, stock_views(seen, found, {}))


def _shares(found: Sequence[View], tickers: Sequence[str]) -> Floats:
    rows = [[view.named[t] / max(len(view.ids), 1) for view in found] for t in tickers]
    return np.array(rows, dtype=np.float64).reshape(len(tickers), len(found))


def _graph(seen: World, found: Sequence[View], stocks: Sequence[StockView]) -> HeteroData:
    accounts = sorted({member for view in found for member in view.members})
    moves = [event for stock in stocks for event in stock.events]
    account_at = {account: i for i, account in enumerate(accounts)}
    stock_at = {stock.ticker: i for i, stock in enumerate(stocks)}
    data = HeteroData()
    data["cluster"].x = _float(scaled(CLUSTER, measure(CLUSTER, found, ["" for _ in found]).matrix))
    data["account"].x = _float(_accounts(seen, found, accounts))
    data["stock"].x = _float(scaled(STOCK, measure(STOCK, stocks, ["" for _ in stocks]).matrix))
    data["price_event"].x = _float(_moves(moves))
    _link(data, EDGES[0], EDGES[1], _memberships(found, account_at))
    _link(data, EDGES[3], EDGES[4], _promotions(found, stock_at))
    _link(data, EDGES[5], EDGES[6], _namings(seen, accounts, stock_at))
    _link(data, EDGES[7], EDGES[8], [(i, stock_at[e.ticker]) for i, e in enumerate(moves)])
    _tie(data, found, account_at)
    return data


def _accounts(seen: World, found: Sequence[View], accounts: Sequence[str]) -> Floats:
    shown: dict[str, int] = {}
    for view in found:
        for row in view.rows:
            shown[row.account] = shown.get(row.account, 0) + 1
    rows = [_account(seen, account, shown.get(account, 0)) for account in accounts]
    return np.array(rows, dtype=np.float64).reshape(len(rows), ACCOUNT_COLUMNS)


def _account(seen: World, account: str, shown: int) -> tuple[float, ...]:
    known = seen.profiles.get(account)
    created = known.created_at if known else None
    followers = known.followers if known else None
    following = known.following if known else None
    posts = seen.posts_by.get(account, 0)
    return (
        np.log1p(max(seen.as_of - created, 0) / DAY) if created is not None else np.log1p(1_000),
        float(created is None),
        np.log1p(followers) if followers is not None else np.log1p(200),
        float(followers is None),
        np.log1p(following) if following is not None else np.log1p(200),
        np.log1p(posts),
        np.log1p(shown),
        shown / posts if posts else 0.0,
        np.log1p(len(seen.stocks_by.get(account, ()))),
    )


def _moves(events: Sequence[PriceEvent]) -> Floats:
    rows = [
        (
            np.log1p(abs(event.z)),
            np.sign(event.z),
            -np.log10(max(event.p_value, 1e-30)),
            float(np.nan_to_num(event.abnormal_return)),
            np.log1p(max(float(np.nan_to_num(event.volume_z)), 0.0)),
            float(event.kind == "volume_spike"),
        )
        for event in events
    ]
    return np.array(rows, dtype=np.float64).reshape(len(rows), EVENT_COLUMNS)


def _memberships(found: Sequence[View], account_at: Mapping[str, int]) -> list[tuple[int, int]]:
    return [(account_at[a], i) for i, view in enumerate(found) for a in sorted(view.members)]


def _promotions(found: Sequence[View], stock_at: Mapping[str, int]) -> list[tuple[int, int]]:
    return [(i, stock_at[t]) for i, view in enumerate(found) for t in sorted(view.named)]


def _namings(
    seen: World, accounts: Sequence[str], stock_at: Mapping[str, int]
) -> list[tuple[int, int]]:
    return [
        (i, stock_at[ticker])
        for i, account in enumerate(accounts)
        for ticker in sorted(seen.stocks_by.get(account, ()))
    ]


def _tie(data: HeteroData, found: Sequence[View], account_at: Mapping[str, int]) -> None:
    """Ties inside clusters, both ways, each once, with log(1 + weight)."""
    ties = {(tie.left, tie.right): tie.weight for view in found for tie in view.ties}
    pairs = [(account_at[left], account_at[right]) for left, right in sorted(ties)]
    weights = [float(np.log1p(ties[key])) for key in sorted(ties)]
    store = data[EDGES[2]]
    store.edge_index = _index([*pairs, *((right, left) for left, right in pairs)])
    store.edge_weight = torch.tensor([*weights, *weights], dtype=torch.float32)


def _link(data: HeteroData, there: Edge, back: Edge, pairs: Sequence[tuple[int, int]]) -> None:
    data[there].edge_index = _index(pairs)
    data[back].edge_index = _index([(end, start) for start, end in pairs])


def _index(pairs: Iterable[tuple[int, int]]) -> torch.Tensor:
    return torch.tensor(list(pairs), dtype=torch.int64).reshape(-1, 2).t().contiguous()


def _float(matrix: Floats) -> torch.Tensor:
    return torch.from_numpy(matrix.astype(np.float32))
