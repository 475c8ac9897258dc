"""Posts and acts for detection tests: a test says only what it is about."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from graph.detection.observed import Observed, from_values
from graph.detection.traces.trace import ACTS
from graph.model import Account, Post

MINUTE = 60_000
LATER = 10**12


def post(who: str, text: str, minute: float, tickers: Sequence[str] = (), **more: object) -> Post:
    """A post of `who`, known when posted; its id tells all three apart."""
    at = int(minute * MINUTE)
    return Post(
        id=f"x:{who}-{at}-{abs(hash(text)) % 9973}",
        account_id=f"x:{who}",
        at=at,
        known_at=at,
        text=text,
        platform="x",
        tickers=tuple(tickers),
        **more,  # type: ignore[arg-type]
    )


def observed(posts: Sequence[Post], as_of: int = LATER) -> Observed:
    """Frames of these posts; every author has a bare profile."""
    people = sorted({p.account_id for p in posts})
    return from_values(posts, [Account(id, "x", 0, handle=id[2:]) for id in people], as_of)


def acts(rows: Sequence[tuple[str, str, int]]) -> pl.DataFrame:
    """Acts from (account, object, time) rows."""
    full = [(f"p{i}", who, at, what, "", "") for i, (who, what, at) in enumerate(rows)]
    return pl.DataFrame(full, schema=ACTS, orient="row")
