"""Types with relations. What is a column is a plain attribute; what needs a read is a loader's."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import TypeAlias

import strawberry
from strawberry import Private

from api.graphql.drawing import MEMBERS, TIES, drawing
from api.graphql.explanation import Explanation, explanation_of
from api.graphql.language import Language, Worded, language_of
from api.graphql.lineage import Lineage, lineage_of
from api.graphql.loaders import Context
from api.graphql.market import AlignedEvent, News, PriceEvent, StockNews
from api.graphql.pages import bounded
from api.graphql.significance import Significance
from api.graphql.values import (
    Bar,
    DayCount,
    Graph,
    Risk,
    Row,
    cluster_name,
    moment,
    moment_or_none,
    resolved,
    span,
)
from api.graphql.voices import Voiced

Info: TypeAlias = strawberry.Info[Context, None]

EVENTS, DAYS = 500, 5_000  # the most a list without `first` holds


@strawberry.type(description="Who posts.")
class Account:
    id: strawberry.ID = strawberry.field(description="platform:id")
    platform: str = strawberry.field(description="x, reddit, telegram …")
    handle: str | None = strawberry.field(description="The name shown, without @.")
    created_at: datetime | None = strawberry.field(description="When the account was made.")
    followers: int | None = strawberry.field(description="When last seen.")
    following: int | None = strawberry.field(description="When last seen.")
    posts_count: int | None = strawberry.field(description="Posts ever, as the platform says.")
    verified: bool | None = strawberry.field(description="As the platform says.")

    @classmethod
    def of(cls, row: Row) -> Account:
        """From an account's columns."""
        rest = {name: row[name] for name in ("followers", "following", "posts_count", "verified")}
        return cls(
            id=strawberry.ID(row["id"]),
            platform=row["platform"] or row["id"].partition(":")[0],
            handle=row["handle"],
            created_at=moment_or_none(row["created_at"]),
            **rest,
        )

    @resolved("Clusters of the newest run that it belongs to, riskiest first.")
    async def clusters(self, info: Info) -> list[Cluster]:
        return await _clusters_of(info.context, "read/clusters_of_accounts", self.id)

    @resolved("What it posted, newest first.")
    async def posts(self, info: Info, first: int = 20) -> list[Post]:
        loader = info.context.many("read/posts_of_accounts", most=bounded(first))
        return [Post.of(row) for row in await loader.load(self.id)]

    @resolved(f"Whom it is tied to, heaviest first; at most {MEMBERS}.")
    async def ties(self, info: Info) -> list[Tie]:
        loader = info.context.many("read/ties_of_accounts", most=MEMBERS)
        return [Tie.of(row) for row in await loader.load(self.id)]


@strawberry.type(description="One post, as its platform gave it.")
class Post(Worded):
    account_id: Private[str]
    id: strawberry.ID = strawberry.field(description="platform:id")
    at: datetime = strawberry.field(description="When it was posted.")
    text: str = strawberry.field(description="As posted.")
    lang: str | None = strawberry.field(description="As the platform says.")
    client: str | None = strawberry.field(description="The program it was posted with.")
    hashtags: list[str] = strawberry.field(description="Lower case, without #.")

    @classmethod
    def of(cls, row: Row) -> Post:
        """From a post's columns."""
        return cls(
            account_id=row["account_id"],
            id=strawberry.ID(row["id"]),
            at=moment(row["at"]),
            text=row["text"] or "",
            lang=row["lang"],
            client=row["client"],
            hashtags=row["hashtags"] or [],
        )

    @resolved("Who wrote it.")
    async def account(self, info: Info) -> Account:
        return await account_of(info.context, self.account_id)

    @resolved("Tickers it names.")
    async def stocks(self, info: Info) -> list[str]:
        return await _values_of(info.context, "read/stocks_of_posts", self.id)

    @resolved("Addresses it points to, normalised.")
    async def links(self, info: Info) -> list[str]:
        return await _values_of(info.context, "read/links_of_posts", self.id)

    @resolved("The post it repeats.")
    async def repost_of(self, info: Info) -> strawberry.ID | None:
        found = await _values_of(info.context, "read/reposts_of_posts", self.id)
        return strawberry.ID(found[0]) if found else None


