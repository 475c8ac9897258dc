"""coordination-network-toolkit 1.5.2's rules: directed edges of its six networks.

The weight of user_1 → user_2 is the number of distinct messages of user_1 that have a match by
user_2 within the window, both ends included. What makes a match:

    co_retweet        a repost of the same message
    co_link           the same url, reposts left out
    co_tweet          the same text, reposts left out (lower case, @mentions and spacing aside)
    co_reply          a reply to the same message, reposts left out
    co_post           anything
    co_similar_tweet  word sets of at least this Jaccard similarity, reposts left out

Known defects of the original, all repeated here, because they change who is tied or how much:
- A message is compared with itself, so the edge of an account with itself counts all its messages
  (mended after 1.5.2). It shows these edges only when asked for loops, and so do we.
- A message without a url has the url "", and all of those share it.
- Texts that hold nothing but mentions are equal to each other.
- Of a repeated message id the first row counts, but urls that only later rows have count too, for
  the account and the time of those rows.
Not repeated: computing one network again with another window drops the first one.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from graph.detection import sweep
from graph.detection.parity.directed import Timeline, alike, by_two, weigh
from graph.detection.parity.toolkit_text import coded, same_form, word_sets
from graph.errors import UsageError
from graph.model import Millis

# Strings as in the file, in its order, "" for what is not there; `at` is epoch milliseconds.
MESSAGES = ("message_id", "user_id", "repost_id", "reply_id", "message", "urls", "at")
EVIDENCE = ("user_1", "user_2", "message_1", "message_2", "object", "seconds")
SIMILAR = "co_similar_tweet"
_ALWAYS = ("message_id", "user_id", "at")
_ACT = ("message", *_ALWAYS)  # `message` is the number of the message id
# what a network needs of a message besides
NETWORKS = {
    "co_retweet": ("repost_id",),
    "co_link": ("repost_id", "urls"),
    "co_tweet": ("repost_id", "message"),
    "co_reply": ("repost_id", "reply_id"),
    "co_post": (),
    SIMILAR: ("repost_id", "message"),
}


def needs(network: str) -> tuple[str, ...]:
    """The columns of MESSAGES that a network looks at. Raises UsageError for an unknown one."""
    if network not in NETWORKS:
        raise UsageError(f"the toolkit has no network {network!r}; there are {', '.join(NETWORKS)}")
    return (*_ALWAYS, *NETWORKS[network])


class Network:
    """One of NETWORKS over a frame of messages, with the columns that `needs` names."""

    def __init__(self, messages: pl.DataFrame, name: str, similarity: float = 0.8) -> None:
        """`similarity` is for co_similar_tweet. Raises UsageError for an unknown network."""
        acts = _acts(_numbered(messages.select(needs(name))), name)
        objects, _ = coded(acts["object"])
        order = by_two(objects, acts["at"].to_numpy())
        self._acts = acts[order]
        users, self._names = coded(self._acts["user_id"])
        self._timeline = Timeline(
            objects=objects[order],
            at=self._acts["at"].to_numpy(),
            users=users,
            messages=self._acts["message"].to_numpy(),
            words=word_sets(self._acts["text"], similarity) if name == SIMILAR else None,
        )

    def edges(self, window: Millis, min_edge_weight: int = 2, loops: bool = False) -> pl.DataFrame:
        """user_1, user_2, weight of at least `min_edge_weight`, sorted; both directions."""
        first, second, weight = weigh(self._timeline, window, max(min_edge_weight, 1), loops)
        names = self._names
        found = {"user_1": names.gather(first), "user_2": names.gather(second), "weight": weight}
        return pl.DataFrame(found).sort("user_1", "user_2")

    def evidence(self, window: Millis, edges: pl.DataFrame) -> pl.DataFrame:
        """The pairs of messages behind `edges`, each once, columns EVIDENCE, user_1 < user_2."""
        ends = pl.concat([edges["user_1"], edges["user_2"]]).unique().implode()
        kept = self._acts["user_id"].is_in(ends).to_numpy().nonzero()[0]
        line = self._timeline
        i, j = (kept[k] for k in sweep.pairs(line.objects[kept], line.at[kept], window))
        other = alike(line, i, j) & (line.users[i] != line.users[j])
        pairs = _named(self._acts, i[other], j[other])
        tied = edges.select(
            pl.min_horizontal("user_1", "user_2").alias("user_1"),
            pl.max_horizontal("user_1", "user_2").alias("user_2"),
        ).unique()
        return pairs.join(tied, on=["user_1", "user_2"], how="semi").sort(EVIDENCE)


def without_link(messages: pl.DataFrame) -> int:
    """How many messages share the url "" in the toolkit's eyes."""
    return messages.filter(pl.col("urls") == "", pl.col("repost_id") == "").height


def _numbered(messages: pl.DataFrame) -> pl.DataFrame:
    """`messages` with the text of one as `text`, and as `message` the number of its id."""
    rows = messages.rename({"message": "text"}, strict=False)
    if rows["message_id"].hash().n_unique() == rows.height:  # as many hashes, as many ids
        return rows.with_columns(pl.int_range(rows.height, dtype=pl.Int64).alias("message"))
    return rows.with_columns(pl.Series("message", coded(rows["message_id"])[0]))


def _acts(messages: pl.DataFrame, network: str) -> pl.DataFrame:
    """A row per message and object: _ACT, object, and text for SIMILAR."""
    if network == "co_link":
        return _links(messages)
    once = _distinct(messages, "message")
    if network == "co_post":
        return once.select(*_ACT, pl.lit("").alias("object"))
    if network == "co_retweet":
        return _about(once.filter(pl.col("repost_id") != ""), pl.col("repost_id"))
    own = once.filter(pl.col("repost_id") == "")
    if network == "co_reply":
        return _about(own.filter(pl.col("reply_id") != ""), pl.col("reply_id"))
    if network == "co_tweet":
        return _about(own, same_form(pl.col("text")))
    return own.select(*_ACT, "text", pl.lit("").alias("object"))


def _about(messages: pl.DataFrame, what: pl.Expr) -> pl.DataFrame:
    return messages.select(*_ACT, what.alias("object"))


def _links(messages: pl.DataFrame) -> pl.DataFrame:
    own = messages.filter(pl.col("repost_id") == "")
    acts = own.select(*_ACT, pl.col("urls").alias("object"))
    if acts["object"].str.contains(" ", literal=True).any():
        acts = acts.with_columns(pl.col("object").str.split(" ")).explode("object")
    return _distinct(acts, "message", "object")


def _distinct(rows: pl.DataFrame, *names: str) -> pl.DataFrame:
    """The first row of each."""
    if rows["message"].n_unique() == rows.height:
        return rows
    return rows.unique(names, keep="first", maintain_order=True)


def _named(acts: pl.DataFrame, i: sweep.Ints, j: sweep.Ints) -> pl.DataFrame:
    """Pairs of rows of `acts` as EVIDENCE, the smaller account first."""
    swap = (acts["user_id"][i] > acts["user_id"][j]).to_numpy() if len(i) else np.zeros(0, bool)
    i, j = np.where(swap, j, i), np.where(swap, i, j)
    left, right = acts[i], acts[j]
    return pl.DataFrame(
        {
            "user_1": left["user_id"],
            "user_2": right["user_id"],
            "message_1": left["message_id"],
            "message_2": right["message_id"],
            "object": left["object"],
            "seconds": (right["at"] - left["at"]) / 1000,
        }
    )
