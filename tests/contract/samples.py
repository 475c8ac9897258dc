"""Values for every parameter and row column that a statement may declare.

All of them speak of one small graph: three accounts that post about two stocks, tied into one
cluster by one run; and an account, a stock, a link and a text that nothing refers to. A new
statement finds its values here by name; where it uses a new name, add it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import product
from typing import Any

from cypher import Contract
from graph.schema import EDGES, NODES, VECTOR_SIZE, VERSION

T0 = 1_767_571_200_000  # 2026-01-05, 00:00 UTC
DAY = 86_400_000

KEYS: dict[str, list[str]] = {
    "Account": ["x:ann", "x:bob", "x:cat", "x:dan"],
    "Post": [f"x:{number}" for number in range(1, 7)],
    "Stock": ["ACME", "BETA", "GAMMA"],
    "Link": ["https://example.org/a", "https://example.org/b", "https://example.org/c"],
    "Text": ["text0", "text1", "text2"],
    "PriceEvent": ["ACME:2026-01-06:abnormal_return", "BETA:2026-01-06:volume_spike"],
    "News": ["news:1", "news:2", "news:3"],
    "Cluster": ["c-1"],
    "Lineage": ["l-1"],
    "LineageEvent": ["r-1|l-1|birth|"],
    "Alert": ["a-1"],
    "Label": ["lb-1", "lb-2", "lb-3"],
    "ReviewQueue": ["q-1"],
    "ReviewItem": ["q-1|1", "q-1|2"],
    "Run": ["r-1"],
    "StockRisk": ["r-1|ACME", "r-1|BETA"],
}
ALONE = {"x:dan", "GAMMA", "https://example.org/c", "text2", "news:3"}  # nothing refers to these
EVERY_KEY = [key for keys in KEYS.values() for key in keys]


def unit_vector(position: int) -> list[float]:
    """A unit vector along one axis."""
    return [1.0 if axis == position % VECTOR_SIZE else 0.0 for axis in range(VECTOR_SIZE)]


# A parameter's name and type -> the values to try, one run of the statement each.
PARAMS: dict[tuple[str, str], list[Any]] = {
    ("account_id", "string"): ["x:ann"],
    ("after", "string"): [""],
    ("after_at", "int"): [T0 + 9 * DAY],
    ("after_id", "string"): [""],
    ("after_score", "int"): [101],
    ("as_of", "int"): [T0 + 2 * DAY],
    ("batch", "int"): [100],
    ("candidates", "int"): [50],
    ("entry", "string"): [f"{T0} dismissed known to us"],
    ("event_id", "string"): KEYS["PriceEvent"],
    ("hours", "int"): [48],
    ("id", "string"): EVERY_KEY,
    ("ids", "list<string>"): [EVERY_KEY],
    ("k", "int"): [2],
    ("left", "string"): ["x:ann"],
    ("limit", "int"): [50],
    ("min_score", "int"): [0],
    ("model", "string"): ["model 0"],
    ("most", "int"): [50],
    ("pairs", "list<list<string>>"): [[["x:ann", "x:bob"], ["x:ann", "x:cat"]]],
    ("reason", "string"): ["known to us"],
    ("right", "string"): ["x:bob"],
    ("run_id", "string"): ["r-1"],
    ("search", "string"): ["words"],
    ("since", "int"): [T0 - DAY],
    ("state", "string"): ["open"],
    ("ticker", "string"): ["ACME"],
    ("until", "int"): [T0 + DAY],
    ("vector", "list<float>"): [unit_vector(0)],
    ("version", "int"): [VERSION],
}
# What goes is what other runs found: these are asked as if a newer run had ended.
NEWER_RUN = ("other_runs",)

LEFT_RIGHT = [("x:ann", "x:bob"), ("x:ann", "x:cat"), ("x:bob", "x:cat")]


def params_of(name: str, contract: Contract) -> Iterator[dict[str, Any]]:
    """Every set of parameters to run a statement with."""
    values = [_values(name, param, type_) for param, type_ in contract.params.items()]
    for chosen in product(*values):
        yield dict(zip(contract.params, chosen, strict=True))


def _values(name: str, param: str, type_: str) -> list[Any]:
    if param == "run_id" and any(part in name for part in NEWER_RUN):
        return ["r-2"]
    if (param, type_) not in PARAMS:
        raise LookupError(
            f"add a sample for parameter {param!r} of type {type_!r} (cypher/{name}.cypher) "
            "to PARAMS in tests/contract/samples.py"
        )
    return PARAMS[param, type_]


def rows_of(contract: Contract) -> list[dict[str, Any]]:
    """Rows for a `$rows` statement, each key once."""
    kind = contract.writes[0]
    found: dict[tuple[Any, ...], dict[str, Any]] = {}
    for number in range(6):
        row = {c: _cell(c, type_, kind, number) for c, type_ in contract.rows.items()}
        key = tuple(row[column] for column in row if column in REFERENCES or column == "id")
        found.setdefault(key, row)
    return list(found.values())


def _cycle(label: str, number: int, shift: int = 0) -> str:
    """A key that a row refers to."""
    keys = [key for key in KEYS[label] if key not in ALONE]
    return keys[(number + shift) % len(keys)]


# Columns that hold the key of something -> which, for row `number`.
REFERENCES: dict[str, Any] = {
    "account_id": lambda n: _cycle("Account", n),
    "alert_id": lambda n: _cycle("Alert", n),
    "cluster_id": lambda n: _cycle("Cluster", n),
    "event_id": lambda n: _cycle("PriceEvent", n),
    "left": lambda n: LEFT_RIGHT[n % 3][0],
    "lineage_event_id": lambda n: _cycle("LineageEvent", n),
    "lineage_id": lambda n: _cycle("Lineage", n),
    "link": lambda n: _cycle("Link", n),
    "link_id": lambda n: _cycle("Link", n),
    "news_id": lambda n: _cycle("News", n),
    "mentioned_id": lambda n: _cycle("Account", n, 1),
    "original_id": lambda n: _cycle("Post", n, 3),
    "post_id": lambda n: _cycle("Post", n),
    "right": lambda n: LEFT_RIGHT[n % 3][1],
    "run_id": lambda n: "r-1",
    "stock_id": lambda n: _cycle("Stock", n),
    "target_id": lambda n: _cycle("Post", n, 3),
    "queue_id": lambda n: _cycle("ReviewQueue", n),
    "text_id": lambda n: _cycle("Text", n),
    "ticker": lambda n: _cycle("Stock", n),
}
WORDED: dict[str, Any] = {
    "handle": lambda n: f"words_{n}",
    "text": lambda n: f"words about stocks {n}",
    "state": lambda n: "open",
    "through": lambda n: "l-1",
    "subject": lambda n: ["x:ann", "l-1", "x:dan"][n % 3],
    "kind": lambda n: ["account", "cluster"][n % 2],
    "keep": lambda n: [],
    "members": lambda n: KEYS["Account"],
    "evidence_left": lambda n: ["x:1"],
    "evidence_right": lambda n: ["x:2"],
    "tickers": lambda n: ["ACME"],
    "priced_as": lambda n: ["ACME", "BETA", "ACME"][n % len(KEYS["Stock"])],
    "embedding": unit_vector,
    "vector": unit_vector,
    "first_at": lambda n: T0,
    "last_at": lambda n: T0 + 6 * 60_000,
}
BY_TYPE: Mapping[str, Any] = {
    "string": lambda name, n: f"{name} {n}",
    "int": lambda name, n: 10 + n,
    "float": lambda name, n: 0.25 + n,
    "bool": lambda name, n: n % 2 == 0,
}


def _cell(column: str, type_: str, kind: str, number: int) -> Any:
    if column == "id":
        return _own_key(kind, number)
    if column in ("at", "known_at", "raised_at", "created_at"):
        return T0 + number * 60_000 + (DAY if kind == "PriceEvent" else 0)
    if made := REFERENCES.get(column) or WORDED.get(column):
        return made(number)
    inner = re.fullmatch(r"list<(\w+)>", type_)
    value = BY_TYPE[inner[1] if inner else type_](column, number)
    return [value] if inner else value


def _own_key(kind: str, number: int) -> str:
    """What an `id` column says: of a node its own key, of an edge the key of where it starts."""
    if kind in {node.label for node in NODES}:
        return KEYS[kind][number % len(KEYS[kind])]
    return _cycle({edge.type: edge.start for edge in EDGES}[kind], number)
