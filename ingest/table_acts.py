"""Acts out of the field's CSV shapes: who did what with which object, a frame a trace.

The columns are those that the engine reads: post, account, at, object. Addresses and texts get the
same normal form here as everywhere in the house, whole columns at once.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import polars as pl

from ingest import links

LEAST_WORDS = 6  # as in same_text: shorter texts repeat by themselves
_SIMPLE = r"^[a-z0-9-]+(?:\.[a-z0-9-]+)+(?:/[!-~&&[^?#]]*[!-~&&[^?#/]])?$"
_POST = (pl.col("message_id").alias("post"), pl.col("user_id").alias("account"), pl.col("at"))


@dataclass(frozen=True, slots=True)
class TableTrace:
    """A trace that a table can show: the columns it takes, and its acts from the table's rows."""

    columns: tuple[str, ...]
    acts: Callable[[pl.DataFrame], pl.DataFrame]


def co_object(rows: pl.DataFrame) -> pl.DataFrame:
    """Whatever a CooRTweet table calls an object."""
    return rows.select(
        pl.col("content_id").alias("post"),
        pl.col("account_id").alias("account"),
        "at",
        pl.col("object_id").alias("object"),
    )


def co_link(rows: pl.DataFrame) -> pl.DataFrame:
    """A row per own post and address. A post without an address has none."""
    own = rows.filter(pl.col("repost_id") == "", pl.col("urls") != "")
    return addressed(own.select(*_POST, pl.col("urls").alias("object")))


def addressed(acts: pl.DataFrame) -> pl.DataFrame:
    """Rows whose `object` is one address or several, as a row per normal form."""
    if acts["object"].str.contains(r"\s").any():
        several = pl.col("object").str.extract_all(r"\S+").list.unique()  # one act, told twice
        acts = acts.with_columns(several).explode("object")
    distinct = acts["object"].unique()
    known = pl.DataFrame({"object": distinct, "link": addresses(distinct)})
    changed = known.filter(pl.col("link").ne_missing(pl.col("object")))
    if changed.height:
        acts = acts.join(known, on="object").drop_nulls("link")
        acts = acts.drop("object").rename({"link": "object"}).unique()
    return acts


def same_text(rows: pl.DataFrame) -> pl.DataFrame:
    """A row per own post whose text has enough words to be somebody's."""
    from graph.detection.tokens import word_lists  # not on the way to the other traces

    own = rows.filter(pl.col("repost_id") == "")
    distinct = own["message"].unique()
    words = word_lists(distinct)
    form = pl.DataFrame({"message": distinct, "object": words.list.join(" ")})
    long = form.filter(words.list.n_unique() >= LEAST_WORDS)
    return own.select(*_POST, "message").join(long, on="message").drop("message")


def co_repost(rows: pl.DataFrame) -> pl.DataFrame:
    """A row per repost; the object is what is repeated."""
    return rows.filter(pl.col("repost_id") != "").select(*_POST, object="repost_id")


def co_reply(rows: pl.DataFrame) -> pl.DataFrame:
    """A row per own reply; the object is the post it answers."""
    own = rows.filter(pl.col("repost_id") == "", pl.col("reply_id") != "")
    return own.select(*_POST, object="reply_id")


# By shape, the most telling trace first.
TRACES = {
    "coortweet": {"co_object": TableTrace((), co_object)},
    "toolkit": {
        "same_text": TableTrace(("message", "repost_id"), same_text),
        "co_link": TableTrace(("urls", "repost_id"), co_link),
        "co_repost": TableTrace(("repost_id",), co_repost),
        "co_reply": TableTrace(("reply_id", "repost_id"), co_reply),
    },
}


def addresses(written: pl.Series) -> pl.Series:
    """The normal form of each address, as `links.normal` gives it; null for what is none."""
    bare = written.str.replace(r"^https?://", "").str.strip_prefix("www.")
    simple = written.str.contains(r"^https?://") & bare.str.contains(_SIMPLE)
    simple &= bare.str.len_bytes() < links.LONGEST - len("https://")
    rest = [links.normal(address) for address in written.filter(~simple)]
    found = pl.select(pl.when(simple).then(pl.lit("https://") + bare)).to_series()
    return found.scatter((~simple).arg_true(), pl.Series(rest, dtype=pl.String)).alias("link")


def once(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows of a toolkit table with every message once: its earliest sight, whatever the order."""
    if rows["message_id"].hash().n_unique() == rows.height:  # as many hashes, as many ids
        return rows
    return rows.sort("message_id", "at", *rows.columns).unique("message_id", keep="first")
