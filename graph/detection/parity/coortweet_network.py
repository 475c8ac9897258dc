"""CooRTweet 2.1.3's network: edges out of pairs, the fast net, subgraphs, accounts.

`graph.detection.parity.coortweet` says what the original gets wrong and what of it is repeated.
"""

from __future__ import annotations

import polars as pl

from graph.detection.parity.coortweet import FAST
from graph.errors import UsageError

MEASURES = (
    "weight",
    "avg_time_delta",
    "n_content_id",
    "n_content_id_y",
    "edge_symmetry_score",
    "object_ids",
    "weight_threshold",
    "edge_symmetry_score_coortweet",
)
_EDGE = ["low", "high"]


def network(pairs: pl.DataFrame, edge_weight: float = 0.5) -> pl.DataFrame:
    """Edges: from, to and MEASURES, a row per two accounts in the order of their first pair.

    `weight` is the number of pairs; `weight_threshold` is 1 where it is strictly greater than the
    quantile `edge_weight` of all weights, else 0. Where `pairs` has the column `fast`, every
    measure stands once with `_full` and once with `_fast` (null: not in the fast net).
    """
    if not 0 <= edge_weight <= 1:
        raise UsageError(f"edge_weight is a quantile from 0 to 1, not {edge_weight}")
    ends = _ends(pairs)
    full = _measured(pairs, ends, edge_weight)
    if FAST not in pairs.columns:
        return ends.select("from", "to").hstack(full)
    fast = _measured(pairs.filter(FAST), ends, edge_weight)
    named = (full.select(pl.all().name.suffix("_full")), fast.select(pl.all().name.suffix("_fast")))
    return pl.concat([ends.select("from", "to"), *named], how="horizontal")


def subgraph(edges: pl.DataFrame, which: int) -> pl.DataFrame:
    """0: all edges. 1: those past the threshold. 2: those past the fast one. 3: all edges among
    the neighbours of the accounts of 2."""
    fast = "weight_threshold_fast"
    if which == 0:
        return edges
    if which == 1 and "weight_threshold" in edges.columns:
        return edges.filter(pl.col("weight_threshold") == 1)
    if which == 2 and fast in edges.columns:
        return edges.filter(pl.col(fast) == 1)
    if which == 3 and fast in edges.columns:
        near = _neighbours(edges, edges.filter(pl.col(fast) == 1)).implode()
        return edges.filter(pl.col("from").is_in(near) & pl.col("to").is_in(near))
    raise UsageError(
        f"there is no subgraph {which} here: 0 and 1 go without a fast window, 0, 2 and 3 with one"
    )


def account_stats(edges: pl.DataFrame, pairs: pl.DataFrame) -> pl.DataFrame:
    """Accounts of a network without a fast net: account_id, avg_time_delta,
    avg_edge_symmetry_score, unique_shares_count (distinct content ids in `pairs`)."""
    theirs, ours = "edge_symmetry_score_coortweet", "edge_symmetry_score"
    ends = pl.concat(
        edges.select(pl.col(end).alias("account_id"), "avg_time_delta", theirs, ours)
        for end in ("from", "to")
    )
    time = ends.unique(["account_id", "avg_time_delta", theirs]).group_by("account_id")
    score = ends.unique(["account_id", "avg_time_delta", ours]).group_by("account_id")
    counts = _sides(pairs).group_by("account_id")
    return (
        time.agg(pl.col("avg_time_delta").mean())
        .join(score.agg(pl.col(ours).mean().alias(f"avg_{ours}")), on="account_id")
        .join(counts.agg(unique_shares_count=pl.col("content_id").n_unique()), on="account_id")
        .sort("account_id")
    )


def _ends(pairs: pl.DataFrame) -> pl.DataFrame:
    """A row per edge: the smaller and the larger account, `low` and `high`, and the same two as
    `from` and `to`, in the order that igraph names them: vertices of the first column come first.
    """
    edges = pairs.select(_low(), _high()).unique(_EDGE, maintain_order=True)
    vertices = pl.concat([edges["low"], edges["high"]]).unique(maintain_order=True)
    place = pl.DataFrame({"vertex": vertices}).with_row_index("place")
    for end in _EDGE:
        known = place.rename({"place": f"{end}_place"})
        edges = edges.join(known, left_on=end, right_on="vertex", maintain_order="left")
    turned = pl.col("low_place") > pl.col("high_place")
    return edges.select(
        *_EDGE,
        pl.when(turned).then("high").otherwise("low").alias("from"),
        pl.when(turned).then("low").otherwise("high").alias("to"),
    )


def _measured(pairs: pl.DataFrame, ends: pl.DataFrame, edge_weight: float) -> pl.DataFrame:
    """MEASURES, a row per row of `ends`; null where no pair stands behind it."""
    by_edge = pairs.with_columns(_low(), _high())
    theirs = _symmetry(pl.col("content_id").n_unique(), pl.col("content_id_y").n_unique())
    counted = by_edge.group_by(_EDGE, maintain_order=True).agg(
        pl.len().cast(pl.Int64).alias("weight"),
        pl.col("time_delta").mean().alias("avg_time_delta"),
        theirs.alias("edge_symmetry_score_coortweet"),
        pl.col("object_id").unique(maintain_order=True).str.join(",").alias("object_ids"),
    )
    edges = ends.join(counted, on=_EDGE, how="left", maintain_order="left")
    contents = (
        _sides(by_edge, *_EDGE)
        .group_by(*_EDGE, "account_id")
        .agg(pl.col("content_id").n_unique().cast(pl.Int64).alias("contents"))
    )
    for end, name in (("from", "n_content_id"), ("to", "n_content_id_y")):
        edges = edges.join(
            contents.rename({"account_id": end, "contents": name}),
            on=[*_EDGE, end],
            how="left",
            maintain_order="left",
        )
    limit = counted["weight"].quantile(edge_weight, "linear")
    return edges.with_columns(
        _symmetry(pl.col("n_content_id"), pl.col("n_content_id_y")).alias("edge_symmetry_score"),
        (pl.col("weight") > pl.lit(limit, dtype=pl.Float64))
        .cast(pl.Int64)
        .alias("weight_threshold"),
    ).select(MEASURES)


def _low() -> pl.Expr:
    return pl.min_horizontal("account_id", "account_id_y").alias("low")


def _high() -> pl.Expr:
    return pl.max_horizontal("account_id", "account_id_y").alias("high")


def _symmetry(one: pl.Expr, other: pl.Expr) -> pl.Expr:
    return pl.min_horizontal(one, other) / pl.max_horizontal(one, other)


def _sides(pairs: pl.DataFrame, *also: str) -> pl.DataFrame:
    """A row per side of a pair: account_id, content_id, and the columns named."""
    return pl.concat(
        pairs.select(
            *also,
            pl.col(f"account_id{y}").alias("account_id"),
            pl.col(f"content_id{y}").alias("content_id"),
        )
        for y in ("", "_y")
    )


def _neighbours(edges: pl.DataFrame, of: pl.DataFrame) -> pl.Series:
    """Everybody next to an end of the edges `of`."""
    ends = pl.concat([of["from"], of["to"]]).unique().implode()
    after = edges.filter(pl.col("from").is_in(ends))["to"]
    before = edges.filter(pl.col("to").is_in(ends))["from"]
    return pl.concat([after, before]).unique()
