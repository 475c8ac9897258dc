"""What the news says of a price event, in a sentence, for the page and for the command line."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Row = Mapping[str, Any]


def news_sentence(row: Row) -> str | None:
    """How probable it is that news explains the event, and why; None where no news tells.

    `row` has the news_ columns of a PriceEvent.
    """
    probability = row["news_probability"]
    if probability is None:
        return None
    days = f"{_percent(row['news_base_rate'])} of its ordinary days"
    if not row["news_ratio"]:
        return f"No news of it was known before, as there is before {days}."
    return (
        f"News may explain it, with probability {probability:.2f}: some was known before, as it is "
        f"before {days}; so much of it before {_percent(row['news_p_value'])}."
    )


def order_sentence(row: Row) -> str | None:
    """What came first: "Posts first, then the price, then news."; None where only a price did."""
    came = list(row["sequence"] or [])
    if len(came) < 2:
        return None
    first, *rest = [_NAMED[name] for name in came]
    return f"{first[0].upper()}{first[1:]} first, then {', then '.join(rest)}."


_NAMED = {"posts": "posts", "news": "news", "price": "the price"}


def _percent(part: float) -> str:
    return f"{100 * part:.0f} %" if part >= 0.01 else "under 1 %"
