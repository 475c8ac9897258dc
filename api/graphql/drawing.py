"""A cluster as a drawing: who stands where, and what joins them."""

from __future__ import annotations

import asyncio

import strawberry

from api import layout
from api.graphql.loaders import Context
from api.graphql.values import Graph, GraphEdge, GraphNode, Row

MEMBERS, TIES = 500, 2_000  # the most that is listed or drawn of a cluster


async def drawing(context: Context, cluster_id: str) -> Graph:
    """Dots for its accounts and most named stocks, lines for ties and for who names what."""
    members, ties, promotions, promoters = await asyncio.gather(
        context.many("read/members_of_clusters", most=MEMBERS).load(cluster_id),
        context.many("read/ties_of_clusters", most=TIES).load(cluster_id),
        context.many("read/promotions_of_clusters").load(cluster_id),
        context.many("read/promoters_of_clusters").load(cluster_id),
    )
    accounts = await context.one("read/accounts_by_ids").load_many(
        [row["account_id"] for row in members]
    )
    handles = {row["id"]: row["handle"] for row in accounts if row}
    nodes = [*_account_nodes(members, handles), *_stock_nodes(promotions)]
    shown = {node.id for node in nodes}
    edges = [*map(_tie_edge, ties), *map(_promotes_edge, promoters)]
    return Graph(nodes=nodes, edges=[e for e in edges if e.source in shown and e.target in shown])


def _account_nodes(members: list[Row], handles: dict[str, str | None]) -> list[GraphNode]:
    spots = layout.sunflower([row["strength"] for row in members])
    return [
        GraphNode(
            id=strawberry.ID(row["account_id"]),
            label=handles.get(row["account_id"]) or row["account_id"],
            kind="account",
            role=row["role"],
            x=spot.x,
            y=spot.y,
            size=spot.size,
        )
        for row, spot in zip(members, spots, strict=True)
    ]


def _stock_nodes(promotions: list[Row]) -> list[GraphNode]:
    kept = promotions[: layout.RIM_HOLDS]
    return [
        GraphNode(
            id=strawberry.ID(row["ticker"]),
            label=f"${row['ticker']}",
            kind="stock",
            role=None,
            x=spot.x,
            y=spot.y,
            size=spot.size,
        )
        for row, spot in zip(kept, layout.rim(len(kept)), strict=True)
    ]


def _tie_edge(row: Row) -> GraphEdge:
    return GraphEdge(
        source=strawberry.ID(row["left"]),
        target=strawberry.ID(row["right"]),
        kind="tie",
        weight=row["weight"],
    )


def _promotes_edge(row: Row) -> GraphEdge:
    return GraphEdge(
        source=strawberry.ID(row["account_id"]),
        target=strawberry.ID(row["ticker"]),
        kind="promotes",
        weight=float(row["posts"]),
    )
