"""What other tools would say of a market: weighted edges, to be cut wherever is best in hindsight.

CooRTweet's rules and the toolkit's are the parity modes of graph/detection/parity/. TF-IDF cosine
is that of Pacheco et al. (2021) and Luceri et al. (2024): accounts as vectors over objects, no
window, accounts of at least so many actions.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import polars as pl
from scipy import sparse

from graph.detection.observed import Observed
from graph.detection.parity import coortweet
from graph.detection.parity.toolkit import Network

WINDOWS = (60, 600, 3_600, 86_400)  # seconds
SUPPORT = (1, 2, 3)
NETWORKS = ("co_link", "co_tweet", "co_similar_tweet")


def edges(observed: Observed, cosine_only: bool = False) -> Iterator[tuple[str, pl.DataFrame]]:
    """Name of tool, trace and setting; left < right, weight."""
    for trace, shares in _shares(observed):
        for support in SUPPORT:
            yield f"TF-IDF {trace} >={support}", _cosine(shares, support)
        for window in () if cosine_only else WINDOWS:
            yield f"CooRTweet {trace} {window}s", _coortweet(shares, window)
    for network in () if cosine_only else NETWORKS:
        yield from _toolkit(observed, network)


def _shares(observed: Observed) -> Iterator[tuple[str, pl.DataFrame]]:
    """By trace, in CooRTweet's shape."""
    posts = observed.posts.select(
        pl.col("account").alias("account_id"), pl.col("post").alias("content_id"), "at", "text_id"
    )
    about = pl.col("post").alias("content_id")
    for trace, pairs in (("link", observed.linked), ("ticker", observed.named)):
        named = pairs.select(about, pl.col(pairs.columns[1]).alias("object_id"))
        yield trace, posts.drop("text_id").join(named, on="content_id").select(*coortweet.SHARES)
    yield "text", posts.rename({"text_id": "object_id"}).select(*coortweet.SHARES)


def _coortweet(shares: pl.DataFrame, window: int) -> pl.DataFrame:
    """Pairs of shares by two accounts within the window; the weight is their number."""
    pairs = coortweet.detect_groups(shares, window * 1_000)
    ends = ("account_id", "account_id_y")
    return (
        pairs.group_by(
            pl.min_horizontal(ends).alias("left"), pl.max_horizontal(ends).alias("right")
        )
        .agg(pl.len().cast(pl.Float64).alias("weight"))
        .sort("left", "right")
    )


def _cosine(shares: pl.DataFrame, support: int) -> pl.DataFrame:
    """Cosine of TF-IDF vectors, of accounts with at least `support` actions."""
    often = shares.filter(pl.len().over("account_id") >= support)
    accounts = often["account_id"].unique().sort()
    row = often["account_id"].cast(pl.Enum(accounts)).to_physical().to_numpy()
    column = often["object_id"].rank("dense").to_numpy().astype(np.int64) - 1
    counts = sparse.coo_matrix((np.ones(len(row)), (row, column))).tocsr()
    seen = np.bincount(counts.indices, minlength=counts.shape[1])
    idf = np.log((1 + counts.shape[0]) / (1 + seen)) + 1
    vectors = counts @ sparse.diags(idf)
    length = np.sqrt(vectors.multiply(vectors).sum(axis=1)).A1
    unit = sparse.diags(1 / length) @ vectors
    found = sparse.triu(unit @ unit.T, k=1).tocoo()
    return pl.DataFrame(
        {
            "left": accounts.gather(found.row),
            "right": accounts.gather(found.col),
            "weight": found.data.round(12),
        }
    )


def _toolkit(observed: Observed, name: str) -> Iterator[tuple[str, pl.DataFrame]]:
    """The larger of both directions. Posts without a link are kept from sharing the link ""."""
    links = observed.linked.group_by("post").agg(pl.col("link").sort().str.join(" ").alias("urls"))
    messages = observed.posts.join(links, on="post", how="left").select(
        pl.col("post").alias("message_id"),
        pl.col("account").alias("user_id"),
        pl.lit("").alias("repost_id"),
        pl.lit("").alias("reply_id"),
        pl.col("text").alias("message"),
        pl.col("urls").fill_null(""),
        "at",
    )
    if name == "co_link":
        messages = messages.filter(pl.col("urls") != "")
    network = Network(messages, name)
    ends = ("user_1", "user_2")
    for window in WINDOWS:
        found = network.edges(window * 1_000, 1)
        yield (
            f"toolkit {name} {window}s",
            found.group_by(
                pl.min_horizontal(ends).alias("left"), pl.max_horizontal(ends).alias("right")
            ).agg(pl.col("weight").max().cast(pl.Float64)),
        )
