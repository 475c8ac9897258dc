"""What people said of clusters, and what they are asked to judge next."""

from __future__ import annotations

from datetime import datetime
from enum import Enum

import strawberry
from strawberry import Private

from api import review
from api.graphql.types import Cluster, Info
from api.graphql.values import moment, resolved
from gnn import prevalence
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


@strawberry.type(description="A cluster to judge, and why it is on the list.")
class ReviewItem:
    cluster_id: Private[str]
    place: int = strawberry.field(description="1 is judged first.")
    subject: str = strawberry.field(description="What a verdict is about: its lineage.")
    part: str = strawberry.field(description="top, uncertain or random.")
    stratum: str = strawberry.field(description="The band of its score when drawn.")
    probability: float | None = strawberry.field(description="By the model when drawn.")
    propensity: float | None = strawberry.field(
        description="Its chance of being drawn; none but in the random part."
    )
    says: str = strawberry.field(description="Why it is here.")
    verdict: Verdict | None = strawberry.field(description="What stands; none: nobody judged it.")

    @classmethod
    def of(cls, item: review.Item) -> ReviewItem:
        """From a row of a list."""
        return cls(
            cluster_id=item.cluster_id,
            place=item.place,
            subject=item.subject,
            part=item.part,
            stratum=item.stratum,
            probability=item.probability,
            propensity=item.propensity,
            says=item.says,
            verdict=Verdict(item.verdict) if item.verdict else None,
        )

    @resolved("The cluster; none where the newest run does not find it.")
    async def cluster(self, info: Info) -> Cluster | None:
        row = await info.context.one("read/clusters_by_ids").load(self.cluster_id)
        return Cluster.of(row) if row else None


@strawberry.type(description="A list of clusters to judge: likeliest, least sure, some by chance.")
class ReviewQueue:
    id: strawberry.ID = strawberry.field(description="One a run, a size and a draw.")
    drawn_at: datetime | None = strawberry.field(
        description="Since when it stands; none where it was not kept: `drawReviewQueue` does."
    )
    number: int = strawberry.field(description="How many lists were worked through before.")
    unknown: int = strawberry.field(description="Clusters nobody had decided on when drawn.")
    known: int = strawberry.field(description="Clusters decided on before.")
    items: list[ReviewItem] = strawberry.field(description="In the order to judge them in.")

    @classmethod
    def of(cls, found: review.Review) -> ReviewQueue:
        """From a list."""
        return cls(
            id=strawberry.ID(found.id),
            drawn_at=None if found.drawn_at is None else moment(found.drawn_at),
            number=found.number,
            unknown=found.unknown,
            known=found.known,
            items=[ReviewItem.of(item) for item in found.items],
        )


@strawberry.type(description="How many clusters are promotions, from rows drawn by chance.")
class Prevalence:
    share: float = strawberry.field(description="The estimate, 0 to 1.")
    low: float = strawberry.field(description="Lower end of the 95 % interval.")
    high: float = strawberry.field(description="Upper end of it.")
    judged: int = strawberry.field(description="Rows drawn by chance and decided on.")
    drawn: int = strawberry.field(description="Rows drawn by chance.")
    unseen: float = strawberry.field(
        description="Share of the undecided in bands of which no such row is decided."
    )

    @classmethod
    def of(cls, found: prevalence.Prevalence) -> Prevalence:
        """From an estimate."""
        names = ("share", "low", "high", "judged", "drawn", "unseen")
        return cls(**{name: getattr(found, name) for name in names})
