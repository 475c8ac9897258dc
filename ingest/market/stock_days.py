"""What is known of each stock on each day: its price, its volume, who talks of it, who says one
thing. Each figure in spreads of the stock's own past, a row a stock and session.

Causal: a day's figures rest on bars and posts of that session and of earlier ones.
"""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from ingest.market.chorus import chorus, uses, without_feeds, without_news
from ingest.market.detectors import named
from ingest.market.detectors.figures import with_abnormal
from ingest.market.detectors.finding import prepared
from ingest.market.detectors.past import group_starts, usual
from ingest.market.detectors.volume_spike import DAY_MS, with_volume_z

SPANS = (1, 3, 5, 10)  # sessions
STEADY = 2.5  # an abnormal z beyond counts as that in a steady rise
HEARD = (1, 10)  # sessions
PAST = 60  # sessions that say what talk is usual; before the first post there was none
POISSON = 1.0  # the spread of 2 sqrt(k + 3/8) of a Poisson count

Floats = NDArray[np.float64]


def stock_days(
    bars: pl.DataFrame,
    posts: pl.DataFrame,
    zone: str = "UTC",
    close_hour: int = 21,
    news: pl.DataFrame | None = None,
) -> pl.DataFrame:
    """ticker, at, and figures of every traded stock-day from the first post on.

    `bars`: days, as detectors take them. `posts`: ticker, at (ms), account, text, links (a list), a
    row for each stock a post names, without reposts. A post belongs to the first session whose
    close, `close_hour` in `zone`, it does not follow. `news`: ticker, at, text, links of what was
    published; what it said no account says anew.

    rise_N: abnormal returns of N sessions in spreads; steady_N: the same with each day counted to
    STEADY; volume_N: mean z of log volume; accounts_N: distinct accounts of N sessions, heard_1
    their z; chorus: accounts that say one new thing, chorus_z, and `thing`, what it is.
    """
    frame = with_volume_z(with_abnormal(prepared(named("abnormal_return"), bars)))
    frame = _traded(frame)
    days = frame["at"].unique().sort()
    placed = in_sessions(posts, days, zone, close_hour)
    if not len(placed):
        return frame.clear()
    frame = frame.filter(pl.col("at") >= days[int(placed["session"].min())])  # type: ignore[arg-type]
    numbers = pl.DataFrame({"at": days}).with_row_index("session").cast({"session": pl.Int64})
    frame = frame.join(numbers, on="at", maintain_order="left")
    said = without_feeds(uses(placed))
    if news is not None:
        source = news.with_columns(account=pl.lit("news"))
        said = without_news(said, uses(in_sessions(source, days, zone, close_hour)))
    return _with_talk(frame, placed, said)


def in_sessions(posts: pl.DataFrame, days: pl.Series, zone: str, close_hour: int) -> pl.DataFrame:
    """The posts with `session`, the number of theirs in `days` (midnights UTC of sessions)."""
    local = pl.from_epoch("at", "ms").dt.replace_time_zone("UTC").dt.convert_time_zone(zone)
    day = local.dt.offset_by(f"{24 - close_hour}h").dt.date().cast(pl.Int64) * DAY_MS
    sessions = pl.DataFrame({"day": days}).with_row_index("session").cast({"session": pl.Int64})
    placed = posts.with_columns(day=day).sort("day")
    placed = placed.join_asof(sessions.sort("day"), on="day", strategy="forward")
    return placed.drop_nulls("session").drop("day")


def _traded(frame: pl.DataFrame) -> pl.DataFrame:
    z = pl.col("abnormal_z").fill_nan(None)
    volume = pl.col("volume_z").fill_nan(None)
    figures = []
    for span in SPANS:
        known = span // 2 + 1
        root = float(np.sqrt(span))
        for name, value in (("rise", z), ("steady", z.clip(-STEADY, STEADY))):
            total = value.rolling_sum(span, min_samples=known).over("ticker") / root
            figures.append(total.alias(f"{name}_{span}"))
        mean = volume.rolling_mean(span, min_samples=known).over("ticker")
        figures.append(mean.alias(f"volume_{span}"))
    return frame.select(pl.col("ticker").cast(pl.String), "at", *figures)


def _with_talk(frame: pl.DataFrame, placed: pl.DataFrame, said: pl.DataFrame) -> pl.DataFrame:
    """Adds accounts_N, heard_1, chorus, chorus_z and thing."""
    who = placed.select("ticker", "session", "account").unique()
    for span in HEARD:
        reach = pl.int_ranges(pl.col("session"), pl.col("session") + span)
        counts = (
            who.with_columns(session=reach)
            .explode("session")
            .group_by("ticker", "session")
            .agg(pl.col("account").n_unique().cast(pl.Int64).alias(f"accounts_{span}"))
        )
        frame = frame.join(counts, on=["ticker", "session"], how="left", maintain_order="left")
    sung = chorus(said)
    frame = frame.join(sung, on=["ticker", "session"], how="left", maintain_order="left")
    counted = [*(f"accounts_{span}" for span in HEARD), "chorus"]
    frame = frame.with_columns(pl.col(counted).fill_null(0)).sort("ticker", "at")
    first = group_starts(frame, "ticker")
    return frame.with_columns(
        heard_1=pl.Series(counted_z(frame["accounts_1"].to_numpy(), first)),
        chorus_z=pl.Series(counted_z(frame["chorus"].to_numpy(), first)),
    )


def counted_z(counts: NDArray[np.int64], first: NDArray[np.int64]) -> Floats:
    """Robust z of counts against the PAST rows before, of square roots (Anscombe, 1948).

    Rows that are not there yet count as none: a stock nobody spoke of is one, and a month's history
    that is half a campaign would else call the campaign usual.
    """
    begins = np.unique(first)
    stock = np.searchsorted(begins, first, side="right")
    place = np.arange(len(counts)) + PAST * stock
    value = np.full(len(counts) + PAST * len(begins), 2 * np.sqrt(0.375))
    value[place] = 2 * np.sqrt(counts + 0.375)
    padded = np.zeros(len(value), dtype=np.int64)
    padded[place] = first + PAST * (stock - 1)
    ahead = np.setdiff1d(np.arange(len(value)), place, assume_unique=True)
    padded[ahead] = np.repeat(begins + PAST * np.arange(len(begins)), PAST)
    return np.asarray(usual(value, padded, PAST, PAST).z(value, POISSON)[place])