@strawberry.type(description="Two posts of two accounts that did the same thing within a window.")
class CoAction:
    trace: str = strawberry.field(description="Which kind of shared behaviour.")
    object: str = strawberry.field(description="What was shared: a ticker, a link, a text's key.")
    window: str = strawberry.field(description="The window that both fell into: 10m, 7d.")
    seconds: float = strawberry.field(description="Right minus left.")
    left: Post = strawberry.field(description="Post of the tie's left account.")
    right: Post = strawberry.field(description="Post of its right account.")


@strawberry.type(description="The suspicion between two accounts, and what it rests on.")
class Tie:
    left_id: Private[str]
    right_id: Private[str]
    traces: list[str] = strawberry.field(description="What both did.")
    weight: float = strawberry.field(description="-log10 of pValue.")
    p_value: float = strawberry.field(description="Chance of as many shared acts.")
    q_value: float = strawberry.field(description="The same, over all pairs that were looked at.")
    co_actions: int = strawberry.field(description="Shared acts.")
    expected: float = strawberry.field(description="Shared acts that chance would give.")
    first_at: datetime = strawberry.field(description="First of them.")
    last_at: datetime = strawberry.field(description="Last of them.")

    @classmethod
    def of(cls, row: Row) -> Tie:
        """From a tie's columns."""
        names = ("traces", "weight", "p_value", "q_value", "co_actions", "expected")
        return cls(
            left_id=row["left"],
            right_id=row["right"],
            first_at=moment(row["first_at"]),
            last_at=moment(row["last_at"]),
            **{name: row[name] for name in names},
        )

    @resolved("The account with the smaller id.")
    async def left(self, info: Info) -> Account:
        return await account_of(info.context, self.left_id)

    @resolved("The account with the larger id.")
    async def right(self, info: Info) -> Account:
        return await account_of(info.context, self.right_id)

    @resolved("The shared acts, with both posts; at most 50 are kept.")
    async def evidence(self, info: Info, first: int = 20) -> list[CoAction]:
        row = await info.context.acts().load((self.left_id, self.right_id))
        return await _co_actions(info.context, row, bounded(first)) if row else []

    @resolved("What each trace says by itself, and p-values that answer other questions.")
    async def significance(self, info: Info) -> Significance | None:
        row = await info.context.acts().load((self.left_id, self.right_id))
        return Significance.of(row) if row and row["by_value"] is not None else None


@strawberry.type(description="An account's part in a cluster.")
class Member:
    account_id: Private[str]
    role: str = strawberry.field(description="leader, amplifier or source.")
    strength: float = strawberry.field(
        description="How much speaks for it, whatever its activity: -log10 of Simes' p of its ties"
        " inside, over all accounts it could be tied to."
    )

    @classmethod
    def of(cls, row: Row) -> Member:
        """From a membership's columns."""
        return cls(account_id=row["account_id"], role=row["role"], strength=row["strength"])

    @resolved("Who.")
    async def account(self, info: Info) -> Account:
        return await account_of(info.context, self.account_id)


@strawberry.type(description="A stock that a cluster's evidence posts name.")
class Promotion:
    ticker: Private[str]
    posts: int = strawberry.field(description="Evidence posts that name it.")
    share: float = strawberry.field(description="Of the cluster's evidence posts, 0 to 1.")
    first_at: datetime = strawberry.field(description="First of them.")
    last_at: datetime = strawberry.field(description="Last of them.")

    @resolved("Which stock.")
    async def stock(self, info: Info) -> Stock:
        row = await info.context.one("read/stocks_by_ids").load(self.ticker)
        return Stock.of(row or {"id": self.ticker, "name": None})


