"""What a cluster's accounts say alike, for readers."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, TypeAlias

import strawberry
from strawberry import Private

from api.graphql.loaders import Context
from api.graphql.values import Row, moment, resolved
from graph import model
from graph.voice_rows import voices_of

if TYPE_CHECKING:
    from api.graphql.types import Post

Info: TypeAlias = strawberry.Info[Context, None]


@strawberry.type(
    description="One thing that several accounts say of a stock and hardly anybody of others. News"
    " does that too: it says that they speak alike, never that they promote."
)
class Voice:
    kind: str = strawberry.field(description="phrase, link or post (repeated, quoted, answered).")
    what: str = strawberry.field(description="The words, the address or the post's id.")
    accounts: int = strawberry.field(description="How many of the cluster's accounts say it.")
    first_at: datetime = strawberry.field(description="First time.")
    last_at: datetime = strawberry.field(description="Last time.")
    p_value: float = strawberry.field(
        description="Chance of as many if the stock had nothing to do with it, times the number of"
        " things said of stocks; at most 1."
    )

    @classmethod
    def of(cls, found: model.Voice) -> Voice:
        """From one of the graph."""
        names = ("kind", "what", "accounts", "p_value")
        return cls(
            first_at=moment(found.first_at),
            last_at=moment(found.last_at),
            **{name: getattr(found, name) for name in names},
        )

    @resolved("The post that is repeated, quoted or answered; none of another kind or unknown.")
    async def post(
        self, info: Info
    ) -> Annotated[Post, strawberry.lazy("api.graphql.types")] | None:
        from api.graphql.types import Post

        if self.kind != "post":
            return None
        row = await info.context.one("read/posts_by_ids").load(self.what)
        return Post.of(row) if row else None


@strawberry.type(description="What has accounts that speak alike.")
class Voiced:
    row: Private[Row]

    @resolved("What its accounts say alike of a stock, the least likely by chance first.")
    def voices(self) -> list[Voice]:
        return [Voice.of(voice) for voice in voices_of(self.row["voices"])]
