"""Posts for speed, in coordination-network-toolkit's CSV shape: honest ones, and rings among them.

95 % are background: accounts by lognormal activity, urls by popularity (rank^-1.1), texts of twelve
words, a fifth of them from templates, times uniform. 5 % are 20 rings of 10 accounts (u0 to u199,
ring = number // 10), whose campaigns all ten post within 45 seconds, url and text of their own.
This is a set for speed and not for quality: rings meet so often that a weight sets them apart.

`tagged` adds what other traces look at: cashtags, hashtags, names in texts, answers, reposts.

    python -m tests.bench.coordination.posts POSTS ACCOUNTS OUT.csv [DAYS]
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl

SEED = 42
RINGS, RING = 20, 10
WITHIN = 45  # seconds of a campaign
WORDS, VOCABULARY = 12, 3_000
STOCKS, TAGS = 500, 2_000
BEGIN = 1_700_000_000  # epoch seconds
DAY = 86_400

Ints = npt.NDArray[np.int64]


def posts(count: int, accounts: int, days: int = 30) -> pl.DataFrame:
    """Rows in random order, columns in the toolkit's order; the same for the same arguments."""
    draw = np.random.default_rng(SEED)
    campaigns = int(0.05 * count / (RINGS * RING))
    planted = campaigns * RINGS * RING
    addresses = max(1_000, count // 20)
    honest = _honest(draw, count - planted, accounts, addresses, days * DAY)
    rows = pl.concat([honest, _rings(draw, campaigns, days * DAY)])
    rows = rows[draw.permutation(count)]
    return rows.select(
        pl.int_range(count).cast(pl.String).alias("message_id"),
        ("u" + pl.col("account").cast(pl.String)).alias("user_id"),
        ("name" + pl.col("account").cast(pl.String)).alias("username"),
        pl.lit(None, pl.String).alias("repost_id"),
        pl.lit(None, pl.String).alias("reply_id"),
        "message",
        (pl.col("second") + BEGIN).alias("timestamp"),
        pl.col("url").alias("urls"),
    )


def tagged(rows: pl.DataFrame) -> pl.DataFrame:
    """The same posts, of which half name one of STOCKS, a third have 1 to 4 of TAGS hashtags, a
    fifth name another account, a tenth answer one of the posts and a twentieth repeat one.

    All by popularity (rank^-1.1). Copies of a text stay copies, and a ring's campaign answers and
    repeats nothing.
    """
    draw = np.random.default_rng(SEED + 1)
    texts = rows["message"].unique().sort()
    count, accounts = len(texts), rows["username"].unique().sort()
    stock = "$" + pl.Series(_symbols(STOCKS)).gather(_popular(draw, STOCKS, count))
    name = "@" + accounts.gather(_popular(draw, len(accounts), count))
    listed = draw.random(count)
    tags = [
        _where(listed < share, pl.Series([f"#tag{n}" for n in _popular(draw, TAGS, count)]))
        for share in (1 / 3, 1 / 6, 1 / 12, 1 / 24)
    ]
    named, spoken = draw.random(count) < 0.2, draw.random(count) < 0.5
    parts = [_where(named, name), texts, _where(spoken, stock), *tags]
    said = pl.select(pl.concat_str(parts, separator=" ").str.strip_chars()).to_series()
    known = pl.DataFrame({"message": texts, "said": said})
    rows = rows.join(known, on="message", how="left", maintain_order="left")
    posts, ring = rows["message_id"], rows["urls"].str.contains("//ring.", literal=True)
    kind, aim = draw.random(rows.height), posts.gather(_popular(draw, rows.height, rows.height))
    answers, repeats = pl.Series(kind < 0.1) & ~ring, pl.Series(kind > 0.95) & ~ring
    return rows.with_columns(
        pl.col("said").alias("message"),
        pl.when(answers).then(aim).alias("reply_id"),
        pl.when(repeats).then(aim).alias("repost_id"),
    ).drop("said")


def _popular(draw: np.random.Generator, kinds: int, count: int) -> Ints:
    """Kinds by popularity."""
    weight = np.arange(1, kinds + 1) ** -1.1
    return draw.choice(kinds, count, p=weight / weight.sum())


def _where(said: npt.NDArray[np.bool_], words: pl.Series) -> pl.Series:
    """`words`, "" in place of those that are not said."""
    return words.zip_with(pl.Series(said), pl.Series([""]))


def _symbols(count: int) -> list[str]:
    """Q and three letters: no word, so each is read as a stock."""
    letters = [chr(ord("A") + n) for n in range(26)]
    return ["Q" + letters[n // 676] + letters[n // 26 % 26] + letters[n % 26] for n in range(count)]


def _honest(
    draw: np.random.Generator, count: int, accounts: int, addresses: int, span: int
) -> pl.DataFrame:
    activity = draw.lognormal(0, 1, accounts)
    popularity = np.arange(1, addresses + 1) ** -1.1
    texts = draw.integers(0, VOCABULARY, (count, WORDS))
    templates = draw.integers(0, VOCABULARY, (addresses, WORDS))
    copied = draw.random(count) < 0.2
    texts[copied] = templates[draw.integers(0, addresses, int(copied.sum()))]
    urls = draw.choice(addresses, count, p=popularity / popularity.sum())
    return pl.DataFrame(
        {
            "account": draw.choice(accounts, count, p=activity / activity.sum()),
            "message": _worded(texts),
            "second": draw.integers(0, span, count),
            "url": [f"https://site{url % 97}.example/{url}" for url in urls.tolist()],
        }
    )


def _rings(draw: np.random.Generator, campaigns: int, span: int) -> pl.DataFrame:
    total = campaigns * RINGS
    texts = np.repeat(draw.integers(0, VOCABULARY, (total, WORDS)), RING, axis=0)
    begins = np.repeat(draw.integers(0, span - WITHIN, total), RING)
    ring = np.repeat(np.arange(total) % RINGS, RING)
    return pl.DataFrame(
        {
            "account": ring * RING + np.tile(np.arange(RING), total),
            "message": _worded(texts),
            "second": begins + draw.integers(0, WITHIN + 1, total * RING),
            "url": [f"https://ring.example/{n}" for n in np.repeat(np.arange(total), RING)],
        }
    )


def _worded(texts: Ints) -> pl.Series:
    vocabulary = pl.Series([f"word{n}" for n in range(VOCABULARY)])
    columns = [vocabulary.gather(texts[:, k]).alias(str(k)) for k in range(texts.shape[1])]
    return pl.DataFrame(columns).select(pl.concat_str(pl.all(), separator=" ")).to_series()


def main(arguments: Sequence[str]) -> int:
    """Writes a file."""
    if len(arguments) not in (3, 4):
        print(__doc__)
        return 2
    days = int(arguments[3]) if len(arguments) == 4 else 30
    made = posts(int(arguments[0]), int(arguments[1]), days)
    made.write_csv(Path(arguments[2]))
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
