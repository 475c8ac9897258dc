"""The normal form of a text, and its key: copies of a text have one key.

Reading, detection and embedding all use this, so that a text has one identity in the whole house.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata

_ADDRESS = re.compile(r"https?://\S+|www\.\S+", re.IGNORECASE)
_HANDLE = re.compile(r"(?<!\w)@\w+")
_REPOST = re.compile(r"^rt\s+@\w+:\s*", re.IGNORECASE)
_WORD = re.compile(r"[$#]?\w+(?:['’]\w+)*", re.UNICODE)


def words(text: str) -> list[str]:
    """Lower-case words with their $ or #, without addresses, handles and punctuation.

    graph/detection/tokens.py does the same for whole columns; a test holds the two equal.
    """
    if "@" in text:
        text = _REPOST.sub("", text)
    plain = text if text.isascii() else unicodedata.normalize("NFKC", text)
    if "://" in plain or "www." in plain.lower():
        plain = _ADDRESS.sub(" ", plain)
    if "@" in plain:
        plain = _HANDLE.sub(" ", plain)
    return _WORD.findall(plain.casefold())


def normal(text: str) -> str:
    """The normal form: words joined by single spaces."""
    return " ".join(words(text))


def text_key(text: str) -> str:
    """A short key of the normal form; equal keys mean equal normal forms (128-bit hash).

    A text of no words (an address alone, a picture) has the key "", which is nobody's copy.
    """
    form = normal(text)
    return hashlib.blake2b(form.encode(), digest_size=16).hexdigest() if form else ""
