"""Node and edge kinds, declared once. Constraints, indexes and the docs table come out of this.

Every kind has a string key `id`. Times are integers (epoch milliseconds): a range index on an
integer is used for order and range on both stores, one on a datetime is not.
"""

from __future__ import annotations

from dataclasses import dataclass

VERSION = 3
VECTOR_SIZE = 384


@dataclass(frozen=True, slots=True)
class Property:
    """A property of a node or edge: its name, its type, what it means."""

    name: str
    type: str  # string, int, float, bool, list<string>, list<int>, list<float>, vector
    says: str


@dataclass(frozen=True, slots=True)
class Node:
    """A node kind; `id` is its unique key and is not repeated in `properties`."""

    label: str
    says: str
    key: str  # what the id looks like
    properties: tuple[Property, ...]
    indexed: tuple[str, ...] = ()
    fulltext: tuple[str, ...] = ()
    vector: str | None = None


@dataclass(frozen=True, slots=True)
class Edge:
    """An edge kind from one label to another."""

    type: str
    start: str
    end: str
    says: str
    properties: tuple[Property, ...] = ()


def _properties(*rows: str) -> tuple[Property, ...]:
    return tuple(Property(*(part.strip() for part in row.split("|"))) for row in rows)


NODES: tuple[Node, ...] = (
    Node(
        "Account",
        "Who posts.",
        "platform:id",
        _properties(
            "platform | string | x, reddit, telegram …",
            "handle | string | the name shown, without @",
            "created_at | int | when the account was made",
            "known_at | int | when this profile was seen (the latest one is kept)",
            "followers | int | as seen at known_at",
            "following | int | as seen at known_at",
            "posts_count | int | posts ever, as the platform says",
            "verified | bool | as the platform says",
        ),
        indexed=("handle",),
    ),
    Node(
        "Post",
        "What was posted; also an original known only from inside a repost.",
        "platform:id",
        _properties(
            "account_id | string | its author",
            "platform | string | where",
            "at | int | when it was posted",
            "known_at | int | when we could first have known it (the earliest is kept)",
            "text | string | as posted",
            "text_id | string | key of its normalised text, the same for copies",
            "lang | string | as the platform says",
            "client | string | the program it was posted with",
            "hashtags | list<string> | lower case, without #",
        ),
        indexed=("at", "known_at", "text_id", "account_id"),
        fulltext=("text",),
    ),
    Node(
        "Stock",
        "A ticker that was named or priced.",
        "the ticker",
        _properties(
            "name | string | the company, where known",
            "priced_as | string | the ticker of its prices, where posts call it otherwise",
        ),
        indexed=("priced_as",),
    ),
    Node(
        "Link",
        "A normalised address that posts point to.",
        "the normalised URL",
        _properties("domain | string | its host"),
        indexed=("domain",),
    ),
    Node(
        "Text",
        "A distinct text that was embedded, once.",
        "key of the normalised text",
        _properties(
            "model | string | which model made the vector",
            "embedding | vector | unit length",
        ),
        vector="embedding",
    ),
    Node(
        "PriceEvent",
        "A stock's day, hour or minute that its own past does not explain.",
        "TICKER:YYYY-MM-DD:kind, with THH:MM behind the date of an hour or minute",
        _properties(
            "ticker | string | which stock",
            "at | int | the session's day, 00:00 UTC, or when the hour or minute began",
            "known_at | int | when the session, hour or minute was over and its bar known",
            "kind | string | abnormal_return, volume_spike … (ingest/market/detectors/README.md)",
            "z | float | size, in standard deviations of its own past",
            "p_value | float | two-sided for returns, upper tail for volume; it ranks",
            "abnormal_return | float | return the market does not explain",
            "volume_z | float | robust z of log volume",
            "explanation | string | the sentence a person reads",
            "severity | string | notable, strong from a z of 5, extreme from 8",
            "window | string | what the detector looked at",
            "bars_used | int | earlier bars, or days of posts, that it rests on",
            "begins_at | int | when the session opened, or the hour or minute began",
            "circuit | string | the exchange's limit at which the day closed: upper 5 %",
            "halted | int | sessions without a trade just before",
            "split_ratio | float | of a split nobody told of that would explain the jump",
            "news_probability | float | that news explains it; none where no news was gathered",
            "news_base_rate | float | part of the stock's ordinary days with news before them",
            "news_ratio | float | likelihood of what was seen: explained by news over not",
            "news_p_value | float | how often an ordinary day has as much news before it",
            "posts_at | int | when posts about the stock stood out",
            "news_at | int | when the first news around it was known",
            "sequence | list<string> | of posts, news and price, what came first",
        ),
        indexed=("at", "ticker"),
    ),
    Node(
        "News",
        "An article or a filing, as its source gave it, without who wrote it.",
        "news:hash of its address",
        _properties(
            "at | int | when it was published",
            "known_at | int | when these words could be read (the earliest is kept)",
            "kind | string | filing where an exchange or regulator published it, else news",
            "title | string | without HTML",
            "summary | string | without HTML",
            "url | string | its address, normalised",
            "source | string | the publisher, as it calls itself",
        ),
        indexed=("known_at",),
    ),
    Node(
        "Cluster",
        "Accounts tied together, found by a run.",
        "c-hash of its members",
        _properties(
            "run_id | string | the run that found it",
            "as_of | int | what that run could see",
            "size | int | accounts",
            "posts | int | evidence posts",
            "density | float | ties over possible ties",
            "weight | float | sum of tie weights",
            "traces | list<string> | what its accounts share",
            "tickers | list<string> | stocks it names, most named first",
            "first_at | int | first evidence post",
            "last_at | int | last evidence post",
            "score | int | risk, 1 to 100",
            "probability | float | of being a promotion, calibrated on planted markets",
            "band | string | low, watch, elevated, high, critical",
            "model | string | which model scored it",
            "factors | string | JSON: what moved the score",
            "benign | string | why it looks like ordinary life, where it does",
            "coordination | float | 0 to 1: acting together beyond chance, see docs/clusters.md",
            "lineage_id | string | the lineage it goes on with",
        ),
        indexed=("run_id", "score", "lineage_id"),
    ),
    Node(
        "Lineage",
        "A cluster followed over runs, as it was last seen (graph/detection/lineage.py).",
        "l-hash of its first members",
        _properties(
            "born_at | int | the as_of of the run that saw it first",
            "run_id | string | the run that changed it last",
            "cluster_id | string | the cluster it was last seen as",
            "alive | bool | the newest run has a cluster that goes on with it",
            "members | list<string> | accounts when last seen",
            "tickers | list<string> | stocks it was about so far, oldest first",
            "named | list<string> | stocks that its evidence posts name",
            "named_posts | list<int> | how many do, same order",
            "earlier_cluster_id | string | the same before run_id changed it; none where it began",
            "earlier_alive | bool | then",
            "earlier_members | list<string> | then",
            "earlier_tickers | list<string> | then",
            "earlier_named | list<string> | then",
            "earlier_named_posts | list<int> | then",
        ),
        indexed=("cluster_id",),
    ),
    Node(
        "LineageEvent",
        "What happened to a lineage in a run; to go on unchanged is no event.",
        "run_id|lineage|kind|other",
        _properties(
            "run_id | string | the run",
            "at | int | the as_of of that run",
            "recorded_at | int | when that run finished, by the clock of the machine",
            "kind | string | birth, growth, merge … (graph/detection/lineage.py)",
            "lineage_id | string | whose",
            "cluster_id | string | the cluster it concerns",
            "other | string | the other lineage of a merge or split, the stock of a reuse",
            "size | int | accounts after it",
            "joined | int | accounts that were not there before",
            "gone | int | accounts that are not there any more",
            "says | string | the sentence a person reads",
        ),
        indexed=("lineage_id", "other", "at"),
    ),
    Node(
        "Alert",
        "A lineage whose risk passed the line; kept over runs with what an analyst made of it.",
        "a-hash of its lineage",
        _properties(
            "lineage_id | string | the lineage it is about",
            "cluster_id | string | the cluster that this lineage was last seen as",
            "run_id | string | the run that raised it",
            "found_by | string | the newest run that found its lineage",
            "title | string | one line, by that run",
            "score | int | risk by that run",
            "size | int | accounts by that run",
            "tickers | list<string> | stocks concerned, by that run",
            "raised_at | int | the as_of of the run that raised it",
            "state | string | open, acknowledged, dismissed, muted",
            "reason | string | of the last change",
            "history | list<string> | '<ms> <state or what a run saw> <reason>', oldest first",
            "noted_score | int | highest risk since an analyst last set the state",
            "noted_size | int | accounts when the history last said something of its size",
        ),
        indexed=("state", "raised_at", "cluster_id", "lineage_id"),
    ),
    Node(
        "Run",
        "One pass of detection and scoring; the newest one is what readers see.",
        "r-hash of data, settings and as_of",
        _properties(
            "as_of | int | what it could see",
            "finished_at | int | by the clock of the machine",
            "posts | int | posts it read",
            "ties | int | ties it kept",
            "clusters | int | clusters it found",
            "model | string | which model scored",
            "settings | string | JSON of what was set",
        ),
        indexed=("finished_at",),
    ),
    Node(
        "StockRisk",
        "The risk of a stock by one run.",
        "run_id|ticker",
        _properties(
            "run_id | string | the run",
            "ticker | string | the stock",
            "as_of | int | what it could see",
            "score | int | risk, 1 to 100",
            "probability | float | calibrated on planted markets",
            "band | string | low, watch, elevated, high, critical",
            "model | string | which model scored it",
            "factors | string | JSON: what moved the score",
        ),
        indexed=("run_id", "ticker"),
    ),
    Node(
        "SchemaVersion",
        "Which version of this page the graph follows.",
        "always 'graph'",
        _properties("version | int | see VERSION"),
    ),
)