@strawberry.type(description="Accounts tied or speaking alike, found by the newest run.")
class Cluster(Voiced):
    id: strawberry.ID = strawberry.field(description="Stays while its members stay the same.")
    name: str = strawberry.field(description="12 accounts on $ACME")
    size: int = strawberry.field(description="Accounts.")
    density: float = strawberry.field(description="Ties over possible ties, 0 to 1.")
    weight: float = strawberry.field(description="Sum of its ties' weights.")
    traces: list[str] = strawberry.field(description="What its accounts share.")
    tickers: list[str] = strawberry.field(description="Stocks it names, most named first.")
    first_at: datetime = strawberry.field(description="First evidence post.")
    last_at: datetime = strawberry.field(description="Last evidence post.")
    post_count: int = strawberry.field(description="Evidence posts.")
    benign: str | None = strawberry.field(
        description="Why it looks like ordinary life, where it does."
    )
    coordination: float | None = strawberry.field(
        description="Acting together beyond chance, over what was possible: 0 to 1."
    )

    @classmethod
    def of(cls, row: Row) -> Cluster:
        """From a cluster's columns."""
        tickers = row["tickers"] or []
        return cls(
            row=row,
            id=strawberry.ID(row["id"]),
            name=cluster_name(row["size"], tickers),
            tickers=tickers,
            first_at=moment(row["first_at"]),
            last_at=moment(row["last_at"]),
            post_count=row["posts"],
            coordination=row["coordination"],
            **{name: row[name] for name in ("size", "density", "weight", "traces", "benign")},
        )

    @resolved("How likely this is a promotion, and what says so.")
    def risk(self) -> Risk:
        return Risk.of(self.row)

    @resolved("What became of it over runs; none where the run is of an older program.")
    async def lineage(self, info: Info) -> Lineage | None:
        return await lineage_of(info.context, self.row["lineage_id"])

    @resolved(f"Its accounts, strongest first; at most {MEMBERS}.")
    async def members(self, info: Info) -> list[Member]:
        rows = await info.context.many("read/members_of_clusters", most=MEMBERS).load(self.id)
        return [Member.of(row) for row in rows]

    @resolved(f"Ties between its accounts, heaviest first; at most {TIES:,}.")
    async def ties(self, info: Info) -> list[Tie]:
        rows = await info.context.many("read/ties_of_clusters", most=TIES).load(self.id)
        return [Tie.of(row) for row in rows]

    @resolved("Posts that show it, earliest first.")
    async def evidence(self, info: Info, first: int = 50) -> list[Post]:
        loader = info.context.many("read/evidence_of_clusters", most=bounded(first))
        return [Post.of(row) for row in await loader.load(self.id)]

    @resolved("How its evidence posts read.")
    async def language(self, info: Info) -> Language:
        return await language_of(info.context, self.id)

    @resolved("Stocks that its evidence posts name, most named first.")
    async def promotions(self, info: Info) -> list[Promotion]:
        rows = await info.context.many("read/promotions_of_clusters").load(self.id)
        return [_promotion(row) for row in rows]

    @resolved("Price events of promoted stocks near its posts.")
    async def price_events(self, info: Info) -> list[AlignedEvent]:
        rows = await info.context.many("read/price_events_of_clusters").load(self.id)
        near = ("lead_minutes", "lag_minutes")
        return [AlignedEvent(event=PriceEvent.of(r), **{n: r[n] for n in near}) for r in rows]

    @resolved("What each piece of its evidence is worth; computed when asked, in seconds.")
    async def explanation(self, info: Info) -> Explanation:
        return await explanation_of(info.context, self.id)

    @resolved("A drawing of it: accounts by strength, stocks on the rim.")
    async def graph(self, info: Info) -> Graph:
        return await drawing(info.context, self.id)


