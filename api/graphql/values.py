"""Types without relations: plain attributes, filled from a row."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import UTC, datetime
from enum import Enum
from typing import Any, TypeVar, cast

import orjson
import strawberry

from graph.model import Millis

DAY = 86_400_000
LONG_AGO, FAR_AHEAD = 0, 2**53
CAVEAT = "A risk indicator computed from public posts and prices, never a finding of guilt."
Row = dict[str, Any]
F = TypeVar("F", bound=Callable[..., Any])


def moment(ms: Millis) -> datetime:
    """Epoch milliseconds as an aware moment in UTC."""
    return datetime.fromtimestamp(ms / 1000, UTC)


def moment_or_none(ms: Millis | None) -> datetime | None:
    """The same, for what may be unknown."""
    return None if ms is None else moment(ms)


def millis(at: datetime) -> Millis:
    """A moment as epoch milliseconds; one without a zone is UTC."""
    aware = at if at.tzinfo else at.replace(tzinfo=UTC)
    return round(aware.timestamp() * 1000)


def span(since: datetime | None, until: datetime | None) -> tuple[int, int]:
    """A span as since ≤ at < until; open ends reach past any post."""
    return millis(since) if since else LONG_AGO, millis(until) if until else FAR_AHEAD


def cluster_name(size: int, tickers: list[str]) -> str:
    """12 accounts on $ACME; 9 accounts on $ACME and 2 more; 60 accounts, no stock named."""
    who = f"{size} account{'' if size == 1 else 's'}"
    match tickers:
        case []:
            return f"{who}, no stock named"
        case [only]:
            return f"{who} on ${only}"
        case [first, second]:
            return f"{who} on ${first} and ${second}"
        case _:
            return f"{who} on ${tickers[0]} and {len(tickers) - 1} more"


def finite(value: float | None) -> float | None:
    """The number, or none where there is none to tell."""
    return value if value is not None and math.isfinite(value) else None


def resolved(says: str) -> Callable[[F], F]:
    """A field that needs a read: a typed strawberry.field with its description."""
    return cast("Callable[[F], F]", strawberry.field(description=says))


@strawberry.enum(description="What an analyst made of an alert; to dismiss one takes a reason.")
class AlertState(Enum):
    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    DISMISSED = "dismissed"
    MUTED = "muted"


@strawberry.type(description="Where a page ends.")
class PageInfo:
    end_cursor: str | None = strawberry.field(
        description="Pass it as `after` to go on; opaque, of this list only."
    )
    has_next_page: bool = strawberry.field(description="Is there more?")


@strawberry.type(description="One named feature and what it did to a score.")
class Factor:
    name: str = strawberry.field(description="The feature.")
    text: str = strawberry.field(description="The sentence a person reads.")
    value: float = strawberry.field(description="What was measured.")
    effect: float = strawberry.field(
        description="Change in log odds against a typical entity; positive raises the risk."
    )


@strawberry.type(description=f"How likely this is a promotion. {CAVEAT}")
class Risk:
    score: int = strawberry.field(description="1 to 100.")
    probability: float = strawberry.field(description="Calibrated on planted markets, 0 to 1.")
    band: str = strawberry.field(description="low, watch, elevated, high or critical.")
    model: str = strawberry.field(description="Which model scored it.")
    factors: list[Factor] = strawberry.field(description="What moved the score, most first.")
    caveat: str = strawberry.field(description="What the score is not; show it with the score.")

    @classmethod
    def of(cls, row: Row) -> Risk:
        """From the risk columns of a cluster or stock; without a score it is 0, band unscored."""
        score = row["score"]
        return cls(
            score=score or 0,
            probability=row["probability"] or 0.0,
            band=row["band"] or "unscored",
            model=row["model"] or "",
            factors=_factors(row["factors"]),
            caveat=CAVEAT,
        )


@strawberry.type(description="One day of trading.")
class Bar:
    at: datetime = strawberry.field(description="The session's day.")
    open: float = strawberry.field(description="First price.")
    high: float = strawberry.field(description="Highest price.")
    low: float = strawberry.field(description="Lowest price.")
    close: float = strawberry.field(description="Last price.")
    volume: float = strawberry.field(description="Shares traded.")

    @classmethod
    def of(cls, row: Row) -> Bar:
        """From a bar's columns."""
        prices = {name: row[name] for name in ("open", "high", "low", "close", "volume")}
        return cls(at=moment(row["at"]), **prices)


@strawberry.type(description="How much a stock was named on one day (UTC).")
class DayCount:
    day: datetime = strawberry.field(description="00:00 UTC of the day.")
    posts: int = strawberry.field(description="Posts that name it.")
    accounts: int = strawberry.field(description="Accounts that wrote them.")

    @classmethod
    def of(cls, row: Row) -> DayCount:
        """From a row of read/posts_per_day."""
        return cls(day=moment(row["day"] * DAY), posts=row["posts"], accounts=row["accounts"])


@strawberry.type(description="A dot of a cluster's drawing.")
class GraphNode:
    id: strawberry.ID = strawberry.field(description="An account's id or a ticker.")
    label: str = strawberry.field(description="A handle or $TICKER.")
    kind: str = strawberry.field(description="account or stock.")
    role: str | None = strawberry.field(description="leader, amplifier or source; accounts only.")
    x: float = strawberry.field(description="-1 (left) to 1.")
    y: float = strawberry.field(description="-1 (bottom) to 1.")
    size: float = strawberry.field(description="Radius in pixels of a drawing 600 wide.")


@strawberry.type(description="A line of a cluster's drawing.")
class GraphEdge:
    source: strawberry.ID = strawberry.field(description="From this dot.")
    target: strawberry.ID = strawberry.field(description="To this dot.")
    kind: str = strawberry.field(description="tie or promotes.")
    weight: float = strawberry.field(description="A tie's weight; posts, where it promotes.")


@strawberry.type(description="A cluster as a drawing; positions are the same every time.")
class Graph:
    nodes: list[GraphNode] = strawberry.field(description="Accounts, then stocks.")
    edges: list[GraphEdge] = strawberry.field(description="Ties, heaviest first, then promotions.")


@strawberry.type(description="One pass of detection and scoring: the newest finished one.")
class Run:
    id: strawberry.ID = strawberry.field(description="Key of its data, settings and moment.")
    as_of: datetime = strawberry.field(description="What it could see: nothing later.")
    finished_at: datetime = strawberry.field(description="By the clock of the machine.")
    posts: int = strawberry.field(description="Posts it read.")
    ties: int = strawberry.field(description="Ties it kept.")
    clusters: int = strawberry.field(description="Clusters it found.")
    model: str = strawberry.field(description="Which model scored.")

    @classmethod
    def of(cls, row: Row) -> Run:
        """From a Run's columns."""
        return cls(
            id=strawberry.ID(row["id"]),
            as_of=moment(row["as_of"]),
            finished_at=moment(row["finished_at"]),
            model=row["model"] or "",
            **{name: row[name] for name in ("posts", "ties", "clusters")},
        )


def _factors(text: str | None) -> list[Factor]:
    return [Factor(**factor) for factor in orjson.loads(text or "[]")]
