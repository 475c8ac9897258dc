"""How many accounts say the same new thing about a stock: the chorus.

A thing is a link, a whole text, or a word of a text. Of words the one that most accounts say
counts, because words meet by chance; who shares any link or whole text with others counts together,
because a ring has several of them and each member uses some. A thing counts where it is new (nobody
said it of this stock in the NEW sessions before the window), and this stock's own (at most a third
as many accounts say it of others), so that neither a company's name nor the words of the day make a
chorus.

Accounts that name many stocks are feeds and are not heard. Reposts are to be left out before: they
mark an audience.

Causal: the chorus of a session rests on posts of that session and of earlier ones.
"""

from __future__ import annotations

import polars as pl

from graph.detection.tokens import word_lists

WINDOW = 10  # sessions within which a chorus is counted
NEW = 20  # sessions before the window in which nobody may have said it
LEAST = 3  # accounts that make a chorus
ELSEWHERE = 1 / 3  # accounts that say it of other stocks, for each that says it of this one
FEED, FEED_WINDOW = 10, 20  # stocks that an account names within so many sessions: a feed
SHORTEST = 4  # letters of a word


def uses(posts: pl.DataFrame) -> pl.DataFrame:
    """ticker, session, account, thing: a row for each thing an account said of a stock that day.

    `posts`: ticker, session (its number, see `chorus`), account, text, links (a list); a row for
    each stock that a post names.
    """
    words = word_lists(posts["text"])
    rows = posts.with_columns(said=words, whole=words.list.join(" "))
    lettered = pl.element().str.contains("^#?[a-z]") & (pl.element().str.len_chars() >= SHORTEST)
    parts = [
        rows.select(*_WHO, thing=pl.lit("text ") + pl.col("whole")).filter(
            rows["said"].list.len() >= LEAST
        ),
        rows.select(*_WHO, thing="links").explode("thing").drop_nulls("thing"),
        rows.select(*_WHO, thing=pl.col("said").list.filter(lettered)).explode("thing"),
    ]
    return pl.concat(parts).drop_nulls().unique()


def without_feeds(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows (ticker, session, account) of accounts that are no feed in that session."""
    named = rows.select("ticker", "session", "account").unique()
    many = named.group_by("account").agg(n=pl.col("ticker").n_unique())
    named = named.join(many.filter(pl.col("n") >= FEED), on="account", how="semi")
    lately = _within(named, 0, FEED_WINDOW).unique()
    feeds = lately.group_by("account", "session").agg(named=pl.col("ticker").n_unique())
    feeds = feeds.filter(pl.col("named") >= FEED).select("account", "session")
    return rows.join(feeds, on=["account", "session"], how="anti")


def without_news(said: pl.DataFrame, news: pl.DataFrame) -> pl.DataFrame:
    """What accounts said, less what the news had said of the stock by that session.

    Both as `uses` gives them: a headline that many pass on is the newspaper's, not a ring's.
    """
    first = news.group_by("ticker", "thing").agg(known=pl.col("session").min())
    told = said.join(first, on=["ticker", "thing"], how="left")
    return told.filter((pl.col("session") < pl.col("known")).fill_null(True)).drop("known")


def chorus(said: pl.DataFrame, window: int = WINDOW) -> pl.DataFrame:
    """ticker, session, chorus (accounts), thing, in sessions where at least LEAST accounts sing.

    `said`: as `uses` gives it; `session` numbers the days of trading in their order. `thing` is
    what most of them say.
    """
    names = said["thing"].unique().sort()
    # Numbers are told apart many times faster than strings.
    said = said.with_columns(thing=pl.Series(names).search_sorted(said["thing"]))
    able = said.group_by(_PAIR).agg(n=pl.col("account").n_unique()).filter(pl.col("n") >= LEAST)
    rows = said.join(able.select(_PAIR), on=_PAIR, how="semi")
    own = _own(said, rows, window)
    whole = pl.Series(names).str.contains("://|^text ").arg_true()
    together = (
        _within(rows.filter(pl.col("thing").is_in(whole.implode())), 0, window)
        .join(own, on=[*_PAIR, "session"], how="semi")
        .group_by("ticker", "session")
        .agg(_VOICES.alias("together"))
    )
    loudest = own.sort("chorus", "thing", descending=[True, False])
    first = loudest.unique(["ticker", "session"], keep="first", maintain_order=True)
    first = first.join(together, on=["ticker", "session"], how="left", maintain_order="left")
    return first.select(
        "ticker",
        "session",
        pl.max_horizontal("chorus", "together"),
        names.gather(first["thing"]).alias("thing"),
    )


def _own(said: pl.DataFrame, rows: pl.DataFrame, window: int) -> pl.DataFrame:
    """ticker, thing, session, chorus where a thing is new and this stock's own."""
    here = _within(rows, 0, window).group_by(*_PAIR, "session").agg(_VOICES.alias("chorus"))
    new = _new(here.filter(pl.col("chorus") >= LEAST), rows, window)
    everywhere = _within(said.join(new, on="thing", how="semi"), 0, window)
    everywhere = everywhere.join(new, on=["thing", "session"], how="semi")
    total = everywhere.group_by("thing", "session").agg(_VOICES.alias("all"))
    return new.join(total, on=["thing", "session"]).filter(
        pl.col("all") - pl.col("chorus") <= ELSEWHERE * pl.col("chorus")
    )


def _new(here: pl.DataFrame, rows: pl.DataFrame, window: int) -> pl.DataFrame:
    """The rows of `here` whose thing nobody said of the stock in the sessions before."""
    before = rows.select("ticker", "thing", pl.col("session").alias("said_in")).unique()
    last = here.with_columns(until=pl.col("session") - window).sort("until")
    told = last.join_asof(
        before.sort("said_in"),
        left_on="until",
        right_on="said_in",
        by=["ticker", "thing"],
        strategy="backward",
        check_sortedness=False,
    )
    old = pl.col("until") - pl.col("said_in") < NEW
    return told.filter(~old.fill_null(False)).drop("until", "said_in")


def _within(rows: pl.DataFrame, first: int, end: int) -> pl.DataFrame:
    """Each row in every session that sees it `first` to `end` - 1 sessions back."""
    later = pl.int_ranges(pl.col("session") + first, pl.col("session") + end)
    return rows.with_columns(session=later).explode("session")


_WHO, _PAIR = ("ticker", "session", "account"), ["ticker", "thing"]
_VOICES = pl.col("account").n_unique().cast(pl.Int64)
