"""Rows of a toolkit table as posts, for traces that need more than a column: whole columns at once.

Stocks, hashtags and the accounts that a post names are read from its text; ids stay as the file has
them. A text goes by its normal form, as in `table_acts.same_text`. Whom a post names is the account
of that name, where the table has one, and else the name with its @.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

import polars as pl

from graph.detection.observed import ACCOUNTS, LINKED, POSTS, Observed
from graph.detection.tokens import word_lists
from ingest import tickers
from ingest.table_acts import addressed

EVER = 2**62
_HASHTAG = re.compile(r"(?<!\w)#(\w+)")
_HANDLE = re.compile(r"(?<!\w)@(\w+)")


def observed(rows: pl.DataFrame) -> Observed:
    """The rows of a table, every message once, as detection looks at posts."""
    rows = rows.sort("message_id")
    named = _told(rows, "$", "ticker", tickers.in_text)
    mentioned = _told(rows, "@", "mentioned", _naming(rows))
    return Observed(
        posts=_posts(rows),
        named=named.drop("position").sort("post", "ticker"),
        linked=_linked(rows),
        accounts=pl.DataFrame(schema=ACCOUNTS),
        as_of=EVER,
        hashtags=_told(rows, "#", "hashtag", _hashtags),
        mentioned=mentioned.drop("position").sort("post", "mentioned"),
    )


def _posts(rows: pl.DataFrame) -> pl.DataFrame:
    texts = rows["message"].unique()
    forms = pl.DataFrame({"message": texts, "text_id": word_lists(texts).list.join(" ")})
    kept = {"post": "message_id", "account": "user_id", "text": "message"}
    frame = rows.join(forms, on="message", how="left", maintain_order="left").select(
        *(pl.col(column).alias(name) for name, column in kept.items()),
        *("at", "text_id"),
        *(_reference(name, column) for name, column in _REFERENCES.items()),
    )
    missing = [pl.lit(None, kind).alias(n) for n, kind in POSTS.items() if n not in frame.columns]
    return frame.with_columns(missing).select(*POSTS)


_REFERENCES = {"repost_of": "repost_id", "reply_to": "reply_id"}


def _reference(name: str, column: str) -> pl.Expr:
    return pl.when(pl.col(column) != "").then(pl.col(column)).alias(name)


def _linked(rows: pl.DataFrame) -> pl.DataFrame:
    pointing = rows.filter(pl.col("urls") != "")
    acts = addressed(pointing.select(post="message_id", object="urls"))
    return acts.select("post", link="object").unique().sort(*LINKED)


def _told(
    rows: pl.DataFrame, sign: str, name: str, read: Callable[[str], Sequence[str]]
) -> pl.DataFrame:
    """post, `name`, position: what `read` finds in each text, in its order.

    `read` looks for words that begin with `sign`. It sees each run of them once: the pieces between
    blanks that hold the sign, which is all that it could go by.
    """
    said = rows.filter(pl.col("message").str.contains(sign, literal=True)).select(
        post="message_id",
        said=pl.col("message").str.extract_all(rf"\S*\{sign}\S*").list.join(" "),
    )
    runs = said["said"].unique()
    found = [list(read(run)) for run in runs]
    known = pl.DataFrame(
        {"said": runs, name: found, "position": [range(len(one)) for one in found]},
        schema={"said": pl.String, name: pl.List(pl.String), "position": pl.List(pl.Int64)},
    )
    known = known.filter(pl.col(name).list.len() > 0)
    each = said.join(known, on="said", maintain_order="left").drop("said")
    return each.explode(name, "position")


def _hashtags(text: str) -> tuple[str, ...]:
    return tickers.distinct(tag.casefold() for tag in _HASHTAG.findall(text))


def _naming(rows: pl.DataFrame) -> Callable[[str], Sequence[str]]:
    """Whom a text names, by id where the table knows the name; of several ids the smallest."""
    pairs = rows.select("username", "user_id").unique().sort("user_id", descending=True)
    ids = {name.casefold().lstrip("@"): account for name, account in pairs.iter_rows()}
    return lambda text: tickers.distinct(
        ids.get(name, f"@{name}") for name in map(str.casefold, _HANDLE.findall(text))
    )
