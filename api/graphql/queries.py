"""What can be asked."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any, TypeVar

import strawberry

from api.graphql.lists import AccountPage, Alert, AlertPage, ClusterPage, PostPage, StockPage
from api.graphql.pages import Cut, bounded, cut, decode
from api.graphql.review import Prevalence, ReviewQueue
from api.graphql.types import Account, Cluster, Info, Post, Stock, Tie
from api.graphql.values import FAR_AHEAD, LONG_AGO, AlertState, PageInfo, Row, Run, millis, resolved
from api.graphql.why_not import WhyNot, why_not
from api.review import SIZE, audit, review
from graph.errors import UsageError

T = TypeVar("T")
ABOVE_ANY_SCORE = 101
CANDIDATES = 2_000  # best matches of a text search that are put in order of time
First = Annotated[int, strawberry.argument(description="How many, 1 to 200.")]
After = Annotated[str | None, strawberry.argument(description="endCursor of the page before.")]


@strawberry.type(description="What was found, and the posts that prove it.")
class Query:
    @resolved("Clusters of the newest run, highest risk first.")
    async def clusters(
        self,
        info: Info,
        first: First = 20,
        after: After = None,
        min_score: int | None = None,
        ticker: str | None = None,
    ) -> ClusterPage:
        score, last = decode(after, (ABOVE_ANY_SCORE, ""))
        rows = await info.context.read(
            "read/clusters_page",
            min_score=min_score or 0,
            ticker=bare(ticker),
            after_score=score,
            after_id=last,
            limit=bounded(first) + 1,
        )
        page = cut(rows, first, lambda row: (row["score"] or 0, row["id"]))
        return ClusterPage(nodes=[Cluster.of(row) for row in page.rows], page_info=_info(page))

    @resolved("One cluster; none where the newest run does not find it.")
    async def cluster(self, info: Info, id: strawberry.ID) -> Cluster | None:
        return await _one(info, "read/clusters_by_ids", id, Cluster.of)

    @resolved("Accounts by id; search: letters that the handle holds.")
    async def accounts(
        self, info: Info, first: First = 20, after: After = None, search: str | None = None
    ) -> AccountPage:
        (last,) = decode(after, ("",))
        wanted = (search or "").strip().removeprefix("@").lower()
        name = "read/accounts_by_handle" if wanted else "read/accounts_page"
        filters = {"search": wanted} if wanted else {}
        rows = await info.context.read(name, after=last, limit=bounded(first) + 1, **filters)
        page = cut(rows, first, lambda row: (row["id"],))
        return AccountPage(nodes=[Account.of(row) for row in page.rows], page_info=_info(page))

    @resolved("One account.")
    async def account(self, info: Info, id: strawberry.ID) -> Account | None:
        return await _one(info, "read/accounts_by_ids", id, Account.of)

    @resolved("Posts, newest first, since ≤ at < until; search: words, all of them.")
    async def posts(
        self,
        info: Info,
        first: First = 20,
        after: After = None,
        ticker: str | None = None,
        account_id: strawberry.ID | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
        search: str | None = None,
    ) -> PostPage:
        end = millis(until) - 1 if until else FAR_AHEAD
        newest, last = decode(after, (end, ""))
        name, filters = _post_list(bare(ticker), account_id or "", search)
        rows = await info.context.read(
            name,
            since=millis(since) if since else LONG_AGO,
            until=min(newest, end),
            after_id=last if newest <= end else "",
            limit=bounded(first) + 1,
            **filters,
        )
        page = cut(rows, first, lambda row: (row["at"], row["id"]))
        return PostPage(nodes=[Post.of(row) for row in page.rows], page_info=_info(page))

    @resolved("One post; none where only its id is known.")
    async def post(self, info: Info, id: strawberry.ID) -> Post | None:
        return await _one(info, "read/posts_by_ids", id, Post.of)

    @resolved("Stocks, highest risk first, then the others by ticker.")
    async def stocks(self, info: Info, first: First = 20, after: After = None) -> StockPage:
        score, last = decode(after, (ABOVE_ANY_SCORE, ""))
        rows = await _stock_rows(info, score, last, bounded(first) + 1)
        page = cut(rows, first, lambda row: (row.get("score") or 0, row["id"]))
        return StockPage(nodes=[Stock.of(row) for row in page.rows], page_info=_info(page))

    @resolved("One stock, with or without $.")
    async def stock(self, info: Info, ticker: strawberry.ID) -> Stock | None:
        return await _one(info, "read/stocks_by_ids", bare(ticker), Stock.of)

    @resolved("Alerts, newest first and highest first among those.")
    async def alerts(
        self, info: Info, first: First = 20, after: After = None, state: AlertState | None = None
    ) -> AlertPage:
        at, score, last = decode(after, (FAR_AHEAD, ABOVE_ANY_SCORE, ""))
        rows = await info.context.read(
            "read/alerts_page",
            state=state.value if state else "",
            after_at=at,
            after_score=score,
            after_id=last,
            limit=bounded(first) + 1,
        )
        page = cut(rows, first, lambda row: (row["raised_at"], row["score"], row["id"]))
        return AlertPage(nodes=[Alert.of(row) for row in page.rows], page_info=_info(page))

    @resolved("The newest finished run; none before the first one.")
    async def run(self, info: Info) -> Run | None:
        row = await info.context.run()
        return Run.of(row) if row else None

    @resolved("The tie between two accounts, in either order, if there is one.")
    async def why(self, info: Info, left: strawberry.ID, right: strawberry.ID) -> Tie | None:
        newest = await info.context.run()
        rows = await info.context.read("explain/tie", left=left, right=right)
        return next((Tie.of(r) for r in rows if newest and r["run_id"] == newest["id"]), None)

    @resolved("Why two accounts are not tied, each by id or handle; none where they are.")
    async def why_not(self, info: Info, left: strawberry.ID, right: strawberry.ID) -> WhyNot | None:
        return await why_not(info.context, left, right)

    @resolved(
        "The list of clusters to judge next, of the newest run, as was known at asOf (now): the "
        "one that stands, or the one that drawReviewQueue would keep."
    )
    async def review_queue(
        self, info: Info, size: int = SIZE, as_of: datetime | None = None
    ) -> ReviewQueue:
        at = millis(as_of) if as_of else None
        return ReviewQueue.of(await info.context.ask(lambda store: review(store, size, at)))

    @resolved("How many clusters are promotions; none until a row drawn by chance is judged.")
    async def prevalence(self, info: Info, as_of: datetime | None = None) -> Prevalence | None:
        at = millis(as_of) if as_of else None
        found = await info.context.ask(lambda store: audit(store, at))
        return Prevalence.of(found) if found else None


def bare(ticker: str | None) -> str:
    """A ticker as the graph has it: upper case, without $; '' for none."""
    return (ticker or "").strip().removeprefix("$").upper()


def words_to_find(search: str) -> str:
    """The words of a text search, each required. Raises UsageError where there is none."""
    words = re.findall(r"\w+", search.lower())
    if not words:
        raise UsageError(f"search is {search[:40]!r}; give at least one word")
    return " ".join(f"+{word}" for word in words)


async def _one(info: Info, name: str, key: str, of: Callable[[Row], T]) -> T | None:
    row = await info.context.one(name).load(key)
    return of(row) if row else None


def _info(page: Cut) -> PageInfo:
    return PageInfo(end_cursor=page.end, has_next_page=page.more)


def _post_list(ticker: str, account_id: str, search: str | None) -> tuple[str, dict[str, Any]]:
    """The statement for what is asked, which starts from the narrowest filter."""
    both: dict[str, Any] = {"ticker": ticker, "account_id": account_id}
    if search is not None:
        found = {"search": words_to_find(search), "candidates": CANDIDATES}
        return "read/posts_page_by_text", both | found
    if ticker:
        return "read/posts_page_of_stock", both
    if account_id:
        return "read/posts_page_of_account", {"account_id": account_id}
    return "read/posts_page", {}


async def _stock_rows(info: Info, score: int, last: str, limit: int) -> list[Row]:
    """Scored stocks, then, under score 0, those that the run did not score."""
    scored: list[Row] = []
    if score > 0:
        scored = await info.context.read(
            "read/risky_stocks_page", after_score=score, after_id=last, limit=limit
        )
    if len(scored) == limit:
        return scored
    start = "" if score > 0 else last
    return scored + await info.context.read(
        "read/stocks_page", after=start, limit=limit - len(scored)
    )
