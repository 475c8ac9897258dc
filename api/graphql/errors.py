"""What a client is told when something goes wrong: a sentence, and a code to act on.

BAD_USER_INPUT      the question is wrong: the sentence says what is allowed
NOT_FOUND           there is nothing of that id
STORE_UNAVAILABLE   the graph store does not answer: try later, or see the sentence
INTERNAL            our fault: the sentence is withheld, the log has it
"""

from __future__ import annotations

import logging

from graphql import GraphQLError

from graph.errors import SourceUnavailable, StoreUnavailable, UsageError

LOG = logging.getLogger("sentinelmarket.graphql")
SHOWN = 200  # characters of a refused document that reach the log
INTERNAL = "Something went wrong on the server; its log has the details."


class NotFound(UsageError):
    """There is nothing of that id."""


def spoken(error: GraphQLError) -> GraphQLError:
    """The error as a client sees it: with `extensions.code`, unexpected ones masked and logged."""
    code = code_of(error)
    message = error.message
    if code == "INTERNAL":
        LOG.error("at %s: %r", error.path, error.original_error, exc_info=error.original_error)
        message = INTERNAL
    return GraphQLError(
        message,
        nodes=error.nodes,
        source=error.source,
        positions=error.positions,
        path=error.path,
        extensions={**(error.extensions or {}), "code": code},
    )


def code_of(error: GraphQLError) -> str:
    """Which of the codes above an error has. An error of the document itself has no cause."""
    match error.original_error:
        case NotFound():
            return "NOT_FOUND"
        case None | UsageError():
            return "BAD_USER_INPUT"
        case StoreUnavailable() | SourceUnavailable():
            return "STORE_UNAVAILABLE"
        case GraphQLError() as cause if cause.original_error is not None:
            return code_of(cause)
        case GraphQLError():
            return "BAD_USER_INPUT"
        case _:
            return "INTERNAL"


def log_refusal(document: str | None, errors: list[GraphQLError]) -> None:
    """One short line for a refused document: whole ones would flood the log and hold what people
    searched for."""
    for error in errors:
        if error.original_error is None:
            LOG.info("refused: %s (%s…)", error.message[:SHOWN], (document or "")[:SHOWN])
