"""What several accounts say alike of one stock, and hardly anybody says of others.

A *thing* said of a stock is a run of RUN words, a link, or a post that is repeated, quoted or
answered. Its uses are cut into episodes where it rests for longer than QUIET. A thing is a *voice*
in an episode in which FEWEST to MOST accounts use it, while at most ELSEWHERE as many use it of
other stocks, of none, or at other times: what fewer say is nobody's, what more say is everybody's,
and what is said of any stock is only language.

Its p-value asks whether language alone would do it. Let n accounts name the stock around the
episode, k of them say the thing, and r other accounts say it elsewhere, of M (account, stock) that
could. Had the stock nothing to do with it, each of the n would say it with probability (r + 1) / M:

    p = P(X >= k), X binomial with n and (r + 1) / M,   times the number of things said of stocks

An *echo* is a phrase that at least PAIR accounts say of one stock and nobody ever said elsewhere:
too little to be a voice, enough to join one (choirs.py).

Two honest reasons make p small as well: news, and a name that only this stock has. So a voice says
that accounts speak alike, never that they promote: that is what the risk is for.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import polars as pl

from graph.detection.observed import Observed
from graph.detection.tokens import word_lists
from graph.windows import DAY

RUN = 4  # words
QUIET = 7 * DAY
PAIR, FEWEST, MOST = 2, 3, 40  # accounts
ELSEWHERE = 1 / 3
SURE = 0.01  # the largest p of a voice
_NEVER = -(2**62)
Ints = npt.NDArray[np.int64]
_USE = ("ticker", "kind", "what", "account", "post", "at")


def voices(observed: Observed) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Voices and echoes, a row each, and who used them.

    First frame: voice (a number), ticker, kind, what, accounts, first_at, last_at, p_value, echo
    (True: only that, its p is not asked). Second: voice, account, post, a row for each post of an
    episode.
    """
    named = observed.named.join(observed.posts.select("post", "account", "at"), on="post")
    used = uses(observed)
    episodes = _episodes(used.filter(pl.col("ticker").is_not_null()))
    counted = episodes.group_by("voice").agg(
        pl.col("ticker", "kind", "what").first(),
        pl.col("account").n_unique().cast(pl.Int64).alias("accounts"),
        pl.col("at").min().alias("first_at"),
        pl.col("at").max().alias("last_at"),
    )
    tests = used.select("ticker", "kind", "what").unique().height
    found = _own(counted.filter(pl.col("accounts").is_between(PAIR, MOST)), used)
    sure = _judged(found.filter(pl.col("accounts") >= FEWEST), named, tests)
    sure = sure.filter(pl.col("p_value") <= SURE)
    echoes = found.filter((pl.col("kind") == "phrase") & (pl.col("others") == 0))
    echoes = echoes.join(sure, on="voice", how="anti").with_columns(p_value=pl.lit(1.0))
    kept = pl.concat([sure.with_columns(echo=False), echoes.with_columns(echo=True)])
    kept = kept.sort("voice").select("voice", *_COLUMNS)
    return kept, episodes.join(kept, on="voice", how="semi").select("voice", "account", "post")


_COLUMNS = ("ticker", "kind", "what", "accounts", "first_at", "last_at", "p_value", "echo")


def uses(observed: Observed) -> pl.DataFrame:
    """The columns _USE: each thing in each post, once for every stock that the post names, with
    ticker null where it names none. What refers to a post speaks of the stocks of that post."""
    posts = observed.posts
    own = posts.filter(pl.col("repost_of").is_null()).select("post", "account", "at", "text")
    linked = own.join(observed.linked, on="post").select("post", "account", "at", what="link")
    said = pl.concat(
        [
            _runs(own).with_columns(kind=pl.lit("phrase")),
            linked.with_columns(kind=pl.lit("link")),
        ]
    ).unique()
    about = said.join(observed.named, on="post", how="left")
    to = pl.coalesce("repost_of", "quote_of", "reply_to")
    referring = posts.select("post", "account", "at", what=to).drop_nulls("what")
    meant = posts.join(referring.select(post="what").unique(), on="post", how="semi")
    meant = pl.concat([referring, meant.select("post", "account", "at", what="post")])
    meant = meant.join(observed.named.rename({"post": "what"}), on="what")
    return pl.concat([about.select(_USE), meant.with_columns(kind=pl.lit("post")).select(_USE)])


