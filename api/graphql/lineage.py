"""A cluster followed over runs, for readers."""

from __future__ import annotations

from datetime import datetime
from typing import TypeAlias

import strawberry

from api.graphql.loaders import Context
from api.graphql.values import Row, moment, resolved

Info: TypeAlias = strawberry.Info[Context, None]
EVENTS = 500  # the most that is listed of a lineage


@strawberry.type(description="What happened to a lineage in a run.")
class LineageEvent:
    at: datetime = strawberry.field(description="The moment as of which the run looked.")
    run_id: strawberry.ID = strawberry.field(description="That run.")
    kind: str = strawberry.field(
        description="birth, growth, shrink, continuation (members exchanged), merge, split, death, "
        "return or reuse (on another stock)."
    )
    lineage_id: strawberry.ID = strawberry.field(description="Whose event it is.")
    other: str | None = strawberry.field(
        description="The other lineage of a merge or split, the stock of a reuse."
    )
    size: int = strawberry.field(description="Accounts after it.")
    joined: int = strawberry.field(description="Accounts that were not there before.")
    gone: int = strawberry.field(description="Accounts that are not there any more.")
    says: str = strawberry.field(description="The same in a sentence.")

    @classmethod
    def of(cls, row: Row) -> LineageEvent:
        """From an event's columns."""
        names = ("kind", "other", "size", "joined", "gone", "says")
        return cls(
            at=moment(row["at"]),
            run_id=strawberry.ID(row["run_id"]),
            lineage_id=strawberry.ID(row["lineage_id"]),
            **{name: row[name] for name in names},
        )


@strawberry.type(description="A cluster followed over runs, while its members come and go.")
class Lineage:
    id: strawberry.ID = strawberry.field(description="Stays.")
    born_at: datetime = strawberry.field(description="As of when a run saw it first.")
    alive: bool = strawberry.field(description="A cluster of the newest run goes on with it.")
    size: int = strawberry.field(description="Accounts when last seen.")
    tickers: list[str] = strawberry.field(
        description="Stocks it was about so far, the oldest first."
    )

    @classmethod
    def of(cls, row: Row) -> Lineage:
        """From a lineage's columns."""
        return cls(
            id=strawberry.ID(row["id"]),
            born_at=moment(row["born_at"]),
            alive=row["alive"],
            size=row["size"] or 0,
            tickers=row["tickers"] or [],
        )

    @resolved(f"What happened to it, oldest first; the newest {EVENTS}.")
    async def events(self, info: Info) -> list[LineageEvent]:
        loader = info.context.many("read/events_of_lineages", most=EVENTS)
        return [LineageEvent.of(row) for row in await loader.load(self.id)]


async def lineage_of(context: Context, lineage_id: str | None) -> Lineage | None:
    """The lineage, where one is known."""
    if not lineage_id:
        return None
    row = await context.one("read/lineages_by_ids").load(lineage_id)
    return Lineage.of(row) if row else None
