"""Pages lose nothing and double nothing, also where sort keys are equal."""

from __future__ import annotations

import pytest

from api.graphql.pages import decode, encode
from graph.errors import UsageError
from tests.api.conftest import Ask

LISTS = {
    "clusters": "id",
    "accounts": "id",
    "posts": "id",
    "stocks": "ticker",
    "alerts": "id",
    'posts(ticker: "T1", ': "id",
    'posts(accountId: "x:01001", ': "id",
    'posts(search: "moon", ': "id",
    'accounts(search: "ring", ': "id",
}


@pytest.mark.parametrize("listing", LISTS)
@pytest.mark.parametrize("first", [1, 3])
def test_pages_add_up_to_the_whole_list(ask: Ask, listing: str, first: int) -> None:
    assert walk(ask, listing, first) == walk(ask, listing, 200)


def walk(ask: Ask, listing: str, first: int) -> list[str]:
    """Every id of a list, page by page."""
    opened = listing if "(" in listing else f"{listing}("
    document = f"""query($n: Int!, $after: String) {{ {opened}first: $n, after: $after) {{
        nodes {{ {LISTS[listing]} }} pageInfo {{ endCursor hasNextPage }} }} }}"""
    found: list[str] = []
    after = None
    while True:
        (page,) = ask(document, n=first, after=after).values()
        found += [next(iter(node.values())) for node in page["nodes"]]
        if not page["pageInfo"]["hasNextPage"]:
            assert found
            assert len(found) == len(set(found))
            return found
        assert page["pageInfo"]["endCursor"] != after
        after = page["pageInfo"]["endCursor"]


def test_a_cursor_survives_the_round() -> None:
    assert decode(encode((3, "x:ä/ö")), (0, "")) == (3, "x:ä/ö")
    assert decode(None, (101, "")) == (101, "")


@pytest.mark.parametrize(
    "cursor", ["", "x", "é", "bm9uc2Vuc2U", encode((1,)), encode(("a", 1)), encode((2**63, ""))]
)
def test_a_foreign_cursor_is_refused(cursor: str) -> None:
    with pytest.raises(UsageError, match="endCursor"):
        decode(cursor, (0, ""))
