"""same_phrase: saying the same run of words about the same stock, in texts that differ otherwise.

Who rewrites a pitch keeps pieces of it. A *phrase* is a run of RUN words that FEWEST to MOST
accounts used about one stock: what fewer say is nobody's, what more say is everybody's. Two texts
about that stock that have a phrase in common are neighbours.
"""

from __future__ import annotations

import polars as pl

from graph.detection.groups import group
from graph.detection.observed import Observed
from graph.detection.tokens import word_lists
from graph.detection.traces import same_text
from graph.detection.traces.trace import Trace, as_acts

RUN = 4  # words
FEWEST, MOST = 3, 40  # accounts
WINDOWS = ("7d",)


def look(observed: Observed) -> tuple[pl.DataFrame, pl.DataFrame]:
    """An act per post and stock that it names, whose object is the group of texts about the stock
    that hang together by phrases; and which of these texts have a phrase in common."""
    named = observed.named.unique(maintain_order=True)
    about = same_text.texts(observed).join(named, on="post", maintain_order="left")
    about = about.with_columns(pl.concat_str("ticker", "text_id", separator=" ").alias("text_id"))
    near = neighbours(about)
    return group(as_acts(about, "text_id"), near), near


def neighbours(about: pl.DataFrame) -> pl.DataFrame:
    """Pairs (`left` < `right`) of texts (account, ticker, text_id, text) with a common phrase."""
    said = _runs(about.unique("text_id", keep="any").select("text_id", "ticker", "text"))
    users = said.join(about.select("text_id", "account").unique(), on="text_id")
    count = pl.col("account").n_unique().alias("accounts")
    phrases = users.group_by("ticker", "run").agg(count)
    phrases = phrases.filter(pl.col("accounts").is_between(FEWEST, MOST))
    kept = said.join(phrases.select("ticker", "run"), on=["ticker", "run"], how="semi")
    two = kept.join(kept, on=["ticker", "run"], suffix="_other")
    pairs = two.filter(pl.col("text_id") < pl.col("text_id_other"))
    return pairs.select(left="text_id", right="text_id_other").unique().sort("left", "right")


def _runs(texts: pl.DataFrame) -> pl.DataFrame:
    """text_id, ticker, run: each run of RUN words of a text once; names of stocks are no words."""
    words = texts.with_columns(word_lists(texts["text"]).alias("word")).explode("word")
    words = words.filter(~pl.col("word").str.starts_with("$").fill_null(True))
    steps = [pl.col("word").shift(-n).over("text_id") for n in range(RUN)]
    runs = words.with_columns(
        pl.when(pl.all_horizontal(step.is_not_null() for step in steps))
        .then(pl.concat_str(steps, separator=" "))
        .alias("run")
    )
    return runs.filter(pl.col("run").is_not_null()).select("text_id", "ticker", "run").unique()


TRACE = Trace(
    "same_phrase",
    "said the same run of words about the same stock",
    WINDOWS,
    lambda observed: look(observed)[0],
    look=look,
)
