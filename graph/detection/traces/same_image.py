"""same_image: posting the same picture, scaled, recompressed or slightly changed.

A picture is a perceptual hash of 64 bits, given with the post or made by `hash_of` from a file:
whether each of 8 x 8 patches is darker than its right neighbour (dHash). Two pictures are the same
where at most MOST_BITS bits differ. That is exact: where so few differ, one of MOST_BITS + 1
blocks of bits is equal, so only pictures that share a block are compared. A picture with hardly a
bit set, or hardly one not set, is plain (a white page, a gradient), looks like every other of its
kind and is left out.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
from numba import njit

from graph.detection.groups import group
from graph.detection.jaccard_sweep import bits_set
from graph.detection.observed import Observed
from graph.detection.traces.trace import Trace, as_acts, own_posts
from graph.errors import SourceRefused, SourceUnavailable, UsageError

MOST_BITS = 6
LEAST_SET = 8  # bits set, and bits not set, of a picture that shows something

_BITS = 64
_HASH = r"^[0-9a-f]{16}$"
_NO_PILLOW = "reading pictures needs Pillow; install it with: pip install pillow"


def hash_of(path: Path) -> str:
    """The hash of a picture in a file, as 16 hex digits.

    Raises UsageError without Pillow, SourceUnavailable where there is no such file, SourceRefused
    where it is no picture.
    """
    try:
        from PIL import Image, UnidentifiedImageError
    except ImportError:
        raise UsageError(_NO_PILLOW) from None
    try:
        with Image.open(path) as picture:
            small = picture.convert("L").resize((9, 8), Image.Resampling.LANCZOS)
    except FileNotFoundError:
        raise SourceUnavailable(f"there is no picture {path}") from None
    except (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError) as error:
        raise SourceRefused(f"{path} cannot be read as a picture: {error}") from None
    patches = np.asarray(small)
    return np.packbits(patches[:, :-1] < patches[:, 1:]).tobytes().hex()


def neighbours(hashes: pl.Series, most: int = MOST_BITS) -> pl.DataFrame:
    """Pairs (`left` < `right`) of different hashes that differ in at most `most` bits.

    What is no hash of 16 hex digits is near nothing. Raises UsageError for `most` beyond 0 to 31.
    """
    if not 0 <= most < 32:
        raise UsageError(f"{most} bits are no measure of likeness; write 0 to 31 of {_BITS}")
    distinct = hashes.drop_nulls().unique().sort()
    distinct = distinct.filter(distinct.str.contains(_HASH))
    values = np.array([int(one, 16) for one in distinct], dtype=np.uint64)
    edges = np.linspace(0, _BITS, most + 2).astype(np.uint64)
    masks = (np.uint64(2) ** edges[1:] - np.uint64(1)) ^ (np.uint64(2) ** edges[:-1] - np.uint64(1))
    parts = []
    for place, mask in enumerate(masks):
        order = np.argsort(values & mask, kind="stable")
        parts.append(_close(values[order], order, masks, place, most))
    keys = np.sort(np.concatenate(parts))
    left, right = keys // max(len(values), 1), keys % max(len(values), 1)
    return pl.DataFrame({"left": distinct.gather(left), "right": distinct.gather(right)})


def look(observed: Observed) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Acts whose object is the group of near pictures and whose `text_id` is the picture, and
    which pictures are near each other."""
    shown = observed.images.with_columns(pl.col("image").str.to_lowercase()).unique()
    shown = shown.filter(pl.col("image").str.contains(_HASH))
    distinct = shown["image"].unique().sort()
    there = np.array([int(one, 16).bit_count() for one in distinct], dtype=np.int64)
    telling = distinct.filter(pl.Series((there >= LEAST_SET) & (there <= _BITS - LEAST_SET)))
    near = neighbours(telling)
    posts = own_posts(observed).join(shown, on="post").drop("text_id")
    posts = posts.filter(pl.col("image").is_in(telling.implode())).with_columns(text_id="image")
    return group(as_acts(posts, "image"), near), near


def acts(observed: Observed) -> pl.DataFrame:
    """A row per (post, picture); the object is the group that the picture belongs to."""
    return look(observed)[0]


@njit(cache=True)
def _close(values, order, masks, place, most):  # type: ignore[no-untyped-def]
    """Near pairs i < j as i * n + j that have block `place`, by which `values` are sorted, in
    common, and none before it: so each pair comes up once."""
    n = values.shape[0]
    found = np.empty(1024, dtype=np.int64)
    count = 0
    for x in range(n):
        y = x + 1
        while y < n and (values[x] ^ values[y]) & masks[place] == 0:
            apart = values[x] ^ values[y]
            earlier = 0
            while earlier < place and apart & masks[earlier] != 0:
                earlier += 1
            if earlier == place and bits_set(apart) <= most:
                if count == found.shape[0]:
                    bigger = np.empty(2 * count, dtype=np.int64)
                    bigger[:count] = found
                    found = bigger
                found[count] = min(order[x], order[y]) * n + max(order[x], order[y])
                count += 1
            y += 1
    return found[:count]


TRACE = Trace("same_image", "posted the same picture", ("1h", "7d"), acts, look=look)
