"""What the market did, and the news beside it, for readers."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, TypeAlias

import strawberry
from strawberry import Private

from api.graphql.loaders import Context
from api.graphql.values import Row, finite, moment, moment_or_none, resolved
from api.told import news_sentence, order_sentence

if TYPE_CHECKING:
    from api.graphql.types import Cluster

Info: TypeAlias = strawberry.Info[Context, None]


@strawberry.type(description="An article or a filing. Who wrote it is not kept.")
class News:
    id: strawberry.ID = strawberry.field(description="news: and a hash of its address.")
    at: datetime = strawberry.field(description="When it was published.")
    known_at: datetime = strawberry.field(description="When these words could be read.")
    kind: str = strawberry.field(description="filing, of an exchange or regulator, or news.")
    title: str = strawberry.field(description="Without HTML.")
    summary: str = strawberry.field(description="Without HTML.")
    url: str | None = strawberry.field(description="Its address, normalised.")
    source: str | None = strawberry.field(description="The publisher, as it calls itself.")

    @classmethod
    def of(cls, row: Row) -> News:
        """From an article's columns."""
        return cls(
            id=strawberry.ID(row["id"]),
            at=moment(row["at"]),
            known_at=moment(row["known_at"]),
            **{name: row[name] for name in ("kind", "title", "summary", "url", "source")},
        )


@strawberry.type(description="News that names a stock.")
class StockNews:
    news: News = strawberry.field(description="What was written.")
    how: str = strawberry.field(
        description="How it names the stock: cashtag, listing, name, word or symbol."
    )


@strawberry.type(description="News that was known when a price event began.")
class PriorNews:
    news: News = strawberry.field(description="What was written.")
    minutes: float = strawberry.field(description="How long before.")


@strawberry.type(description="A cluster that was posting about the stock around a price event.")
class ActiveCluster:
    cluster_id: Private[str]
    lead_minutes: float = strawberry.field(
        description="From its first post that names the stock to the event; negative: after."
    )
    lag_minutes: float | None = strawberry.field(
        description="From the event to its last such post; negative: before."
    )

    @resolved("Which cluster.")
    async def cluster(
        self, info: Info
    ) -> Annotated[Cluster, strawberry.lazy("api.graphql.types")] | None:
        from api.graphql.types import Cluster

        row = await info.context.one("read/clusters_by_ids").load(self.cluster_id)
        return Cluster.of(row) if row else None


@strawberry.type(description="What was known when a price event began, and what came first.")
class Background:
    probability: float | None = strawberry.field(
        description="That news explains it; none where no news was gathered at that time."
    )
    base_rate: float | None = strawberry.field(
        description="Part of the stock's ordinary days that have news before them."
    )
    ratio: float | None = strawberry.field(
        description="Likelihood of what was seen: explained by news over not."
    )
    p_value: float | None = strawberry.field(
        description="How often an ordinary day has as much news before it."
    )
    posts_at: datetime | None = strawberry.field(description="When posts stood out.")
    news_at: datetime | None = strawberry.field(description="When the first news was known.")
    order: list[str] = strawberry.field(description="Of posts, news and price, what came first.")
    says: list[str] = strawberry.field(description="The same in sentences.")

    @classmethod
    def of(cls, row: Row) -> Background:
        """From the news columns of a PriceEvent."""
        said = (order_sentence(row), news_sentence(row))
        return cls(
            probability=row["news_probability"],
            base_rate=row["news_base_rate"],
            ratio=row["news_ratio"],
            p_value=row["news_p_value"],
            posts_at=moment_or_none(row["posts_at"]),
            news_at=moment_or_none(row["news_at"]),
            order=row["sequence"] or [],
            says=[one for one in said if one],
        )


@strawberry.type(description="A day, hour or minute that a stock's own past does not explain.")
class PriceEvent:
    row: Private[Row]
    id: strawberry.ID = strawberry.field(description="TICKER:YYYY-MM-DD:kind")
    ticker: str = strawberry.field(description="Which stock.")
    at: datetime = strawberry.field(description="The session's day, or the hour or minute.")
    begins_at: datetime | None = strawberry.field(
        description="When the session opened, or the hour or minute began."
    )
    kind: str = strawberry.field(description="abnormal_return, volume_spike, attention_spike …")
    z: float = strawberry.field(description="Size, in standard deviations of its own past.")
    p_value: float = strawberry.field(description="Of a normal: it ranks, it is no chance.")
    severity: str | None = strawberry.field(description="notable, strong or extreme.")
    window: str | None = strawberry.field(description="What the detector looked at.")
    bars_used: int | None = strawberry.field(
        description="Earlier bars, or days of posts, that the judgement rests on."
    )
    abnormal_return: float | None = strawberry.field(
        description="Return that the market does not explain; 0.05 is five per cent."
    )
    volume_z: float | None = strawberry.field(description="Robust z of log volume.")
    circuit: str | None = strawberry.field(
        description="The exchange's limit at which the day closed: upper 5 %."
    )
    halted: int | None = strawberry.field(description="Sessions without a trade just before.")
    split_ratio: float | None = strawberry.field(
        description="Of a split that nobody told of and that would explain the jump."
    )
    explanation: str = strawberry.field(description="The sentence a person reads.")

    @classmethod
    def of(cls, row: Row) -> PriceEvent:
        """From a PriceEvent's columns."""
        names = ("ticker", "kind", "z", "p_value", "severity", "window", "bars_used")
        marks = ("circuit", "halted", "split_ratio", "explanation")
        return cls(
            row=row,
            id=strawberry.ID(row["id"]),
            at=moment(row["at"]),
            begins_at=moment_or_none(row["begins_at"]),
            abnormal_return=finite(row["abnormal_return"]),
            volume_z=finite(row["volume_z"]),
            **{name: row[name] for name in (*names, *marks)},
        )

    @resolved("What was known when it began, and what came first.")
    def background(self) -> Background:
        return Background.of(self.row)

    @resolved("News of the stock that was known when it began, the last first.")
    async def news(self, info: Info) -> list[PriorNews]:
        rows = await info.context.many("read/news_of_price_events").load(self.id)
        return [PriorNews(news=News.of(row), minutes=row["minutes"]) for row in rows]

    @resolved("Clusters of the newest run that named the stock around it.")
    async def clusters(self, info: Info) -> list[ActiveCluster]:
        rows = await info.context.many("read/clusters_of_price_events").load(self.id)
        return [
            ActiveCluster(
                cluster_id=row["value"],
                lead_minutes=row["lead_minutes"],
                lag_minutes=row["lag_minutes"],
            )
            for row in rows
        ]


@strawberry.type(description="A price event near a cluster's posts.")
class AlignedEvent:
    event: PriceEvent = strawberry.field(description="What happened to the price or volume.")
    lead_minutes: float = strawberry.field(
        description="From the first evidence post that names the stock to it; negative: after."
    )
    lag_minutes: float | None = strawberry.field(
        description="From it to the last such post; negative: before."
    )
