"""How sure a tie is: what each trace says by itself, and p-values that answer other questions."""

from __future__ import annotations

import strawberry

from api.graphql.values import Row

PARTS = ("trace", "window", "co_actions", "expected", "p")


@strawberry.type(description="What one trace in one window says of a pair by itself.")
class TiePart:
    trace: str = strawberry.field(description="What both did.")
    window: str = strawberry.field(description="How close in time, as 10m or 7d.")
    co_actions: int = strawberry.field(description="Shared acts in it.")
    expected: float = strawberry.field(description="Shared acts that chance would give.")
    p_value: float = strawberry.field(description="Chance of as many, before parts are combined.")


@strawberry.type(description="How sure a tie is.")
class Significance:
    by_value: float = strawberry.field(
        description="As qValue, by Benjamini and Yekutieli: it holds whatever the dependence."
    )
    anytime_p: float = strawberry.field(
        description="A p-value that holds however often it is looked at."
    )
    synchrony_p: float = strawberry.field(
        description="Chance of times so close together, given what both shared."
    )
    parts: list[TiePart] = strawberry.field(description="By trace and window.")

    @classmethod
    def of(cls, row: Row) -> Significance:
        """From a tie's columns, which hold the parts as lists of equal length."""
        columns = [row[f"part_{name}"] for name in PARTS]
        return cls(
            by_value=row["by_value"],
            anytime_p=row["anytime_p"],
            synchrony_p=row["synchrony_p"],
            parts=[
                TiePart(trace=trace, window=window, co_actions=met, expected=expected, p_value=p)
                for trace, window, met, expected, p in zip(*columns, strict=True)
            ],
        )
