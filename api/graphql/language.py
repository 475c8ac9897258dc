"""How texts read: what a cluster's posts sound like, all together."""

from __future__ import annotations

import asyncio

import strawberry
from strawberry import Private

from api.graphql.loaders import Context
from api.graphql.values import Row, resolved

POSTS = 500  # of a cluster's evidence are read
LINE = 0.5  # from which a post is called promotional


@strawberry.type(description="What is worded somehow.")
class Worded:
    text: Private[str]

    @resolved("How much its text reads like a promotion, 0 to 1: wording, never intent.")
    async def promotional_language(self, info: strawberry.Info[Context, None]) -> float:
        return (await info.context.texts().load(self.text))[0]

    @resolved("How good the news in its text sounds, -1 to 1.")
    async def sentiment(self, info: strawberry.Info[Context, None]) -> float:
        return (await info.context.texts().load(self.text))[1]


@strawberry.type(
    description="How a cluster's posts read. It tells wording and no intent: fans write like"
    " promoters, and promoters like anybody."
)
class Language:
    promotional: float | None = strawberry.field(
        description="Mean of its evidence posts' promotionalLanguage, 0 to 1; none without posts."
    )
    promotional_posts: float | None = strawberry.field(
        description=f"Share of them that have {LINE} or more."
    )
    sentiment: float | None = strawberry.field(description="Mean of their sentiment, -1 to 1.")
    posts: int = strawberry.field(description=f"How many were read: the first {POSTS}.")
    model: str = strawberry.field(description="What read them, with its version.")


async def language_of(context: Context, cluster_id: str) -> Language:
    """How a cluster's evidence posts read."""
    rows: list[Row] = await context.many("read/evidence_of_clusters", most=POSTS).load(cluster_id)
    read = await context.texts().load_many([row["text"] or "" for row in rows])
    count = len(read)
    promotional = [one for one, _ in read]
    return Language(
        promotional=sum(promotional) / count if count else None,
        promotional_posts=sum(one >= LINE for one in promotional) / count if count else None,
        sentiment=sum(mood for _, mood in read) / count if count else None,
        posts=count,
        model=await asyncio.to_thread(lambda: context.reads.model),
    )
