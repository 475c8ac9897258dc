"""Every file under cypher/ keeps what its head promises, on every store, with the same rows.

A new statement is taken up by itself. It needs values for its parameters in samples.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from cypher import contract, names, query
from graph.backends import embedded, embedded_database
from tests.conftest import empty
from tests.contract.trial import Outcome, body, deletes, fills, reads, run_all

DIALECTS = ("", "embedded", "neo4j")
# Statements that look at everything on purpose, and are not for serving.
WHOLE_GRAPH = {"schema/count", "schema/empty", "ingest/every_node", "ingest/every_edge"}

every_statement = pytest.mark.parametrize("name", names())


@pytest.fixture(scope="module")
def on_embedded(
    sidecar: embedded.Sidecar, statements_run: dict[str, int]
) -> Iterator[dict[str, Outcome]]:
    """Outcomes on the embedded store."""
    sidecar.ensure_database("statements")
    store = embedded_database(sidecar, "statements")
    store.apply_schema()
    outcomes = run_all(store)
    statements_run["embedded"] = sum(outcome.error is None for outcome in outcomes.values())
    yield outcomes
    store.close()
    sidecar.server_command("drop database statements")


@pytest.fixture(scope="module")
def on_neo4j(request: pytest.FixtureRequest, statements_run: dict[str, int]) -> dict[str, Outcome]:
    """Outcomes on Neo4j."""
    store = request.getfixturevalue("neo4j_server")
    empty(store)
    outcomes = run_all(store)
    statements_run["neo4j"] = sum(outcome.error is None for outcome in outcomes.values())
    return outcomes


@pytest.fixture(params=["embedded", "neo4j"])
def outcomes(request: pytest.FixtureRequest) -> dict[str, Outcome]:
    """Outcomes, once on each kind of store."""
    found: dict[str, Outcome] = request.getfixturevalue(f"on_{request.param}")
    return found


@every_statement
@pytest.mark.parametrize("dialect", DIALECTS)
def test_its_head_says_what_it_answers_and_takes(name: str, dialect: str) -> None:
    head = contract(name, dialect)
    assert re.match(r"// \S", query(name, dialect)), "the first line says what it answers"
    assert head.question.rstrip()[-1:] in "?.)", f"not a sentence: {head.question!r}"
    used = set(re.findall(r"\$(\w+)", body(name, dialect)))
    declared = set(head.params) | ({"rows"} if head.rows else set())
    assert used == declared
    assert all(type_ for type_ in (head.params | head.rows | head.returns).values())


@every_statement
def test_a_row_column_is_used(name: str) -> None:
    if rows := contract(name).rows:
        assert set(re.findall(r"\brow\.(\w+)", body(name))) == set(rows)


@every_statement
def test_it_says_what_it_writes(name: str) -> None:
    writing = re.search(r"\b(CREATE|MERGE|SET|DELETE|REMOVE)\b", body(name))
    assert bool(writing) == bool(contract(name).writes)


@every_statement
def test_it_runs(name: str, outcomes: dict[str, Outcome]) -> None:
    if (error := outcomes[name].error) is not None:
        raise error


@every_statement
def test_it_returns_the_columns_it_states(name: str, outcomes: dict[str, Outcome]) -> None:
    promised = contract(name).returns
    rows = [row for answer in outcomes[name].rows for row in answer]
    if not reads(name):
        assert not promised
        return
    assert rows, "no sample makes it return a row: see tests/contract/samples.py"
    for row in rows:
        assert list(row) == list(promised)
        for column, type_ in promised.items():
            assert _is(row[column], type_), f"{column} is no {type_}: {row[column]!r}"


@every_statement
def test_what_writes_changes_something_and_rows_a_second_time_nothing(
    name: str, outcomes: dict[str, Outcome]
) -> None:
    if reads(name):
        return
    counters = outcomes[name].counters
    alike = [n for n in names() if fills(n) and contract(n).writes == contract(name).writes]
    first = [
        once for n in ({*alike, name} if fills(name) else {name}) for once in outcomes[n].counters
    ]
    assert any(once.changed for once in first), "no sample makes it change anything"
    if fills(name):
        assert not counters[1].changed
    if deletes(name):
        assert not any(once.nodes_created or once.edges_created for once in counters)


@every_statement
def test_each_store_gives_the_same(
    name: str, on_embedded: dict[str, Outcome], on_neo4j: dict[str, Outcome]
) -> None:
    here, there = on_embedded[name], on_neo4j[name]
    ordered = "ORDER BY" in body(name)
    assert [_shape(rows, ordered) for rows in here.rows] == [
        _shape(rows, ordered) for rows in there.rows
    ]
    assert here.counters == there.counters


@every_statement
def test_it_seeks_where_it_starts_from_a_key(name: str, on_neo4j: dict[str, Outcome]) -> None:
    operators = [operator for plan in on_neo4j[name].plans for operator in plan]
    assert operators
    if name in WHOLE_GRAPH:
        return
    assert "AllNodesScan" not in operators
    if starts_from_a_key(body(name)):
        assert any("IndexSeek" in operator for operator in operators), operators
        assert not [o for o in operators if "LabelScan" in o or "RelationshipTypeScan" in o]


def starts_from_a_key(text: str) -> bool:
    """Is the first node it looks for named by its key, from a parameter or a row?"""
    text = re.sub(r"EXISTS \{(?:[^{}]|\{[^{}]*\})*\}", "", text)
    first = re.search(r"\b(?:MATCH|MERGE)\b(.*?)(?=\bMATCH\b|\bMERGE\b|\bRETURN\b|$)", text, re.S)
    given = r"(?:\$\w+|row\.\w+|pair\[\d\]|\w+_?id\b)"
    inline = rf"\{{\s*\w*id: {given}"
    compared = rf"WHERE \w+\.id (?:=|IN) {given}"
    return bool(first and re.search(f"{inline}|{compared}", first[1]))


def _is(value: Any, type_: str) -> bool:
    if value is None:
        return True
    if match := re.fullmatch(r"list<(.+)>", type_):
        return isinstance(value, list) and all(_is(item, match[1]) for item in value)
    kinds = {"string": str, "int": int, "float": float, "bool": bool, "map": dict}
    return type(value) is kinds[type_]


def _shape(rows: list[dict[str, Any]], ordered: bool) -> list[str]:
    """Rows as text, floats to six places; in no order where the statement gives none."""
    if rows and all(isinstance(value, list) for value in rows[0].values()):
        rows = [
            dict(zip(rows[0], item, strict=True)) for item in zip(*rows[0].values(), strict=True)
        ]
        ordered = False
    shown = [repr({key: _rounded(value) for key, value in row.items()}) for row in rows]
    return shown if ordered else sorted(shown)


def _rounded(value: Any) -> Any:
    if isinstance(value, list):
        return [_rounded(item) for item in value]
    if isinstance(value, dict):
        return {key: _rounded(value[key]) for key in sorted(value)}
    return round(value, 6) if isinstance(value, float) else value
