"""What people said of clusters, and what they are asked to judge next."""

from __future__ import annotations

from datetime import datetime
from enum import Enum

import strawberry

from api.graphql.values import moment
from graph import labels


@strawberry.enum(description="What somebody says of a cluster, an account or a stock-day.")
class Verdict(Enum):
    PROMOTION = "promotion"
    HARMLESS = "harmless"
    UNCLEAR = "unclear"


@strawberry.type(description="What somebody said, and how sure: a statement, no finding of guilt.")
class Label:
    id: strawberry.ID = strawberry.field(description="One a subject, source and moment.")
    kind: str = strawberry.field(description="account, cluster or stock-day.")
    subject: str = strawberry.field(description="Of a cluster its lineage.")
    verdict: Verdict = strawberry.field(description="What was said.")
    tier: str = strawberry.field(description="gold, silver, bronze or synthetic.")
    confidence: float = strawberry.field(description="Above 0, at most 1.")
    provenance: str = strawberry.field(description="Who or what it comes from.")
    known_at: datetime = strawberry.field(description="Since when it could be known.")
    reason: str | None = strawberry.field(description="In a sentence.")

    @classmethod
    def of(cls, label: labels.Label) -> Label:
        """From a label."""
        return cls(
            id=strawberry.ID(label.id),
            kind=label.kind.value,
            subject=label.subject,
            verdict=Verdict(label.verdict.value),
            tier=label.tier.value,
            confidence=label.confidence,
            provenance=label.provenance,
            known_at=moment(label.known_at),
            reason=label.reason,
        )
