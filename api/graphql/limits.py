"""How large a document may be. Built once: rules made anew for each request would defeat the
validation cache."""

from __future__ import annotations

from strawberry.extensions import (
    AddValidationRules,
    MaxAliasesLimiter,
    MaxTokensLimiter,
    ParserCache,
    QueryDepthLimiter,
    SchemaExtension,
    ValidationCache,
)

DEPTH = 10
TOKENS = 2_000
ALIASES = 15
DOCUMENTS_KEPT = 256

RULES = [
    *QueryDepthLimiter(DEPTH).validation_rules,
    *MaxAliasesLimiter(ALIASES).validation_rules,
]


class Limits(AddValidationRules):
    """Depth and aliases."""

    def __init__(self) -> None:
        super().__init__(list(RULES))


class Tokens(MaxTokensLimiter):
    """Length."""

    def __init__(self) -> None:
        super().__init__(TOKENS)


class Parsed(ParserCache):
    """Parsed documents are kept."""

    def __init__(self) -> None:
        super().__init__(maxsize=DOCUMENTS_KEPT)


class Valid(ValidationCache):
    """And so is what validation said of them."""

    def __init__(self) -> None:
        super().__init__(maxsize=DOCUMENTS_KEPT)


EXTENSIONS: list[type[SchemaExtension]] = [Tokens, Limits, Parsed, Valid]
