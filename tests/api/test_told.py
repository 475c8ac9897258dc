"""What is said of news and of the order of things."""

from __future__ import annotations

from typing import Any

import pytest

from api.told import news_sentence, order_sentence


def row(**values: Any) -> dict[str, Any]:
    names = ("probability", "base_rate", "ratio", "p_value")
    return {f"news_{name}": values.get(name) for name in names} | {
        "sequence": values.get("sequence")
    }


def test_where_no_news_was_gathered_nothing_is_said() -> None:
    assert news_sentence(row()) is None


def test_without_news_before_it_that_is_said() -> None:
    said = news_sentence(row(probability=0.0, base_rate=0.04, ratio=0.0, p_value=1.0))
    assert said == "No news of it was known before, as there is before 4 % of its ordinary days."


def test_with_news_the_probability_stands_beside_what_is_usual() -> None:
    said = news_sentence(row(probability=0.823, base_rate=0.004, ratio=250.0, p_value=0.02))
    assert said is not None
    assert "probability 0.82" in said
    assert "before under 1 % of its ordinary days" in said
    assert said.endswith("before 2 %.")


@pytest.mark.parametrize(
    ("sequence", "said"),
    [
        (["posts", "news", "price"], "Posts first, then news, then the price."),
        (["price", "posts"], "The price first, then posts."),
        (["price"], None),
        ([], None),
        (None, None),
    ],
)
def test_the_order_of_things(sequence: list[str] | None, said: str | None) -> None:
    assert order_sentence(row(sequence=sequence)) == said