EDGES: tuple[Edge, ...] = (
    Edge("POSTED", "Account", "Post", "It wrote this."),
    Edge("MENTIONS", "Post", "Stock", "It names this stock."),
    Edge("MENTIONS_ACCOUNT", "Post", "Account", "It names this account."),
    Edge("REPOSTS", "Post", "Post", "It repeats this post."),
    Edge("QUOTES", "Post", "Post", "It quotes this post."),
    Edge("REPLIES_TO", "Post", "Post", "It answers this post (which may be known by id only)."),
    Edge("LINKS_TO", "Post", "Link", "It points there."),
    Edge(
        "COORDINATES_WITH",
        "Account",
        "Account",
        "A tie of one run; from the smaller id to the larger.",
        _properties(
            "run_id | string | the run that made it",
            "traces | list<string> | what both did",
            "weight | float | -log10 of p_value",
            "p_value | float | chance of as many shared acts, see docs/significance.md",
            "q_value | float | Benjamini-Hochberg over all eligible pairs",
            "by_value | float | the same by Benjamini and Yekutieli, whatever the dependence",
            "anytime_p | float | holds however often it is looked at",
            "synchrony_p | float | chance of times so close, given what was shared",
            "co_actions | int | shared acts",
            "expected | float | shared acts chance would give",
            "first_at | int | first of them",
            "last_at | int | last of them",
            "evidence_left | list<string> | post of the first account, one an act",
            "evidence_right | list<string> | post of the second, same order",
            "evidence_trace | list<string> | the trace, same order",
            "evidence_object | list<string> | what was shared, same order",
            "evidence_window | list<string> | 10m, 7d …, same order",
            "evidence_seconds | list<float> | right minus left, same order",
            "part_trace | list<string> | a trace that was asked by itself, one a trace and window",
            "part_window | list<string> | its window, same order",
            "part_co_actions | list<int> | shared acts in it, same order",
            "part_expected | list<float> | that chance would give, same order",
            "part_p | list<float> | p before anything is combined, same order",
        ),
    ),
    Edge(
        "MEMBER_OF",
        "Account",
        "Cluster",
        "It belongs to this cluster.",
        _properties(
            "role | string | leader, amplifier or source",
            "strength | float | -log10 of Simes' p of its ties inside",
        ),
    ),
    Edge(
        "PROMOTES",
        "Cluster",
        "Stock",
        "Its evidence posts name this stock.",
        _properties(
            "posts | int | how many do",
            "share | float | of its evidence posts",
            "first_at | int | first of them",
            "last_at | int | last of them",
        ),
    ),
    Edge("EVIDENCED_BY", "Cluster", "Post", "A post that shows it."),
    Edge("PRICE_EVENT_OF", "PriceEvent", "Stock", "It happened to this stock."),
    Edge(
        "ALIGNED_WITH",
        "Cluster",
        "PriceEvent",
        "A price event of a promoted stock near its posts.",
        _properties(
            "lead_minutes | float | first post naming it before the event began, negative: after",
            "lag_minutes | float | last such post after the event began, negative: before",
        ),
    ),
    Edge(
        "ABOUT",
        "News",
        "Stock",
        "It names this stock.",
        _properties("how | string | cashtag, listing, name, word or symbol, the surest"),
    ),
    Edge(
        "PRECEDED_BY",
        "PriceEvent",
        "News",
        "News of the stock that was known when the event began.",
        _properties("minutes | float | how long before"),
    ),
    Edge("RAISED_FOR", "Alert", "Cluster", "What it is about."),
    Edge("HAPPENED_TO", "LineageEvent", "Lineage", "Whose event it is."),
)
