"""What is observed, read from a store in columns, a window of time at once."""

from __future__ import annotations

from collections.abc import Iterator, MutableMapping
from itertools import pairwise
from typing import Any, cast

import numpy as np
import polars as pl
import pyarrow as pa

from graph.detection.observed import ACCOUNTS, HASHTAGS, LINKED, MENTIONED, NAMED, POSTS, Observed
from graph.embedding import Floats
from graph.model import Millis
from graph.store import GraphStore, Progress

POSTS_A_WINDOW = 20_000  # a window's columns stay far below the store's limit of a million values
_PAGE = 20_000
_TEXTS_A_BATCH = 500
_READ: dict[str, dict[str, Any]] = {
    "posts": {**POSTS, "hashtags": pl.List(pl.String)},
    "named": dict(NAMED),
    "linked": dict(LINKED),
    "mentioned": dict(MENTIONED),
}
_MAY_BE_MISSING = ("repost_of", "client", "reply_to", "quote_of")  # "" in the columns of a store


def observe(store: GraphStore, as_of: Millis, progress: Progress | None = None) -> Observed:
    """Everything known at `as_of`. Equal to what `from_values` gives for the same posts."""
    windows = list(_windows(store, as_of))
    frames: dict[str, pl.DataFrame] = {}
    for done, (name, schema) in enumerate(_READ.items()):
        if progress:
            progress("reading posts", done, len(_READ) + 1)
        table = store.columns(f"detect/observed_{name}", windows, as_of=as_of)
        frames[name] = _frame(table, schema)
    posts = frames["posts"].sort("post", *_MAY_BE_MISSING)
    posts = posts.unique("post", keep="first", maintain_order=True)
    return Observed(
        posts.select(pl.col(c).replace("", None) if c in _MAY_BE_MISSING else c for c in POSTS),
        frames["named"].unique().sort("post", "ticker"),
        frames["linked"].unique().sort("post", "link"),
        _accounts(store, as_of),
        as_of,
        _hashtags(posts),
        frames["mentioned"].unique().sort("post", "mentioned"),
    )


def _hashtags(posts: pl.DataFrame) -> pl.DataFrame:
    tagged = posts.select("post", pl.col("hashtags").alias("hashtag"))
    tagged = tagged.filter(pl.col("hashtag").list.len() > 0).with_columns(
        pl.int_ranges(0, pl.col("hashtag").list.len()).alias("position")
    )
    return tagged.explode("hashtag", "position").cast(pl.Schema(HASHTAGS))


def _windows(store: GraphStore, as_of: Millis) -> Iterator[tuple[Millis, Millis]]:
    """Half-open windows over all posts, narrow where there are many."""
    (span,) = store.read("detect/observed_span", as_of=as_of)
    if not span["posts"]:
        return
    parts = -(-span["posts"] // POSTS_A_WINDOW)
    edges = np.linspace(span["first"], span["last"] + 1, parts + 1).astype(np.int64).tolist()
    yield from pairwise(edges)


def _frame(table: pa.Table, schema: dict[str, Any]) -> pl.DataFrame:
    if table.num_rows == 0:
        return pl.DataFrame(schema=schema)
    frame = cast(pl.DataFrame, pl.from_arrow(table))
    return frame.select(pl.col(name).cast(kind) for name, kind in schema.items())


def _accounts(store: GraphStore, as_of: Millis) -> pl.DataFrame:
    pages: list[pl.DataFrame] = []
    after = ""
    while rows := store.read("detect/observed_accounts", after=after, limit=_PAGE, as_of=as_of):
        pages.append(pl.DataFrame(rows, schema=ACCOUNTS, orient="row"))
        after = rows[-1]["account"]
    return pl.concat(pages) if pages else pl.DataFrame(schema=ACCOUNTS)


def kept_vectors(store: GraphStore, ids: list[str], model: str) -> MutableMapping[str, Floats]:
    """The vectors that the graph has of these texts."""
    rows = (
        row
        for start in range(0, len(ids), _TEXTS_A_BATCH)
        for row in store.read(
            "detect/known_texts", ids=ids[start : start + _TEXTS_A_BATCH], model=model
        )
    )
    return {row["id"]: np.asarray(row["embedding"], dtype=np.float32) for row in rows}


def keep_vectors(store: GraphStore, vectors: MutableMapping[str, Floats], model: str) -> None:
    """Puts vectors into the store's vector index; those it has stay as they are."""
    rows = [
        {"id": key, "model": model, "embedding": vector.astype(float).tolist()}
        for key, vector in sorted(vectors.items())
    ]
    store.write_rows("detect/texts", rows, batch=_TEXTS_A_BATCH)