@strawberry.type(description="A stock that was named or priced.")
class Stock:
    priced: Private[str]
    ticker: strawberry.ID = strawberry.field(description="Its ticker, without $.")
    name: str | None = strawberry.field(description="The company, where known.")

    @classmethod
    def of(cls, row: Row) -> Stock:
        """From a stock's columns."""
        priced = row.get("priced_as") or row["id"]
        return cls(priced=priced, ticker=strawberry.ID(row["id"]), name=row["name"])

    @resolved("What posts call it, where that is not this ticker, under which its prices stand.")
    async def called(self, info: Info) -> list[str]:
        return await _values_of(info.context, "read/calls_of_stocks", self.ticker)

    @resolved("The ticker of its prices and events: another than its own where posts call it so.")
    def priced_as(self) -> str:
        return self.priced

    @resolved("Its risk because of who promotes it; none where nobody does.")
    async def risk(self, info: Info) -> Risk | None:
        rows = await info.context.many("read/risks_of_stocks").load(self.ticker)
        return Risk.of(rows[0]) if rows else None

    @resolved("Clusters of the newest run that name it, riskiest first.")
    async def clusters(self, info: Info) -> list[Cluster]:
        return await _clusters_of(info.context, "read/clusters_of_stocks", self.ticker)

    @resolved(f"What was unusual about it, newest first; at most {EVENTS}.")
    async def price_events(self, info: Info) -> list[PriceEvent]:
        loader = info.context.many("read/price_events_of_stocks", most=EVENTS)
        return [PriceEvent.of(row) for row in await loader.load(self.ticker)]

    @resolved("News that names it, newest first, since ≤ at < until.")
    async def news(
        self,
        info: Info,
        first: int = 50,
        since: datetime | None = None,
        until: datetime | None = None,
    ) -> list[StockNews]:
        start, end = span(since, until)
        loader = info.context.many(
            "read/news_of_stocks", since=start, until=end, most=bounded(first)
        )
        rows = await loader.load(self.ticker)
        return [StockNews(news=News.of(row), how=row["how"]) for row in rows]

    @resolved(f"Daily bars, since ≤ at < until; the newest {DAYS:,}.")
    async def bars(
        self, info: Info, since: datetime | None = None, until: datetime | None = None
    ) -> list[Bar]:
        rows = await info.context.bars(*span(since, until)).load(self.priced)
        return [Bar.of(row) for row in rows[-DAYS:]]

    @resolved(f"Posts and accounts that name it, a day; the newest {DAYS:,}.")
    async def posts_per_day(
        self, info: Info, since: datetime | None = None, until: datetime | None = None
    ) -> list[DayCount]:
        start, end = span(since, until)
        rows = await info.context.many("read/posts_per_day", since=start, until=end).load(
            self.ticker
        )
        return [DayCount.of(row) for row in rows[-DAYS:]]


async def account_of(context: Context, account_id: str) -> Account:
    """The account; one that is known by id only has nothing but that."""
    row = await context.one("read/accounts_by_ids").load(account_id)
    return Account.of(row) if row else _stub(account_id)


def _stub(account_id: str) -> Account:
    names = ("handle", "created_at", "followers", "following", "posts_count", "verified")
    return Account.of({"id": account_id, "platform": None, **dict.fromkeys(names)})


async def _clusters_of(context: Context, name: str, owner: str) -> list[Cluster]:
    ids = await _values_of(context, name, owner)
    rows = await context.one("read/clusters_by_ids").load_many(ids)
    return [Cluster.of(row) for row in rows if row]


async def _values_of(context: Context, name: str, owner: str) -> list[str]:
    return [row["value"] for row in await context.many(name).load(owner)]


async def _co_actions(context: Context, row: Row, first: int) -> list[CoAction]:
    """Both posts of each act; an act whose post was forgotten since is left out."""
    posts = context.one("read/posts_by_ids")
    lefts, rights = await asyncio.gather(
        posts.load_many(row["evidence_left"][:first]),
        posts.load_many(row["evidence_right"][:first]),
    )
    names = ("trace", "object", "window", "seconds")
    kinds = zip(*(row[f"evidence_{name}"] for name in names), strict=True)
    return [
        CoAction(**dict(zip(names, kind, strict=True)), left=Post.of(left), right=Post.of(right))
        for kind, left, right in zip(kinds, lefts, rights, strict=False)
        if left and right
    ]


def _promotion(row: Row) -> Promotion:
    return Promotion(
        ticker=row["ticker"],
        posts=row["posts"],
        share=row["share"],
        first_at=moment(row["first_at"]),
        last_at=moment(row["last_at"]),
    )
