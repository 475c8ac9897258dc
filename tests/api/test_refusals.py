"""What is refused has a code for programs and a sentence for people; what goes wrong is hidden."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any

import pytest

from graph.bars import Bars
from graph.errors import StoreUnavailable
from graph.store import GraphStore
from tests.api import market
from tests.api.conftest import answer_to, shared

DEEP = "{ clusters { nodes " + "{ members { account { clusters " * 4 + "{ id }" + "}}}" * 4 + "}}"


@pytest.mark.parametrize(
    ("document", "says"),
    [
        ('{ clusters(after: "x") { nodes { id } } }', "endCursor"),
        ("{ clusters(first: 1000) { nodes { id } } }", "1 to 200"),
        ("{ posts(first: 0) { nodes { id } } }", "1 to 200"),
        ('{ cluster(id: "c-00") { evidence(first: 999) { id } } }', "1 to 200"),
        ('{ posts(search: " ?! ") { nodes { id } } }', "at least one word"),
        (DEEP, "maximum operation depth of 10"),
        ("{" + " ".join(f"a{n}: run {{ id }}" for n in range(20)) + "}", "15"),
        ("{" + "run { id } " * 700 + "}", "2000 tokens"),
        ("{ clusters { nodes { nothing } } }", "Cannot query field 'nothing'"),
        ("{ clusters", "Syntax Error"),
        ('mutation { setAlertState(id: "a-c-00", state: DISMISSED) { id } }', "takes a reason"),
        (
            'mutation { setAlertState(id: "a-c-00", state: DISMISSED, reason: " ") { id } }',
            "takes a reason",
        ),
    ],
)
def test_a_wrong_question_is_refused_with_what_is_allowed(
    embedded_market: GraphStore, bars: Bars, document: str, says: str
) -> None:
    (error, *_) = answer_to(embedded_market, bars, document, {}).errors
    assert says in error.message
    assert error.extensions["code"] == "BAD_USER_INPUT"


def test_an_unknown_alert_is_not_found(embedded_market: GraphStore, bars: Bars) -> None:
    document = 'mutation { setAlertState(id: "a-9", state: MUTED) { id } }'
    (error,) = answer_to(embedded_market, bars, document, {}).errors
    assert error.extensions["code"] == "NOT_FOUND"
    assert "a-9" in error.message


class Broken:
    """A store that fails as it is told to."""

    def __init__(self, error: Exception) -> None:
        self._error = error

    def read(self, name: str, /, **params: Any) -> Any:
        raise self._error


def test_a_store_that_does_not_answer_is_said(bars: Bars) -> None:
    broken: Any = Broken(StoreUnavailable("start it again"))
    (error,) = answer_to(broken, bars, "{ run { id } }", {}).errors
    assert (error.message, error.extensions["code"]) == ("start it again", "STORE_UNAVAILABLE")


def test_our_own_faults_are_hidden_and_logged(bars: Bars, caplog: pytest.LogCaptureFixture) -> None:
    broken: Any = Broken(ValueError("the password is 1234"))
    (error,) = answer_to(broken, bars, "{ run { id } }", {}).errors
    assert error.extensions["code"] == "INTERNAL"
    assert "1234" not in error.message
    assert "1234" in caplog.text


def test_a_refused_document_does_not_flood_the_log(
    bars: Bars, embedded_market: GraphStore, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, logger="strawberry")
    caplog.set_level(logging.DEBUG, logger="sentinelmarket")
    answer_to(embedded_market, bars, "{ clusters { nothing } } #" + "secret " * 1_000, {})
    assert 0 < len(caplog.text) < 1_000


@pytest.fixture(scope="module")
def embedded_market(request: pytest.FixtureRequest) -> Iterator[GraphStore]:
    """The market, for all tests here: nothing that is refused changes it."""
    with shared("embedded", request) as found:
        market.put_market(found)
        yield found
