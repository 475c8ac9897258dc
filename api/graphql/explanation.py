"""What each piece of a cluster's evidence is worth, for readers. Computed when asked."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, TypeAlias

import strawberry

from api.graphql.loaders import Context
from api.graphql.pages import bounded
from api.graphql.values import resolved
from gnn import removal
from gnn.removal.factors import TopFactor
from gnn.removal.told import Item

if TYPE_CHECKING:
    from api.graphql.types import Post

Info: TypeAlias = strawberry.Info[Context, None]


@strawberry.type(description="A measure that moved the score.")
class RankedFactor:
    name: str = strawberry.field(description="The feature.")
    group: str = strawberry.field(description="What it is about: coordination, attention, market …")
    text: str = strawberry.field(description="The sentence a person reads.")
    value: float = strawberry.field(description="What was measured.")
    peer_percentile: float | None = strawberry.field(
        description="Among the other clusters of the run, 0 to 100; none where there is no other."
    )
    peers: int = strawberry.field(description="The other clusters of the run.")
    effect: float = strawberry.field(description="Change in log odds against a typical cluster.")

    @classmethod
    def of(cls, found: TopFactor) -> RankedFactor:
        """From a factor of an explanation."""
        names = ("name", "group", "text", "value", "peer_percentile", "peers", "effect")
        return cls(**{name: getattr(found, name) for name in names})


@strawberry.type(description="A shared act of an evidence post.")
class SharedAct:
    trace: str = strawberry.field(description="Which kind of shared behaviour.")
    object: str = strawberry.field(description="What was shared: a ticker, a link, a text's key.")
    window: str = strawberry.field(description="The window that both fell into: 10m, 7d.")
    with_id: strawberry.ID = strawberry.field(description="The other post.")
    seconds: float = strawberry.field(description="How much later that one was.")


@strawberry.type(description="A piece of evidence, and what the score is without it.")
class Evidence:
    type: str = strawberry.field(description="post, object, trace or member.")
    name: str = strawberry.field(description="Which post, object, trace or member.")
    trace: str | None = strawberry.field(description="Of an object or a trace.")
    text: str = strawberry.field(description="The sentence a person reads.")
    entities: list[str] = strawberry.field(description="Accounts of members, and $TICKERs.")
    times: list[datetime] = strawberry.field(description="Of its first and its last post.")
    source_ids: list[strawberry.ID] = strawberry.field(description="The posts that go with it.")
    shared_acts: int = strawberry.field(description="Shared acts of these posts.")
    partners: int = strawberry.field(
        description="Of a post: members with whom it shares something."
    )
    delta_score_if_removed: int | None = strawberry.field(
        description="Change in points when just these posts go: scored again."
    )
    delta_log_odds_if_removed: float | None = strawberry.field(description="The same in log odds.")
    place: int | None = strawberry.field(description="From 1, of posts that were put in order.")
    score_without_first: int | None = strawberry.field(
        description="The score when this post and those placed before it are gone."
    )
    shared: list[SharedAct] = strawberry.field(description="Its shared acts, the closest three.")

    @classmethod
    def of(cls, found: Item) -> Evidence:
        """From an item of an explanation."""
        names = (
            "type",
            "name",
            "trace",
            "text",
            "shared_acts",
            "place",
            "score_without_first",
            "partners",
        )
        deltas = ("delta_score_if_removed", "delta_log_odds_if_removed")
        return cls(
            entities=list(found.entities),
            times=[datetime.fromisoformat(at) for at in found.times],
            source_ids=[strawberry.ID(post) for post in found.source_ids],
            shared=[SharedAct(**asdict(act)) for act in found.shared],
            **{name: getattr(found, name) for name in (*names, *deltas)},
        )

    @resolved("Its posts, earliest first; at most `first`.")
    async def posts(
        self, info: Info, first: int = 1
    ) -> list[Annotated[Post, strawberry.lazy("api.graphql.types")]]:
        from api.graphql.types import Post

        wanted = self.source_ids[: bounded(first)]
        rows = await info.context.one("read/posts_by_ids").load_many(wanted)
        return [Post.of(row) for row in rows if row]


@strawberry.type(description="The smallest set of posts found whose loss drops the band.")
class Counterfactual:
    source_ids: list[strawberry.ID] | None = strawberry.field(
        description="The posts: none of them can be left out. None where nothing drops the band."
    )
    score: int | None = strawberry.field(description="Without them.")
    band: str | None = strawberry.field(description="Without them.")
    text: str = strawberry.field(description="The sentence a person reads.")


@strawberry.type(description="Which program, model and run an explanation is of.")
class Version:
    name: str = strawberry.field(description="explanation, features, model or run.")
    version: str = strawberry.field(description="Its version or id.")


@strawberry.type(description="Why a cluster has its score; see docs/explanation.md.")
class Explanation:
    found: strawberry.Private[removal.Explanation]
    score: int = strawberry.field(description="1 to 100.")
    p: float = strawberry.field(description="Calibrated on planted markets, 0 to 1.")
    interval: list[float] | None = strawberry.field(description="Of p; none where none is given.")
    band: str = strawberry.field(description="low, watch, elevated, high or critical.")
    counterfactual: Counterfactual = strawberry.field(description="What would drop the band.")
    not_considered: list[str] = strawberry.field(description="What was left out.")
    caveats: list[str] = strawberry.field(description="What to bear in mind; show them.")
    versions: list[Version] = strawberry.field(description="What it was made with.")
    as_of: datetime = strawberry.field(description="Nothing known later was looked at.")

    @resolved("What moved the score, most first.")
    def top_factors(self) -> list[RankedFactor]:
        return [RankedFactor.of(factor) for factor in self.found.top_factors]

    @resolved("Posts, the most telling first.")
    def evidence(self, first: int = 10) -> list[Evidence]:
        return [Evidence.of(item) for item in self.found.evidence[: bounded(first)]]

    @resolved("Posts that share an object, show a trace or are by one member, most telling first.")
    def groups(self, first: int = 10) -> list[Evidence]:
        return [Evidence.of(item) for item in self.found.groups[: bounded(first)]]


async def explanation_of(context: Context, id: str) -> Explanation:
    """Computed in a thread, by the rules of api/explaining.py."""
    from api.explaining import explainer  # the models, which no other field needs

    found = await context.ask(lambda store: explainer(store).of(id))
    other = found.counterfactual
    return Explanation(
        found=found,
        score=found.score,
        p=found.p,
        interval=None if found.interval is None else list(found.interval),
        band=found.band,
        counterfactual=Counterfactual(
            source_ids=None
            if other.source_ids is None
            else [strawberry.ID(post) for post in other.source_ids],
            score=other.score,
            band=other.band,
            text=other.text,
        ),
        not_considered=list(found.not_considered),
        caveats=list(found.caveats),
        versions=[Version(name=n, version=v) for n, v in sorted(found.versions.items())],
        as_of=datetime.fromisoformat(found.as_of),
    )
