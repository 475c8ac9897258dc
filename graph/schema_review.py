"""Node kinds of what people say: labels, and the lists of what to judge."""

from __future__ import annotations

from graph.schema_parts import Node
from graph.schema_parts import properties as _properties

REVIEW_NODES: tuple[Node, ...] = (
    Node(
        "Label",
        "What somebody said of an account, a cluster or a stock-day; never changed.",
        "lb-hash of subject, tier, source and known_at",
        _properties(
            "kind | string | account, cluster or stock-day",
            "subject | string | platform:id, the lineage of the cluster, or TICKER:YYYY-MM-DD",
            "verdict | string | promotion, harmless or unclear",
            "tier | string | gold, silver, bronze or synthetic (docs/labels.md)",
            "confidence | float | above 0, at most 1",
            "provenance | string | who or what it comes from",
            "known_at | int | when this could be known, not when it happened",
            "recorded_at | int | when it was written, by the clock of the machine",
            "reason | string | in a sentence",
            "through | string | the lineage whose verdict it was drawn from",
        ),
        indexed=("subject", "known_at", "through"),
    ),
    Node(
        "ReviewQueue",
        "A list of clusters to judge, as it was drawn (docs/labels.md).",
        "q-hash of run, size, number and who was drawn",
        _properties(
            "run_id | string | the run whose clusters these are",
            "as_of | int | what that run could see",
            "drawn_at | int | by the clock of the machine",
            "number | int | 0 is the first list of this size from this run",
            "size | int | rows asked for",
            "unknown | int | clusters of the run that nobody had decided on: the frame",
            "known | int | those decided on before",
            "known_promotions | int | those of them that are promotions",
        ),
        indexed=("run_id", "drawn_at"),
    ),
    Node(
        "ReviewItem",
        "A row of such a list, and how likely chance was to take it.",
        "queue|place",
        _properties(
            "queue_id | string | the list",
            "place | int | 1 is judged first",
            "cluster_id | string | as the run found it",
            "subject | string | its lineage, which a verdict is about",
            "part | string | top, uncertain or random",
            "stratum | string | the band of its score when drawn",
            "probability | float | by the model when drawn; none where it was not scored",
            "score | int | when drawn",
            "propensity | float | of being taken by chance; none but in the random part",
            "says | string | why it is here",
        ),
        indexed=("queue_id", "subject"),
    ),
)
