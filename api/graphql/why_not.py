"""Why two accounts are not tied, for readers."""

from __future__ import annotations

import asyncio

import strawberry

from api.graphql.loaders import Context
from api.graphql.types import Post
from api.graphql.values import Row
from api.why import why


@strawberry.type(description="Two posts that did the same thing within a window, without a tie.")
class Shared:
    trace: str = strawberry.field(description="Which kind of shared behaviour.")
    object: str = strawberry.field(description="What was shared: a ticker, a link, a text's key.")
    window: str = strawberry.field(description="The window that both fell into: 10m, 7d.")
    seconds: float = strawberry.field(description="Right minus left.")
    accounts: int = strawberry.field(
        description="Accounts that did it then, as far as near copies are left aside."
    )
    left: Post = strawberry.field(description="Post of the account with the smaller id.")
    right: Post = strawberry.field(description="Post of the account with the larger id.")


@strawberry.type(description="What one trace says of two accounts in one window.")
class Asked:
    trace: str = strawberry.field(description="Which kind of shared behaviour.")
    window: str = strawberry.field(description="10m, 7d.")
    times: int = strawberry.field(description="How often they met; crowds do not count.")
    expected: float | None = strawberry.field(
        description="What chance gives; none where telling it takes a whole run."
    )
    p_value: float | None = strawberry.field(
        description="Of this question alone, before it is corrected for all that is asked."
    )


@strawberry.type(description="Something both did, but never within a window.")
class Apart:
    trace: str = strawberry.field(description="Which kind of shared behaviour.")
    object: str = strawberry.field(description="What both did it with.")
    window: str = strawberry.field(description="What would count.")
    seconds: float = strawberry.field(description="Between the nearest two posts.")


@strawberry.type(description="Why two accounts are not tied.")
class WhyNot:
    says: str = strawberry.field(description="In a sentence or two.")
    shared: list[Shared] = strawberry.field(description="What they did together; at most 50.")
    asked: list[Asked] = strawberry.field(description="How often, by trace and window.")
    apart: list[Apart] = strawberry.field(
        description="What both did, but not together; the nearest 50."
    )


async def why_not(context: Context, left: str, right: str) -> WhyNot | None:
    """The answer where there is no tie; None where there is one."""
    found = await context.ask(lambda store: why(store, left, right))
    if found["tied"]:
        return None
    names = ("trace", "window", "times", "expected", "p_value")
    near = ("trace", "object", "window", "seconds")
    return WhyNot(
        says=found["says"],
        shared=await _shared(context, found["evidence"]),
        asked=[Asked(**{name: row[name] for name in names}) for row in found["asked"]],
        apart=[Apart(**{name: row[name] for name in near}) for row in found["apart"]],
    )


async def _shared(context: Context, acts: list[Row]) -> list[Shared]:
    """With both posts; an act whose post was forgotten meanwhile is left out."""
    posts = context.one("read/posts_by_ids")
    lefts, rights = await asyncio.gather(
        posts.load_many([act["left"] for act in acts]),
        posts.load_many([act["right"] for act in acts]),
    )
    names = ("trace", "object", "window", "seconds", "accounts")
    return [
        Shared(**{name: act[name] for name in names}, left=Post.of(left), right=Post.of(right))
        for act, left, right in zip(acts, lefts, rights, strict=True)
        if left and right
    ]
