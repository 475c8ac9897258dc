"""Whole columns of texts become the words that one text at a time becomes, and shingles."""

from __future__ import annotations

import re
import unicodedata

import polars as pl
from hypothesis import example, given, settings
from hypothesis import strategies as st

from graph.detection.tokens import shingle_lists, word_lists
from graph.text import normal, words

# Pieces that meet the rules for addresses, handles, reposts and letter case from all sides.
PIECES = [
    *"aBz_09 @:/.'’#$\t\n\r!-&",
    *["http://", "HTTPS://x", "www.", "://", "rt @a: ", "RT @b:", "@you", "@a@b", "x@y"],
    *["é", "日", "＠", "ſ", "İ", "🚀", "مرحبا", "\x1c", "\x85", "\u200f"],
]
TEXTS = st.one_of(st.lists(st.sampled_from(PIECES), max_size=30).map("".join), st.text(max_size=20))


def plainly(text):
    """The rules of graph.text, one after the other and without short cuts."""
    plain = re.sub(r"^rt\s+@\w+:\s*", "", text, flags=re.IGNORECASE)
    plain = unicodedata.normalize("NFKC", plain)
    plain = re.sub(r"https?://\S+|www\.\S+", " ", plain, flags=re.IGNORECASE)
    plain = re.sub(r"(?<!\w)@\w+", " ", plain)
    return re.findall(r"[$#]?\w+(?:['’]\w+)*", plain.casefold())


@settings(deadline=None, max_examples=500)
@given(st.lists(TEXTS, max_size=6))
@example(["RT @a: Buy $ACME", "buy $acme", "", "a@b @c", "(@c) WWW.x.y z"])
def test_a_column_has_the_words_of_each_text(texts):
    column = word_lists(pl.Series(texts, dtype=pl.String)).to_list()
    assert column == [words(text) for text in texts] == [plainly(text) for text in texts]


def test_a_missing_text_has_no_words():
    assert word_lists(pl.Series([None, "one two"])).to_list() == [[], ["one", "two"]]


@settings(deadline=None, max_examples=200)
@given(st.lists(TEXTS, max_size=5), st.integers(1, 9))
def test_shingles_are_equal_where_the_runs_of_characters_are(texts, size):
    column = shingle_lists(pl.Series(texts, dtype=pl.String), size).to_list()
    runs = [
        [form[i : i + size] for i in range(len(form) - size + 1)] for form in map(normal, texts)
    ]
    assert [len(numbers) for numbers in column] == [len(one) for one in runs]
    told = {}
    for numbers, one in zip(column, runs, strict=True):
        for number, run in zip(numbers, one, strict=True):
            assert told.setdefault(number, run) == run
    assert len(set(told.values())) == len(told)
