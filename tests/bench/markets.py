"""Markets of planted families for the benches, over a made or a real background."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from ingest.synthetic.background_made import made_background
from ingest.synthetic.background_real import read_archive, real_background
from ingest.synthetic.families import FAMILIES, plant_families
from ingest.synthetic.market import Planted

DATA = Path("../shared/data")
POSTS, BARS = "stocknet_tweets_v11.jsonl.gz", "stocknet_prices_daily.csv.gz"
BACKGROUNDS = ("made", "real")


def markets(
    background: str, seeds: Sequence[int], data: Path = DATA, families: Sequence[str] = FAMILIES
) -> Iterator[tuple[int, Planted]]:
    """A market a seed, with a campaign of each family and one of each hard negative.

    `real` reads the files in `data` first, which takes a minute.
    """
    if background == "made":
        for seed in seeds:
            yield seed, plant_families(seed, made_background(seed), families)
        return
    archive = read_archive(data / POSTS, data / BARS)
    for seed in seeds:
        yield seed, plant_families(seed, real_background(archive, seed), families)


def seeds_of(text: str) -> range:
    """`5000-5009` as seeds."""
    first, _, last = text.partition("-")
    return range(int(first), int(last or first) + 1)