def _runs(own: pl.DataFrame) -> pl.DataFrame:
    """post, account, at, what: each run of RUN words of a post; names of stocks are no words."""
    words = own.select("post", "account", "at", word=word_lists(own["text"])).explode("word")
    words = words.filter(~pl.col("word").str.starts_with("$").fill_null(True))
    steps = [pl.col("word").shift(-n) for n in range(RUN)]
    ends_inside = pl.col("post").shift(1 - RUN) == pl.col("post")
    runs = words.with_columns(what=pl.concat_str(steps, separator=" "), whole=ends_inside)
    return runs.filter("whole").select("post", "account", "at", "what")


def _episodes(used: pl.DataFrame) -> pl.DataFrame:
    """Adds `voice`, the number of the episode; only things that PAIR accounts say of a stock."""
    thing = ["ticker", "kind", "what"]
    many = used.group_by(thing).agg(n=pl.col("account").n_unique()).filter(pl.col("n") >= PAIR)
    rows = used.join(many.select(thing), on=thing, how="semi").sort(*thing, "at", "post")
    other = pl.any_horizontal(pl.col(name) != pl.col(name).shift(1) for name in thing)
    rested = pl.col("at").diff() > QUIET
    return rows.with_columns(voice=(other | rested).fill_null(True).cum_sum())


def _own(found: pl.DataFrame, used: pl.DataFrame) -> pl.DataFrame:
    """Adds `others`, accounts that use a thing elsewhere; keeps what is this stock's own."""
    thing = ["kind", "what"]
    rows = used.join(found.select(thing).unique(), on=thing, how="semi")
    everywhere = rows.group_by(thing).agg(everybody=pl.col("account").n_unique().cast(pl.Int64))
    others = pl.col("everybody") - pl.col("accounts")
    found = found.join(everywhere, on=thing).with_columns(others=others)
    return found.filter(pl.col("others") <= ELSEWHERE * pl.col("accounts"))


def _judged(found: pl.DataFrame, named: pl.DataFrame, tests: int) -> pl.DataFrame:
    from scipy.stats import binom  # a third of a second

    pairs = named.select("ticker", "account").n_unique()
    crowd = _crowds(found, named)
    k = found["accounts"].to_numpy()
    q = np.minimum((found["others"].to_numpy() + 1) / max(pairs, 1), 1.0)
    p = np.minimum(binom.sf(k - 1, np.maximum(crowd, k), q) * tests, 1.0)
    return found.with_columns(pl.Series("p_value", p, dtype=pl.Float64))


def _crowds(found: pl.DataFrame, named: pl.DataFrame) -> Ints:
    """How many accounts named the stock from QUIET before each episode to QUIET after it.

    An account counts once: at its first naming in the span, whose naming before lies outside.
    """
    rows = named.select("ticker", "account", "at").sort("ticker", "at", "account")
    rows = rows.with_columns(before=pl.col("at").shift(1).over("ticker", "account"))
    rows = rows.with_columns(pl.col("before").fill_null(_NEVER))
    spans = found.select(
        "ticker", since=pl.col("first_at") - QUIET, until=pl.col("last_at") + QUIET
    ).with_row_index("row")
    counts = np.zeros(spans.height, dtype=np.int64)
    by_ticker = rows.partition_by("ticker", as_dict=True)
    for key, asked in spans.partition_by("ticker", as_dict=True).items():
        at, before = (by_ticker[key][name].to_numpy() for name in ("at", "before"))
        first = np.searchsorted(at, asked["since"].to_numpy(), side="left")
        end = np.searchsorted(at, asked["until"].to_numpy(), side="right")
        for row, since, i, j in zip(asked["row"], asked["since"], first, end, strict=True):
            counts[row] = np.count_nonzero(before[i:j] < since)
    return counts
