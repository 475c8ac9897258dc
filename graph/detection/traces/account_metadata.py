"""account_metadata: made together, and alike: handles of one pattern, or one posting program.

It is about accounts rather than posts: an account acts once for each pattern, at the time it was
made, so a window says "made within an hour (a day) of each other" without the calendar's borders.
The post that stands for it as evidence is its first own one; an account that never posted cannot
promote and does not act. By itself this says little: an account is made only once.
"""

from __future__ import annotations

import polars as pl

from graph.detection.observed import Observed
from graph.detection.traces.trace import Trace, as_acts, own_posts

LEAST_DIGITS = 4  # in a row; names with fewer are chosen by people
WEIGHT = 0.5


def acts(observed: Observed) -> pl.DataFrame:
    """A row per (account, pattern), at the time the account was made."""
    posts = own_posts(observed).sort("account", "at", "post")
    first = posts.unique("account", keep="first", maintain_order=True)
    made = observed.accounts.select("account", "handle", "created_at").unique("account")
    made = made.filter(pl.col("created_at") <= observed.as_of)
    rows = first.join(made, on="account").join(_clients(posts), on="account", how="left")
    shape = _shape(pl.col("handle"))
    digits = shape.str.contains("0" * LEAST_DIGITS)
    patterns = pl.concat_list(
        pl.when(digits).then("handle " + shape), "client " + pl.col("program")
    ).alias("pattern")
    rows = rows.with_columns(patterns, at="created_at").explode("pattern").drop_nulls("pattern")
    return as_acts(rows, "pattern")


def _shape(handle: pl.Expr) -> pl.Expr:
    """`amy_rose2048` → `a_a0000`: words become one letter, digits keep their number."""
    return handle.str.replace_all(r"\p{L}[\p{L}\p{M}]*", "a").str.replace_all(r"\p{Nd}", "0")


def _clients(posts: pl.DataFrame) -> pl.DataFrame:
    """The program each account posted with most; of equals, the first by name."""
    counted = posts.drop_nulls("client").group_by("account", "client").len()
    most = counted.sort("account", "len", "client", descending=[False, True, False])
    most = most.unique("account", keep="first", maintain_order=True)
    return most.select("account", program="client")


SAYS = "were made at the same time after one pattern"
TRACE = Trace("account_metadata", SAYS, ("1h", "1d"), acts, WEIGHT)
