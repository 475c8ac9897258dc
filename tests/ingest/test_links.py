"""One spelling for each address."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.links import LONGEST, domain, normal


@pytest.mark.parametrize(
    "address",
    [
        "https://example.com/Path/a?b=2&c=1",
        "http://example.com/Path/a?b=2&c=1",
        "HTTP://WWW.Example.COM:80/Path/a/?c=1&b=2#part",
        "https://user:secret@example.com:443/Path/a?b=2&c=1&utm_source=x&fbclid=1&gclid=2&ref_src=y",
        "example.com/Path/a?b=2&c=1",
        " https://example.com/Path/a?b=2\n&c=1 ",
        "//example.com./Path/a?b=2&c=1",
    ],
)
def test_the_same_page(address: str) -> None:
    assert normal(address) == "https://example.com/Path/a?b=2&c=1"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://example.com/a", "https://example.com/A"),
        ("https://example.com/?id=1", "https://example.com/?id=2"),
        ("https://example.com/#!/a", "https://example.com/#!/b"),
        ("https://example.com:8080/", "https://example.com/"),
        ("https://m.example.com/", "https://example.com/"),
    ],
)
def test_other_pages_stay_others(one: str, other: str) -> None:
    assert normal(one) != normal(other)


@pytest.mark.parametrize(
    "address",
    ["", "http://", "mailto:a@example.com", "javascript:alert(1)", "http://[::1", "http://a b",
     "http://example.com:port/", "word", "ftp://example.com"],
)  # fmt: skip
def test_what_is_no_web_address(address: str) -> None:
    assert normal(address) is None


@given(st.text(max_size=60) | st.text(max_size=60).map(lambda tail: f"http://example.com/{tail}"))
def test_it_never_raises_and_is_stable(address: str) -> None:
    found = normal(address)
    if found is not None:
        found.encode()
        assert normal(found) == found


def test_a_long_address_becomes_a_short_key() -> None:
    first, second = (normal(f"https://example.com/{'a' * 5_000}{end}") for end in "xy")
    assert first != second
    assert first is not None
    assert len(first) <= LONGEST


def test_domain() -> None:
    assert domain("https://example.com?a=1") == "example.com"
    assert domain("https://example.com/a") == "example.com"
