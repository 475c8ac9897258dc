"""The schema as a whole. `python -m api.graphql.schema` prints what api/schema.graphql keeps."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import strawberry
from graphql import GraphQLError
from strawberry.types import ExecutionContext

from api.graphql.errors import log_refusal, spoken
from api.graphql.limits import EXTENSIONS
from api.graphql.loaders import BarSource, Context, clock
from api.graphql.mutations import Mutation
from api.graphql.queries import Query
from api.texts import TextReads
from graph.model import Millis
from graph.store import GraphStore


class Schema(strawberry.Schema):
    """Strawberry's, with errors as api.graphql.errors words them, and a log without documents."""

    async def execute(self, *args: Any, **kwargs: Any) -> Any:
        """An answer whose errors have codes, those of a document that is not GraphQL among them."""
        answer = await super().execute(*args, **kwargs)
        if answer.errors:
            answer.errors = [spoken(error) for error in answer.errors]
        return answer

    def process_errors(
        self, errors: list[GraphQLError], execution_context: ExecutionContext | None = None
    ) -> None:
        """Unexpected errors are logged where they are masked; refusals in one short line."""
        log_refusal(execution_context.query if execution_context else None, errors)


def build_schema() -> Schema:
    """The schema with its limits. Build it once: its caches live in it."""
    return Schema(query=Query, mutation=Mutation, extensions=EXTENSIONS)


def context(
    store: GraphStore,
    bars: BarSource,
    now: Callable[[], Millis] = clock,
    reads: TextReads | None = None,
) -> Context:
    """What one request's resolvers share; make one for each request."""
    return Context(store, bars, now, reads)


def sdl() -> str:
    """The schema in GraphQL's own language, ending in a line break."""
    return build_schema().as_str().rstrip() + "\n"


if __name__ == "__main__":
    print(sdl(), end="")
