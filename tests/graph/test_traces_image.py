"""Pictures: their hashes, and which of them are near each other, held against comparing all."""

from __future__ import annotations

import builtins
import random
from itertools import combinations

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.detection.traces import same_image
from graph.errors import SourceRefused, SourceUnavailable, UsageError
from tests.graph.trace_examples import Case, wrote


@settings(deadline=None, max_examples=100)
@given(st.integers(0, 10**6), st.sampled_from([0, 1, 3, 6, 10, 31]))
def test_near_pictures_are_exactly_those_that_differ_in_few_bits(seed, most):
    draw = random.Random(seed)
    values = [draw.getrandbits(64), 0, 2**64 - 1]
    for _ in range(40):
        flips = draw.sample(range(64), draw.randrange(0, 14))
        values.append(draw.choice(values) ^ sum(1 << bit for bit in flips))
    hashes = sorted({f"{value:016x}" for value in values})
    want = [
        (a, b) for a, b in combinations(hashes, 2) if (int(a, 16) ^ int(b, 16)).bit_count() <= most
    ]
    drawn = pl.Series(draw.sample(hashes, len(hashes)))
    assert same_image.neighbours(drawn, most).rows() == want


def test_what_is_no_hash_is_near_nothing_and_no_measure_is_refused():
    assert same_image.neighbours(pl.Series(["", "xyz", None, "0" * 15], dtype=pl.String)).is_empty()
    for most in (-1, 32):
        with pytest.raises(UsageError, match="no measure of likeness; write 0 to 31"):
            same_image.neighbours(pl.Series(["0" * 16]), most)


def test_pictures_near_a_common_one_are_one_object_but_only_near_ones_meet():
    hashes = ["00ff00ff00ff00ff", "00ff00ff00ff003f", "00ff00ff00ff000f", "00ff00ff00ff0000"]
    posts = [wrote(f"u{n}", n) for n in range(4)]
    images = [(p.id, one) for p, one in zip(posts, hashes, strict=True)]
    acts, near = same_image.look(Case(posts, images=images).observed())
    assert acts["object"].n_unique() == 1
    assert near.height == 5  # all but the first and the last: 8 bits


def test_a_plain_picture_is_nobodys():
    posts = [wrote("ann", 0), wrote("bob", 1)]
    for plain in ("0" * 16, "f" * 16, "000000000000007f"):
        images = [(p.id, plain) for p in posts]
        assert same_image.acts(Case(posts, images=images).observed()).is_empty()


def test_a_post_may_have_several_pictures_in_any_letter_case():
    posts = [wrote("ann", 0)]
    images = [(posts[0].id, one) for one in ("00FF00FF00FF00FF", "ff00ff00ff00ff00")]
    assert same_image.acts(Case(posts, images=images).observed()).height == 2


def _drawn(tmp_path, name, size, seed=1, **save):
    image = pytest.importorskip("PIL.Image")
    coarse = np.random.default_rng(seed).integers(0, 255, (9, 9, 3)).astype(np.uint8)
    path = tmp_path / name
    image.fromarray(coarse).resize(size, image.Resampling.BICUBIC).save(path, **save)
    return path


def test_a_picture_keeps_its_hash_when_scaled_and_recompressed(tmp_path):
    first = same_image.hash_of(_drawn(tmp_path, "a.png", (640, 480)))
    small = same_image.hash_of(_drawn(tmp_path, "a.jpg", (160, 120), quality=30))
    other = same_image.hash_of(_drawn(tmp_path, "b.png", (640, 480), seed=2))
    assert len(first) == 16
    assert same_image.neighbours(pl.Series([first, small, other])).height <= 1
    assert (int(first, 16) ^ int(small, 16)).bit_count() <= same_image.MOST_BITS
    assert (int(first, 16) ^ int(other, 16)).bit_count() > same_image.MOST_BITS


def test_a_file_that_is_no_picture_is_refused(tmp_path):
    pytest.importorskip("PIL")
    (tmp_path / "a.png").write_text("no picture")
    with pytest.raises(SourceRefused, match="cannot be read as a picture"):
        same_image.hash_of(tmp_path / "a.png")
    with pytest.raises(SourceUnavailable, match="there is no picture"):
        same_image.hash_of(tmp_path / "none.png")


def test_without_pillow_it_says_what_to_install(tmp_path, monkeypatch):
    real = builtins.__import__

    def without(name, *args, **more):
        if name.startswith("PIL"):
            raise ImportError(name)
        return real(name, *args, **more)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(UsageError, match="needs Pillow; install it with: pip install"):
        same_image.hash_of(tmp_path / "a.png")


def test_the_hash_says_where_it_gets_brighter_from_left_to_right(tmp_path):
    image = pytest.importorskip("PIL.Image")
    rising = np.tile(np.arange(0, 252, 28, dtype=np.uint8), (8, 1))
    for pixels, want in ((rising, "f" * 16), (rising[:, ::-1].copy(), "0" * 16)):
        image.fromarray(pixels).save(tmp_path / "a.png")
        assert same_image.hash_of(tmp_path / "a.png") == want
