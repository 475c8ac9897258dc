"""The sets that the engine is judged on, as questions with the family of tests each belongs to.

The two real ones lie beside the checkout (`--data`, by default ../shared/data); where one is
missing it is left out and said so. StockNet is read once and kept under build/bench/data.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass, fields
from pathlib import Path

import polars as pl

from graph.detection import Settings, _active
from graph.detection.acts import encode
from graph.detection.asking import questions
from graph.detection.observed import Observed, from_values
from graph.detection.ties import Question
from graph.windows import DAY, millis
from ingest import x_v11
from ingest.record import Record
from tests.bench.coordination.posts import posts

DATA = Path("../shared/data")
KEPT = Path("build/bench/data")
FRAMES = tuple(one.name for one in fields(Observed) if one.name not in ("as_of", "namers"))
SPAN = Settings().stratum_days * DAY
EVER = 2**62


@dataclass(frozen=True, slots=True)
class Set:
    """Questions that share the codes of their accounts; `active` accounts could have met."""

    name: str
    questions: tuple[Question, ...]
    active: int

    @property
    def tests(self) -> int:
        """The family: all eligible pairs."""
        return self.active * (self.active - 1) // 2


def sets(data: Path, names: str) -> Iterator[Set]:
    """Those of `names` (comma-separated) that are there."""
    makers = {"russian": russian, "stocknet": stocknet, "generated": generated}
    for name in names.split(","):
        try:
            yield makers[name](data)
        except FileNotFoundError as error:
            print(f"{name} is left out: {error.filename} is not there", file=sys.stderr)


def russian(data: Path) -> Set:
    """CooRTweet's Russian set: 35,125 shares by 9,509 accounts, within 60 s and within an hour."""
    rows = pl.read_csv(data / "cooRtweet_russian.csv.gz")
    acts = encode(
        rows.select(
            pl.col("content_id").alias("post"),
            pl.col("account_id").alias("account"),
            (pl.col("timestamp_share") * 1000).alias("at"),
            pl.col("object_id").alias("object"),
        )
    )
    asked = tuple(Question("co_share", window, acts) for window in ("60s", "1h"))
    return Set("russian", asked, len(acts.accounts))


def stocknet(data: Path) -> Set:
    """112,137 posts about 88 stocks: all default questions that need no embedder."""
    seen = observed_stocknet(data)
    asked = questions(seen)
    return Set("stocknet", tuple(asked), _active(seen))


def generated(data: Path) -> Set:
    """The speed set of 100,000 posts by 5,000 accounts, rings and all: links and texts in 60 s."""
    rows = posts(100_000, 5_000)
    asked = []
    for trace, column in (("co_link", "urls"), ("same_text", "message")):
        frame = rows.select(
            pl.col("message_id").alias("post"),
            pl.col("user_id").alias("account"),
            (pl.col("timestamp") * 1000).alias("at"),
            pl.col(column).alias("object"),
        )
        asked.append(Question(trace, "60s", encode(frame, rows["user_id"].unique().sort())))
    return Set("generated", tuple(asked), rows["user_id"].n_unique())


def observed_stocknet(data: Path) -> Observed:
    """What detection looks at, through the reader; from build/bench/data the second time."""
    kept = {name: KEPT / f"stocknet-{name}.parquet" for name in FRAMES}
    if not all(path.exists() for path in kept.values()):
        seen = _read(data / "stocknet_tweets_v11.jsonl.gz")
        KEPT.mkdir(parents=True, exist_ok=True)
        for name, path in kept.items():
            getattr(seen, name).write_parquet(path)
    frames = {name: pl.read_parquet(path) for name, path in kept.items()}
    return Observed(**frames, as_of=EVER)


def window_of(question: Question) -> int:
    """Milliseconds."""
    return millis(question.window)


def _read(path: Path) -> Observed:
    if not path.exists():
        raise FileNotFoundError(2, "missing", str(path))
    records = [item for item in x_v11.read(path) if isinstance(item, Record)]
    return from_values(
        (post for one in records for post in one.posts),
        (account for one in records for account in one.accounts),
        EVER,
    )
