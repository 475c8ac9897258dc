"""Texts into bytes that the compiled loops read: lower case, one apostrophe, no fancy letters."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from gnn.text import loops

Bytes = npt.NDArray[np.uint8]
Starts = npt.NDArray[np.int64]


def read(texts: Sequence[str]) -> tuple[Bytes, Starts]:
    """All texts in a row, and where each begins; the last start is where all end."""
    encoded = [_plain(text) for text in texts]
    starts = np.zeros(len(encoded) + 1, dtype=np.int64)
    np.cumsum([len(one) for one in encoded], out=starts[1:])
    return np.frombuffer(b"".join(encoded) or b" ", dtype=np.uint8), starts


def hashes(text: str) -> list[np.uint64]:
    """The hashes of a text's words, as the loops see them."""
    data, starts = read([text])
    words = np.empty(loops.MOST_WORDS, np.uint64)
    count = loops.read_words(data, starts[0], starts[1], words, np.empty_like(words))
    return list(words[:count])


def _plain(text: str) -> bytes:
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text).replace("\u2019", "'")
    return text.lower().encode("utf-8", "replace")
