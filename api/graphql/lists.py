"""Alerts, and the pages of everything that is listed."""

from __future__ import annotations

from datetime import datetime

import strawberry
from strawberry import Private

from api.graphql.lineage import Lineage, lineage_of
from api.graphql.types import Account, Cluster, Info, Post, Stock
from api.graphql.values import AlertState, PageInfo, Row, moment, resolved


@strawberry.type(description="A lineage whose risk passed the line, kept with what was made of it.")
class Alert:
    cluster_id: Private[str]
    lineage_id: Private[str | None]
    id: strawberry.ID = strawberry.field(description="Stays while members come and go.")
    title: str = strawberry.field(description="One line.")
    score: int = strawberry.field(description="Risk when last found, 1 to 100.")
    raised_at: datetime = strawberry.field(description="The moment as of which it was raised.")
    state: AlertState = strawberry.field(description="What an analyst made of it.")
    reason: str | None = strawberry.field(description="Of the last change.")
    history: list[str] = strawberry.field(
        description="'<epoch ms> <state, or what a run saw> <reason>', oldest first."
    )
    tickers: list[str] = strawberry.field(description="Stocks concerned.")

    @classmethod
    def of(cls, row: Row) -> Alert:
        """From an alert's columns."""
        return cls(
            cluster_id=row["cluster_id"],
            lineage_id=row["lineage_id"],
            id=strawberry.ID(row["id"]),
            title=row["title"],
            score=row["score"],
            raised_at=moment(row["raised_at"]),
            state=AlertState(row["state"]),
            reason=row["reason"],
            history=row["history"] or [],
            tickers=row["tickers"] or [],
        )

    @resolved("What it is about; none where the newest run does not find it.")
    async def cluster(self, info: Info) -> Cluster | None:
        row = await info.context.one("read/clusters_by_ids").load(self.cluster_id)
        return Cluster.of(row) if row else None

    @resolved("The cluster it is about, followed over runs.")
    async def lineage(self, info: Info) -> Lineage | None:
        return await lineage_of(info.context, self.lineage_id)


@strawberry.type(description="A page of clusters.")
class ClusterPage:
    nodes: list[Cluster] = strawberry.field(description="Highest risk first.")
    page_info: PageInfo = strawberry.field(description="Where it ends.")


@strawberry.type(description="A page of accounts.")
class AccountPage:
    nodes: list[Account] = strawberry.field(description="By id.")
    page_info: PageInfo = strawberry.field(description="Where it ends.")


@strawberry.type(description="A page of posts.")
class PostPage:
    nodes: list[Post] = strawberry.field(description="Newest first.")
    page_info: PageInfo = strawberry.field(description="Where it ends.")


@strawberry.type(description="A page of stocks.")
class StockPage:
    nodes: list[Stock] = strawberry.field(description="Highest risk first.")
    page_info: PageInfo = strawberry.field(description="Where it ends.")


@strawberry.type(description="A page of alerts.")
class AlertPage:
    nodes: list[Alert] = strawberry.field(description="Newest, then highest, first.")
    page_info: PageInfo = strawberry.field(description="Where it ends.")
